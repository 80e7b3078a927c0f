//! Calls of a recording.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Found, Replay};
use crate::call::is_repeatable;
use crate::error::Error;
use crate::id::RequestId;
use crate::recording::answer::{given_up, reply};
use crate::recording::bulk;
use crate::recording::entry::{Answer, Entry, What};
use crate::recording::json::Node;
use crate::recording::layer::called;
use crate::wire::{Item, Reply, Request};

impl Replay {
    /// Waits as the recording says, and no longer than the call may take.
    pub(super) async fn wait(
        &self,
        answer: &Answer,
        took: Duration,
        limit: Duration,
        repeatable: bool,
    ) -> Result<(), Error> {
        let never = *answer == Answer::GivenUp;
        if self.timed {
            let time = if never { limit } else { took.min(limit) };
            tokio::time::sleep(time).await;
        }
        if never || (self.timed && took > limit) {
            return Err(given_up(limit, repeatable));
        }
        Ok(())
    }

    pub(super) async fn answer(&self, request: &Request) -> Result<Reply, Error> {
        let made = What::Call(called(request));
        match bulk::parts(request) {
            // A bulk request whose answer could not be divided was recorded as one.
            Some(parts) if !self.has_whole_bulk() => self.answer_parts(request, &parts).await,
            _ => {
                let Found { entry } = self.find(&made, request.is_repeatable())?;
                self.give(request, entry, &entry.answer, entry.took).await
            }
        }
    }

    fn has_whole_bulk(&self) -> bool {
        self.entries.iter().any(|entry| {
            let called = entry.what.called();
            called.is_some_and(|called| bulk::is_bulk(&called.target, &called.method))
        })
    }

    async fn answer_parts(&self, request: &Request, parts: &[bulk::Part]) -> Result<Reply, Error> {
        let found = self.find_parts(request, parts)?;
        let took = found.iter().map(|found| found.entry.took).max();
        let took = took.unwrap_or_default();
        let answers: Vec<Answer> = found
            .iter()
            .map(|found| found.entry.answer.clone())
            .collect();
        let answer = match bulk::result(parts, &answers) {
            Ok(result) => Answer::Result(result),
            Err(answer) => answer,
        };
        match found.first() {
            Some(first) => self.give(request, first.entry, &answer, took).await,
            None => {
                let none = Node::object([("responses", Some(Node::List(Vec::new())))]);
                let id = self.id();
                reply(&Answer::Result(none), id, took, false)
                    .map_err(|error| error.unwrap_or_else(|_| Error::unsupported("no bulk")))
            }
        }
    }

    /// The entries of all calls of a bulk request; none is used if one is not there.
    fn find_parts(&self, request: &Request, parts: &[bulk::Part]) -> Result<Vec<Found<'_>>, Error> {
        let mut progress = self.progress();
        let mut tried = progress.clone();
        let mut found = Vec::with_capacity(parts.len());
        for part in parts {
            let repeatable = request.is_repeatable() || is_repeatable(&part.called.method);
            let made = What::Call(part.called.clone());
            let at = self.search().take(&made, repeatable, &mut tried);
            let at = at.map_err(|error| self.refuse(error))?;
            found.push(Found {
                entry: &self.entries[at],
            });
        }
        *progress = tried;
        Ok(found)
    }

    pub(super) async fn give(
        &self,
        request: &Request,
        entry: &Entry,
        answer: &Answer,
        took: Duration,
    ) -> Result<Reply, Error> {
        let repeatable = request.is_repeatable();
        self.wait(answer, took, request.timeout(), repeatable)
            .await?;
        reply(answer, self.id(), took, repeatable).map_err(|error| match error {
            Ok(error) => error.with_origin(&*self.origin),
            Err(what) => self.not_kept(entry, &what),
        })
    }

    fn id(&self) -> RequestId {
        RequestId::new(self.ids.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) async fn progress_of(&self, request: &Request) -> Vec<Result<Item, Error>> {
        let made = What::Stream(called(request));
        let entry = match self.find(&made, request.is_repeatable()) {
            Ok(found) => found.entry,
            Err(error) => return vec![Err(error)],
        };
        let (reports, end): (&[Node], &Answer) = match &entry.answer {
            Answer::Progress(reports, end) => (reports, end),
            other => (&[], other),
        };
        let mut items: Vec<_> = reports
            .iter()
            .map(|report| Ok(Item::Progress(Reply::bare(report.compact()))))
            .collect();
        let last = self.give(request, entry, end, entry.took).await;
        items.push(last.map(Item::Final));
        items
    }
}
