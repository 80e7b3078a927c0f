//! The Rust name and place of every module and type of a model.

use std::collections::HashMap;

use xerus_idl::model::{Model, ModuleIndex, TypeIndex};

/// What a type is called.
#[derive(Clone, Debug)]
pub(crate) struct TypeNames {
    /// `Outlet`, or `Outlet_3_0_1` when the input holds several versions of it.
    pub(crate) name: String,
    /// The module of its nested types: `outlet` or `outlet_3_0_1`.
    pub(crate) module: String,
    /// The plain names, when this is the newest of several versions.
    pub(crate) alias: Option<Alias>,
    /// The module that holds it, from the root of the generated code.
    pub(crate) place: Vec<String>,
}

/// The plain names of the newest version.
#[derive(Clone, Debug)]
pub(crate) struct Alias {
    /// `Outlet`
    pub(crate) name: String,
    /// `outlet`
    pub(crate) module: String,
}

/// The names of a whole input set. Independent of what is selected from it.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    types: Vec<TypeNames>,
    modules: Vec<Vec<String>>,
}

impl Names {
    pub(crate) fn new(model: &Model) -> Self {
        let modules = module_places(model);
        let mut versions: HashMap<(ModuleIndex, Option<TypeIndex>, &str), Vec<TypeIndex>> =
            HashMap::new();
        for (index, ty) in model.types() {
            versions
                .entry((ty.module, ty.parent, &ty.base_name))
                .or_default()
                .push(index);
        }
        let mut types: Vec<TypeNames> = Vec::with_capacity(model.types().len());
        for (index, ty) in model.types() {
            let plain = super::type_name(&ty.base_name);
            let plain_module = super::module(&ty.base_name);
            let same = versions
                .get(&(ty.module, ty.parent, ty.base_name.as_str()))
                .map_or(&[] as &[_], Vec::as_slice);
            let mut place = modules[ty.module.0 as usize].clone();
            place.extend(
                enclosing(model, index).map(|outer| types[outer.0 as usize].module.clone()),
            );
            types.push(if same.len() < 2 {
                TypeNames {
                    name: plain,
                    module: plain_module,
                    alias: None,
                    place,
                }
            } else {
                let version = ty.version;
                let suffix = format!("{}_{}_{}", version.major, version.submajor, version.minor);
                let newest = same.iter().max_by_key(|i| model.ty(**i).version) == Some(&index);
                let stem = |name: &str| {
                    let name = name.strip_prefix("r#").unwrap_or(name);
                    format!("{}_{suffix}", name.trim_end_matches('_'))
                };
                TypeNames {
                    name: stem(&plain),
                    module: stem(&plain_module),
                    alias: newest.then_some(Alias {
                        name: plain,
                        module: plain_module,
                    }),
                    place,
                }
            });
        }
        Self { types, modules }
    }

    /// The names of a type of the model.
    pub(crate) fn ty(&self, index: TypeIndex) -> &TypeNames {
        &self.types[index.0 as usize]
    }

    /// The path of a module from the root of the generated code.
    pub(crate) fn module(&self, index: ModuleIndex) -> &[String] {
        &self.modules[index.0 as usize]
    }
}

/// The types around a type, the outermost first.
fn enclosing(model: &Model, index: TypeIndex) -> impl Iterator<Item = TypeIndex> {
    let mut chain = Vec::new();
    let mut at = model.ty(index).parent;
    while let Some(outer) = at {
        chain.push(outer);
        at = model.ty(outer).parent;
    }
    chain.into_iter().rev()
}

fn module_places(model: &Model) -> Vec<Vec<String>> {
    let mut places: Vec<Vec<String>> = Vec::with_capacity(model.modules().len());
    for module in model.modules() {
        places.push(match module.parent {
            None => vec![super::top_module(&module.name)],
            Some(outer) => {
                let mut place = places[outer.0 as usize].clone();
                place.push(super::module(&module.name));
                place
            }
        });
    }
    places
}
