//! Public keys for SSH, as far as a device looks at them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What is wrong with a key. The numbers are return codes of the methods of users and their manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SshKeyFault {
    TooLarge = 14,
    Invalid = 15,
    NotSupported = 16,
}

/// Characters of a key.
const LARGEST: usize = 4_096;
const KINDS: [&str; 5] = [
    "ssh-rsa",
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
];

/// Checks a line of the form `kind base64 comment`; an empty one is no key, which is fine.
pub(super) fn check(key: &str) -> Result<(), SshKeyFault> {
    if key.is_empty() {
        return Ok(());
    }
    if key.len() > LARGEST {
        return Err(SshKeyFault::TooLarge);
    }
    let mut words = key.split_ascii_whitespace();
    let (Some(kind), Some(data)) = (words.next(), words.next()) else {
        return Err(SshKeyFault::Invalid);
    };
    let bytes = STANDARD.decode(data).map_err(|_| SshKeyFault::Invalid)?;
    // The data begin with the length of the kind and the kind itself.
    let inside = bytes.get(4..).unwrap_or_default();
    if !inside.starts_with(kind.as_bytes()) {
        return Err(SshKeyFault::Invalid);
    }
    let known = KINDS.contains(&kind);
    known.then_some(()).ok_or(SshKeyFault::NotSupported)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: &str) -> String {
        let mut bytes = vec![0, 0, 0, kind.len() as u8];
        bytes.extend_from_slice(kind.as_bytes());
        bytes.extend_from_slice(&[0; 36]);
        format!("{kind} {} somebody@example.com", STANDARD.encode(bytes))
    }

    #[test]
    fn keys_are_told_from_other_text() {
        for good in ["", &key("ssh-ed25519"), &key("ssh-rsa")] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, fault) in [
            ("ssh-ed25519", SshKeyFault::Invalid),
            ("ssh-ed25519 !!!", SshKeyFault::Invalid),
            ("ssh-ed25519 AAAA", SshKeyFault::Invalid),
            (&key("ssh-dss"), SshKeyFault::NotSupported),
            (&"x".repeat(4_097), SshKeyFault::TooLarge),
        ] {
            assert_eq!(check(bad), Err(fault), "{bad}");
        }
    }
}
