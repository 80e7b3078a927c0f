//! Members that give access to something, by their names: what is hidden in differences, and replaced in recordings.

/// Parts of names, and what stands there.
const WORDS: [(&str, &str); 13] = [
    ("password", "password"),
    ("passwd", "password"),
    ("passphrase", "passphrase"),
    ("secret", "secret"),
    ("token", "token"),
    ("community", "community"),
    ("credential", "secret"),
    ("privatekey", "key"),
    ("privkey", "key"),
    ("keypem", "key"),
    ("cookie", "token"),
    // Of a key for NTP.
    ("datahex", "key"),
    // Files of keys, users and settings, as a text.
    ("base64", "key"),
];

/// How names end, and what stands there.
const ENDS: [(&str, &str); 6] = [
    ("key", "key"),
    ("psk", "key"),
    ("pwd", "password"),
    ("pin", "pin"),
    ("puk", "pin"),
    // `readComm` and `writeComm` of SNMP.
    ("comm", "community"),
];

/// A name without what differs between styles: `snmp_Community` and `snmpCommunity` are one.
pub(crate) fn normal(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The kind of secret that a text under a [normal] name is. Numbers and switches are none, such as `minPasswordLength`.
pub(crate) fn kind_of(normal: &str) -> Option<&'static str> {
    let word = WORDS.iter().find(|(word, _)| normal.contains(word));
    let end = || ENDS.iter().find(|(end, _)| normal.ends_with(end));
    word.or_else(end).map(|(_, kind)| *kind)
}

/// Whether a kind is that of a secret, and not of a mere name.
pub(crate) fn is_kind(kind: &str) -> bool {
    WORDS.iter().chain(&ENDS).any(|(_, known)| *known == kind)
}

#[cfg(test)]
mod tests {
    use super::{is_kind, kind_of, normal};

    #[test]
    fn members_are_known_by_their_names() {
        for (name, kind) in [
            ("password", Some("password")),
            ("newPassword", Some("password")),
            ("bindPwd", Some("password")),
            ("clientPrivKeyPassword", Some("password")),
            ("snmp_Community", Some("community")),
            ("privPassphrase", Some("passphrase")),
            ("token", Some("token")),
            ("sharedSecret", Some("secret")),
            ("sshPublicKey", Some("key")),
            ("clientPrivKey", Some("key")),
            ("installKey", Some("key")),
            ("preSharedKey", Some("key")),
            ("wpaPSK", Some("key")),
            ("pin", Some("pin")),
            ("userPin", Some("pin")),
            ("puk", Some("pin")),
            ("readComm", Some("community")),
            ("writeComm", Some("community")),
            ("dataHex", Some("key")),
            ("base64", Some("key")),
            ("base", None),
            ("command", None),
            ("common", None),
            ("name", None),
            ("label", None),
            ("keypadId", None),
            ("pinnedDevice", None),
            ("passThrough", None),
            ("userName", None),
        ] {
            assert_eq!(kind_of(&normal(name)), kind, "{name}");
        }
        assert!(is_kind("pin") && is_kind("key") && !is_kind("user"));
    }
}
