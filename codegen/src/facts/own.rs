//! The option `mark`.

use std::collections::HashMap;

use xerus_idl::marks::Marks;
use xerus_idl::model::{Builtin, Method, Model, TypeIndex, TypeRef};

use super::codes::returns_int;
use crate::error::Problem;
use crate::near::nearest;
use crate::options::Options;
use crate::{codes, paths};

const OPTION: &str = "mark";

/// The marks that the user gives to methods.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    methods: HashMap<TypeIndex, Vec<(String, Marks)>>,
}

impl Own {
    pub(super) fn new(model: &Model, options: &Options, problems: &mut Vec<Problem>) -> Self {
        let mut own = Self::default();
        for (path, texts) in options.mark.iter() {
            let targets = targets(model, path);
            if targets.is_empty() {
                problems.push(unmatched(model, path));
                continue;
            }
            for text in texts {
                let marks = match Marks::parse(text) {
                    Ok(marks) => marks,
                    Err(errors) => {
                        let all = errors.problems().iter();
                        problems.extend(all.map(|problem| bad(path, text, &problem.to_string())));
                        continue;
                    }
                };
                for (owner, method) in &targets {
                    match wrong(model, *owner, method, &marks) {
                        Some(message) => problems.push(bad(path, text, &message)),
                        None => own.add(*owner, method, &marks),
                    }
                }
            }
        }
        // Several versions of an interface have the same problem once.
        let mut at = 0;
        while at < problems.len() {
            let (known, rest) = problems.split_at(at);
            if rest.first().is_some_and(|problem| known.contains(problem)) {
                problems.remove(at);
            } else {
                at += 1;
            }
        }
        own
    }

    pub(super) fn marks(&self, owner: TypeIndex, method: &str) -> Option<&Marks> {
        let methods = self.methods.get(&owner)?;
        let mut methods = methods.iter();
        methods.find_map(|(name, marks)| (name == method).then_some(marks))
    }

    fn add(&mut self, owner: TypeIndex, method: &Method, marks: &Marks) {
        let methods = self.methods.entry(owner).or_default();
        match methods.iter_mut().find(|(name, _)| *name == method.name) {
            Some((_, known)) => known.merge(marks),
            None => methods.push((method.name.clone(), marks.clone())),
        }
    }
}

/// The methods that a path means: one in each version of the interface.
fn targets<'m>(model: &'m Model, path: &str) -> Vec<(TypeIndex, &'m Method)> {
    let Some((owner, name)) = path.rsplit_once('.') else {
        return Vec::new();
    };
    let owners = model
        .types()
        .filter(|(index, ty)| !ty.methods().is_empty() && paths::names_type(model, *index, owner));
    owners
        .filter_map(|(index, ty)| {
            let method = ty.methods().iter().find(|method| method.name == name)?;
            Some((index, method))
        })
        .collect()
}

/// Why a method cannot have these marks.
fn wrong(model: &Model, owner: TypeIndex, method: &Method, marks: &Marks) -> Option<String> {
    if let Some(mark) = code_mark(marks)
        && !returns_int(model, method)
    {
        return Some(format!("the method returns no `int`: leave `{mark}` out"));
    }
    if let Some(ty) = &marks.progress
        && reported_type(model, ty).is_none()
    {
        return Some(format!(
            "there is no type `{ty}`: write a built-in type such as `int`, or the path of a type such as \
             `module.Structure`"
        ));
    }
    let methods = model.all_methods(owner);
    let names = || methods.iter().map(|(_, method)| method.name.as_str());
    let action = marks.action.iter().map(|action| &action.check);
    let stream = marks
        .stream
        .iter()
        .flat_map(|stream| [&stream.poll, &stream.stop]);
    let missing = action
        .chain(stream)
        .find(|name| !names().any(|known| known == *name))?;
    let hint = match nearest(missing, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a method of the same interface".to_owned(),
    };
    Some(format!("the interface has no method `{missing}`: {hint}"))
}

/// The type that `@progress` names outside of an IDL file: built in, or declared in exactly one version.
pub(super) fn reported_type(model: &Model, text: &str) -> Option<TypeRef> {
    if let Some(builtin) = Builtin::from_word(text) {
        return Some(TypeRef::Builtin(builtin));
    }
    let mut types = model
        .types()
        .filter(|(index, _)| paths::names_type(model, *index, text));
    match (types.next(), types.next()) {
        (Some((index, _)), None) => Some(TypeRef::Named(index)),
        _ => None,
    }
}

/// The mark that says what the returned `int` is.
pub(super) fn code_mark(marks: &Marks) -> Option<&'static str> {
    marks.code.map(|code| if code { "@code" } else { "@value" })
}

fn unmatched(model: &Model, path: &str) -> Problem {
    let types = || model.types().filter(|(_, ty)| !ty.methods().is_empty());
    let named = |path: &str| types().find(|(index, _)| paths::names_type(model, *index, path));
    let same_type = named(path);
    let inherited = path.rsplit_once('.').and_then(|(owner, name)| {
        let methods = model.all_methods(named(owner)?.0);
        let mut methods = methods.into_iter();
        methods.find_map(|(owner, method)| (method.name == name).then_some(owner))
    });
    let hint = if let Some((_, ty)) = same_type {
        let example = ty.methods().first().map_or("", |method| &method.name);
        format!(", but an interface; name one of its methods, as in `{path}.{example}`")
    } else if let Some(owner) = inherited {
        let owner = paths::plain(model, model.ty(owner));
        let name = path.rsplit('.').next().unwrap_or(path);
        format!("; the method is inherited: write `{owner}.{name}`, for all that inherit it")
    } else {
        let known: Vec<_> = types()
            .flat_map(|(_, ty)| {
                let owner = paths::plain(model, ty);
                ty.methods()
                    .iter()
                    .map(move |method| format!("{owner}.{}", method.name))
            })
            .collect();
        match nearest(path, known.iter().map(String::as_str)) {
            Some(near) => format!("; did you mean `{near}`?"),
            None => "; write `module.Interface.method`".to_owned(),
        }
    };
    Problem {
        code: codes::UNUSED_OVERRIDE,
        message: format!("`{OPTION}` names `{path}`, which is no method of the input{hint}"),
        option: OPTION,
        text: path.to_owned(),
    }
}

fn bad(path: &str, text: &str, message: &str) -> Problem {
    Problem {
        code: codes::BAD_OPTION,
        message: format!("`{OPTION}` for `{path}`: `{text}` cannot be used: {message}"),
        option: OPTION,
        text: path.to_owned(),
    }
}
