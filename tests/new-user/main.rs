//! What a new user writes on the first day: lists the outlets of a device whose certificate is pinned, and switches one.

use xerus_api::pdumodel::{Pdu, outlet::PowerState};
use xerus_rpc::{Agent, Object};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [url, fingerprint] = [std::env::var("PDU_URL")?, std::env::var("PDU_PIN")?];
    let agent = Agent::builder(url)
        .basic_auth("admin", std::env::var("XERUS_PASSWORD")?)
        .pin_certificate_sha256(fingerprint)
        .build()?;
    let pdu: Pdu = Object::at(&agent, "/model/pdu/0").probe().await?.cast()?;
    let outlets = pdu.get_outlets().await?;
    let about = outlets.iter().map(|o| (o.get_meta_data(), o.get_state()));
    for (meta_data, state) in agent.bulk(about).all().await? {
        println!("outlet {}: {:?}", meta_data.label, state.power_state);
    }
    let second = outlets.get(1).ok_or("the device has no second outlet")?;
    second.set_power_state(PowerState::PsOff).await?;
    println!("outlet 2 is now {:?}", second.get_state().await?.power_state);
    Ok(())
}
