//! What an error says beside its code.

use std::borrow::Cow;

use super::code::FaultCode;
use crate::codec::{Encode, ReaderOptions, Value, decode};
use crate::error::{Error, RpcError};
use crate::json::write;
use crate::json_text::Json;
use crate::method::Marks;
use crate::server::Fault;
use crate::wire::{self, Arguments};

/// What a unit says beside the code of an error, or in a warning.
///
/// ```
/// use xerus_rpc::ripex2::Details;
///
/// fn show(error: &xerus_rpc::Error) {
///     for part in Details::of(error).iter().flat_map(|details| &details.suberrors) {
///         println!("{}: {}", part.seids.join(", "), part.text());
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Details {
    /// What went wrong.
    pub code: FaultCode,
    /// The key under which `messages_get` has the text; empty where there is none.
    pub message_id: String,
    /// What is to be put into that text, by name.
    pub message_params: Vec<(String, String)>,
    /// A text that is shown as it is.
    pub log: Option<String>,
    /// The configuration addresses that this is about: `main.LanInterfaces.2.LanIface_Name`.
    pub seids: Vec<String>,
    /// What went wrong in detail.
    pub suberrors: Vec<Details>,
}

/// How deep errors in errors are read.
pub(super) const DEPTH: usize = 8;

impl Details {
    /// What a unit said with an error; `None` for any other error.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        let object = error.as_rpc()?.data.as_ref()?;
        Self::read(object.get(), DEPTH)
    }

    /// What a unit said in warnings: those of an answer, or of an error.
    #[must_use]
    pub fn of_warnings(meta: &crate::wire::Meta) -> Vec<Self> {
        let text = meta.attribute(super::WARNINGS).unwrap_or("[]");
        let all = wire::list(text).unwrap_or_default();
        all.into_iter()
            .filter_map(|one| Self::read(one, DEPTH))
            .collect()
    }

    /// The text for people: what is shown as it is, or else the key of the text.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.log {
            Some(log) if !log.is_empty() => log,
            _ if !self.message_id.is_empty() => &self.message_id,
            _ => self.code.as_str(),
        }
    }

    /// Reads an error object; what does not fit is left out.
    pub(super) fn read(text: &str, depth: usize) -> Option<Self> {
        let members = Arguments::parse(text).ok()?;
        if members.is_by_position() {
            return None;
        }
        let get = |name| members.get(usize::MAX, name);
        let word = |name| get(name).and_then(string);
        let list = |name| get(name).and_then(wire::list);
        let suberrors = list("suberrors").filter(|_| depth > 0).unwrap_or_default();
        let suberrors = suberrors
            .into_iter()
            .filter_map(|one| Self::read(one, depth - 1));
        let seids = list("seids").unwrap_or_default();
        let params = get("message_params").and_then(|params| Arguments::parse(params).ok());
        let params = params.unwrap_or_default();
        let params = params.iter().filter_map(|(name, value)| {
            let value = string(value).unwrap_or_else(|| value.to_owned());
            Some((name?.to_owned(), value))
        });
        Some(Self {
            code: FaultCode::from(&*word("code").unwrap_or_default()),
            message_id: word("message_id").unwrap_or_default(),
            message_params: params.collect(),
            log: word("log"),
            seids: seids.into_iter().filter_map(string).collect(),
            suberrors: suberrors.collect(),
        })
    }
}

/// The text in a JSON text.
pub(super) fn string(json: &str) -> Option<String> {
    let is_text = json.starts_with('"');
    let decoded = is_text.then(|| decode(json.as_bytes(), &ReaderOptions::default()));
    decoded?.ok()
}

/// Making them, for servants.
impl Details {
    /// Nothing but a code.
    #[must_use]
    pub fn new(code: FaultCode) -> Self {
        Self {
            message_id: format!("msg_{code}"),
            code,
            message_params: Vec::new(),
            log: None,
            seids: Vec::new(),
            suberrors: Vec::new(),
        }
    }

    /// Sets the key of the text for people.
    #[must_use]
    pub fn with_message_id(mut self, id: impl Into<String>) -> Self {
        self.message_id = id.into();
        self
    }

    /// Sets the text that is shown as it is.
    #[must_use]
    pub fn with_log(mut self, log: impl Into<String>) -> Self {
        self.log = Some(log.into());
        self
    }

    /// Adds a configuration address that this is about.
    #[must_use]
    pub fn with_seid(mut self, seid: impl Into<String>) -> Self {
        self.seids.push(seid.into());
        self
    }

    /// Adds what went wrong in detail.
    #[must_use]
    pub fn with_suberror(mut self, suberror: Self) -> Self {
        self.suberrors.push(suberror);
        self
    }

    /// The object that goes over the wire.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut out = Vec::new();
        self.write(&mut out);
        Json::trusted(String::from_utf8_lossy(&out).into_owned())
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"code\":");
        write::string(out, self.code.as_str());
        out.extend_from_slice(b",\"message_id\":");
        write::string(out, &self.message_id);
        if !self.message_params.is_empty() {
            out.extend_from_slice(b",\"message_params\":");
            let mut open = b'{';
            for (name, value) in &self.message_params {
                out.push(std::mem::replace(&mut open, b','));
                write::string(out, name);
                out.push(b':');
                write::string(out, value);
            }
            out.push(b'}');
        }
        if let Some(log) = &self.log {
            out.extend_from_slice(b",\"log\":");
            write::string(out, log);
        }
        list(out, "seids", &self.seids, |out, seid| {
            write::string(out, seid);
        });
        list(out, "suberrors", &self.suberrors, |out, suberror| {
            suberror.write(out);
        });
        out.push(b'}');
    }
}

fn list<T>(out: &mut Vec<u8>, name: &str, items: &[T], one: impl Fn(&mut Vec<u8>, &T)) {
    if items.is_empty() {
        return;
    }
    out.push(b',');
    write::string(out, name);
    out.push(b':');
    let mut open = b'[';
    for item in items {
        out.push(std::mem::replace(&mut open, b','));
        one(out, item);
    }
    out.push(b']');
}

impl From<Details> for Fault {
    fn from(details: Details) -> Self {
        let data = details.to_json();
        let message = details.text().to_owned();
        let meaning = details.code.meaning(&Marks::PLAIN);
        let error = RpcError::new(details.code, message).with_data(data);
        match meaning {
            Some(meaning) => error.with_meaning(meaning).into(),
            None => error.into(),
        }
    }
}

impl From<FaultCode> for Fault {
    fn from(code: FaultCode) -> Self {
        Details::new(code).into()
    }
}

impl Encode for Details {
    /// As an object, for [`Context::report`](crate::server::Context::report): on this wire that is a warning.
    fn as_value(&self) -> Value<'_> {
        Value::Json(Cow::Owned(self.to_json()))
    }
}
