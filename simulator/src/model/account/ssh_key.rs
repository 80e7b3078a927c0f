//! Public keys for SSH, as far as a device looks at them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What is wrong with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SshKeyRefusal {
    TooLarge,
    Invalid,
    NotSupported,
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
pub(super) fn check(key: &str) -> Result<(), SshKeyRefusal> {
    if key.is_empty() {
        return Ok(());
    }
    if key.len() > LARGEST {
        return Err(SshKeyRefusal::TooLarge);
    }
    let mut words = key.split_ascii_whitespace();
    let (Some(kind), Some(data)) = (words.next(), words.next()) else {
        return Err(SshKeyRefusal::Invalid);
    };
    let bytes = STANDARD.decode(data).map_err(|_| SshKeyRefusal::Invalid)?;
    // The data begin with the length of the kind and the kind itself.
    let inside = bytes.get(4..).unwrap_or_default();
    if !inside.starts_with(kind.as_bytes()) {
        return Err(SshKeyRefusal::Invalid);
    }
    let known = KINDS.contains(&kind);
    known.then_some(()).ok_or(SshKeyRefusal::NotSupported)
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
            ("ssh-ed25519", SshKeyRefusal::Invalid),
            ("ssh-ed25519 !!!", SshKeyRefusal::Invalid),
            ("ssh-ed25519 AAAA", SshKeyRefusal::Invalid),
            (&key("ssh-dss"), SshKeyRefusal::NotSupported),
            (&"x".repeat(4_097), SshKeyRefusal::TooLarge),
        ] {
            assert_eq!(check(bad), Err(fault), "{bad}");
        }
    }
}
