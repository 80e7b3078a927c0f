//! The table itself: one entry for each type and method of the API.

use std::fmt::Write as _;

use xerus_idl::model::{Method, Model, Type, TypeIndex, TypeKind};

use xerus_codegen::Options;
use xerus_codegen::facts::Facts;

use crate::{names, types};

/// The text of the table, to be included in a module that has `Type`, `Kind`, `Operation` and `Idle` in scope.
pub(crate) fn emit(model: &Model) -> String {
    let mut types = String::new();
    let mut methods = String::new();
    let mut idle = String::new();
    let facts = Facts::of(model, &Options::new()).expect("no options");
    for (index, ty) in model.types() {
        emit_type(model, index, ty, &mut types);
        if let TypeKind::Interface(interface) = &ty.kind {
            let place = names::place(model, ty);
            let _ = writeln!(
                idle,
                "impl crate::api::server::{place}::{} for Idle {{}}",
                names::camel(&ty.base_name)
            );
            for method in &interface.methods {
                let is_coded = facts.method(index, method).codes.is_some();
                emit_method(model, ty, method, is_coded, &mut methods);
            }
        }
    }
    format!(
        "/// The types of the API.\npub(crate) static TYPES: &[Type] = &[\n{types}];\n\n/// The methods of the API.\npub(crate) static METHODS: &[Operation] = &[\n{methods}];\n\n{idle}"
    )
}

fn emit_type(model: &Model, index: TypeIndex, ty: &Type, out: &mut String) {
    let path = names::path(model, ty);
    let kind = match &ty.kind {
        TypeKind::Interface(_) => {
            let servant = format!(
                "crate::api::server::{}::{}",
                names::place(model, ty),
                names::snake(&ty.base_name)
            );
            format!("Kind::interface::<{path}>(|| {servant}(Idle))")
        }
        TypeKind::ValueObject { .. } => {
            let mut casts = String::new();
            for base in chain(model, index) {
                let base = model.ty(base);
                let _ = write!(
                    casts,
                    "(\"{}\", crate::table::downcast::<{}, {path}>), ",
                    names::idl(model, base),
                    names::path(model, base)
                );
            }
            format!("Kind::value_object::<{path}>(&[{casts}])")
        }
        TypeKind::Enumeration { .. } => format!("Kind::enumeration::<{path}>()"),
        TypeKind::Structure { .. } if ty.has_annotation("sparse_in") => {
            format!("Kind::sparse::<{path}, {}>()", types::partial(model, index))
        }
        TypeKind::Structure { .. } => format!("Kind::structure::<{path}>()"),
        TypeKind::Typedef { .. } | TypeKind::Opaque => format!("Kind::plain::<{path}>()"),
    };
    let _ = writeln!(
        out,
        "    Type {{ path: \"{}\", kind: {kind} }},",
        names::idl(model, ty)
    );
}

fn chain(model: &Model, index: TypeIndex) -> Vec<TypeIndex> {
    let mut chain = Vec::new();
    let mut next = Some(index);
    while let Some(current) = next {
        chain.push(current);
        next = match &model.ty(current).kind {
            TypeKind::ValueObject { base, .. } => *base,
            _ => None,
        };
    }
    chain
}

fn emit_method(model: &Model, ty: &Type, method: &Method, is_coded: bool, out: &mut String) {
    let mut taken = String::new();
    let mut passed = Vec::new();
    let mut decoders = String::new();
    for (number, parameter) in method.ins().enumerate() {
        let owned = types::argument(model, &parameter.ty);
        let _ = write!(
            taken,
            "let p{number}: {owned} = c.argument(\"{}\")?; ",
            parameter.name
        );
        let _ = write!(
            decoders,
            "(\"{}\", crate::table::decode::<{owned}>), ",
            parameter.name
        );
        passed.push(types::pass(model, &parameter.ty, &format!("p{number}")));
    }
    let returned = method.returns.iter().map(|_| "_ret_");
    let results: Vec<_> = returned
        .chain(method.outs().map(|out| out.name.as_str()))
        .collect();
    // The tests look at what came over the wire: the code itself, not the error that it may be.
    let (code, number) = if is_coded {
        (".code()", ".value()")
    } else {
        ("", "")
    };
    let collect = match results.as_slice() {
        [] => "|()| vec![]".to_owned(),
        [name] => format!("|v| vec![(\"{name}\", crate::table::text(&v{number}))]"),
        several => {
            let fields: Vec<_> = several
                .iter()
                .enumerate()
                .map(|(field, name)| {
                    let number = if field == 0 { number } else { "" };
                    format!("(\"{name}\", crate::table::text(&v.{field}{number}))")
                })
                .collect();
            format!("|v| vec![{}]", fields.join(", "))
        }
    };
    let _ = writeln!(
        out,
        "    Operation {{ interface: \"{}\", name: \"{}\", parameters: &[{decoders}], call: |c| {{ {taken}c.finish({}::at(c.agent(), c.rid()).{}({}){code}, {collect}) }} }},",
        names::idl(model, ty),
        method.name,
        names::path(model, ty),
        names::snake(&method.name),
        passed.join(", ")
    );
}
