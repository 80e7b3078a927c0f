//! Certificates and keys as text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use xerus_rpc::error::Fingerprint;

use crate::files::FilesError;

const CERTIFICATE: &str = "CERTIFICATE";

/// The certificates in a text, each by its fingerprint, in their order.
pub(super) fn certificates(text: &[u8]) -> Result<Vec<Fingerprint>, String> {
    let blocks = blocks(text)?;
    let certificates: Vec<_> = blocks
        .into_iter()
        .filter(|(label, _)| label == CERTIFICATE)
        .map(|(_, der)| fingerprint(&der))
        .collect();
    if certificates.is_empty() {
        return Err(
            "there is no certificate in PEM form (`-----BEGIN CERTIFICATE-----`)".to_owned(),
        );
    }
    Ok(certificates)
}

/// Refuses what can be no private key for a device.
pub(super) fn check_key(text: &[u8]) -> Result<(), FilesError> {
    let labels = blocks(text).map_err(|why| FilesError::BadFile(format!("the key: {why}")))?;
    let mut labels = labels.iter().map(|(label, _)| label.as_str());
    match labels.find(|label| label.ends_with("PRIVATE KEY")) {
        // Devices take no password with it.
        Some("ENCRYPTED PRIVATE KEY") => Err(FilesError::BadFile(
            "the key is encrypted, and a device takes no password with it: decrypt it first"
                .to_owned(),
        )),
        Some(_) => Ok(()),
        None => Err(FilesError::BadFile(
            "there is no private key in PEM form (`-----BEGIN PRIVATE KEY-----`)".to_owned(),
        )),
    }
}

fn fingerprint(der: &[u8]) -> Fingerprint {
    let digest = digest(&SHA256, der);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    Fingerprint::from_bytes(bytes)
}

/// The blocks of a text, each with its label. What stands between them is no part of it.
fn blocks(text: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let text = std::str::from_utf8(text)
        .map_err(|_| "it is no text, so not in PEM form; DER can be converted to PEM".to_owned())?;
    let mut blocks = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(label) = marker(line, "-----BEGIN ") else {
            continue;
        };
        let mut body = String::new();
        loop {
            match lines.next() {
                None => return Err(format!("the block {label} has no end")),
                Some(line) if marker(line, "-----END ") == Some(label) => break,
                // What stands above a key that is encrypted in the old way.
                Some(line) if line.contains(':') => {
                    return Err(format!(
                        "the block {label} has headers, so it is encrypted: decrypt it first"
                    ));
                }
                Some(line) => body.push_str(line),
            }
        }
        let der = STANDARD
            .decode(&body)
            .map_err(|_| format!("the block {label} is no base64"))?;
        blocks.push((label.to_owned(), der));
    }
    Ok(blocks)
}

fn marker<'l>(line: &'l str, begin: &str) -> Option<&'l str> {
    line.strip_prefix(begin)?.strip_suffix("-----")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, body: &str) -> String {
        format!("-----BEGIN {label}-----\r\n{body}\r\n-----END {label}-----\r\n")
    }

    #[test]
    fn certificates_are_found_in_their_order() {
        let text = format!(
            "subject=x\n{}{}{}",
            block(CERTIFICATE, "AAAA"),
            block("PRIVATE KEY", "AQID"),
            block(CERTIFICATE, "AQ\r\nID")
        );
        let found = certificates(text.as_bytes()).unwrap();
        assert_eq!(found, [fingerprint(&[0, 0, 0]), fingerprint(&[1, 2, 3])]);
        // `printf '\1\2\3' | sha256sum`
        assert_eq!(
            found[1].to_string(),
            "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"
        );
    }

    #[test]
    fn what_is_no_pem_is_said() {
        for (text, expected) in [
            (&b"\x30\x82\x01"[..], "DER"),
            (b"", "no certificate"),
            (b"-----BEGIN CERTIFICATE-----\nAAAA", "no end"),
            (
                b"-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----",
                "no base64",
            ),
        ] {
            let error = certificates(text).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        for (text, expected) in [
            (block(CERTIFICATE, "AAAA"), "no private key"),
            (block("ENCRYPTED PRIVATE KEY", "AAAA"), "decrypt"),
            (
                block("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED"),
                "decrypt",
            ),
        ] {
            let error = check_key(text.as_bytes()).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert!(!error.to_string().contains("AAAA"));
        }
        for label in ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"] {
            assert!(check_key(block(label, "AAAA").as_bytes()).is_ok());
        }
    }
}
