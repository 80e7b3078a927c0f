//! What the serde-derive form of the API is compiled against when compile times are compared.
//!
//! A lazy call that owns its parameters, references, polymorphic value objects and maps as arrays of pairs: as much as a
//! program needs, nothing that would slow the derive form down.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Any JSON.
pub type Json = serde_json::Value;

/// Sends a request body to a resource id and returns the `result` of the answer.
pub type Send = dyn Fn(&str, &str) -> Result<String, serde_json::Error> + std::marker::Send + Sync;

/// A device.
#[derive(Clone)]
pub struct Agent {
    send: Arc<Send>,
}

impl Agent {
    /// An agent on a function that sends.
    #[must_use]
    pub fn new(send: Arc<Send>) -> Self {
        Self { send }
    }
}

/// Whole seconds since 1970-01-01 UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub i64);

/// A reference to an object of a device.
#[derive(Clone, Serialize, Deserialize)]
pub struct Object {
    rid: Arc<str>,
    #[serde(rename = "type")]
    wire_id: Arc<str>,
    #[serde(skip)]
    agent: Option<Agent>,
}

impl Object {
    /// A reference to a resource id; nothing is sent.
    #[must_use]
    pub fn at(agent: &Agent, rid: &str, wire_id: &str) -> Self {
        Self {
            rid: rid.into(),
            wire_id: wire_id.into(),
            agent: Some(agent.clone()),
        }
    }

    /// The resource id.
    #[must_use]
    pub fn rid(&self) -> &str {
        &self.rid
    }
}

impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({})", self.wire_id, self.rid)
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.rid == other.rid
    }
}

impl Eq for Object {}

impl std::hash::Hash for Object {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.rid.hash(state);
    }
}

/// A value object of the declared type or of one derived from it.
#[derive(Clone, Debug)]
pub struct Polymorphic<T> {
    wire_id: String,
    value: Box<RawValue>,
    base: Option<T>,
}

impl<T> Polymorphic<T> {
    /// The members as the declared type, when they have its shape.
    #[must_use]
    pub const fn base(&self) -> Option<&T> {
        self.base.as_ref()
    }
}

impl<T> PartialEq for Polymorphic<T> {
    fn eq(&self, other: &Self) -> bool {
        self.wire_id == other.wire_id && self.value.get() == other.value.get()
    }
}

#[derive(Serialize, Deserialize)]
struct Tagged {
    r#type: String,
    value: Box<RawValue>,
}

impl<T> Serialize for Polymorphic<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Tagged {
            r#type: self.wire_id.clone(),
            value: self.value.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Polymorphic<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Tagged { r#type, value } = Tagged::deserialize(deserializer)?;
        let base = serde_json::from_str(value.get()).ok();
        Ok(Self {
            wire_id: r#type,
            value,
            base,
        })
    }
}

/// A map, on the wire an array of pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct Map<K, V>(pub BTreeMap<K, V>);

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

#[derive(Serialize, Deserialize)]
struct Pair<K, V> {
    key: K,
    value: V,
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pairs = serializer.serialize_seq(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            pairs.serialize_element(&Pair { key, value })?;
        }
        pairs.end()
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pairs = Vec::<Pair<K, V>>::deserialize(deserializer)?;
        let mut map = BTreeMap::new();
        for Pair { key, value } in pairs {
            if map.insert(key, value).is_some() {
                return Err(D::Error::custom("a key stands twice"));
            }
        }
        Ok(Self(map))
    }
}

/// In-parameters, already encoded.
#[derive(Default)]
pub struct Params {
    text: String,
    error: Option<serde_json::Error>,
}

impl Params {
    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: &dyn Encode) -> Self {
        self.text.push(if self.text.is_empty() { '{' } else { ',' });
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
        if let Err(error) = value.encode(&mut self.text) {
            self.error = Some(error);
        }
        self
    }
}

/// Object-safe encoding, so that a method's code does not grow with its parameters.
pub trait Encode {
    /// Appends the JSON of the value.
    ///
    /// # Errors
    ///
    /// When the value has no JSON.
    fn encode(&self, text: &mut String) -> Result<(), serde_json::Error>;
}

impl<T: Serialize> Encode for T {
    fn encode(&self, text: &mut String) -> Result<(), serde_json::Error> {
        text.push_str(&serde_json::to_string(self)?);
        Ok(())
    }
}

/// What turns the text of `result` into a value.
type Finish<T> = fn(&str, &[&str]) -> Result<T, serde_json::Error>;

/// A call that is sent when asked.
#[must_use]
pub struct Call<T> {
    object: Object,
    method: &'static str,
    params: Params,
    names: Names,
    finish: Finish<T>,
    result: PhantomData<fn() -> T>,
}

enum Names {
    One(&'static str),
    Many(&'static [&'static str]),
}

impl<T> Call<T> {
    fn new(
        object: &Object,
        method: &'static str,
        params: Params,
        names: Names,
        finish: Finish<T>,
    ) -> Self {
        Self {
            object: object.clone(),
            method,
            params,
            names,
            finish,
            result: PhantomData,
        }
    }

    /// Sends the call and waits for the answer.
    ///
    /// # Errors
    ///
    /// When a parameter has no JSON, the reference has no agent, sending fails or the answer has another shape.
    pub fn send(self) -> Result<T, serde_json::Error> {
        if let Some(error) = self.params.error {
            return Err(error);
        }
        let params = if self.params.text.is_empty() {
            "{"
        } else {
            &self.params.text
        };
        let body = format!(
            r#"{{"jsonrpc":"2.0","method":"{}","params":{params}}},"id":1}}"#,
            self.method
        );
        let agent = self
            .object
            .agent
            .as_ref()
            .ok_or_else(|| serde_json::Error::custom("no agent"))?;
        let answer = (agent.send)(&self.object.rid, &body)?;
        match self.names {
            Names::One(name) => (self.finish)(&answer, &[name]),
            Names::Many(names) => (self.finish)(&answer, names),
        }
    }
}

impl Call<()> {
    /// A call without result.
    pub fn void(object: &Object, method: &'static str, params: Params) -> Self {
        Self::new(object, method, params, Names::Many(&[]), |_, _| Ok(()))
    }
}

impl<T: DeserializeOwned> Call<T> {
    /// A call with one result.
    pub fn single(
        object: &Object,
        method: &'static str,
        params: Params,
        name: &'static str,
    ) -> Self {
        Self::new(object, method, params, Names::One(name), |text, names| {
            let results = results(text)?;
            names.first().map_or_else(
                || Err(serde_json::Error::custom("no name")),
                |name| one(&results, name),
            )
        })
    }
}

impl<T: Tuple> Call<T> {
    /// A call with several results.
    pub fn tuple(
        object: &Object,
        method: &'static str,
        params: Params,
        names: &'static [&'static str],
    ) -> Self {
        Self::new(object, method, params, Names::Many(names), |text, names| {
            T::from_results(&results(text)?, names)
        })
    }
}

type Results = BTreeMap<String, Box<RawValue>>;

fn results(text: &str) -> Result<Results, serde_json::Error> {
    serde_json::from_str(text)
}

fn one<T: DeserializeOwned>(results: &Results, name: &str) -> Result<T, serde_json::Error> {
    let value = results
        .get(name)
        .ok_or_else(|| serde_json::Error::custom("a result is missing"))?;
    serde_json::from_str(value.get())
}

/// Several results.
pub trait Tuple: Sized {
    /// Takes them out of the `result` object, in the order of the names.
    ///
    /// # Errors
    ///
    /// When one is missing or has another shape.
    fn from_results(
        results: &BTreeMap<String, Box<RawValue>>,
        names: &[&str],
    ) -> Result<Self, serde_json::Error>;
}

macro_rules! tuple {
    ($($name:ident)+) => {
        impl<$($name: DeserializeOwned),+> Tuple for ($($name,)+) {
            fn from_results(results: &Results, names: &[&str]) -> Result<Self, serde_json::Error> {
                let mut names = names.iter();
                Ok(($({
                    let name = names.next().ok_or_else(|| serde_json::Error::custom("no name"))?;
                    one::<$name>(results, name)?
                },)+))
            }
        }
    };
}
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_sends_its_parameters_and_takes_the_results() {
        let agent = Agent::new(Arc::new(|rid, body| {
            assert_eq!(rid, "/x");
            assert_eq!(
                body,
                r#"{"jsonrpc":"2.0","method":"f","params":{"a":1,"b":[{"key":2,"value":"c"}]},"id":1}"#
            );
            Ok(r#"{"_ret_":0,"out":{"rid":"/y","type":"m.I:1.0.0"}}"#.to_owned())
        }));
        let object = Object::at(&agent, "/x", "m.I:1.0.0");
        let map = Map(BTreeMap::from([(2, "c".to_owned())]));
        let params = Params::new().with("a", &1).with("b", &map);
        let (code, out) =
            Call::<(i32, Option<Object>)>::tuple(&object, "f", params, &["_ret_", "out"])
                .send()
                .unwrap();
        assert_eq!(code, 0);
        assert_eq!(out.unwrap().rid(), "/y");
    }
}
