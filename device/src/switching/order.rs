//! How outlets are told what they should become.

use xerus_api::pdumodel::{Outlet, OutletGroup, Pdu};
use xerus_rpc::{Agent, Call, Checked, Error};

use super::goal::Goal;

/// How outlets are told.
pub(super) enum Order<'a> {
    /// Each by a call of its own.
    Each,
    /// By one call to their group, if it is for all of them.
    Group(&'a OutletGroup),
    /// By one call to the PDU, which keeps its sequence; the numbers of all outlets, from 0.
    Sequence(&'a Pdu, &'a [i32]),
}

/// What came of the calls, for each outlet that was to be told.
pub(super) struct Told {
    pub(super) results: Vec<Result<(), Error>>,
    /// One call was for all of them: a refusal may be meant for some only.
    pub(super) together: bool,
}

impl Order<'_> {
    /// Tells those of `outlets` that are `wanted`. Each call is sent once.
    pub(super) async fn tell(
        &self,
        agent: &Agent,
        outlets: &[Outlet],
        wanted: &[usize],
        goal: Goal,
    ) -> Told {
        let all = wanted.len() == outlets.len();
        let together = match (self, goal) {
            (Self::Group(group), Goal::Power(power)) if all => {
                Some(group.set_all_outlet_power_states(power))
            }
            (Self::Group(group), Goal::Cycle) if all => Some(group.cycle_all_outlet_power_states()),
            (Self::Sequence(pdu, numbers), goal) => {
                let numbers: Vec<i32> = wanted.iter().map(|&index| numbers[index]).collect();
                Some(match goal {
                    Goal::Power(power) => {
                        pdu.set_multiple_outlet_power_states(&numbers, power, true)
                    }
                    Goal::Cycle => pdu.cycle_multiple_outlet_power_states(&numbers, true),
                })
            }
            _ => None,
        };
        match together {
            Some(call) => Told {
                results: vec![call.await; wanted.len()],
                together: true,
            },
            None => Told {
                results: each(agent, outlets, wanted, goal).await,
                together: false,
            },
        }
    }
}

async fn each(
    agent: &Agent,
    outlets: &[Outlet],
    wanted: &[usize],
    goal: Goal,
) -> Vec<Result<(), Error>> {
    let mut calls: Vec<_> = wanted
        .iter()
        .map(|&index| call(&outlets[index], goal))
        .collect();
    if calls.len() == 1 {
        let only = calls.remove(0);
        return vec![only.await];
    }
    match agent.bulk(calls).await {
        Ok(results) => results.into_vec(),
        // Of the calls in the request that failed, each may have been executed.
        Err(error) => vec![Err(error); wanted.len()],
    }
}

fn call(outlet: &Outlet, goal: Goal) -> Call<(), Checked> {
    match goal {
        Goal::Power(power) => outlet.set_power_state(power),
        Goal::Cycle => outlet.cycle_power_state(),
    }
}
