//! Proxies.

use std::fmt::Write as _;

use xerus_idl::model::{Interface, Method, Model, Type};

use super::{names, types};

/// A proxy with its constants and methods.
pub(super) fn emit(model: &Model, ty: &Type, interface: &Interface, out: &mut String) {
    let name = names::ty(&ty.base_name);
    let inner = interface.base.map_or_else(
        || "::derive_runtime::Object".to_owned(),
        |base| names::path(model, model.ty(base)),
    );
    let _ = writeln!(
        out,
        "/// `{id}`\n#[derive(Clone, Debug, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize)]\n#[serde(transparent)]\npub struct {name}({inner});\nimpl {name} {{\n    /// Wire id.\n    pub const TYPE_ID: &'static str = \"{id}\";\n    /// A proxy for a resource id.\n    pub fn at(agent: &::derive_runtime::Agent, rid: &str) -> Self {{ Self::from_object(::derive_runtime::Object::at(agent, rid, Self::TYPE_ID)) }}\n    /// The proxy of a reference.\n    pub fn from_object(object: ::derive_runtime::Object) -> Self {{ Self({}) }}",
        if interface.base.is_some() {
            format!("{inner}::from_object(object)")
        } else {
            "object".to_owned()
        },
        id = ty.wire_id,
    );
    for constant in &interface.constants {
        let _ = writeln!(
            out,
            "    /// `{}`\n    pub const {}: {} = {};",
            constant.name,
            constant.name,
            types::owned(model, &constant.ty),
            constant.value
        );
    }
    for method in &interface.methods {
        emit_method(model, method, out);
    }
    let _ = writeln!(
        out,
        "}}\nimpl ::core::ops::Deref for {name} {{\n    type Target = {inner};\n    fn deref(&self) -> &Self::Target {{ &self.0 }}\n}}"
    );
}

fn emit_method(model: &Model, method: &Method, out: &mut String) {
    let mut results: Vec<(&str, String)> = Vec::new();
    if let Some(ty) = &method.returns {
        results.push(("_ret_", types::member(model, ty)));
    }
    results.extend(
        method
            .outs()
            .map(|out| (out.name.as_str(), types::member(model, &out.ty))),
    );
    let (function, result) = match results.as_slice() {
        [] => ("void", "()".to_owned()),
        [(_, single)] => ("single", single.clone()),
        several => {
            let types: Vec<_> = several.iter().map(|(_, ty)| ty.as_str()).collect();
            ("tuple", format!("({})", types.join(", ")))
        }
    };
    let mut parameters = String::new();
    let mut arguments = String::new();
    for parameter in method.ins() {
        let name = names::value(&parameter.name);
        let _ = write!(
            parameters,
            ", {name}: {}",
            types::parameter(model, &parameter.ty)
        );
        let _ = write!(arguments, ".with(\"{}\", &{name})", parameter.name);
    }
    let _ = write!(
        out,
        "    /// `{}`\n    pub fn {}(&self{parameters}) -> ::derive_runtime::Call<{result}> {{\n        ::derive_runtime::Call::{function}(self, \"{}\", ::derive_runtime::Params::new(){arguments}",
        method.name,
        names::value(&method.name),
        method.name
    );
    if results.len() != 1 && !results.is_empty() {
        let names: Vec<_> = results
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        let _ = write!(out, ", &[{}]", names.join(", "));
    } else if let [(name, _)] = results.as_slice() {
        let _ = write!(out, ", \"{name}\"");
    }
    out.push_str(")\n    }\n");
}
