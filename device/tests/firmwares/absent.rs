//! What a firmware does not have, and the error that tells it.

use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{Outlet, OutletGroup, Pdu};
use xerus_device::admin::{Clock, Network};
use xerus_device::files::{BulkConfig, RawConfig, Status};
use xerus_device::switching::{Change, SwitchError};
use xerus_device::{Switching, Topology};
use xerus_rpc::{Compatibility, Outcome};
use xerus_sim::{Firmware, Profile, Simulator};

use super::older::{Older, older};

#[tokio::test]
async fn what_older_firmware_lacks_is_named_and_the_rest_is_there() {
    for firmware in Firmware::ALL {
        let device = Simulator::builder()
            .profile(Profile::Px3ThreePhase)
            .firmware(firmware)
            .in_process();
        let topology = Topology::walk(&device.agent()).await.unwrap();
        let missing: Vec<_> = topology.missing().iter().collect();
        if firmware != Firmware::V3_6_80 {
            assert!(missing.is_empty(), "{firmware}: {missing:?}");
            continue;
        }
        let [pairs] = missing[..] else {
            panic!("{missing:?}");
        };
        assert_eq!(
            (pairs.place.as_str(), pairs.what.as_str()),
            ("inlet I1", "getLinePairs")
        );
        assert!(pairs.is_not_there() && pairs.error.is_method_not_found());
        assert!(pairs.to_string().contains("no getLinePairs"), "{pairs}");
    }
}

/// Versions and objects of firmware 3.3.
const V3_3: Older = Older {
    versions: &[
        ("pdumodel.Inlet", "2.0.0"),
        ("pdumodel.Outlet", "2.0.0"),
        ("pdumodel.OverCurrentProtector", "3.0.0"),
        ("peripheral.DeviceSlot", "2.0.1"),
        ("peripheral.Device", "3.0.0"),
        ("sensors.NumericSensor", "4.0.1"),
        ("sensors.StateSensor", "4.0.1"),
    ],
    absent: &["outletgroup", "OutletGroup", "rawcfg"],
    no_method: &[("bulkcfg", "getSettings")],
    without: &[("getState", "isLoadShed")],
};

#[tokio::test]
async fn firmware_without_groups_is_walked_and_switched() {
    let device = Simulator::builder()
        .profile(Profile::Px3ThreePhase)
        .firmware(Firmware::V3_6_80)
        .in_process();
    let agent = older(&device.agent(), V3_3);
    let plain = Topology::walk(&device.agent()).await.unwrap();
    let topology = Topology::walk(&agent).await.unwrap();
    assert_eq!(topology.sensors().len(), plain.sensors().len());
    let groups: Vec<_> = topology
        .missing()
        .iter()
        .filter(|missing| missing.what == "getAllGroups")
        .collect();
    let [groups] = groups[..] else {
        panic!("{:?}", topology.missing());
    };
    assert!(groups.is_not_there() && groups.error.is_object_not_found());
    for (sensor, reading) in topology.read().await.unwrap().iter() {
        assert!(reading.value.is_some(), "{sensor}: {reading:?}");
    }

    let outlets = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
    assert_eq!(outlets[0].compatibility(), Compatibility::MajorMismatch);
    // The bindings themselves call nothing of another major version.
    let refused = outlets[0].get_state().await.unwrap_err();
    assert_eq!(refused.code(), "Config.MajorMismatch");
    let switching = Switching::of(&agent);
    let switched = switching.switch(&outlets[0], false).await.unwrap();
    assert_eq!(
        (switched.change, switched.state.power_state),
        (Change::Sent, PowerState::PsOff)
    );
    // What the firmware does not send is told and not guessed.
    assert!(switched.state.extra_.missing().contains(&"isLoadShed"));
    let orders = device.calls().of("setPowerState").count();

    let group = OutletGroup::at(&agent, "/tfwopaque/pdumodel.OutletGroup:1.0.0/group.1");
    let error = switching.switch_group(&group, false).await.unwrap_err();
    assert!(
        matches!(&error, SwitchError::Call(error) if error.is_object_not_found()),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!(device.calls().of("setPowerState").count(), orders);
}

#[tokio::test]
async fn configurations_that_firmware_lacks_are_said_not_to_be_there() {
    let device = Simulator::builder()
        .firmware(Firmware::V3_6_80)
        .in_process();
    let agent = older(&device.agent(), V3_3);
    let raw = RawConfig::of(&agent);
    // Uploads are no calls, and this device takes none: that one was tried would be another error.
    for error in [
        raw.status().await.unwrap_err(),
        raw.upload("outlet[0].name=x\n").await.unwrap_err(),
        BulkConfig::of(&agent).profiles().await.unwrap_err(),
    ] {
        assert_eq!(error.code(), "Files.NotThere", "{error}");
    }
    assert_eq!(
        BulkConfig::of(&agent).status().await.unwrap().status,
        Status::None
    );
}

#[tokio::test]
async fn an_outlet_of_a_version_that_nobody_knows_is_not_switched() {
    let device = Simulator::builder().firmware(Firmware::V4_4_1).in_process();
    let unknown = Older {
        versions: &[("pdumodel.Outlet", "4.0.0")],
        absent: &[],
        no_method: &[],
        without: &[],
    };
    let agent = older(&device.agent(), unknown);
    let outlets: Vec<Outlet> = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
    let error = Switching::of(&agent)
        .switch(&outlets[0], false)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Config.MajorMismatch");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!(device.calls().of("setPowerState").count(), 0);
}

#[tokio::test]
async fn administration_that_firmware_lacks_is_said_not_to_be_there() {
    let device = Simulator::builder()
        .firmware(Firmware::V3_6_80)
        .in_process();
    let oldest = Older {
        versions: &[],
        absent: &["/net"],
        no_method: &[("/datetime", "getActiveNtpServers")],
        without: &[],
    };
    let agent = older(&device.agent(), oldest);
    for error in [
        Clock::of(&agent).active_ntp_servers().await.unwrap_err(),
        Network::of(&agent).read().await.unwrap_err(),
    ] {
        assert_eq!(error.code(), "Admin.NotThere", "{error}");
    }
    assert!(Clock::of(&agent).read().await.is_ok());
}
