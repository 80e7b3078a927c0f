//! Names: from syntax trees to the [`Model`].
//!
//! Two passes, so that declarations may come in any order: the first declares every module and type
//! in its scope, the second resolves bases, member types and constants.
//! Every error is collected. Only the nesting of the syntax tree, which the parser bounds, is
//! followed by recursion; inheritance, typedefs and containment are not.

mod annotations;
mod bases;
mod constants;
mod containment;
mod cycles;
mod declare;
mod includes;
mod inherited;
mod marked;
mod marks;
mod members;
mod miss;
mod node;
mod references;
mod scope;
mod typedefs;
mod words;

use std::mem;

pub(crate) use self::annotations::KNOWN as KNOWN_ANNOTATIONS;
pub use self::includes::IncludeGraph;
pub(crate) use self::inherited::redeclared;

use self::declare::Declared;
use self::members::Members;
use self::miss::MissExplainer;
use crate::diagnostic::Diagnostic;
use crate::model::{Model, Reference, TypeIndex, TypeKind};
use crate::source::SourceMap;
use crate::syntax;

/// Resolves all files together.
///
/// Errors are added to `diagnostics` in order of files and places. The model is complete when there
/// are none; otherwise members that could not be resolved are missing from it. Warnings are found by
/// [`lint`](crate::lint::lint); a name resolves whether or not its file is included.
pub fn resolve(
    sources: &SourceMap,
    files: &[syntax::File],
    diagnostics: &mut Vec<Diagnostic>,
) -> Model {
    let mut found = Vec::new();
    let mut declared = declare::declare(sources, files, &mut found);
    let Resolved {
        kinds,
        mut references,
        marked_methods,
    } = members_of(sources, files, &mut declared, &mut found);
    references.sort_by_key(|reference| (reference.span, reference.to));

    let mut model = Model::default();
    model.references = references;
    model.modules = mem::take(&mut declared.modules);
    model.types = mem::take(&mut declared.types);
    for (ty, kind) in model.types.iter_mut().zip(kinds) {
        ty.kind = kind;
    }
    model.index();
    containment::check(&declared, &model, &mut found);
    inherited::check(&model, &mut found);
    if !found.iter().any(Diagnostic::is_error) {
        // Otherwise methods may be missing from the model.
        marks::check(&model, &marked_methods, &mut found);
    }
    found.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    diagnostics.append(&mut found);
    model
}

/// What the second pass yields.
struct Resolved {
    kinds: Vec<TypeKind>,
    references: Vec<Reference>,
    /// Methods named by marks, with the interface that names them.
    marked_methods: Vec<(TypeIndex, syntax::Name)>,
}

/// The second pass.
fn members_of<'a>(
    sources: &'a SourceMap,
    files: &'a [syntax::File],
    declared: &mut Declared<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Resolved {
    let docs = mem::take(&mut declared.docs);
    let declared = &*declared;
    let mut references = Vec::new();
    let mut explainer = MissExplainer::new(declared);
    let bases = bases::bases(declared, &mut explainer, &mut references, diagnostics);
    let mut members = Members {
        sources,
        declared,
        bases: &bases,
        explainer,
        docs,
        tables: files
            .iter()
            .enumerate()
            .map(|(at, file)| (file.id, at))
            .collect(),
        references,
        diagnostics: mem::take(diagnostics),
        targets: vec![None; declared.types.len()],
        marked_methods: Vec::new(),
        keys: Vec::new(),
    };
    members.resolve_typedefs();
    let all = (0..declared.types.len()).map(TypeIndex::of);
    let kinds = all.map(|index| members.kind(index)).collect();
    members.check_keys();
    *diagnostics = members.diagnostics;
    Resolved {
        kinds,
        references: members.references,
        marked_methods: members.marked_methods,
    }
}
