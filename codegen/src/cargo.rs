//! What a build script tells cargo.

use std::path::{Path, PathBuf};

use crate::error::Error;

/// Asks to be run again when one of the files or directories changes.
pub(crate) fn print_reruns(paths: &[PathBuf], out: &Path) {
    for line in reruns(paths, out) {
        println!("{line}");
    }
}

/// Tells what is odd and no error.
pub(crate) fn print_warnings(warnings: &[String]) {
    for line in warnings {
        println!("cargo::warning={line}");
    }
}

/// One line for each error, which cargo shows in any case. The report with excerpts is printed by whoever gets the error:
/// `main` that returns it, or `unwrap`.
pub(crate) fn print_error(error: &Error) {
    for line in error.lines() {
        println!("cargo::error={line}");
    }
}

/// The lines that make cargo watch paths, where `out` is the directory of the output.
///
/// Cargo looks at the times of everything in a directory, and takes a path that does not exist as changed each time.
fn reruns(paths: &[PathBuf], out: &Path) -> Vec<String> {
    let directories: Vec<_> = paths.iter().filter(|path| path.is_dir()).collect();
    let out = out.canonicalize();
    let mut lines = Vec::new();
    for path in paths {
        let shown = path.display();
        let text = path
            .to_str()
            .filter(|text| !text.contains(char::is_control));
        let Some(text) = text else {
            let name = shown.to_string().escape_debug().to_string();
            lines.push(format!(
                "cargo::warning=cargo cannot watch {name} for changes, because its name has a line end or is not \
                 Unicode; rename it"
            ));
            continue;
        };
        let is_missing = path.symlink_metadata().is_err();
        if is_missing && directories.iter().any(|watched| path.starts_with(watched)) {
            // The directory changes when it appears.
            continue;
        }
        lines.push(format!("cargo::rerun-if-changed={text}"));
        let holds_output = match (path.canonicalize(), &out) {
            (Ok(path), Ok(out)) => out.starts_with(path),
            _ => false,
        };
        if holds_output {
            lines.push(format!(
                "cargo::warning=this build script runs at every build, because {shown} is searched for IDL and holds the \
                 output of the build; move the IDL into a folder of its own"
            ));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::reruns;

    /// The lines for paths below a directory, without that directory.
    fn lines(paths: &[&str]) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        fs::create_dir_all(at("target/out")).unwrap();
        fs::create_dir_all(at("idl/inner")).unwrap();
        fs::write(at("idl/Lamp.idl"), "").unwrap();
        let paths: Vec<PathBuf> = paths.iter().map(|path| at(path)).collect();
        reruns(&paths, &at("target/out"))
            .into_iter()
            .map(|line| line.replace(&root.path().display().to_string(), "ROOT"))
            .collect()
    }

    #[test]
    fn every_path_is_watched() {
        assert_eq!(
            lines(&["idl", "idl/Lamp.idl"]),
            [
                "cargo::rerun-if-changed=ROOT/idl",
                "cargo::rerun-if-changed=ROOT/idl/Lamp.idl"
            ]
        );
    }

    #[test]
    fn what_is_missing_is_watched_where_it_would_appear() {
        // A path that does not exist makes cargo run the script each time.
        assert_eq!(
            lines(&["idl/later", "idl"]),
            ["cargo::rerun-if-changed=ROOT/idl"]
        );
        assert_eq!(
            lines(&["later", "idl"]),
            [
                "cargo::rerun-if-changed=ROOT/later",
                "cargo::rerun-if-changed=ROOT/idl"
            ]
        );
    }

    #[test]
    fn a_directory_that_holds_the_output_is_warned_of() {
        let warning = "cargo::warning=this build script runs at every build, because ROOT/target is searched for IDL and \
                       holds the output of the build; move the IDL into a folder of its own";
        assert_eq!(
            lines(&["target"]),
            ["cargo::rerun-if-changed=ROOT/target", warning]
        );
        assert_eq!(
            lines(&["idl/inner"]),
            ["cargo::rerun-if-changed=ROOT/idl/inner"]
        );
    }

    #[test]
    fn names_that_cargo_cannot_be_told_are_warned_of() {
        assert_eq!(
            lines(&["a\ncargo::rustc-cfg=b"]),
            [
                "cargo::warning=cargo cannot watch ROOT/a\\ncargo::rustc-cfg=b for changes, because its name has a line \
                 end or is not Unicode; rename it"
            ]
        );
    }
}
