//! A second workspace below `target`, the same but for the bindings.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::mark::{marked, with_marked_calls};

/// Members that no published crate needs.
const LEFT_OUT: [&str; 5] = ["tests", "benches", "examples", "cli", "device/signatures"];

/// Makes it; gives its folder.
pub(super) fn make(root: &Path) -> io::Result<PathBuf> {
    let place = root.join("target/signatures");
    match fs::remove_dir_all(&place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(&place)?,
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let members: Vec<&str> = members(&manifest).collect();
    fs::write(place.join("Cargo.toml"), with_members(&manifest, &members))?;
    fs::copy(root.join("Cargo.lock"), place.join("Cargo.lock"))?;
    for member in &members {
        copy(root, &place, member, &members)?;
    }
    let bindings = place.join("bindings/src");
    fs::remove_file(&bindings)?;
    mark_all(&root.join("bindings/src"), &bindings)?;
    let runtime = place.join("runtime/src");
    fs::remove_file(&runtime)?;
    copy_all(&root.join("runtime/src"), &runtime, &|text| {
        with_marked_calls(&text)
    })?;
    Ok(place)
}

/// The members of a workspace that are made of.
fn members(manifest: &str) -> impl Iterator<Item = &str> {
    let list = manifest.lines().skip_while(|line| *line != "members = [");
    let list = list.skip(1).take_while(|line| *line != "]");
    list.map(|line| line.trim().trim_matches([',', '"']))
        .filter(|member| {
            let is_below = |above: &&str| {
                member
                    .strip_prefix(*above)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            !LEFT_OUT.iter().any(is_below)
        })
}

/// The manifest of the workspace with these members.
fn with_members(manifest: &str, members: &[&str]) -> String {
    let mut out = String::new();
    let mut in_list = false;
    for line in manifest.lines() {
        match line {
            "members = [" => in_list = true,
            "]" if in_list => {
                in_list = false;
                out.push_str(&format!("members = {members:?}\n"));
            }
            _ if in_list => {}
            other => out.extend([other, "\n"]),
        }
    }
    out
}

/// A crate whose files are those of the repository, without tests and what they need.
fn copy(root: &Path, place: &Path, member: &str, members: &[&str]) -> io::Result<()> {
    let (from, to) = (root.join(member), place.join(member));
    fs::create_dir_all(&to)?;
    let manifest = fs::read_to_string(from.join("Cargo.toml"))?;
    fs::write(to.join("Cargo.toml"), without_tests(&manifest))?;
    for entry in fs::read_dir(&from)? {
        let entry = entry?;
        let name = entry.file_name();
        let path = format!("{member}/{}", name.to_string_lossy());
        let is_kept = match name.to_str() {
            Some("Cargo.toml" | "tests" | "benches" | "examples" | "target") => false,
            _ => !members
                .iter()
                .any(|other| *other == path || other.starts_with(&format!("{path}/"))),
        };
        if is_kept {
            link(&entry.path(), &to.join(name))?;
        }
    }
    Ok(())
}

/// What stands in sections of tests, benches and examples is left out.
fn without_tests(manifest: &str) -> String {
    let mut out = String::new();
    let mut keep = true;
    for line in manifest.lines() {
        if line.starts_with('[') {
            let is_of_tests = ["dev-dependencies", "[test]", "[bench]", "[example]"];
            keep = !is_of_tests.iter().any(|word| line.contains(word));
        }
        if keep {
            out.extend([line, "\n"]);
        }
    }
    out
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_dir() {
        return copy_all(from, to, &|text| text);
    }
    fs::copy(from, to).map(drop)
}

/// The sources of the bindings, marked. Server traits are left as they are: a program calls none of them.
fn mark_all(from: &Path, to: &Path) -> io::Result<()> {
    copy_all(from, to, &|text| marked(&text))?;
    let root = to.join("lib.rs");
    let text = fs::read_to_string(from.join("lib.rs"))?;
    // Inner attributes stand before everything else.
    fs::write(root, format!("#![allow(deprecated)]\n{text}"))
}

fn copy_all(from: &Path, to: &Path, change: &dyn Fn(String) -> String) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &to, change)?;
        } else {
            fs::write(to, change(fs::read_to_string(entry.path())?))?;
        }
    }
    Ok(())
}
