//! When cargo runs a build script again. Cargo is the real one; the build script of its package runs this test binary, so
//! that nothing needs to be compiled but an empty library.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};
use std::{env, fs};

use xerus_codegen::Builder;

/// Set in the process that plays the build script: the options are TOML.
const OPTIONS: &str = "XERUS_TEST_OPTIONS";

const LAMP: &str = "#include <Base.idl>\nmodule garden { interface Lamp { base.Tag tag(); }; }";

/// A file that declares the type with a field, by which the output tells which file was taken.
fn base(field: &str) -> String {
    format!("module base {{ structure Tag {{ string {field}; }}; }}")
}

/// Passes at once unless it is the build script.
#[test]
fn build_script() {
    if let Ok(options) = env::var(OPTIONS) {
        let options = xerus_codegen::Options::from_toml(&options).unwrap();
        // The test harness has written part of a line.
        println!();
        Builder::with_options(options).generate().unwrap();
    }
}

/// A package that generates code from `idl`, with the include directories `first` and `second`.
struct Package {
    root: tempfile::TempDir,
}

/// What a build did.
#[derive(Debug, PartialEq)]
struct Build {
    /// Whether the build script ran.
    ran: bool,
    /// The field of `base.Tag`; empty when the build failed.
    field: String,
    /// What cargo printed.
    said: String,
}

impl Package {
    fn new(options: &str, files: &[(&str, &str)]) -> Self {
        let package = Self {
            root: tempfile::tempdir().unwrap(),
        };
        let this = env::current_exe().unwrap();
        let script = format!(
            "fn main() {{
    use std::io::Write;
    let mut log = std::fs::OpenOptions::new().append(true).create(true).open(\"target/runs\").unwrap();
    log.write_all(b\"x\").unwrap();
    let done = std::process::Command::new({this:?})
        .args([\"--exact\", \"build_script\", \"--nocapture\"])
        .env({OPTIONS:?}, {options:?})
        .env_remove(\"RUST_BACKTRACE\")
        .status();
    std::process::exit(if done.unwrap().success() {{ 0 }} else {{ 1 }});
}}
"
        );
        let manifest = "[package]\nname = \"watching\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
        package.write("Cargo.toml", manifest);
        package.write("build.rs", &script);
        package.write("src/lib.rs", "");
        for (path, text) in files {
            package.write(path, text);
        }
        package
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn runs(&self) -> usize {
        fs::read(self.at("target/runs")).map_or(0, |runs| runs.len())
    }

    fn build(&self) -> Build {
        let before = self.runs();
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let done = Command::new(cargo)
            .args(["build", "--offline"])
            .current_dir(self.root.path())
            .env("CARGO_TARGET_DIR", self.at("target"))
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTC_WRAPPER")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        let field = if done.status.success() {
            self.field()
        } else {
            String::new()
        };
        Build {
            ran: self.runs() > before,
            field,
            said,
        }
    }

    /// The field in the newest output.
    fn field(&self) -> String {
        let outputs = fs::read_dir(self.at("target/debug/build")).unwrap();
        let file = outputs
            .map(|entry| entry.unwrap().path().join("out/xerus.rs"))
            .find(|path| path.is_file())
            .expect("the output");
        let text = fs::read_to_string(file).unwrap();
        let at = text.find("pub struct Tag").expect("the structure");
        let field = text[at..].split("pub ").nth(2).expect("a field");
        field.split(':').next().unwrap().to_owned()
    }
}

/// Gives a path a time long before any build.
fn make_old(path: &Path) {
    let long_ago = SystemTime::now() - Duration::from_secs(1_000_000);
    fs::File::open(path)
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
}

/// A change of the tree, whether the build script is to run then, and the field that the output has then.
type Step<'s> = (&'s str, &'s dyn Fn(&Package), bool, &'s str);

/// Makes the changes one after the other and builds after each. In the end there is nothing left to do.
fn follow(package: &Package, steps: &[Step<'_>]) {
    for (what, change, runs, field) in steps {
        change(package);
        let build = package.build();
        assert_eq!(
            (build.ran, &*build.field),
            (*runs, *field),
            "{what}: {build:?}"
        );
    }
    let again = package.build();
    assert!(!again.ran, "{again:?}");
}

#[test]
fn the_build_script_runs_when_its_input_changes_and_not_otherwise() {
    let options =
        "idl_dir = \"idl\"\ninclude_dir = [\"first\", \"second\", \"third\"]\nclient_only = true\n";
    let package = Package::new(
        options,
        &[
            ("idl/Lamp.idl", LAMP),
            ("first/.keep", ""),
            ("second/Base.idl", &base("second")),
            ("third/.keep", ""),
            ("elsewhere/Base.idl", &base("elsewhere")),
            ("elsewhere/dir/Base.idl", &base("directory")),
            ("other/Unrelated.idl", "}"),
        ],
    );
    make_old(&package.at("elsewhere/Base.idl"));
    for path in ["elsewhere/dir/Base.idl", "elsewhere/dir"] {
        make_old(&package.at(path));
    }
    let steps: &[Step<'_>] = &[
        ("the first build", &|_| {}, true, "second"),
        (
            "a file in a directory that has no say",
            &|package| {
                package.write("other/More.idl", "");
                package.write("third/Base.idl", &base("third"));
                package.write("src/lib.rs", "// another text\n");
            },
            false,
            "second",
        ),
        (
            "a file changes",
            &|package| package.write("second/Base.idl", &base("changed")),
            true,
            "changed",
        ),
        (
            "a file appears earlier on the include path",
            &|package| package.write("first/Base.idl", &base("first")),
            true,
            "first",
        ),
        (
            "a file behind the one that was found changes",
            &|package| package.write("second/Base.idl", &base("second")),
            false,
            "first",
        ),
        (
            "the file is replaced by an older one",
            &|package| {
                fs::copy(package.at("elsewhere/Base.idl"), package.at("draft")).unwrap();
                make_old(&package.at("draft"));
                fs::rename(package.at("draft"), package.at("first/Base.idl")).unwrap();
            },
            true,
            "elsewhere",
        ),
        (
            "the file becomes a link to an older one",
            &|package| {
                package.write("elsewhere/Linked.idl", &base("linked"));
                make_old(&package.at("elsewhere/Linked.idl"));
                fs::remove_file(package.at("first/Base.idl")).unwrap();
                symlink("../elsewhere/Linked.idl", package.at("first/Base.idl")).unwrap();
            },
            true,
            "linked",
        ),
        (
            "what a link leads to changes",
            &|package| package.write("elsewhere/Linked.idl", &base("target")),
            true,
            "target",
        ),
        (
            "the file disappears",
            &|package| fs::remove_file(package.at("first/Base.idl")).unwrap(),
            true,
            "second",
        ),
        (
            "an include directory becomes a link to an older directory",
            &|package| {
                fs::remove_dir_all(package.at("first")).unwrap();
                symlink("elsewhere/dir", package.at("first")).unwrap();
            },
            true,
            "directory",
        ),
        (
            "an include directory is replaced by another",
            &|package| {
                fs::remove_file(package.at("first")).unwrap();
                package.write("first/Base.idl", &base("replaced"));
            },
            true,
            "replaced",
        ),
        (
            "the last file of the name disappears: the build fails until there is one",
            &|package| {
                for directory in ["first", "second", "third"] {
                    let _ = fs::remove_file(package.at(directory).join("Base.idl"));
                }
            },
            true,
            "",
        ),
        (
            "and then it appears",
            &|package| package.write("third/Base.idl", &base("last")),
            true,
            "last",
        ),
        (
            "a file is added to the directory of the IDL",
            &|package| package.write("idl/Base.idl", &base("home")),
            true,
            "home",
        ),
        (
            "the IDL is replaced as a whole",
            &|package| {
                fs::remove_dir_all(package.at("idl")).unwrap();
                package.write("idl/Lamp.idl", LAMP);
            },
            true,
            "last",
        ),
    ];
    follow(&package, steps);
}

#[test]
fn an_include_directory_may_appear_later() {
    let options = "idl_dir = \"idl\"\ninclude_dir = [\"idl/later\", \"second\"]\n";
    let package = Package::new(
        options,
        &[("idl/Lamp.idl", LAMP), ("second/Base.idl", &base("second"))],
    );
    let first = package.build();
    assert_eq!(first.field, "second", "{first:?}");
    let warning = "warning: watching@0.0.0: include directory `idl/later` does not exist [X0213]; help: create it, or take \
                   it out of the list\n";
    assert_eq!(first.said.matches(warning).count(), 1, "{first:?}");
    follow(
        &package,
        &[
            ("nothing changes", &|_| {}, false, "second"),
            (
                "the directory appears",
                &|package| package.write("idl/later/Base.idl", &base("later")),
                true,
                "later",
            ),
        ],
    );
}

#[test]
fn every_error_is_one_line_with_its_help_and_one_report() {
    let lamp = "module garden { interface Lamp { base.Tag tag(); strin name(); }; }";
    let package = Package::new(
        "idl_dir = \"idl\"\ninclude_dir = \"second\"\n",
        &[("idl/Lamp.idl", lamp), ("second/Base.idl", &base("second"))],
    );
    let failed = package.build();
    assert_eq!((failed.ran, &*failed.field), (true, ""), "{failed:?}");
    for line in [
        "idl/Lamp.idl:1:34: unknown module or type `base` [X0401]; help: `second/Base.idl` declares `base.Tag`: add \
         `#include <Base.idl>`",
        "idl/Lamp.idl:1:50: unknown type `strin` [X0401]; help: did you mean `string`?",
    ] {
        let shown = format!("error: watching@0.0.0: {line}\n");
        assert_eq!(failed.said.matches(&shown).count(), 1, "{}", failed.said);
    }
    for title in [
        "error[X0401]: unknown module or type `base`",
        "error[X0401]: unknown type `strin`",
    ] {
        assert_eq!(failed.said.matches(title).count(), 1, "{}", failed.said);
    }
}
