//! Declarations as lines.

use std::borrow::Cow;

use xerus_idl::model::Direction;

use super::names::Scopes;
use crate::api::{Api, Kind, MarkLine, Member, Method, Ty, TypeId};
use crate::error::Error;

/// Writes lines; the formatter of `xerus-idl` gives them their final form.
pub(super) struct Writer<'a> {
    api: &'a Api,
    scopes: &'a Scopes,
    out: String,
}

impl<'a> Writer<'a> {
    pub(super) const fn new(api: &'a Api, scopes: &'a Scopes) -> Self {
        Self {
            api,
            scopes,
            out: String::new(),
        }
    }

    pub(super) fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// A type with its members.
    pub(super) fn ty(&mut self, id: TypeId) -> Result<(), Error> {
        let Some(ty) = self.api.types.get(id) else {
            return Ok(());
        };
        self.notes(&ty.notes);
        let name = &ty.name;
        let (word, base) = match ty.kind {
            Kind::Interface(base) => ("interface", base),
            Kind::ValueObject(base) => ("valueobject", base),
            Kind::Structure => ("structure", None),
            Kind::Enumeration => ("enumeration", None),
            Kind::Opaque => {
                self.line(&format!("opaque {name};"));
                return Ok(());
            }
            Kind::Typedef => {
                return match ty.members.first() {
                    Some(typedef) => self.member(&ty.scope, typedef, true),
                    None => Ok(()),
                };
            }
        };
        let extends = match base {
            Some(base) => format!(" extends {}", self.reference(base, &ty.scope)?),
            None => String::new(),
        };
        self.line(&format!("{word} {name}{extends} {{"));
        for (at, member) in ty.members.iter().enumerate() {
            let is_last = at + 1 == ty.members.len();
            if at > 0 && stands_apart(member, ty.members.get(at - 1)) {
                self.line("");
            }
            self.member(&ty.path(), member, is_last)?;
        }
        self.line("};");
        Ok(())
    }

    fn member(&mut self, scope: &str, member: &Member, is_last: bool) -> Result<(), Error> {
        match member {
            Member::Type(id) => return self.ty(*id),
            Member::Constant(constant) => {
                self.notes(&constant.notes);
                let ty = self.type_text(&constant.ty, scope)?;
                let text = format!("constant {ty} {} = {};", constant.name, constant.literal);
                self.documented(&text, &constant.notes);
            }
            Member::Field(field) => {
                self.notes(&field.notes);
                let text = format!("{} {};", self.type_text(&field.ty, scope)?, field.name);
                self.documented(&text, &field.notes);
            }
            Member::Enumerator(enumerator) => {
                self.notes(&enumerator.notes);
                let comma = if is_last { "" } else { "," };
                self.documented(&format!("{}{comma}", enumerator.name), &enumerator.notes);
            }
            Member::Method(method) => {
                let mut notes = Cow::Borrowed(&method.notes);
                if !method.marks.is_empty() {
                    let leading = &mut notes.to_mut().leading;
                    if !leading.is_empty() {
                        leading.push(String::new());
                    }
                    for line in &method.marks {
                        leading.push(self.mark_line(line, scope)?);
                    }
                }
                self.notes(&notes);
                let text = self.method(method, scope)?;
                self.documented(&text, &notes);
            }
            Member::Typedef(typedef) => {
                let target = self.type_text(&typedef.target, scope)?;
                self.notes(&typedef.notes);
                let text = format!("typedef {target} {};", typedef.name);
                self.documented(&text, &typedef.notes);
            }
        }
        Ok(())
    }

    fn method(&self, method: &Method, scope: &str) -> Result<String, Error> {
        let returns = match &method.returns {
            Some(ty) => self.type_text(ty, scope)?,
            None => "void".to_owned(),
        };
        let mut parameters = Vec::new();
        for parameter in &method.parameters {
            let direction = match parameter.direction {
                Direction::In => "in",
                Direction::Out => "out",
            };
            let ty = self.type_text(&parameter.ty, scope)?;
            parameters.push(format!("{direction} {ty} {}", parameter.name));
        }
        Ok(format!(
            "{returns} {}({});",
            method.name,
            parameters.join(", ")
        ))
    }

    fn mark_line(&self, line: &MarkLine, scope: &str) -> Result<String, Error> {
        let mut text = line.text.clone();
        if let Some(ty) = &line.ty {
            // A blank would end the argument.
            text.push_str(&self.type_text(ty, scope)?.replace(' ', ""));
        }
        Ok(text)
    }

    fn type_text(&self, ty: &Ty, scope: &str) -> Result<String, Error> {
        Ok(match ty {
            Ty::Builtin(builtin) => builtin.word().to_owned(),
            Ty::Vector(element) => format!("vector<{}>", self.type_text(element, scope)?),
            Ty::Map(key, value) => {
                format!(
                    "map<{}, {}>",
                    self.type_text(key, scope)?,
                    self.type_text(value, scope)?
                )
            }
            Ty::Named(id) => self.reference(*id, scope)?,
            Ty::Alias(name) => name.clone(),
            Ty::Hole(_) => {
                let message = format!("{scope}: a value object of unknown type");
                return Err(Error::Unsound(message));
            }
        })
    }

    fn reference(&self, id: TypeId, scope: &str) -> Result<String, Error> {
        let ty = &self.api.types[id];
        let text = self.scopes.reference(ty, scope);
        text.ok_or_else(|| Error::Unsound(format!("{scope}: no name leads to {}", ty.path())))
    }
}

/// Whether a blank line stands between two members.
fn stands_apart(member: &Member, before: Option<&Member>) -> bool {
    let is_block = |member: &Member| matches!(member, Member::Type(_));
    let is_method = |member: &Member| matches!(member, Member::Method(_));
    let is_constant = |member: &Member| matches!(member, Member::Constant(_));
    before.is_some_and(|before| {
        is_block(member)
            || is_block(before)
            || is_method(member) != is_method(before)
            || is_constant(member) != is_constant(before)
            || (is_method(member) && has_lead(member))
    })
}

fn has_lead(member: &Member) -> bool {
    match member {
        Member::Method(method) => !method.notes.leading.is_empty() || !method.marks.is_empty(),
        _ => false,
    }
}
