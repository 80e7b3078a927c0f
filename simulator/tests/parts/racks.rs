use xerus_api::assetmgrmodel::asset_strip::TagType;
use xerus_api::assetmgrmodel::asset_strip_config::{LedMode, LedOperationMode};
use xerus_api::assetmgrmodel::{AssetStrip, AssetStripConfig};
use xerus_api::cascading::CascadeManager;
use xerus_api::cascading::cascade_manager::{LinkUnitStatus, Role};
use xerus_api::pdumodel::Pdu;
use xerus_sim::Profile;
use xerus_sim::model::{LinkStatus, Mounted, Tag};

use crate::device;

#[tokio::test]
async fn an_asset_strip_is_found_at_its_port() {
    let (agent, device, _) = device(Profile::Gateway).await;
    let ports = Pdu::at(&agent, "/model/pdu/0").get_feature_ports().await;
    let port = ports.expect("ports").remove(0);
    let object = port
        .get_device()
        .await
        .expect("an answer")
        .expect("a strip");
    let strip = AssetStrip::at(&agent, object.rid());
    let config = port.get_device_config("ASSET_STRIP").await;
    let config = config.expect("an answer").expect("settings");
    let config = AssetStripConfig::at(&agent, config.rid());

    let tag = Mounted::Tag(Tag::new("0000000000A1"));
    assert!(device.device().mount(0, 6, Some(tag)));
    let info = strip.get_rack_unit_info(6).await.expect("a rack unit");
    assert_eq!((info.r#type, info.rack_unit_position), (TagType::Single, 7));
    assert_eq!(
        strip.get_tag(6, 0).await.expect("a tag").raw_id,
        "0000000000A1"
    );
    let (code, _) = strip.get_tag(5, 0).code().await.expect("a code");
    assert_eq!(code, AssetStrip::ERR_NO_SUCH_OBJECT);
    let (code, _) = strip.get_rack_unit_info(-1).code().await.expect("a code");
    assert_eq!(code, AssetStrip::ERR_INVALID_PARAM);

    let mut settings = config.get_rack_unit_settings(6).await.expect("settings");
    settings.opmode = LedOperationMode::LedOperationManual;
    settings.mode = LedMode::LedModeBlinkSlow;
    settings.name = "core switch".to_owned();
    let set = config.set_rack_unit_settings(6, &settings).await;
    set.expect("no refusal");
    let info = strip.get_rack_unit_info(6).await.expect("a rack unit");
    assert_eq!(info.settings, settings);
}

#[tokio::test]
async fn a_cascade_tells_what_is_linked() {
    let (agent, device, _) = device(Profile::Px4_48).await;
    let cascade = CascadeManager::at(&agent, "/cascade");
    let alone = cascade.get_status().await.expect("a status");
    assert_eq!(alone.role, Role::Standalone);
    assert!(alone.link_units.is_empty() && alone.primary_unit.is_empty());

    let added = cascade
        .add_link_unit(2, "192.0.2.7", "admin", "secret", "")
        .await;
    added.expect("no refusal");
    let again = cascade
        .add_link_unit(3, "192.0.2.7", "admin", "secret", "")
        .code()
        .await;
    assert_eq!(again.expect("a code"), CascadeManager::ERR_HOST_IN_USE);
    assert!(device.device().set_link_status(2, LinkStatus::Unreachable));
    let status = cascade.get_status().await.expect("a status");
    assert_eq!(status.role, Role::PrimaryUnit);
    assert_eq!(status.link_units[&2].status, LinkUnitStatus::Unreachable);
    cascade.release_link_unit(2).await.expect("no refusal");
    let alone = cascade.get_status().await.expect("a status");
    assert_eq!(alone.role, Role::Standalone);
}
