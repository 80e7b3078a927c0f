//! Blocks of TOML: what they say of our crates.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;

use toml::{Table, Value};

use crate::repository;

/// One of our crates.
#[derive(Debug)]
pub(super) struct Package {
    version: String,
    features: BTreeSet<String>,
}

/// Our crates by name.
pub(super) fn packages() -> io::Result<BTreeMap<String, Package>> {
    let root = repository::root();
    let workspace = table(&fs::read_to_string(root.join("Cargo.toml"))?)?;
    let shared = workspace
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version")?.as_str())
        .unwrap_or_default();
    let members = workspace
        .get("workspace")
        .and_then(|workspace| workspace.get("members")?.as_array())
        .map_or(&[][..], Vec::as_slice);
    let mut packages = BTreeMap::new();
    for member in members.iter().filter_map(Value::as_str) {
        let manifest = table(&fs::read_to_string(root.join(member).join("Cargo.toml"))?)?;
        let Some(package) = manifest.get("package").and_then(Value::as_table) else {
            continue;
        };
        let Some(name) = package.get("name").and_then(Value::as_str) else {
            continue;
        };
        let version = package
            .get("version")
            .and_then(Value::as_str)
            .unwrap_or(shared);
        let features = manifest.get("features").and_then(Value::as_table);
        packages.insert(
            name.to_owned(),
            Package {
                version: version.to_owned(),
                features: features
                    .into_iter()
                    .flat_map(Table::keys)
                    .cloned()
                    .collect(),
            },
        );
    }
    Ok(packages)
}

fn table(text: &str) -> io::Result<Table> {
    text.parse().map_err(io::Error::other)
}

pub(super) fn check(
    text: &str,
    packages: &BTreeMap<String, Package>,
    future: bool,
) -> Result<(), String> {
    let table: Table = text
        .parse()
        .map_err(|error| format!("this is no TOML: {error}"))?;
    for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
        let Some(section) = table.get(section) else {
            continue;
        };
        let section = section.as_table().ok_or("dependencies are a table")?;
        for (name, wanted) in section {
            let name = wanted
                .get("package")
                .and_then(Value::as_str)
                .unwrap_or(name);
            match packages.get(name) {
                Some(package) => dependency(name, wanted, package, future)?,
                None if name.starts_with("xerus-") => {
                    return Err(format!("there is no crate `{name}`"));
                }
                None => {}
            }
        }
    }
    Ok(())
}

fn dependency(name: &str, wanted: &Value, package: &Package, future: bool) -> Result<(), String> {
    let version = wanted.as_str().or_else(|| wanted.get("version")?.as_str());
    let fits = |version: &str| {
        package.version == version || package.version.starts_with(&format!("{version}."))
    };
    match version {
        Some(version) if future || fits(version) => {}
        Some(version) => {
            return Err(format!(
                "`{name}` has version {}, not {version}",
                package.version
            ));
        }
        None if wanted.get("path").is_some() => {}
        None => return Err(format!("`{name}` is asked for without a version")),
    }
    let features = wanted.get("features").and_then(Value::as_array);
    for feature in features.into_iter().flatten().filter_map(Value::as_str) {
        if !package.features.contains(feature) {
            return Err(format!("`{name}` has no feature `{feature}`"));
        }
    }
    Ok(())
}
