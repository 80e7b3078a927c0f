//! What a table cannot say: members and methods that the newest firmware has no more, or has in another form.

use super::raw::Members;

/// Makes a member out of the newest form of the structure that it stands in.
type Make = fn(&Members<'_>) -> Option<String>;

/// By name of the structure without versions and name of the member.
const MEMBERS: &[(&str, &str, Make)] = &[
    ("cascading.CascadeManager.Status", "master", primary),
    (
        "cascading.CascadeManager.RoleChangedEvent",
        "master",
        primary,
    ),
    ("cert.ServerSSLCert.CertInfo", "keyLength", key_length),
    ("cert.ServerSSLCert.CertInfo", "keyType", key_type),
    (
        "cert.ServerSSLCert.CertInfo",
        "ellipticCurve",
        elliptic_curve,
    ),
    ("cert.ServerSSLCert.CertInfo", "rsaKeyLength", key_length),
    ("cert.ServerSSLCert.ReqInfo", "keyLength", key_length),
    ("cert.ServerSSLCert.ReqInfo", "keyType", key_type),
    (
        "cert.ServerSSLCert.ReqInfo",
        "ellipticCurve",
        elliptic_curve,
    ),
    ("cert.ServerSSLCert.ReqInfo", "rsaKeyLength", key_length),
    ("net.InterfaceInfo", "masterIfName", bridge),
    ("net.PortForwardingInfo", "slaveConnected", expansion_unit),
    (
        "net.PortForwardingInfo",
        "masterDownstreamIfName",
        downstream,
    ),
    (
        "net.PortForwardingSettings",
        "masterDownstreamIfName",
        downstream,
    ),
];

/// Members without a source: the simulated device counts no such errors, keeps no such log, and has no such part. Its router stands with
/// the interface, and so is nowhere in the older form.
#[cfg(test)]
pub(super) const NOTHING: &[(&str, &str)] = &[
    ("pdumodel.CtrlStatistic", "masterCSumErrCnt"),
    ("pdumodel.CtrlStatistic", "slaveCSumErrCnt"),
    ("pdumodel.TransferSwitch.Sensors", "selectedBypassSource"),
    ("pdumodel.TransferSwitch.WaveformSample", "current"),
    ("pdumodel.TransferSwitch.WaveformSample", "voltage"),
    ("net.IpRoutingSettings", "defaultGatewayAddr"),
    ("net.PortForwardingInfo", "masterIPv4AddrInfos"),
    ("net.PortForwardingInfo", "masterIPv6AddrInfos"),
    ("net.PortForwardingMasterAddrInfo", "addr"),
    ("net.PortForwardingMasterAddrInfo", "ifName"),
    ("usermgmt.AccountChanged", "oldSettings"),
    ("usermgmt.AccountChanged", "newSettings"),
];

/// The text of a member that only the older firmware has; `None`: nothing is known of it.
pub(super) fn member(record: &str, name: &str, newest: &Members<'_>) -> Option<String> {
    let (_, _, make) = MEMBERS
        .iter()
        .find(|(of, member, _)| *of == record && *member == name)?;
    make(newest)
}

/// Whether somebody has thought of this member.
#[cfg(test)]
pub(super) fn is_known(record: &str, name: &str) -> bool {
    MEMBERS
        .iter()
        .any(|(of, member, _)| (*of, *member) == (record, name))
        || NOTHING.contains(&(record, name))
}

/// The unit that was called master is the primary unit.
fn primary(newest: &Members<'_>) -> Option<String> {
    Some(newest.get("primaryUnit")?.to_owned())
}

/// The bridge that was called master.
fn bridge(newest: &Members<'_>) -> Option<String> {
    Some(newest.get("controllingIfName")?.to_owned())
}

fn expansion_unit(newest: &Members<'_>) -> Option<String> {
    Some(newest.get("expansionUnitConnected")?.to_owned())
}

fn downstream(newest: &Members<'_>) -> Option<String> {
    Some(newest.get("primaryUnitDownstreamIfName")?.to_owned())
}

/// A member of the key, which is a structure of its own in the newest firmware.
fn key(newest: &Members<'_>, member: &str) -> Option<String> {
    let key = Members::of(newest.get("keyInfo")?)?;
    Some(key.get(member)?.to_owned())
}

fn key_type(newest: &Members<'_>) -> Option<String> {
    key(newest, "type")
}

fn elliptic_curve(newest: &Members<'_>) -> Option<String> {
    key(newest, "ecCurve")
}

fn key_length(newest: &Members<'_>) -> Option<String> {
    key(newest, "rsaKeyLength")
}

/// The text of a member that only the newest firmware has, out of what an older client sent for the structure. `None`: it sends
/// nothing of the kind.
pub(super) fn newer(record: &str, name: &str, older: &Members<'_>) -> Option<String> {
    if (record, name) != ("cert.ServerSSLCert.ReqInfo", "keyInfo") {
        return None;
    }
    // Before 4.0 all keys were RSA keys, and only their length was told: 1 is the index of that type.
    let length = older
        .get("rsaKeyLength")
        .or_else(|| older.get("keyLength"))?;
    let kind = older.get("keyType").unwrap_or("1");
    let curve = older.get("ellipticCurve").unwrap_or("0");
    Some(format!(
        r#"{{"type":{kind},"ecCurve":{curve},"rsaKeyLength":{length},"inSecureElement":false}}"#
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_in_the_form_of_each_firmware() {
        let newest =
            r#"{"keyInfo":{"type":2,"ecCurve":1,"rsaKeyLength":0,"inSecureElement":false}}"#;
        let newest = Members::of(newest).unwrap();
        let of = |name| member("cert.ServerSSLCert.CertInfo", name, &newest);
        assert_eq!(of("keyType").as_deref(), Some("2"));
        assert_eq!(of("ellipticCurve").as_deref(), Some("1"));
        assert_eq!(of("keyLength").as_deref(), Some("0"));
        let asked = |text| {
            let older = Members::of(text).unwrap();
            newer("cert.ServerSSLCert.ReqInfo", "keyInfo", &older)
        };
        let rsa = r#"{"type":1,"ecCurve":0,"rsaKeyLength":2048,"inSecureElement":false}"#;
        assert_eq!(asked(r#"{"keyLength":2048}"#).as_deref(), Some(rsa));
        let ec = r#"{"type":2,"ecCurve":3,"rsaKeyLength":0,"inSecureElement":false}"#;
        assert_eq!(
            asked(r#"{"keyType":2,"ellipticCurve":3,"rsaKeyLength":0}"#).as_deref(),
            Some(ec)
        );
        assert_eq!(asked("{}"), None);
    }
}
