//! Faults that a peer has to live with, played to one that is live: what it should do, and what it did.

pub(crate) mod netstring;
mod reach;
pub(crate) mod ripex2;
pub(crate) mod wamp;

use std::time::Duration;

/// A fault and what is expected then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// The name under which the documentation of the wire has it.
    pub(crate) name: &'static str,
    /// What is done to the peer.
    pub(crate) case: &'static str,
    /// What it should do.
    pub(crate) expect: &'static str,
}

/// Whether the peer does what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It does.
    Meets,
    /// It does something else.
    Differs,
    /// It says itself that it does not do that, and need not.
    Cannot,
    /// This run cannot tell.
    NotTried,
}

impl Verdict {
    /// As the list has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Meets => "meets",
            Self::Differs => "differs",
            Self::Cannot => "cannot",
            Self::NotTried => "not tried",
        }
    }
}

/// What one row came to.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) row: Row,
    /// What stands behind the case, where several findings are about one row; else empty.
    pub(crate) variant: &'static str,
    pub(crate) seen: String,
    pub(crate) verdict: Verdict,
}

impl Finding {
    fn new(row: Row, outcome: Outcome) -> Self {
        let (seen, verdict) = match outcome {
            Ok(seen) => (seen, Verdict::Meets),
            Err(otherwise) => (otherwise.seen, otherwise.verdict),
        };
        Self {
            row,
            variant: "",
            seen: printable(&seen),
            verdict,
        }
    }

    /// The next call was not answered: whatever was done to the peer, it has to be there for that.
    fn without_next_call(mut self) -> Self {
        self.verdict = Verdict::Differs;
        self.seen.push_str("; the next call got no answer");
        self
    }
}

/// What was seen where it is not what is expected.
#[derive(Debug, PartialEq, Eq)]
struct Otherwise {
    verdict: Verdict,
    seen: String,
}

/// What was seen, as it should be or not.
type Outcome = Result<String, Otherwise>;

impl From<String> for Otherwise {
    fn from(seen: String) -> Self {
        Self {
            verdict: Verdict::Differs,
            seen,
        }
    }
}

fn told(is_right: bool, seen: impl Into<String>) -> Outcome {
    let seen = seen.into();
    if is_right { Ok(seen) } else { Err(seen.into()) }
}

/// The peer says that it does not do this.
fn cannot(seen: impl Into<String>) -> Otherwise {
    Otherwise {
        verdict: Verdict::Cannot,
        seen: seen.into(),
    }
}

fn not_tried(why: impl Into<String>) -> Otherwise {
    Otherwise {
        verdict: Verdict::NotTried,
        seen: why.into(),
    }
}

/// Several things that are seen in one row.
#[derive(Debug, Default)]
struct Notes {
    seen: Vec<String>,
    is_wrong: bool,
}

impl Notes {
    fn note(&mut self, is_right: bool, seen: impl Into<String>) {
        self.is_wrong |= !is_right;
        self.seen.push(seen.into());
    }

    fn outcome(self) -> Outcome {
        told(!self.is_wrong, self.seen.join(", "))
    }
}

/// The call that is made again and again.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    pub(crate) method: String,
    /// A JSON text.
    pub(crate) params: String,
    /// How long the peer may take for anything.
    pub(crate) patience: Duration,
}

/// What a peer said may go to a terminal, which it is not to command.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        // Those that turn the direction of writing show another text than there is, and some end lines.
        let is_turning = matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        match c.is_control() || is_turning {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    shown
}

/// The beginning of a text.
fn short(text: &str) -> String {
    const LONGEST: usize = 100;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_peer_says_commands_no_terminal() {
        let row = Row {
            name: "N1",
            case: "a case",
            expect: "an answer",
        };
        let said = "\u{1b}[2J\u{9b}1m\r\n\u{202e}größer";
        for outcome in [
            told(true, said),
            told(false, said),
            Err(cannot(said)),
            Err(not_tried(said)),
        ] {
            let seen = Finding::new(row, outcome).seen;
            assert_eq!(seen, r"\u{1b}[2J\u{9b}1m\r\n\u{202e}größer");
        }
    }
}
