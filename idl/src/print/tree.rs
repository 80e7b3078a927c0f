//! A syntax tree as text that means the same; `layout` makes it readable.

use std::fmt::Write as _;

use crate::syntax::{
    Annotation, ArgumentValue, Declaration, Enumeration, File, Method, Module, Type, TypeName,
};

/// The text of a tree, without comments. Trees nested deeper than the parser accepts are not for this.
pub(super) fn text(file: &File) -> String {
    let mut out = String::new();
    if let Some(guard) = &file.guard {
        line(&mut out, format_args!("#ifndef {}", guard.name.text));
        line(&mut out, format_args!("#define {}", guard.defined.text));
    }
    for include in &file.includes {
        match include.quoted {
            true => line(&mut out, format_args!("#include \"{}\"", include.file)),
            false => line(&mut out, format_args!("#include <{}>", include.file)),
        }
    }
    for one in &file.modules {
        module(&mut out, one);
    }
    if file.guard.is_some() {
        line(&mut out, format_args!("#endif"));
    }
    out
}

/// Writing to a `String` cannot fail.
fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{text}");
}

fn module(out: &mut String, module: &Module) {
    annotations(out, &module.annotations);
    line(out, format_args!("module {} {{", module.name.text));
    members(out, &module.members);
    line(out, format_args!("}}"));
}

fn members(out: &mut String, declarations: &[Declaration]) {
    for one in declarations {
        declaration(out, one);
    }
}

fn declaration(out: &mut String, declaration: &Declaration) {
    match declaration {
        Declaration::Module(one) => module(out, one),
        Declaration::Interface(one) => {
            annotations(out, &one.annotations);
            body(
                out,
                "interface",
                &one.name.text,
                one.base.as_ref(),
                &one.members,
            );
        }
        Declaration::Structure(one) => {
            annotations(out, &one.annotations);
            body(out, "structure", &one.name.text, None, &one.members);
        }
        Declaration::ValueObject(one) => {
            annotations(out, &one.annotations);
            body(
                out,
                "valueobject",
                &one.name.text,
                one.base.as_ref(),
                &one.members,
            );
        }
        Declaration::Enumeration(one) => enumeration(out, one),
        Declaration::Typedef(one) => {
            annotations(out, &one.annotations);
            line(
                out,
                format_args!("typedef {} {};", ty(&one.target), one.name.text),
            );
        }
        Declaration::Opaque(one) => {
            annotations(out, &one.annotations);
            line(out, format_args!("opaque {};", one.name.text));
        }
        Declaration::Constant(one) => {
            annotations(out, &one.annotations);
            let (ty, name) = (ty(&one.ty), &one.name.text);
            line(out, format_args!("constant {ty} {name} = {};", one.literal));
        }
        Declaration::Method(one) => method(out, one),
        Declaration::Field(one) => {
            annotations(out, &one.annotations);
            line(out, format_args!("{} {};", ty(&one.ty), one.name.text));
        }
    }
}

fn body(
    out: &mut String,
    word: &str,
    name: &str,
    base: Option<&TypeName>,
    declarations: &[Declaration],
) {
    let base = base
        .map(|base| format!(" extends {}", type_name(base)))
        .unwrap_or_default();
    line(out, format_args!("{word} {name}{base} {{"));
    members(out, declarations);
    line(out, format_args!("}};"));
}

fn enumeration(out: &mut String, enumeration: &Enumeration) {
    annotations(out, &enumeration.annotations);
    line(
        out,
        format_args!("enumeration {} {{", enumeration.name.text),
    );
    let last = enumeration.enumerators.len().saturating_sub(1);
    for (index, one) in enumeration.enumerators.iter().enumerate() {
        annotations(out, &one.annotations);
        let comma = if index < last || enumeration.trailing_comma.is_some() {
            ","
        } else {
            ""
        };
        line(out, format_args!("{}{comma}", one.name.text));
    }
    line(out, format_args!("}};"));
}

fn method(out: &mut String, method: &Method) {
    annotations(out, &method.annotations);
    let returns = method
        .returns
        .as_ref()
        .map_or_else(|| "void".to_owned(), ty);
    let parameters: Vec<_> = method
        .parameters
        .iter()
        .map(|one| format!("{} {} {}", one.direction.word(), ty(&one.ty), one.name.text))
        .collect();
    line(
        out,
        format_args!("{returns} {}({});", method.name.text, parameters.join(", ")),
    );
}

fn annotations(out: &mut String, annotations: &[Annotation]) {
    for one in annotations {
        let arguments: Vec<_> = one
            .arguments
            .iter()
            .map(|argument| match &argument.value {
                ArgumentValue::String(text) => format!("\"{text}\""),
                ArgumentValue::Integer(text) | ArgumentValue::Name(text) => text.clone(),
            })
            .collect();
        let arguments = match one.parens || !arguments.is_empty() {
            true => format!("({})", arguments.join(", ")),
            false => String::new(),
        };
        line(out, format_args!("[{}{arguments}]", one.name.text));
    }
}

fn ty(ty: &Type) -> String {
    match ty {
        Type::Builtin(builtin, _) => builtin.word().to_owned(),
        Type::Vector(element, _) => format!("vector<{}>", self::ty(element)),
        Type::Map(key, value, _) => format!("map<{}, {}>", self::ty(key), self::ty(value)),
        Type::Named(name) => type_name(name),
    }
}

fn type_name(name: &TypeName) -> String {
    let parts: Vec<_> = name.parts.iter().map(|part| part.text.as_str()).collect();
    parts.join(".")
}
