//! How tickets are written.

use std::fmt;
use std::time::Duration;

use super::Ticket;

/// The first line of every ticket; the number changes when older readers would misunderstand it.
pub(super) const HEAD: &str = "xerus action ticket 1";

pub(super) fn write(ticket: &Ticket, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "{HEAD}")?;
    writeln!(f, "origin: {}", Escaped(&ticket.origin))?;
    writeln!(f, "target: {}", Escaped(&ticket.target))?;
    writeln!(f, "action: {}", Escaped(&ticket.action))?;
    writeln!(f, "id: {}", Escaped(&ticket.plan.id))?;
    for (name, value) in &ticket.plan.notes {
        writeln!(f, "note: {} = {}", Escaped(name), Escaped(value))?;
    }
    writeln!(f, "started: {}", ticket.started)?;
    writeln!(f, "written: {}", ticket.written)?;
    writeln!(f, "rest: {}", Seconds(ticket.rest))?;
    writeln!(f, "next check in: {}", Seconds(ticket.next))?;
    writeln!(f, "then every: {}", Seconds(ticket.interval))?;
    writeln!(f, "checks made: {}", ticket.checks)?;
    writeln!(f, "delay: {}", Seconds(ticket.plan.delay))?;
    writeln!(f, "interval: {}", Seconds(ticket.plan.interval))?;
    writeln!(f, "interval increase: {}", Seconds(ticket.plan.increase))?;
    writeln!(f, "timeout: {}", Seconds(ticket.plan.timeout))?;
    writeln!(f, "check timeout: {}", Seconds(ticket.plan.check_timeout))
}

/// A text in one line that is read back as it was: what would end a line, or be taken off its ends or for the end of a name,
/// is written by number.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.chars().count().saturating_sub(1);
        for (at, c) in self.0.chars().enumerate() {
            let at_an_end = (at == 0 || at == last) && c.is_whitespace();
            if matches!(c, '\\' | '=') || at_an_end || crate::error::text::is_unprintable(c) {
                write!(f, "\\u{{{:x}}}", u32::from(c))?;
            } else {
                fmt::Write::write_char(f, c)?;
            }
        }
        Ok(())
    }
}

/// Seconds with as many decimals as it takes.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.as_secs())?;
        if self.0.subsec_nanos() > 0 {
            let decimals = format!("{:09}", self.0.subsec_nanos());
            write!(f, ".{}", decimals.trim_end_matches('0'))?;
        }
        f.write_str(" s")
    }
}
