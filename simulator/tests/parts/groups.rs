use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{Outlet, OutletGroup, OutletGroupManager, Pdu};
use xerus_sim::{Power, Profile};

use crate::device;

const GROUPS: &str = "/model/outletgroup";

#[tokio::test]
async fn a_group_adds_up_and_switches_its_members() {
    let (agent, device, _) = device(Profile::Px3ThreePhase).await;
    let outlets = Pdu::at(&agent, "/model/pdu/0").get_outlets().await;
    let outlets = outlets.expect("outlets");
    let members = vec![outlets[2].clone(), outlets[7].clone()];
    let manager = OutletGroupManager::at(&agent, GROUPS);
    let created = manager.create_group("rack 7", &members).await;
    let group = created.expect("no refusal").expect("a group");

    let sensors = group.get_sensors().await.expect("sensors");
    let power = sensors.active_power.expect("a sensor").get_reading().await;
    let mut sum = 0.0;
    for outlet in &members {
        let sensors = outlet.get_sensors().await.expect("sensors");
        let reading = sensors.active_power.expect("a sensor").get_reading().await;
        sum += reading.expect("a reading").value;
    }
    let power = power.expect("a reading").value;
    assert!(
        power > 100.0 && (power - sum).abs() < 0.2,
        "{power} is not {sum}"
    );
    let energy = sensors.active_energy.expect("a sensor");
    assert!(energy.get_reading().await.expect("a reading").value > 1_000.0);
    energy.reset_value().await.expect("a reset");
    assert_eq!(energy.get_reading().await.expect("a reading").value, 0.0);

    let off = group.set_all_outlet_power_states(PowerState::PsOff).await;
    off.expect("off");
    let power = |outlet| {
        device
            .device()
            .outlet_state(outlet)
            .expect("an outlet")
            .power
    };
    assert_eq!([2, 7, 3].map(power), [Power::Off, Power::Off, Power::On]);

    let data = group.get_meta_data().await.expect("a description");
    assert_eq!((data.group_id, data.unique_id), (1, 1));
    let known = OutletGroup::at(&agent, "/model/outletgroup/1")
        .get_settings()
        .await;
    assert_eq!(known.expect("settings").name, "rack 7");
    assert_eq!(manager.get_all_groups().await.expect("groups").len(), 1);
    manager.delete_group(1).await.expect("no refusal");
    assert!(group.get_settings().await.is_err(), "the group is gone");
    let gone = manager.delete_group(1).code().await;
    assert_eq!(gone.expect("a code"), OutletGroupManager::ERR_NO_SUCH_ID);
}

#[tokio::test]
async fn members_have_to_be_outlets_of_the_device() {
    let (agent, _device, _) = device(Profile::Px3ThreePhase).await;
    let manager = OutletGroupManager::at(&agent, GROUPS);
    let stranger = Outlet::at(&agent, "/model/pdu/0/outlet/36");
    let (code, group) = manager
        .create_group("strangers", &[stranger])
        .code()
        .await
        .expect("a code");
    assert_eq!(code, OutletGroupManager::ERR_INVALID_ARGUMENT);
    assert!(group.is_none());
    let (code, _) = manager.get_group(1).code().await.expect("a code");
    assert_eq!(code, OutletGroupManager::ERR_NO_SUCH_ID);
}
