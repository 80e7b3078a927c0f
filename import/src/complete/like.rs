//! IDL of another firmware, looked up by paths without versions.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use xerus_idl::model::{self, Model, TypeIndex};
use xerus_idl::syntax::{self, Declaration};
use xerus_idl::{Idl, Loaded};

use crate::api::unversioned;
use crate::error::Error;

/// Loaded IDL with look-up tables.
#[derive(Debug)]
pub(crate) struct Like {
    loaded: Loaded,
    /// Types by path.
    types: HashMap<String, TypeIndex>,
    /// Members of structures as written, by path.
    members: HashMap<String, Vec<String>>,
    /// Literals of constants by path.
    literals: HashMap<String, String>,
    /// Files by name.
    files: HashMap<String, usize>,
    /// Members below a `// choice: …` comment, by path: an earlier import did not know either.
    chosen: HashSet<String>,
    /// Whether it is to be followed where it says more than is known of the firmware.
    is_followed: bool,
}

impl Like {
    /// Loads a directory or file.
    pub(crate) fn load(path: &Path) -> Result<Self, Error> {
        let loaded = Idl::new()
            .path(path)
            .load()
            .map_err(|report| Error::Like(report.to_short()))?;
        let types = loaded
            .model
            .types()
            .map(|(index, ty)| (unversioned(&ty.path), index))
            .collect();
        let mut like = Self {
            types,
            members: HashMap::new(),
            literals: HashMap::new(),
            files: HashMap::new(),
            chosen: HashSet::new(),
            is_followed: true,
            loaded,
        };
        let files = std::mem::take(&mut like.loaded.files);
        for (at, file) in files.iter().enumerate() {
            let name = like.loaded.sources.file(file.id).file_name().to_owned();
            like.files.insert(name, at);
            let text = like.loaded.sources.file(file.id).text().to_owned();
            for module in &file.modules {
                like.declarations(&text, &module.name.text, &module.members);
            }
        }
        like.loaded.files = files;
        Ok(like)
    }

    /// The same as IDL of another firmware, which does not say what this one may do without.
    pub(crate) fn of_another_firmware(mut self) -> Self {
        self.is_followed = false;
        self
    }

    pub(crate) const fn is_followed(&self) -> bool {
        self.is_followed
    }

    fn declarations(&mut self, text: &str, scope: &str, members: &[Declaration]) {
        for member in members {
            let path = |name: &syntax::Name| format!("{scope}.{}", unversioned(&name.text));
            match member {
                Declaration::Module(module) => {
                    self.declarations(text, &path(&module.name), &module.members);
                }
                Declaration::Interface(interface) => {
                    self.declarations(text, &path(&interface.name), &interface.members);
                }
                Declaration::Structure(structure) => {
                    let names = structure.members.iter().filter_map(declared).collect();
                    self.members.insert(path(&structure.name), names);
                    self.declarations(text, &path(&structure.name), &structure.members);
                }
                Declaration::ValueObject(object) => {
                    self.declarations(text, &path(&object.name), &object.members);
                }
                Declaration::Method(method) if below_choice(text, method.span.start) => {
                    self.chosen.insert(path(&method.name));
                }
                Declaration::Field(field) if below_choice(text, field.span.start) => {
                    self.chosen.insert(path(&field.name));
                }
                Declaration::Constant(constant) => {
                    self.literals
                        .insert(path(&constant.name), constant.literal.clone());
                }
                _ => {}
            }
        }
    }

    pub(crate) fn model(&self) -> &Model {
        &self.loaded.model
    }

    /// The type of a path without versions.
    pub(crate) fn find(&self, path: &str) -> Option<&model::Type> {
        self.types
            .get(path)
            .map(|index| self.loaded.model.ty(*index))
    }

    /// A method of an interface.
    pub(crate) fn method(&self, path: &str, name: &str) -> Option<&model::Method> {
        self.find(path)?
            .methods()
            .iter()
            .find(|method| method.name == name)
    }

    /// Whether a method or field was only chosen there, too.
    pub(crate) fn is_chosen(&self, path: &str, member: &str) -> bool {
        self.chosen.contains(&format!("{path}.{member}"))
    }

    /// Names of the members of a structure, nested types among them without versions.
    pub(crate) fn members(&self, path: &str) -> Option<&[String]> {
        self.members.get(path).map(Vec::as_slice)
    }

    /// The literal of a constant.
    pub(crate) fn literal(&self, path: &str) -> Option<&str> {
        self.literals.get(path).map(String::as_str)
    }

    /// The syntax tree of a file.
    pub(crate) fn file(&self, name: &str) -> Option<&syntax::File> {
        self.loaded.files.get(*self.files.get(name)?)
    }
}

fn declared(member: &Declaration) -> Option<String> {
    Some(match member {
        Declaration::Structure(structure) => unversioned(&structure.name.text),
        Declaration::Enumeration(enumeration) => unversioned(&enumeration.name.text),
        Declaration::Field(field) => field.name.text.clone(),
        _ => return None,
    })
}

/// Whether the line above a place is the comment of a choice.
fn below_choice(text: &str, start: u32) -> bool {
    let before = &text[..start as usize];
    let above = before.lines().rev().find(|line| !line.trim().is_empty());
    above.is_some_and(|line| line.trim_start().starts_with("// choice:"))
}
