//! Sending many calls over a wire, whatever it can do.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use super::answer::Pairing;
use super::request::{BULK_RID, Chunk};
use super::slot::Accept;
use crate::agent::Agent;
use crate::call::Plan;
use crate::call::results::Callee;
use crate::codec::Reader;
use crate::error::{BulkError, DecodeError, Error, Outcome};
use crate::settings::MAX_BULK_CALLS;
use crate::wire::Reply;

/// Whether a call is itself a request with calls.
pub(super) fn is_bulk(target: &str, method: &str) -> bool {
    method.starts_with("perform") && target.trim_matches('/') == BULK_RID.trim_matches('/')
}

/// Takes the results of a request of which an earlier attempt was lost: what the calls in it are refused for now may have
/// been executed then.
struct AfterLostAttempt<'a>(&'a mut (dyn Accept + Send));

impl Accept for AfterLostAttempt<'_> {
    fn accept(
        &mut self,
        index: usize,
        plan: &Plan,
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        self.0.accept(index, plan, callee, reader)
    }

    fn reject(&mut self, index: usize, error: Error) {
        self.0.reject(index, error.after_a_lost_attempt());
    }

    fn forget(&mut self, index: usize) {
        self.0.forget(index);
    }
}

/// Calls on their way, without the types of their results.
pub(super) struct Sending {
    agent: Agent,
    plans: Vec<Plan>,
    /// Calls per request.
    calls: usize,
    /// Bytes per request.
    bytes: usize,
    timeout: Option<Duration>,
}

impl Sending {
    pub(super) fn new(agent: &Agent, plans: Vec<Plan>) -> Self {
        let settings = agent.settings();
        Self {
            agent: agent.clone(),
            plans,
            calls: settings.bulk_calls,
            bytes: settings.bulk_bytes,
            timeout: None,
        }
    }

    pub(super) fn push(&mut self, plan: Plan) {
        self.plans.push(plan);
    }

    pub(super) fn len(&self) -> usize {
        self.plans.len()
    }

    pub(super) fn set_chunk(&mut self, calls: usize) {
        self.calls = calls;
    }

    pub(super) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// Sends all, and gives what comes back to `slots`.
    pub(super) async fn send(mut self, slots: &mut (dyn Accept + Send)) -> Result<(), Error> {
        self.calls = self.calls.clamp(1, MAX_BULK_CALLS);
        let ready = self.prepare(slots);
        let can = self.agent.capabilities();
        if can.bulk {
            self.in_chunks(&ready, slots).await
        } else {
            // What cannot be pipelined is sent one by one: the same, with one at a time.
            let at_a_time = if can.pipeline { self.calls } else { 1 };
            self.each_alone(&ready, at_a_time, slots).await
        }
    }

    /// The calls that can be sent; the others get their error.
    fn prepare(&self, slots: &mut dyn Accept) -> Vec<usize> {
        let mut ready = Vec::with_capacity(self.plans.len());
        for (index, plan) in self.plans.iter().enumerate() {
            let refusal = if !plan.agent.ptr_eq(&self.agent) {
                Some(plan.blame(BulkError::ForeignAgent.into()))
            } else if is_bulk(&plan.target, plan.method.name()) {
                // Devices could be made to nest them without end.
                let what = "a bulk inside a bulk is not sent; put its calls into this one";
                Some(plan.blame(Error::unsupported(what)))
            } else {
                plan.check().err()
            };
            match refusal {
                Some(error) => slots.reject(index, error),
                None => ready.push(index),
            }
        }
        ready
    }

    async fn in_chunks(
        &self,
        ready: &[usize],
        slots: &mut (dyn Accept + Send),
    ) -> Result<(), Error> {
        let mut rest = ready;
        let mut answered = false;
        while !rest.is_empty() {
            let chunk = Chunk::take(&self.agent, &mut rest, &self.plans, self.calls, self.bytes);
            let Err(error) = self.send_chunk(&chunk, slots).await else {
                answered = true;
                continue;
            };
            if !answered {
                return Err(error);
            }
            for index in chunk.indexes() {
                slots.reject(index, error.clone());
            }
            self.not_sent(rest, &error, slots);
            break;
        }
        Ok(())
    }

    async fn send_chunk(
        &self,
        chunk: &Chunk<'_>,
        slots: &mut (dyn Accept + Send),
    ) -> Result<(), Error> {
        let outer = chunk.outer_call(&self.agent, self.timeout);
        let reply = outer.send().await?;
        slots.answered(reply.meta(), &mut chunk.calls());
        let mut after_lost = AfterLostAttempt(slots);
        let slots: &mut (dyn Accept + Send) = if reply.meta().attempt_lost {
            &mut after_lost
        } else {
            after_lost.0
        };
        let mut pairing = Pairing::new(chunk, slots);
        // The result of the request that carries the calls is none of theirs.
        outer
            .receive(&reply, &mut |_, reader| pairing.read(reader))
            .map_err(Error::before_the_result)?;
        pairing.finish().map_err(|error| outer.blame(error))
    }

    /// Each call as a request of its own, on wires that have no bulk.
    async fn each_alone(
        &self,
        ready: &[usize],
        at_a_time: usize,
        slots: &mut (dyn Accept + Send),
    ) -> Result<(), Error> {
        let mut waiting = ready.iter().copied();
        let mut under_way = FuturesUnordered::new();
        let mut answered = false;
        // What ended the connection: nothing is sent after it.
        let mut broken: Option<Error> = None;
        // What became of the calls that failed, where several were under way.
        let (mut may_have_executed, mut repeatable) = (false, true);
        loop {
            while broken.is_none() && under_way.len() < at_a_time {
                let Some(index) = waiting.next() else { break };
                under_way.push(self.send_one(index));
            }
            let Some((index, reply)) = under_way.next().await else {
                break;
            };
            let plan = &self.plans[index];
            match reply {
                Ok(reply) => {
                    answered = true;
                    if let Err(error) = plan.receive(&reply, &mut |callee, reader| {
                        slots.accept(index, plan, callee, reader)
                    }) {
                        slots.reject(index, error);
                    }
                }
                Err(error) => {
                    answered |= !error.is_about_the_connection();
                    may_have_executed |= error.may_have_executed();
                    repeatable &= plan.repeatable;
                    if broken.is_none() && error.is_about_the_connection() {
                        broken = Some(error.clone());
                    }
                    slots.reject(index, error);
                }
            }
        }
        match broken {
            // As with the first request of a bulk: then the error is for the whole.
            Some(error) if !answered => Err(error.with_others(may_have_executed, repeatable)),
            Some(error) => {
                let rest: Vec<usize> = waiting.collect();
                self.not_sent(&rest, &error, slots);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Calls that were not sent because of what became of one before them.
    fn not_sent(&self, indexes: &[usize], error: &Error, slots: &mut dyn Accept) {
        for index in indexes {
            let plan = &self.plans[*index];
            // Of the error only the kind is theirs: it happened to another call.
            let unsent = Error::new(error.kind().clone())
                .with_sent(false, plan.repeatable)
                .with_outcome(Outcome::NotExecuted);
            slots.reject(*index, plan.blame(unsent));
        }
    }

    async fn send_one(&self, index: usize) -> (usize, Result<Reply, Error>) {
        let plan = &self.plans[index];
        let mut plan = plan.clone();
        plan.timeout = self.timeout.or(plan.timeout);
        (index, plan.send().await)
    }
}
