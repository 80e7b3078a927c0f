//! The work behind [`Idl::load`].

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::cycle::{self, Edge};
use super::undeclared::{self, Elsewhere};
use super::{Idl, Loaded, Root, read};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::distance::nearest;
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
    /// What is in `dependencies`.
    depended: HashSet<PathBuf>,
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
        let mut loader = Self {
            sources: SourceMap::default(),
            files: Vec::new(),
            graph: IncludeGraph::default(),
            found: Vec::new(),
            dependencies: Vec::new(),
            depended: HashSet::new(),
            search: idl.include_dirs.iter().chain(roots).cloned().collect(),
            memory: HashMap::new(),
            paths: HashMap::new(),
            edges: Vec::new(),
            followed: 0,
        };
        for directory in &idl.include_dirs {
            loader.include_directory(directory);
        }
        loader
    }

    /// Warns of an include directory that is none. It is no error, for nothing may be needed from it.
    fn include_directory(&mut self, directory: &Path) {
        let shown = shown(directory);
        let (state, help) = match shown.metadata() {
            Ok(metadata) if metadata.is_dir() => return,
            Ok(_) => (
                "is not a directory",
                "name the directory that holds the files",
            ),
            Err(_) => ("does not exist", "create it, or take it out of the list"),
        };
        let message = format!("include directory `{}` {state}", shown.display());
        let known = self.found.iter().any(|found| found.message == message);
        if !known {
            let id = self
                .sources
                .add(shown.to_string_lossy(), Some(shown.to_owned()), "");
            let place = Span::new(id, 0, 0);
            self.found
                .push(Diagnostic::warning(codes::INCLUDE_DIRECTORY, place, message).hint(help));
        }
    }

    /// Notes that the result depends on a file or directory.
    fn depend(&mut self, path: &Path) {
        let path = shown(path);
        if self.depended.insert(path.to_owned()) {
            self.dependencies.push(path.to_owned());
        }
    }

    pub(super) fn root_directory(&mut self, path: &Path) {
        self.depend(path);
        match read::idl_files(path) {
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
        self.depend(path);
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
        let searched = self.searched(from);
        for directory in &searched {
            let path = directory.join(name);
            let is_here = self.paths.contains_key(&path) || read::stands_at(&path);
            // In a directory that was searched in vain the file may appear, in one of the include path it may be
            // replaced by an older one or by a link. Beside a file that was named there may be anything.
            if !is_here || self.search.contains(directory) {
                self.depend(directory);
            }
            if is_here {
                return Some(self.open(&path));
            }
        }
        self.found.push(self.not_found(include, &searched));
        None
    }

    /// Where a file's includes are searched, in order.
    fn searched(&self, from: FileId) -> Vec<PathBuf> {
        let own = self.sources.file(from).path().and_then(Path::parent);
        let mut searched: Vec<PathBuf> = Vec::new();
        for directory in own
            .into_iter()
            .chain(self.search.iter().map(PathBuf::as_path))
        {
            if !searched.iter().any(|known| known == directory) {
                searched.push(directory.to_owned());
            }
        }
        searched
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
        let directories: Vec<_> = searched
            .iter()
            .map(|path| {
                let path = shown(path);
                let state = if path.is_dir() {
                    ""
                } else {
                    ", which does not exist"
                };
                format!("`{}`{state}", path.display())
            })
            .collect();
        let memory = if self.memory.is_empty() {
            ""
        } else {
            "the texts in memory"
        };
        let places = match (memory, directories.is_empty()) {
            ("", true) => "no directory".to_owned(),
            ("", false) => directories.join(", "),
            (_, true) => memory.to_owned(),
            (_, false) => format!("{memory}, {}", directories.join(", ")),
        };
        let diagnostic = Diagnostic::error(
            codes::INCLUDE_NOT_FOUND,
            include.operand,
            format!("included file `{name}` not found (searched: {places})"),
        );
        if let Some(other) = other {
            return diagnostic.hint(format!("there is a `{other}`: case matters"));
        }
        let mut known: Vec<String> = self.memory.keys().cloned().collect();
        known.sort();
        for directory in searched {
            // What cannot be listed has no suggestion.
            let files = read::idl_files(shown(directory)).unwrap_or_default();
            known.extend(files.iter().filter_map(|path| file_name(path)));
        }
        let stems = known.iter().filter_map(|file| file.strip_suffix(".idl"));
        match nearest(name.strip_suffix(".idl").unwrap_or(name), stems) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}.idl`?")),
            None if searched.is_empty() => diagnostic.hint("give the texts that are included, too"),
            None => diagnostic.hint("add the directory that has it as an include directory"),
        }
    }

    /// Unknown types that a file beside those that were read declares: the include is what is missing.
    fn advise_includes(&mut self) {
        let mut found = std::mem::take(&mut self.found);
        let mut unknown: Vec<_> = found
            .iter_mut()
            .filter(|found| found.code == codes::UNKNOWN_TYPE)
            .collect();
        if !unknown.is_empty() {
            let mut elsewhere = Elsewhere::default();
            for diagnostic in &mut unknown {
                let from = diagnostic.span.file;
                let Some(file) = self.files.iter().find(|file| file.id == from) else {
                    continue;
                };
                let names = undeclared::meant(&self.sources, file, diagnostic.span);
                let searched = self.searched(from);
                let is_read = |path: &Path| self.paths.contains_key(path);
                if let Some((path, file, name)) = elsewhere.find(&searched, &names, is_read) {
                    diagnostic.help = Some(format!(
                        "`{}` declares `{name}`: add `#include <{file}>`",
                        path.display()
                    ));
                }
            }
        }
        self.found = found;
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
            self.advise_includes();
            let input = lint::Input {
                sources: &self.sources,
                files: &self.files,
                includes: &self.graph,
                model: &model,
            };
            lint::lint(input, lints, &mut self.found);
        }
        let mut diagnostics = Diagnostics::new(self.sources, self.found);
        if diagnostics.has_errors() {
            diagnostics.dependencies = self.dependencies;
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

/// A path as it is shown and watched: the directory of a plain file name is `.`.
fn shown(path: &Path) -> &Path {
    if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    }
}

fn file_name(path: &Path) -> Option<String> {
    path.file_name()?.to_str().map(str::to_owned)
}

/// Whether an include names a file and no way to one.
fn is_file_name(name: &str) -> bool {
    !name.contains(['/', '\\', ':', '\0']) && !matches!(name, "" | "." | "..")
}
