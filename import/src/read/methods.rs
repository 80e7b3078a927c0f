//! Methods of interfaces: a class each, with a function to encode and one to decode; before firmware 3.3 one function
//! that does both.

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

/// What the Python of one method says, and where.
struct Parts<'s> {
    name: &'s str,
    line: u32,
    doc: Option<&'s str>,
    /// Statements that encode arguments.
    encode: &'s [Statement],
    /// Statements that decode results.
    decode: &'s [Statement],
}

impl<'s> Reader<'s> {
    /// Reads a method that is a class.
    pub(super) fn method(
        &mut self,
        id: TypeId,
        class: &'s Class,
        line: u32,
        remarks: &Remarks<'_>,
    ) -> Option<Method> {
        let Some(name) = class.value("name").and_then(Expression::text) else {
            let message = format!("class `{}`: a method without a name", class.name);
            self.odd(id, line, message);
            return None;
        };
        if !self.is_sound(id, line, name) {
            return None;
        }
        let (Some(encode), Some(decode)) = (class.function("encode"), class.function("decode"))
        else {
            self.odd(
                id,
                line,
                format!("{} without its two functions", named(name)),
            );
            return None;
        };
        for statement in &class.body {
            let known = match &statement.kind {
                StatementKind::Assign(target, _) => target.name() == Some("name"),
                StatementKind::Function(function) => {
                    matches!(function.name.as_str(), "encode" | "decode")
                }
                kind => says_nothing(kind),
            };
            if !known {
                self.not_understood(id, statement, name);
            }
        }
        let parts = Parts {
            name,
            line,
            doc: class.doc.as_deref(),
            encode: &encode.body,
            decode: &decode.body,
        };
        self.assemble(id, &parts, remarks)
    }

    /// Reads a method that is a function: `rsp = agent.json_rpc(self.target, 'name', args)` and what stands around it.
    /// `None` also when it makes no such call.
    pub(super) fn plain_method(
        &mut self,
        id: TypeId,
        function: &'s Function,
        line: u32,
        remarks: &Remarks<'_>,
    ) -> Option<Method> {
        let found = function.body.iter().enumerate();
        let found = found.filter_map(|(at, statement)| Some((at, called(statement)?)));
        let mut found = found.fuse();
        let (Some((at, name)), None) = (found.next(), found.next()) else {
            let message = format!("function `{}` is no method", function.name);
            self.odd(id, line, message);
            return None;
        };
        if !self.is_sound(id, line, name) {
            return None;
        }
        let (before, from) = function.body.split_at(at);
        let parts = Parts {
            name,
            line,
            doc: function.doc.as_deref(),
            encode: before,
            decode: from.get(1..).unwrap_or_default(),
        };
        self.assemble(id, &parts, remarks)
    }

    fn is_sound(&mut self, id: TypeId, line: u32, name: &str) -> bool {
        let is_sound = is_identifier(name);
        if !is_sound {
            self.odd(id, line, format!("`{}`: odd method", name.escape_debug()));
        }
        is_sound
    }

    /// In-parameters come first, since Python does not tell how they mix with the others.
    fn assemble(&mut self, id: TypeId, parts: &Parts<'s>, remarks: &Remarks<'_>) -> Option<Method> {
        let name = parts.name;
        let scope = self.api.types.get(id)?.python.clone();
        let mut method = Method {
            name: name.to_owned(),
            returns: None,
            parameters: Vec::new(),
            // What comments say is in the notes as it is.
            marks: Vec::new(),
            notes: Notes {
                leading: remarks.doc(parts.doc),
                ..Notes::default()
            },
        };
        let before = self.problems.len();
        self.ins(id, &scope, parts.encode, &mut method);
        self.outs(id, &scope, parts, &mut method);
        // Half a method is worse than none.
        (self.problems.len() == before).then_some(method)
    }

    fn ins(&mut self, id: TypeId, scope: &str, body: &[Statement], method: &mut Method) {
        let checks = checks::read(body);
        for statement in body {
            if !prepares(statement) && checks::check(statement).is_none() {
                self.not_understood(id, statement, &method.name);
            }
        }
        for (statement, name, encoding) in encodings(body) {
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

    fn outs(&mut self, id: TypeId, scope: &str, parts: &Parts<'_>, method: &mut Method) {
        let body = parts.decode;
        let checks = checks::read(body);
        let mut decoded = Vec::new();
        let before = self.problems.len();
        for statement in body {
            let (variable, value) = match &statement.kind {
                StatementKind::Assign(Expression::Name(variable), value) => (variable, value),
                StatementKind::Return(_) => continue,
                kind if says_nothing(kind) || checks::check(statement).is_some() => continue,
                _ => {
                    self.not_understood(id, statement, &method.name);
                    continue;
                }
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
                    variable.clone(),
                    Err("not decoded in a known way".to_owned()),
                ),
            };
            decoded.push(variable.as_str());
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
        let (line, returned) = returned(body).unwrap_or((parts.line, Vec::new()));
        if self.problems.len() == before && returned != decoded {
            let message = format!("{} returns other than what it decodes", named(&method.name));
            self.odd(id, line, message);
        }
    }

    fn not_understood(&mut self, id: TypeId, statement: &Statement, method: &str) {
        let message = format!("{}: a statement that is not understood", named(method));
        self.odd(id, statement.line, message);
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
            "{}, parameter `{}`: {message}",
            named(&method.name),
            name.escape_debug()
        );
        self.odd(id, statement.line, message);
    }
}

/// How messages call a method.
fn named(method: &str) -> String {
    format!("method `{}`", method.escape_debug())
}

fn sound(name: &str) -> Result<(), String> {
    if is_identifier(name) {
        Ok(())
    } else {
        Err("odd name".to_owned())
    }
}

/// Whether a statement says nothing about the API: documentation, `pass`.
pub(super) const fn says_nothing(kind: &StatementKind) -> bool {
    matches!(
        kind,
        StatementKind::Nothing | StatementKind::Expression(Expression::Text(_))
    )
}

/// Whether a statement belongs to what encodes arguments: `agent = self.agent`, `args = {}`, `args['a'] = …`,
/// `return args`, documentation.
fn prepares(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Assign(target, value) => match target {
            Expression::Name(name) if name == "args" => *value == Expression::EmptyDict,
            Expression::Name(name) => {
                name == "agent" && value.dotted().as_deref() == Some(&["self", "agent"])
            }
            Expression::Index(object, key) => object.name() == Some("args") && key.text().is_some(),
            _ => false,
        },
        StatementKind::Return(value) => value.as_ref().and_then(Expression::name) == Some("args"),
        kind => says_nothing(kind),
    }
}

/// The method that a statement calls: `rsp = agent.json_rpc(self.target, 'name', args)`.
fn called(statement: &Statement) -> Option<&str> {
    let call = match &statement.kind {
        StatementKind::Assign(target, value) if target.name() == Some("rsp") => value,
        StatementKind::Expression(value) => value,
        _ => return None,
    };
    let Expression::Call(function, arguments, options) = call else {
        return None;
    };
    let function = function.dotted()?;
    let is_call = matches!(
        function.as_slice(),
        ["agent", "json_rpc"] | ["self", "agent", "json_rpc"]
    );
    match arguments.as_slice() {
        [target, Expression::Text(name), arguments]
            if is_call
                && options.is_empty()
                && target.dotted().as_deref() == Some(&["self", "target"])
                && arguments.name() == Some("args") =>
        {
            Some(name)
        }
        _ => None,
    }
}

/// The variables of the return statement, in order.
fn returned(body: &[Statement]) -> Option<(u32, Vec<&str>)> {
    body.iter().find_map(|statement| {
        let StatementKind::Return(value) = &statement.kind else {
            return None;
        };
        let names = match value {
            None | Some(Expression::None) => Vec::new(),
            Some(Expression::Tuple(items)) => items
                .iter()
                .map(|item| item.name().unwrap_or_default())
                .collect(),
            Some(value) => vec![value.name().unwrap_or_default()],
        };
        Some((statement.line, names))
    })
}
