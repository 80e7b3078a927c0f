use crate::source::FileId;

/// Which file includes which.
#[derive(Clone, Debug, Default)]
pub struct IncludeGraph {
    direct: Vec<Vec<FileId>>,
}

impl IncludeGraph {
    /// Records that `file` includes `included` directly.
    pub fn add(&mut self, file: FileId, included: FileId) {
        let at = file.0 as usize;
        if self.direct.len() <= at {
            self.direct.resize_with(at + 1, Vec::new);
        }
        if let Some(list) = self.direct.get_mut(at)
            && !list.contains(&included)
        {
            list.push(included);
        }
    }

    /// The files that `file` includes directly, in order of the directives.
    #[must_use]
    pub fn direct(&self, file: FileId) -> &[FileId] {
        self.direct.get(file.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// All files that `file` sees: itself and what it includes, directly or not. Sorted.
    #[must_use]
    pub fn closure(&self, file: FileId) -> Vec<FileId> {
        let mut seen = vec![false; self.direct.len()];
        let mut found = vec![file];
        if let Some(mark) = seen.get_mut(file.0 as usize) {
            *mark = true;
        }
        let mut next = 0;
        while let Some(&at) = found.get(next) {
            next += 1;
            for &included in self.direct(at) {
                match seen.get_mut(included.0 as usize) {
                    Some(true) => {}
                    Some(mark) => {
                        *mark = true;
                        found.push(included);
                    }
                    // A file beyond the table includes nothing.
                    None => found.push(included),
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closure_follows_chains_and_survives_cycles() {
        let mut graph = IncludeGraph::default();
        for (from, to) in [(0, 1), (1, 2), (2, 0), (2, 7), (4, 5)] {
            graph.add(FileId(from), FileId(to));
        }
        assert_eq!(graph.closure(FileId(0)), [0, 1, 2, 7].map(FileId));
        assert_eq!(graph.closure(FileId(5)), [FileId(5)]);
        assert_eq!(graph.closure(FileId(99)), [FileId(99)]);
        assert_eq!(graph.direct(FileId(2)), [0, 7].map(FileId));
    }
}
