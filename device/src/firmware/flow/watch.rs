//! Beginning an update, once, and following it to its end.

use std::sync::{Arc, Mutex, PoisonError};

use xerus_rpc::action::{Action, ActionError, ActionEvent, Check, Ticket};
use xerus_rpc::{Agent, Error};

use super::device::Device;
use super::look::{Found, Memory, look};
use super::{Ended, Flow};
use crate::firmware::error::UpdateError;
use crate::firmware::event::{Progress, UpdateEvent};
use crate::firmware::notes::{ACTION, Notes, Step};
use crate::firmware::review::Allow;
use crate::firmware::updated::Updated;

type Watched = Action<Progress, Found>;
type Shared = Arc<Mutex<Memory>>;

impl Flow {
    /// Tells the device to begin. From the ticket that is kept before that on, the update may have begun.
    pub(super) async fn start(mut self, device: &Device) -> Ended<Updated> {
        let flagged: Vec<Allow> = self
            .notes
            .allow
            .iter()
            .copied()
            .filter(|allow| allow.flag().is_some())
            .collect();
        let flags: Vec<_> = flagged.iter().filter_map(|allow| allow.flag()).collect();
        let told_before = std::mem::replace(&mut self.notes.told, true);
        self.notes.ran = false;
        self.notes.away = false;
        self.go(Step::Start).await?;
        self.teller.tell(UpdateEvent::Starting(flagged)).await;
        self.notes.step = Step::Watch;
        let memory = self.memory();
        let plan = self.notes.plan();
        let begin = Action::start(device.firmware.start_update(&flags))
            .named(ACTION)
            .plan({
                let plan = plan.clone();
                move |()| plan
            })
            .check(self.check(&memory));
        match begin.await {
            Ok(action) => {
                self.keep_watching(&action);
                self.watch(action, memory).await
            }
            Err(lost) if lost.error().may_have_executed() => {
                // It is not sent again. What the device shows says whether it has begun.
                let warning = format!(
                    "startUpdate was not confirmed, so the device is asked whether it has begun: {}",
                    lost.error()
                );
                self.unconfirmed = Some(lost.error().clone());
                self.warn(warning).await;
                let action = lost
                    .watch(plan)
                    .map_err(|error| self.not_started(error, told_before))?;
                self.watch(action, memory).await
            }
            Err(refused) => Err(self.not_started(refused.into(), told_before)),
        }
    }

    /// The device has taken the call. That this cannot be kept does no harm: the ticket before says that it may have.
    fn keep_watching(&mut self, action: &Watched) {
        let ticket = action.ticket();
        if let Some(keep) = &self.ways.keep
            && let Err(error) = keep(&ticket)
        {
            self.warnings.push(format!(
                "the ticket could not be kept ({}); the one before it does as well",
                error.kind()
            ));
        }
        self.teller.set_ticket(ticket);
    }

    fn not_started(&mut self, error: Error, told_before: bool) -> UpdateError {
        self.notes.step = Step::Review;
        self.notes.told = told_before;
        let ticket = self.ticket();
        self.keep_last(&ticket);
        UpdateError::NotStarted { error, ticket }
    }

    /// Goes on to watch an update that another process may have begun.
    pub(super) async fn watch_on(self, ticket: Ticket) -> Ended<Updated> {
        let memory = self.memory();
        let action = Action::resume(&self.agent, ticket, self.check(&memory));
        let action = action.map_err(|error| self.stopped(error))?;
        self.watch(action, memory).await
    }

    fn memory(&self) -> Shared {
        Arc::new(Mutex::new(Memory::new(self.notes.clone())))
    }

    fn check(
        &self,
        memory: &Shared,
    ) -> impl Fn(
        Agent,
        Ticket,
    ) -> xerus_rpc::wire::BoxFuture<'static, Result<Check<Progress, Found>, Error>>
    + Send
    + Sync
    + 'static {
        let memory = Arc::clone(memory);
        move |agent, _| {
            let memory = Arc::clone(&memory);
            Box::pin(async move { look(agent, memory).await })
        }
    }

    async fn watch(mut self, mut action: Watched, memory: Shared) -> Ended<Updated> {
        if let Some(renew) = self.ways.renew.clone() {
            action = action.on_session_gone(move |agent| renew(agent));
        }
        while let Some(event) = action.next().await {
            let event = match event {
                ActionEvent::Started => {
                    self.stamp(&action, &memory);
                    UpdateEvent::Step(Step::Watch)
                }
                ActionEvent::Progress(progress) => UpdateEvent::Progress(progress),
                ActionEvent::Away {
                    since,
                    attempts,
                    error,
                } => {
                    locked(&memory).notes.away = true;
                    let longest = self.notes.absence;
                    if !longest.is_zero() && since >= longest {
                        self.stamp(&action, &memory);
                        return Err(UpdateError::Away {
                            since,
                            error,
                            ticket: Box::new(self.teller.ticket()),
                        });
                    }
                    UpdateEvent::Away {
                        since,
                        attempts,
                        error,
                    }
                }
                ActionEvent::Back { after } => UpdateEvent::Back { after },
                ActionEvent::SessionRenewed => UpdateEvent::SessionRenewed,
                ActionEvent::Unknown { what, count } => UpdateEvent::Unclear { what, count },
                ActionEvent::Warning(warning) => {
                    self.warnings.push(warning.clone());
                    UpdateEvent::Warning(warning)
                }
                ActionEvent::End(end) => {
                    self.stamp(&action, &memory);
                    return self.ended(end);
                }
                _ => continue,
            };
            self.stamp(&action, &memory);
            self.teller.tell(event).await;
        }
        // An action tells its end before it is silent.
        Err(self.stopped(ActionError::<Progress>::Over.into()))
    }

    /// The device cannot be asked what became of an update that may have begun.
    pub(super) fn stopped(&self, error: Error) -> UpdateError {
        UpdateError::Stopped {
            error,
            ticket: Box::new(self.teller.ticket()),
        }
    }

    /// Brings the ticket up to date with what was seen.
    fn stamp(&mut self, action: &Watched, memory: &Shared) {
        self.notes = Notes {
            step: Step::Watch,
            ..locked(memory).notes.clone()
        };
        self.teller.set_ticket(self.notes.stamp(action.ticket()));
    }

    fn ended(mut self, end: Result<Found, ActionError<Progress>>) -> Ended<Updated> {
        let ticket = Box::new(self.teller.ticket());
        match end {
            Ok(Found::Updated(mut updated)) => {
                updated.warnings = self.warnings;
                Ok(*updated)
            }
            Ok(Found::Certificate(expected, presented, error)) => {
                self.keep_last(&ticket);
                Err(UpdateError::Certificate {
                    expected,
                    presented,
                    error,
                    ticket,
                })
            }
            Ok(Found::NotBegun) => {
                self.notes.step = Step::Review;
                let ticket = self.ticket();
                self.keep_last(&ticket);
                let error = self.unconfirmed;
                Err(UpdateError::NotBegun { error, ticket })
            }
            Ok(Found::Ended(error)) => Err(error),
            Err(ActionError::TimedOut { last, overdue }) => Err(UpdateError::Overdue {
                last: last.map(Box::new),
                error: overdue.last_error,
                after: self.notes.deadline,
                ticket,
            }),
            Err(ActionError::Stopped { error, .. }) => Err(UpdateError::Stopped { error, ticket }),
            Err(other) => Err(UpdateError::Stopped {
                error: other.into(),
                ticket,
            }),
        }
    }

    /// Keeps the ticket of an end with which somebody has to go on. It stands in the end as well, and the one before it leads to
    /// the same end, so nothing is lost when it cannot be kept.
    fn keep_last(&self, ticket: &Ticket) {
        self.teller.set_ticket(ticket.clone());
        if let Some(keep) = &self.ways.keep {
            let _ = keep(ticket);
        }
    }
}

pub(super) fn locked(memory: &Mutex<Memory>) -> std::sync::MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
