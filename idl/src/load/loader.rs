//! The work behind [`Idl::load`].

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::cycle::{self, Edge};
use super::{Idl, Loaded, Root, read};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::lex::MAX_FILE_SIZE;
use crate::lint::{self, Lints};
use crate::model::Model;
use crate::parse::{parse, too_long};
use crate::resolve::{IncludeGraph, resolve};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{File, Include};

/// Reads and collects.
pub(super) struct Loader {
    sources: SourceMap,
    files: Vec<File>,
    graph: IncludeGraph,
    found: Vec<Diagnostic>,
    dependencies: Vec<PathBuf>,
    search: Vec<PathBuf>,
    /// Texts from memory by name.
    memory: HashMap<String, FileId>,
    /// Files by the path under which they were met, and by canonical path.
    paths: HashMap<PathBuf, FileId>,
    edges: Vec<Edge>,
    /// Trees whose includes have been followed.
    followed: usize,
}

impl Loader {
    pub(super) fn new(idl: &Idl) -> Self {
        let roots = idl.roots.iter().filter_map(|root| match root {
            Root::Directory(path) => Some(path),
            _ => None,
        });
        Self {
            sources: SourceMap::default(),
            files: Vec::new(),
            graph: IncludeGraph::default(),
            found: Vec::new(),
            dependencies: Vec::new(),
            search: idl.include_dirs.iter().chain(roots).cloned().collect(),
            memory: HashMap::new(),
            paths: HashMap::new(),
            edges: Vec::new(),
            followed: 0,
        }
    }

    pub(super) fn root_directory(&mut self, path: &Path) {
        self.dependencies.push(path.to_owned());
        match read::list(path) {
            Ok(files) if files.is_empty() => {
                self.unreadable(path, read::no_files(path));
            }
            Ok(files) => {
                for file in files {
                    self.root_file(&file);
                }
            }
            Err(error) => self.unreadable(path, read::refusal(path, &error)),
        }
    }

    pub(super) fn root_file(&mut self, path: &Path) {
        self.open(path);
    }

    pub(super) fn root_bytes(&mut self, name: String, bytes: Vec<u8>) {
        let id = self.add(name.clone(), None, bytes);
        self.memory.entry(name).or_insert(id);
    }

    /// Reads a file unless it has been read, under whatever name.
    fn open(&mut self, path: &Path) -> FileId {
        if let Some(id) = self.paths.get(path) {
            return *id;
        }
        let canonical = path.canonicalize().ok();
        if let Some(id) = canonical
            .as_ref()
            .and_then(|canonical| self.paths.get(canonical))
        {
            let id = *id;
            self.paths.insert(path.to_owned(), id);
            return id;
        }
        self.dependencies.push(path.to_owned());
        let name = path.to_string_lossy().into_owned();
        let id = match read::read(path) {
            Ok(bytes) => self.add(name, Some(path.to_owned()), bytes),
            Err(read::Failure::TooLong) => self.add_too_long(name, Some(path.to_owned())),
            Err(read::Failure::Io(error)) => {
                let id = self.sources.add(name, Some(path.to_owned()), "");
                self.found
                    .push(cannot_read(id, read::refusal(path, &error)));
                id
            }
        };
        self.paths.insert(path.to_owned(), id);
        if let Some(canonical) = canonical {
            self.paths.insert(canonical, id);
        }
        id
    }

    /// Takes in a text and parses it.
    fn add(&mut self, name: String, path: Option<PathBuf>, bytes: Vec<u8>) -> FileId {
        if bytes.len() > MAX_FILE_SIZE {
            return self.add_too_long(name, path);
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                let id = self.sources.add(name, path, text);
                self.files.extend(parse(&self.sources, id, &mut self.found));
                id
            }
            Err(error) => {
                let (text, message, help) = read::not_utf8(&error);
                let id = self.sources.add(name, path, text);
                let end = self.sources.file(id).text().len();
                let end = u32::try_from(end).expect("a text that is taken in is short");
                let place = Span::new(id, end.saturating_sub(read::REPLACEMENT_LENGTH), end);
                let diagnostic = Diagnostic::error(codes::NOT_UTF8, place, message).hint(help);
                self.found.push(diagnostic);
                id
            }
        }
    }

    /// Reports a file that is not taken in.
    fn add_too_long(&mut self, name: String, path: Option<PathBuf>) -> FileId {
        let id = self.sources.add(name, path, "");
        self.found.push(too_long(id));
        id
    }

    pub(super) fn follow_includes(&mut self) {
        while let Some(file) = self.files.get(self.followed) {
            self.followed += 1;
            let from = file.id;
            for include in file.includes.clone() {
                if let Some(to) = self.include(from, &include) {
                    self.graph.add(from, to);
                    self.edges.push(Edge {
                        from,
                        to,
                        operand: include.operand,
                    });
                }
            }
        }
    }

    fn include(&mut self, from: FileId, include: &Include) -> Option<FileId> {
        let name = include.file.as_str();
        if !is_file_name(name) {
            self.found.push(
                Diagnostic::error(
                    codes::INCLUDE_PATH,
                    include.operand,
                    "`#include` takes a file name, not a path",
                )
                .hint("name the directory as an include directory instead"),
            );
            return None;
        }
        if let Some(id) = self.memory.get(name) {
            return Some(*id);
        }
        let own = self
            .sources
            .file(from)
            .path()
            .and_then(Path::parent)
            .map(Path::to_owned);
        let own = own.into_iter();
        let mut searched: Vec<PathBuf> = Vec::new();
        for directory in own.chain(self.search.iter().cloned()) {
            if !searched.contains(&directory) {
                searched.push(directory);
            }
        }
        for directory in &searched {
            let path = directory.join(name);
            if self.paths.contains_key(&path) || path.is_file() {
                return Some(self.open(&path));
            }
        }
        self.found.push(self.not_found(include, &searched));
        None
    }

    fn not_found(&self, include: &Include, searched: &[PathBuf]) -> Diagnostic {
        let name = &include.file;
        let memory = self
            .memory
            .keys()
            .filter(|other| other.eq_ignore_ascii_case(name))
            .min();
        let listed = searched
            .iter()
            .find_map(|directory| read::other_case(directory, name));
        let other = memory.cloned().or(listed);
        let shown: Vec<_> = searched
            .iter()
            .map(|path| {
                let path = if path.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    path
                };
                format!("`{}`", path.display())
            })
            .collect();
        let memory = if self.memory.is_empty() {
            ""
        } else {
            "the texts in memory"
        };
        let places = match (memory, shown.is_empty()) {
            ("", true) => "no directory".to_owned(),
            ("", false) => shown.join(", "),
            (_, true) => memory.to_owned(),
            (_, false) => format!("{memory}, {}", shown.join(", ")),
        };
        let diagnostic = Diagnostic::error(
            codes::INCLUDE_NOT_FOUND,
            include.operand,
            format!("included file `{name}` not found (searched: {places})"),
        );
        match other {
            Some(other) => diagnostic.hint(format!("there is a `{other}`: case matters")),
            None => diagnostic,
        }
    }

    fn unreadable(&mut self, path: &Path, message: String) {
        let id = self
            .sources
            .add(path.to_string_lossy(), Some(path.to_owned()), "");
        self.found.push(cannot_read(id, message));
    }

    pub(super) fn finish(mut self, lints: Lints) -> Result<Loaded, Diagnostics> {
        cycle::report(&self.sources, &self.edges, &mut self.found);
        let mut model = Model::default();
        if !self.found.iter().any(Diagnostic::is_error) {
            model = resolve(&self.sources, &self.files, &mut self.found);
            let input = lint::Input {
                sources: &self.sources,
                files: &self.files,
                includes: &self.graph,
                model: &model,
            };
            lint::lint(input, lints, &mut self.found);
        }
        let diagnostics = Diagnostics::new(self.sources, self.found);
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        Ok(Loaded {
            sources: diagnostics.sources,
            files: self.files,
            include_graph: self.graph,
            model,
            warnings: diagnostics.items,
            dependencies: self.dependencies,
        })
    }
}

fn cannot_read(id: FileId, message: String) -> Diagnostic {
    Diagnostic::error(codes::UNREADABLE, Span::new(id, 0, 0), message)
}

/// Whether an include names a file and no way to one.
fn is_file_name(name: &str) -> bool {
    !name.contains(['/', '\\', ':', '\0']) && !matches!(name, "" | "." | "..")
}
