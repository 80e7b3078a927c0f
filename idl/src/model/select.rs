use std::fmt;

use xerus_wire_id::split_suffix;

use super::{Model, ModuleIndex, TypeIndex};
use crate::distance::{distance, tolerance};

/// A name that matches nothing of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownName {
    /// The name asked for.
    pub name: String,
    /// Names that it may have been meant to be, likely ones first.
    pub near: Vec<String>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no type or module `{}`", self.name)?;
        for (at, near) in self.near.iter().enumerate() {
            let lead = if at == 0 { "; did you mean" } else { " or" };
            write!(f, "{lead} `{near}`")?;
        }
        if !self.near.is_empty() {
            f.write_str("?")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownName {}

/// How many near names are listed.
const NEAR: usize = 3;

impl Model {
    /// The module of a dotted path.
    #[must_use]
    pub fn find_module(&self, path: &str) -> Option<ModuleIndex> {
        let at = self.modules.iter().position(|module| module.path == path)?;
        Some(ModuleIndex::of(at))
    }

    /// All versions of a type by its path without any version (`pdumodel.Outlet.State`), newest first.
    ///
    /// The versions of enclosing types count before the type's own.
    #[must_use]
    pub fn find_versions(&self, path: &str) -> Vec<TypeIndex> {
        let own = path.rsplit('.').next().unwrap_or(path);
        let mut found: Vec<_> = self
            .types()
            .filter(|(_, ty)| ty.base_name == own && without_versions(&ty.path) == path)
            .map(|(index, ty)| (versions(&ty.path), index))
            .collect();
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, index)| index).collect()
    }

    /// All types declared in a module and the modules inside it, in declaration order.
    #[must_use]
    pub fn types_of_module(&self, module: ModuleIndex) -> Vec<TypeIndex> {
        let mut inside = vec![false; self.modules.len()];
        let mut open = vec![module];
        while let Some(at) = open.pop() {
            inside[at.0 as usize] = true;
            open.extend(&self.module(at).modules);
        }
        self.types()
            .filter(|(_, ty)| inside[ty.module.0 as usize])
            .map(|(index, _)| index)
            .collect()
    }

    /// The types that a name given by a person stands for: a wire id, a path, a path without
    /// versions (all versions of it), or a module (all its types).
    ///
    /// # Errors
    ///
    /// When nothing has that name.
    pub fn select(&self, name: &str) -> Result<Vec<TypeIndex>, UnknownName> {
        // Versions first: `m.Bed` is the exact path of version 1.0.0 and stands for 2.0.0 as well.
        let versions = self.find_versions(name);
        if !versions.is_empty() {
            return Ok(versions);
        }
        if let Some(index) = self.find(name) {
            return Ok(vec![index]);
        }
        if let Some(module) = self.find_module(name) {
            return Ok(self.types_of_module(module));
        }
        Err(UnknownName {
            name: name.to_owned(),
            near: self.near(name),
        })
    }

    /// Existing names that resemble a wrong one: other versions first, then close spellings, with
    /// and without the module.
    fn near(&self, name: &str) -> Vec<String> {
        let asked = without_versions(name.split(':').next().unwrap_or(name));
        let own = asked.rsplit('.').next().unwrap_or(&asked).to_owned();
        let is_short = !asked.contains('.');
        let mut found: Vec<(usize, &str)> = Vec::new();
        for (_, ty) in self.types_by_wire_id() {
            let plain = without_versions(&ty.path);
            let mut cost = distance(&asked, &plain, tolerance(&asked));
            if cost.is_none() && (is_short || ty.parent.is_none()) {
                cost = distance(&own, &ty.base_name, tolerance(&own).min(1)).map(|c| c + 3);
            }
            found.extend(cost.map(|cost| (cost, ty.wire_id.as_str())));
        }
        for module in &self.modules {
            let cost = distance(&asked, &module.path, tolerance(&asked));
            found.extend(cost.map(|cost| (cost, module.path.as_str())));
        }
        found.sort();
        found
            .into_iter()
            .take(NEAR)
            .map(|(_, name)| name.to_owned())
            .collect()
    }
}

fn without_versions(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    for part in path.split('.') {
        if !plain.is_empty() {
            plain.push('.');
        }
        plain.push_str(split_suffix(part).base());
    }
    plain
}

fn versions(path: &str) -> Vec<xerus_wire_id::Version> {
    path.split('.')
        .map(|part| split_suffix(part).version())
        .collect()
}
