//! The option `rename`: Rust names that the user gives.

use std::collections::HashMap;

use heck::ToSnakeCase;
use xerus_idl::diagnostic::Code;
use xerus_idl::distance::nearest;
use xerus_idl::model::{Model, ModuleIndex, TypeIndex, TypeKind};
use xerus_idl::source::Span;

use super::reserved;
use crate::error::Problem;
use crate::options::Options;
use crate::{codes, paths};

const OPTION: &str = "rename";

/// Names by what they are for. Members and parameters are known by where their name stands in the IDL.
#[derive(Clone, Debug, Default)]
pub(crate) struct Renames {
    modules: HashMap<ModuleIndex, String>,
    types: HashMap<TypeIndex, String>,
    members: HashMap<Span, String>,
}

/// What a path of the option names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Module(ModuleIndex),
    Type(TypeIndex),
    Member(Member, Span),
}

/// The kinds of what is in a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Method,
    Parameter,
    Constant,
    Field,
    Enumerator,
}

impl Renames {
    /// The names of the option; what is wrong with it goes to `problems`.
    pub(super) fn new(model: &Model, options: &Options, problems: &mut Vec<Problem>) -> Self {
        let mut renames = Self::default();
        for (path, names) in options.rename.iter() {
            if let Err((code, message)) = renames.enter(model, path, names) {
                problems.push(Problem {
                    code,
                    message: format!("`{OPTION}` {message}"),
                    option: OPTION,
                    text: path.to_owned(),
                });
            }
        }
        renames
    }

    pub(super) fn module(&self, index: ModuleIndex) -> Option<&str> {
        self.modules.get(&index).map(String::as_str)
    }

    pub(super) fn ty(&self, index: TypeIndex) -> Option<&str> {
        self.types.get(&index).map(String::as_str)
    }

    /// The name of the member or parameter whose IDL name stands there.
    pub(super) fn member(&self, place: Span) -> Option<&str> {
        self.members.get(&place).map(String::as_str)
    }

    fn enter(&mut self, model: &Model, path: &str, names: &[String]) -> Result<(), (Code, String)> {
        let bad = |message| (codes::BAD_OPTION, message);
        let [name] = names else {
            return Err(bad(format!(
                "gives `{path}` several names: {}; leave one of them",
                listed(names)
            )));
        };
        let targets = targets(model, path);
        if targets.is_empty() {
            return Err((codes::UNUSED_OVERRIDE, unmatched(model, path)));
        }
        if syn::parse_str::<syn::Ident>(name).is_err() {
            let hint = if reserved::KEYWORDS.contains(&name.as_str()) {
                format!("a word of Rust itself; write `r#{name}` or `{name}_`")
            } else {
                "no Rust identifier; write letters, digits and `_`, no digit first".to_owned()
            };
            return Err(bad(format!("for `{path}`: `{name}` is {hint}")));
        }
        for target in targets {
            if let Some(reason) = refusal(model, target, name) {
                return Err(bad(format!("for `{path}`: `{name}` {reason}")));
            }
            let old = match target {
                Target::Module(index) => self.modules.insert(index, name.clone()),
                Target::Type(index) => self.types.insert(index, name.clone()),
                Target::Member(_, place) => self.members.insert(place, name.clone()),
            };
            if let Some(old) = old.filter(|old| old != name) {
                return Err(bad(format!(
                    "for `{path}`: another path of the option has named it `{old}` already; leave one of them"
                )));
            }
        }
        Ok(())
    }
}

/// All that a path names: every version of it when the path names none.
fn targets(model: &Model, path: &str) -> Vec<Target> {
    let modules = (0_u32..).map(ModuleIndex).zip(model.modules());
    let mut targets: Vec<_> = modules
        .filter(|(_, module)| module.path == path)
        .map(|(index, _)| Target::Module(index))
        .collect();
    let types = |path: &str| {
        let types = model.types().map(|(index, _)| index);
        let named = types.filter(|index| paths::names_type(model, *index, path));
        named.collect::<Vec<_>>()
    };
    targets.extend(types(path).into_iter().map(Target::Type));
    let Some((owner, name)) = path.rsplit_once('.') else {
        return targets;
    };
    let mut take = |types: Vec<TypeIndex>, path: &str| {
        for index in types {
            members(model, index, &mut |member, place, found| {
                if found == path {
                    targets.push(Target::Member(member, place));
                }
            });
        }
    };
    take(types(owner), name);
    if let Some((owner, method)) = owner.rsplit_once('.') {
        take(types(owner), &format!("{method}.{name}"));
    }
    targets
}

/// Everything in a type that has a Rust name of its own, with its path from there.
fn members(model: &Model, index: TypeIndex, visit: &mut dyn FnMut(Member, Span, &str)) {
    match &model.ty(index).kind {
        TypeKind::Interface(interface) => {
            for constant in &interface.constants {
                visit(Member::Constant, constant.span, &constant.name);
            }
            for method in &interface.methods {
                visit(Member::Method, method.span, &method.name);
                for parameter in method.ins() {
                    let path = format!("{}.{}", method.name, parameter.name);
                    visit(Member::Parameter, parameter.span, &path);
                }
            }
        }
        TypeKind::Structure { fields } | TypeKind::ValueObject { fields, .. } => {
            for field in fields {
                visit(Member::Field, field.span, &field.name);
            }
        }
        TypeKind::Enumeration { enumerators, .. } => {
            for item in enumerators {
                visit(Member::Enumerator, item.span, &item.name);
            }
        }
        TypeKind::Typedef { .. } | TypeKind::Opaque => {}
    }
}

/// Why a kind of item cannot have a name, and the way out.
fn refusal(model: &Model, target: Target, name: &str) -> Option<String> {
    const TAKEN: &str = "is what generated code calls something of its own; choose another name";
    let word = name.strip_prefix("r#").unwrap_or(name);
    let is_taken = match target {
        Target::Module(index) => {
            // Names with a final underscore are those of our own modules, and of files that Windows could not have.
            reserved::PRIMITIVES.contains(&word)
                || word.ends_with('_')
                || word == reserved::SERVER && model.module(index).parent.is_none()
        }
        Target::Type(_) => {
            if word.to_snake_case() == word || word.to_snake_case().is_empty() {
                return Some(
                    "cannot be told from the module of the type; begin with a capital letter"
                        .to_owned(),
                );
            }
            reserved::TYPES.contains(&word)
        }
        Target::Member(member, _) => match member {
            // They stand in one `impl`, with tables of return codes.
            Member::Method | Member::Constant => {
                reserved::METHODS.contains(&word)
                    || reserved::CONSTANTS.contains(&word)
                    || word.starts_with("CODES_") && word.ends_with('_')
            }
            Member::Parameter => reserved::PARAMETERS.contains(&word),
            Member::Field => reserved::FIELDS.contains(&word),
            Member::Enumerator => reserved::VARIANTS.contains(&word),
        },
    };
    is_taken.then(|| TAKEN.to_owned())
}

/// A path that names nothing, with the nearest that names something.
fn unmatched(model: &Model, path: &str) -> String {
    if is_result(model, path) {
        return format!("names `{path}`, which is a result: it has no name in Rust, leave it out");
    }
    let mut known: Vec<_> = paths::all(model).into_iter().collect();
    for (index, ty) in model.types() {
        let owner = paths::plain(model, ty);
        members(model, index, &mut |_, _, member| {
            known.push(format!("{owner}.{member}"));
        });
    }
    known.sort_unstable();
    let hint = match nearest(path, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "write the path of a module, type, member or parameter as the IDL has it".to_owned()
        }
    };
    format!("names `{path}`, which is nothing in the input; {hint}")
}

/// Whether a path names an out-parameter.
fn is_result(model: &Model, path: &str) -> bool {
    let parts = path.rsplit_once('.').and_then(|(rest, parameter)| {
        let (owner, method) = rest.rsplit_once('.')?;
        Some((owner, method, parameter))
    });
    let Some((owner, method, parameter)) = parts else {
        return false;
    };
    model.types().any(|(index, ty)| match &ty.kind {
        TypeKind::Interface(interface) => {
            paths::names_type(model, index, owner)
                && interface.methods.iter().any(|known| {
                    known.name == method && known.outs().any(|out| out.name == parameter)
                })
        }
        _ => false,
    })
}

fn listed(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// A name that nothing else in the scope has, for a suggestion.
pub(crate) fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let stem = name
        .strip_prefix("r#")
        .unwrap_or(name)
        .trim_end_matches('_');
    // `phase1` and a 2 would read as twelve.
    let joint = if stem.ends_with(|c: char| c.is_ascii_digit()) {
        "_"
    } else {
        ""
    };
    (2_u32..)
        .map(|number| format!("{stem}{joint}{number}"))
        .find(|name| !is_taken(name))
        .expect("a scope has fewer names than there are numbers")
}

/// How to give an item another name, in each notation of the options.
pub(crate) fn advice(path: &str, name: &str, is_renamed: bool) -> String {
    if is_renamed {
        return format!("give `{path}` another name in the option `{OPTION}`, such as `{name}`");
    }
    format!(
        "give it another name in Rust, which leaves the wire name alone: `.rename(\"{path}\", \"{name}\")` in a build \
         script, `rename = {{ \"{path}\" = \"{name}\" }}` in TOML and `idl!`, `--rename {path}={name}` on the command line"
    )
}
