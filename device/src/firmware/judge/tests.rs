use std::time::Duration;

use tokio::time::Instant;

use super::*;

const OLD: &str = "4.0.20.5-1";
const NEW: &str = "4.4.1.5-2";

fn record(image: &str, status: UpdateHistoryStatus) -> UpdateHistoryEntry {
    UpdateHistoryEntry {
        image_version: image.to_owned(),
        status,
        ..UpdateHistoryEntry::default()
    }
}

fn verdict(
    installed: &str,
    version: &str,
    record: Option<UpdateHistoryEntry>,
    phase: Phase,
    ran: bool,
    away: bool,
) -> Verdict {
    let progress = Progress {
        phase,
        ..Progress::none()
    };
    let facts = Facts {
        installed,
        image: NEW,
        version,
        record: record.as_ref(),
        progress: &progress,
        ran,
        away,
    };
    facts.verdict()
}

#[test]
fn success_needs_version_and_history() {
    use UpdateHistoryStatus::{Failed, Incomplete, Successful};
    let ends = |what| Verdict::Ends(Ending::Contradiction(what));
    for (record, phase, expected) in [
        (Some(record(NEW, Successful)), Phase::None, Verdict::Updated),
        (
            Some(record(NEW, Successful)),
            Phase::Written,
            Verdict::Updated,
        ),
        (
            Some(record(NEW, Successful)),
            Phase::Other("FLASHING".to_owned()),
            Verdict::Updated,
        ),
        (
            Some(record(NEW, Successful)),
            Phase::Failed,
            ends(RUNS_BUT_FAIL),
        ),
        (
            Some(record(NEW, Failed)),
            Phase::None,
            ends(RUNS_BUT_FAILED),
        ),
        (
            Some(record(NEW, Incomplete)),
            Phase::None,
            ends(RUNS_BUT_FAILED),
        ),
        (
            Some(record(NEW, Incomplete)),
            Phase::Written,
            Verdict::Pending,
        ),
        (
            Some(record("9.9.9.9-9", Successful)),
            Phase::None,
            ends(ANOTHER),
        ),
        (None, Phase::None, ends(RUNS_UNRECORDED)),
        (None, Phase::Writing, Verdict::Pending),
        (None, Phase::Written, Verdict::Pending),
    ] {
        let shown = format!("{record:?} {phase}");
        let found = verdict(OLD, NEW, record, phase, true, true);
        assert_eq!(found, expected, "{shown}");
    }
}

#[test]
fn the_old_version_says_nothing_by_itself() {
    use UpdateHistoryStatus::{Failed, Incomplete, Successful};
    let ends = Verdict::Ends;
    for (record, phase, ran, expected) in [
        (None, Phase::None, false, ends(Ending::NotBegun)),
        (None, Phase::None, true, ends(Ending::OldVersion)),
        (None, Phase::Beginning, true, Verdict::Pending),
        (None, Phase::Written, true, Verdict::Pending),
        (None, Phase::Failed, false, ends(Ending::Failed)),
        (
            Some(record(NEW, Failed)),
            Phase::Failed,
            true,
            ends(Ending::Failed),
        ),
        (
            Some(record(NEW, Failed)),
            Phase::None,
            true,
            ends(Ending::OldVersion),
        ),
        (
            Some(record(NEW, Incomplete)),
            Phase::Writing,
            true,
            Verdict::Pending,
        ),
        (
            Some(record(NEW, Incomplete)),
            Phase::None,
            true,
            ends(Ending::OldVersion),
        ),
        (
            Some(record(NEW, Successful)),
            Phase::Written,
            true,
            Verdict::Pending,
        ),
        (
            Some(record(NEW, Successful)),
            Phase::None,
            true,
            ends(Ending::Contradiction(SUCCEEDED_BUT_OLD)),
        ),
        (
            Some(record("9.9.9.9-9", Failed)),
            Phase::None,
            true,
            ends(Ending::Contradiction(ANOTHER)),
        ),
    ] {
        let shown = format!("{record:?} {phase} {ran}");
        let found = verdict(OLD, OLD, record, phase, ran, true);
        assert_eq!(found, expected, "{shown}");
    }
    let third = verdict(OLD, "4.2.0.5-1", None, Phase::None, true, true);
    assert_eq!(third, ends(Ending::OtherVersion));
    for phase in [Phase::Writing, Phase::Written] {
        let not_yet = verdict(OLD, "4.2.0.5-1", None, phase, true, true);
        assert_eq!(not_yet, Verdict::Pending);
    }
}

#[test]
fn the_same_version_again_needs_a_new_record() {
    use UpdateHistoryStatus::{Failed, Successful};
    let successful = || Some(record(NEW, Successful));
    let before_restart = verdict(NEW, NEW, successful(), Phase::Written, true, false);
    assert_eq!(before_restart, Verdict::Pending);
    let after = verdict(NEW, NEW, successful(), Phase::None, true, true);
    assert_eq!(after, Verdict::Updated);
    let nothing = verdict(NEW, NEW, None, Phase::None, false, false);
    assert_eq!(nothing, Verdict::Ends(Ending::NotBegun));
    let failed = Some(record(NEW, Failed));
    let failed = verdict(NEW, NEW, failed, Phase::Failed, true, false);
    assert_eq!(failed, Verdict::Ends(Ending::Failed));
}

#[test]
fn bad_news_are_believed_when_they_last() {
    let second = Duration::from_secs(1);
    let patience = 9 * second;
    let begin = Instant::now();
    let mut doubt = Doubt::default();
    doubt.looks(begin);
    let mut heard =
        |ending, recorded, at: u32| doubt.believes(ending, recorded, patience, begin + second * at);
    assert!(!heard(Ending::OldVersion, true, 1));
    assert!(!heard(Ending::OldVersion, true, 2));
    assert!(!heard(Ending::OldVersion, true, 3));
    assert!(heard(Ending::OldVersion, true, 4));
    // Another one begins anew, and what is in no history may begin yet.
    assert!(!heard(Ending::NotBegun, false, 5));
    assert!(!heard(Ending::NotBegun, false, 6));
    assert!(!heard(Ending::NotBegun, false, 8));
    assert!(heard(Ending::NotBegun, false, 9));
}
