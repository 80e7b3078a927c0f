//! What people say of the differences: which function adapts them, what comes of a call that a firmware does not have, which names mean
//! the same. Each statement is held against the facts: one that nothing calls for any more is an error, and so is a function or a test
//! that is not there. Statements about an interface that the crate does not call at all are passed over.

mod absent;
mod forms;
mod majors;
mod members;

pub(crate) use self::absent::ABSENT;
pub(crate) use self::forms::{FORMS, Form};
pub(crate) use self::majors::MAJORS;
pub(crate) use self::members::{MEMBERS, ROUND_TRIPS, UPDATE};

/// Enumerators that have another name and mean the same: enumeration, older name, newer name.
pub(crate) const RENAMED: &[(&str, &str, &str)] = &[
    ("cascading.CascadeManager.Role", "MASTER", "PRIMARY_UNIT"),
    ("net.EapInnerAuthMethod", "MSCHAPv2", "INNER_EAP_MSCHAPv2"),
    ("net.EapOuterAuthMethod", "PEAP", "EAP_PEAP"),
    ("net.PortForwardingRole", "MASTER", "PRIMARY_UNIT"),
    ("net.PortForwardingRole", "SLAVE", "EXPANSION_UNIT"),
    ("net.WlanAuthType", "EAP", "WLAN_AUTH_EAP"),
    ("net.WlanAuthType", "NONE", "WLAN_AUTH_NONE"),
    ("net.WlanAuthType", "PSK", "WLAN_AUTH_PSK"),
    ("peripheral.PortType", "ONEWIRE_DEV_PORT", "DEV_PORT"),
    ("peripheral.PortType", "ONEWIRE_ONBOARD", "ONBOARD"),
];
