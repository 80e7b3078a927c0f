//! Texts to models, for the tests of resolver, lints and dump.

#![allow(dead_code, reason = "not every test binary needs everything")]

use std::collections::HashMap;
use std::path::Path;

use xerus_idl::diagnostic::Diagnostic;
use xerus_idl::lint::{self, Lints};
use xerus_idl::model::Model;
use xerus_idl::parse;
use xerus_idl::resolve::{self, IncludeGraph};
use xerus_idl::source::{FileId, SourceMap};
use xerus_idl::syntax;

/// Everything that came of some texts.
pub(crate) struct Loaded {
    pub(crate) sources: SourceMap,
    pub(crate) files: Vec<syntax::File>,
    pub(crate) includes: IncludeGraph,
    pub(crate) model: Model,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Parses, resolves and lints texts that include each other by name.
pub(crate) fn load_with<N: Into<String>, T: Into<String>>(
    texts: impl IntoIterator<Item = (N, T)>,
    lints: Lints,
) -> Loaded {
    let mut sources = SourceMap::default();
    let ids: Vec<FileId> = texts
        .into_iter()
        .map(|(name, text)| sources.add(name, None, text))
        .collect();
    let mut diagnostics = Vec::new();
    let files: Vec<_> = ids
        .iter()
        .filter_map(|id| parse::parse(&sources, *id, &mut diagnostics))
        .collect();
    let by_name: HashMap<&str, FileId> = sources
        .files()
        .map(|(id, source)| (source.file_name(), id))
        .collect();
    let mut includes = IncludeGraph::default();
    for file in &files {
        for include in &file.includes {
            if let Some(id) = by_name.get(&*include.file) {
                includes.add(file.id, *id);
            }
        }
    }
    let model = resolve::resolve(&sources, &files, &mut diagnostics);
    let input = lint::Input {
        sources: &sources,
        files: &files,
        includes: &includes,
        model: &model,
    };
    lint::lint(input, lints, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    Loaded {
        sources,
        files,
        includes,
        model,
        diagnostics,
    }
}

/// Texts without findings.
pub(crate) fn load<N: Into<String>, T: Into<String>>(
    texts: impl IntoIterator<Item = (N, T)>,
) -> Loaded {
    let loaded = load_with(texts, Lints::all());
    let shown: Vec<_> = loaded
        .diagnostics
        .iter()
        .map(|d| show(&loaded.sources, d))
        .collect();
    assert!(shown.is_empty(), "{shown:#?}");
    loaded
}

/// The API of firmware 4.0.20, as it lies beside this crate's sources.
pub(crate) fn corpus() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("xerus-4.0.20");
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("the folder of the API") {
        let path = entry.expect("an entry of the folder").path();
        if path.extension().is_some_and(|extension| extension == "idl") {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            texts.push((
                name,
                std::fs::read_to_string(&path).expect("a readable file"),
            ));
        }
    }
    texts.sort();
    texts
}

/// `A.idl:2:17 E X0401 text | help`
pub(crate) fn show(sources: &SourceMap, diagnostic: &Diagnostic) -> String {
    let at = sources.position(diagnostic.span);
    let name = sources.file(diagnostic.span.file).name();
    let level = if diagnostic.is_error() { "E" } else { "W" };
    let help = diagnostic
        .help
        .as_ref()
        .map(|help| format!(" | {help}"))
        .unwrap_or_default();
    let (line, column) = (at.line, at.column);
    format!(
        "{name}:{line}:{column} {level} {} {}{help}",
        diagnostic.code.0, diagnostic.message
    )
}
