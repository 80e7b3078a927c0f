//! What happens to a device, and when: scenarios as text.

mod action;
mod error;
mod read;
#[cfg(test)]
mod tests;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

pub use self::error::ScenarioError;

use self::action::Action;
use crate::fault::{FaultRule, Faults};
use crate::model::Device;

/// A list of what happens to a device and when, by the device's own clock, counted from its start.
///
/// A line is `at`, a time (`500ms`, `10s`, `5m`, `1h`), and what happens. Empty lines and what follows `#` mean nothing. Parts are
/// counted from 1, as their labels are.
///
/// | line | what happens |
/// |---|---|
/// | `at 10s outlet 3 off` | outlet 3 is switched: `on`, `off` or `cycle` |
/// | `at 10s load 3 120 0.95` | what is plugged into outlet 3 draws 120 W from now on while it is on, at a power factor of 0.95 |
/// | `at 10s read inlet 1 voltage 207.5` | the sensor reads this value from now on |
/// | `at 10s read slot 1 temperature unavailable` | the sensor gives no reading from now on |
/// | `at 10s read pole 1 L2 current measured` | the sensor reads what is measured again |
/// | `at 10s trip 2` | overcurrent protector 2 trips |
/// | `at 10s reset 2` | overcurrent protector 2 is switched on again |
/// | `at 10s firmware 4.4.1` | the device starts anew with this firmware |
/// | `at 10s restart` | the device restarts, and is away for a while |
/// | `at 10s updates fail` | firmware updates that begin later fail half way; also `succeed`, `keep-old`, `stay-away`, `never-end` |
/// | `at 10s rescue` | a device that does not come back from an update is back, with the old firmware |
/// | `at 10s end sessions` | all sessions end |
/// | `at 10s fault close-unanswered,times=2` | a [fault](crate::FaultRule) begins, as `xerus simulate --fault` takes it |
/// | `at 10s end faults` | all faults end |
///
/// A place is `pdu`, `inlet N`, `pole N LINE` (`L1`, `L2`, `L3`, `N`), `outlet N`, `ocp N` or `slot N`; a quantity is named as in
/// the API: `voltage`, `activePower`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xerus_sim::ScenarioError> {
/// use std::time::Duration;
/// use xerus_sim::{Clock, Scenario, Simulator};
///
/// let scenario: Scenario = "
///     at 5s   outlet 1 off
///     at 10s  read inlet 1 voltage 207.5   # a brown-out
/// "
/// .parse()?;
/// let clock = Clock::frozen_at(1_700_000_000);
/// let device = Simulator::builder().clock(clock.clone()).scenario(scenario).in_process();
/// tokio::task::yield_now().await;
/// clock.advance(Duration::from_secs(6));
/// # for _ in 0..8 { tokio::task::yield_now().await; }
/// assert!(!device.device().outlet_state(0).unwrap().power.is_on());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scenario(Vec<(Duration, Action)>);

impl FromStr for Scenario {
    type Err = ScenarioError;

    /// Reads a scenario; lines may be in any order.
    fn from_str(text: &str) -> Result<Self, ScenarioError> {
        let mut steps = Vec::new();
        for (index, line) in text.lines().enumerate() {
            steps.extend(read::line(index + 1, line)?);
        }
        // Stable: what happens at the same time happens in the order of the text.
        steps.sort_by_key(|(time, _)| *time);
        Ok(Self(steps))
    }
}

impl Scenario {
    /// Parts that the scenario names and `device` has not: the first, in words.
    pub(crate) fn missing(&self, device: &Device) -> Option<String> {
        self.0.iter().find_map(|(_, action)| action.missing(device))
    }

    /// The faults that begin some time.
    pub(crate) fn faults(&self) -> Vec<FaultRule> {
        let actions = self.0.iter().map(|(_, action)| action);
        actions
            .filter_map(|action| match action {
                Action::Fault(rule) => Some(rule.clone()),
                _ => None,
            })
            .collect()
    }

    /// Lets everything happen to `device`, beginning now.
    pub(crate) fn play(self, device: &Arc<Device>, faults: &Faults) {
        if self.0.is_empty() {
            return;
        }
        let clock = device.clock().clone();
        let start = clock.now();
        let (weak, faults) = (Arc::downgrade(device), faults.clone());
        device.spawn(async move {
            for (time, action) in self.0 {
                clock.sleep_until(start.saturating_add(time)).await;
                let Some(device) = weak.upgrade() else {
                    return;
                };
                tracing::info!(after = ?time, ?action, "scenario");
                action.happen(&device, &faults);
            }
        });
    }
}
