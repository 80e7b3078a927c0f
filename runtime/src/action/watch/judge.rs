//! What follows from what a check, or a login, came to.

use std::time::Duration;

use tokio::time::Instant;

use super::{Action, Away, Doing};
use crate::action::check::{Check, CheckFuture};
use crate::action::events::ActionEvent;
use crate::action::failure::{ActionError, Overdue};
use crate::error::{Absence, Error, ErrorKind, TimeoutError, TimeoutPhase};

/// The most time that a login may take.
const LOGIN: Duration = Duration::from_secs(30);

/// The most warnings that are kept while an action goes on.
const MOST_WARNINGS: usize = 1000;

impl<P: Clone + Send, T: Send> Action<P, T> {
    pub(super) fn begin_check(&mut self) {
        let until = self.pace.begin_check(Instant::now());
        self.doing = Some(Doing::Check(self.make_check(), until, false));
    }

    fn make_check(&self) -> CheckFuture<P, T> {
        (self.how.check)(self.agent.clone(), self.ticket())
    }

    pub(super) fn checked(&mut self, found: Result<Check<P, T>, Error>, again: bool) {
        let error = match found {
            Ok(check) => return self.found(check),
            Err(error) => error,
        };
        match error.absence() {
            Absence::Away => self.is_away(error),
            // A device that comes back has not all its objects at once.
            Absence::NoObject if self.away.is_some() => self.is_away(error),
            Absence::SessionGone if again => self.found(Check::Unknown(error.to_string())),
            Absence::SessionGone => match &self.how.renew {
                Some(renew) => {
                    let login = renew(self.agent.clone());
                    self.doing = Some(Doing::Login(login, self.pace.until(Instant::now(), LOGIN)));
                }
                None => self.stop(error),
            },
            Absence::Nonsense => self.found(Check::Unknown(error.to_string())),
            Absence::NoObject | Absence::Refused => self.stop(error),
        }
    }

    pub(super) fn logged_in(&mut self, result: Result<(), Error>) {
        match result {
            Ok(()) => {
                self.is_back();
                self.events.push_back(ActionEvent::SessionRenewed);
                let until = self.pace.repeat_check(Instant::now());
                self.doing = Some(Doing::Check(self.make_check(), until, true));
            }
            Err(error) => match error.absence() {
                Absence::Away => self.is_away(error),
                Absence::Nonsense => self.found(Check::Unknown(error.to_string())),
                _ => self.stop(error),
            },
        }
    }

    fn found(&mut self, check: Check<P, T>) {
        if !matches!(check, Check::Away(_)) {
            self.is_back();
            self.last_error = None;
        }
        match check {
            Check::Pending(progress) => {
                self.last = Some(progress.clone());
                self.go_on(ActionEvent::Progress(progress));
            }
            Check::PendingWith(progress, warnings) => {
                self.warn_once(warnings);
                self.last = Some(progress.clone());
                self.go_on(ActionEvent::Progress(progress));
            }
            Check::Unknown(what) => {
                self.unknown = self.unknown.saturating_add(1);
                let count = self.unknown;
                self.go_on(ActionEvent::Unknown { what, count });
            }
            Check::Done(result) => self.end(Ok(result)),
            Check::DoneWith(result, warnings) => {
                self.warn(warnings);
                self.end(Ok(result));
            }
            Check::Failed(error) => self.end(Err(ActionError::Failed(error))),
            Check::Away(error) => self.is_away(error),
        }
    }

    fn is_away(&mut self, error: Error) {
        let now = Instant::now();
        let away = self.away.get_or_insert(Away {
            since: now,
            attempts: 0,
        });
        away.attempts = away.attempts.saturating_add(1);
        let (since, attempts) = (now - away.since, away.attempts);
        self.last_error = Some(error.clone());
        self.go_on(ActionEvent::Away {
            since,
            attempts,
            error,
        });
    }

    fn is_back(&mut self) {
        if let Some(away) = self.away.take() {
            let after = away.since.elapsed();
            self.events.push_back(ActionEvent::Back { after });
        }
    }

    fn go_on(&mut self, event: ActionEvent<P, T>) {
        self.pace.end_check(Instant::now());
        self.events.push_back(event);
    }

    fn stop(&mut self, error: Error) {
        self.is_back();
        self.pace.end_check(Instant::now());
        let ticket = Box::new(self.ticket());
        self.end(Err(ActionError::Stopped { error, ticket }));
    }

    pub(super) fn time_out(&mut self) {
        let overdue = Box::new(Overdue {
            ticket: self.ticket(),
            last_error: self.last_error.take(),
            unknown: self.unknown,
        });
        let last = self.last.clone();
        self.end(Err(ActionError::TimedOut { last, overdue }));
    }

    /// Warns of what was not told yet, since checks are many and may all say the same.
    fn warn_once(&mut self, mut warnings: Vec<String>) {
        warnings.retain(|warning| !self.warnings.contains(warning));
        warnings.truncate(MOST_WARNINGS.saturating_sub(self.warnings.len()));
        self.warn(warnings);
    }

    fn warn(&mut self, warnings: Vec<String>) {
        for warning in warnings {
            self.warnings.push(warning.clone());
            self.events.push_back(ActionEvent::Warning(warning));
        }
    }

    fn end(&mut self, end: Result<T, ActionError<P>>) {
        self.ended = true;
        self.events.push_back(ActionEvent::End(end));
    }

    pub(super) fn too_late(&self) -> Error {
        let timeout = TimeoutError::new(TimeoutPhase::FirstByte, self.ticket.plan.check_timeout);
        Error::new(ErrorKind::Timeout(timeout)).with_origin(self.agent.origin())
    }
}
