//! Events of older firmware, demanded with the types of the newest.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt;
use xerus_api::idl::Event;
use xerus_api::pdumodel::{Inlet, Outlet, OutletGroupManager, Pdu};
use xerus_api::pdumodel::{inlet, outlet, outlet_group, outlet_group_manager, pdu};
use xerus_api::peripheral::{DeviceManager, device_slot};
use xerus_api::sensors::numeric_sensor;
use xerus_device::events::{Events, Item};
use xerus_device::{EventStream, Topology};
use xerus_rpc::{Agent, Extends, Object, ValueObject, WireId};
use xerus_sim::{Firmware, Power, Profile, Simulator};

/// Reads an event as the type that it is, with what it says of what it lacks: `None` when it is of another type.
type Read = fn(&xerus_device::events::Event) -> Option<String>;

fn read<E: ValueObject + Extends<Event> + std::fmt::Debug>(
    event: &xerus_device::events::Event,
) -> Option<String> {
    let name = |id: &str| id.parse::<WireId>().unwrap().version_free_name();
    if event.wire_id().version_free_name() != name(E::TYPE_ID) {
        return None;
    }
    match event.try_downcast::<E>() {
        Ok(Some(read)) => Some(format!("{read:?}")),
        other => panic!("{}: {other:?}: {}", event.wire_id(), event.raw()),
    }
}

/// Every type that the steps below raise.
const TYPES: &[Read] = &[
    read::<outlet::StateChangedEvent>,
    read::<outlet::PowerControlEvent>,
    read::<outlet::SettingsChangedEvent>,
    read::<inlet::SettingsChangedEvent>,
    read::<pdu::SettingsChangedEvent>,
    read::<outlet_group::SettingsChangedEvent>,
    read::<outlet_group_manager::GroupCreatedEvent>,
    read::<outlet_group_manager::GroupDeletedEvent>,
    read::<device_slot::SettingsChangedEvent>,
    read::<numeric_sensor::ReadingChangedEvent>,
    read::<numeric_sensor::StateChangedEvent>,
    read::<numeric_sensor::ThresholdsChangedEvent>,
];

/// Does things that devices tell of.
async fn stir(agent: &Agent) {
    let outlet = Outlet::well_known(agent, 0, 0);
    outlet
        .set_power_state(outlet::PowerState::PsOff)
        .await
        .unwrap();
    let mut settings = outlet.get_settings().await.unwrap();
    settings.name = "core switch".to_owned();
    outlet.set_settings(&settings).await.unwrap();
    let inlet = Inlet::well_known(agent, 0, 0);
    let mut settings = inlet.get_settings().await.unwrap();
    settings.name = "feed A".to_owned();
    inlet.set_settings(&settings).await.unwrap();
    let slots = DeviceManager::well_known(agent).get_device_slots().await;
    let slot: xerus_api::peripheral::DeviceSlot = slots.unwrap()[0].assume();
    let mut settings = slot.get_settings().await.unwrap();
    settings.name = "cold aisle".to_owned();
    slot.set_settings(&settings).await.unwrap();
    let manager = OutletGroupManager::well_known(agent);
    manager.create_group("row", &[outlet]).await.unwrap();
}

/// The events that come, until nothing does for a while.
async fn drain(events: &mut EventStream) -> Vec<Item> {
    let mut items = Vec::new();
    while let Ok(Some(item)) = tokio::time::timeout(Duration::from_millis(500), events.next()).await
    {
        items.push(item.unwrap());
    }
    items
}

#[tokio::test]
async fn events_of_every_firmware_match_what_is_demanded_and_are_read() {
    for firmware in Firmware::ALL {
        let device = Simulator::builder()
            .profile(Profile::Px4_48)
            .firmware(firmware)
            .start()
            .await
            .unwrap();
        let agent = Agent::builder(device.url()).build().unwrap();
        let mut all = Events::of(&agent).demand::<Event>().stream();
        let mut some = Events::of(&agent)
            .demand::<outlet::StateChangedEvent>()
            .demand::<outlet::SettingsChangedEvent>()
            .demand::<outlet_group_manager::GroupCreatedEvent>()
            .stream();
        for stream in [&mut all, &mut some] {
            assert!(matches!(stream.next().await, Some(Ok(Item::Started))));
        }
        stir(&agent).await;
        device.device().switch_outlet(1, Power::Off).unwrap();

        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for item in drain(&mut all).await {
            let Item::Event(event) = item else {
                panic!("{firmware}: {item:?}");
            };
            // What every event has, also one of a type that is in no list.
            assert!(event.base_error().is_none(), "{firmware}: {event:?}");
            assert!(
                event.base().unwrap().source.is_some(),
                "{firmware}: {event:?}"
            );
            let name = event.wire_id().version_free_name();
            if let Some(read) = TYPES.iter().find_map(|read| read(&event)) {
                seen.insert(name, read);
            }
        }
        for name in [
            "pdumodel.Outlet.StateChangedEvent",
            "pdumodel.Outlet.PowerControlEvent",
            "pdumodel.Outlet.SettingsChangedEvent",
            "pdumodel.Inlet.SettingsChangedEvent",
            "pdumodel.OutletGroupManager.GroupCreatedEvent",
            "peripheral.DeviceSlot.SettingsChangedEvent",
        ] {
            assert!(
                seen.contains_key(name),
                "{firmware}: {name}: {:?}",
                seen.keys()
            );
        }
        let state = &seen["pdumodel.Outlet.StateChangedEvent"];
        assert_eq!(
            state.contains("isSuspended"),
            firmware == Firmware::V3_6_80,
            "{firmware}: what it lacks is named: {state}"
        );

        let mut of_type: BTreeMap<String, usize> = BTreeMap::new();
        for item in drain(&mut some).await {
            let event = item.event().unwrap();
            *of_type
                .entry(event.wire_id().version_free_name())
                .or_default() += 1;
            assert!(TYPES.iter().any(|read| read(event).is_some()), "{event:?}");
        }
        assert_eq!(
            of_type.keys().map(String::as_str).collect::<Vec<_>>(),
            [
                "pdumodel.Outlet.SettingsChangedEvent",
                "pdumodel.Outlet.StateChangedEvent",
                "pdumodel.OutletGroupManager.GroupCreatedEvent",
            ],
            "{firmware}"
        );
        let sensors = Topology::walk(&agent).await.unwrap();
        let current = sensors.sensor("outlet 3 / current").unwrap().object();
        of_one_sensor(&agent, current, firmware).await;
        for stream in [all, some] {
            stream.close().await.unwrap();
        }
    }
}

/// Thresholds of one sensor, by a demand for that object.
async fn of_one_sensor(agent: &Agent, sensor: &Object, firmware: Firmware) {
    let mut events = Events::of(agent)
        .demand_from::<numeric_sensor::ThresholdsChangedEvent>(sensor)
        .stream();
    assert!(matches!(events.next().await, Some(Ok(Item::Started))));
    let sensor: xerus_api::sensors::NumericSensor = sensor.assume();
    let mut thresholds = sensor.get_thresholds().await.unwrap();
    thresholds.upper_warning_active = true;
    thresholds.upper_warning = 5.0;
    sensor.set_thresholds(&thresholds).await.unwrap();
    let items = drain(&mut events).await;
    let changed: Vec<_> = items
        .iter()
        .filter_map(Item::downcast::<numeric_sensor::ThresholdsChangedEvent>)
        .collect();
    assert_eq!(changed.len(), 1, "{firmware}: {items:?}");
    assert_eq!(changed[0].new_thresholds.upper_warning, 5.0, "{firmware}");
    events.close().await.unwrap();
    assert!(Pdu::well_known(agent, 0).get_settings().await.is_ok());
}

#[tokio::test]
async fn a_strict_reader_gets_the_event_and_why_it_is_not_read() {
    let device = Simulator::builder()
        .firmware(Firmware::V3_6_80)
        .start()
        .await
        .unwrap();
    let agent = Agent::builder(device.url()).strict(true).build().unwrap();
    let mut events = Events::of(&agent)
        .demand::<outlet::StateChangedEvent>()
        .stream();
    assert!(matches!(events.next().await, Some(Ok(Item::Started))));
    device.device().switch_outlet(0, Power::Off).unwrap();
    let item = events.next().await.unwrap().unwrap();
    let event = item.event().unwrap();
    assert!(event.is::<outlet::StateChangedEvent>());
    assert!(event.base().unwrap().source.is_some());
    let error = event
        .try_downcast::<outlet::StateChangedEvent>()
        .unwrap_err();
    assert!(error.to_string().contains("State"), "{error}");
    assert!(event.raw().get().contains("powerState"), "{}", event.raw());
    events.close().await.unwrap();
}
