//! A configuration on its way: sent once, and asked after until the device says how that ended.

mod judge;

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use xerus_rpc::action::{Action, Plan, Ticket};
use xerus_rpc::error::ErrorKind;
use xerus_rpc::files::UploadEndpoint;
use xerus_rpc::wire::{BoxFuture, Part, Query};
use xerus_rpc::{Error, Outcome, Time};

use self::judge::Judge;
use super::FilesError;
use super::place::Place;
use super::send::Sending;
use super::standing::{Kind, Standing};

/// How far a device is with a configuration that it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// It says nothing of it yet.
    Waiting,
    /// It is being put in force.
    Applying {
        /// Since when, by the clock of the device.
        since: Time,
    },
}

/// A configuration that is in force, as the device says, or the link unit that it was sent to: the status of that one unit was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// Since when, by the clock of the device.
    pub at: Time,
    /// What is known of the upload: [`Executed`](Outcome::Executed), or [`Unknown`](Outcome::Unknown) when its answer was lost and
    /// the status shows that a configuration came into force after it, this one or somebody else's.
    pub outcome: Outcome,
}

/// A configuration that a device took and works on. It tells what happens, can be awaited, and gives tickets; see
/// [`xerus_rpc::action`].
pub type Applying = Action<Stage, Applied>;

/// Asked so often, and first after this time, unless said otherwise.
const INTERVAL: Duration = Duration::from_secs(2);
const DEADLINE: Duration = Duration::from_secs(15 * 60);
/// So long is a device asked that perhaps took nothing.
const DOUBTFUL: Duration = Duration::from_secs(2 * 60);

/// Whose status it is.
const BEFORE: &str = "status before";
/// There if the answer to the upload was lost.
const LOST: &str = "answer";

/// A configuration that has not been sent. Awaited, it is sent once, and the device is asked until it says how that ended.
#[must_use = "nothing is sent before this is awaited"]
pub struct Apply {
    kind: Kind,
    place: Place,
    rid: Result<String, Error>,
    form: Result<Form, Error>,
    sending: Sending,
    interval: Duration,
    deadline: Duration,
}

/// What is sent, and where to.
struct Form {
    endpoint: UploadEndpoint,
    query: Query,
    parts: Vec<Part>,
}

impl Apply {
    pub(super) fn new(
        kind: Kind,
        place: &Place,
        rid: Result<String, Error>,
        endpoint: UploadEndpoint,
        query: Result<Query, Error>,
        parts: Vec<Part>,
    ) -> Self {
        Self {
            kind,
            place: place.clone(),
            rid,
            form: query.map(|query| Form {
                endpoint,
                query,
                parts,
            }),
            sending: Sending::default(),
            interval: INTERVAL,
            deadline: DEADLINE,
        }
    }

    /// Calls `progress` with the bytes that the connection has taken, and with all of them, where the length of each source is
    /// known. It must not block.
    pub fn progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.sending.progress = Some(Box::new(progress));
        self
    }

    /// The upload is given up when nothing has moved for this long. Default: 60 s.
    pub fn idle_timeout(mut self, time: Duration) -> Self {
        self.sending.idle_timeout = Some(time);
        self
    }

    /// Time for the upload. Default: no limit.
    pub fn upload_timeout(mut self, time: Duration) -> Self {
        self.sending.timeout = Some(time);
        self
    }

    /// Time between two looks at the status, 100 ms to a day. Default: 2 s.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How long the device may take, restarts included, counted from its answer to the upload. Default: 15 min. When the answer is
    /// lost, the status is read for 2 min at most.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    fn plan(&self, before: Standing) -> Plan {
        Plan::new()
            .delay(self.interval.min(self.deadline / 2))
            .interval(self.interval)
            .timeout(self.deadline)
            .note(BEFORE, judge::written(before))
    }

    /// Reads the status, sends the configuration, and gives what is needed to watch the device work on it.
    ///
    /// # Errors
    ///
    /// [`Refused`](FilesError::Refused) with the code of the device, [`NotThere`](FilesError::NotThere) when the firmware has no
    /// such upload or status, else what the transfer met with.
    pub async fn begin(self) -> Result<Applying, FilesError> {
        let what = self.kind.name();
        let sorted = |error| FilesError::sorted(what, error);
        let rid = self.rid.clone()?;
        let agent = self.place.agent().clone();
        let before = self.kind.look(&agent, &rid).await.map_err(sorted)?;
        let plan = self.plan(before);
        let doubtful = plan
            .clone()
            .timeout(self.deadline.min(DOUBTFUL))
            .note(LOST, "lost");
        let Form {
            endpoint,
            query,
            parts,
        } = self.form?;
        let (place, sending) = (self.place, self.sending);
        let judge = Judge::new(self.kind);
        let start = Action::start_with(&agent, rid, what, async move {
            sending.send(&place, endpoint, query, parts).await
        });
        let begin = start
            .plan(|_| plan)
            .check(move |agent, ticket| judge.clone().look(agent, ticket));
        match begin.await {
            Ok(applying) => Ok(applying),
            Err(error) if is_lost(error.error()) => error.watch(doubtful).map_err(sorted),
            Err(error) => Err(sorted(error.into())),
        }
    }
}

/// Whether the form may have arrived, and no answer says what became of it.
fn is_lost(error: &Error) -> bool {
    let no_answer = matches!(
        error.kind(),
        ErrorKind::ConnectionLost
            | ErrorKind::Timeout(_)
            | ErrorKind::HttpProtocol(_)
            | ErrorKind::Protocol(_)
    );
    no_answer && error.outcome() == Outcome::Unknown
}

/// Asks on with a ticket.
pub(super) fn resume(kind: Kind, place: &Place, ticket: Ticket) -> Result<Applying, FilesError> {
    if ticket.action() != kind.name() {
        return Err(FilesError::BadFile(format!(
            "the ticket is one of a {:?} and not of a {}: give it to whoever made it",
            ticket.action(),
            kind.name(),
        )));
    }
    let judge = Judge::new(kind);
    let resumed = Action::resume(place.agent(), ticket, move |agent, ticket| {
        judge.clone().look(agent, ticket)
    });
    Ok(resumed?)
}

impl IntoFuture for Apply {
    type Output = Result<Applied, FilesError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.begin().await?.await?) })
    }
}

impl fmt::Debug for Apply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The form may have passwords.
        f.debug_struct("Apply")
            .field("kind", &self.kind)
            .field("place", &self.place)
            .field("sending", &self.sending)
            .field("interval", &self.interval)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
