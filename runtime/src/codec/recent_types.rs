//! The types that a document names again and again.

use xerus_wire_id::WireId;

use crate::compatibility::Compatibility;

/// How many types are kept: the sensors of an outlet are of three.
const KEPT: usize = 6;

/// The types that a document named last. A list of references repeats a few, and to parse such a name and to look it up
/// takes longer than to read the rest of a reference.
#[derive(Debug, Default)]
pub(crate) struct RecentTypes {
    entries: Vec<Entry>,
    /// The entry that gives way to the next type.
    oldest: usize,
}

#[derive(Debug)]
struct Entry {
    id: WireId,
    judged: Option<Judged>,
}

/// What came of comparing a type with what a reference is declared as.
#[derive(Clone, Copy, Debug)]
struct Judged {
    declared: Declaration,
    verdict: Option<Compatibility>,
}

/// Tells what references are declared as apart: the addresses of the type's id and of the tables of its bindings. Other
/// bindings may have a type of the same id.
pub(crate) type Declaration = [usize; 2];

impl RecentTypes {
    /// The type with this text.
    #[inline]
    pub(crate) fn find(&self, text: &str) -> Option<WireId> {
        let same = |entry: &&Entry| entry.id.as_str() == text;
        self.entries.iter().find(same).map(|entry| entry.id.clone())
    }

    /// Keeps a type that was not found.
    pub(crate) fn add(&mut self, id: &WireId) {
        let entry = Entry {
            id: id.clone(),
            judged: None,
        };
        if self.entries.len() < KEPT {
            self.entries.push(entry);
        } else {
            self.entries[self.oldest] = entry;
            self.oldest = (self.oldest + 1) % KEPT;
        }
    }

    /// What `judge` says of a type where this one is declared; asked once for types that are found again.
    #[inline]
    pub(crate) fn judge(
        &mut self,
        id: &WireId,
        declared: Declaration,
        judge: impl FnOnce() -> Option<Compatibility>,
    ) -> Option<Compatibility> {
        // A type that was found shares its text with the entry.
        let same = |text: &str, other: &str| std::ptr::eq(text, other);
        let mut entries = self.entries.iter_mut();
        let Some(entry) = entries.find(|entry| same(entry.id.as_str(), id.as_str())) else {
            return judge();
        };
        match entry.judged {
            Some(known) if known.declared == declared => known.verdict,
            _ => {
                let verdict = judge();
                entry.judged = Some(Judged { declared, verdict });
                verdict
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_found_until_six_others_came() {
        let mut types = RecentTypes::default();
        let ids: Vec<String> = (0..7).map(|number| format!("m.I{number}:1.0.0")).collect();
        for text in &ids {
            assert_eq!(types.find(text), None);
            types.add(&text.parse().expect("a wire id"));
            assert_eq!(types.find(text).expect("it was added").as_str(), text);
        }
        assert_eq!(types.find(&ids[0]), None);
        for text in &ids[1..] {
            assert!(types.find(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_verdict_counts_for_what_was_declared() {
        let mut types = RecentTypes::default();
        types.add(&"m.I:1.0.0".parse().expect("a wire id"));
        let id = types.find("m.I:1.0.0").expect("it was added");
        let fits = Some(Compatibility::Compatible);
        assert_eq!(types.judge(&id, [1, 1], || fits), fits);
        let again = || panic!("it was judged before");
        for declared in [[2, 1], [1, 2]] {
            assert_eq!(types.judge(&id, declared, || None), None);
            assert_eq!(types.judge(&id, declared, again), None);
        }
        let other = "m.J:1.0.0".parse().expect("a wire id");
        assert_eq!(types.judge(&other, [1, 2], || fits), fits);
    }
}
