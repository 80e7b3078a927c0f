use super::words::with_article;
use crate::diagnostic::{Diagnostic, codes};
use crate::model;
use crate::syntax::{Annotation, ArgumentValue, Enumerator};

/// The annotations that mean something.
pub(crate) const KNOWN: [&str; 4] = ["deprecated", FALLBACK, SPARSE, UNVERSIONED_SCOPE];

const FALLBACK: &str = "unknown_fallback";
const SPARSE: &str = "sparse_in";
/// On a type in another one: the wire id names what is around it without versions. Firmware before 3.3 made ids so.
const UNVERSIONED_SCOPE: &str = "unversioned_scope";

/// What `[unversioned_scope]` may stand on.
const VERSIONED_IN_SCOPE: [&str; 3] = ["structure", "valueobject", "enumeration"];

/// The annotations of the model.
pub(super) fn convert(annotations: &[Annotation]) -> Vec<model::Annotation> {
    let text = |value: &ArgumentValue| match value {
        ArgumentValue::String(text) | ArgumentValue::Integer(text) | ArgumentValue::Name(text) => {
            text.clone()
        }
    };
    annotations
        .iter()
        .map(|annotation| model::Annotation {
            name: annotation.name.text.clone(),
            arguments: annotation
                .arguments
                .iter()
                .map(|a| text(&a.value))
                .collect(),
        })
        .collect()
}

/// Reports annotations that stand on a declaration they have no meaning for. `kind` is the IDL word
/// of what they stand on.
pub(super) fn check(annotations: &[Annotation], kind: &str, diagnostics: &mut Vec<Diagnostic>) {
    for annotation in annotations {
        let (name, span) = (&*annotation.name.text, annotation.name.span);
        let (wanted, plural) = match name {
            FALLBACK => (&["enumeration"][..], "enumerations"),
            SPARSE => (&["structure"][..], "structures"),
            UNVERSIONED_SCOPE => (
                &VERSIONED_IN_SCOPE[..],
                "structures, value objects and enumerations inside of a type",
            ),
            _ => continue,
        };
        if !wanted.contains(&kind) {
            diagnostics.push(
                Diagnostic::error(
                    codes::ANNOTATION_TARGET,
                    span,
                    format!("`{name}` applies to {plural} only"),
                )
                .mark(format!("this is {}", with_article(kind))),
            );
        } else if name != FALLBACK && !annotation.arguments.is_empty() {
            diagnostics.push(
                Diagnostic::error(
                    codes::ANNOTATION_ARGUMENTS,
                    span,
                    format!("`{name}` takes no arguments"),
                )
                .hint(format!("write `[{name}]`")),
            );
        }
    }
}

/// Whether `[unversioned_scope]` is among the annotations of a type; an error if nothing is around it.
pub(super) fn is_unversioned(
    annotations: &[Annotation],
    is_nested: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let mut found = annotations.iter();
    let Some(annotation) = found.find(|a| a.name.text == UNVERSIONED_SCOPE) else {
        return false;
    };
    if !is_nested {
        let message = format!("`{UNVERSIONED_SCOPE}` applies to types inside of a type only");
        diagnostics.push(
            Diagnostic::error(codes::ANNOTATION_TARGET, annotation.name.span, message)
                .mark("no type is around this one, so no version is in its scope")
                .hint("remove the annotation"),
        );
    }
    true
}

/// The index of the enumerator that `[unknown_fallback("X")]` names.
pub(super) fn fallback(
    name: &str,
    annotations: &[Annotation],
    enumerators: &[Enumerator],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let annotation = annotations.iter().find(|a| a.name.text == FALLBACK)?;
    let [argument] = &*annotation.arguments else {
        diagnostics.push(needs_one_string(annotation, enumerators));
        return None;
    };
    let ArgumentValue::String(wanted) = &argument.value else {
        diagnostics.push(needs_one_string(annotation, enumerators));
        return None;
    };
    let found = enumerators.iter().position(|e| e.name.text == *wanted);
    if found.is_none() {
        let mut diagnostic = Diagnostic::error(
            codes::ANNOTATION_ARGUMENTS,
            argument.span,
            format!("`{wanted}` is not an enumerator of `{name}`"),
        );
        let names = enumerators.iter().map(|e| &*e.name.text);
        if let Some(near) = crate::distance::nearest(wanted, names) {
            diagnostic = diagnostic.hint(format!("did you mean `\"{near}\"`?"));
        }
        diagnostics.push(diagnostic);
    }
    found
}

fn needs_one_string(annotation: &Annotation, enumerators: &[Enumerator]) -> Diagnostic {
    let example = enumerators.last().map_or("X", |e| &*e.name.text);
    Diagnostic::error(
        codes::ANNOTATION_ARGUMENTS,
        annotation.name.span,
        "`unknown_fallback` needs one string argument",
    )
    .hint(format!("for example `[unknown_fallback(\"{example}\")]`"))
}
