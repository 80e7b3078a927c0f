//! Members of every type.

use xerus_idl::model::Builtin;

use super::Reader;
use super::classes::{Raw, is_method};
use super::methods::says_nothing;
use super::remarks::Remarks;
use super::shapes::{self, Origin, Shape};
use crate::api::{Constant, Enumerator, Kind, Member, Notes, Ty, TypeId, is_identifier};
use crate::python::{Class, Expression, Statement, StatementKind};

impl<'s> Reader<'s> {
    /// Reads the members of all types.
    pub(super) fn members(&mut self) {
        self.api.converts_strings = self.raws.iter().any(|raw| converts_strings(raw));
        let docs = self.docs;
        let remarks: Vec<Remarks<'s>> = self
            .sources
            .iter()
            .map(|source| Remarks::of(source, docs))
            .collect();
        let none = Remarks::default();
        for id in 0..self.raws.len() {
            let Some(&Raw {
                source,
                class: Some(class),
                beside,
                line,
            }) = self.raws.get(id)
            else {
                continue;
            };
            let Some(kind) = self.api.types.get(id).map(|ty| ty.kind) else {
                continue;
            };
            let remarks = remarks.get(source).unwrap_or(&none);
            let members = match kind {
                Kind::Interface(_) => self.interface(id, class, remarks),
                Kind::Structure | Kind::ValueObject(_) => {
                    let mut members = self.nested(id, class);
                    members.extend(self.fields(id, class, line, remarks));
                    members
                }
                Kind::Enumeration => self.enumeration(id, class, beside, line, remarks),
                Kind::Opaque | Kind::Typedef => Vec::new(),
            };
            if !matches!(kind, Kind::Interface(_)) {
                self.leftovers(id, class, kind);
            }
            let fallback = self.fallback(id, class, beside, &members);
            if let Some(ty) = self.api.types.get_mut(id) {
                ty.members = members;
                ty.notes.annotations.extend(fallback);
                ty.notes.leading = remarks.doc(class.doc.as_deref());
            }
        }
    }

    fn nested(&self, id: TypeId, class: &Class) -> Vec<Member> {
        let nested = class
            .body
            .iter()
            .filter_map(|statement| self.nested_type(id, statement));
        nested.collect()
    }

    fn nested_type(&self, id: TypeId, statement: &Statement) -> Option<Member> {
        let StatementKind::Class(class) = &statement.kind else {
            return None;
        };
        let parent = &self.api.types.get(id)?.python;
        self.by_python
            .get(&format!("{parent}.{}", class.name))
            .map(|id| Member::Type(*id))
    }

    fn interface(&mut self, id: TypeId, class: &'s Class, remarks: &Remarks<'_>) -> Vec<Member> {
        let mut members = Vec::new();
        for statement in &class.body {
            match &statement.kind {
                StatementKind::Class(inner) => {
                    if let Some(nested) = self.nested_type(id, statement) {
                        members.push(nested);
                    } else if is_method(inner) {
                        members.extend(
                            self.method(id, inner, statement.line, remarks)
                                .map(Member::Method),
                        );
                    }
                }
                // It only binds the methods.
                StatementKind::Function(function) if function.name == "__init__" => {}
                StatementKind::Function(function) => members.extend(
                    self.plain_method(id, function, statement.line, remarks)
                        .map(Member::Method),
                ),
                StatementKind::Assign(Expression::Name(name), value) if name != "idlType" => {
                    let notes = remarks.member(statement);
                    match constant(name, value, notes) {
                        Some(constant) => members.push(Member::Constant(constant)),
                        None => {
                            let message = format!("`{}`: odd constant", name.escape_debug());
                            self.odd(id, statement.line, message);
                        }
                    }
                }
                kind if says_nothing(kind) => {}
                _ => self.leftover(id, statement),
            }
        }
        members
    }

    fn enumeration(
        &mut self,
        id: TypeId,
        class: &Class,
        beside: &[Statement],
        line: u32,
        remarks: &Remarks<'_>,
    ) -> Vec<Member> {
        let Some(values) = class.value("values").and_then(Expression::texts) else {
            self.problem_at(id, line, "enumeration without `values`");
            return Vec::new();
        };
        let mut members = Vec::new();
        for name in values {
            if !is_identifier(name) {
                self.problem_at(
                    id,
                    line,
                    format!("`{}`: odd enumerator", name.escape_debug()),
                );
                continue;
            }
            let statement = beside.iter().find(|statement| {
                sets_attribute(statement, &class.name)
                    .is_some_and(|(attribute, _)| attribute == name)
            });
            let mut notes = statement.map(|at| remarks.member(at)).unwrap_or_default();
            // Before an enumerator stands the remark of the one before.
            notes.leading.clear();
            members.push(Member::Enumerator(Enumerator {
                name: name.to_owned(),
                notes,
            }));
        }
        members
    }

    /// `Mode._fallback = Mode.UNKNOWN`
    fn fallback(
        &mut self,
        id: TypeId,
        class: &Class,
        beside: &[Statement],
        members: &[Member],
    ) -> Option<String> {
        let (line, value) = beside.iter().find_map(|statement| {
            let (attribute, value) = sets_attribute(statement, &class.name)?;
            (attribute == "_fallback").then_some((statement.line, value))
        })?;
        let name = value
            .dotted()
            .and_then(|parts| parts.last().map(|&last| last.to_owned()));
        let known = name.filter(|name| {
            members
                .iter()
                .any(|m| matches!(m, Member::Enumerator(e) if e.name == *name))
        });
        match known {
            Some(name) => Some(format!("unknown_fallback(\"{name}\")")),
            None => {
                self.problem_at(id, line, "fallback is no enumerator");
                None
            }
        }
    }
}

/// `Class.attribute = value`
fn sets_attribute<'a>(statement: &'a Statement, class: &str) -> Option<(&'a str, &'a Expression)> {
    match &statement.kind {
        StatementKind::Assign(Expression::Attribute(object, name), value)
            if object.name() == Some(class) =>
        {
            Some((name, value))
        }
        _ => None,
    }
}

fn constant(name: &str, value: &Expression, notes: Notes) -> Option<Constant> {
    let Expression::Integer(literal) = value else {
        return None;
    };
    let (sign, digits) = match literal.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, literal.as_str()),
    };
    let magnitude = match digits.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    let value = magnitude.ok()?.checked_mul(sign)?;
    let sound = is_identifier(name) && Builtin::Int.integer_range()?.contains(&value);
    let literal = match digits.strip_prefix("0x") {
        Some(digits) if sign > 0 => format!("0x{}", digits.to_ascii_uppercase()),
        _ => value.to_string(),
    };
    sound.then(|| Constant {
        ty: Ty::Builtin(Builtin::Int),
        name: name.to_owned(),
        literal,
        value,
        notes,
    })
}

/// Every `json['key'] = …` or `args['key'] = …`.
pub(super) fn encodings(body: &[Statement]) -> impl Iterator<Item = (&Statement, &str, Encoding)> {
    body.iter().filter_map(|statement| {
        let StatementKind::Assign(Expression::Index(object, key), value) = &statement.kind else {
            return None;
        };
        matches!(object.name()?, "json" | "args").then_some(())?;
        Some((statement, key.text()?, shapes::read(value)))
    })
}

/// What an encoding expression shows; `None` if it is of no known form.
pub(super) type Encoding = Option<(Shape, Origin)>;

fn converts_strings(raw: &Raw<'_>) -> bool {
    let Some(class) = raw.class else { return false };
    let methods = class
        .body
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Class(inner) => Some(inner),
            _ => None,
        });
    std::iter::once(class)
        .chain(methods)
        .filter_map(|class| class.function("encode"))
        .any(|encode| {
            encodings(&encode.body)
                .any(|(_, _, encoding)| encoding.is_some_and(|(shape, _)| shape.has_text()))
        })
}
