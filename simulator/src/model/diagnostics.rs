//! Files with what a device knows: for people who look for faults.

use std::fmt::Write as _;
use std::time::Duration;

use super::configuration::{DeviceIdentity, DeviceSettings};
use super::log::Log;

/// Bytes that one file of an archive has at most.
const MAX_FILE: usize = 1024 * 1024;
/// Bytes that archives are made of.
const BLOCK: usize = 512;

/// Diagnostic data: a tar archive of texts, without compression. The form of devices is not known.
#[derive(Debug, Default)]
pub struct Archive {
    bytes: Vec<u8>,
    time: u64,
}

impl Archive {
    /// An empty one, made at `now`.
    #[must_use]
    pub fn new(now: Duration) -> Self {
        Self {
            bytes: Vec::new(),
            time: now.as_secs(),
        }
    }

    /// Adds a text, at most 1 MiB of it. Of names, the first 99 bytes count.
    pub fn add(&mut self, name: &str, text: &str) {
        let body = &text.as_bytes()[..text.len().min(MAX_FILE)];
        let mut head = [0; BLOCK];
        let name = &name.as_bytes()[..name.len().min(99)];
        put(&mut head, 0, name);
        put(&mut head, 100, b"0000644\0");
        put(&mut head, 108, b"0000000\0");
        put(&mut head, 116, b"0000000\0");
        put(&mut head, 124, format!("{:011o}\0", body.len()).as_bytes());
        // Times that have no room are those far behind the year 9999.
        let time = self.time.min(0o77_777_777_777);
        put(&mut head, 136, format!("{time:011o}\0").as_bytes());
        put(&mut head, 148, b"        ");
        head[156] = b'0';
        put(&mut head, 257, b"ustar\x0000");
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        put(&mut head, 148, format!("{sum:06o}\0 ").as_bytes());
        self.bytes.extend(head);
        self.bytes.extend(body);
        let rest = self.bytes.len() % BLOCK;
        self.bytes.extend(vec![0; (BLOCK - rest) % BLOCK]);
    }

    /// The archive.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.extend([0; 2 * BLOCK]);
        self.bytes
    }
}

fn put(head: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    head[at..at + bytes.len()].copy_from_slice(bytes);
}

/// A log as text, a line for each entry.
#[must_use]
pub fn log_text(log: &Log) -> String {
    let mut text = String::new();
    for entry in log.entries() {
        let seconds = entry.at.as_secs();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{} {seconds} [{}] {}",
            entry.id, entry.class, entry.message
        );
    }
    text
}

/// What a device that is engineered to order is made of, as text.
#[must_use]
pub fn eto_descriptor(identity: &DeviceIdentity, settings: &DeviceSettings) -> String {
    format!(
        "# Simulated device: not engineered to order\n\
         model={}\nserial={}\ninlets={}\noutlets={}\noverCurrentProtectors={}\nslots={}\n",
        identity.model,
        identity.serial,
        settings.inlets.len(),
        settings.outlets.len(),
        settings.ocps.len(),
        settings.slots.len(),
    )
}

/// What the mains of a power meter measure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeterRow {
    /// Number of the meter or panel, from 1.
    pub panel: u32,
    /// Its name.
    pub name: String,
    /// Line, such as `L1`; empty for all together.
    pub line: String,
    /// Volt; `None`: not measured.
    pub voltage: Option<f64>,
    /// Ampere; `None`: not measured.
    pub current: Option<f64>,
    /// Watt; `None`: not measured.
    pub power: Option<f64>,
    /// Watt-hours; `None`: not measured.
    pub energy: Option<f64>,
}

/// What power meters measure, as comma-separated values with a head line.
#[must_use]
pub fn power_meter_csv(rows: &[MeterRow]) -> String {
    let mut text =
        String::from("panel,name,line,voltage_V,current_A,activePower_W,activeEnergy_Wh\n");
    for row in rows {
        let value = |value: Option<f64>| value.map_or_else(String::new, |v| format!("{v:.3}"));
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{}",
            row.panel,
            quoted(&row.name),
            quoted(&row.line),
            value(row.voltage),
            value(row.current),
            value(row.power),
            value(row.energy),
        );
    }
    text
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names and texts of an archive, read as its form is defined.
    fn read(archive: &[u8]) -> Vec<(String, String)> {
        let mut files = Vec::new();
        let mut rest = archive;
        while rest[0] != 0 {
            let (head, behind) = rest.split_at(BLOCK);
            let octal = |from: usize, to: usize| {
                let text = std::str::from_utf8(&head[from..to]).unwrap();
                usize::from_str_radix(text.trim_end_matches(['\0', ' ']), 8).unwrap()
            };
            let sum: usize = head
                .iter()
                .enumerate()
                .map(|(at, byte)| {
                    if (148..156).contains(&at) {
                        32
                    } else {
                        usize::from(*byte)
                    }
                })
                .sum();
            assert_eq!(octal(148, 156), sum);
            assert_eq!(octal(136, 148), 77);
            let size = octal(124, 136);
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let name = text(&head[..100]).trim_end_matches('\0').to_owned();
            files.push((name, text(&behind[..size])));
            rest = &behind[size.div_ceil(BLOCK) * BLOCK..];
        }
        assert_eq!(rest, [0; 2 * BLOCK]);
        files
    }

    #[test]
    fn an_archive_holds_what_was_put_in() {
        let mut archive = Archive::new(Duration::from_secs(77));
        let texts = ["", "one line\n", &"x".repeat(BLOCK), &"y".repeat(BLOCK + 1)];
        for (number, text) in texts.iter().enumerate() {
            archive.add(&format!("{number}.txt"), text);
        }
        archive.add(&"n".repeat(200), &"z".repeat(MAX_FILE + 5));
        let bytes = archive.finish();
        assert_eq!(bytes.len() % BLOCK, 0);
        let files = read(&bytes);
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(files[number].0, format!("{number}.txt"));
            assert_eq!(files[number].1, *text);
        }
        assert_eq!((files[4].0.len(), files[4].1.len()), (99, MAX_FILE));
    }

    #[test]
    fn names_in_tables_are_quoted_where_they_must_be() {
        let row = MeterRow {
            panel: 1,
            name: "Room \"A\", left".to_owned(),
            line: "L1".to_owned(),
            voltage: Some(230.0),
            ..MeterRow::default()
        };
        let text = power_meter_csv(&[row]);
        assert_eq!(
            text.lines().nth(1),
            Some("1,\"Room \"\"A\"\", left\",L1,230.000,,,")
        );
    }

    #[test]
    fn a_log_is_a_line_for_each_entry() {
        let mut log = Log::new(5, Duration::ZERO);
        log.write(Duration::from_secs(9), "Outlet", "outlet 1 was switched on");
        log.write(Duration::from_secs(10), "User", "admin logged in");
        assert_eq!(
            log_text(&log),
            "0 9 [Outlet] outlet 1 was switched on\n1 10 [User] admin logged in\n"
        );
    }
}
