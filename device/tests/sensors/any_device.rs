//! Every profile with every firmware.

use std::collections::BTreeSet;

use xerus_api::pdumodel::{Inlet, Outlet, Pdu};
use xerus_device::sensors::{Kind, PlaceKind, Quantity, Topology, Unit};
use xerus_rpc::Agent;
use xerus_sim::{Firmware, Profile, Running, Simulator};

pub(crate) async fn device(profile: Profile, firmware: Firmware) -> (Running, Agent) {
    let device = Simulator::builder()
        .profile(profile)
        .firmware(firmware)
        .record(10_000)
        .start()
        .await
        .unwrap();
    let agent = Agent::builder(device.url()).build().unwrap();
    (device, agent)
}

/// The objects of a kind of place, or how many there are.
fn places(topology: &Topology, kind: PlaceKind) -> usize {
    let mut places: Vec<_> = topology
        .sensors()
        .iter()
        .filter(|sensor| sensor.place().kind() == kind)
        .map(|sensor| sensor.place().to_string())
        .collect();
    places.dedup();
    places.len()
}

fn rids(topology: &Topology) -> BTreeSet<String> {
    let sensors = topology.sensors().iter();
    sensors
        .map(|sensor| sensor.object().rid().to_owned())
        .collect()
}

#[tokio::test]
async fn every_sensor_of_every_device_has_a_place_a_quantity_and_a_reading() {
    for profile in Profile::ALL {
        for firmware in Firmware::ALL {
            let (device, agent) = device(profile, firmware).await;
            let about = format!("{profile} with {firmware}");
            let make_up = device.device().make_up().clone();
            let topology = Topology::walk(&agent).await.unwrap();
            assert_eq!(topology.rounds(), 3, "{about}");
            let walked = device.requests().len();
            assert!(walked <= topology.calls() / 100 + 3, "{about}: {walked}");

            assert_eq!(
                places(&topology, PlaceKind::Inlet),
                make_up.inlets,
                "{about}"
            );
            assert_eq!(
                places(&topology, PlaceKind::Outlet),
                make_up.outlets,
                "{about}"
            );
            let protectors = places(&topology, PlaceKind::OverCurrentProtector);
            assert_eq!(protectors, make_up.overcurrent_protectors, "{about}");
            let switches = places(&topology, PlaceKind::TransferSwitch);
            assert_eq!(switches, usize::from(make_up.transfer_switch), "{about}");
            let slots = places(&topology, PlaceKind::PeripheralSlot);
            assert_eq!(slots, make_up.sensors.len(), "{about}");
            for missing in topology.missing() {
                assert!(missing.is_not_there(), "{about}: {missing}");
            }

            let readings = topology.read().await.unwrap();
            let read = device.requests().len() - walked;
            assert_eq!(read, rids(&topology).len().div_ceil(100), "{about}");
            let mut paths = BTreeSet::new();
            for (sensor, reading) in readings.iter() {
                assert!(paths.insert(sensor.path()), "{about}: {sensor} twice");
                assert!(
                    !matches!(
                        sensor.quantity(),
                        Quantity::Unspecified | Quantity::Other(_)
                    ),
                    "{about}: {sensor}"
                );
                assert!(
                    !matches!(sensor.unit(), Unit::Other(_)),
                    "{about}: {sensor}"
                );
                let value = reading
                    .value
                    .unwrap_or_else(|| panic!("{about}: {sensor}: {reading:?}"));
                assert!(
                    reading.timestamp.unwrap().unix_seconds() > 1_000_000_000,
                    "{about}: {sensor}"
                );
                if sensor.kind() == Kind::State {
                    assert_eq!(
                        reading.state().map(f64::from),
                        Some(value),
                        "{about}: {sensor}"
                    );
                    assert!(sensor.meta_data().is_none() && sensor.thresholds().is_none());
                } else {
                    assert!(sensor.precision().is_some(), "{about}: {sensor}");
                    assert!(
                        sensor.threshold_capabilities().is_some(),
                        "{about}: {sensor}"
                    );
                    assert!(sensor.thresholds().is_some(), "{about}: {sensor}");
                    if let Some((least, greatest)) = sensor.range() {
                        assert!(
                            (least..=greatest).contains(&value),
                            "{about}: {sensor} reads {value}"
                        );
                    }
                }
            }
            println!(
                "{about}: {} sensors, walk {} rounds {} requests {} calls, reading {read} requests, missing {}",
                readings.len(),
                topology.rounds(),
                walked,
                topology.calls(),
                topology
                    .missing()
                    .iter()
                    .map(|m| format!("{} {}", m.place, m.what))
                    .collect::<Vec<_>>()
                    .join("; ")
            );
        }
    }
}

#[tokio::test]
async fn nothing_that_the_device_has_is_left_out() {
    for profile in Profile::ALL {
        let (device, agent) = device(profile, Firmware::V4_4_1).await;
        let topology = Topology::walk(&agent).await.unwrap();
        let mut found = rids(&topology);
        // What the device serves says by itself whether it is a sensor.
        let objects = device.resource_ids();
        let objects: Vec<_> = objects
            .iter()
            .filter(|rid| rid.starts_with("/tfwopaque/"))
            .map(|rid| xerus_rpc::Object::at(&agent, rid))
            .collect();
        let asked = agent.bulk(objects.iter().map(xerus_rpc::Object::get_type_info));
        let mut served = BTreeSet::new();
        for (object, info) in objects.iter().zip(asked.await.unwrap()) {
            let info = info.unwrap();
            let mut chain = info.chain().iter();
            if chain.any(|id| id.version_free_name() == "sensors.Sensor") {
                served.insert(object.rid().to_owned());
            }
        }
        found.retain(|rid| !served.remove(rid));
        assert!(found.is_empty(), "{profile}: {found:?} are no sensors");
        assert!(served.is_empty(), "{profile}: {served:?} were not found");
    }
}

#[tokio::test]
async fn sensors_say_what_the_device_says_of_them() {
    let (_device, agent) = device(Profile::Px4_48, Firmware::V4_4_1).await;
    let pdu = Pdu::well_known(&agent, 0);
    let outlet = Outlet::well_known(&agent, 0, 2);
    let mut settings = outlet.get_settings().await.unwrap();
    settings.name = "core switch".to_owned();
    outlet.set_settings(&settings).await.unwrap();

    let topology = Topology::walk(&agent).await.unwrap();
    let power = topology.sensor("outlet 3 / activePower").unwrap();
    assert_eq!(power.place().name(), "core switch");
    assert_eq!(
        (power.quantity(), power.unit()),
        (Quantity::Power, Unit::Watt)
    );
    assert_eq!(
        power.place().object().map(xerus_rpc::Object::rid),
        Some(pdu.get_outlets().await.unwrap()[2].rid())
    );
    let theirs = outlet.get_sensors().await.unwrap().active_power.unwrap();
    assert_eq!(
        power.meta_data(),
        Some(&theirs.get_meta_data().await.unwrap())
    );
    assert_eq!(
        power.thresholds(),
        Some(&theirs.get_thresholds().await.unwrap())
    );
    let readings = topology.read().await.unwrap();
    let reading = theirs.get_reading().await.unwrap();
    assert_eq!(
        readings.value("outlet 3 / activePower"),
        Some(reading.value)
    );

    let pole = topology.sensor("inlet I1 / pole L1 / current").unwrap();
    assert_eq!(pole.place().kind(), PlaceKind::Pole);
    assert_eq!(
        pole.place()
            .parent()
            .map(xerus_device::sensors::Place::kind),
        Some(PlaceKind::Inlet)
    );
    let poles = Inlet::well_known(&agent, 0, 0).get_poles().await.unwrap();
    assert_eq!(
        pole.object().rid(),
        poles[0].current.as_ref().unwrap().rid()
    );
    assert!(
        topology
            .sensor("inlet I1 / line pair L1-L2 / voltage")
            .is_some()
    );
    assert_eq!(
        topology.sensor("outlet 3 / outletState").unwrap().kind(),
        Kind::State
    );
    assert_eq!(power.show(12.345).split(' ').next_back(), Some("W"));
}

#[tokio::test]
async fn a_unit_that_is_not_there_is_an_error() {
    let (_device, agent) = device(Profile::Px4_48, Firmware::V4_4_1).await;
    let error = Topology::walk_unit(&agent, 7).await.unwrap_err();
    assert!(error.as_call().unwrap().is_object_not_found(), "{error}");
}

#[test]
fn quantities_and_units_have_words_of_their_own() {
    for number in 0..=54 {
        let quantity = Quantity::from_number(number);
        assert_eq!(quantity.number(), number);
        assert!(!matches!(quantity, Quantity::Other(_)), "{number}");
    }
    for number in 0..=51 {
        let unit = Unit::from_number(number);
        assert_eq!(unit.number(), number);
        assert!(!matches!(unit, Unit::Other(_)), "{number}");
        assert_eq!(unit.symbol().is_empty(), unit == Unit::None, "{number}");
    }
    let words: BTreeSet<_> = Quantity::KNOWN.iter().map(|known| known.name()).collect();
    assert_eq!(words.len(), 55);
    let symbols: BTreeSet<_> = Unit::KNOWN.iter().map(|known| known.symbol()).collect();
    // A gram and standard gravity share a letter.
    assert_eq!(symbols.len(), 51);
    assert_eq!(Quantity::from_number(77).to_string(), "?77");
}
