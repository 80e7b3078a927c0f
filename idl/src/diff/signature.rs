use crate::model::{Annotation, Direction, Method, Model, Parameter, TypeRef};

/// A return type: `void` or a type.
pub(super) fn returns(model: &Model, ty: Option<&TypeRef>) -> String {
    ty.map_or_else(|| "void".to_owned(), |ty| model.type_text(ty).to_string())
}

/// `in int`
pub(super) fn parameter(model: &Model, parameter: &Parameter) -> String {
    let direction = match parameter.direction {
        Direction::In => "in",
        Direction::Out => "out",
    };
    format!("{direction} {}", model.type_text(&parameter.ty))
}

/// `void blink(in int times)`
pub(super) fn method(model: &Model, method: &Method) -> String {
    let parameters: Vec<_> = method
        .parameters
        .iter()
        .map(|p| format!("{} {}", parameter(model, p), p.name))
        .collect();
    format!(
        "{} {}({})",
        returns(model, method.returns.as_ref()),
        method.name,
        parameters.join(", ")
    )
}

/// `[deprecated]`, `[unknown_fallback("X")]`; arguments are escaped.
pub(super) fn annotation(annotation: &Annotation) -> String {
    if annotation.arguments.is_empty() {
        return format!("[{}]", annotation.name);
    }
    let arguments: Vec<_> = annotation
        .arguments
        .iter()
        .map(|argument| format!("{argument:?}"))
        .collect();
    format!("[{}({})]", annotation.name, arguments.join(", "))
}
