//! The facts of all firmwares in one file: a line for each fact, with the firmwares that it is true of.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::facts::Facts;

/// All facts, and of which firmwares each is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// Versions of the packages, in their order.
    pub(crate) firmwares: Vec<String>,
    /// By type and fact: places in `firmwares`.
    facts: BTreeMap<String, BTreeMap<String, BTreeSet<usize>>>,
}

const HEAD: &str = "\
# What the published packages say of each firmware. Written by device/regenerate-signatures --history.
# A type, and indented what is true of it: a fact, a tab, the firmwares. A-B is both and those between them in the order of the list,
# A- goes on to the newest.
";

impl History {
    /// Brings the facts of firmwares together, which are in the order of their versions.
    pub(crate) fn of(all: Vec<(String, Facts)>) -> Self {
        let mut history = Self::default();
        for (at, (firmware, facts)) in all.into_iter().enumerate() {
            history.firmwares.push(firmware);
            for (ty, fact) in facts {
                let of_type = history.facts.entry(ty).or_default();
                of_type.entry(fact).or_default().insert(at);
            }
        }
        history
    }

    /// What is true of one firmware.
    pub(crate) fn facts_of(&self, at: usize) -> Facts {
        let all = self
            .facts
            .iter()
            .flat_map(|(ty, facts)| facts.iter().map(move |(fact, true_of)| (ty, fact, true_of)));
        all.filter(|(_, _, true_of)| true_of.contains(&at))
            .map(|(ty, fact, _)| (ty.clone(), fact.clone()))
            .collect()
    }

    /// The text of the file.
    pub(crate) fn to_text(&self) -> String {
        let mut text = HEAD.to_owned();
        for firmware in &self.firmwares {
            let _ = writeln!(text, "firmware {firmware}");
        }
        for (ty, facts) in &self.facts {
            let _ = writeln!(text, "{ty}");
            for (fact, true_of) in facts {
                let _ = writeln!(text, " {fact}\t{}", self.ranges(true_of));
            }
        }
        text
    }

    /// Reads the file.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut history = Self::default();
        let mut ty = None;
        for (number, line) in text.lines().enumerate() {
            let wrong = |what: &str| format!("line {}: {what}: {line}", number + 1);
            if line.starts_with('#') || line.is_empty() {
            } else if let Some(firmware) = line.strip_prefix("firmware ") {
                history.firmwares.push(firmware.to_owned());
            } else if let Some(fact) = line.strip_prefix(' ') {
                let (fact, ranges) = fact.split_once('\t').ok_or_else(|| wrong("no tab"))?;
                let true_of = history.set(ranges).ok_or_else(|| wrong("firmwares"))?;
                let ty: &String = ty.as_ref().ok_or_else(|| wrong("no type before it"))?;
                let of_type = history.facts.entry(ty.clone()).or_default();
                of_type.insert(fact.to_owned(), true_of);
            } else {
                ty = Some(line.to_owned());
            }
        }
        Ok(history)
    }

    /// Consecutive firmwares as ranges.
    pub(crate) fn ranges(&self, set: &BTreeSet<usize>) -> String {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for &at in set {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == at => *last = at,
                _ => ranges.push((at, at)),
            }
        }
        let newest = self.firmwares.len() - 1;
        let words: Vec<String> = ranges
            .into_iter()
            .map(|(first, last)| {
                let (from, to) = (short(&self.firmwares[first]), short(&self.firmwares[last]));
                match (first == last, last == newest) {
                    (true, _) => from.to_owned(),
                    (false, true) => format!("{from}-"),
                    (false, false) => format!("{from}-{to}"),
                }
            })
            .collect();
        words.join(" ")
    }

    fn set(&self, ranges: &str) -> Option<BTreeSet<usize>> {
        let at = |word: &str| self.firmwares.iter().position(|known| short(known) == word);
        let mut set = BTreeSet::new();
        for range in ranges.split(' ') {
            let (first, last) = match range.split_once('-') {
                Some((first, "")) => (at(first)?, self.firmwares.len().checked_sub(1)?),
                Some((first, last)) => (at(first)?, at(last)?),
                None => (at(range)?, at(range)?),
            };
            set.extend(first..=last);
        }
        Some(set)
    }
}

/// `4.0.20` of `4.0.20.49038`.
pub(crate) fn short(firmware: &str) -> &str {
    match firmware.match_indices('.').nth(2) {
        Some((at, _)) => &firmware[..at],
        None => firmware,
    }
}
