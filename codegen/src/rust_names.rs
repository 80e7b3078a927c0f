//! What generated code calls the types and members of a model.

use std::collections::HashMap;

use xerus_idl::diff;
use xerus_idl::model::{Model, Type, TypeIndex, TypeKind};

use crate::names::table::Names;
use crate::options::Options;
use crate::paths;

/// Major, submajor, minor.
type Version = (u32, u32, u32);

/// The Rust paths of a model's modules, types and members, from the root of the generated code, under the options of the generator.
///
/// ```
/// use xerus_codegen::RustNames;
///
/// let idl = "module garden { interface Valve_2_0_0 { enumeration Kind { TOP_UP }; Kind getKind(); }; }";
/// let loaded = xerus_idl::Idl::new().text("Garden.idl", idl).load()?;
/// let names = RustNames::new(&loaded.model);
/// assert_eq!(names.get("garden.Valve", "getKind").as_deref(), Some("garden::Valve::get_kind"));
/// assert_eq!(names.get("garden.Valve.Kind", "TOP_UP").as_deref(), Some("garden::valve::Kind::TopUp"));
/// # Ok::<(), xerus_idl::Diagnostics>(())
/// ```
#[derive(Clone, Debug)]
pub struct RustNames<'m> {
    model: &'m Model,
    names: Names,
    /// The newest type of each path without versions.
    types: HashMap<String, TypeIndex>,
    /// Modules by path.
    modules: HashMap<&'m str, String>,
}

impl<'m> RustNames<'m> {
    /// The names of a model with default options.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        Self::with_options(model, &Options::default())
    }

    /// The names of a model as these options make them. Renames that match nothing are skipped: a comparison has two
    /// models, and what only one of them has is renamed there.
    #[must_use]
    pub fn with_options(model: &'m Model, options: &Options) -> Self {
        let names = Names::new(model, options, &mut Vec::new());
        let mut newest: HashMap<String, (Vec<Version>, TypeIndex)> = HashMap::new();
        for (index, ty) in model.types() {
            let versions = versions(model, ty);
            let best = newest
                .entry(paths::plain(model, ty))
                .or_insert_with(|| (versions.clone(), index));
            if versions > best.0 {
                *best = (versions, index);
            }
        }
        let modules = (0_u32..).zip(model.modules()).map(|(at, module)| {
            let place = names.module(xerus_idl::model::ModuleIndex(at));
            (module.path.as_str(), place.join("::"))
        });
        Self {
            model,
            modules: modules.collect(),
            types: newest
                .into_iter()
                .map(|(path, (_, index))| (path, index))
                .collect(),
            names,
        }
    }

    /// The Rust path of a module or type, or of a member of a type.
    ///
    /// `path` is written without versions and means the newest type of that path. `member` is the name of a constant,
    /// method, field or enumerator, or `method(parameter)` for the method; the type itself is meant when it is empty.
    #[must_use]
    pub fn get(&self, path: &str, member: &str) -> Option<String> {
        let Some(&index) = self.types.get(path) else {
            let module = self.modules.get(path)?;
            return member.is_empty().then(|| module.clone());
        };
        let ty = self.path(index);
        if member.is_empty() {
            return Some(ty);
        }
        let member = member.split('(').next().unwrap_or(member);
        Some(format!("{ty}::{}", self.member(index, member)?))
    }

    /// Under its plain name, when that is an alias.
    fn path(&self, index: TypeIndex) -> String {
        let own = self.names.ty(index);
        let name = own.alias.as_ref().map_or(&own.name, |alias| &alias.name);
        let mut parts = vec![name.as_str()];
        let mut outer = self.model.ty(index).parent;
        while let Some(at) = outer {
            let around = self.names.ty(at);
            let module = around.alias.as_ref().map(|alias| &alias.module);
            parts.push(module.unwrap_or(&around.module));
            outer = self.model.ty(at).parent;
        }
        let module = self.names.module(self.model.ty(index).module);
        parts.extend(module.iter().rev().map(String::as_str));
        parts.reverse();
        parts.join("::")
    }

    /// A member of a type or, as callers reach it through the type, of one of its bases.
    fn member(&self, index: TypeIndex, name: &str) -> Option<String> {
        let family = [index].into_iter().chain(self.model.bases(index));
        let mut found = family.map(|index| self.own_member(self.model.ty(index), name));
        found.find_map(|name| name)
    }

    fn own_member(&self, ty: &Type, name: &str) -> Option<String> {
        let names = &self.names;
        match &ty.kind {
            TypeKind::Interface(interface) => {
                let mut methods = interface.methods.iter();
                if let Some(method) = methods.find(|method| method.name == name) {
                    return Some(names.method(method));
                }
                let mut constants = interface.constants.iter();
                let constant = constants.find(|constant| constant.name == name)?;
                Some(names.constant(constant))
            }
            TypeKind::Structure { fields } | TypeKind::ValueObject { fields, .. } => {
                let field = fields.iter().find(|field| field.name == name)?;
                Some(names.field(field))
            }
            TypeKind::Enumeration { enumerators, .. } => {
                let at = enumerators.iter().position(|one| one.name == name)?;
                names.variants(enumerators).into_iter().nth(at)
            }
            TypeKind::Typedef { .. } | TypeKind::Opaque => None,
        }
    }
}

impl diff::RustNames for RustNames<'_> {
    fn rust_name(&self, path: &str, member: &str) -> Option<String> {
        self.get(path, member)
    }
}

/// The versions of a type and of those around it, from the outside in.
fn versions(model: &Model, ty: &Type) -> Vec<Version> {
    let version = |ty: &Type| (ty.version.major, ty.version.submajor, ty.version.minor);
    let mut versions = vec![version(ty)];
    let mut outer = ty.parent;
    while let Some(at) = outer {
        let around = model.ty(at);
        versions.push(version(around));
        outer = around.parent;
    }
    versions.reverse();
    versions
}
