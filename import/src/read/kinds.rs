//! What kind of type a class is: its bases say it.

use super::Reader;
use crate::api::{Kind, TypeId};
use crate::python::Class;

/// Where the bases of a class lead.
#[derive(Clone, Copy)]
enum Base {
    Root(Kind),
    Type(TypeId),
}

impl Reader<'_> {
    /// Finds the kind of every type.
    pub(super) fn kinds(&mut self) {
        let bases: Vec<Option<Base>> = (0..self.raws.len()).map(|id| self.base(id)).collect();
        for id in 0..self.raws.len() {
            let Some(raw) = self.raws.get(id) else {
                continue;
            };
            if raw.class.is_none() {
                continue;
            }
            let (line, kind) = (raw.line, kind(id, &bases));
            match (kind, self.api.types.get_mut(id)) {
                (Some(kind), Some(ty)) => ty.kind = kind,
                _ => self.problem_at(
                    id,
                    line,
                    "neither interface, structure, value object nor enumeration",
                ),
            }
        }
    }

    fn base(&self, id: TypeId) -> Option<Base> {
        let class = self.raws.get(id)?.class?;
        let scope = self.api.types.get(id)?.python.rsplit_once('.')?.0;
        class.bases.iter().find_map(|base| {
            let dotted = base.dotted()?;
            self.resolve(&dotted, scope)
                .map(Base::Type)
                .or_else(|| root(class, &dotted))
        })
    }
}

/// The run-time classes that everything derives from.
fn root(class: &Class, dotted: &[&str]) -> Option<Base> {
    let kind = match *dotted.last()? {
        "Interface" => Kind::Interface(None),
        "Structure" => Kind::Structure,
        "ValueObject" => Kind::ValueObject(None),
        "Enumeration" => Kind::Enumeration,
        _ => return None,
    };
    (class.bases.len() == 1).then_some(Base::Root(kind))
}

/// Follows the bases to the root. `None` when they are circular, unknown or unfit.
fn kind(id: TypeId, bases: &[Option<Base>]) -> Option<Kind> {
    let own = match (*bases.get(id)?)? {
        Base::Root(kind) => return Some(kind),
        Base::Type(base) => base,
    };
    let mut at = own;
    for _ in 0..bases.len() {
        match (*bases.get(at)?)? {
            Base::Type(next) => at = next,
            Base::Root(Kind::Interface(_)) => return Some(Kind::Interface(Some(own))),
            Base::Root(Kind::ValueObject(_)) => return Some(Kind::ValueObject(Some(own))),
            Base::Root(_) => return None,
        }
    }
    None
}
