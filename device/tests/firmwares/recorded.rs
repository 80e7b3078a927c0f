//! A device with firmware 4.0.10, as real ones answer: other versions, null members, 17 digits, poles without labels.

use std::path::Path;
use std::sync::Arc;

use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_device::Topology;
use xerus_device::sensors::{Kind, PlaceKind, Quantity, Unit};
use xerus_rpc::recording::{Recording, Replay};
use xerus_rpc::{Agent, Compatibility};

fn recording() -> Recording {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/firmwares/recordings/firmware-4.0.10.txt");
    Recording::read(file).unwrap()
}

#[tokio::test]
async fn all_outlets_and_sensors_have_values_and_nothing_else_is_asked() {
    let replay = Arc::new(Replay::strict(recording()));
    let agent = Agent::with_transport(replay.clone());
    let topology = Topology::walk(&agent).await.unwrap();
    assert!(topology.missing().is_empty(), "{:?}", topology.missing());
    assert_eq!(topology.rounds(), 3);
    let of = |kind: PlaceKind| {
        let sensors = topology.sensors().iter();
        sensors
            .filter(|sensor| sensor.place().kind() == kind)
            .count()
    };
    // Eight of each outlet; the neutral pole has a current only; five of the 64 slots are used.
    assert_eq!(of(PlaceKind::Outlet), 36 * 8);
    assert_eq!(of(PlaceKind::Inlet), 14);
    assert_eq!(of(PlaceKind::Pole), 3 * 7 + 1);
    assert_eq!(of(PlaceKind::PeripheralSlot), 5);
    assert_eq!(topology.sensors().len(), 329);

    let readings = topology.read().await.unwrap();
    for (sensor, reading) in readings.iter() {
        assert!(reading.error.is_none(), "{sensor}: {reading:?}");
        assert!(reading.value.is_some(), "{sensor}: {reading:?}");
        assert_eq!(reading.timestamp.unwrap().unix_seconds(), 1_663_000_000);
        assert!(!matches!(sensor.quantity(), Quantity::Other(_)), "{sensor}");
        assert!(!matches!(sensor.unit(), Unit::Other(_)), "{sensor}");
    }
    // Digits that no float prints are the float that was meant.
    let value = |path: &str| readings.value(path).unwrap_or_else(|| panic!("{path}"));
    assert_eq!(value("inlet I1 / powerFactor"), 0.96);
    assert_eq!(value("inlet I1 / activeEnergy"), 31_415_926.535_897_93);
    assert_eq!(value("inlet I1 / residualCurrent"), f64::from(0.001_f32));
    assert_eq!(value("inlet I1 / pole N / current"), 1.75);
    assert_eq!(value("inlet I1 / pole L2 / voltageLN"), 231.0);
    assert_eq!(value("peripheral slot 3 / device"), 9.25);
    assert_eq!(value("outlet 36 / activePower"), 35.0);
    let energy = topology.sensor("inlet I1 / activeEnergy").unwrap();
    assert_eq!(energy.kind(), Kind::Accumulating);
    assert_eq!(energy.range(), Some((0.0, 1_099_511_627_776.000_1)));
    let state = topology.sensor("outlet 4 / outletState").unwrap();
    assert_eq!(
        (state.kind(), state.place().name()),
        (Kind::State, "core switch")
    );
    // The recording holds nothing that was not asked for.
    replay.finish().unwrap();
}

#[tokio::test]
async fn what_the_firmware_does_not_send_is_named() {
    let agent = Agent::with_transport(Arc::new(Replay::tolerant(recording())));
    let outlets = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
    assert_eq!(outlets.len(), 36);
    // Older by a minor version: called as it is, without an adapter.
    assert_eq!(outlets[0].compatibility(), Compatibility::OlderMinor);
    let missing = |outlet: Outlet| async move {
        let meta_data = outlet.get_meta_data().await.unwrap();
        let sensors = outlet.get_sensors().await.unwrap();
        let mut missing = meta_data.extra_.missing().to_vec();
        missing.extend(sensors.extra_.missing());
        missing
    };
    assert_eq!(
        missing(outlets[5].clone()).await,
        ["hasServiceModeSupport", "unbalancedVoltage"]
    );
    let settings = Pdu::well_known(&agent, 0).get_settings().await.unwrap();
    assert_eq!(
        settings.extra_.missing(),
        ["inhibitRelayControl", "inletWiring"]
    );
}
