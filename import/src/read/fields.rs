//! Fields of structures and value objects.

use std::collections::HashMap;

use super::Reader;
use super::checks;
use super::members::encodings;
use super::remarks::Remarks;
use super::shapes::{self, Origin, Shape};
use super::types::ValuePlace;
use crate::api::{Field, Kind, Member, TypeId, is_identifier};
use crate::python::{Class, Expression, Function, Statement, StatementKind, assigned};

impl<'s> Reader<'s> {
    /// The fields that a class adds to those of its base.
    pub(super) fn fields(
        &mut self,
        id: TypeId,
        class: &'s Class,
        line: u32,
        remarks: &Remarks<'_>,
    ) -> Vec<Member> {
        let Some(ty) = self.api.types.get(id) else {
            return Vec::new();
        };
        let scope = ty.python.clone();
        let names = if matches!(ty.kind, Kind::Structure) {
            class.value("elements")
        } else {
            class
                .function("listElements")
                .and_then(|list| assigned(&list.body, "elements"))
        };
        let Some(names) = names.and_then(Expression::texts) else {
            self.problem_at(id, line, "no list of elements");
            return Vec::new();
        };
        let decoded = class.function("decode").map(decodings).unwrap_or_default();
        let encode = class.function("encode");
        let encoded: HashMap<_, _> = encode
            .into_iter()
            .flat_map(|encode| encodings(&encode.body))
            .map(|(_, key, encoding)| (key, encoding.map(|(shape, _)| shape)))
            .collect();
        let mut unlisted: Vec<_> = encoded.keys().filter(|key| !names.contains(*key)).collect();
        unlisted.sort_unstable();
        for key in unlisted {
            let message = format!("field `{}` is not among the elements", key.escape_debug());
            self.problem_at(id, line, message);
        }
        let init = class
            .function("__init__")
            .map_or(&[][..], |init| init.body.as_slice());
        let variables = variables(init);
        let checks = checks::read(init);
        let mut members = Vec::new();
        for name in names {
            if !is_identifier(name) {
                self.problem_at(id, line, format!("`{}`: odd field", name.escape_debug()));
                continue;
            }
            let (variable, statement) = variables
                .get(name)
                .map_or((name, None), |(variable, at)| (*variable, Some(*at)));
            let check = checks::of(&checks, variable);
            let place = ValuePlace {
                scope: &scope,
                encoded: encoded.contains_key(name),
            };
            let shape = match (decoded.get(name), encoded.get(name)) {
                (None, None) => Err("neither decoded nor encoded"),
                (Some(None), _) => Err("decoded in no known way"),
                (_, Some(None)) => Err("encoded in no known way"),
                (Some(Some(one)), None) | (None, Some(Some(one))) => Ok(one.clone()),
                (Some(Some(decoded)), Some(Some(encoded))) => {
                    let both = decoded.clone().merge(encoded.clone());
                    both.ok_or("decoded as one type and encoded as another")
                }
            };
            let ty = match shape {
                Ok(shape) => self.ty(&shape, check, place),
                Err(message) => Err(message.to_owned()),
            };
            match ty {
                Ok(ty) => {
                    let mut notes = statement.map(|at| remarks.member(at)).unwrap_or_default();
                    notes.leading.clear();
                    members.push(Member::Field(Field {
                        name: name.to_owned(),
                        ty,
                        notes,
                    }));
                }
                Err(message) => self.problem_at(id, line, format!("field `{name}`: {message}")),
            }
        }
        members
    }
}

/// What `cls(name = …, …)` in a decoding function shows, by JSON member; `None` for what is of no known form.
fn decodings(function: &Function) -> HashMap<&str, Option<Shape>> {
    let calls = function
        .body
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Assign(_, Expression::Call(callee, _, named))
                if callee.name() == Some("cls") =>
            {
                Some(named)
            }
            _ => None,
        });
    calls
        .flatten()
        .map(|(name, value)| match shapes::read(value) {
            Some((shape, Origin::Json(key))) if key == *name => (name.as_str(), Some(shape)),
            _ => (name.as_str(), None),
        })
        .collect()
}

/// `self.field = variable`, by field.
fn variables(init: &[Statement]) -> HashMap<&str, (&str, &Statement)> {
    init.iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Assign(
                Expression::Attribute(object, field),
                Expression::Name(variable),
            ) if object.name() == Some("self") => {
                Some((field.as_str(), (variable.as_str(), statement)))
            }
            _ => None,
        })
        .collect()
}
