//! The vendor's published packages, as the importer reads them.

use std::error::Error;
use std::fs;
use std::path::Path;

use xerus_idl::Idl;
use xerus_import::Importer;

use crate::facts::{Facts, facts};

/// The facts of every package in a folder, in the order of their versions.
pub(crate) fn read(folder: &Path, like: &Path) -> Result<Vec<(String, Facts)>, Box<dyn Error>> {
    let mut versions = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let version = name
            .strip_prefix("raritan-")
            .and_then(|rest| rest.strip_suffix("-py3-none-any.whl"));
        versions.extend(version.map(str::to_owned));
    }
    versions.sort_by_key(|version| numbers(version));
    let mut all = Vec::new();
    for version in versions {
        let wheel = folder.join(format!("raritan-{version}-py3-none-any.whl"));
        // What no package says, the key types of maps, is the same in all firmwares.
        let imported = Importer::new().input(&wheel).other(like).run();
        let imported = imported.map_err(|error| format!("{}: {error}", wheel.display()))?;
        let texts = imported
            .files
            .iter()
            .fold(Idl::new(), |idl, (name, text)| idl.text(name, text));
        all.push((version, facts(&texts.load()?.model)));
    }
    Ok(all)
}

/// What versions are sorted by.
pub(crate) fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or_default())
        .collect()
}
