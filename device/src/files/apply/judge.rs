//! What the status of a device says of the configuration that was sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use xerus_rpc::action::{Check, Ticket};
use xerus_rpc::{Agent, Error, Outcome};

use super::{Applied, BEFORE, LOST, Stage};
use crate::files::standing::{Kind, Standing, Status};

/// Looks at the status. What was seen before is remembered: an end that follows on a beginning is that of the same configuration,
/// also within one second.
#[derive(Clone)]
pub(super) struct Judge {
    kind: Kind,
    seen: Arc<AtomicBool>,
}

impl Judge {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            seen: Arc::default(),
        }
    }

    pub(super) async fn look(
        self,
        agent: Agent,
        ticket: Ticket,
    ) -> Result<Check<Stage, Applied>, Error> {
        let now = self.kind.look(&agent, ticket.target()).await?;
        let before = ticket.note(BEFORE).and_then(read);
        let seen = self.seen.load(Ordering::Relaxed);
        let lost = ticket.note(LOST).is_some();
        let found = judge(self.kind, before, seen, lost, now);
        if matches!(found, Check::Pending(Stage::Applying { .. })) {
            self.seen.store(true, Ordering::Relaxed);
        }
        Ok(found)
    }
}

/// The status as it stands in a ticket.
pub(super) fn written(standing: Standing) -> String {
    format!(
        "{} {}",
        standing.status.index(),
        standing.since.unix_seconds()
    )
}

fn read(text: &str) -> Option<(i32, i64)> {
    let (status, since) = text.split_once(' ')?;
    Some((status.parse().ok()?, since.parse().ok()?))
}

fn judge(
    kind: Kind,
    before: Option<(i32, i64)>,
    seen: bool,
    lost: bool,
    now: Standing,
) -> Check<Stage, Applied> {
    let is_new = seen || before != Some((now.status.index(), now.since.unix_seconds()));
    // Another one was under way when this one was sent: an end is that of this one only if its beginning was seen.
    let other = before.is_some_and(|(status, _)| status == Status::Pending.index());
    let is_end = is_new && (seen || !other);
    let what = kind.name();
    match now.status {
        Status::Pending if is_new => Check::Pending(Stage::Applying { since: now.since }),
        Status::InForce if is_end => Check::Done(Applied {
            at: now.since,
            outcome: if lost {
                Outcome::Unknown
            } else {
                Outcome::Executed
            },
        }),
        Status::Failed if is_end => Check::failed(
            "FAILED",
            format!(
                "the {what} was taken and could not be put in force; read the log of the device, and its settings: some may have been changed"
            ),
        ),
        Status::UploadFailed if is_end => Check::failed(
            "UPLOAD_FAILED",
            format!(
                "the device did not take the {what}; read the log of the device, and send it again"
            ),
        ),
        // It has forgotten: it was restarted before it was done, or does not keep it.
        Status::None if is_new => Check::Unknown(format!("the device knows of no {what} any more")),
        Status::Other(status) => Check::Unknown(format!(
            "the status of the {what} is {status}, which is not known"
        )),
        _ => Check::Pending(Stage::Waiting),
    }
}

#[cfg(test)]
mod tests {
    use xerus_rpc::Time;

    use super::*;

    fn standing(status: Status, since: i64) -> Standing {
        Standing {
            status,
            since: Time::from_unix_seconds(since),
        }
    }

    fn told(before: Standing, seen: bool, lost: bool, now: Standing) -> String {
        let before = read(&written(before));
        match judge(Kind::Bulk, before, seen, lost, now) {
            Check::Pending(stage) => format!("{stage:?}"),
            Check::Done(applied) => format!("{:?}", applied.outcome),
            Check::Failed(error) => error.to_string(),
            Check::Unknown(what) => what,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn only_what_came_after_the_upload_is_its_end() {
        let old = standing(Status::InForce, 100);
        let none = standing(Status::None, 0);
        assert_eq!(told(none, false, false, none), "Waiting");
        assert_eq!(told(old, false, false, old), "Waiting");
        assert!(told(old, false, false, standing(Status::Pending, 100)).starts_with("Applying"));
        assert_eq!(
            told(old, false, false, standing(Status::InForce, 101)),
            "Executed"
        );
        // Seen between them: within the same second.
        assert_eq!(told(old, true, false, old), "Executed");
        // A clock that was set back.
        assert_eq!(
            told(old, false, false, standing(Status::InForce, 5)),
            "Executed"
        );
        // Somebody else's, perhaps.
        assert_eq!(
            told(old, false, true, standing(Status::InForce, 101)),
            "Unknown"
        );
        let failed = standing(Status::Failed, 100);
        assert_eq!(told(failed, false, false, failed), "Waiting");
        let text = told(old, false, false, failed);
        assert!(text.contains("could not be put in force"), "{text}");
        let text = told(old, false, false, standing(Status::UploadFailed, 100));
        assert!(text.contains("did not take"), "{text}");
    }

    #[test]
    fn the_end_of_another_one_that_was_under_way_is_not_taken_for_that_of_this_one() {
        let other = standing(Status::Pending, 100);
        let ended = standing(Status::InForce, 103);
        assert_eq!(told(other, false, false, ended), "Waiting");
        assert_eq!(told(other, false, false, other), "Waiting");
        assert_eq!(
            told(other, false, false, standing(Status::Failed, 103)),
            "Waiting"
        );
        let ours = standing(Status::Pending, 104);
        assert!(told(other, false, false, ours).starts_with("Applying"));
        assert_eq!(
            told(other, true, false, standing(Status::InForce, 106)),
            "Executed"
        );
    }

    #[test]
    fn a_device_that_has_forgotten_is_no_end() {
        let old = standing(Status::InForce, 100);
        let text = told(old, true, false, standing(Status::None, 0));
        assert!(text.contains("any more"), "{text}");
        let text = told(old, false, false, standing(Status::Other(9), 100));
        assert!(text.contains("is 9"), "{text}");
    }
}
