//! The form of the images of this crate: mark, version and description in the first bytes, a checksum at the end.
//!
//! Only where the version stands is known of the images of devices. All else is a form of our own.

use std::ops::Range;

use xerus_rpc::FirmwareVersion;

use super::{ImageFacts, Signature};

/// How images of this crate begin. It ends before the version.
pub(super) const MARK: &[u8] = b"xerus-sim image";
/// Two digits each for the first three numbers of the version.
const NUMBERS: Range<usize> = 31..37;
/// The build, the highest byte first.
const BUILD: Range<usize> = 43..47;
/// The fourth number of the version.
const FOURTH: usize = 177;
/// Where the description begins; it ends with an empty line.
const DESCRIPTION: usize = 256;
/// Bytes before the contents.
pub(super) const HEAD_BYTES: usize = 4_096;
/// Bytes of the checksum at the end.
pub(super) const CHECKSUM_BYTES: usize = 32;

/// The first bytes of an image; `None` when the description has no room or the version no digits.
pub(super) fn write(facts: &ImageFacts, size: u64) -> Option<Vec<u8>> {
    let [major, minor, patch, fourth] = facts.version.numbers();
    let digits = format!("{major:02}{minor:02}{patch:02}");
    let mut head = vec![0; HEAD_BYTES];
    head[..MARK.len()].copy_from_slice(MARK);
    if digits.len() != NUMBERS.len() {
        return None;
    }
    head[NUMBERS].copy_from_slice(digits.as_bytes());
    head[BUILD].copy_from_slice(&facts.version.build().to_be_bytes());
    head[FOURTH] = u8::try_from(fourth).ok()?;
    let description = describe(facts, size);
    let room = head.get_mut(DESCRIPTION..DESCRIPTION + description.len())?;
    room.copy_from_slice(description.as_bytes());
    Some(head)
}

fn describe(facts: &ImageFacts, size: u64) -> String {
    let version = |version: Option<FirmwareVersion>| version.map(|version| version.to_string());
    let mut lines = vec![
        ("size", size.to_string()),
        ("product", facts.product.clone()),
        ("platform", facts.platform.clone()),
        ("oem", facts.oem.clone()),
        ("hardware", facts.hardware.join(",")),
        ("not-hardware", facts.not_hardware.join(",")),
        ("models", facts.models.join(",")),
    ];
    lines.extend(version(facts.min_required).map(|text| ("min-required", text)));
    lines.extend(version(facts.min_downgrade).map(|text| ("min-downgrade", text)));
    if let Some(signature) = &facts.signature {
        lines.push(("signed-by", signature.signed_by.clone()));
        lines.push(("signature-good", signature.good.to_string()));
        lines.push(("certified-by", signature.certified_by.clone()));
        lines.push(("certificate-good", signature.certificate_good.to_string()));
    }
    let mut text = String::new();
    for (key, value) in lines {
        // One line each, whatever somebody calls a product.
        let value = value.replace(['\n', '\r', '\0'], " ");
        text.push_str(&format!("{key}={value}\n"));
    }
    text.push('\n');
    text
}

/// Facts and declared size out of the first bytes of an image of this crate; `None` when they cannot be read.
pub(super) fn read(head: &[u8]) -> Option<(ImageFacts, u64)> {
    let mut facts = ImageFacts::new(FirmwareVersion::from_image(head)?);
    let text = head.get(DESCRIPTION..)?;
    let end = text.windows(2).position(|pair| pair == b"\n\n")?;
    let text = std::str::from_utf8(&text[..end]).ok()?;
    let mut size = None;
    for line in text.lines() {
        let (key, value) = line.split_once('=')?;
        match key {
            "size" => size = value.parse().ok(),
            "product" => facts.product = value.to_owned(),
            "platform" => facts.platform = value.to_owned(),
            "oem" => facts.oem = value.to_owned(),
            "hardware" => facts.hardware = list(value),
            "not-hardware" => facts.not_hardware = list(value),
            "models" => facts.models = list(value),
            "min-required" => facts.min_required = Some(value.parse().ok()?),
            "min-downgrade" => facts.min_downgrade = Some(value.parse().ok()?),
            "signed-by" => signature(&mut facts).signed_by = value.to_owned(),
            "signature-good" => signature(&mut facts).good = value.parse().ok()?,
            "certified-by" => signature(&mut facts).certified_by = value.to_owned(),
            "certificate-good" => signature(&mut facts).certificate_good = value.parse().ok()?,
            // Written by a later version of this crate.
            _ => {}
        }
    }
    Some((facts, size?))
}

fn list(text: &str) -> Vec<String> {
    let names = text.split(',').filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

fn signature(facts: &mut ImageFacts) -> &mut Signature {
    facts.signature.get_or_insert_with(|| Signature {
        signed_by: String::new(),
        good: false,
        certified_by: String::new(),
        certificate_good: false,
    })
}
