//! What came out of running a vector.

use std::collections::BTreeMap;

use serde_json::Value;
use xerus_idl::model::TypeRef;
use xerus_rpc::error::EncodeError;
use xerus_rpc::{DecodeError, Error};

/// The outcome of one run.
#[derive(Debug)]
pub(crate) enum Observed {
    /// A value.
    Value(Seen),
    /// An error.
    Error(Fault),
}

/// A value, seen through what the bindings offer.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The value, encoded again; of a value object its members.
    pub(crate) json: Value,
    /// What would be sent when the value went back, where that is more than `json`.
    pub(crate) wire: Option<Value>,
    /// Its type, when it is one IDL value.
    pub(crate) ty: Option<TypeRef>,
    /// What accessors say about it: `proxy`, `compat`, `class` and the like.
    pub(crate) facts: BTreeMap<&'static str, Value>,
    /// Named results of a method with their types.
    pub(crate) results: Option<Vec<(String, TypeRef)>>,
    /// Items of a bulk answer.
    pub(crate) items: Option<Vec<Observed>>,
}

impl Seen {
    /// A value of a type.
    pub(crate) fn typed(json: Value, ty: &TypeRef) -> Self {
        Self {
            json,
            ty: Some(ty.clone()),
            ..Self::default()
        }
    }

    /// A plain value.
    pub(crate) fn plain(json: Value) -> Self {
        Self {
            json,
            ..Self::default()
        }
    }
}

/// An error in the terms of the vectors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// `Decode.MissingField`
    pub(crate) kind: String,
    /// Where in the value.
    pub(crate) path: String,
    /// The number of a JSON-RPC error, HTTP status or response code.
    pub(crate) code: Option<i64>,
    /// What a response code means, where that is known.
    pub(crate) meaning: Option<&'static str>,
}

impl From<Fault> for Observed {
    fn from(fault: Fault) -> Self {
        Self::Error(fault)
    }
}

impl From<&DecodeError> for Fault {
    fn from(error: &DecodeError) -> Self {
        Self {
            kind: error.kind().code().to_owned(),
            path: error.path(),
            code: None,
            meaning: None,
        }
    }
}

impl From<&EncodeError> for Fault {
    fn from(error: &EncodeError) -> Self {
        Self {
            kind: error.kind().code().to_owned(),
            path: error.path(),
            code: None,
            meaning: None,
        }
    }
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        let status = error.http_status().map(i64::from);
        Self {
            kind: error.code().to_owned(),
            path: error.path().unwrap_or_default(),
            code: error
                .rpc_code()
                .or(status)
                .or(error.response_code().map(i64::from)),
            meaning: error.as_cgi().and_then(|refusal| refusal.meaning),
        }
    }
}
