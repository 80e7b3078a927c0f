//! Unknown parts of types.

use xerus_idl::model::{Builtin, TypeKind, TypeRef};

use super::like::Like;
use super::table::{self, Row};
use crate::api::{Api, Hole, Kind, Member, Ty, Type, TypeId, unversioned};
use crate::report::{FindingKind, Report};

/// Where a type with a hole stands.
struct Site<'a> {
    /// The enclosing type's path, with and without versions.
    owner: &'a str,
    plain: &'a str,
    member: &'a str,
    parameter: Option<&'a str>,
}

/// Fills all holes but those of value objects in a package without events.
pub(super) fn fill(api: &mut Api, likes: &[Like], report: &mut Report) {
    let event = api.types.iter().position(|ty| ty.python == "idl.Event");
    for id in 0..api.types.len() {
        let Some(ty) = api.types.get_mut(id) else {
            continue;
        };
        let mut members = std::mem::take(&mut ty.members);
        let owner = ty.path();
        let plain = unversioned(&owner);
        let filler = Filler {
            types: &api.types,
            likes,
            event,
        };
        for member in &mut members {
            filler.member(&owner, &plain, member, report);
        }
        if let Some(ty) = api.types.get_mut(id) {
            ty.members = members;
        }
    }
}

struct Filler<'a> {
    types: &'a [Type],
    likes: &'a [Like],
    /// `idl.Event`, the base of most value objects.
    event: Option<TypeId>,
}

impl Filler<'_> {
    fn member(&self, owner: &str, plain: &str, member: &mut Member, report: &mut Report) {
        match member {
            Member::Field(field) => {
                let site = Site {
                    owner,
                    plain,
                    member: &field.name,
                    parameter: None,
                };
                let choice = self.site(&site, &mut field.ty, report);
                field.notes.choices.extend(choice);
            }
            Member::Method(method) => {
                let name = &method.name;
                let mut choices = Vec::new();
                if let Some(returns) = &mut method.returns {
                    let site = Site {
                        owner,
                        plain,
                        member: name,
                        parameter: None,
                    };
                    choices.extend(self.site(&site, returns, report));
                }
                for parameter in &mut method.parameters {
                    let known = Some(parameter.name.as_str());
                    let site = Site {
                        owner,
                        plain,
                        member: name,
                        parameter: known,
                    };
                    let choice = self.site(&site, &mut parameter.ty, report);
                    choices.extend(choice.map(|text| format!("{}: {text}", parameter.name)));
                }
                method.notes.choices.extend(choices);
            }
            _ => {}
        }
    }

    /// Fills the holes of one type; yields what had to be chosen.
    fn site(&self, site: &Site<'_>, ty: &mut Ty, report: &mut Report) -> Option<String> {
        if !ty.has_hole() {
            return None;
        }
        let mut place = format!("{}.{}", site.owner, site.member);
        if let Some(parameter) = site.parameter {
            place = format!("{place}({parameter})");
        }
        let before = ty.clone();
        for like in self.likes {
            if let Some(other) = like_type(like, site) {
                self.as_in(like, other, ty);
            }
        }
        if *ty != before {
            let text = format!("unknown parts as in the IDL given: {}", self.text(ty));
            report.add(FindingKind::Like, place.clone(), text);
        }
        let before = ty.clone();
        let row = table::find(&format!("{}.{}", site.plain, site.member), site.parameter);
        if let (true, Some(row)) = (ty.has_hole(), row) {
            self.by_row(row, ty);
            if *ty != before {
                let text = format!("unknown parts from the table: {}", self.text(ty));
                report.add(FindingKind::Table, place.clone(), text);
            }
        }
        if !ty.has_hole() {
            return None;
        }
        let mut choices = Vec::new();
        choose(ty, self.event, &mut choices);
        let text = choices.join("; ");
        report.add(FindingKind::Choice, place, text.clone());
        Some(text)
    }

    fn as_in(&self, like: &Like, other: &TypeRef, ty: &mut Ty) {
        match (ty, like.model().unaliased(other)) {
            (Ty::Vector(element), TypeRef::Vector(other)) => self.as_in(like, other, element),
            (Ty::Map(key, value), TypeRef::Map(other_key, other_value)) => {
                self.as_in(like, other_key, key);
                self.as_in(like, other_value, value);
            }
            (ty @ Ty::Hole(_), TypeRef::Builtin(builtin)) => {
                if let Ty::Hole(hole) = *ty
                    && allows(hole, *builtin)
                {
                    *ty = Ty::Builtin(*builtin);
                }
            }
            (ty @ Ty::Hole(_), TypeRef::Named(index)) => {
                let other = like.model().ty(*index);
                let fits = matches!(
                    (&*ty, &other.kind),
                    (Ty::Hole(Hole::Interface), TypeKind::Interface(_))
                        | (Ty::Hole(Hole::ValueObject), TypeKind::ValueObject { .. })
                );
                if let (true, Some(named)) = (fits, self.find(&unversioned(&other.path))) {
                    *ty = named;
                }
            }
            _ => {}
        }
    }

    fn by_row(&self, row: &Row, ty: &mut Ty) {
        let Ty::Map(key, value) = ty else { return };
        if let (Ty::Hole(Hole::Key), Some(builtin)) = (&**key, Builtin::from_word(row.key)) {
            **key = Ty::Builtin(builtin);
        }
        let (Ty::Hole(hole), Some(word)) = (&**value, row.value) else {
            return;
        };
        match (hole, Builtin::from_word(word)) {
            (hole, Some(builtin)) if allows(*hole, builtin) => **value = Ty::Builtin(builtin),
            (Hole::Interface, None) => {
                if let Some(named) = self.find(word) {
                    **value = named;
                }
            }
            _ => {}
        }
    }

    /// The interface or value object of a path without versions.
    fn find(&self, path: &str) -> Option<Ty> {
        let kinds = |kind| matches!(kind, Kind::Interface(_) | Kind::ValueObject(_));
        self.types
            .iter()
            .position(|ty| ty.python == path && kinds(ty.kind))
            .map(Ty::Named)
    }

    fn text(&self, ty: &Ty) -> String {
        match ty {
            Ty::Builtin(builtin) => builtin.word().to_owned(),
            Ty::Vector(element) => format!("vector<{}>", self.text(element)),
            Ty::Map(key, value) => format!("map<{}, {}>", self.text(key), self.text(value)),
            Ty::Named(id) => self.types[*id].path(),
            Ty::Alias(name) => name.clone(),
            Ty::Hole(_) => "?".to_owned(),
        }
    }
}

fn like_type<'l>(like: &'l Like, site: &Site<'_>) -> Option<&'l TypeRef> {
    if like.is_chosen(site.plain, site.member) {
        return None;
    }
    let ty = like.find(site.plain)?;
    if let Some(field) = ty.fields().iter().find(|field| field.name == site.member) {
        return Some(&field.ty);
    }
    let method = like.method(site.plain, site.member)?;
    match site.parameter {
        None => method.returns.as_ref(),
        Some(name) => method
            .parameters
            .iter()
            .find(|p| p.name == name)
            .map(|p| &p.ty),
    }
}

/// Whether a built-in type can be what is unknown.
fn allows(hole: Hole, builtin: Builtin) -> bool {
    use Builtin::{Boolean, Byte, Double, Float, Int, Long, Object, String};
    match hole {
        Hole::Key => matches!(builtin, Int | String),
        Hole::Primitive => matches!(
            builtin,
            Boolean | Byte | Int | Long | Float | Double | String
        ),
        Hole::Number => matches!(builtin, Boolean | Byte | Int | Long | Float | Double),
        Hole::Interface => builtin == Object,
        Hole::ValueObject => false,
    }
}

/// Fills what nobody knows and says so.
fn choose(ty: &mut Ty, event: Option<TypeId>, choices: &mut Vec<String>) {
    match ty {
        Ty::Vector(element) => choose(element, event, choices),
        Ty::Map(key, value) => {
            choose(key, event, choices);
            choose(value, event, choices);
        }
        Ty::Hole(hole) => {
            let (chosen, text) = match hole {
                Hole::Key => (Ty::Builtin(Builtin::String), "key `string`, may be `int`"),
                Hole::Primitive => (
                    Ty::Builtin(Builtin::String),
                    "value `string`, may be another built-in type",
                ),
                Hole::Number => (
                    Ty::Builtin(Builtin::Int),
                    "value `int`, may be another number or `boolean`",
                ),
                Hole::Interface => (
                    Ty::Builtin(Builtin::Object),
                    "value `Object`, is some interface",
                ),
                Hole::ValueObject => match event {
                    Some(event) => (
                        Ty::Named(event),
                        "value `idl.Event`, may be any value object",
                    ),
                    None => return,
                },
            };
            choices.push(text.to_owned());
            *ty = chosen;
        }
        Ty::Builtin(_) | Ty::Named(_) | Ty::Alias(_) => {}
    }
}
