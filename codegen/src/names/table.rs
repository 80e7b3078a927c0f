//! The Rust name and place of every module and type of a model.

use std::collections::HashMap;

use xerus_idl::model::{
    Constant, Enumerator, Field, Method, Model, ModuleIndex, Parameter, TypeIndex,
};
use xerus_idl::source::Span;

use super::renames::Renames;
use crate::error::Problem;
use crate::options::{EnumeratorPrefix, Options};

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
    renames: Renames,
    prefix: EnumeratorPrefix,
}

impl Names {
    /// The names under these options; what is wrong with renames goes to `problems`.
    pub(crate) fn new(model: &Model, options: &Options, problems: &mut Vec<Problem>) -> Self {
        let renames = Renames::new(model, options, problems);
        let modules = module_places(model, &renames);
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
            let given = renames.ty(index);
            let plain = given.map_or_else(|| super::type_name(&ty.base_name), str::to_owned);
            let plain_module = super::module(given.unwrap_or(&ty.base_name));
            let same = versions
                .get(&(ty.module, ty.parent, ty.base_name.as_str()))
                .expect("every type is among the versions of its name");
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
        Self {
            types,
            modules,
            renames,
            prefix: options.enumerator_prefix,
        }
    }

    /// The names of a type of the model.
    pub(crate) fn ty(&self, index: TypeIndex) -> &TypeNames {
        &self.types[index.0 as usize]
    }

    /// The name of a type without a version.
    pub(crate) fn plain(&self, model: &Model, index: TypeIndex) -> String {
        let given = self.renames.ty(index);
        let converted = || super::type_name(&model.ty(index).base_name);
        given.map_or_else(converted, str::to_owned)
    }

    /// The path of a module from the root of the generated code.
    pub(crate) fn module(&self, index: ModuleIndex) -> &[String] {
        &self.modules[index.0 as usize]
    }

    /// The name of a module in the module around it.
    pub(crate) fn module_name(&self, index: ModuleIndex) -> &str {
        self.module(index)
            .last()
            .expect("the path of a module ends in its name")
    }

    /// The name of a method.
    pub(crate) fn method(&self, method: &Method) -> String {
        self.member(method.span, || super::method(&method.name))
    }

    /// The name of an in-parameter.
    pub(crate) fn parameter(&self, parameter: &Parameter) -> String {
        self.member(parameter.span, || super::field(&parameter.name))
    }

    /// The name of a constant.
    pub(crate) fn constant(&self, constant: &Constant) -> String {
        self.member(constant.span, || super::constant(&constant.name))
    }

    /// The name of a field.
    pub(crate) fn field(&self, field: &Field) -> String {
        self.member(field.span, || super::field(&field.name))
    }

    /// The names of all enumerators of an enumeration, in order.
    pub(crate) fn variants(&self, enumerators: &[Enumerator]) -> Vec<String> {
        let idl: Vec<_> = enumerators.iter().map(|item| item.name.as_str()).collect();
        let names = super::variants(&idl, self.prefix);
        let named = enumerators.iter().zip(names);
        named
            .map(|(item, name)| self.member(item.span, || name))
            .collect()
    }

    /// Whether the user gave a module its name.
    pub(crate) fn is_module_renamed(&self, index: ModuleIndex) -> bool {
        self.renames.module(index).is_some()
    }

    /// Whether the user gave a type its name.
    pub(crate) fn is_type_renamed(&self, index: TypeIndex) -> bool {
        self.renames.ty(index).is_some()
    }

    /// Whether the user gave the member or parameter its name whose IDL name stands there.
    pub(crate) fn is_renamed(&self, place: Span) -> bool {
        self.renames.member(place).is_some()
    }

    fn member(&self, place: Span, converted: impl FnOnce() -> String) -> String {
        let given = self.renames.member(place);
        given.map_or_else(converted, str::to_owned)
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

fn module_places(model: &Model, renames: &Renames) -> Vec<Vec<String>> {
    let mut places: Vec<Vec<String>> = Vec::with_capacity(model.modules().len());
    for (index, module) in (0_u32..).map(ModuleIndex).zip(model.modules()) {
        let given = renames.module(index).map(str::to_owned);
        places.push(match module.parent {
            None => vec![given.unwrap_or_else(|| super::top_module(&module.name))],
            Some(outer) => {
                let mut place = places[outer.0 as usize].clone();
                place.push(given.unwrap_or_else(|| super::module(&module.name)));
                place
            }
        });
    }
    places
}
