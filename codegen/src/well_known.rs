//! Well-known resource ids: which interfaces get which constructors.
//!
//! The vendor's are data ([`vendor`]), the user's are an option ([`own`]). Both are checked against the whole input,
//! whatever is selected from it.

mod own;
mod template;
mod vendor;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use xerus_idl::diagnostic::Diagnostic;
use xerus_idl::model::{Interface, Model, TypeIndex, TypeKind};

use crate::error::Problem;
use crate::names::renames::{advice, free_name};
use crate::names::table::Names;
use crate::options::Options;
use crate::{codes, paths, walk};

pub(crate) use template::Template;
use vendor::Row;

/// A constructor of a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Constructor {
    /// Its name in Rust.
    pub(crate) name: String,
    /// Where the object is.
    pub(crate) template: Template,
    /// The interface of the object. Part of the signature: this type must be where the constructor is.
    pub(crate) returned: TypeIndex,
    /// Whether the template is one of the vendor's, whose placeholders have a known meaning.
    pub(crate) is_vendor: bool,
}

/// All constructors, by the interface whose proxy has them.
#[derive(Clone, Debug, Default)]
pub(crate) struct WellKnown {
    constructors: BTreeMap<TypeIndex, Vec<Constructor>>,
}

impl WellKnown {
    /// Finds the interfaces of all rows. What is wrong with the IDL goes to `found`, what is wrong with options to
    /// `problems`.
    pub(crate) fn new(
        model: &Model,
        names: &Names,
        options: &Options,
        found: &mut Vec<Diagnostic>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let vendor = if options.vendor_rids {
            vendor::rows().unwrap_or_else(|fault| {
                problems.push(Problem {
                    code: codes::BAD_TEMPLATE,
                    message: fault.to_string(),
                    option: "vendor_rids",
                    text: String::new(),
                });
                Vec::new()
            })
        } else {
            Vec::new()
        };
        let mut table = Self::default();
        for (owner, constructor) in own::constructors(model, options, problems) {
            table
                .constructors
                .entry(owner)
                .or_default()
                .push(constructor);
        }
        let types = Types::new(model);
        for row in vendor {
            table.enter(model, &types, &row, found);
        }
        table.check(model, names, found);
        table
    }

    /// The types that the constructors of an interface mention beside those that its methods do.
    pub(crate) fn returned(&self, index: TypeIndex) -> impl Iterator<Item = TypeIndex> {
        self.constructors(index)
            .iter()
            .map(|constructor| constructor.returned)
    }

    /// The constructors of an interface, in the order of the data.
    pub(crate) fn constructors(&self, index: TypeIndex) -> &[Constructor] {
        self.constructors.get(&index).map_or(&[], Vec::as_slice)
    }

    /// All constructors with the interfaces that have them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (TypeIndex, &Constructor)> {
        self.constructors
            .iter()
            .flat_map(|(owner, list)| list.iter().map(|constructor| (*owner, constructor)))
    }

    fn enter(&mut self, model: &Model, types: &Types, row: &Row, found: &mut Vec<Diagnostic>) {
        let owners = types.interfaces(model, &row.owner);
        let Some(first) = owners.first() else {
            return;
        };
        let returned = types.named(&row.returned);
        if let Some(other) = returned.iter().find(|index| !is_interface(model, **index)) {
            let diagnostic = no_interface(model, *first, *other, row);
            // A place may have many objects of this type; one report is enough.
            let same = |known: &Diagnostic| {
                known.span == diagnostic.span && known.related == diagnostic.related
            };
            if !found.iter().any(same) {
                found.push(diagnostic);
            }
            return;
        }
        for owner in owners {
            let returned = if row.owner == row.returned {
                Some(owner)
            } else {
                nearest(model, owner, returned)
            };
            let Some(returned) = returned else {
                continue;
            };
            let list = self.constructors.entry(owner).or_default();
            // What the user says takes the place of what the vendor documents.
            if list.iter().any(|known| known.name == row.constructor) {
                continue;
            }
            list.push(Constructor {
                name: row.constructor.clone(),
                template: row.template.clone(),
                returned,
                is_vendor: true,
            });
        }
    }

    /// Constructors stand beside the methods of the IDL.
    fn check(&self, model: &Model, names: &Names, found: &mut Vec<Diagnostic>) {
        for (owner, constructor) in self.iter() {
            let ty = model.ty(owner);
            let TypeKind::Interface(Interface { methods, .. }) = &ty.kind else {
                continue;
            };
            for method in methods {
                if names.method(method) != constructor.name {
                    continue;
                }
                let (rust, template) = (&constructor.name, constructor.template.text());
                let item = format!("the constructor for `{template}`");
                let free = free_name(rust, |name| {
                    let mut constructors = self.constructors(owner).iter();
                    constructors.any(|known| known.name == name)
                        || methods.iter().any(|known| names.method(known) == name)
                });
                let path = format!("{}.{}", paths::plain(model, ty), method.name);
                let advice = advice(&path, &free, names.is_renamed(method.span));
                let hint = if constructor.is_vendor {
                    "`vendor_rids = false` leaves the constructors for the vendor's ids out"
                } else {
                    "choose another word for the constructor in the option `well_known`"
                };
                found.push(
                    Diagnostic::error(
                        codes::COLLISION,
                        method.span,
                        format!(
                            "method `{}` of `{}` and {item} both become `{rust}` in Rust",
                            method.name, ty.path
                        ),
                    )
                    .mark(format!("becomes `{rust}`"))
                    .see(ty.span, format!("so does {item} of this interface"))
                    .hint(format!("{advice}; or {hint}")),
                );
            }
        }
    }
}

/// Types that stand directly in a module, by path without versions.
struct Types {
    by_path: HashMap<String, Vec<TypeIndex>>,
}

impl Types {
    fn new(model: &Model) -> Self {
        let mut by_path: HashMap<String, Vec<TypeIndex>> = HashMap::new();
        for (index, ty) in model.types().filter(|(_, ty)| ty.parent.is_none()) {
            by_path
                .entry(paths::plain(model, ty))
                .or_default()
                .push(index);
        }
        Self { by_path }
    }

    /// All versions of a type.
    fn named(&self, path: &str) -> &[TypeIndex] {
        self.by_path.get(path).map_or(&[], Vec::as_slice)
    }

    fn interfaces(&self, model: &Model, path: &str) -> Vec<TypeIndex> {
        let all = self.named(path).iter().copied();
        all.filter(|index| is_interface(model, *index)).collect()
    }
}

fn is_interface(model: &Model, index: TypeIndex) -> bool {
    matches!(model.ty(index).kind, TypeKind::Interface(_))
}

/// Which of several versions of a type goes with an interface: the one that its members lead to first, else the newest.
fn nearest(model: &Model, from: TypeIndex, versions: &[TypeIndex]) -> Option<TypeIndex> {
    if versions.len() < 2 {
        return versions.first().copied();
    }
    let mut seen = HashSet::from([from]);
    let mut todo = VecDeque::from([from]);
    while let Some(index) = todo.pop_front() {
        if versions.contains(&index) {
            return Some(index);
        }
        walk::references(model.ty(index), &mut |other| {
            if seen.insert(other) {
                todo.push_back(other);
            }
        });
    }
    let newest = versions
        .iter()
        .max_by_key(|index| model.ty(**index).version);
    newest.copied()
}

/// The name of a constructor: `well_known`, or that and a word; `None` when it is no possible name.
fn constructor_name(word: Option<&str>) -> Option<String> {
    match word {
        None => Some("well_known".to_owned()),
        Some(word) => template::is_word(word).then(|| format!("well_known_{word}")),
    }
}

/// A row that promises a proxy for what has none.
fn no_interface(model: &Model, owner: TypeIndex, other: TypeIndex, row: &Row) -> Diagnostic {
    let (owner, other) = (model.ty(owner), model.ty(other));
    let template = row.template.text();
    Diagnostic::error(
        codes::NO_INTERFACE,
        other.span,
        format!(
            "the object at `{template}` is a `{}`, but that is declared as {}",
            row.returned,
            other.kind.word()
        ),
    )
    .mark("expected an interface")
    .see(owner.span, "this interface gets the constructor for it")
    .hint("`vendor_rids = false` leaves the constructors for the vendor's ids out")
}
