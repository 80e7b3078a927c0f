//! Ids of other devices, out of the option `well_known`.

use xerus_idl::distance::nearest;
use xerus_idl::model::{Model, TypeIndex};

use super::template::Template;
use super::{Constructor, constructor_name, is_interface};
use crate::error::Problem;
use crate::options::Options;
use crate::{codes, paths};

const OPTION: &str = "well_known";

/// The constructors of the option; what is wrong with it goes to `problems`.
pub(super) fn constructors(
    model: &Model,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Vec<(TypeIndex, Constructor)> {
    let mut all: Vec<(TypeIndex, Constructor)> = Vec::new();
    for (path, texts) in options.well_known.iter() {
        let owners = match interfaces(model, path) {
            Ok(owners) => owners,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        for text in texts {
            let mut add = || -> Result<(), String> {
                let (name, template) = read(text)?;
                for owner in &owners {
                    if all
                        .iter()
                        .any(|(of, known)| of == owner && known.name == name)
                    {
                        return Err(format!(
                            "there is a `{name}` already; `WORD TEMPLATE` makes it `well_known_WORD`"
                        ));
                    }
                    let constructor = Constructor {
                        name: name.clone(),
                        template: template.clone(),
                        returned: *owner,
                        is_vendor: false,
                    };
                    all.push((*owner, constructor));
                }
                Ok(())
            };
            if let Err(message) = add() {
                problems.push(Problem {
                    code: codes::BAD_TEMPLATE,
                    message: format!("`{OPTION}` for `{path}`: `{text}` cannot be used: {message}"),
                    option: OPTION,
                    text: path.to_owned(),
                });
            }
        }
    }
    all
}

/// The name of the constructor and its template: `TEMPLATE` or `WORD TEMPLATE`.
fn read(text: &str) -> Result<(String, Template), String> {
    let (word, template) = match text.split_once(' ') {
        Some((word, template)) if !word.starts_with('/') => (Some(word), template.trim_start()),
        _ => (None, text),
    };
    let name = constructor_name(word).ok_or_else(|| {
        let word = word.expect("without a word there is a name");
        format!("`{word}` is no name in snake case")
    })?;
    let template = Template::new(template).map_err(|fault| fault.to_string())?;
    Ok((name, template))
}

/// The interfaces that a path means: all versions when it names none.
fn interfaces(model: &Model, path: &str) -> Result<Vec<TypeIndex>, Problem> {
    let named: Vec<_> = model
        .types()
        .filter(|(index, _)| paths::names_type(model, *index, path))
        .map(|(index, _)| index)
        .collect();
    let problem = |code, message| Problem {
        code,
        message,
        option: OPTION,
        text: path.to_owned(),
    };
    if named.is_empty() {
        let mut known: Vec<_> = model
            .types()
            .filter(|(index, _)| is_interface(model, *index))
            .map(|(_, ty)| paths::plain(model, ty))
            .collect();
        known.sort_unstable();
        let hint = match nearest(path, known.iter().map(String::as_str)) {
            Some(near) => format!("; did you mean `{near}`?"),
            None => String::new(),
        };
        let message =
            format!("`{OPTION}` names `{path}`, which is no interface of the input{hint}");
        return Err(problem(codes::UNUSED_OVERRIDE, message));
    }
    match named.iter().find(|index| !is_interface(model, **index)) {
        Some(other) => {
            let kind = model.ty(*other).kind.word();
            let message =
                format!("`{OPTION}` names `{path}`, which is declared as {kind}, not as interface");
            Err(problem(codes::NO_INTERFACE, message))
        }
        None => Ok(named),
    }
}
