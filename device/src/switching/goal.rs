//! What an outlet should become.

use xerus_api::pdumodel::outlet::{PowerState, State};
use xerus_rpc::Time;

use super::SwitchError;

/// What an outlet should become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Power(PowerState),
    Cycle,
}

/// What has to be done for it.
pub(super) enum Need {
    Nothing,
    /// It comes by itself.
    Wait,
    Send,
    Fail(SwitchError),
}

/// What is remembered of an outlet until it has settled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    changed: Time,
    /// The cycle was seen.
    seen: bool,
}

fn is_under_way(state: &State) -> bool {
    state.switch_on_in_progress || state.cycle_in_progress
}

impl Goal {
    pub(super) fn of(on: bool) -> Self {
        Self::Power(if on {
            PowerState::PsOn
        } else {
            PowerState::PsOff
        })
    }

    /// What has to be done for an outlet with this state.
    pub(super) fn need(self, state: &State) -> Need {
        let on = state.power_state == PowerState::PsOn;
        match self {
            _ if !state.available => Need::Fail(SwitchError::Unavailable),
            Self::Cycle if state.cycle_in_progress => Need::Wait,
            Self::Cycle if on => Need::Send,
            Self::Cycle => Need::Fail(SwitchError::NotOn),
            // One that would go on again by itself is not off.
            Self::Power(PowerState::PsOff) if !on && !is_under_way(state) => Need::Nothing,
            Self::Power(PowerState::PsOff) => Need::Send,
            Self::Power(_) if on => Need::Nothing,
            Self::Power(_) if is_under_way(state) => Need::Wait,
            Self::Power(_) => Need::Send,
        }
    }

    pub(super) fn before(state: &State) -> Before {
        Before {
            changed: state.last_power_state_change,
            seen: state.cycle_in_progress,
        }
    }

    /// Whether the outlet is as it should be.
    pub(super) fn is_reached(self, state: &State, before: &mut Before) -> bool {
        if !state.available {
            return false;
        }
        let settled = !is_under_way(state);
        match self {
            Self::Power(power) => settled && state.power_state == power,
            Self::Cycle => {
                let on = state.power_state == PowerState::PsOn;
                before.seen |= !on || state.cycle_in_progress;
                // A short cycle may be over before anybody looks.
                let changed = state.last_power_state_change != before.changed;
                on && settled && (before.seen || changed)
            }
        }
    }

    /// Whether waiting for it makes sense although the device refused a call for several outlets, this one among them.
    pub(super) fn is_coming(state: &State) -> bool {
        is_under_way(state)
    }
}
