//! `[sparse_in]`, of which Python says nothing: from a list for the firmwares that it is known of, else a visible choice.
//!
//! The mark lets callers leave members out, and a device that does not know it of a structure may refuse or misread what
//! is left. Without the mark everything is sent, which is right on any device. So IDL of another firmware is not
//! enough to write it; IDL that people give to be followed is, and then a comment and the report say so.

use crate::api::{Api, Kind, unversioned};
use crate::report::{FindingKind, Report};

use super::like::Like;

/// The annotation.
pub(super) const SPARSE_IN: &str = "sparse_in";

/// The package of the product family whose lists are known.
const FAMILY: &str = "raritan";

/// Structures with the mark, and the first firmware that is known to have it there: the mark came with 3.5.0, for the settings
/// of monitored servers; the IDL of 3.6.0 has it there and nowhere else. The IDL of 4.0.20 marks four, the documentation of
/// 4.3.14 five. The fifth holds from 4.3.0 on, which has the same version of its interface.
const KNOWN: [(&str, [u32; 2]); 5] = [
    ("event.DataPushService.EntrySettings", [4, 3]),
    ("pdumodel.Pdu.Settings", [4, 0]),
    ("pdumodel.TransferSwitch.Settings", [4, 0]),
    ("servermon.ServerMonitor.ServerSettings", [3, 5]),
    ("smartcard.CardReaderManager.CardReaderSettings", [4, 0]),
];

/// The oldest and the newest branch for which that list is complete.
const COMPLETE: [[u32; 2]; 2] = [[3, 5], [4, 3]];

/// What is known of a structure in the firmware of the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It has the mark.
    Marked,
    /// It is not known to have it, though the firmware is.
    Unmarked,
    /// The firmware is not known.
    Open,
}

/// Marks the structures that are known to be marked, and those that other IDL marks where nothing is known.
pub(super) fn mark(api: &mut Api, likes: &[Like], report: &mut Report) {
    let firmware = firmware(report);
    for ty in api.types.iter_mut().filter(|ty| ty.kind == Kind::Structure) {
        let path = ty.path();
        let plain = unversioned(&path);
        let marks = |like: &&Like| {
            like.find(&plain)
                .is_some_and(|other| other.has_annotation(SPARSE_IN))
        };
        let is_like = likes.iter().any(|like| marks(&like));
        let is_followed = likes.iter().filter(marks).any(Like::is_followed);
        let mut choose = |text: String| {
            ty.notes.annotations.push(SPARSE_IN.to_owned());
            ty.notes.choices.push(text.clone());
            report.add(FindingKind::Choice, path.clone(), text);
        };
        match standing(&plain, firmware) {
            Standing::Unmarked if is_followed => choose(format!(
                "`[{SPARSE_IN}]` as in the IDL given; this firmware is not known to have it and may demand all members"
            )),
            Standing::Open if is_like => choose(format!(
                "`[{SPARSE_IN}]` as in the IDL given, this firmware may demand all members"
            )),
            Standing::Marked => {
                ty.notes.annotations.push(SPARSE_IN.to_owned());
                let text = format!("`[{SPARSE_IN}]` from the table");
                report.add(FindingKind::Table, path, text);
            }
            Standing::Unmarked if is_like => {
                let text = format!(
                    "`[{SPARSE_IN}]` of the IDL given is left out: this firmware is not known to have it"
                );
                report.add(FindingKind::Lost, path, text);
            }
            Standing::Unmarked | Standing::Open => {}
        }
    }
}

/// Whether the list says which structures of the package have the mark.
pub(super) fn is_known(report: &Report) -> bool {
    firmware(report).is_some_and(|firmware| (COMPLETE[0]..=COMPLETE[1]).contains(&firmware))
}

/// The first two numbers of the firmware, if it is one of the family.
fn firmware(report: &Report) -> Option<[u32; 2]> {
    let version = report
        .version
        .as_deref()
        .filter(|_| report.package == FAMILY)?;
    let mut numbers = version.split('.').map(str::parse);
    Some([numbers.next()?.ok()?, numbers.next()?.ok()?])
}

fn standing(path: &str, firmware: Option<[u32; 2]>) -> Standing {
    let since = KNOWN.iter().find(|(known, _)| *known == path);
    match (firmware, since) {
        (None, _) => Standing::Open,
        (Some(firmware), Some((_, since))) if firmware >= *since => Standing::Marked,
        (Some(firmware), None) if firmware > COMPLETE[1] => Standing::Open,
        (Some(_), _) => Standing::Unmarked,
    }
}

#[cfg(test)]
mod tests {
    use super::{Standing, firmware, standing};
    use crate::report::Report;

    #[test]
    fn a_firmware_has_the_marks_that_are_known_of_it() {
        let of = |package: &str, version: Option<&str>, path: &str| {
            standing(path, firmware(&Report::of_package(package, version)))
        };
        let (first, old, late) = (
            "servermon.ServerMonitor.ServerSettings",
            "pdumodel.Pdu.Settings",
            "event.DataPushService.EntrySettings",
        );
        for (version, expected) in [
            ("3.4.20.44869", Standing::Unmarked),
            ("3.5.0.45371", Standing::Marked),
            ("3.6.80.48558", Standing::Marked),
            ("4.4.1.53217", Standing::Marked),
        ] {
            assert_eq!(of("raritan", Some(version), first), expected, "{version}");
        }
        for (version, expected) in [
            ("3.4.20", false),
            ("3.5.0", true),
            ("4.3.15", true),
            ("4.4.1", false),
        ] {
            let report = Report::of_package("raritan", Some(version));
            assert_eq!(super::is_known(&report), expected, "{version}");
        }
        for (version, expected) in [
            ("3.6.80.48558", [Standing::Unmarked; 3]),
            (
                "4.0.20.49038",
                [Standing::Marked, Standing::Unmarked, Standing::Unmarked],
            ),
            (
                "4.2.20.50793",
                [Standing::Marked, Standing::Unmarked, Standing::Unmarked],
            ),
            (
                "4.3.0.51180",
                [Standing::Marked, Standing::Marked, Standing::Unmarked],
            ),
            (
                "4.4.1.53217",
                [Standing::Marked, Standing::Marked, Standing::Open],
            ),
            (
                "10.0.0",
                [Standing::Marked, Standing::Marked, Standing::Open],
            ),
            ("4", [Standing::Open; 3]),
            ("x.y", [Standing::Open; 3]),
        ] {
            let found = [old, late, "net.Settings"].map(|path| of("raritan", Some(version), path));
            assert_eq!(found, expected, "{version}");
        }
        assert_eq!(of("raritan", None, old), Standing::Open);
        assert_eq!(of("xeruskvm", Some("4.6.0.52977"), old), Standing::Open);
    }
}
