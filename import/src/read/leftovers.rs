//! Statements that nothing else reads: each is known to say nothing of its own, or is reported.

use super::Reader;
use super::methods::says_nothing;
use crate::api::{Kind, TypeId};
use crate::python::{Class, Expression, Function, Statement, StatementKind};
use crate::report::{FindingKind, Report};

impl<'s> Reader<'s> {
    /// Looks through the body of a structure, value object or enumeration.
    pub(super) fn leftovers(&mut self, id: TypeId, class: &'s Class, kind: Kind) {
        for statement in &class.body {
            match &statement.kind {
                StatementKind::Function(function) => {
                    let known: &[&str] = match kind {
                        Kind::Structure => &["__init__", "encode", "decode"],
                        Kind::ValueObject(_) => &["__init__", "encode", "decode", "listElements"],
                        _ => &[],
                    };
                    // The vendor's generator writes `def __init(self): pass` where there are no fields.
                    let is_empty = function.body.iter().all(|one| says_nothing(&one.kind));
                    if known.contains(&function.name.as_str()) {
                        self.function(id, function);
                    } else if !is_empty {
                        self.not_read(id, statement);
                    }
                }
                // With a type id it was read as a type, without one it has been reported.
                StatementKind::Class(inner) if !super::classes::is_method(inner) => {}
                StatementKind::Assign(Expression::Name(name), _)
                    if (name == "elements" && kind == Kind::Structure)
                        || (name == "values" && kind == Kind::Enumeration) => {}
                kind if says_nothing(kind) => {}
                _ => self.leftover(id, statement),
            }
        }
    }

    /// A statement of any class body that is neither a member nor a function.
    pub(super) fn leftover(&mut self, id: TypeId, statement: &'s Statement) {
        let python = self.api.types.get(id).map_or("", |ty| ty.python.as_str());
        let is_id = matches!(&statement.kind, StatementKind::Assign(target, _) if target.name() == Some("idlType"));
        match self.numbered(&python.to_owned(), statement) {
            _ if is_id => {}
            Some(Ok(())) => {}
            Some(Err(message)) => self.problem_at(id, statement.line, message),
            None => self.not_read(id, statement),
        }
    }

    /// The statements of a module. What is neither a type nor part of one may be a helper of the package: it is listed.
    pub(super) fn beside_types(&mut self, report: &mut Report) {
        for at in 0..self.sources.len() {
            let (Some(source), Some(file)) = (self.sources.get(at), self.package.modules.get(at))
            else {
                continue;
            };
            for statement in &source.body {
                let (place, text) = match &statement.kind {
                    StatementKind::Class(_) | StatementKind::Import(..) => continue,
                    kind if says_nothing(kind) => continue,
                    StatementKind::Function(function) => (
                        format!("{}.{}", file.module, function.name),
                        "function beside the types",
                    ),
                    _ => match self.numbered(&file.module, statement) {
                        Some(Ok(())) => continue,
                        Some(Err(message)) => {
                            self.problem(at, statement.line, message);
                            continue;
                        }
                        None => (
                            format!("{}:{}", file.module, statement.line),
                            "statement beside the types",
                        ),
                    },
                };
                report.add(FindingKind::Skipped, place, text);
            }
        }
    }

    /// `Mode.OFF = Mode(0)`: whether the number is that of the enumerator. `None` for other statements.
    fn numbered(&self, python: &str, statement: &Statement) -> Option<Result<(), String>> {
        let StatementKind::Assign(Expression::Attribute(object, name), value) = &statement.kind
        else {
            return None;
        };
        let class = object.name()?;
        let id = *self.by_python.get(&format!("{python}.{class}"))?;
        let values = self.raws.get(id)?.class?.value("values")?.texts()?;
        if self.api.types.get(id)?.kind != Kind::Enumeration {
            return None;
        }
        if name == "_fallback" {
            // Read with the enumeration.
            return Some(Ok(()));
        }
        let Expression::Call(callee, arguments, _) = value else {
            return None;
        };
        let (Some(own), [Expression::Integer(number)]) = (callee.name(), arguments.as_slice())
        else {
            return None;
        };
        let listed = number.parse().ok().and_then(|at: usize| values.get(at));
        if own == class && listed.copied() == Some(name.as_str()) {
            return Some(Ok(()));
        }
        Some(Err(format!(
            "`{class}.{name}` has another number than in `values`"
        )))
    }

    /// The functions that encode and decode say the same as the list of elements.
    fn function(&mut self, id: TypeId, function: &'s Function) {
        let known: fn(&Statement) -> bool = match function.name.as_str() {
            "encode" => encodes,
            "decode" => decodes,
            "listElements" => lists,
            // What its checks leave open is a choice, and visible.
            _ => return,
        };
        for statement in &function.body {
            if !known(statement) && !says_nothing(&statement.kind) {
                self.not_read(id, statement);
            }
        }
    }

    fn not_read(&mut self, id: TypeId, statement: &Statement) {
        let ty = self.api.types.get(id).map_or("", |ty| ty.python.as_str());
        let message = match &statement.kind {
            StatementKind::Function(function) => {
                format!("`{ty}`: function `{}` is not understood", function.name)
            }
            _ => format!("`{ty}`: a statement that is not understood"),
        };
        self.odd(id, statement.line, message);
    }
}

/// `json = {}`, `json = super(…).encode()`, `json['field'] = …`, `return json`.
fn encodes(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Assign(Expression::Name(name), value) => {
            name == "json" && (*value == Expression::EmptyDict || is_of_base(value, "encode"))
        }
        StatementKind::Assign(Expression::Index(object, key), _) => {
            object.name() == Some("json") && key.text().is_some()
        }
        kind => returns(kind, "json"),
    }
}

/// `obj = cls(…)`, `return obj`.
fn decodes(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Assign(Expression::Name(name), Expression::Call(callee, _, _)) => {
            name == "obj" && callee.name() == Some("cls")
        }
        kind => returns(kind, "obj"),
    }
}

/// `elements = […]`, `elements = elements + …`, `return elements`.
fn lists(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Assign(Expression::Name(name), value) => {
            name == "elements" && matches!(value, Expression::List(_) | Expression::Other)
        }
        kind => returns(kind, "elements"),
    }
}

fn returns(kind: &StatementKind, variable: &str) -> bool {
    matches!(kind, StatementKind::Return(Some(value)) if value.name() == Some(variable))
}

/// `super(…).encode()`
fn is_of_base(value: &Expression, name: &str) -> bool {
    let Expression::Call(function, _, _) = value else {
        return false;
    };
    let Expression::Attribute(object, own) = function.as_ref() else {
        return false;
    };
    let Expression::Call(callee, _, _) = object.as_ref() else {
        return false;
    };
    own == name && callee.name() == Some("super")
}
