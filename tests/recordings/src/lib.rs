//! A session with a device of firmware 4.0.20, and a program made with the bindings of 4.4.1 that reads the same.

use xerus_rpc::{Agent, Compatibility, Error};

/// What a program made for firmware 4.0.20 has.
mod v4_0_20 {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

/// Makes the calls of an older program: with the bindings of the device's own firmware.
///
/// # Errors
///
/// What ends the session.
pub async fn old_session(agent: &Agent) -> Result<(), Error> {
    use v4_0_20::pdumodel::{self, Pdu, outlet::PowerState};
    let pdu: Pdu = xerus_rpc::Object::at(agent, "/model/pdu/0").assume();
    pdu.get_meta_data().await?;
    let outlets = pdu.get_outlets().await?;
    agent
        .bulk(outlets.iter().map(pdumodel::Outlet::get_meta_data))
        .all()
        .await?;
    for outlet in &outlets {
        outlet.get_sensors().await?;
    }
    outlets[0].set_power_state(PowerState::PsOff).await
}

/// What a program made for firmware 4.4.1 finds out about an outlet.
#[derive(Debug, PartialEq, Eq)]
pub struct Outlet {
    /// Its resource id.
    pub rid: String,
    /// The type that the device reports.
    pub reported: String,
    /// How that goes with the bindings.
    pub compatibility: Compatibility,
    /// What is written on it.
    pub label: String,
    /// What the bindings have and the device does not.
    pub missing: Vec<&'static str>,
}

/// Reads the outlets with the bindings of firmware 4.4.1, and switches the first off.
///
/// # Errors
///
/// What ends the session.
pub async fn new_session(agent: &Agent) -> Result<Vec<Outlet>, Error> {
    use xerus_api::pdumodel::{Pdu, outlet::PowerState};
    let pdu = Pdu::well_known(agent, 0);
    let outlets = pdu.get_outlets().await?;
    // The other way round: one by one where the recording has a bulk, and a bulk where it has single calls.
    let mut found = Vec::new();
    for outlet in &outlets {
        let data = outlet.get_meta_data().await?;
        found.push(Outlet {
            rid: outlet.rid().to_owned(),
            reported: outlet
                .wire_id()
                .map_or_else(String::new, ToString::to_string),
            compatibility: outlet.compatibility(),
            label: data.label.clone(),
            missing: data.extra_.missing().to_vec(),
        });
    }
    agent
        .bulk(outlets.iter().map(xerus_api::pdumodel::Outlet::get_sensors))
        .all()
        .await?;
    outlets[0].set_power_state(PowerState::PsOff).await?;
    Ok(found)
}
