//! Warns when the current of the first inlet is above 12 A.

use xerus_api::pdumodel::Inlet;
use xerus_rpc::{Agent, Error};

fn shown(active: bool) -> &'static str {
    if active { "on" } else { "off" }
}

pub(crate) async fn run(agent: &Agent) -> Result<(), Error> {
    let inlet = Inlet::at(agent, "/model/inlet/0");
    let Some(sensor) = inlet.get_sensors().await?.current else {
        println!("this inlet does not measure its current");
        return Ok(());
    };
    let mut thresholds = sensor.get_thresholds().await?;
    println!("upper warning: {}", shown(thresholds.upper_warning_active));
    thresholds.upper_warning = 12.0;
    thresholds.upper_warning_active = true;
    sensor.set_thresholds(&thresholds).await?; // a code other than 0 is an error
    println!("changed: code 0");
    let mut thresholds = sensor.get_thresholds().await?;
    let (active, limit) = (thresholds.upper_warning_active, thresholds.upper_warning);
    println!("upper warning: {}, at {limit:.1} A", shown(active));
    thresholds.upper_warning = -1_000_000.0;
    let code = sensor.set_thresholds(&thresholds).code().await?; // the code itself, as in Python
    println!("out of range: code {}", code.value());
    Ok(())
}
