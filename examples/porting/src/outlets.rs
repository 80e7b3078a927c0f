//! All outlets, one by one.

use xerus_api::pdumodel::Pdu;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_rpc::{Agent, Error};

pub(crate) async fn run(agent: &Agent) -> Result<(), Error> {
    let pdu = Pdu::at(agent, "/model/pdu/0");
    for outlet in pdu.get_outlets().await? {
        let label = outlet.get_meta_data().await?.label;
        let state = outlet.get_state().await?;
        let power = if state.power_state == PowerState::PsOn {
            "on"
        } else {
            "off"
        };
        match outlet.get_sensors().await?.current {
            None => println!("outlet {label}: {power}"),
            Some(current) => {
                let reading = current.get_reading().await?;
                println!("outlet {label}: {power}, {:.3} A", reading.value);
            }
        }
    }
    Ok(())
}
