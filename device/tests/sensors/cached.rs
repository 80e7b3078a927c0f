//! A topology that is kept.

use serde_json::json;
use xerus_api::pdumodel::{OutletGroup, OutletGroupManager, Pdu};
use xerus_device::sensors::{SensorsError, Topology};
use xerus_rpc::reading::Readings;
use xerus_sim::{Fault, FaultRule, Firmware, Profile, Simulator};

use super::altered::altered;
use super::any_device::device;

#[tokio::test]
async fn a_sensor_that_is_gone_is_an_error_or_a_new_walk() {
    for firmware in Firmware::ALL {
        let (device, agent) = device(Profile::TransferSwitch, firmware).await;
        let outlets = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
        let outlets: Vec<_> = outlets.iter().map(|outlet| outlet.assume()).collect();
        let groups = OutletGroupManager::well_known(&agent);
        let group = groups
            .create_group("row", &outlets[..2])
            .await
            .unwrap()
            .unwrap();
        let group: OutletGroup = group.assume();
        let id = group.get_meta_data().await.unwrap().group_id;
        let mut topology = Topology::walk(&agent).await.unwrap();
        let path = format!("outlet group {id} / activePower");
        assert_eq!(topology.sensor(&path).unwrap().place().name(), "row");
        assert!(
            topology.read().await.unwrap().value(&path).is_some(),
            "{firmware}"
        );

        groups.delete_group(id).await.unwrap();
        let error = topology.read().await.unwrap_err();
        assert_eq!(error.code(), "Sensors.Stale");
        assert!(error.to_string().contains(&path), "{error}");
        let SensorsError::Stale(stale) = error else {
            panic!("{firmware}")
        };
        // The others were read.
        assert!(stale.readings().value("outlet 1 / current").is_some());

        let before = device.requests().len();
        let readings = topology.read_or_walk().await.unwrap();
        assert!(readings.get(&path).is_none() && readings.value("outlet 1 / current").is_some());
        let again = device.requests().len();
        assert!(again > before + 4, "{firmware}: one walk and two readings");
        topology.read_or_walk().await.unwrap();
        assert_eq!(
            device.requests().len(),
            again + readings.len().div_ceil(100),
            "{firmware}: no walk"
        );
    }
}

#[tokio::test]
async fn a_sensor_without_a_valid_reading_has_no_value() {
    let device = Simulator::builder().outlets(2).in_process();
    let plain = Topology::walk(&device.agent()).await.unwrap();
    let rid = |path| plain.sensor(path).unwrap().object().rid().to_owned();
    let (first, second) = (rid("outlet 1 / current"), rid("outlet 2 / current"));
    let state = rid("outlet 1 / outletState");
    let agent = altered(&device.agent(), move |rid, method, result| match method {
        "getReading" if rid == first => result["_ret_"]["valid"] = json!(false),
        "getReading" if rid == second => result["_ret_"]["available"] = json!(false),
        "getState" if rid == state => result["_ret_"]["available"] = json!(false),
        _ => {}
    });
    let topology = Topology::walk(&agent).await.unwrap();
    let readings = topology.read().await.unwrap();
    for path in [
        "outlet 1 / current",
        "outlet 2 / current",
        "outlet 1 / outletState",
    ] {
        let reading = readings.get(path).unwrap_or_else(|| panic!("no {path}"));
        assert_eq!(reading.value, None, "{path}");
        assert!(
            reading.timestamp.is_some() && reading.error.is_none(),
            "{path}"
        );
    }
    assert!(readings.value("outlet 1 / voltage").is_some());
}

#[tokio::test]
async fn a_device_that_is_cut_off_is_an_error_and_no_missing_sensor() {
    let (device, agent) = device(Profile::Px4_48, Firmware::V4_4_1).await;
    let topology = Topology::walk(&agent).await.unwrap();
    // The second of several requests.
    for _ in 0..2 {
        device
            .faults()
            .inject(FaultRule::new(Fault::NeverAnswer).after(1));
        let agent = xerus_rpc::Agent::builder(device.url())
            .timeout(std::time::Duration::from_millis(300))
            .build()
            .unwrap();
        let error = Topology::walk(&agent).await.unwrap_err();
        assert!(error.as_call().is_some(), "{error}");
        device.faults().clear();
    }
    assert_eq!(
        topology.read().await.unwrap().len(),
        topology.sensors().len()
    );
}

#[tokio::test]
async fn the_calls_of_a_topology_are_a_set_that_is_read_at_an_interval() {
    let (_device, agent) = device(Profile::InlineMeter, Firmware::V4_0_20).await;
    let topology = Topology::walk(&agent).await.unwrap();
    let mut readings = Readings::new(&agent, topology.read_set());
    let latest = readings.latest();
    let round = readings.next().await.unwrap();
    assert_eq!(round.failed, 0);
    assert!(round.read > 20, "{round:?}");
    for row in latest.snapshot().rows() {
        assert!(topology.sensors().get(*row.key()).is_some());
    }
}
