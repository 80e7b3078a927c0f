//! Orders that Python does not keep.

use xerus_idl::model::Direction;

use super::like::Like;
use super::names;
use crate::api::{Api, Kind, Member, Method, unversioned};
use crate::report::{FindingKind, Report};

/// In- and out-parameters of a method may alternate; on the wire that means nothing.
pub(super) fn parameters(api: &mut Api, likes: &[Like], report: &mut Report) {
    for ty in &mut api.types {
        let owner = ty.path();
        let plain = unversioned(&owner);
        for member in &mut ty.members {
            let Member::Method(method) = member else {
                continue;
            };
            let has = |direction| method.parameters.iter().any(|p| p.direction == direction);
            if !has(Direction::In) || !has(Direction::Out) {
                continue;
            }
            let place = format!("{owner}.{}", method.name);
            match likes.iter().find_map(|like| order(like, &plain, method)) {
                Some(order) => {
                    let before: Vec<_> = method.parameters.iter().map(|p| p.name.clone()).collect();
                    method.parameters.sort_by_key(|parameter| {
                        order.iter().position(|(name, direction)| {
                            *name == parameter.name && *direction == parameter.direction
                        })
                    });
                    if method.parameters.iter().map(|p| &p.name).ne(&before) {
                        let text = "order of in- and out-parameters as in the IDL given";
                        report.add(FindingKind::Like, place, text);
                    }
                }
                None => {
                    let text = "in-parameters before out-parameters, they may be mixed";
                    method.notes.choices.push(text.to_owned());
                    report.add(FindingKind::Choice, place, text);
                }
            }
        }
    }
}

/// The order in other IDL, if the method still has the same parameters there.
fn order<'l>(like: &'l Like, owner: &str, method: &Method) -> Option<Vec<(&'l str, Direction)>> {
    if like.is_chosen(owner, &method.name) {
        return None;
    }
    let other = like.method(owner, &method.name)?;
    let ins: Vec<_> = other
        .ins()
        .map(|parameter| parameter.name.as_str())
        .collect();
    let outs: Vec<_> = other
        .outs()
        .map(|parameter| parameter.name.as_str())
        .collect();
    let same = names(&method.parameters, Direction::In) == ins
        && names(&method.parameters, Direction::Out) == outs;
    same.then(|| {
        other
            .parameters
            .iter()
            .map(|p| (p.name.as_str(), p.direction))
            .collect()
    })
}

/// Types nested in a structure may stand between its fields; what is used first must only stand before its use.
pub(super) fn nested_types(api: &mut Api, likes: &[Like], report: &mut Report) {
    for id in 0..api.types.len() {
        let Some(ty) = api.types.get_mut(id) else {
            continue;
        };
        let is_nested = |member: &Member| matches!(member, Member::Type(_));
        if !matches!(ty.kind, Kind::Structure) || !ty.members.iter().any(is_nested) {
            continue;
        }
        let path = ty.path();
        let members = std::mem::take(&mut ty.members);
        let order = likes
            .iter()
            .find_map(|like| like.members(&unversioned(&path)));
        let members = match order {
            Some(order) => place(api, members, order),
            None => {
                let text = "nested types are written before the fields, they may stand among them";
                report.add(FindingKind::Lost, path, text);
                members
            }
        };
        if let Some(ty) = api.types.get_mut(id) {
            ty.members = members;
        }
    }
}

/// Moves nested types in front of the first field that follows them in the order; unknown ones stay in front.
fn place(api: &Api, members: Vec<Member>, order: &[String]) -> Vec<Member> {
    let rank = |name: &str| order.iter().position(|other| *other == unversioned(name));
    let (nested, fields): (Vec<_>, Vec<_>) = members
        .into_iter()
        .partition(|member| matches!(member, Member::Type(_)));
    // A type must not move behind a field that uses it, whatever the order says.
    let uses = |field: &Member, nested: &Member| match (field, nested) {
        (Member::Field(field), Member::Type(id)) => {
            let mut named = Vec::new();
            field.ty.named(&mut named);
            named.contains(id)
        }
        _ => false,
    };
    let mut slots: Vec<(usize, Member)> = Vec::new();
    let mut least = 0;
    for member in nested {
        let own = rank(member.name(&api.types));
        let slot = fields.iter().position(|field| {
            uses(field, &member)
                || own.is_none()
                || own.is_some_and(|own| rank(field.name(&api.types)).is_some_and(|at| at > own))
        });
        // Nested types keep their own order, too.
        least = least.max(slot.unwrap_or(fields.len()));
        slots.push((slot.unwrap_or(fields.len()).min(least), member));
    }
    let mut placed = Vec::new();
    let mut slots = slots.into_iter().peekable();
    for (at, field) in fields.into_iter().enumerate() {
        while let Some((_, member)) = slots.next_if(|(slot, _)| *slot <= at) {
            placed.push(member);
        }
        placed.push(field);
    }
    placed.extend(slots.map(|(_, member)| member));
    placed
}
