//! Derives and attributes that the user adds.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Path, Token};
use xerus_idl::model::{Model, TypeIndex, TypeKind};

use crate::error::Problem;
use crate::options::Options;
use crate::select::unmatched;
use crate::{codes, paths};

/// Checked attribute texts by type and member. Text, because tokens cannot go to other threads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overrides {
    types: HashMap<TypeIndex, Vec<String>>,
    members: HashMap<(TypeIndex, String), Vec<String>>,
}

impl Overrides {
    pub(crate) fn new(model: &Model, options: &Options, problems: &mut Vec<Problem>) -> Self {
        let mut overrides = Self::default();
        let mut derived: HashMap<TypeIndex, Vec<String>> = HashMap::new();
        for (path, texts) in options.derive.iter() {
            let mut types = paths::types(model, path);
            if types.is_empty() {
                problems.push(unmatched(model, codes::UNUSED_OVERRIDE, "derive", path));
                continue;
            }
            types.retain(|index| is_nominal(model, *index));
            if types.is_empty() {
                problems.push(Problem {
                    code: codes::UNUSED_OVERRIDE,
                    message: format!("`derive` names `{path}`, which is only an alias in Rust"),
                    option: "derive",
                    text: path.to_owned(),
                });
                continue;
            }
            for text in texts {
                match derives(text) {
                    Ok(traits) => {
                        for index in &types {
                            let known = derived.entry(*index).or_default();
                            for name in &traits {
                                if !known.contains(name) && !is_derived(model, *index, name) {
                                    known.push(name.clone());
                                }
                            }
                        }
                    }
                    Err(message) => problems.push(bad("derive", path, text, message)),
                }
            }
        }
        for (index, traits) in derived {
            if !traits.is_empty() {
                overrides
                    .types
                    .insert(index, vec![format!("#[derive({})]", traits.join(", "))]);
            }
        }
        for (path, texts) in options.attribute.iter() {
            let targets = targets(model, path);
            if targets.is_empty() {
                problems.push(unmatched(model, codes::UNUSED_OVERRIDE, "attribute", path));
                continue;
            }
            for text in texts {
                match attributes(text) {
                    Ok(attributes) => {
                        for target in &targets {
                            overrides.list(target).extend(attributes.iter().cloned());
                        }
                    }
                    Err(message) => problems.push(bad("attribute", path, text, message)),
                }
            }
        }
        overrides
    }

    /// What is added to a type.
    pub(crate) fn ty(&self, index: TypeIndex) -> &[String] {
        self.types.get(&index).map_or(&[], Vec::as_slice)
    }

    /// What is added to a field or enumerator of a type.
    pub(crate) fn member(&self, index: TypeIndex, name: &str) -> &[String] {
        if self.members.is_empty() {
            return &[];
        }
        self.members
            .get(&(index, name.to_owned()))
            .map_or(&[], Vec::as_slice)
    }

    fn list(&mut self, target: &Target) -> &mut Vec<String> {
        match target {
            Target::Type(index) => self.types.entry(*index).or_default(),
            Target::Member(index, name) => self.members.entry((*index, name.clone())).or_default(),
        }
    }
}

enum Target {
    Type(TypeIndex),
    Member(TypeIndex, String),
}

/// Types of a path; when there are none, the field or enumerator that it names.
fn targets(model: &Model, path: &str) -> Vec<Target> {
    let types = paths::types(model, path);
    if !types.is_empty() {
        return types.into_iter().map(Target::Type).collect();
    }
    let Some((owner, member)) = path.rsplit_once('.') else {
        return Vec::new();
    };
    model
        .types()
        .filter(|(index, ty)| {
            paths::names_type(model, *index, owner)
                && match &ty.kind {
                    TypeKind::Structure { fields } | TypeKind::ValueObject { fields, .. } => {
                        fields.iter().any(|field| field.name == member)
                    }
                    TypeKind::Enumeration { enumerators, .. } => {
                        enumerators.iter().any(|item| item.name == member)
                    }
                    _ => false,
                }
        })
        .map(|(index, _)| Target::Member(index, member.to_owned()))
        .collect()
}

/// Whether a type becomes a type of its own, which can have derives.
fn is_nominal(model: &Model, index: TypeIndex) -> bool {
    !matches!(
        model.ty(index).kind,
        TypeKind::Typedef { .. } | TypeKind::Opaque
    )
}

/// Whether generated code derives a trait of this name anyway.
fn is_derived(model: &Model, index: TypeIndex, name: &str) -> bool {
    let always: &[&str] = match model.ty(index).kind {
        TypeKind::Interface(_) => &["Clone", "Debug", "PartialEq", "Eq", "Hash"],
        TypeKind::Enumeration { .. } => &["Clone", "Copy", "Debug", "PartialEq", "Eq", "Hash"],
        _ => &["Clone", "Debug", "Default", "PartialEq"],
    };
    always.contains(&name)
}

fn derives(text: &str) -> Result<Vec<String>, &'static str> {
    let parsed = Punctuated::<Path, Token![,]>::parse_terminated.parse_str(text);
    let traits = parsed
        .ok()
        .filter(|traits| !traits.is_empty())
        .ok_or("write traits with commas between, such as `Hash, ::serde::Serialize`")?;
    Ok(traits
        .iter()
        .map(|path| compact(path.to_token_stream()))
        .collect())
}

fn attributes(text: &str) -> Result<Vec<String>, &'static str> {
    let parsed = Attribute::parse_outer.parse_str(text);
    let attributes = parsed
        .ok()
        .filter(|attributes| !attributes.is_empty())
        .ok_or("write attributes as Rust has them, such as `#[must_use]`")?;
    Ok(attributes
        .iter()
        .map(|attribute| attribute.to_token_stream().to_string())
        .collect())
}

/// A path without the blanks that tokens are printed with.
fn compact(path: TokenStream) -> String {
    path.to_string().replace(' ', "")
}

fn bad(option: &'static str, path: &str, text: &str, message: &str) -> Problem {
    Problem {
        code: codes::BAD_OPTION,
        message: format!("`{option}` for `{path}`: `{text}` cannot be used: {message}"),
        option,
        text: path.to_owned(),
    }
}
