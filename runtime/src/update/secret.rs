//! Which members hold secrets, by their names.

/// Parts of names.
const WORDS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "community",
    "credential",
    "privatekey",
    "privkey",
    "cookie",
];

/// How names end.
const ENDS: [&str; 5] = ["key", "pwd", "pin", "psk", "keypem"];

/// Whether a text under this name gives access to something. Numbers and switches do not, such as `minPasswordLength`.
pub(super) fn is_secret(name: &str) -> bool {
    let normal: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    normal == "puk"
        || WORDS.iter().any(|word| normal.contains(word))
        || ENDS.iter().any(|end| normal.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn members_are_known_by_their_names() {
        for name in [
            "password",
            "newPassword",
            "snmp_Community",
            "privPassphrase",
            "sharedSecret",
            "clientPrivKeyPassword",
            "clientPrivKey",
            "bindPwd",
            "newPin",
            "preSharedKey",
            "PSK",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["name", "label", "keypadId", "pinnedDevice", "passThrough"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
