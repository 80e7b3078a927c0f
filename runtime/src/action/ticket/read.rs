//! How tickets are read.

use std::time::Duration;

use super::Ticket;
use super::form::HEAD;
use super::moment;
use crate::action::plan::{MAX_TIMEOUT, Plan};
use crate::time::Time;

/// More than any ticket needs.
const LONGEST: usize = 64 << 10;

type Read<T> = Result<T, &'static str>;

pub(super) fn read(text: &str) -> Read<Ticket> {
    if text.len() > LONGEST {
        return Err("it is longer than 64 KiB, so it is no ticket");
    }
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let head = lines.next().unwrap_or_default();
    if head != HEAD {
        let of_another = head.starts_with(HEAD.trim_end_matches('1'));
        return Err(if of_another {
            "it was written by another version; resume it with that one"
        } else {
            "the text is no ticket of an action: its first line must say so"
        });
    }
    let mut fields = Vec::new();
    for line in lines {
        let (name, value) = line
            .split_once(':')
            .ok_or("a line of it has no name; give the whole ticket as it was written")?;
        let (name, value) = (name.trim(), value.trim());
        if name != "note" && fields.iter().any(|(known, _)| *known == name) {
            return Err("a line of it is there twice; give the whole ticket as it was written");
        }
        fields.push((name, value));
    }
    Fields(fields).ticket()
}

struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    fn ticket(&self) -> Read<Ticket> {
        const MOMENT: &str = "a time in it must be written as 2023-11-14T22:15:23Z";
        let mut plan = Plan::new()
            .delay(self.seconds("delay")?)
            .interval(self.seconds("interval")?)
            .interval_increase(self.seconds("interval increase")?)
            .timeout(self.seconds("timeout")?)
            .check_timeout(self.seconds("check timeout")?)
            .id(unescape(self.get("id")?)?);
        for (_, note) in self.0.iter().filter(|(name, _)| *name == "note") {
            let (name, value) = note.split_once('=').ok_or("a note of it has no value")?;
            plan = plan.note(unescape(name.trim())?, unescape(value.trim())?);
        }
        if !plan.settle().is_empty() {
            return Err(
                "the times of its plan make no sense together; give the ticket as it was written",
            );
        }
        let moment = |name| -> Read<Time> { moment::read(self.get(name)?).ok_or(MOMENT) };
        let interval = self.seconds("then every")?;
        Ok(Ticket {
            origin: unescape(self.get("origin")?)?,
            target: unescape(self.get("target")?)?,
            action: unescape(self.get("action")?)?,
            started: moment("started")?,
            written: moment("written")?,
            rest: self.seconds("rest")?,
            next: self.seconds("next check in")?,
            // It only grows. A ticket that was changed by hand must not make anybody ask without a pause.
            interval: interval.max(plan.interval),
            checks: self
                .get("checks made")?
                .parse()
                .map_err(|_| "the number of checks in it is no number")?,
            plan,
        })
    }

    fn get(&self, name: &str) -> Read<&'a str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, value)| *value)
            .ok_or("a line of it is missing; give the whole ticket as it was written")
    }

    /// A length of time of at most seven days, more than any of a ticket.
    fn seconds(&self, name: &str) -> Read<Duration> {
        const WRONG: &str =
            "a length of time in it must be written as 12.5 s, and be at most seven days";
        let number = self.get(name)?.strip_suffix('s').ok_or(WRONG)?.trim_end();
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str| {
            !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(whole) || !digits(decimals) {
            return Err(WRONG);
        }
        let nanos = format!("{decimals:0<9}").parse().map_err(|_| WRONG)?;
        let found = Duration::new(whole.parse().map_err(|_| WRONG)?, nanos);
        if found > MAX_TIMEOUT {
            Err(WRONG)
        } else {
            Ok(found)
        }
    }
}

/// The text that was written with some characters by number.
fn unescape(text: &str) -> Read<String> {
    const WRONG: &str =
        "a character in it is written wrongly: \\u{...} with its number is expected";
    let mut found = String::with_capacity(text.len());
    let mut parts = text.split('\\');
    found.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (number, rest) = part
            .strip_prefix("u{")
            .and_then(|part| part.split_once('}'))
            .ok_or(WRONG)?;
        let number = u32::from_str_radix(number, 16).map_err(|_| WRONG)?;
        found.push(char::from_u32(number).ok_or(WRONG)?);
        found.push_str(rest);
    }
    Ok(found)
}
