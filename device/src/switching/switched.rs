//! What became of an outlet.

use xerus_api::pdumodel::Outlet;
use xerus_api::pdumodel::outlet::State;
use xerus_rpc::Outcome;

use super::SwitchError;

/// What was done to an outlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// Nothing was sent: the outlet was as it should be.
    Already,
    /// Nothing was sent: the outlet was on its way, in a sequence or a cycle.
    UnderWay,
    /// The call was sent, once.
    Sent,
}

/// An outlet that is as it should be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Switched {
    /// What was done.
    pub change: Change,
    /// What is known of the call: [`Executed`](Outcome::Executed), or [`Unknown`](Outcome::Unknown) when its answer was lost and the
    /// state shows that it is done, by this call or by somebody else. [`NotExecuted`](Outcome::NotExecuted) when none was sent.
    pub outcome: Outcome,
    /// The state that was read last.
    pub state: State,
}

/// What became of one of several outlets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The outlet.
    pub outlet: Outlet,
    /// How it went.
    pub result: Result<Switched, SwitchError>,
}
