//! Members of the types of a dump.

use std::collections::HashMap;

use xerus_idl::model::Direction;

use super::document::At;
use super::expression;
use crate::api::{
    Constant, Enumerator, Field, Kind, Member, Method, Notes, Parameter, Ty, TypeId, Typedef,
};
use crate::error::Error;
use crate::limits::Limits;
use crate::text::clean;

/// What members are read with.
pub(super) struct Members<'v> {
    /// Types by wire id.
    pub(super) ids: HashMap<&'v str, TypeId>,
    pub(super) limits: Limits,
    /// Whether documentation is wanted.
    pub(super) docs: bool,
    /// Whether there is documentation that is not.
    pub(super) docs_lost: bool,
}

impl<'v> Members<'v> {
    /// All members but nested types.
    pub(super) fn read(&mut self, at: &At<'v>, kind: Kind) -> Result<Vec<Member>, Error> {
        let mut members = Vec::new();
        match kind {
            Kind::Interface(_) => {
                for constant in at.list_of("constants")? {
                    members.push(Member::Constant(self.constant(&constant)?));
                }
                for method in at.list_of("methods")? {
                    members.push(Member::Method(self.method(&method)?));
                }
            }
            Kind::Structure | Kind::ValueObject(_) => {
                for field in at.list_of("fields")? {
                    members.push(Member::Field(Field {
                        name: field.member("name")?.name()?,
                        ty: self.ty(&field.member("type")?)?,
                        notes: self.notes(&field, Place::Behind)?,
                    }));
                }
            }
            Kind::Enumeration => members = self.enumerators(at)?,
            Kind::Typedef => {
                let path = at.member("path")?.text()?;
                let name = path.rsplit_once('.').map_or(path, |(_, name)| name);
                members.push(Member::Typedef(Typedef {
                    name: name.to_owned(),
                    target: self.ty(&at.member("target")?)?,
                    notes: Notes::default(),
                }));
            }
            Kind::Opaque => {}
        }
        Ok(members)
    }

    fn constant(&mut self, at: &At<'v>) -> Result<Constant, Error> {
        let value = at.member("value")?.number()?;
        Ok(Constant {
            name: at.member("name")?.name()?,
            ty: self.ty(&at.member("type")?)?,
            literal: value.to_string(),
            value,
            notes: self.notes(at, Place::Behind)?,
        })
    }

    fn method(&mut self, at: &At<'v>) -> Result<Method, Error> {
        let returns = at.member("returns")?;
        let mut parameters = Vec::new();
        for parameter in at.list_of("params")? {
            let direction = parameter.member("direction")?;
            parameters.push(Parameter {
                direction: match direction.text()? {
                    "in" => Direction::In,
                    "out" => Direction::Out,
                    _ => return Err(direction.error("neither `in` nor `out`")),
                },
                name: parameter.member("name")?.name()?,
                ty: self.ty(&parameter.member("type")?)?,
            });
        }
        Ok(Method {
            name: at.member("name")?.name()?,
            returns: match returns.text()? {
                "void" => None,
                _ => Some(self.ty(&returns)?),
            },
            parameters,
            marks: self.marks(at)?,
            notes: self.notes(at, Place::Before)?,
        })
    }

    fn enumerators(&mut self, at: &At<'v>) -> Result<Vec<Member>, Error> {
        let docs = at.get("enumerator_docs")?;
        let mut members = Vec::new();
        for enumerator in at.list_of("enumerators")? {
            let name = enumerator.name()?;
            let mut notes = Notes::default();
            if let Some(docs) = &docs
                && let Some(text) = docs.text_of(&name)?
            {
                self.place(&mut notes, None, text, Place::Behind);
            }
            members.push(Member::Enumerator(Enumerator { name, notes }));
        }
        Ok(members)
    }

    pub(super) fn ty(&self, at: &At<'v>) -> Result<Ty, Error> {
        let text = at.text()?;
        if u64::try_from(text.len()).is_ok_and(|length| length > self.limits.name_bytes) {
            return Err(at.error("the type is too long"));
        }
        expression::parse(text, &self.ids, self.limits.nesting).map_err(|error| at.error(error))
    }

    /// Annotations and documentation.
    pub(super) fn notes(&mut self, at: &At<'v>, place: Place) -> Result<Notes, Error> {
        let mut notes = Notes::default();
        for annotation in at.list_of("annotations")? {
            let name = annotation.name()?;
            notes.annotations.push(match at.text_of("fallback")? {
                Some(fallback) if name == "unknown_fallback" => {
                    if !crate::api::is_identifier(fallback) {
                        return Err(at.member("fallback")?.error("no name"));
                    }
                    format!("{name}(\"{fallback}\")")
                }
                _ => name,
            });
        }
        let (heading, text) = (at.text_of("heading")?, at.text_of("doc")?);
        if heading.is_some() || text.is_some() {
            self.place(&mut notes, heading, text.unwrap_or_default(), place);
        }
        Ok(notes)
    }

    fn place(&mut self, notes: &mut Notes, heading: Option<&str>, text: &str, place: Place) {
        if !self.docs {
            self.docs_lost = true;
            return;
        }
        let lines = clean(text.lines());
        // A comment behind a declaration ends at the first blank line.
        let fits_behind = !lines.iter().any(String::is_empty);
        if let Some(heading) = heading {
            notes.leading = clean(heading.lines());
            notes.trailing = lines;
        } else if place == Place::Behind && fits_behind {
            notes.trailing = lines;
        } else {
            notes.leading = lines;
        }
    }
}

/// Where documentation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Before,
    Behind,
}
