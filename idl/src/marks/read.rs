use std::collections::HashSet;
use std::ops::Range;
use std::time::Duration;

use super::scan::{Argument, Mark, Oddity, Scan};
use super::words::{WORDS, Word};
use super::{Action, MarkErrors, Marks, Problem, ProblemKind, RETURNED, Stream};
use crate::distance::nearest;

/// The longest timeout in milliseconds: 49 days.
const LONGEST_TIMEOUT: u32 = u32::MAX;

/// Characters of a word in a message.
const LONGEST_SHOWN: usize = 60;

/// A documentation text without its marks.
pub(crate) struct Taken {
    pub(crate) marks: Marks,
    /// What remains as prose; `None` when nothing does.
    pub(crate) text: Option<String>,
    pub(crate) problems: Vec<Problem>,
    /// Where the names stand that marks say in their arguments.
    pub(crate) named: Named,
}

/// The places of arguments that name something of the IDL.
#[derive(Default)]
pub(crate) struct Named {
    /// The type of `@progress`.
    pub(crate) progress: Option<Range<usize>>,
    /// The type of `poll` in `@action`.
    pub(crate) action_poll: Option<Range<usize>>,
    /// All methods.
    pub(crate) methods: Vec<Range<usize>>,
    /// The names of errors, in the order of the marks.
    pub(crate) errors: Vec<Range<usize>>,
}

/// Takes the marks out of a documentation text.
pub(crate) fn take(text: &str) -> Taken {
    let scan = Scan::of(text);
    let mut reader = Reader::default();
    reader.all(&scan.marks);
    Taken {
        text: if scan.marks.is_empty() {
            Some(text.to_owned())
        } else {
            prose(&scan.prose)
        },
        marks: reader.marks,
        problems: reader.problems,
        named: reader.named,
    }
}

/// The lines that remain, blank ones neither at the ends nor twice.
fn prose(lines: &[Argument<'_>]) -> Option<String> {
    let mut kept: Vec<&str> = Vec::new();
    for line in lines {
        let is_blank = line.text.trim().is_empty();
        if is_blank && kept.last().is_none_or(|last| last.trim().is_empty()) {
            continue;
        }
        kept.push(line.text);
    }
    while kept.last().is_some_and(|last| last.trim().is_empty()) {
        kept.pop();
    }
    (!kept.is_empty()).then(|| kept.join("\n"))
}

/// Reads a text that may hold nothing but marks.
pub(super) fn only(text: &str) -> Result<Marks, MarkErrors> {
    let scan = Scan::of(text);
    let mut reader = Reader::default();
    reader.all(&scan.marks);
    let mut unknown = Vec::new();
    for odd in &scan.odd {
        if let Oddity::Unknown { name, place, near } = odd {
            unknown.push(place.start);
            reader.problems.push(Problem {
                kind: ProblemKind::Unknown,
                place: place.clone(),
                message: format!("unknown mark `@{name}`"),
                help: near.map_or_else(list, |near| format!("did you mean `@{near}`?")),
            });
        }
    }
    for line in &scan.prose {
        let Some(word) = line.text.split_whitespace().next() else {
            continue;
        };
        let at = line.at + line.text.len() - line.text.trim_start().len();
        if unknown.contains(&at) {
            continue;
        }
        let near = nearest(word, WORDS.iter().map(|(name, ..)| *name));
        reader.problems.push(Problem {
            kind: ProblemKind::Prose,
            place: at..at + word.len(),
            message: format!("expected a mark, found `{}`", shown(word)),
            help: near.map_or_else(list, |near| format!("did you mean `@{near}`?")),
        });
    }
    if reader.problems.is_empty() {
        return Ok(reader.marks);
    }
    reader.problems.sort_by_key(|problem| problem.place.start);
    Err(MarkErrors(reader.problems))
}

/// All marks, for a message.
fn list() -> String {
    let names: Vec<_> = WORDS
        .iter()
        .map(|(name, ..)| format!("`@{name}`"))
        .collect();
    format!("marks are {}", names.join(", "))
}

#[derive(Default)]
struct Reader {
    marks: Marks,
    problems: Vec<Problem>,
    named: Named,
    /// The codes of `marks.errors`.
    codes: HashSet<String>,
}

/// What is wrong with arguments: where, if not with the mark itself, and what.
type Refused = (Option<Range<usize>>, String);

impl Reader {
    fn all(&mut self, marks: &[Mark<'_>]) {
        for (at, mark) in marks.iter().enumerate() {
            let before = marks[..at].iter();
            let first = before
                .rev()
                .find(|first| first.word.is_same_thing(mark.word));
            match first.filter(|_| mark.word != Word::Error) {
                Some(first) => self.problems.push(Problem {
                    kind: ProblemKind::Repeated,
                    place: mark.place.clone(),
                    message: if first.word == mark.word {
                        format!("`@{}` given twice", mark.name)
                    } else {
                        format!("`@{}` contradicts `@{}` before it", mark.name, first.name)
                    },
                    help: "keep one of them".to_owned(),
                }),
                None => self.one(mark),
            }
        }
    }

    fn one(&mut self, mark: &Mark<'_>) {
        if let Err((place, message)) = self.read(mark) {
            self.problems.push(Problem {
                kind: ProblemKind::Arguments,
                place: place.unwrap_or_else(|| mark.place.clone()),
                message,
                help: format!("write it on its own line, as in `{}`", mark.example),
            });
        }
    }

    fn read(&mut self, mark: &Mark<'_>) -> Result<(), Refused> {
        let marks = &mut self.marks;
        let named = &mut self.named;
        match mark.word {
            Word::Wire => {
                marks.wire = Some(
                    mark.one("the name that the method has on the wire")?
                        .text
                        .to_owned(),
                );
            }
            Word::Repeatable(value) => marks.repeatable = Some(mark.flag(value)?),
            Word::LongPoll(value) => marks.long_poll = Some(mark.flag(value)?),
            Word::OneWay(value) => marks.one_way = Some(mark.flag(value)?),
            Word::Root(value) => marks.root = Some(mark.flag(value)?),
            Word::Local(value) => marks.local = Some(mark.flag(value)?),
            Word::Code(value) => marks.code = Some(mark.flag(value)?),
            Word::Timeout => {
                let argument = mark.one("a time")?;
                let time = timeout(argument.text).map_err(|why| (Some(argument.place()), why))?;
                marks.timeout = Some(time);
            }
            Word::Role => marks.role = Some(mark.one("the name of a role")?.text.to_owned()),
            Word::Progress => {
                let (ty, place) = mark.ty()?;
                marks.progress = Some(ty);
                named.progress = Some(place);
            }
            Word::Action => {
                let [check, poll] = mark.named(["check", "poll"])?;
                let check = mark.needed("check", check)?;
                if let Some(poll) = poll {
                    is_type(poll)?;
                }
                named.methods.push(check.place());
                named.action_poll = poll.map(|poll| poll.place());
                marks.action = Some(Action {
                    check: method_name(check)?,
                    poll: poll.map(|poll| poll.text.to_owned()),
                });
            }
            Word::Stream => {
                let [poll, stop] = mark.named(["poll", "stop"])?;
                let (poll, stop) = (mark.needed("poll", poll)?, mark.needed("stop", stop)?);
                named.methods.extend([poll.place(), stop.place()]);
                marks.stream = Some(Stream {
                    poll: method_name(poll)?,
                    stop: method_name(stop)?,
                });
            }
            Word::Nullable => {
                for argument in &mark.arguments {
                    if !is_identifier(argument.text) {
                        let why = format!("`{}` is no name of a parameter", shown(argument.text));
                        return Err((Some(argument.place()), why));
                    }
                    if marks.nullable.iter().any(|known| known == argument.text) {
                        let why = format!("`{}` given twice", shown(argument.text));
                        return Err((Some(argument.place()), why));
                    }
                    marks.nullable.push(argument.text.to_owned());
                }
                if marks.nullable.is_empty() {
                    marks.nullable.push(RETURNED.to_owned());
                }
            }
            Word::Error => {
                let [code, name] = mark.arguments[..] else {
                    return Err((None, "`@error` takes a code and a name".to_owned()));
                };
                if !name.text.split('.').all(is_identifier) {
                    let why = format!("`{}` is no name for an error", shown(name.text));
                    return Err((Some(name.place()), why));
                }
                if !self.codes.insert(code.text.to_owned()) {
                    let why = format!("error code `{}` has a name already", shown(code.text));
                    return Err((Some(code.place()), why));
                }
                named.errors.push(name.place());
                marks
                    .errors
                    .push((code.text.to_owned(), name.text.to_owned()));
            }
        }
        Ok(())
    }
}

impl<'t> Mark<'t> {
    fn flag(&self, value: bool) -> Result<bool, Refused> {
        match self.arguments.first() {
            None => Ok(value),
            Some(argument) => Err((
                Some(argument.place()),
                format!(
                    "`@{}` takes no arguments, found `{}`",
                    self.name,
                    shown(argument.text)
                ),
            )),
        }
    }

    /// The only argument.
    fn one(&self, what: &str) -> Result<Argument<'t>, Refused> {
        match self.arguments[..] {
            [one] => Ok(one),
            [] => Err((None, format!("`@{}` without {what}", self.name))),
            [_, more, ..] => Err((
                Some(more.place()),
                format!(
                    "`@{}` takes one argument, found `{}` behind it",
                    self.name,
                    shown(more.text)
                ),
            )),
        }
    }

    /// A type, which may hold blanks.
    fn ty(&self) -> Result<(String, Range<usize>), Refused> {
        let (Some(first), Some(last)) = (self.arguments.first(), self.arguments.last()) else {
            return Err((None, format!("`@{}` without a type", self.name)));
        };
        let words: Vec<_> = self.arguments.iter().map(|word| word.text).collect();
        let place = first.at..last.place().end;
        let text = words.concat();
        // `vector <int>` is one type, `int int` none.
        let is_broken = words.windows(2).any(|pair| {
            let is_letter = |c: char| c.is_alphanumeric() || c == '_';
            pair[0].ends_with(is_letter) && pair[1].starts_with(is_letter)
        });
        if is_broken || !is_type_text(&text) {
            return Err((
                Some(place),
                format!("`{}` is no type", shown(&words.join(" "))),
            ));
        }
        Ok((text, place))
    }

    /// Arguments of the form `key=value`, in the order of `keys`.
    fn named<const N: usize>(&self, keys: [&str; N]) -> Result<[Option<Argument<'t>>; N], Refused> {
        let mut found = [None; N];
        for argument in &self.arguments {
            let known = argument.text.split_once('=').and_then(|(key, value)| {
                let at = argument.at + key.len() + 1;
                let place = keys.iter().position(|own| *own == key)?;
                (!value.is_empty()).then_some((place, Argument { at, text: value }))
            });
            let Some((place, value)) = known else {
                let why = format!(
                    "`@{}` takes `{}=…`, found `{}`",
                    self.name,
                    keys.join("=…` and `"),
                    shown(argument.text)
                );
                return Err((Some(argument.place()), why));
            };
            if found[place].replace(value).is_some() {
                let why = format!("`{}` given twice", keys[place]);
                return Err((Some(argument.place()), why));
            }
        }
        Ok(found)
    }

    fn needed(&self, key: &str, value: Option<Argument<'t>>) -> Result<Argument<'t>, Refused> {
        value.ok_or_else(|| (None, format!("`@{}` without `{key}=…`", self.name)))
    }
}

/// A word for a message, cut when it is long.
fn shown(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(LONGEST_SHOWN).collect();
    match characters.next() {
        Some(_) => format!("{start}…"),
        None => start,
    }
}

fn method_name(argument: Argument<'_>) -> Result<String, Refused> {
    if is_identifier(argument.text) {
        return Ok(argument.text.to_owned());
    }
    let why = format!("`{}` is no name of a method", shown(argument.text));
    Err((Some(argument.place()), why))
}

fn is_type(argument: Argument<'_>) -> Result<(), Refused> {
    if is_type_text(argument.text) {
        return Ok(());
    }
    Err((
        Some(argument.place()),
        format!("`{}` is no type", shown(argument.text)),
    ))
}

fn is_identifier(text: &str) -> bool {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    text.starts_with(is_first) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// How deep types may stand in each other; nobody writes more than three.
const DEEPEST: usize = 16;

/// `int`, `vector<module.Type>`, `map<string,int>`, without blanks.
fn is_type_text(text: &str) -> bool {
    is_type_within(text, DEEPEST)
}

fn is_type_within(text: &str, depth: usize) -> bool {
    let Some((head, inner)) = text.split_once('<') else {
        return text.split('.').all(is_identifier);
    };
    let (Some(inner), Some(depth)) = (inner.strip_suffix('>'), depth.checked_sub(1)) else {
        return false;
    };
    match head {
        "vector" => is_type_within(inner, depth),
        "map" => inner
            .split_once(',')
            .is_some_and(|(key, value)| is_type_within(key, depth) && is_type_within(value, depth)),
        _ => false,
    }
}

/// `500ms`, `30s`, `2min`.
fn timeout(text: &str) -> Result<Duration, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit {
        "ms" => 1,
        "s" => 1000,
        "min" => 60_000,
        _ => {
            return Err(format!(
                "`{text}` is no time: a whole number of `ms`, `s` or `min`"
            ));
        }
    };
    if number.is_empty() {
        return Err(format!("`{text}` is no time: the number is missing"));
    }
    let product = number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(factor));
    match product.and_then(|product| u32::try_from(product).ok()) {
        Some(0) => Err("a timeout of nothing would refuse every call".to_owned()),
        Some(milliseconds) => Ok(Duration::from_millis(milliseconds.into())),
        None => Err(format!(
            "`{}` is longer than {LONGEST_TIMEOUT} ms, which is 49 days",
            shown(text)
        )),
    }
}
