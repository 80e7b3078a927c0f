//! Types that are unknown because the file that declares them is not included.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::read;
use crate::parse::parse;
use crate::source::{SourceMap, Span};
use crate::syntax::{Declaration, File, Module};

/// How many files are read for the sake of suggestions.
const MOST_FILES: usize = 1000;

/// What files declare that nobody asked for. Each is read at most once.
#[derive(Default)]
pub(super) struct Elsewhere {
    declared: HashMap<PathBuf, HashSet<String>>,
}

impl Elsewhere {
    /// The file that declares one of the names, what `#include` calls it, and the name.
    pub(super) fn find<'n>(
        &mut self,
        directories: &[PathBuf],
        names: &'n [String],
        is_read: impl Fn(&Path) -> bool,
    ) -> Option<(PathBuf, String, &'n str)> {
        // A file hides those of the same name in directories that come later.
        let mut hidden = HashSet::new();
        for directory in directories {
            let directory = if directory.as_os_str().is_empty() {
                Path::new(".")
            } else {
                directory
            };
            for path in read::idl_files(directory).unwrap_or_default() {
                let Some(file) = path.file_name().and_then(|name| name.to_str()) else {
                    continue;
                };
                if !hidden.insert(file.to_owned()) || is_read(&path) {
                    continue;
                }
                let file = file.to_owned();
                let declared = self.declared(&path);
                if let Some(name) = names.iter().find(|name| declared.contains(*name)) {
                    return Some((path, file, name));
                }
            }
        }
        None
    }

    fn declared(&mut self, path: &Path) -> &HashSet<String> {
        let is_enough = self.declared.len() >= MOST_FILES;
        self.declared
            .entry(path.to_owned())
            .or_insert_with(|| match is_enough {
                true => HashSet::new(),
                false => types(path).unwrap_or_default(),
            })
    }
}

/// The paths of all types of a file; `None` when it cannot be read or has errors.
fn types(path: &Path) -> Option<HashSet<String>> {
    let text = String::from_utf8(read::read(path).ok()?).ok()?;
    let mut sources = SourceMap::default();
    let id = sources.add(path.to_string_lossy(), None, text);
    let mut found = Vec::new();
    let file = parse(&sources, id, &mut found)?;
    let mut paths = HashSet::new();
    for module in &file.modules {
        collect(&module.name.text, &module.members, &mut paths);
    }
    Some(paths)
}

fn collect(within: &str, members: &[Declaration], paths: &mut HashSet<String>) {
    for member in members {
        let path = format!("{within}.{}", member.name().text);
        match member {
            Declaration::Module(module) => {
                collect(&path, &module.members, paths);
                continue;
            }
            Declaration::Constant(_) | Declaration::Method(_) | Declaration::Field(_) => continue,
            Declaration::Interface(node) => collect(&path, &node.members, paths),
            Declaration::Structure(node) => collect(&path, &node.members, paths),
            Declaration::ValueObject(node) => collect(&path, &node.members, paths),
            Declaration::Enumeration(_) | Declaration::Typedef(_) | Declaration::Opaque(_) => {}
        }
        paths.insert(path);
    }
}

/// The whole paths that a name at a place may stand for: the name as it is written, in the modules around it, from the
/// innermost outwards.
pub(super) fn meant(sources: &SourceMap, file: &File, place: Span) -> Vec<String> {
    let name = written(sources.file(file.id).text(), place);
    let mut modules = Vec::new();
    around(&file.modules, place, &mut modules);
    let mut names: Vec<_> = (1..=modules.len())
        .rev()
        .map(|depth| format!("{}.{name}", modules[..depth].join(".")))
        .collect();
    names.push(name.to_owned());
    names
}

/// The dotted name of which a part stands at the place.
fn written(text: &str, place: Span) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let (start, end) = (place.start as usize, place.end as usize);
    let (before, after) = (
        text.get(..start).unwrap_or_default(),
        text.get(end..).unwrap_or_default(),
    );
    let start = before.trim_end_matches(is_part).len();
    let end = text.len() - after.trim_start_matches(is_part).len();
    text.get(start..end).unwrap_or_default()
}

/// The names of the modules around a place, the outermost first.
fn around<'f>(
    modules: impl IntoIterator<Item = &'f Module>,
    place: Span,
    names: &mut Vec<&'f str>,
) {
    let holds = |module: &&Module| module.span.start <= place.start && place.end <= module.span.end;
    if let Some(module) = modules.into_iter().find(holds) {
        names.push(&module.name.text);
        let inner = module.members.iter().filter_map(|member| match member {
            Declaration::Module(module) => Some(module),
            _ => None,
        });
        // Boxed by collecting: the iterator's type would have no end.
        around(inner.collect::<Vec<_>>(), place, names);
    }
}
