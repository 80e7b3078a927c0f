//! The feature port that an asset strip is attached to.

use std::sync::Arc;

use xerus_api::peripheral::{PortType, PosElement};
use xerus_api::portsmodel::Port;
use xerus_api::portsmodel::port::{
    DetectionMode, DetectionType, DeviceTypeId, DeviceTypeWithId, Properties,
};
use xerus_api::server::portsmodel as traits;
use xerus_rpc::Object;
use xerus_rpc::server::{Context, Reply};

use super::super::reference;
use crate::firmware::Name;
use crate::model::Device;

/// What is attached, as ports name it.
const KIND: &str = "ASSET_STRIP";

pub(in super::super) fn name(index: usize) -> Name {
    Name::new::<Port>(&format!("featureport.{index}"), Vec::new())
}

/// Serves a feature port.
pub(in super::super) struct PortServant {
    pub(in super::super) device: Arc<Device>,
    pub(in super::super) index: usize,
}

impl PortServant {
    fn is_attached(&self) -> bool {
        let strip = self.device.asset_strip(self.index);
        strip.is_some_and(|strip| strip.is_attached())
    }
}

impl traits::Port for PortServant {
    fn get_properties<'a>(&'a self, _: &'a Context) -> Reply<'a, Properties> {
        let label = (self.index + 1).to_string();
        let (id, kind) = match self.is_attached() {
            true => (DeviceTypeId::AssetStrip, KIND),
            false => (DeviceTypeId::Unspecified, ""),
        };
        Reply::ok(Properties {
            name: String::new(),
            label: label.clone(),
            mode: DetectionMode {
                r#type: DetectionType::Auto,
                pinned_device_type: String::new(),
                extra_: Default::default(),
            },
            detected_device_type: kind.to_owned(),
            detected_device_name: String::new(),
            pinned_device_type_id: DeviceTypeId::Unspecified,
            detected_device_type_id: id,
            detectable_device_types: vec![DeviceTypeWithId {
                id: DeviceTypeId::AssetStrip,
                r#type: KIND.to_owned(),
                extra_: Default::default(),
            }],
            topo_id: label.clone(),
            serial_id: String::new(),
            port_type: PortType::FeaturePort,
            position: vec![PosElement {
                port_type: PortType::FeaturePort,
                port: label,
                extra_: Default::default(),
            }],
            extra_: Default::default(),
        })
    }

    fn get_detectable_devices<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<String>> {
        Reply::ok(vec![KIND.to_owned()])
    }

    fn get_device<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<Object>> {
        let strip = self.is_attached().then(|| reference::strip(self.index));
        Reply::ok(strip.map(|strip| strip.object()))
    }

    fn get_device_config<'a>(
        &'a self,
        _: &'a Context,
        device_type: String,
    ) -> Reply<'a, Option<Object>> {
        let config = (device_type == KIND).then(|| reference::strip_settings(self.index));
        Reply::ok(config.map(|config| config.object()))
    }
}
