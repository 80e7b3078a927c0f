//! Reads the lines of a scenario.

use std::str::FromStr;
use std::time::Duration;

use super::action::Action;
use super::error::ScenarioError;
use crate::fault::FaultRule;
use crate::model::update::UpdateEnding;
use crate::model::{Firmware, Line, Place, Power, Quantity, Reported, SensorId};

/// What may happen, for messages.
pub(super) const VERBS: &str =
    "outlet, load, read, trip, reset, firmware, restart, updates, rescue, fault, end";

/// The words of a line, taken one after the other.
struct Words<'t> {
    number: usize,
    line: &'t str,
    rest: &'t str,
    /// Where the last word began.
    at: usize,
}

/// What happens by one line; nothing by an empty one.
pub(super) fn line(number: usize, line: &str) -> Result<Option<(Duration, Action)>, ScenarioError> {
    let said = line.split('#').next().unwrap_or_default();
    let mut words = Words {
        number,
        line,
        rest: said,
        at: 0,
    };
    if said.trim().is_empty() {
        return Ok(None);
    }
    words.one_of(&[("at", ())])?;
    let time = words.time()?;
    let action = words.action()?;
    match words.rest.trim() {
        "" => Ok(Some((time, action))),
        _ => {
            words.next("nothing")?;
            Err(words.error("nothing more may stand here"))
        }
    }
}

impl<'t> Words<'t> {
    fn next(&mut self, wanted: &str) -> Result<&'t str, ScenarioError> {
        let rest = self.rest.trim_start();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.at = word.as_ptr() as usize - self.line.as_ptr() as usize;
        self.rest = rest;
        if word.is_empty() {
            return Err(self.error(format!("{wanted} is missing")));
        }
        Ok(word)
    }

    /// An error about the last word.
    fn error(&self, problem: impl Into<String>) -> ScenarioError {
        let before = self.line.get(..self.at).unwrap_or(self.line);
        ScenarioError {
            line: self.number,
            column: before.chars().count() + 1,
            problem: problem.into(),
        }
    }

    fn one_of<T: Clone>(&mut self, known: &[(&str, T)]) -> Result<T, ScenarioError> {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        let names = names.join(", ");
        let word = self.next(&format!("one of {names}"))?;
        let found = known.iter().find(|(name, _)| *name == word);
        found
            .map(|(_, value)| value.clone())
            .ok_or_else(|| self.error(format!("`{word}` means nothing here: it may be {names}")))
    }

    fn time(&mut self) -> Result<Duration, ScenarioError> {
        let word = self.next("a time")?;
        let digits = word
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(word.len());
        let (number, unit) = word.split_at(digits);
        let number: Option<u64> = number.parse().ok();
        let time = number.and_then(|number| match unit {
            "ms" => Some(Duration::from_millis(number)),
            "s" => Some(Duration::from_secs(number)),
            "m" => number.checked_mul(60).map(Duration::from_secs),
            "h" => number.checked_mul(3_600).map(Duration::from_secs),
            _ => None,
        });
        time.ok_or_else(|| {
            self.error(format!(
                "`{word}` is no time: write a whole number and ms, s, m or h, as in 10s"
            ))
        })
    }

    fn parsed<T: FromStr>(&mut self, wanted: &str) -> Result<T, ScenarioError> {
        let word = self.next(wanted)?;
        word.parse()
            .map_err(|_| self.error(format!("`{word}` is not {wanted}")))
    }

    /// A number that counts from 1, as index.
    fn index(&mut self, of: &str) -> Result<usize, ScenarioError> {
        let wanted = format!("the number of {of}, from 1");
        let number: usize = self.parsed(&wanted)?;
        number
            .checked_sub(1)
            .ok_or_else(|| self.error(format!("0 is not {wanted}")))
    }

    fn number(&mut self, wanted: &str) -> Result<f64, ScenarioError> {
        let number: f64 = self.parsed(wanted)?;
        if number.is_finite() {
            Ok(number)
        } else {
            Err(self.error(format!("{number} is not {wanted}")))
        }
    }

    fn action(&mut self) -> Result<Action, ScenarioError> {
        let verb = self.next(&format!("one of {VERBS}"))?;
        match verb {
            "outlet" => self.outlet(),
            "load" => Ok(Action::Load {
                outlet: self.index("an outlet")?,
                watts: self.number("a power in watts")?,
                power_factor: self.number("a power factor, 0.1 to 1")?,
            }),
            "read" => self.read(),
            "trip" | "reset" => Ok(Action::Trip {
                ocp: self.index("an overcurrent protector")?,
                tripped: verb == "trip",
            }),
            "firmware" => {
                let known = Firmware::ALL.map(|firmware| (firmware.name(), firmware));
                Ok(Action::Firmware(self.one_of(&known)?))
            }
            "restart" => Ok(Action::Restart),
            "rescue" => Ok(Action::Rescue),
            "updates" => self
                .one_of(&[
                    ("succeed", UpdateEnding::Succeeds),
                    ("fail", UpdateEnding::FailsAt { percent: 50 }),
                    ("keep-old", UpdateEnding::OldVersion),
                    ("stay-away", UpdateEnding::StaysAway),
                    ("never-end", UpdateEnding::NeverEnds),
                ])
                .map(Action::Updates),
            "end" => self.one_of(&[
                ("sessions", Action::EndSessions),
                ("faults", Action::EndFaults),
            ]),
            "fault" => {
                let text = self.next("a fault")?;
                let rule: Result<FaultRule, _> = text.parse();
                rule.map(Action::Fault)
                    .map_err(|error| self.error(error.to_string()))
            }
            _ => Err(self.error(format!("`{verb}` does not happen: it may be {VERBS}"))),
        }
    }

    fn outlet(&mut self) -> Result<Action, ScenarioError> {
        let outlet = self.index("an outlet")?;
        let power = [
            ("on", Some(Power::On)),
            ("off", Some(Power::Off)),
            ("cycle", None),
        ];
        Ok(match self.one_of(&power)? {
            Some(power) => Action::Switch { outlet, power },
            None => Action::Cycle { outlet },
        })
    }

    fn read(&mut self) -> Result<Action, ScenarioError> {
        let place = self.place()?;
        let word = self.next("a quantity")?;
        let known = Quantity::ALL
            .iter()
            .find(|quantity| quantity.name() == word);
        let quantity = *known.ok_or_else(|| {
            let names: Vec<_> = Quantity::ALL
                .iter()
                .map(|quantity| quantity.name())
                .collect();
            self.error(format!(
                "`{word}` is not measured: it may be {}",
                names.join(", ")
            ))
        })?;
        let word = self.next("a value, `unavailable` or `measured`")?;
        let reported = match word {
            "measured" => None,
            "unavailable" => Some(Reported::Unavailable),
            number => match number.parse() {
                Ok(value) if f64::is_finite(value) => Some(Reported::Value(value)),
                _ => {
                    let problem = "is no value: write a number, `unavailable` or `measured`";
                    return Err(self.error(format!("`{word}` {problem}")));
                }
            },
        };
        Ok(Action::Read {
            sensor: SensorId::new(place, quantity),
            reported,
        })
    }

    fn place(&mut self) -> Result<Place, ScenarioError> {
        let known = ["pdu", "inlet", "pole", "outlet", "ocp", "slot"].map(|name| (name, name));
        Ok(match self.one_of(&known)? {
            "inlet" => Place::Inlet(self.index("an inlet")?),
            "pole" => {
                let inlet = self.index("an inlet")?;
                let lines = [
                    ("L1", Line::L1),
                    ("L2", Line::L2),
                    ("L3", Line::L3),
                    ("N", Line::Neutral),
                ];
                Place::Pole(inlet, self.one_of(&lines)?)
            }
            "outlet" => Place::Outlet(self.index("an outlet")?),
            "ocp" => Place::Ocp(self.index("an overcurrent protector")?),
            "slot" => Place::Slot(self.index("a slot")?),
            _ => Place::Pdu,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn problem(text: &str) -> String {
        text.parse::<Scenario>().unwrap_err().to_string()
    }

    #[test]
    fn every_kind_of_line_is_read_and_they_are_put_in_order() {
        let text = "# all of them\n\
            at 1h outlet 3 cycle\n\
            at 10s outlet 3 off # now\n\
            at 500ms load 3 120 0.95\n\n\
            at 10s read pole 1 L2 current 3.5\n\
            at 10s read pdu activePower unavailable\n\
            at 10s read slot 1 temperature measured\n\
            at 5m trip 2\n\
            at 6m reset 2\n\
            at 7m firmware 4.0.20\n\
            at 7m updates keep-old\n\
            at 7m restart\n\
            at 7m rescue\n\
            at 8m end sessions\n\
            at 9m fault close-unanswered,times=2\n\
            at 10m end faults\n";
        let scenario: Scenario = text.parse().unwrap();
        let times: Vec<_> = scenario
            .0
            .iter()
            .map(|(time, _)| time.as_millis())
            .collect();
        assert_eq!(times.len(), 15);
        assert!(times.is_sorted(), "{times:?}");
        assert_eq!((times[0], times[14]), (500, 3_600_000));
        assert!(matches!(
            scenario.0[1].1,
            Action::Switch {
                outlet: 2,
                power: Power::Off
            }
        ));
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_place_and_what_may_stand_there() {
        for (text, wanted) in [
            (
                "\n  outlet 3 off",
                "2:3: `outlet` means nothing here: it may be at",
            ),
            (
                "at 10 outlet 3 off",
                "1:4: `10` is no time: write a whole number and ms, s, m or h, as in 10s",
            ),
            (
                "at 10s explode",
                "1:8: `explode` does not happen: it may be outlet, load,",
            ),
            (
                "at 10s outlet 0 off",
                "1:15: 0 is not the number of an outlet, from 1",
            ),
            (
                "at 10s outlet 3 out",
                "1:17: `out` means nothing here: it may be on, off, cycle",
            ),
            ("at 10s outlet 3", "1:16: one of on, off, cycle is missing"),
            ("at 10s trip 1 2", "1:15: nothing more may stand here"),
            (
                "at 10s read inlet 1 volts 3",
                "1:21: `volts` is not measured: it may be voltage,",
            ),
            ("at 10s read inlet 1 voltage inf", "1:29: `inf` is no value"),
            (
                "at 10s firmware 9.9",
                "1:17: `9.9` means nothing here: it may be 3.6.80, 4.0.20, 4.4.1",
            ),
        ] {
            let said = problem(text);
            assert!(said.starts_with(wanted), "{text}: {said}");
        }
    }
}
