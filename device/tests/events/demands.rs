//! What the device is told.

use futures_util::StreamExt;
use xerus_api::event::UserEvent;
use xerus_api::idl::Event;
use xerus_api::pdumodel::outlet::{PowerControlEvent, StateChangedEvent};
use xerus_device::events::{Events, EventsError};
use xerus_rpc::{Object, ValueObject};

use super::device::{Device, Play};
use super::reading::{next, started};

const OLD: &str =
    r#"{"id":"pdumodel.Outlet:2.1.5","base":{"id":"pdumodel.EDevice:1.0.1","base":null}}"#;
const NEW: &str = r#"{"id":"pdumodel.Outlet:9.9.9","base":null}"#;

fn reported(device: &Device, rid: &str, id: &str) -> Object {
    Object::detached(rid, id.parse().unwrap()).with_agent(&device.agent())
}

#[tokio::test(start_paused = true)]
async fn types_and_sources_are_told_in_one_request_each() {
    let device = Device::new();
    let outlet = reported(&device, "/model/outlet/1", "pdumodel.Outlet:3.0.0");
    let mut events = Events::of(&device.agent())
        .demand::<UserEvent>()
        .demand_type("acme.Rocket_1_2_3.Launched:1.0.0".parse().unwrap())
        .demand_from::<StateChangedEvent>(&outlet)
        .demand_from::<PowerControlEvent>(&outlet)
        .demand_from::<UserEvent>(&outlet)
        .stream();
    started(&mut events).await;
    assert_eq!(
        device.arguments("demandEventTypes"),
        [r#"{"types":["event.UserEvent:1.0.0","acme.Rocket_1_2_3.Launched:1.0.0"]}"#]
    );
    let told = device.arguments("demandEvents");
    assert_eq!(told.len(), 1);
    let source = r#""src":{"rid":"/model/outlet/1","type":"pdumodel.Outlet:3.0.0"}"#;
    for event in [
        "pdumodel.Outlet_3_0_0.StateChangedEvent:1.0.0",
        "pdumodel.Outlet_3_0_0.PowerControlEvent:1.0.0",
        "event.UserEvent:1.0.0",
    ] {
        assert!(
            told[0].contains(&format!(r#"{{"type":"{event}",{source}}}"#)),
            "{told:?}"
        );
    }
    assert_eq!(device.calls("getTypeInfo"), 0);
}

#[tokio::test(start_paused = true)]
async fn objects_without_a_type_are_asked_for_it() {
    let device = Device::new();
    device
        .world()
        .types
        .insert("/model/outlet/1".to_owned(), OLD.to_owned());
    let outlet = Object::at(&device.agent(), "/model/outlet/1");
    let absent = Object::at(&device.agent(), "/model/outlet/2");
    let mut events = Events::of(&device.agent())
        .demand_like::<StateChangedEvent>(&outlet)
        .demand_from::<StateChangedEvent>(&absent)
        .stream();
    started(&mut events).await;
    assert_eq!(
        device.arguments("demandEventTypes"),
        [r#"{"types":["pdumodel.Outlet_2_1_5.StateChangedEvent:1.0.0"]}"#]
    );
    // One that does not tell is taken for what the bindings have.
    let told = device.arguments("demandEvents").join("");
    assert!(told.contains(StateChangedEvent::TYPE_ID), "{told}");
}

#[tokio::test(start_paused = true)]
async fn after_a_loss_the_versions_are_asked_for_again() {
    let device = Device::new();
    let outlet = reported(&device, "/model/outlet/1", "pdumodel.Outlet:2.1.5");
    let agent = device.agent();
    let mut events = Events::of(&agent)
        .demand_from::<StateChangedEvent>(&outlet)
        .stream();
    started(&mut events).await;
    // The firmware was updated.
    device
        .world()
        .types
        .insert("/model/outlet/1".to_owned(), NEW.to_owned());
    device.play("pollEvents", [Play::Forget]);
    assert!(next(&mut events).await.is_loss());
    let told = device.arguments("demandEvents");
    assert!(told[0].contains("Outlet_2_1_5"), "{told:?}");
    assert!(told[1].contains("Outlet_9_9_9"), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn a_demand_that_is_declined_ends_the_stream() {
    let device = Device::new();
    device.play("demandEventTypes", [Play::Decline]);
    let mut events = Events::of(&device.agent()).demand::<Event>().stream();
    let error = events.next().await.unwrap().unwrap_err();
    assert_eq!(error.as_call().unwrap().method(), Some("demandEventTypes"));
}

#[tokio::test(start_paused = true)]
async fn nothing_demanded_is_an_error() {
    let device = Device::new();
    let mut events = Events::of(&device.agent()).stream();
    let error = events.next().await.unwrap().unwrap_err();
    assert!(matches!(error, EventsError::NothingDemanded), "{error}");
    assert!(device.world().requests.is_empty());
}
