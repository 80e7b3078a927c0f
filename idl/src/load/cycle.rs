//! Files that include each other.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, codes};
use crate::source::{FileId, SourceMap, Span};

/// One include that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) from: FileId,
    pub(super) to: FileId,
    pub(super) operand: Span,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At this step of the path.
    OnPath(usize),
    Done,
}

/// Reports every cycle that a walk along the includes closes, in the file of it that is met first.
///
/// The walk keeps its own stack: chains of includes may be long.
pub(super) fn report(sources: &SourceMap, edges: &[Edge], found: &mut Vec<Diagnostic>) {
    let mut out: HashMap<FileId, Vec<&Edge>> = HashMap::new();
    let mut seen = HashSet::new();
    for edge in edges {
        if seen.insert((edge.from, edge.to)) {
            out.entry(edge.from).or_default().push(edge);
        }
    }
    let mut state: HashMap<FileId, State> = HashMap::new();
    for edge in edges {
        if !state.contains_key(&edge.from) {
            walk(sources, edge.from, &out, &mut state, found);
        }
    }
}

fn walk(
    sources: &SourceMap,
    start: FileId,
    out: &HashMap<FileId, Vec<&Edge>>,
    state: &mut HashMap<FileId, State>,
    found: &mut Vec<Diagnostic>,
) {
    let edges = |file: FileId| out.get(&file).map_or(&[][..], Vec::as_slice);
    // Each step: a file and the number of its edges already taken.
    let mut path: Vec<(FileId, usize)> = vec![(start, 0)];
    state.insert(start, State::OnPath(0));
    while let Some((file, taken)) = path.last_mut() {
        let (file, next) = (*file, *taken);
        *taken += 1;
        let Some(edge) = edges(file).get(next) else {
            state.insert(file, State::Done);
            path.pop();
            continue;
        };
        match state.get(&edge.to) {
            None => {
                state.insert(edge.to, State::OnPath(path.len()));
                path.push((edge.to, 0));
            }
            Some(State::Done) => {}
            Some(State::OnPath(from)) => {
                let cycle = &path[*from..];
                // The edge by which the walk left the first file of the cycle.
                let first = cycle
                    .first()
                    .and_then(|(file, taken)| edges(*file).get(taken.checked_sub(1)?));
                let Some(first) = first else { continue };
                let files = cycle.iter().map(|(file, _)| *file);
                found.push(diagnostic(sources, first, files));
            }
        }
    }
}

/// Longest cycle that a message spells out.
const SHOWN: usize = 8;

fn diagnostic(
    sources: &SourceMap,
    first: &Edge,
    files: impl ExactSizeIterator<Item = FileId>,
) -> Diagnostic {
    let more = files.len() > SHOWN;
    let mut names: Vec<_> = files
        .take(SHOWN)
        .map(|file| sources.file(file).file_name())
        .collect();
    if more {
        names.push("…");
    }
    names.extend(names.first().copied());
    Diagnostic::warning(
        codes::INCLUDE_CYCLE,
        first.operand,
        format!(
            "include cycle {}: harmless, every file is read once",
            names.join(" -> ")
        ),
    )
}
