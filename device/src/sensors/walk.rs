//! What a walk has found, and what it has not.

use std::fmt;

use xerus_rpc::bulk::{Batch, BatchResults, Handle};
use xerus_rpc::error::ErrorClass;
use xerus_rpc::{Agent, Error, Members, Object};

use super::Place;

/// Something that the walk asked for and the device has not, or does not tell: what older firmware lacks, mostly.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Missing {
    /// Where: `inlet I1`, or a sensor.
    pub place: String,
    /// What was asked for: the name of a method, or of a member.
    pub what: String,
    /// What the device answered.
    pub error: Error,
}

impl Missing {
    /// Whether the device has no such object or method: it is another model, or older than the method.
    #[must_use]
    pub fn is_not_there(&self) -> bool {
        self.error.is_method_not_found() || self.error.is_object_not_found()
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, what, error } = self;
        write!(f, "{place}: no {what}: {error}")
    }
}

/// A walk on its way.
pub(super) struct Walk<'a> {
    pub(super) agent: &'a Agent,
    pub(super) found: Vec<Found>,
    pub(super) missing: Vec<Missing>,
    pub(super) rounds: u32,
    pub(super) calls: usize,
}

/// A reference that may lead to a sensor.
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) member: String,
    pub(super) object: Object,
}

impl Found {
    pub(super) fn path(&self) -> String {
        format!("{} / {}", self.place, self.member)
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(agent: &'a Agent) -> Self {
        Self {
            agent,
            found: Vec::new(),
            missing: Vec::new(),
            rounds: 0,
            calls: 0,
        }
    }

    /// Sends the calls of one round.
    pub(super) async fn send(&mut self, batch: Batch) -> Result<BatchResults, Error> {
        self.rounds += 1;
        self.calls += batch.len();
        batch.await
    }

    /// The result of a call; `None`, and noted, when the device has none to give.
    pub(super) fn take<T: 'static>(
        &mut self,
        results: &mut BatchResults,
        handle: Handle<T>,
        place: &dyn fmt::Display,
        what: &str,
    ) -> Result<Option<T>, Error> {
        self.known(results.take(handle), place, what)
    }

    /// The value; `None`, and noted, when the device has none to give.
    pub(super) fn known<T>(
        &mut self,
        result: Result<T, Error>,
        place: &dyn fmt::Display,
        what: &str,
    ) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if is_of_this_call(&error) => {
                self.note(place, what, error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn note(&mut self, place: &dyn fmt::Display, what: &str, error: Error) {
        self.missing.push(Missing {
            place: place.to_string(),
            what: what.to_owned(),
            error,
        });
    }

    /// Notes all references of a structure.
    pub(super) fn search(&mut self, place: &Place, structure: &impl Members) {
        let found = structure.references().map(|(member, object)| Found {
            place: place.clone(),
            member: member.into_owned(),
            object,
        });
        self.found.extend(found);
    }
}

/// Whether the device answers, and only not to this call.
pub(super) fn is_of_this_call(error: &Error) -> bool {
    if error.is_method_not_found() || error.is_object_not_found() || error.is_permission_denied() {
        return true;
    }
    // What may go well the next time is no property of the device.
    !error.is_retryable() && !matches!(error.class(), ErrorClass::Http)
}
