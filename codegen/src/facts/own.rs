//! The option `mark`.

use std::collections::HashMap;

use xerus_idl::distance::nearest;
use xerus_idl::marks::{Marks, RETURNED};
use xerus_idl::model::{MarkTypes, MarkedError, Method, Model, TypeIndex, TypeKind, TypeRef};

use super::codes::returns_int;
use super::types;
use crate::error::Problem;
use crate::options::Options;
use crate::{codes, paths, walk};

const OPTION: &str = "mark";

/// What the user says about one method.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) marks: Marks,
    pub(super) types: MarkTypes,
}

/// The marks that the user gives to methods.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    methods: HashMap<TypeIndex, Vec<(String, Said)>>,
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
                match Marks::parse(text) {
                    Ok(marks) => own.take(model, path, text, &targets, &marks, problems),
                    Err(errors) => {
                        let all = errors.problems().iter();
                        problems.extend(all.map(|problem| bad(path, text, &problem.to_string())));
                    }
                }
            }
        }
        own
    }

    pub(super) fn said(&self, owner: TypeIndex, method: &str) -> Option<&Said> {
        let mut methods = self.methods.get(&owner)?.iter();
        methods.find_map(|(name, said)| (name == method).then_some(said))
    }

    /// Takes marks over for all versions of a method, as far as they can be had.
    fn take(
        &mut self,
        model: &Model,
        path: &str,
        text: &str,
        targets: &[(TypeIndex, &Method)],
        marks: &Marks,
        problems: &mut Vec<Problem>,
    ) {
        for (owner, method) in targets {
            match fit(model, *owner, method, marks) {
                Ok(said) => self.add(*owner, method, &said),
                Err(message) => {
                    let problem = bad(path, text, &message);
                    // Versions of an interface mostly have the same problem; one report is enough.
                    if !problems.contains(&problem) {
                        problems.push(problem);
                    }
                }
            }
        }
    }

    fn add(&mut self, owner: TypeIndex, method: &Method, said: &Said) {
        let methods = self.methods.entry(owner).or_default();
        match methods.iter_mut().find(|(name, _)| *name == method.name) {
            Some((_, known)) => known.merge(said),
            None => methods.push((method.name.clone(), said.clone())),
        }
    }
}

impl Said {
    pub(super) fn merge(&mut self, later: &Self) {
        self.marks.merge(&later.marks);
        if later.marks.progress.is_some() {
            self.types.progress.clone_from(&later.types.progress);
        }
        // An action that names no type takes that of an earlier one away.
        if later.marks.action.is_some() {
            self.types.action_poll.clone_from(&later.types.action_poll);
        }
        for error in &later.types.errors {
            self.types.errors.retain(|known| known.code != error.code);
            self.types.errors.push(error.clone());
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

/// The marks as a method can have them, with what they name; or why it cannot.
fn fit(model: &Model, owner: TypeIndex, method: &Method, marks: &Marks) -> Result<Said, String> {
    let mut said = Said {
        marks: marks.clone(),
        types: MarkTypes::default(),
    };
    if let Some(code) = marks.code
        && !returns_int(model, method)
    {
        let mark = if code { "@code" } else { "@value" };
        return Err(format!("the method returns no `int`: leave `{mark}` out"));
    }
    if marks.one_way == Some(true) && (method.returns.is_some() || method.outs().next().is_some()) {
        return Err(
            "the method has results that nobody would wait for: leave `@oneway` out".to_owned(),
        );
    }
    for name in &marks.nullable {
        let is_there = match name == RETURNED {
            true => method.returns.is_some(),
            false => method.parameters.iter().any(|p| p.name == *name),
        };
        if !is_there {
            return Err(format!(
                "the method has no `{name}`: `@nullable` alone means the return value, names behind it are those of parameters"
            ));
        }
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
        .find(|name| !names().any(|known| known == *name));
    if let Some(missing) = missing {
        let hint = match nearest(missing, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a method of the same interface".to_owned(),
        };
        return Err(format!("the interface has no method `{missing}`: {hint}"));
    }
    let poll = said
        .marks
        .action
        .as_mut()
        .and_then(|action| action.poll.as_mut());
    for (text, ty) in [
        (said.marks.progress.as_mut(), &mut said.types.progress),
        (poll, &mut said.types.action_poll),
    ] {
        if let Some(text) = text {
            let found = types::resolve(model, owner, text)?;
            *text = types::in_full(model, &found);
            *ty = Some(found);
        }
    }
    for (code, name) in &said.marks.errors {
        let structure = error_type(model, owner, name)?;
        let error = MarkedError::new(code.clone(), structure, method.span);
        said.types.errors.push(error);
    }
    Ok(said)
}

/// The structure that an error is named after. A name alone need not be one.
fn error_type(model: &Model, owner: TypeIndex, name: &str) -> Result<Option<TypeRef>, String> {
    let ty = match types::resolve(model, owner, name) {
        Err(_) if !name.contains('.') => return Ok(None),
        found => found?,
    };
    let ty = walk::resolve(model, &ty);
    let kind = match ty {
        TypeRef::Named(index) => Some(&model.ty(*index).kind),
        _ => None,
    };
    match kind {
        Some(TypeKind::Structure { .. }) => Ok(Some(ty.clone())),
        kind => {
            let what = kind.map_or("type", TypeKind::word);
            Err(format!(
                "`{name}` is no structure but of the kind `{what}`, and what comes with an error has the members of a structure: name a \
                 structure, or give the error a name that no type has"
            ))
        }
    }
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
