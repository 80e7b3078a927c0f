//! What stands on the devices, so to speak.

use std::fmt::Write as _;

use xerus_sim::{FACTORY_PASSWORD, FACTORY_USER, Running};

use crate::args::Simulate;

/// The URLs, a line each; then what a client needs to know.
pub(super) fn text(args: &Simulate, devices: &[Running]) -> String {
    let mut text = String::new();
    for device in devices {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", device.url());
    }
    for device in devices {
        let Some(print) = device.certificate_sha256() else {
            continue;
        };
        let _ = match devices.len() {
            1 => writeln!(text, "certificate SHA-256: {print}"),
            _ => writeln!(text, "certificate SHA-256 of {}: {print}", device.url()),
        };
    }
    if args.factory {
        let _ = writeln!(
            text,
            "user {FACTORY_USER}, password {FACTORY_PASSWORD}, to be changed first"
        );
    }
    text
}
