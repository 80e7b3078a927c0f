//! Which classes are types, and where they stand.

use super::Reader;
use super::names::TypeName;
use super::sections::Sections;
use crate::api::{IdlFile, Kind, Notes, Type, TypeId, UNVERSIONED_SCOPE, unversioned};
use crate::python::{Class, Expression, Source, Statement, StatementKind};
use crate::report::{FindingKind, Report};

/// A type's Python side.
#[derive(Debug)]
pub(super) struct Raw<'s> {
    /// Which module file.
    pub(super) source: usize,
    /// The line of its class.
    pub(super) line: u32,
    /// Its class; opaque types need none.
    pub(super) class: Option<&'s Class>,
    /// The statements among which the class stands.
    pub(super) beside: &'s [Statement],
}

/// Where classes are looked for.
struct Place<'a, 's> {
    source: usize,
    body: &'s [Statement],
    /// Python's name of the enclosing class or module.
    python: &'a str,
    /// The enclosing type and its path.
    parent: Option<(TypeId, &'a str)>,
    sections: &'a Sections,
}

impl<'s> Reader<'s> {
    /// Finds all types. What is no type is reported.
    pub(super) fn collect(&mut self, opaques: &[Source], report: &mut Report) {
        for (at, source) in self.sources.iter().enumerate() {
            let module = self
                .package
                .modules
                .get(at)
                .map_or("", |file| file.module.as_str());
            let sections = Sections::of(source);
            self.opaques(at, source, &sections, opaques);
            let place = Place {
                source: at,
                body: &source.body,
                python: module,
                parent: None,
                sections: &sections,
            };
            self.classes(&place, report);
        }
        for (file, source) in self.package.opaques.iter().zip(opaques) {
            for name in class_names(source) {
                let python = format!("{}.{name}", file.module);
                if !self.by_python.contains_key(&python) {
                    let text = "opaque type that nothing imports";
                    report.add(FindingKind::Skipped, python, text);
                }
            }
        }
    }

    fn classes(&mut self, place: &Place<'_, 's>, report: &mut Report) {
        for statement in place.body {
            let StatementKind::Class(class) = &statement.kind else {
                continue;
            };
            let python = format!("{}.{}", place.python, class.name);
            let line = statement.line;
            let Some(id) = class.value("idlType").and_then(|value| value.text()) else {
                match place.parent {
                    Some(_) if is_method(class) => {}
                    Some((parent, _)) => {
                        self.odd(
                            parent,
                            line,
                            format!("class `{}` without a type id", class.name),
                        );
                    }
                    None => report.add(FindingKind::Skipped, python, "class without a type id"),
                }
                continue;
            };
            let Some(name) = TypeName::parse(id) else {
                self.problem(
                    place.source,
                    line,
                    format!("`{}`: odd type id", id.escape_debug()),
                );
                continue;
            };
            let expected = place.parent.map_or(place.python, |(_, path)| path);
            if !fits(&name.scope, expected) || name.base != class.name {
                let message = format!(
                    "type id `{id}` does not fit class `{}` in `{expected}`",
                    class.name
                );
                self.problem(place.source, line, message);
                continue;
            }
            let raw = Raw {
                source: place.source,
                line,
                class: Some(class),
                beside: place.body,
            };
            let Some(added) = self.add(python.clone(), &name, place.parent, raw) else {
                continue;
            };
            if place.parent.is_none() {
                self.assign_file(added, place.sections.file(line));
            }
            let path = format!("{expected}.{}", name.declared());
            self.classes(
                &Place {
                    source: place.source,
                    body: &class.body,
                    python: &python,
                    parent: Some((added, &path)),
                    sections: place.sections,
                },
                report,
            );
        }
    }

    /// Opaque types live in Python files of their own; the section that imports one is where its IDL stands.
    fn opaques(&mut self, at: usize, source: &Source, sections: &Sections, opaques: &[Source]) {
        for statement in &source.body {
            let StatementKind::Import(from, names) = &statement.kind else {
                continue;
            };
            let Some((_, module)) = from.split_once(".rpc.opaque.") else {
                continue;
            };
            let files = self.package.opaques.iter().zip(opaques);
            let Some((_, opaque)) = files.into_iter().find(|(file, _)| file.module == module)
            else {
                continue;
            };
            for name in names {
                if !class_names(opaque).any(|class| class == name) {
                    continue;
                }
                let python = format!("{module}.{name}");
                if self.by_python.contains_key(&python) {
                    continue;
                }
                let line = statement.line;
                let Some(type_name) = TypeName::parse(&format!("{python}:1.0.0")) else {
                    self.problem(at, line, format!("`{}`: odd name", name.escape_debug()));
                    continue;
                };
                let raw = Raw {
                    source: at,
                    line,
                    class: None,
                    beside: &[],
                };
                if let Some(added) = self.add(python, &type_name, None, raw) {
                    self.assign_file(added, sections.file(line));
                }
            }
        }
    }

    fn add(
        &mut self,
        python: String,
        name: &TypeName,
        parent: Option<(TypeId, &str)>,
        raw: Raw<'s>,
    ) -> Option<TypeId> {
        let id = self.api.types.len();
        if self.by_python.insert(python.clone(), id).is_some() {
            self.problem(raw.source, raw.line, format!("second class `{python}`"));
            return None;
        }
        let module = match parent {
            Some((parent, _)) => self.api.types.get(parent).map(|ty| ty.module.clone()),
            None => None,
        };
        let scope = parent.map_or(name.scope.as_str(), |(_, path)| path);
        let wire_id = format!("{}.{}:{}", name.scope, name.base, name.version);
        let mut notes = Notes::default();
        if name.scope != scope {
            notes.annotations.push(UNVERSIONED_SCOPE.to_owned());
        }
        self.api.types.push(Type {
            python,
            module: module.unwrap_or_else(|| name.scope.clone()),
            scope: scope.to_owned(),
            name: name.declared(),
            wire_id,
            kind: Kind::Opaque,
            members: Vec::new(),
            notes,
        });
        self.raws.push(raw);
        Some(id)
    }

    /// Without a remark every type gets a file of its own, which can never be circular.
    fn assign_file(&mut self, id: TypeId, section: Option<&str>) {
        let (name, named_by_package) = match section {
            Some(name) => (name.to_owned(), true),
            None => {
                let python = self.api.types.get(id).map_or("", |ty| ty.python.as_str());
                (format!("{}.idl", python.replace('.', "_")), false)
            }
        };
        match self.api.files.iter_mut().find(|file| file.name == name) {
            Some(file) => file.types.push(id),
            None => self.api.files.push(IdlFile {
                name,
                named_by_package,
                types: vec![id],
            }),
        }
    }
}

/// Whether an id names the enclosing types. Before firmware 3.3 it did so without their versions.
fn fits(scope: &str, expected: &str) -> bool {
    scope == expected || scope == unversioned(expected)
}

/// Whether a class stands for a method.
pub(super) fn is_method(class: &Class) -> bool {
    let mut bases = class.bases.iter().filter_map(Expression::dotted);
    bases.any(|parts| parts.ends_with(&["Interface", "Method"]))
}

fn class_names(source: &Source) -> impl Iterator<Item = &String> {
    source
        .body
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Class(class) => Some(&class.name),
            _ => None,
        })
}
