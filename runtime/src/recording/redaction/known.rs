//! What was seen so far of what must not be seen.

use std::collections::HashMap;

use super::visit::{Place, visit};
use super::{Redaction, shapes};
use crate::recording::entry::Entry;
use crate::secrets::is_kind;

/// The shortest text that is replaced inside of others; shorter ones only where they are all of a text.
const INSIDE: usize = 4;

/// The shortest text that is replaced where nothing but its value tells what it is.
const ALONE: usize = 3;

/// The shortest secret that is replaced also in the middle of a word.
const IN_A_WORD: usize = 6;

/// What a device calls a text that is not there.
const NOT_SET: &str = "<not set>";

/// The path under which users stand.
const USERS: &str = "/auth/user/";

/// What must not be seen, each with what stands in its place.
pub(in super::super) struct Known {
    redaction: Redaction,
    /// In the order in which they are looked for: the longest first.
    values: Vec<Value>,
    counts: HashMap<String, usize>,
    /// How often something was learnt.
    learnt: usize,
}

struct Value {
    text: String,
    placeholder: String,
    secret: bool,
}

impl Known {
    pub(in super::super) fn new(redaction: Redaction) -> Self {
        let mut known = Self {
            redaction: Redaction::default(),
            values: Vec::new(),
            counts: HashMap::new(),
            learnt: 0,
        };
        for (value, kind) in &redaction.values {
            known.learn(value, kind);
        }
        known.redaction = redaction;
        known
    }

    /// How often something was learnt.
    pub(in super::super) fn learnt(&self) -> usize {
        self.learnt
    }

    /// Whether any value may stand in a text that was written.
    pub(in super::super) fn any_in(&self, text: &str) -> bool {
        self.values.iter().any(|value| {
            let quoted = crate::recording::json::quoted(&value.text);
            text.contains(quoted.trim_matches('"')) || text.contains(&value.text)
        })
    }

    /// Notes that a value must not be seen.
    pub(in super::super) fn learn(&mut self, value: &str, kind: &str) {
        if value.trim().is_empty() || value == NOT_SET || shapes::is_placeholder(value) {
            return;
        }
        let secret = is_kind(kind);
        if let Some(known) = self.values.iter_mut().find(|known| known.text == value) {
            // A password that is the name of a user is a password.
            self.learnt += usize::from(secret && !known.secret);
            known.secret |= secret;
            return;
        }
        self.learnt += 1;
        let count = self.counts.entry(kind.to_owned()).or_default();
        *count += 1;
        let value = Value {
            placeholder: shapes::placeholder(kind, *count, value),
            text: value.to_owned(),
            secret,
        };
        let at = self
            .values
            .partition_point(|known| known.text.len() >= value.text.len());
        self.values.insert(at, value);
    }

    /// Learns the host in the address of a device.
    pub(in super::super) fn learn_origin(&mut self, origin: &str) {
        let Some((_, rest)) = origin.split_once("://") else {
            return;
        };
        let rest = rest.split(['/', '?']).next().unwrap_or(rest);
        let host = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, _)) => host,
            None => rest.split_once(':').map_or(rest, |(host, _)| host),
        };
        let before = self.values.len();
        self.learn_form(host);
        let is_address = host.parse::<std::net::IpAddr>().is_ok();
        if before == self.values.len() && !is_address && host != "localhost" {
            self.learn(host, "host");
            if let Some((first, _)) = host.split_once('.') {
                self.learn(first, "host");
            }
        }
    }

    /// Learns what an entry tells.
    pub(in super::super) fn learn_entry(&mut self, entry: &mut Entry) {
        visit(entry, &mut |place, text| self.learn_text(place, text));
    }

    fn learn_text(&mut self, place: &Place<'_>, text: &str) {
        if let Some((_, rest)) = text.split_once(USERS) {
            let user = rest.split(['/', '?']).next().unwrap_or(rest);
            self.learn(user, "user");
        }
        if place.is_reference() {
            return;
        }
        if shapes::is_private_key(text) {
            return self.learn(text, "key");
        }
        if let Some(kind) = place.kind(&self.redaction).map(str::to_owned) {
            return self.learn(text, &kind);
        }
        if !place.is_version() {
            self.learn_form(text);
        }
        if place.is_body() {
            self.learn_members_of_text(text);
        }
    }

    fn learn_form(&mut self, text: &str) {
        for (address, kind) in shapes::addresses(text) {
            self.learn(address, kind);
        }
    }

    /// Learns from a text that looks like JSON here and there.
    fn learn_members_of_text(&mut self, text: &str) {
        let parts: Vec<&str> = text.split('"').collect();
        for window in parts.windows(3) {
            if let [name, colon, value] = window
                && colon.trim() == ":"
                && let Some(kind) = self.redaction.kind_of(name).map(str::to_owned)
            {
                self.learn(value, &kind);
            }
        }
        self.learn_form(text);
    }

    /// Puts placeholders into an entry.
    pub(in super::super) fn replace_in(&self, entry: &mut Entry) {
        visit(entry, &mut |place, text| {
            let known = || self.values.iter().find(|value| value.text == *text);
            *text = if place.is_reference() {
                self.replaced_in_reference(text)
            } else if let Some(value) = place.kind(&self.redaction).and_then(|_| known()) {
                value.placeholder.clone()
            } else {
                self.replaced(text)
            };
        });
    }

    /// The text with placeholders.
    pub(in super::super) fn replaced(&self, text: &str) -> String {
        let whole = self.values.iter().find(|value| value.text == text);
        if let Some(value) = whole.filter(|_| text.len() >= ALONE) {
            return value.placeholder.clone();
        }
        let mut text = text.to_owned();
        for value in self
            .values
            .iter()
            .filter(|value| value.text.len() >= INSIDE)
        {
            replace_inside(&mut text, value);
        }
        text
    }

    /// In resource ids and types only secrets and the names of users are replaced.
    fn replaced_in_reference(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let secrets = self.values.iter().filter(|value| value.secret);
        for value in secrets.filter(|value| value.text.len() >= IN_A_WORD) {
            replace_inside(&mut text, value);
        }
        let Some(start) = text.find(USERS).map(|start| start + USERS.len()) else {
            return text;
        };
        let rest = &text[start..];
        let end = start + rest.find(['/', '?']).unwrap_or(rest.len());
        let user = text[start..end].to_owned();
        if let Some(value) = self.values.iter().find(|value| value.text == user) {
            text.replace_range(start..end, &value.placeholder);
        }
        text
    }
}

/// Replaces a value where it is a word of its own.
fn replace_inside(text: &mut String, value: &Value) {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(&value.text)) {
        let (start, end) = (from + found, from + found + value.text.len());
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let joined = (letter(text[..start].chars().next_back())
            && letter(value.text.chars().next()))
            || (letter(text[end..].chars().next()) && letter(value.text.chars().next_back()));
        if joined && !(value.secret && value.text.len() >= IN_A_WORD) {
            from = end;
            continue;
        }
        text.replace_range(start..end, &value.placeholder);
        from = start + value.placeholder.len();
    }
}
