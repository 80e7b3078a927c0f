//! Rules written as text.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::kinds::fault;
use super::rule::FaultRule;

/// What may stand behind a fault.
pub(super) const CONDITIONS: &str =
    "rid=ID, rid=PREFIX*, method=NAME, after=N, times=N, probability=0.1";

/// Why a text is no [`FaultRule`]; says what is possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFault(pub(super) String);

impl fmt::Display for BadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadFault {}

/// The words of a rule that nobody has asked for yet.
pub(super) struct Words(Vec<(String, Option<String>)>);

impl Words {
    /// Takes the value of a word; `None`: it is not there.
    pub(super) fn take(&mut self, name: &str) -> Option<Option<String>> {
        let at = self.0.iter().position(|(word, _)| word == name)?;
        Some(self.0.remove(at).1)
    }

    fn number<T: FromStr>(&mut self, name: &str, expected: &str) -> Result<Option<T>, BadFault> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => number(name, value.as_deref(), expected).map(Some),
        }
    }
}

impl FromStr for FaultRule {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        let mut words = Words(words(text));
        let (kind, value) = words.0.remove(0);
        let fault = fault(&kind, value.as_deref(), &mut words)?;
        let mut rule = Self::new(fault);
        match words.take("rid") {
            None => {}
            Some(Some(rid)) if !rid.is_empty() => {
                rule = match rid.strip_suffix('*') {
                    Some(prefix) => rule.below(prefix),
                    None => rule.on(rid),
                };
            }
            Some(_) => return Err(needs("rid", "a resource id, such as /model/pdu/0/outlet/3")),
        }
        match words.take("method") {
            None => {}
            Some(Some(name)) if !name.is_empty() => rule = rule.method(name),
            Some(_) => return Err(needs("method", "the name of a method, such as getState")),
        }
        if let Some(requests) = words.number("after", "a number of requests")? {
            rule = rule.after(requests);
        }
        if let Some(times) = words.number("times", "a number of requests")? {
            rule = rule.times(times);
        }
        if let Some(probability) = words.number::<f64>("probability", "a number from 0 to 1")? {
            if !(0.0..=1.0).contains(&probability) {
                return Err(needs("probability", "a number from 0 to 1"));
            }
            rule = rule.probability(probability);
        }
        match words.0.first() {
            None => Ok(rule),
            Some((word, _)) => Err(BadFault(format!(
                "\"{word}\" is no condition of the fault {kind}, or stands there twice; conditions are {CONDITIONS}"
            ))),
        }
    }
}

pub(super) fn needs(name: &str, expected: &str) -> BadFault {
    BadFault(format!(
        "{name} needs a value: write {name}= and {expected}"
    ))
}

pub(super) fn number<T: FromStr>(
    name: &str,
    value: Option<&str>,
    expected: &str,
) -> Result<T, BadFault> {
    value
        .and_then(|value| value.parse().ok())
        .ok_or_else(|| needs(name, expected))
}

/// A time with its unit: `11ms`, `2s`.
pub(super) fn time(name: &str, value: Option<&str>) -> Result<Duration, BadFault> {
    let read = |value: &str| {
        if let Some(number) = value.strip_suffix("ms") {
            return number.parse().ok().map(Duration::from_millis);
        }
        let number = value.strip_suffix('s')?;
        number.parse().ok().map(Duration::from_secs)
    };
    value
        .and_then(read)
        .ok_or_else(|| needs(name, "a time with its unit, such as 11ms or 2s"))
}

/// Words between commas, each with what stands behind its equals sign. There is at least one.
fn words(text: &str) -> Vec<(String, Option<String>)> {
    let mut words = vec![String::new()];
    let mut characters = text.trim().chars().peekable();
    while let Some(character) = characters.next() {
        let last = words.len() - 1;
        match character {
            '\\' if characters.peek() == Some(&',') => {
                words[last].extend(characters.next());
            }
            ',' => words.push(String::new()),
            other => words[last].push(other),
        }
    }
    words
        .into_iter()
        .map(|word| match word.split_once('=') {
            Some((name, value)) => (name.trim().to_owned(), Some(value.to_owned())),
            None => (word.trim().to_owned(), None),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::kind::Fault;
    use super::super::kinds::KINDS;
    use super::*;

    #[test]
    fn every_kind_can_be_written() {
        for kind in KINDS {
            let text = kind
                .replace("BYTES", "1000")
                .replace("TIME", "11ms")
                .replace("TYPE", "image/png")
                .replace("DEPTH", "100")
                .replace("CODE", "503")
                .replace("SECONDS", "7")
                .replace("URL", "https://other.example/")
                .replace("TEXT", "x")
                .replace(['[', ']'], "");
            let rule: Result<FaultRule, _> = text.parse();
            let name = text.split(['=', ',']).next().unwrap().replace('-', "");
            let debug = format!("{:?}", rule.expect(&text).fault).to_lowercase();
            assert!(debug.starts_with(&name), "{name}: {debug}");
        }
    }

    /// The page stands in the repository, beside the crate.
    #[test]
    fn the_page_has_every_kind() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/simulator.md");
        let Ok(page) = std::fs::read_to_string(page) else {
            assert_eq!(
                KINDS.len(),
                35,
                "the page is not there: the crate stands alone"
            );
            return;
        };
        let rows = page.lines().filter_map(|line| {
            let (kind, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
            (rest.ends_with(" | yes |") || rest.ends_with(" | no |")).then_some(kind)
        });
        assert_eq!(rows.collect::<Vec<_>>(), KINDS);
    }

    #[test]
    fn values_and_conditions() {
        let rule = |text: &str| text.parse::<FaultRule>().unwrap();
        assert_eq!(
            rule("close-unanswered,rid=/model/pdu/0/outlet/3,times=2,probability=0.1"),
            FaultRule::new(Fault::CloseUnanswered)
                .on("/model/pdu/0/outlet/3")
                .times(2)
                .probability(0.1)
        );
        assert_eq!(
            rule(r"rewrite,from=a\,b=c,to=,rid=/x*"),
            FaultRule::new(Fault::Rewrite {
                from: "a,b=c".to_owned(),
                to: String::new(),
            })
            .below("/x")
        );
        assert_eq!(
            rule("drip=2s, after=1"),
            FaultRule::new(Fault::Drip(Duration::from_secs(2))).after(1)
        );
    }

    #[test]
    fn refusals_say_what_is_possible() {
        for (text, expected) in [
            ("", "close-unanswered"),
            ("explode", "close-unanswered"),
            ("delay", "such as 11ms or 2s"),
            ("delay=5", "such as 11ms or 2s"),
            ("wrong-id=7", "write wrong-id alone"),
            ("wrong-id,times=often", "a number of requests"),
            ("wrong-id,probability=2", "from 0 to 1"),
            ("wrong-id,probability=NaN", "from 0 to 1"),
            ("wrong-id,color=red", "rid=ID"),
            ("wrong-id,rid=/a,rid=/b", "twice"),
            ("wrong-id,rid=", "a resource id"),
            ("redirect=302", "https://pdu.example.com/"),
            ("rewrite,from=a", "its replacement"),
            ("status=70000", "503"),
        ] {
            let refused = text.parse::<FaultRule>().unwrap_err().to_string();
            assert!(refused.contains(expected), "{text}: {refused}");
        }
    }
}
