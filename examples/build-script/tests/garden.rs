//! The generated client against the implemented server, without a network.

use std::sync::Arc;

use build_script::api::event::UserEvent;
use build_script::api::garden::{Crop, Greenhouse, greenhouse::WateredEvent};
use build_script::api::portsmodel::port_fuse::Status;
use build_script::{GREENHOUSE, garden};
use xerus_rpc::{Agent, MemoryTransport, Outcome, ValueObject as _};

fn greenhouse(tank: f64) -> Greenhouse {
    let transport = MemoryTransport::new(garden(tank)).with_origin("memory");
    let agent = Agent::with_transport(Arc::new(transport));
    Greenhouse::at(&agent, GREENHOUSE)
}

#[tokio::test]
async fn own_types_travel() {
    let greenhouse = greenhouse(10.0);
    let beds = greenhouse.get_beds().await.unwrap();
    assert_eq!(
        beds.iter()
            .map(|bed| bed.label.as_str())
            .collect::<Vec<_>>(),
        ["south", "north"]
    );
    assert_eq!(beds[0].crop, Crop::Tomato);
    // The derive that build.rs asked for.
    assert!(beds[0].crop < beds[1].crop);
}

#[tokio::test]
async fn a_value_object_that_extends_one_of_xerus() {
    let greenhouse = greenhouse(10.0);
    let event = greenhouse.water(1, 4.5).await.unwrap().unwrap();
    assert_eq!(event.wire_id().as_str(), WateredEvent::TYPE_ID);
    let watered = event.base().unwrap();
    assert_eq!((watered.bed, watered.liters), (1, 4.5));
    assert_eq!(watered.act_user_name, "nobody");
    assert_eq!(watered.source.as_ref().unwrap().rid(), GREENHOUSE);
    assert!(greenhouse.get_beds().await.unwrap()[1].moisture > 24.0);
}

#[tokio::test]
async fn refusals_are_errors_with_the_declared_names() {
    let greenhouse = greenhouse(1.0);
    let error = greenhouse.water(7, 1.0).await.unwrap_err();
    assert_eq!(error.return_code(), Some(Greenhouse::ERR_NO_SUCH_BED));
    assert_eq!(
        error.to_string(),
        "memory: the device refused: ERR_NO_SUCH_BED (1) (water on /garden/greenhouse)"
    );
    // Nothing was poured, so the tank still holds what the next call wants.
    assert_eq!(error.outcome(), Outcome::Executed);
    assert!(greenhouse.water(0, 1.0).await.unwrap().is_some());
}

#[tokio::test]
async fn the_code_itself_for_those_who_ask() {
    let greenhouse = greenhouse(1.0);
    let (code, event) = greenhouse.water(0, 2.0).code().await.unwrap();
    assert_eq!(code, Greenhouse::ERR_TANK_EMPTY);
    assert_eq!(code.names(), ["ERR_TANK_EMPTY"]);
    assert!(event.is_none());
    let (code, event) = greenhouse.water(0, 1.0).code().await.unwrap();
    assert_eq!(code, 0);
    assert!(event.is_some());
}

#[tokio::test]
async fn an_object_of_a_xerus_type() {
    let fuse = greenhouse(1.0).get_pump_fuse().await.unwrap().unwrap();
    assert_eq!(fuse.get_status().await.unwrap(), Status::Good);
    assert_eq!(fuse.get_trip_count().await.unwrap(), 3);
}

/// `UserEvent` comes from the Xerus files and is generated here, too.
#[test]
fn the_base_is_generated_along() {
    fn extends<D: xerus_rpc::Extends<UserEvent>>() {}
    extends::<WateredEvent>();
    assert_eq!(UserEvent::TYPE_ID, "event.UserEvent:1.0.0");
}
