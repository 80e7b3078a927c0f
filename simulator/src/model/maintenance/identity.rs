//! What the device says of itself.

use std::time::Duration;

use crate::model::certificates::{
    CertificateError, Certificates, Curve, KeyFacts, KeyPair, KeyRequest, Subject,
};
use crate::model::configuration::{DeviceIdentity, DeviceSettings};
use crate::model::device::Device;

pub(super) const PRODUCT: &str = "pdu";
pub(super) const PLATFORM: &str = "xerus-sim";
pub(super) const OEM: &str = "simulated";
pub(super) const HARDWARE: &str = "1";

/// The pair of a device to which nobody gave one.
pub(super) fn first_pair(now: Duration) -> Result<KeyPair, CertificateError> {
    let request = KeyRequest {
        subject: Subject {
            common_name: "Simulated PDU".to_owned(),
            ..Subject::default()
        },
        names: ["localhost", "127.0.0.1", "::1"]
            .map(str::to_owned)
            .to_vec(),
        key: KeyFacts::Ecdsa(Curve::P256),
    };
    Certificates::self_signed(now, &request, 365)
}

impl Device {
    /// Who the device is, for lists of devices and for files that are made for one model.
    #[must_use]
    pub fn identity(&self) -> DeviceIdentity {
        let make_up = self.make_up();
        DeviceIdentity {
            kind: PRODUCT.to_owned(),
            model: make_up.model.clone(),
            serial: make_up.serial.clone(),
            mac: make_up.mac.clone(),
            firmware: self.firmware_version().to_string(),
        }
    }

    /// The settings that a configuration carries.
    #[must_use]
    pub fn configuration(&self) -> DeviceSettings {
        let make_up = self.make_up();
        DeviceSettings {
            pdu: self.pdu_settings(),
            outlets: (0..make_up.outlets)
                .filter_map(|index| self.outlet_settings(index))
                .collect(),
            inlets: (0..make_up.inlets)
                .filter_map(|index| self.inlet_settings(index))
                .collect(),
            ocps: (0..make_up.overcurrent_protectors)
                .filter_map(|index| self.ocp_settings(index))
                .collect(),
            slots: (0..make_up.slots)
                .filter_map(|slot| self.slot_settings(slot))
                .collect(),
            users: self.accounts().roles(),
        }
    }
}
