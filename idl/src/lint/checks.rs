use std::collections::HashSet;

use xerus_wire_id::{SplitName, Version, split_suffix};

use super::Input;
use crate::diagnostic::{Diagnostic, codes};
use crate::distance::nearest;
use crate::model::{TypeIndex, TypeKind};
use crate::resolve::KNOWN_ANNOTATIONS;
use crate::resolve::redeclared;
use crate::source::FileId;
use crate::syntax::{Annotation, Declaration, File};

pub(super) type Check = fn(&Input<'_>, &mut Vec<Diagnostic>);

pub(super) fn unknown_annotations(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    each_annotation_list(input, &mut |annotations| {
        for annotation in annotations {
            let name = &annotation.name;
            if KNOWN_ANNOTATIONS.contains(&&*name.text) {
                continue;
            }
            let diagnostic = Diagnostic::warning(
                codes::UNKNOWN_ANNOTATION,
                name.span,
                format!("unknown annotation `{}` kept but ignored", name.text),
            );
            found.push(match nearest(&name.text, KNOWN_ANNOTATIONS) {
                Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                None => diagnostic,
            });
        }
    });
}

pub(super) fn repeated_annotations(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    each_annotation_list(input, &mut |annotations| {
        let mut seen: Vec<&Annotation> = Vec::new();
        for annotation in annotations {
            let name = &annotation.name;
            match seen.iter().find(|first| first.name.text == name.text) {
                Some(first) => found.push(
                    Diagnostic::warning(
                        codes::REPEATED_ANNOTATION,
                        name.span,
                        format!("annotation `{}` given twice; the first counts", name.text),
                    )
                    .see(first.name.span, "first given here"),
                ),
                // More kinds than this on one declaration are not worth comparing.
                None if seen.len() < 32 => seen.push(annotation),
                None => {}
            }
        }
    });
}

pub(super) fn hidden_constants(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let model = input.model;
    let constants = |index: TypeIndex| match &model.ty(index).kind {
        TypeKind::Interface(interface) => &*interface.constants,
        _ => &[],
    };
    let hidden = redeclared(model, |ty| match &ty.kind {
        TypeKind::Interface(interface) => interface.constants.iter().map(|c| &*c.name).collect(),
        _ => Vec::new(),
    });
    for member in hidden {
        let (own, base) = (
            constants(member.own.0).get(member.own.1),
            constants(member.base.0).get(member.base.1),
        );
        let (Some(own), Some(base)) = (own, base) else {
            continue;
        };
        if own.value == base.value {
            continue;
        }
        let base_name = &model.ty(member.base.0).name;
        found.push(
            Diagnostic::warning(
                codes::HIDDEN_CONSTANT,
                own.span,
                format!(
                    "constant `{}` hides `{base_name}.{}` with another value",
                    own.name, base.name
                ),
            )
            .mark(format!("{} here", own.value))
            .see(base.span, format!("{} in the base", base.value)),
        );
    }
}

pub(super) fn odd_suffixes(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (_, ty) in input.model.types() {
        let name = &ty.name;
        let message = match split_suffix(name) {
            SplitName::TwoNumbers(_) => format!(
                "end of `{name}` looks like a version suffix but has two numbers; \
                 taken as part of the name"
            ),
            SplitName::LeadingZero(_) => format!(
                "end of `{name}` looks like a version suffix but has a leading zero; \
                 taken as part of the name"
            ),
            // Beside a type without the suffix it is an error already.
            SplitName::Versioned(base, Version::ONE)
                if ty
                    .path
                    .strip_suffix("_1_0_0")
                    .is_none_or(|p| input.model.find(p).is_none()) =>
            {
                format!("`{name}` is the same version as `{base}`, which is how it is written")
            }
            _ => continue,
        };
        found.push(
            Diagnostic::warning(codes::ODD_SUFFIX, ty.span, message)
                .hint("a version suffix is `_MAJOR_SUBMAJOR_MINOR`; none means 1.0.0"),
        );
    }
}

pub(super) fn not_included(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let model = input.model;
    let mut reader: Option<(FileId, Vec<FileId>)> = None;
    // One remark for each pair of files is enough.
    let mut said = HashSet::new();
    for reference in model.references() {
        let (from, ty) = (reference.span.file, model.ty(reference.to));
        if from == ty.file || input.includes.direct(from).contains(&ty.file) {
            continue;
        }
        let seen = match &reader {
            Some((file, seen)) if *file == from => seen,
            _ => &reader.insert((from, input.includes.closure(from))).1,
        };
        if seen.binary_search(&ty.file).is_ok() || !said.insert((from, ty.file)) {
            continue;
        }
        found.push(
            Diagnostic::warning(
                codes::NOT_INCLUDED,
                reference.span,
                format!(
                    "`{}` is declared in {}, which this file does not include",
                    ty.path, ty.file_name
                ),
            )
            .see(ty.span, format!("`{}` is declared here", ty.name))
            .hint(format!("add `#include <{}>`", ty.file_name)),
        );
    }
}

pub(super) fn empty_structures(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    each_declaration(input.files, &mut |declaration| {
        // As written: a field whose type is unknown is missing from the model.
        if let Declaration::Structure(node) = declaration
            && !node
                .members
                .iter()
                .any(|member| matches!(member, Declaration::Field(_)))
        {
            let name = &node.name;
            found.push(
                Diagnostic::warning(
                    codes::EMPTY_STRUCTURE,
                    name.span,
                    format!("structure `{}` without fields", name.text),
                )
                .mark("encodes as `{}`"),
            );
        }
    });
}

pub(super) fn forward_references(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let model = input.model;
    for reference in model.references() {
        let ty = model.ty(reference.to);
        if ty.file == reference.span.file && ty.span.start > reference.span.start {
            found.push(
                Diagnostic::warning(
                    codes::FORWARD_REFERENCE,
                    reference.span,
                    format!(
                        "`{}` is used before its declaration (forward reference)",
                        ty.name
                    ),
                )
                .see(ty.span, "declared here")
                .hint("the vendor's files declare every type before its first use"),
            );
        }
    }
}

/// Calls `visit` with the annotations of every module, declaration and enumerator.
fn each_annotation_list(input: &Input<'_>, visit: &mut dyn FnMut(&[Annotation])) {
    for module in input.files.iter().flat_map(|file| &file.modules) {
        visit(&module.annotations);
    }
    each_declaration(input.files, &mut |declaration| {
        let annotations = match declaration {
            Declaration::Module(node) => &node.annotations,
            Declaration::Interface(node) => &node.annotations,
            Declaration::Structure(node) => &node.annotations,
            Declaration::ValueObject(node) => &node.annotations,
            Declaration::Typedef(node) => &node.annotations,
            Declaration::Opaque(node) => &node.annotations,
            Declaration::Constant(node) => &node.annotations,
            Declaration::Method(node) => &node.annotations,
            Declaration::Field(node) => &node.annotations,
            Declaration::Enumeration(node) => {
                for enumerator in &node.enumerators {
                    visit(&enumerator.annotations);
                }
                &node.annotations
            }
        };
        visit(annotations);
    });
}

/// Calls `visit` with everything declared inside modules.
pub(super) fn each_declaration(files: &[File], visit: &mut dyn FnMut(&Declaration)) {
    for module in files.iter().flat_map(|file| &file.modules) {
        each_of(&module.members, visit);
    }
}

fn each_of(members: &[Declaration], visit: &mut dyn FnMut(&Declaration)) {
    for member in members {
        visit(member);
        match member {
            Declaration::Module(node) => each_of(&node.members, visit),
            Declaration::Interface(node) => each_of(&node.members, visit),
            Declaration::Structure(node) => each_of(&node.members, visit),
            Declaration::ValueObject(node) => each_of(&node.members, visit),
            _ => {}
        }
    }
}
