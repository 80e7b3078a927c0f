use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Builtin, TypeRef};
use crate::syntax::{Constant, Type};

/// The value of a constant whose type is `ty` behind all typedefs. `None` goes with an error, here or
/// from the parser, which checks literals of types written as IDL words.
pub(super) fn value(
    constant: &Constant,
    ty: &TypeRef,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<i64> {
    let builtin = match ty {
        TypeRef::Builtin(builtin) => Some(*builtin),
        _ => None,
    };
    let Some((builtin, range)) = builtin.and_then(|b| Some((b, b.integer_range()?))) else {
        let what = builtin.map_or("such a type".to_owned(), |b| format!("type `{}`", b.word()));
        diagnostics.push(
            Diagnostic::error(
                codes::CONSTANT_TYPE,
                constant.ty.span(),
                format!("a constant of {what} cannot have an integer value"),
            )
            .hint("constants are of type `int`, `long` or `byte`"),
        );
        return None;
    };
    let value = constant.value().filter(|value| range.contains(value));
    if value.is_none() && matches!(constant.ty, Type::Named(_)) {
        diagnostics.push(out_of_range(constant, builtin));
    }
    value
}

fn out_of_range(constant: &Constant, ty: Builtin) -> Diagnostic {
    Diagnostic::error(
        codes::CONSTANT_RANGE,
        constant.literal_span,
        format!("the value does not fit `{}`", ty.word()),
    )
    .mark("out of range")
}
