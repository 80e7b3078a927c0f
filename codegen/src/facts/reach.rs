//! The constants that can name a return code of a method.

use xerus_idl::model::{Builtin, Constant, Interface, Model, TypeIndex, TypeKind, TypeRef};

use super::said::{Named, split};
use crate::paths;

/// The constants of an interface and its bases that are numbers.
pub(super) struct Reach<'m> {
    model: &'m Model,
    interface: TypeIndex,
    /// Those of the interface, then those of its bases, nearest first.
    levels: Vec<Vec<Number<'m>>>,
}

/// A constant.
pub(super) struct Number<'m> {
    pub(super) name: &'m str,
    pub(super) value: i32,
    /// The methods that the heading of its group names; it is no code of others. Empty when there are none.
    methods: Vec<&'m str>,
}

impl Number<'_> {
    fn is_for(&self, method: &str) -> bool {
        self.methods.is_empty() || self.methods.contains(&method)
    }
}

impl<'m> Reach<'m> {
    pub(super) fn new(model: &'m Model, interface: TypeIndex) -> Self {
        let family = [interface].into_iter().chain(model.bases(interface));
        let levels = family.filter_map(|index| match &model.ty(index).kind {
            TypeKind::Interface(interface) => Some(numbers(interface)),
            _ => None,
        });
        Self {
            model,
            interface,
            levels: levels.collect(),
        }
    }

    /// Whether there is a constant that speaks of failure or, with the value 0, of success.
    pub(super) fn has_codes(&self) -> bool {
        let mut all = self.levels.iter().flatten();
        all.any(|one| is_error(one.name) || (one.value == 0 && is_success(one.name)))
    }

    /// The error constants that may be codes of a method, level by level.
    pub(super) fn errors(
        &self,
        method: &str,
    ) -> impl Iterator<Item = impl Iterator<Item = &Number<'m>>> {
        self.levels.iter().map(move |level| {
            level
                .iter()
                .filter(move |one| one.is_for(method) && is_error(one.name))
        })
    }

    /// Whether a name is that of another interface's constant.
    pub(super) fn is_foreign(&self, word: &str) -> bool {
        let (owner, name) = split(word);
        let mut own = self.levels.iter().flatten();
        owner.is_some()
            && self
                .one(word)
                .is_some_and(|(value, _)| !own.any(|one| one.name == name && one.value == value))
    }

    /// The constants that documentation names, among those that can be codes of the method.
    pub(super) fn named(&self, named: Named<'_>, method: &str) -> Vec<(i32, &str)> {
        let pair = |one: &Number<'m>| (one.value, one.name);
        match named {
            Named::One(name) => self.one(name).into_iter().collect(),
            Named::Prefix(prefix) => {
                let all = self.levels.iter().flatten();
                let meant = all.filter(|one| {
                    one.name.starts_with(prefix) && one.is_for(method) && is_error(one.name)
                });
                meant.map(pair).collect()
            }
            Named::Range(from, to) => {
                let level = self.levels.iter().find_map(|level| {
                    let at = |name| level.iter().position(|one| one.name == name);
                    let (from, to) = (at(from)?, at(to)?);
                    level.get(from.min(to)..=from.max(to))
                });
                level.unwrap_or_default().iter().map(pair).collect()
            }
        }
    }

    fn one(&self, word: &str) -> Option<(i32, &str)> {
        let (owner, name) = split(word);
        let Some(owner) = owner else {
            let mut all = self.levels.iter().flatten();
            let found = all.find(|one| one.name == name)?;
            return Some((found.value, found.name));
        };
        // Mostly a neighbour in the same module; else a whole path.
        let module = self.model.ty(self.interface).module;
        let near = self.model.module(module).types.iter().copied();
        let near = near.filter(|index| {
            let ty = self.model.ty(*index);
            ty.base_name == owner || ty.name == owner
        });
        let far = self.model.types().map(|(index, _)| index);
        let far = far.filter(|index| paths::names_type(self.model, *index, owner));
        let mut constants = near
            .chain(far)
            .flat_map(|index| constants(self.model, index));
        let found = constants.find(|constant| constant.name == name)?;
        Some((i32::try_from(found.value).ok()?, &found.name))
    }
}

fn constants(model: &Model, index: TypeIndex) -> &[Constant] {
    match &model.ty(index).kind {
        TypeKind::Interface(interface) => &interface.constants,
        _ => &[],
    }
}

/// The constants of one interface, with the groups that headings make of them.
fn numbers(interface: &Interface) -> Vec<Number<'_>> {
    let mut methods: Vec<&str> = Vec::new();
    let mut numbers = Vec::with_capacity(interface.constants.len());
    for constant in &interface.constants {
        if let Some(heading) = &constant.docs.heading {
            let words = || heading.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            let named = interface.methods.iter().map(|method| method.name.as_str());
            methods = named
                .filter(|name| words().any(|word| word == *name))
                .collect();
        }
        if constant.ty == TypeRef::Builtin(Builtin::Int)
            && let Ok(value) = i32::try_from(constant.value)
        {
            numbers.push(Number {
                name: &constant.name,
                value,
                methods: methods.clone(),
            });
        }
    }
    numbers
}

/// Whether a constant of this name speaks of failure.
pub(super) fn is_error(name: &str) -> bool {
    name.starts_with("ERR_")
        || name.starts_with("ERROR_")
        || name.contains("_ERR_")
        || name.ends_with("_ERR")
}

/// Whether a constant of this name speaks of success.
pub(super) fn is_success(name: &str) -> bool {
    matches!(name, "OK" | "SUCCESS" | "NO_ERROR" | "NO_ERR")
}
