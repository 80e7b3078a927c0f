//! What the `@return` items of a method say about an `int`.

/// A constant that an item names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named<'t> {
    /// `ERR_BUSY`, or `Outlet.ERR_BUSY`.
    One(&'t str),
    /// `ERR_PIN_…`: all that begin so.
    Prefix(&'t str),
    /// `ERR_FIRST to ERR_LAST`: all with the numbers from one to the other.
    Range(&'t str, &'t str),
}

impl<'t> Named<'t> {
    /// Makes a range of a single constant.
    fn extend(&mut self, to: &'t str) {
        if let Self::One(from) = *self {
            *self = Self::Range(from, to);
        }
    }
}

/// One `@return` item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Item<'t> {
    /// The number that it begins with.
    pub(super) number: Option<i32>,
    /// Whether a colon, a dash or an equals sign sets that number off.
    pub(super) set_off: bool,
    /// The constants that it is about: those before the explanation begins.
    pub(super) subject: Vec<Named<'t>>,
    /// The constants that the explanation names.
    pub(super) others: Vec<Named<'t>>,
    /// The method that returns the same, as in "as startScript".
    pub(super) same_as: Option<&'t str>,
    /// It begins with a number or the name of a constant.
    pub(super) leads: bool,
    /// It speaks of success.
    pub(super) success: bool,
    /// It speaks of failure.
    pub(super) failure: bool,
    /// It says "nonzero".
    pub(super) nonzero: bool,
    /// It says "error code" or the like.
    pub(super) says_code: bool,
    /// It speaks of a quantity.
    pub(super) quantity: bool,
    /// It speaks of something else that can be a value.
    pub(super) value: bool,
}

impl<'t> Item<'t> {
    pub(super) fn parse(text: &'t str) -> Self {
        let mut item = Self::default();
        let words = || text.split_whitespace().filter(|word| !is_markup(word));
        let (mut in_subject, mut ranged, mut before) = (true, false, "");
        for (at, raw) in words().enumerate() {
            let word = bare(raw);
            if at == 0 {
                item.number = word.parse().ok();
                item.set_off = item.number.is_some() && raw.ends_with([':', '=', '-']);
                item.same_as = same_as(words());
                item.leads = item.number.is_some() || named(word).is_some();
            } else if at == 1 && item.number.is_some() {
                item.set_off |= matches!(raw, "-" | "=" | ":" | "\u{2013}");
            }
            item.hear(before, word);
            if let Some(named) = named(word) {
                let list = if in_subject {
                    &mut item.subject
                } else {
                    &mut item.others
                };
                match (list.last_mut(), named) {
                    (Some(last @ Named::One(_)), Named::One(to)) if ranged => last.extend(to),
                    _ => list.push(named),
                }
                ranged = false;
            } else {
                ranged = matches!(word, "to" | "through") || matches!(raw, ".." | "\u{2026}");
                in_subject &= !matches!(word, "if" | "when" | "on" | "in" | "unless" | "otherwise");
            }
            in_subject &= !raw.ends_with(':');
            if !word.is_empty() {
                before = word;
            }
        }
        item
    }

    /// Notes what a word of running text tells.
    fn hear(&mut self, before: &str, word: &str) {
        let is = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
        let begins = |start: &str| {
            word.get(..start.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
        };
        self.success |= is(&["ok", "okay", "done"]) || begins("success");
        self.failure |= begins("fail") || begins("error");
        self.nonzero |= is(&["nonzero", "non-zero"]);
        let kinds = ["error", "return", "status", "result"];
        self.says_code |=
            begins("code") && kinds.iter().any(|kind| before.eq_ignore_ascii_case(kind));
        self.quantity |= is(&["number", "count", "index", "amount", "many"]);
        self.value |= is(&[
            "id",
            "identifier",
            "value",
            "size",
            "length",
            "handle",
            "position",
        ]) || is(&["new", "old", "previous", "whether"]);
    }

    /// All constants that it names.
    pub(super) fn names(&self) -> impl Iterator<Item = Named<'t>> {
        self.subject.iter().chain(&self.others).copied()
    }
}

/// Words that stand for what comes next, or for its look.
fn is_markup(word: &str) -> bool {
    matches!(
        word,
        "\\c" | "@c" | "\\p" | "@p" | "\\e" | "@e" | "\\a" | "@a" | "\\ref" | "@ref" | "{@link"
    )
}

/// The method in "as start", "same as start", "see start".
fn same_as<'t>(mut words: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    let first = bare(words.next()?);
    let second = bare(words.next()?);
    match first.to_ascii_lowercase().as_str() {
        "same" | "like" | "see" if second == "as" => words.next().map(bare),
        "as" | "like" | "see" => Some(second),
        _ => None,
    }
}

/// A word without what stands around it.
fn bare(raw: &str) -> &str {
    let word = raw.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
    // The dots of `ERR_...` are not the end of a sentence.
    if word.ends_with("_...") {
        return word;
    }
    word.trim_end_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '\u{2026}' | '*')))
}

/// What can be the name of a constant: capitals. Whether there is one is looked up later.
fn named(word: &str) -> Option<Named<'_>> {
    let is_name = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_uppercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let open = ["...", "\u{2026}", "*"];
    if let Some(prefix) = open.iter().find_map(|end| word.strip_suffix(end)) {
        return (prefix.ends_with('_') && is_name(prefix)).then_some(Named::Prefix(prefix));
    }
    let (_, name) = split(word);
    (name.len() > 1 && is_name(name)).then_some(Named::One(word))
}

/// The type that a constant is qualified with, and its own name.
pub(super) fn split(word: &str) -> (Option<&str>, &str) {
    let dotted = word.rsplit_once("::").or_else(|| word.rsplit_once('.'));
    dotted.map_or((None, word), |(owner, name)| (Some(owner), name))
}

#[cfg(test)]
mod tests {
    use super::{Item, Named};

    fn names(text: &str) -> Vec<Named<'_>> {
        let item = Item::parse(text);
        item.subject.into_iter().chain(item.others).collect()
    }

    #[test]
    fn constants_are_found_however_they_are_marked() {
        for text in [
            "\\c ERR_BUSY: it works",
            "ERR_BUSY if it works",
            "(@c ERR_BUSY) it works",
            "#ERR_BUSY - it works",
            "1 (ERR_BUSY) if it works",
            "-1 if it works, that is `ERR_BUSY`.",
        ] {
            assert_eq!(names(text), [Named::One("ERR_BUSY")], "{text}");
        }
        assert_eq!(
            names("\\c Outlet.ERR_BUSY or Outlet::ERR_OFF: no"),
            [Named::One("Outlet.ERR_BUSY"), Named::One("Outlet::ERR_OFF")]
        );
        assert_eq!(names("A number, Outlet.state or errBusy"), []);
    }

    #[test]
    fn several_at_once() {
        for text in [
            "\\c ERR_PIN_\u{2026}: why not",
            "ERR_PIN_* if not",
            "ERR_PIN_... otherwise",
        ] {
            assert_eq!(names(text), [Named::Prefix("ERR_PIN_")], "{text}");
        }
        for text in [
            "\\c ERR_A to \\c ERR_B: what is\nwrong",
            "ERR_A through ERR_B if wrong",
            "ERR_A .. ERR_B",
        ] {
            assert_eq!(names(text), [Named::Range("ERR_A", "ERR_B")], "{text}");
        }
    }

    #[test]
    fn what_is_returned_is_told_from_what_explains_it() {
        let item = Item::parse("\\c ERR_BUSY: more than \\c MAX_ENTRIES");
        assert_eq!(item.subject, [Named::One("ERR_BUSY")]);
        assert_eq!(item.others, [Named::One("MAX_ENTRIES")]);
        let item = Item::parse("ERR_BUSY if more than MAX_ENTRIES");
        assert_eq!(item.others, [Named::One("MAX_ENTRIES")]);
    }

    #[test]
    fn numbers() {
        for (text, number, set_off) in [
            ("0: done", Some(0), true),
            ("0 if OK", Some(0), false),
            ("-1 = no", Some(-1), true),
            ("2 - no", Some(2), true),
            ("2 \u{2013} no", Some(2), true),
            ("number of outlets", None, false),
            ("99999999999: no", None, false),
        ] {
            let item = Item::parse(text);
            assert_eq!((item.number, item.set_off), (number, set_off), "{text}");
        }
    }

    #[test]
    fn references_and_wording() {
        for text in [
            "as \\c start",
            "same as \\c start",
            "See \\c start.",
            "like start",
        ] {
            assert_eq!(Item::parse(text).same_as, Some("start"), "{text}");
        }
        assert!(Item::parse("an error code").says_code && !Item::parse("a code").says_code);
        assert!(Item::parse("0 on Success").success && Item::parse("nonzero: it failed").nonzero);
        assert!(Item::parse("The number of outlets").quantity);
        assert_eq!(Item::parse(""), Item::default());
    }
}
