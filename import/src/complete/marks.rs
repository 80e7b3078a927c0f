//! Marks of methods, from other IDL.

use std::collections::{HashMap, HashSet};

use xerus_idl::marks::{Marks, RETURNED};
use xerus_idl::model::{Builtin, Direction, Model, TypeRef};

use super::like::Like;
use crate::api::{Api, MarkLine, Member, Method, Ty, TypeId, unversioned};
use crate::report::{FindingKind, Report};

/// Copies the marks of methods that have the same path and say nothing themselves.
pub(super) fn copy(api: &mut Api, likes: &[Like], report: &mut Report) {
    let ids: HashMap<String, TypeId> = api
        .types
        .iter()
        .enumerate()
        .map(|(id, ty)| (unversioned(&ty.path()), id))
        .collect();
    for ty in &mut api.types {
        let path = ty.path();
        let plain = unversioned(&path);
        // Bases are not searched: what leads there is lost, which is said.
        let names: HashSet<String> = ty
            .members
            .iter()
            .filter(|member| matches!(member, Member::Method(_)))
            .map(|member| member.name(&[]).to_owned())
            .collect();
        for member in &mut ty.members {
            let Member::Method(method) = member else {
                continue;
            };
            let found = likes.iter().find_map(|like| {
                let found = like.method(&plain, &method.name)?;
                Some((like.model(), found))
            });
            let Some((model, other)) = found.filter(|(_, other)| !other.marks.is_empty()) else {
                continue;
            };
            if has_marks(method) {
                continue;
            }
            let place = format!("{path}.{}", method.name);
            let known = |ty: Option<&TypeRef>| ty.and_then(|ty| carried(model, ty, &ids));
            let progress = known(other.mark_types.progress.as_ref());
            let poll = known(other.mark_types.action_poll.as_ref());
            let mut marks = other.marks.clone();
            let mut errors = Vec::new();
            for error in &other.mark_types.errors {
                match (&error.structure, known(error.structure.as_ref())) {
                    (None, _) => {}
                    (Some(_), Some(ty)) => errors.push((error.code.clone(), ty)),
                    (Some(_), None) => {
                        marks.errors.retain(|(code, _)| *code != error.code);
                        let text = format!(
                            "`@error {}` of the IDL given names a structure that is not here",
                            error.code
                        );
                        report.add(FindingKind::Lost, &place, text);
                    }
                }
            }
            for mark in unfit(&mut marks, method, &names, progress.is_some()) {
                let text = format!("`@{mark}` of the IDL given does not fit the method any more");
                report.add(FindingKind::Lost, &place, text);
            }
            if marks.is_empty() {
                continue;
            }
            report.add(
                FindingKind::Like,
                &place,
                format!("`{marks}` as in the IDL given"),
            );
            method.marks = MarkLine::of(marks, progress, poll, errors);
        }
    }
}

/// Whether the documentation of a method has marks.
fn has_marks(method: &Method) -> bool {
    let mut lines = method.notes.leading.iter().chain(&method.notes.trailing);
    !method.marks.is_empty()
        || lines.any(|line| Marks::parse(line).is_ok_and(|marks| !marks.is_empty()))
}

/// The same type here, if there is one.
fn carried(model: &Model, ty: &TypeRef, ids: &HashMap<String, TypeId>) -> Option<Ty> {
    Some(match ty {
        TypeRef::Builtin(builtin) => Ty::Builtin(*builtin),
        TypeRef::Vector(element) => Ty::Vector(Box::new(carried(model, element, ids)?)),
        TypeRef::Map(key, value) => Ty::Map(
            Box::new(carried(model, key, ids)?),
            Box::new(carried(model, value, ids)?),
        ),
        TypeRef::Named(index) => Ty::Named(*ids.get(&unversioned(&model.ty(*index).path))?),
    })
}

/// Takes away what the method cannot have, and names it.
fn unfit(
    marks: &mut Marks,
    method: &Method,
    names: &HashSet<String>,
    has_progress: bool,
) -> Vec<&'static str> {
    let mut gone = Vec::new();
    let is_there = |name: &String| names.contains(name);
    if marks.progress.take_if(|_| !has_progress).is_some() {
        gone.push("progress");
    }
    let action = marks.action.take_if(|action| !is_there(&action.check));
    if action.is_some() {
        gone.push("action");
    }
    let stream = marks
        .stream
        .take_if(|stream| !is_there(&stream.poll) || !is_there(&stream.stop));
    if stream.is_some() {
        gone.push("stream");
    }
    let returns_int = matches!(method.returns, Some(Ty::Builtin(Builtin::Int)));
    if let Some(code) = marks.code.take_if(|_| !returns_int) {
        gone.push(if code { "code" } else { "value" });
    }
    let is_there = |name: &String| match name == RETURNED {
        true => method.returns.is_some(),
        false => method.parameters.iter().any(|p| p.name == *name),
    };
    if !marks.nullable.iter().all(is_there) {
        marks.nullable.clear();
        gone.push("nullable");
    }
    let has_results = method.returns.is_some()
        || method
            .parameters
            .iter()
            .any(|p| p.direction == Direction::Out);
    if marks.one_way.take_if(|way| *way && has_results).is_some() {
        gone.push("oneway");
    }
    gone
}
