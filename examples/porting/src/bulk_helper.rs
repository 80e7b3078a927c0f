//! Calls of several kinds, collected and sent in one request.

use xerus_api::firmware::Firmware;
use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_rpc::{Agent, Error};

pub(crate) async fn run(agent: &Agent) -> Result<(), Error> {
    let pdu = Pdu::at(agent, "/model/pdu/0");
    let mut helper = agent.batch();
    let version = helper.add(Firmware::at(agent, "/firmware").get_version());
    let settings = helper.add(pdu.get_settings());
    let outlets = helper.add(pdu.get_outlets());
    let missing = helper.add(Outlet::at(agent, "/model/pdu/0/outlet/99").get_state());
    let mut results = helper.await?;
    println!("firmware {}", results.take(version)?);
    let (settings, outlets) = (results.take(settings)?, results.take(outlets)?);
    println!("name '{}', {} outlets", settings.name, outlets.len());
    let missing = results.take(missing);
    println!(
        "outlet 99: {}",
        if missing.is_err() { "failed" } else { "there" }
    );
    Ok(())
}
