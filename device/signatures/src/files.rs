//! The files that are read and written.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use crate::calls::Calls;
use crate::history::History;

/// Where everything is.
pub(crate) struct Files {
    /// The repository.
    pub(crate) root: PathBuf,
    data: PathBuf,
}

impl Files {
    pub(crate) fn new() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.ancestors().nth(2).unwrap_or(here);
        Self {
            root: root.to_owned(),
            data: here.join("data"),
        }
    }

    /// The interface description of a firmware.
    pub(crate) fn idl(&self, firmware: &str) -> PathBuf {
        self.root.join(format!("idl/xerus-{firmware}"))
    }

    pub(crate) fn history(&self) -> Result<History, Box<dyn Error>> {
        Ok(History::read(&read(&self.data.join("history.txt"))?)?)
    }

    pub(crate) fn write_history(&self, history: &History) -> Result<(), Box<dyn Error>> {
        let path = self.data.join("history.txt");
        // What was known once stays known.
        if let Ok(old) = self.history() {
            let lost = |known: &&String| !history.firmwares.contains(known);
            let lost: Vec<&String> = old.firmwares.iter().filter(lost).collect();
            if !lost.is_empty() {
                return Err(
                    format!("the folder lacks packages: {lost:?}: fetch all with --all").into(),
                );
            }
        }
        Ok(fs::write(path, history.to_text())?)
    }

    pub(crate) fn calls(&self) -> Result<Calls, Box<dyn Error>> {
        Ok(Calls::read(&read(&self.data.join("calls.txt"))?)?)
    }

    pub(crate) fn write_calls(&self, calls: &Calls) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(self.data.join("calls.txt"), calls.to_text())?)
    }

    fn page_path(&self) -> PathBuf {
        self.root.join("docs/any-firmware.md")
    }

    pub(crate) fn page(&self) -> Result<String, Box<dyn Error>> {
        Ok(fs::read_to_string(self.page_path()).unwrap_or_default())
    }

    pub(crate) fn write_page(&self, page: &str) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(self.page_path(), page)?)
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
