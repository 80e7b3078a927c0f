//! IDL types as Rust types.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use xerus_idl::marks::{Marks, RETURNED};
use xerus_idl::model::{Builtin, Method, Parameter, TypeIndex, TypeKind, TypeRef};

use super::scope::Scope;
use crate::rust_path::RustPath;
use crate::walk;

/// How an argument of a proxy method is taken.
pub(super) struct Argument {
    /// The type of the parameter.
    pub(super) ty: TokenStream,
    /// The partial form that the argument is first turned into.
    pub(super) partial: Option<TokenStream>,
}

impl Scope<'_> {
    /// The type of a field, a result or a parameter on the server side.
    pub(super) fn owned(&self, ty: &TypeRef) -> TokenStream {
        let element = self.element(ty);
        if self.is_nullable(ty) {
            quote!(::core::option::Option<#element>)
        } else {
            element
        }
    }

    /// The same, for a value that its method marks as nullable, or does not.
    fn owned_or_none(&self, ty: &TypeRef, nullable: bool) -> TokenStream {
        let owned = self.owned(ty);
        if nullable && !self.is_nullable(ty) {
            quote!(::core::option::Option<#owned>)
        } else {
            owned
        }
    }

    /// The type of an element of a vector or map, where nothing may be null, and the target of an
    /// alias.
    pub(super) fn element(&self, ty: &TypeRef) -> TokenStream {
        match ty {
            TypeRef::Builtin(builtin) => match builtin {
                Builtin::Boolean => quote!(bool),
                Builtin::Byte => quote!(u8),
                Builtin::Int => quote!(i32),
                Builtin::Long => quote!(i64),
                Builtin::Float => quote!(f32),
                Builtin::Double => quote!(f64),
                Builtin::String => quote!(::std::string::String),
                Builtin::Time => quote!(::xerus_rpc::Time),
                Builtin::Object => quote!(::xerus_rpc::Object),
                Builtin::Typecode => quote!(::xerus_rpc::WireId),
            },
            TypeRef::Vector(element) => {
                let element = self.element(element);
                quote!(::std::vec::Vec<#element>)
            }
            TypeRef::Map(key, value) => {
                let (key, value) = (self.element(key), self.element(value));
                quote!(::std::collections::BTreeMap<#key, #value>)
            }
            TypeRef::Named(index) => {
                let path = self.type_path(*index);
                match self.model().ty(*index).kind {
                    TypeKind::ValueObject { .. } => quote!(::xerus_rpc::Polymorphic<#path>),
                    _ => path.to_token_stream(),
                }
            }
        }
    }

    /// The type of an in-parameter of a proxy method, which its method may mark as nullable.
    pub(super) fn argument(&self, ty: &TypeRef, nullable: bool) -> Argument {
        let mut argument = self.plain_argument(ty, nullable);
        if nullable && !self.is_nullable(ty) {
            let ty = argument.ty;
            argument.ty = quote!(::core::option::Option<#ty>);
        }
        argument
    }

    fn plain_argument(&self, ty: &TypeRef, nullable: bool) -> Argument {
        if let Some(partial) = self.partial(ty) {
            if nullable {
                let (ty, partial) = (quote!(&#partial), None);
                return Argument { ty, partial };
            }
            let ty = quote!(impl ::core::convert::Into<#partial>);
            return Argument {
                ty,
                partial: Some(partial),
            };
        }
        let element = self.element(ty);
        let ty = match walk::resolve(self.model(), ty) {
            TypeRef::Builtin(Builtin::String) => quote!(&str),
            TypeRef::Builtin(Builtin::Object) => quote!(::core::option::Option<&#element>),
            TypeRef::Builtin(Builtin::Typecode) => quote!(&#element),
            TypeRef::Builtin(_) => element,
            TypeRef::Vector(item) => {
                let item = self.element(item);
                quote!(&[#item])
            }
            TypeRef::Map(..) => quote!(&#element),
            TypeRef::Named(index) => match self.model().ty(*index).kind {
                TypeKind::Interface(_) | TypeKind::ValueObject { .. } => {
                    quote!(::core::option::Option<&#element>)
                }
                TypeKind::Enumeration { .. } => element,
                _ => quote!(&#element),
            },
        };
        Argument { ty, partial: None }
    }

    /// The type of an in-parameter on the server side, which its method may mark as nullable.
    pub(super) fn received(&self, ty: &TypeRef, nullable: bool) -> TokenStream {
        match self.partial(ty) {
            Some(partial) if nullable => quote!(::core::option::Option<#partial>),
            Some(partial) => partial,
            None => self.owned_or_none(ty, nullable),
        }
    }

    /// The request form of a `[sparse_in]` structure, when that is the whole type.
    fn partial(&self, ty: &TypeRef) -> Option<TokenStream> {
        let TypeRef::Named(index) = walk::resolve(self.model(), ty) else {
            return None;
        };
        self.is_sparse(*index)
            .then(|| self.partial_path(*index).to_token_stream())
    }

    /// Whether a type has a request form.
    pub(super) fn is_sparse(&self, index: TypeIndex) -> bool {
        let ty = self.model().ty(index);
        matches!(ty.kind, TypeKind::Structure { .. }) && ty.has_annotation("sparse_in")
    }

    /// The path of the request form of a structure.
    pub(super) fn partial_path(&self, index: TypeIndex) -> RustPath {
        let names = self.plan.names.ty(index);
        let mut place = names.place.clone();
        place.push(super::sparse::MODULE.to_owned());
        match self.plan.selection.external(index) {
            Some(external) => external.path(&place, &names.name),
            None => self.path(&place, &names.name),
        }
    }

    /// Whether null stands for "none" on the wire.
    fn is_nullable(&self, ty: &TypeRef) -> bool {
        match walk::resolve(self.model(), ty) {
            TypeRef::Builtin(builtin) => *builtin == Builtin::Object,
            TypeRef::Named(index) => matches!(
                self.model().ty(*index).kind,
                TypeKind::Interface(_) | TypeKind::ValueObject { .. }
            ),
            TypeRef::Vector(_) | TypeRef::Map(..) => false,
        }
    }

    /// What a method answers: `()`, one type or a tuple.
    pub(super) fn answer(&self, results: &[Output<'_>]) -> TokenStream {
        match results {
            [] => quote!(()),
            [one] => self.owned_or_none(one.ty, one.nullable),
            many => {
                let types = many
                    .iter()
                    .map(|output| self.owned_or_none(output.ty, output.nullable));
                quote!((#(#types),*))
            }
        }
    }
}

/// A result of a method: the return value, or an out-parameter.
pub(super) struct Output<'m> {
    /// Its name on the wire.
    pub(super) name: &'m str,
    /// Its type.
    pub(super) ty: &'m TypeRef,
    /// Whether its method marks it as one that may be null.
    pub(super) nullable: bool,
}

/// All results of a method, the return value first.
pub(super) fn outputs<'m>(method: &'m Method, marks: &Marks) -> Vec<Output<'m>> {
    let output = |name: &'m str, ty| Output {
        name,
        ty,
        nullable: is_marked(marks, name),
    };
    let returned = method.returns.iter().map(|ty| output(RETURNED, ty));
    let outs = method
        .outs()
        .map(|Parameter { name, ty, .. }| output(name, ty));
    returned.chain(outs).collect()
}

/// Whether a method marks a value as one that may be null.
pub(super) fn is_marked(marks: &Marks, name: &str) -> bool {
    marks.nullable.iter().any(|known| known == name)
}
