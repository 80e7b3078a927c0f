//! Switches the first outlet off.

use xerus_api::pdumodel::Outlet;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_rpc::{Agent, Enumeration as _, Error};

pub(crate) async fn run(agent: &Agent) -> Result<(), Error> {
    let outlet = Outlet::at(agent, "/model/outlet/0");
    let code = outlet.set_power_state(PowerState::PsOff).code().await?;
    println!("asked for PS_OFF: code {}", code.value());
    let state = outlet.get_state().await?;
    println!(
        "it is {} now",
        state.power_state.name().unwrap_or("something else")
    );
    Ok(())
}
