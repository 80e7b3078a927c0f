//! What kind of PDU this is.

use xerus_api::pdumodel::Pdu;
use xerus_rpc::{Agent, Error};

pub(crate) async fn run(agent: &Agent) -> Result<(), Error> {
    let pdu = Pdu::at(agent, "/model/pdu/0");
    let metadata = pdu.get_meta_data().await?;
    let plate = metadata.nameplate;
    let (maker, model) = (plate.manufacturer, plate.model);
    println!("{maker} {model}, serial number {}", plate.serial_number);
    let controls = if metadata.has_switchable_outlets {
        "yes"
    } else {
        "no"
    };
    println!(
        "firmware {}, controls outlets: {controls}",
        metadata.fw_revision
    );
    Ok(())
}
