//! Reading: directories, files, texts, includes.

use std::fs;
use std::path::{Path, PathBuf};

use xerus_idl::diagnostic::short;
use xerus_idl::{Diagnostics, Idl, Loaded};

/// A directory that is gone after the test.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a directory");
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    root
}

fn loaded(idl: Idl) -> Loaded {
    idl.load().unwrap_or_else(|report| panic!("{report}"))
}

fn refused(idl: Idl) -> Diagnostics {
    idl.load()
        .map(|loaded| panic!("accepted: {:?}", loaded.model))
        .unwrap_err()
}

/// The names of the files read, without the directory.
fn names(loaded: &Loaded) -> Vec<String> {
    loaded
        .sources
        .files()
        .map(|(_, file)| file.file_name().to_owned())
        .collect()
}

/// Short lines with the directory taken out.
fn lines(report: &Diagnostics, root: &Path) -> String {
    report
        .to_short()
        .replace(&root.display().to_string(), "ROOT")
}

#[test]
fn a_directory_is_read_in_order_of_name() {
    let root = tree(&[
        (
            "b.idl",
            "#include <a.idl>\nmodule b { structure B { a.A x; }; }",
        ),
        ("a.idl", "module a { structure A { int x; }; }"),
        ("C.idl", "module c { }"),
        ("ignored.txt", "}"),
        ("nested/ignored.idl", "}"),
    ]);
    let loaded = loaded(Idl::new().directory(root.path()));
    assert_eq!(names(&loaded), ["C.idl", "a.idl", "b.idl"]);
    assert_eq!(loaded.files.len(), 3);
    assert!(loaded.warnings.is_empty());
    assert!(loaded.model.find("b.B:1.0.0").is_some());
    let expected: Vec<PathBuf> = ["", "C.idl", "a.idl", "b.idl"]
        .iter()
        .map(|name| {
            if name.is_empty() {
                root.path().to_owned()
            } else {
                root.path().join(name)
            }
        })
        .collect();
    assert_eq!(loaded.dependencies, expected);
}

#[test]
fn a_file_brings_what_it_includes() {
    let root = tree(&[
        (
            "main/Main.idl",
            "#include <Near.idl>\n#include \"Far.idl\"\nmodule m { }",
        ),
        ("main/Near.idl", "#include <Far.idl>\nmodule n { }"),
        ("main/Unrelated.idl", "}"),
        ("lib/Far.idl", "module f { }"),
    ]);
    let main = root.path().join("main/Main.idl");
    let found = loaded(Idl::new().file(&main).include_dir(root.path().join("lib")));
    assert_eq!(names(&found), ["Main.idl", "Near.idl", "Far.idl"]);
    let ids: Vec<_> = found.sources.files().map(|(id, _)| id).collect();
    assert_eq!(found.include_graph.direct(ids[0]), [ids[1], ids[2]]);
    assert_eq!(found.include_graph.direct(ids[1]), [ids[2]]);

    let report = refused(Idl::new().path(&main));
    assert_eq!(
        lines(&report, root.path()),
        "ROOT/main/Main.idl:2:10: error: included file `Far.idl` not found (searched: `ROOT/main`)\n\
         ROOT/main/Near.idl:1:10: error: included file `Far.idl` not found (searched: `ROOT/main`)\n"
    );
}

#[test]
fn a_file_is_read_once_under_whatever_name() {
    let root = tree(&[
        ("a/A.idl", "#include <B.idl>\nmodule a { opaque X; }"),
        ("a/B.idl", "module b { opaque Y; }"),
    ]);
    let direct = root.path().join("a/A.idl");
    let around = root.path().join("a/../a/A.idl");
    let loaded = loaded(
        Idl::new()
            .file(&direct)
            .file(around)
            .directory(root.path().join("a")),
    );
    assert_eq!(names(&loaded), ["A.idl", "B.idl"]);
}

#[test]
fn texts_in_memory_come_first() {
    let root = tree(&[
        ("A.idl", "#include <B.idl>\nmodule a { }"),
        ("B.idl", "module from_disk { }"),
    ]);
    let found = loaded(
        Idl::new()
            .text("B.idl", "module from_memory { opaque X; }")
            .file(root.path().join("A.idl")),
    );
    assert_eq!(names(&found), ["B.idl", "A.idl"]);
    assert!(found.model.find("from_memory.X").is_some());

    let found = loaded(
        Idl::new()
            .text("C.idl", "#include <B.idl>\nmodule c { }")
            .include_dir(root.path()),
    );
    assert_eq!(names(&found), ["C.idl", "B.idl"]);
}

#[test]
fn includes_are_plain_names() {
    for name in [
        "../A.idl",
        "/etc/passwd",
        "sub/A.idl",
        "a\\A.idl",
        "C:A.idl",
        "..",
        ".",
    ] {
        let report =
            refused(Idl::new().text("B.idl", format!("#include <{name}>\nmodule b {{ }}")));
        assert_eq!(
            report.to_short(),
            "B.idl:1:10: error: `#include` takes a file name, not a path\n",
            "{name}"
        );
    }
}

#[test]
fn case_matters_and_is_hinted_at() {
    let root = tree(&[
        ("Lamp.idl", ""),
        ("A.idl", "#include <lamp.idl>\nmodule a { }"),
    ]);
    let report = refused(Idl::new().file(root.path().join("A.idl")));
    assert_eq!(report.items.len(), 1);
    assert_eq!(
        report.items[0].help.as_deref(),
        Some("there is a `Lamp.idl`: case matters")
    );
}

#[test]
fn cycles_are_warned_of_once() {
    let texts = [
        ("A.idl", "#include <B.idl>\n#include <A.idl>\nmodule a { }"),
        ("B.idl", "#include <D.idl>\n#include <C.idl>\nmodule b { }"),
        ("C.idl", "#include <A.idl>\n#include <D.idl>\nmodule c { }"),
        ("D.idl", "module d { }"),
    ];
    let idl = texts
        .into_iter()
        .fold(Idl::new(), |idl, (name, text)| idl.text(name, text));
    let loaded = loaded(idl);
    let warnings: Vec<_> = loaded
        .warnings
        .iter()
        .map(|one| short(&loaded.sources, one))
        .collect();
    assert_eq!(
        warnings,
        [
            "A.idl:1:10: warning: include cycle A.idl -> B.idl -> C.idl -> A.idl: harmless, every file \
             is read once",
            "A.idl:2:10: warning: include cycle A.idl -> A.idl: harmless, every file is read once",
        ]
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let root = tree(&[("empty/readme.txt", "")]);
    let report = refused(
        Idl::new()
            .path(root.path().join("missing.idl"))
            .directory(root.path().join("missing"))
            .directory(root.path().join("empty"))
            .file(root.path()),
    );
    let text = lines(&report, root.path());
    let expected = [
        "ROOT/missing.idl:1:1: error: cannot read ROOT/missing.idl: no such file or directory",
        "ROOT/missing:1:1: error: cannot read ROOT/missing: no such file or directory",
        "ROOT/empty:1:1: error: no `*.idl` file in ROOT/empty",
        "ROOT:1:1: error: cannot read ROOT: is a directory",
    ];
    let got: Vec<_> = text.lines().collect();
    assert_eq!(got.len(), expected.len(), "{text}");
    for (line, expected) in got.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}");
    }
    assert!(report.to_plain().contains("missing.idl:1:1\n"));
}

#[test]
fn bytes_that_are_no_text() {
    let report = refused(
        Idl::new()
            .bytes("A.idl", b"module m {\n  // \xc3\xa9 \xff\n}\n".to_vec())
            .bytes("B.idl", b"\xef\xbb\xbfmodule \xe9".to_vec()),
    );
    assert_eq!(
        report.to_short(),
        "A.idl:2:8: error: file is not UTF-8: byte 0xFF at byte offset 19\n\
         B.idl:1:8: error: file is not UTF-8: byte 0xE9 at byte offset 10\n"
    );
}

#[test]
fn errors_of_syntax_stop_before_names() {
    let report = refused(
        Idl::new()
            .text("A.idl", "module a { structure S { Unknown x; }; }")
            .text("B.idl", "module b { opaque; }"),
    );
    assert_eq!(
        report.to_short(),
        "B.idl:1:18: error: expected an opaque type name, found `;`\n"
    );
}

#[test]
fn guards_and_directives() {
    for (text, expected) in [
        (
            "#ifndef G // c\n#define G /* c */\nmodule m { }\n#endif /* !G */\n",
            "",
        ),
        (
            "/* c */\n  #  ifndef G\r\n\t#define G\r\nmodule m { }\n # endif // G\n// c\n",
            "",
        ),
        (
            "#include<B.idl>//c\n# include /* c */ \"B.idl\"/* c\n c */\nmodule m { }",
            "",
        ),
        ("#ifndef G\n#define G\n#endif\n", ""),
        (
            "#define G\nmodule m { }",
            "1:1: error: `#define` outside of an include guard",
        ),
        (
            "#ifndef G\nmodule m { }\n#endif",
            "1:1: error: `#ifndef G` without `#define G`",
        ),
        (
            "#ifndef G\nmodule m { }\n#define G\n#endif",
            "3:1: error: an include guard must wrap the whole file",
        ),
        (
            "#include <B.idl>\n#ifndef G\n#define G\n#endif",
            "2:1: error: an include guard must wrap the whole file",
        ),
        (
            "module m { }\n#ifndef G\n#define G\n#endif",
            "2:1: error: an include guard must wrap the whole file",
        ),
        (
            "#ifndef G\n#define G\n#endif\nmodule m { }",
            "3:1: error: an include guard must wrap the whole file",
        ),
        (
            "#ifndef G\n#define G\n#endif\n#include <B.idl>",
            "3:1: error: an include guard must wrap the whole file",
        ),
        (
            "#ifndef G\n#define G 1\n#endif",
            "2:11: error: a macro cannot have a value: it is only a guard",
        ),
        (
            "#ifndef\n#define G\n#endif",
            "1:8: error: malformed `#ifndef`: expected the name of a macro",
        ),
        (
            "#ifndef G H\n#define G\n#endif",
            "1:11: error: unexpected text behind a directive",
        ),
        (
            "module m { #include <B.idl>\n}",
            "1:12: error: a directive must stand alone on its line",
        ),
        (
            "module m { }\n#include <B.idl>",
            "2:1: error: `#include` must stand before the first declaration",
        ),
        (
            "#include <B.idl\nmodule m { }",
            "1:10: error: malformed `#include`",
        ),
        (
            "#include <>\nmodule m { }",
            "1:10: error: malformed `#include`",
        ),
        ("#include\nmodule m { }", "1:9: error: malformed `#include`"),
        (
            "#include <B.idl> x",
            "1:18: error: unexpected text behind a directive",
        ),
        (
            "#pragma once",
            "1:1: error: directive `#pragma` is not supported",
        ),
        ("#\nmodule m { }", "1:1: error: `#` without a directive"),
    ] {
        let result = Idl::new()
            .text("A.idl", text)
            .text("B.idl", "module b { }")
            .load();
        match result {
            Ok(loaded) => {
                assert_eq!(expected, "", "{text}");
                assert_eq!(loaded.files.len(), 2, "{text}");
            }
            Err(report) => {
                let short = report.to_short();
                let first = short.lines().next().unwrap_or("");
                assert!(!expected.is_empty(), "{text}\n{short}");
                assert!(
                    first.starts_with(&format!("A.idl:{expected}")),
                    "{text}\n{short}"
                );
            }
        }
    }
}

#[test]
fn long_chains_and_many_cycles_of_includes() {
    // Every file includes the next one, the first one and itself.
    let count = 3000;
    let idl = (0..count).fold(Idl::new(), |idl, at| {
        let text = format!(
            "#include <{}.idl>\n#include <0.idl>\n#include <{at}.idl>\nmodule m{at} {{ }}",
            (at + 1) % count
        );
        idl.text(format!("{at}.idl"), text)
    });
    let loaded = loaded(idl);
    assert_eq!(loaded.files.len(), count);
    let longest = loaded
        .warnings
        .iter()
        .map(|one| one.message.len())
        .max()
        .unwrap_or(0);
    assert!((1..200).contains(&longest), "{longest}");
}
