//! The API, and the run of one vector against it.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;
use xerus_idl::model::{Builtin, Model, TypeIndex, TypeKind, TypeRef};
use xerus_rpc::WireId;

use crate::compare::numbers_by_value;
use crate::expect::{self, Alternative};
use crate::expression::{self, Expression};
use crate::observed::Observed;
use crate::vector::{Direction, Vector};
use crate::wiretap::Wiretap;
use crate::{
    bulk, cgi, envelope, firmware, http, method, multipart, reference, request, typecode, url,
    value, value_object,
};

/// The API of firmware 4.0.20.
pub struct World {
    model: Model,
    by_path: HashMap<String, TypeIndex>,
    paths: HashMap<TypeIndex, String>,
    wiretap: Wiretap,
}

/// What became of a vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As expected.
    Passed,
    /// Of a kind that nothing here knows.
    NotCovered(String),
    /// About a type or method that this firmware does not have.
    NotHere(String),
    /// Different from what was expected; the text says what came out.
    Failed(String),
}

impl World {
    /// Reads the API.
    ///
    /// # Errors
    ///
    /// When the IDL has errors or no port of loopback is free.
    pub fn new() -> Result<Self, String> {
        let api = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl/xerus-4.0.20");
        let loaded = xerus_idl::Idl::new()
            .directory(&api)
            .load()
            .map_err(|error| error.to_string())?;
        let model = loaded.model;
        let mut by_path = HashMap::new();
        let mut paths = HashMap::new();
        for (index, ty) in model.types() {
            let id: WireId = ty
                .wire_id
                .parse()
                .map_err(|error| format!("{}: {error}", ty.wire_id))?;
            let path = id.version_free_name();
            by_path.insert(path.clone(), index);
            paths.insert(index, path);
        }
        let wiretap = Wiretap::start().map_err(|error| error.to_string())?;
        Ok(Self {
            model,
            by_path,
            paths,
            wiretap,
        })
    }

    /// Runs a vector.
    #[must_use]
    pub fn run(&self, vector: &Vector) -> Verdict {
        let mut outcomes = Vec::new();
        for alternative in expect::alternatives(&vector.expect) {
            match self.observe(vector, alternative.strict) {
                Outcome::Observed(observed) => {
                    if self.is_expected(vector, &alternative, &observed) {
                        return Verdict::Passed;
                    }
                    outcomes.push(format!("{observed:?}"));
                }
                Outcome::NotHere(name) => return Verdict::NotHere(name),
                Outcome::Unclear => {
                    return Verdict::Failed("nothing: the vector was not understood".to_owned());
                }
                Outcome::NotCovered => {
                    let kind = vector
                        .idl_type
                        .split(['(', '<', ':'])
                        .next()
                        .unwrap_or_default();
                    return Verdict::NotCovered(kind.to_owned());
                }
            }
        }
        outcomes.dedup();
        Verdict::Failed(outcomes.join(" or "))
    }

    fn is_expected(
        &self,
        vector: &Vector,
        alternative: &Alternative<'_>,
        observed: &Observed,
    ) -> bool {
        alternative.matches(self, observed) && self.goes_back(vector, observed)
    }

    /// Whether a value that goes both ways was encoded as it came.
    fn goes_back(&self, vector: &Vector, observed: &Observed) -> bool {
        let (Direction::Both, Observed::Value(seen)) = (vector.direction, observed) else {
            return true;
        };
        let Some(input) = vector.json() else {
            return false;
        };
        let again = seen.wire.as_ref().unwrap_or(&seen.json);
        match &seen.ty {
            Some(ty) if seen.wire.is_none() => self.same(ty, &input, again),
            _ => numbers_by_value(&input, again),
        }
    }

    /// Whether two texts of a type stand for the same value: floats are compared as such.
    fn same(&self, ty: &TypeRef, a: &Value, b: &Value) -> bool {
        match (ty, a, b) {
            (TypeRef::Builtin(Builtin::Float), Value::Number(_), Value::Number(_)) => {
                crate::compare::typed(self, ty, a, Some(b))
            }
            (TypeRef::Vector(element), Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same(element, a, b))
            }
            (TypeRef::Named(index), Value::Object(a), Value::Object(b))
                if matches!(self.model.ty(*index).kind, TypeKind::Structure { .. }) =>
            {
                a.len() == b.len()
                    && a.iter().all(|(name, a)| {
                        b.get(name).is_some_and(|b| match self.field(*index, name) {
                            Some(ty) => self.same(ty, a, b),
                            None => numbers_by_value(a, b),
                        })
                    })
            }
            _ => numbers_by_value(a, b),
        }
    }

    fn observe(&self, vector: &Vector, strict: bool) -> Outcome {
        let kind = vector.idl_type.as_str();
        if let Some(endpoint) = kind.strip_prefix("cgi:") {
            return cgi::run(endpoint, vector).into();
        }
        if let Some(words) = kind
            .strip_prefix("envelope(")
            .and_then(|rest| rest.strip_suffix(')'))
        {
            return envelope::run(self, words, &vector.bytes, strict).into();
        }
        if let Some(rest) = kind.strip_prefix("bulk") {
            let words = rest
                .strip_prefix('(')
                .and_then(|rest| rest.strip_suffix(')'));
            return bulk::run(self, words, vector, strict).into();
        }
        if let Some(path) = kind.strip_prefix("method:") {
            let Some((interface, method)) = method::find(self, path) else {
                return Outcome::NotHere(path.to_owned());
            };
            return method::run(self, &interface, method, &vector.bytes, strict).into();
        }
        match kind {
            "http" => return http::run(vector).into(),
            "multipart" => return multipart::run(vector).into(),
            "firmware-version" => return firmware::version(vector).into(),
            "firmware-image" => return firmware::image(vector).into(),
            "url" => return vector.json().and_then(|input| url::run(&input)).into(),
            "request" => {
                return match request::run(self, vector) {
                    Ok(observed) => Outcome::Observed(observed),
                    Err(request::Missing(name)) => Outcome::NotHere(name),
                };
            }
            _ => {}
        }
        match expression::parse(self, kind) {
            Expression::Known(ty) => self.observe_value(&ty, vector, strict).into(),
            Expression::Unknown(path) => Outcome::NotHere(path),
            Expression::Other => Outcome::NotCovered,
        }
    }

    fn observe_value(&self, ty: &TypeRef, vector: &Vector, strict: bool) -> Option<Observed> {
        match ty {
            TypeRef::Builtin(Builtin::Object) => {
                return reference::run(self, ty, &vector.bytes, strict);
            }
            TypeRef::Builtin(Builtin::Typecode) => {
                let input = vector.json().unwrap_or_default();
                if input.is_object() {
                    return typecode::compatibility(&input);
                }
                let mut observed = value::run(self, ty, vector, strict)?;
                if let Observed::Value(seen) = &mut observed {
                    let parts = typecode::segments(seen.json.as_str().unwrap_or_default());
                    seen.wire = Some(std::mem::replace(&mut seen.json, parts.unwrap_or_default()));
                    seen.ty = None;
                }
                return Some(observed);
            }
            TypeRef::Named(index) => match &self.model.ty(*index).kind {
                TypeKind::Interface(_) => return reference::run(self, ty, &vector.bytes, strict),
                TypeKind::ValueObject { .. } => {
                    return value_object::run(self, *index, &vector.bytes, strict);
                }
                _ => {}
            },
            _ => {}
        }
        value::run(self, ty, vector, strict)
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    pub(crate) fn wiretap(&self) -> &Wiretap {
        &self.wiretap
    }

    /// The type of a path without versions.
    pub(crate) fn find(&self, path: &str) -> Option<TypeIndex> {
        self.by_path.get(path).copied()
    }

    /// The path of a type without versions.
    pub(crate) fn path(&self, index: TypeIndex) -> String {
        self.paths.get(&index).cloned().unwrap_or_default()
    }

    /// The type that a wire id names, in whatever version.
    pub(crate) fn class(&self, wire_id: &str) -> Option<TypeIndex> {
        self.find(&wire_id.parse::<WireId>().ok()?.version_free_name())
    }

    /// The type of a member, inherited ones included.
    pub(crate) fn field(&self, index: TypeIndex, name: &str) -> Option<&TypeRef> {
        let mut next = Some(index);
        while let Some(current) = next {
            let fields = match &self.model.ty(current).kind {
                TypeKind::Structure { fields } => {
                    next = None;
                    fields
                }
                TypeKind::ValueObject { base, fields } => {
                    next = *base;
                    fields
                }
                _ => return None,
            };
            if let Some(field) = fields.iter().find(|field| field.name == name) {
                return Some(&field.ty);
            }
        }
        None
    }
}

/// What came out of looking at a vector.
enum Outcome {
    Observed(Observed),
    NotHere(String),
    NotCovered,
    Unclear,
}

impl From<Option<Observed>> for Outcome {
    fn from(observed: Option<Observed>) -> Self {
        observed.map_or(Self::Unclear, Self::Observed)
    }
}
