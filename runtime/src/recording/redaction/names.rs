//! What stands in a member, by its name.

use crate::secrets::{kind_of, normal};

/// What stands in members whose names contain a word.
const WORDS: [(&str, &str); 3] = [
    ("serialnumber", "serial"),
    ("macaddr", "mac"),
    ("hostname", "host"),
];

/// What stands in members whose names end so.
const ENDS: [(&str, &str); 5] = [
    ("username", "user"),
    ("email", "person"),
    ("serial", "serial"),
    ("serialid", "serial"),
    ("serialno", "serial"),
];

/// What stands in members of these names.
const NAMES: [(&str, &str); 18] = [
    ("authorization", "secret"),
    ("user", "user"),
    ("login", "user"),
    ("loginname", "user"),
    ("account", "user"),
    ("host", "host"),
    ("fqdn", "host"),
    ("domain", "host"),
    ("sysname", "host"),
    ("dnssuffix", "host"),
    ("mac", "mac"),
    ("contact", "person"),
    ("syscontact", "person"),
    ("fullname", "person"),
    ("telephone", "person"),
    ("phone", "person"),
    ("phonenumber", "person"),
    ("syslocation", "place"),
];

/// The kind of what stands in a member whose name is [normal](crate::secrets::normal): a secret, or the name of somebody or
/// something.
pub(in super::super) fn of_member(normal: &str) -> Option<&'static str> {
    let word = WORDS.iter().find(|(word, _)| normal.contains(word));
    let end = || ENDS.iter().find(|(end, _)| normal.ends_with(end));
    let name = || NAMES.iter().find(|(name, _)| normal == *name);
    let of_name = || word.or_else(end).or_else(name).map(|(_, kind)| *kind);
    kind_of(normal).or_else(of_name)
}

/// The kind of what a method gives or takes without a name: `getHostName` gives a host name.
pub(super) fn member_of_method(method: &str) -> &str {
    let rest = ["get", "set", "is"]
        .iter()
        .find_map(|verb| method.strip_prefix(verb));
    rest.unwrap_or(method)
}

/// Whether numbers with points in a member are versions and no addresses.
pub(super) fn is_version(member: &str) -> bool {
    let normal = normal(member);
    ["version", "firmware", "revision"]
        .iter()
        .any(|word| normal.contains(word))
}

#[cfg(test)]
mod tests {
    use super::of_member;
    use crate::secrets::normal;

    #[test]
    fn members_are_known_by_their_names() {
        for (name, kind) in [
            ("password", Some("password")),
            ("newPassword", Some("password")),
            ("snmp_Community", Some("community")),
            ("authPassphrase", Some("passphrase")),
            ("token", Some("token")),
            ("sharedSecret", Some("secret")),
            ("sshPublicKey", Some("key")),
            ("clientPrivKey", Some("key")),
            ("installKey", Some("key")),
            ("pin", Some("pin")),
            ("userName", Some("user")),
            ("actUserName", Some("user")),
            ("dhcpPreferredHostname", Some("host")),
            ("serialNumber", Some("serial")),
            ("ctrlBoardSerial", Some("serial")),
            ("macAddress", Some("mac")),
            ("name", None),
            ("label", None),
            ("keypadId", None),
            ("pinnedDeviceType", None),
            ("userIdle", None),
        ] {
            assert_eq!(of_member(&normal(name)), kind, "{name}");
        }
    }
}
