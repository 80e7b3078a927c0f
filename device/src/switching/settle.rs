//! From the first look at the outlets to the last.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use xerus_api::pdumodel::Outlet;
use xerus_api::pdumodel::outlet::State;
use xerus_rpc::{Agent, Error, Outcome};

use super::goal::{Before, Goal, Need};
use super::order::Order;
use super::switched::{Change, Report, Switched};
use super::{SwitchError, Switching};
use crate::older;

/// No look at the state takes longer.
const LONGEST_LOOK: Duration = Duration::from_secs(30);
const SHORTEST_LOOK: Duration = Duration::from_secs(1);

/// An outlet on its way.
struct Waiting {
    index: usize,
    change: Change,
    outcome: Outcome,
    before: Before,
    state: State,
    /// What the device answered to the call for several outlets.
    refusal: Option<Error>,
}

impl Switching {
    /// Looks, tells those that need it, and looks until all have settled.
    pub(super) async fn carry_out(
        &self,
        outlets: &[Outlet],
        goal: Goal,
        order: Order<'_>,
    ) -> Vec<Report> {
        let deadline = Instant::now() + self.deadline;
        let agent = &self.agent;
        // One that is named twice is switched once.
        let mut ours: Vec<Outlet> = Vec::new();
        let mut places = Vec::new();
        let mut results: Vec<Option<Result<Switched, SwitchError>>> = Vec::new();
        for outlet in outlets {
            let known = ours.iter().position(|known| known.rid() == outlet.rid());
            places.push(known.unwrap_or(ours.len()));
            if known.is_none() {
                let (outlet, refused) = match older::to_switch(outlet, agent) {
                    Ok(outlet) => (outlet, None),
                    Err(error) => (outlet.clone(), Some(Err(SwitchError::Call(error)))),
                };
                ours.push(outlet);
                results.push(refused);
            }
        }
        let mut waiting = Vec::new();
        let mut wanted = Vec::new();
        let usable: Vec<usize> = (0..ours.len())
            .filter(|&index| results[index].is_none())
            .collect();
        let states = look(agent, &ours, &usable, deadline).await;
        for (index, state) in usable.into_iter().zip(states) {
            let state = match state {
                Ok(state) => state,
                Err(error) => {
                    results[index] = Some(Err(SwitchError::Call(error)));
                    continue;
                }
            };
            let one = Waiting {
                index,
                change: Change::UnderWay,
                outcome: Outcome::NotExecuted,
                before: Goal::before(&state),
                state,
                refusal: None,
            };
            match goal.need(&one.state) {
                Need::Nothing => {
                    results[index] = Some(Ok(one.switched(Change::Already)));
                }
                Need::Wait => waiting.push(one),
                Need::Send => wanted.push(one),
                Need::Fail(error) => results[index] = Some(Err(error)),
            }
        }

        if !wanted.is_empty() {
            let indexes: Vec<usize> = wanted.iter().map(|one| one.index).collect();
            let told = order.tell(agent, &ours, &indexes, goal).await;
            for (mut one, result) in wanted.into_iter().zip(told.results) {
                one.change = Change::Sent;
                one.outcome = Outcome::Executed;
                match result {
                    Ok(()) => {}
                    Err(error) if error.as_application().is_some() => {
                        if !told.together {
                            results[one.index] = Some(Err(SwitchError::Refused(error)));
                            continue;
                        }
                        one.refusal = Some(error);
                    }
                    Err(error) if !error.may_have_executed() => {
                        results[one.index] = Some(Err(SwitchError::Call(error)));
                        continue;
                    }
                    // It is not sent again: the state says what became of it.
                    Err(error) => one.outcome = error.outcome(),
                }
                waiting.push(one);
            }
        }

        self.settle(&ours, goal, deadline, waiting, &mut results)
            .await;
        let reports = outlets.iter().zip(places).map(|(outlet, place)| Report {
            outlet: outlet.clone(),
            result: results[place]
                .clone()
                .expect("each outlet has settled, or failed at the deadline"),
        });
        reports.collect()
    }

    async fn settle(
        &self,
        outlets: &[Outlet],
        goal: Goal,
        deadline: Instant,
        mut waiting: Vec<Waiting>,
        results: &mut [Option<Result<Switched, SwitchError>>],
    ) {
        while !waiting.is_empty() {
            let begun = Instant::now();
            let indexes: Vec<usize> = waiting.iter().map(|one| one.index).collect();
            let states = look(&self.agent, outlets, &indexes, deadline).await;
            let is_over = Instant::now() >= deadline;
            let mut still = Vec::new();
            for (mut one, state) in waiting.into_iter().zip(states) {
                let index = one.index;
                match one.seen(goal, state, is_over) {
                    Some(result) => results[index] = Some(result),
                    None => still.push(one),
                }
            }
            waiting = still;
            if !waiting.is_empty() {
                sleep_until((begun + self.pause).min(deadline)).await;
            }
        }
    }
}

impl Waiting {
    fn switched(self, change: Change) -> Switched {
        Switched {
            change,
            outcome: self.outcome,
            state: self.state,
        }
    }

    /// What the look at the outlet means; `None` while it is to be looked at again.
    fn seen(
        &mut self,
        goal: Goal,
        state: Result<State, Error>,
        is_over: bool,
    ) -> Option<Result<Switched, SwitchError>> {
        let outcome = self.outcome;
        match state {
            Ok(state) => self.state = state,
            // A device that is away may come back.
            Err(error) if !is_over && error.is_retryable() => return None,
            Err(error) => return Some(Err(SwitchError::Unread { outcome, error })),
        }
        if goal.is_reached(&self.state, &mut self.before) {
            return Some(Ok(Switched {
                change: self.change,
                outcome,
                state: self.state.clone(),
            }));
        }
        if !Goal::is_coming(&self.state)
            && let Some(error) = self.refusal.take()
        {
            return Some(Err(SwitchError::Refused(error)));
        }
        is_over.then(|| {
            Err(SwitchError::NotSettled {
                outcome,
                state: Box::new(self.state.clone()),
            })
        })
    }
}

/// The states of some outlets, in one bulk.
async fn look(
    agent: &Agent,
    outlets: &[Outlet],
    indexes: &[usize],
    deadline: Instant,
) -> Vec<Result<State, Error>> {
    if indexes.is_empty() {
        return Vec::new();
    }
    let left = deadline.saturating_duration_since(Instant::now());
    let left = left.clamp(SHORTEST_LOOK, LONGEST_LOOK);
    if let [only] = *indexes {
        return vec![outlets[only].get_state().timeout(left).await];
    }
    let calls = indexes.iter().map(|&index| outlets[index].get_state());
    match agent.bulk(calls).timeout(left).await {
        Ok(states) => states.into_vec(),
        Err(error) => vec![Err(error); indexes.len()],
    }
}
