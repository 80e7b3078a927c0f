use std::ops::Range;

use super::doxygen;
use super::words::{self, WORDS, Word};
use crate::distance::nearest;

/// A mark as written.
#[derive(Debug)]
pub(super) struct Mark<'t> {
    pub(super) word: Word,
    /// Its name without `@`.
    pub(super) name: &'t str,
    pub(super) example: &'static str,
    /// Where `@` and name stand.
    pub(super) place: Range<usize>,
    /// What follows it, word by word.
    pub(super) arguments: Vec<Argument<'t>>,
}

/// A word and where it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Argument<'t> {
    pub(super) at: usize,
    pub(super) text: &'t str,
}

impl Argument<'_> {
    pub(super) const fn place(&self) -> Range<usize> {
        self.at..self.at + self.text.len()
    }
}

/// What looks like a mark, or is one, and is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// Neither a mark nor a command of Doxygen.
    Unknown {
        /// Its name without `@`.
        name: String,
        /// `@` and name.
        place: Range<usize>,
        /// What may have been meant.
        near: Option<&'static str>,
    },
    /// A mark that does not begin a line.
    AmidText {
        /// Its name without `@`.
        name: String,
        /// `@` and name.
        place: Range<usize>,
    },
    /// A mark where marks are taken.
    Known {
        /// Its name without `@`.
        name: String,
        /// `@` and name.
        place: Range<usize>,
    },
}

/// A text taken apart.
#[derive(Debug, Default)]
pub(super) struct Scan<'t> {
    pub(super) marks: Vec<Mark<'t>>,
    pub(super) odd: Vec<Oddity>,
    /// The lines without the marks, and where each began.
    pub(super) prose: Vec<Argument<'t>>,
}

/// What of a text looks like marks, in order.
pub(crate) fn oddities(text: &str) -> Vec<Oddity> {
    if !text.contains(['@', '\\']) {
        return Vec::new();
    }
    let scan = Scan::of(text);
    let known = scan.marks.iter().map(|mark| Oddity::Known {
        name: mark.name.to_owned(),
        place: mark.place.clone(),
    });
    let mut all: Vec<_> = known.chain(scan.odd).collect();
    all.sort_by_key(|odd| odd.place().start);
    all
}

impl Oddity {
    pub(crate) const fn place(&self) -> &Range<usize> {
        match self {
            Self::Unknown { place, .. }
            | Self::AmidText { place, .. }
            | Self::Known { place, .. } => place,
        }
    }
}

impl<'t> Scan<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut scan = Self::default();
        // What ends the verbatim block that is open.
        let mut verbatim: Option<&str> = None;
        let mut last = LastEnds {
            text,
            found: Vec::new(),
        };
        let mut at = 0;
        for full in text.split_inclusive('\n') {
            let line = full.trim_end_matches(['\n', '\r']);
            if let Some(end) = verbatim {
                scan.keep(at, line);
                if ends(line, end) {
                    verbatim = None;
                }
            } else {
                // What is never closed is no block.
                verbatim = opens(line).filter(|end| last.line(end) > at);
                if verbatim.is_some() {
                    scan.keep(at, line);
                } else {
                    scan.line(at, line);
                }
            }
            at += full.len();
        }
        scan
    }

    fn keep(&mut self, at: usize, text: &'t str) {
        self.prose.push(Argument { at, text });
    }

    /// A line outside verbatim blocks.
    fn line(&mut self, at: usize, line: &'t str) {
        let indent = line.len() - line.trim_start().len();
        let Some((name, after)) = command(&line[indent..]) else {
            self.prose(at, line, 0);
            return;
        };
        match words::find(name) {
            Some((word, example)) if !is_block(name, after) => {
                self.mark_line(at, line, indent, (word, example));
            }
            Some(_) => self.prose(at, line, indent + 1 + name.len()),
            None => {
                self.unknown(at + indent, name, after);
                self.prose(at, line, indent + 1 + name.len());
            }
        }
    }

    /// A line that begins with a mark.
    fn mark_line(&mut self, at: usize, line: &'t str, first: usize, said: (Word, &'static str)) {
        let mut mark = Mark {
            word: said.0,
            name: command(&line[first..]).map_or("", |(name, _)| name),
            example: said.1,
            place: at + first..at + first,
            arguments: Vec::new(),
        };
        mark.place.end += 1 + mark.name.len();
        let mut from = first + 1 + mark.name.len();
        while let Some(argument) = next_word(line, from) {
            from = argument.at + argument.text.len();
            let place = at + argument.at;
            let Some((name, after)) = command(argument.text) else {
                mark.arguments.push(Argument {
                    at: place,
                    text: argument.text,
                });
                continue;
            };
            let Some((word, example)) = words::find(name).filter(|_| after.is_empty()) else {
                if doxygen::is_command(name) {
                    // `@idempotent @return 0`: the rest of the line is Doxygen's.
                    self.keep(place, &line[argument.at..]);
                    break;
                }
                self.unknown(place, name, after);
                continue;
            };
            let next = Mark {
                word,
                name,
                example,
                place: place..place + 1 + name.len(),
                arguments: Vec::new(),
            };
            self.marks.push(std::mem::replace(&mut mark, next));
        }
        self.marks.push(mark);
    }

    /// A line of text. From a byte on it is searched for what was meant as a mark.
    fn prose(&mut self, at: usize, line: &'t str, from: usize) {
        self.keep(at, line);
        let mut from = from;
        let mut is_code = false;
        while let Some(argument) = next_word(line, from) {
            from = argument.at + argument.text.len();
            let was_code = is_code;
            is_code ^= argument.text.matches('`').count() % 2 == 1;
            // A path may hold a backslash; the word after `@c` and the like is code.
            let before = line[..argument.at].split_whitespace().next_back();
            let is_quoted = was_code || before.is_some_and(|word| QUOTING.contains(&word));
            let Some((name, after)) = command(argument.text).filter(|_| !is_quoted) else {
                continue;
            };
            if !argument.text.starts_with('@') || doxygen::is_command(name) {
                continue;
            }
            let place = at + argument.at..at + argument.at + 1 + name.len();
            let is_whole = after.chars().all(|c| c.is_ascii_punctuation());
            if words::find(name).is_some() && is_whole {
                self.odd.push(Oddity::AmidText {
                    name: name.to_owned(),
                    place,
                });
            } else if let Some(near) = near(name) {
                self.odd.push(Oddity::Unknown {
                    name: name.to_owned(),
                    place,
                    near: Some(near),
                });
            }
        }
    }

    fn unknown(&mut self, at: usize, name: &str, after: &str) {
        // `@param[in]` and `@file-name` are known by what they begin with; `@see_me` is a word.
        if doxygen::is_command(name) || after.starts_with(['_', '@']) {
            return;
        }
        // `@one-way`: the whole word says more than its beginning.
        let whole = after.starts_with('-').then(|| {
            let rest = after.split_whitespace().next().unwrap_or_default();
            format!("{name}{rest}")
        });
        let near = whole
            .and_then(|whole| near(&whole))
            .or_else(|| near(name))
            .or_else(|| nearest(name, doxygen::COMMANDS.iter().copied()));
        self.odd.push(Oddity::Unknown {
            name: name.to_owned(),
            place: at..at + 1 + name.len(),
            near,
        });
    }
}

/// Commands whose next word is shown as it is.
const QUOTING: [&str; 6] = ["@c", "@p", "@ref", "\\c", "\\p", "\\ref"];

/// The nearest mark.
fn near(name: &str) -> Option<&'static str> {
    nearest(name, WORDS.iter().map(|(name, ..)| *name))
}

/// The name after `@` or `\`, and what is glued to it.
fn command(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(['@', '\\'])?;
    let end = rest.find(|c: char| !c.is_ascii_alphabetic());
    let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
    (!name.is_empty()).then_some((name, after))
}

/// Whether a mark is Doxygen's command of the same name: `@code{.py}`, `@code x = 1`.
fn is_block(name: &str, after: &str) -> bool {
    name == "code" && !after.is_empty() && !after.trim_start().starts_with(['@', '\\'])
}

/// The next word of a line from a byte on.
fn next_word(line: &str, from: usize) -> Option<Argument<'_>> {
    let rest = line.get(from..)?;
    let at = from + rest.len() - rest.trim_start().len();
    let text = line[at..].split_whitespace().next()?;
    Some(Argument { at, text })
}

/// The last lines that end blocks.
struct LastEnds<'t> {
    text: &'t str,
    /// Looked for once for each kind of block.
    found: Vec<(&'static str, usize)>,
}

impl LastEnds<'_> {
    /// Where the last line begins that ends such a block; 0, where none can end, if there is none.
    fn line(&mut self, end: &'static str) -> usize {
        if let Some((_, at)) = self.found.iter().find(|(own, _)| *own == end) {
            return *at;
        }
        let mut at = 0;
        let lines = self.text.split_inclusive('\n').map(|line| {
            let start = at;
            at += line.len();
            (start, line)
        });
        let ending = lines.filter(|(_, line)| ends(line, end));
        let last = ending.last().map_or(0, |(start, _)| start);
        self.found.push((end, last));
        last
    }
}

/// What ends the block that a line opens: a fence, or a verbatim command of Doxygen.
fn opens(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    let fences = ["```", "~~~"];
    if let Some(fence) = fences.into_iter().find(|fence| line.starts_with(fence)) {
        return Some(fence);
    }
    let (name, _) = command(line)?;
    let mut ends = doxygen::VERBATIM.iter();
    ends.find(|(start, _)| *start == name).map(|(_, end)| *end)
}

/// Whether a line ends a verbatim block.
fn ends(line: &str, end: &str) -> bool {
    if end.starts_with(['`', '~']) {
        return line.trim_start().starts_with(end);
    }
    line.match_indices(end)
        .any(|(at, _)| line[..at].ends_with(['@', '\\']))
}
