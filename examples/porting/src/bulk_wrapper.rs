//! The same question to all outlets, in one request.

use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_rpc::{Agent, Error};

pub(crate) async fn run(agent: &Agent) -> Result<(), Error> {
    let outlets = Pdu::at(agent, "/model/pdu/0").get_outlets().await?;
    let calls = outlets.iter().map(Outlet::get_meta_data);
    for metadata in agent.bulk(calls).all().await? {
        println!("outlet {}: {}", metadata.label, metadata.receptacle_type);
    }
    Ok(())
}
