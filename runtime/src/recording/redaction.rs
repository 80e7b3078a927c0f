//! What must not stand in a recording, and what stands there instead.

mod known;
mod names;
mod shapes;
mod visit;

use std::fmt;

pub(super) use known::Known;
pub(super) use names::of_member;
pub(super) use shapes::{Piece, pieces};

/// What a [`Recorder`](super::Recorder) replaces when it writes.
///
/// Always replaced are, by the name of the member or parameter that they stand in: passwords, passphrases, tokens, keys,
/// PINs, communities and other secrets, user names, host names, serial numbers, and how people are reached; and by their form: IP
/// and MAC addresses, private keys. A value that was replaced once is replaced wherever it stands, also in what was
/// written before. The same value has the same placeholder in all of a file, such as `<user-1>`; addresses become
/// addresses that are kept for documentation (`192.0.2.1`), so that programs can still read them.
///
/// Numbers, booleans and enumerators stay, and so do empty texts.
///
/// ```
/// use xerus_rpc::recording::{Recorder, Redaction};
///
/// let redaction = Redaction::new()
///     .member("assetTag", "asset") // whatever stands in members of this name
///     .value("Building 7", "place"); // this text, wherever it stands
/// let recorder = Recorder::in_memory(redaction);
/// # drop(recorder);
/// ```
#[derive(Clone, Default)]
pub struct Redaction {
    members: Vec<(String, String)>,
    values: Vec<(String, String)>,
}

impl Redaction {
    /// What is always replaced.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Also replaces texts in members and parameters of this name, in any case of letters. `kind` is the word in their
    /// placeholders: `asset` for `<asset-1>`.
    #[must_use]
    pub fn member(mut self, name: &str, kind: &str) -> Self {
        self.members
            .push((crate::secrets::normal(name), word(kind)));
        self
    }

    /// Also replaces this text, wherever it stands. `kind` is the word in its placeholder.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>, kind: &str) -> Self {
        self.values.push((value.into(), word(kind)));
        self
    }

    /// The kind of what stands in a member.
    pub(super) fn kind_of(&self, member: &str) -> Option<&str> {
        let normal = crate::secrets::normal(member);
        let own = self.members.iter().find(|(name, _)| *name == normal);
        own.map(|(_, kind)| &**kind)
            .or_else(|| names::of_member(&normal))
    }
}

/// A kind as it can stand in a placeholder.
fn word(kind: &str) -> String {
    let word: String = kind
        .chars()
        .map(|c| match c {
            'a'..='z' => c,
            'A'..='Z' => c.to_ascii_lowercase(),
            _ => '-',
        })
        .collect();
    let word = word.trim_matches('-');
    if word.is_empty() { "value" } else { word }.to_owned()
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values are what must not be seen.
        f.debug_struct("Redaction")
            .field("members", &self.members)
            .field("values", &self.values.len())
            .finish()
    }
}
