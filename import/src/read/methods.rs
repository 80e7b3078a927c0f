//! Methods of interfaces: a class each, with a function to encode and one to decode.

use xerus_idl::model::Direction;

use super::Reader;
use super::checks;
use super::members::encodings;
use super::remarks::Remarks;
use super::shapes::{self, Origin};
use super::types::ValuePlace;
use crate::api::{Method, Notes, Parameter, TypeId, is_identifier};
use crate::python::{Class, Expression, Function, Statement, StatementKind};

/// The JSON member of the return value.
const RETURN: &str = "_ret_";

impl<'s> Reader<'s> {
    /// Reads a method; in-parameters come first, since Python does not tell how they mix with the others.
    pub(super) fn method(
        &mut self,
        id: TypeId,
        class: &'s Class,
        line: u32,
        remarks: &Remarks<'_>,
    ) -> Option<Method> {
        let name = class.value("name").and_then(Expression::text)?;
        if !is_identifier(name) {
            self.problem_at(id, line, format!("`{}`: odd method", name.escape_debug()));
            return None;
        }
        let scope = self.api.types.get(id)?.python.clone();
        let mut method = Method {
            name: name.to_owned(),
            returns: None,
            parameters: Vec::new(),
            // What comments say is in the notes as it is.
            marks: Vec::new(),
            notes: Notes {
                leading: remarks.class(class),
                ..Notes::default()
            },
        };
        match (class.function("encode"), class.function("decode")) {
            (Some(encode), Some(decode)) => {
                self.ins(id, &scope, encode, &mut method);
                self.outs(id, &scope, decode, &mut method);
            }
            _ => self.problem_at(
                id,
                line,
                format!("method `{name}` without its two functions"),
            ),
        }
        Some(method)
    }

    fn ins(&mut self, id: TypeId, scope: &str, encode: &Function, method: &mut Method) {
        let checks = checks::read(&encode.body);
        for (statement, name, encoding) in encodings(encode) {
            let ty = match &encoding {
                Some((shape, Origin::Variable(variable))) => {
                    let place = ValuePlace {
                        scope,
                        encoded: true,
                    };
                    self.ty(shape, checks::of(&checks, variable), place)
                }
                _ => Err("not encoded in a known way".to_owned()),
            };
            let ty = ty.and_then(|ty| sound(name).map(|()| ty));
            match ty {
                Ok(ty) => method.parameters.push(Parameter {
                    direction: Direction::In,
                    name: name.to_owned(),
                    ty,
                }),
                Err(message) => self.parameter_problem(id, statement, method, name, &message),
            }
        }
    }

    fn outs(&mut self, id: TypeId, scope: &str, decode: &Function, method: &mut Method) {
        let checks = checks::read(&decode.body);
        let mut decoded = Vec::new();
        for statement in &decode.body {
            let StatementKind::Assign(target, value) = &statement.kind else {
                continue;
            };
            let Some(variable) = target.name() else {
                continue;
            };
            let (name, ty) = match shapes::read(value) {
                Some((shape, Origin::Json(name))) => {
                    let place = ValuePlace {
                        scope,
                        encoded: false,
                    };
                    let ty = self.ty(&shape, checks::of(&checks, variable), place);
                    (name, ty)
                }
                _ => (
                    variable.to_owned(),
                    Err("not decoded in a known way".to_owned()),
                ),
            };
            decoded.push(variable);
            match ty.and_then(|ty| sound(&name).map(|()| ty)) {
                Ok(ty) if name == RETURN => method.returns = Some(ty),
                Ok(ty) => {
                    method.parameters.push(Parameter {
                        direction: Direction::Out,
                        name,
                        ty,
                    });
                }
                Err(message) => self.parameter_problem(id, statement, method, &name, &message),
            }
        }
        if let Some((line, returned)) = returned(&decode.body)
            && returned != decoded
        {
            let message = format!(
                "method `{}` returns other than what it decodes",
                method.name
            );
            self.problem_at(id, line, message);
        }
    }

    fn parameter_problem(
        &mut self,
        id: TypeId,
        statement: &Statement,
        method: &Method,
        name: &str,
        message: &str,
    ) {
        let message = format!(
            "method `{}`, parameter `{}`: {message}",
            method.name,
            name.escape_debug()
        );
        self.problem_at(id, statement.line, message);
    }
}

fn sound(name: &str) -> Result<(), String> {
    if is_identifier(name) {
        Ok(())
    } else {
        Err("odd name".to_owned())
    }
}

/// The variables of the return statement, in order.
fn returned(body: &[Statement]) -> Option<(u32, Vec<&str>)> {
    body.iter().find_map(|statement| {
        let StatementKind::Return(value) = &statement.kind else {
            return None;
        };
        let names = match value {
            None | Some(Expression::Other) => Vec::new(),
            Some(Expression::Tuple(items)) => items
                .iter()
                .map(|item| item.name().unwrap_or_default())
                .collect(),
            Some(value) => vec![value.name().unwrap_or_default()],
        };
        Some((statement.line, names))
    })
}
