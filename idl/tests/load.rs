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

/// What is watched, without the directory that all of it is in.
fn watched(dependencies: &[PathBuf], root: &Path) -> Vec<String> {
    dependencies
        .iter()
        .map(|path| {
            path.strip_prefix(root)
                .unwrap_or(path)
                .display()
                .to_string()
        })
        .collect()
}

#[test]
fn the_result_depends_on_every_directory_that_was_searched() {
    const LAMP: &str = "#include <Base.idl>\nmodule garden { interface Lamp { base.Tag tag(); }; }";
    const BASE: &str = "module base { structure Tag { string text; }; }";
    /// Files, what is read, and what the result depends on.
    type Case<'c> = (
        &'c [(&'c str, &'c str)],
        fn(Idl, &Path) -> Idl,
        &'c [&'c str],
    );
    let idl_dir: fn(Idl, &Path) -> Idl = |idl, root| {
        idl.directory(root.join("idl"))
            .include_dir(root.join("first"))
            .include_dir(root.join("second"))
    };
    let idl_file: fn(Idl, &Path) -> Idl = |idl, root| {
        idl.file(root.join("idl/Lamp.idl"))
            .include_dir(root.join("first"))
            .include_dir(root.join("second"))
    };
    let text: fn(Idl, &Path) -> Idl = |idl, root| {
        idl.text("Lamp.idl", LAMP)
            .include_dir(root.join("first"))
            .include_dir(root.join("second"))
    };
    let cases: &[Case<'_>] = &[
        // Found in the second: it may appear in the first.
        (
            &[
                ("idl/Lamp.idl", LAMP),
                ("first/.keep", ""),
                ("second/Base.idl", BASE),
            ],
            idl_dir,
            &["idl", "idl/Lamp.idl", "first", "second", "second/Base.idl"],
        ),
        // Found in the first: the second has no say.
        (
            &[
                ("idl/Lamp.idl", LAMP),
                ("first/Base.idl", BASE),
                ("second/Base.idl", BASE),
            ],
            idl_dir,
            &["idl", "idl/Lamp.idl", "first", "first/Base.idl"],
        ),
        // Found at home: no include directory has a say.
        (
            &[
                ("idl/Lamp.idl", LAMP),
                ("idl/Base.idl", BASE),
                ("first/Base.idl", BASE),
            ],
            idl_dir,
            &["idl", "idl/Base.idl", "idl/Lamp.idl"],
        ),
        // A directory of that name is no file yet.
        (
            &[
                ("idl/Lamp.idl", LAMP),
                ("first/Base.idl/x", ""),
                ("second/Base.idl", BASE),
            ],
            idl_dir,
            &["idl", "idl/Lamp.idl", "first", "second", "second/Base.idl"],
        ),
        // The directory is missing and may appear.
        (
            &[("idl/Lamp.idl", LAMP), ("second/Base.idl", BASE)],
            idl_dir,
            &["idl", "idl/Lamp.idl", "first", "second", "second/Base.idl"],
        ),
        // Beside a single file the include may appear.
        (
            &[("idl/Lamp.idl", LAMP), ("first/Base.idl", BASE)],
            idl_file,
            &["idl/Lamp.idl", "idl", "first", "first/Base.idl"],
        ),
        // What else is beside it has no say.
        (
            &[("idl/Lamp.idl", LAMP), ("idl/Base.idl", BASE)],
            idl_file,
            &["idl/Lamp.idl", "idl/Base.idl"],
        ),
        (
            &[("first/.keep", ""), ("second/Base.idl", BASE)],
            text,
            &["first", "second", "second/Base.idl"],
        ),
    ];
    for (files, read, expected) in cases {
        let root = tree(files);
        let found = loaded(read(Idl::new(), root.path()));
        assert_eq!(
            watched(&found.dependencies, root.path()),
            *expected,
            "{files:?}"
        );
    }

    // Without success, too.
    let root = tree(&[("idl/Lamp.idl", LAMP), ("second/.keep", "")]);
    let report = refused(idl_dir(Idl::new(), root.path()));
    assert_eq!(
        watched(&report.dependencies, root.path()),
        ["idl", "idl/Lamp.idl", "first", "second"]
    );
    assert_eq!(
        lines(&report, root.path()),
        "ROOT/first:1:1: warning: include directory `ROOT/first` does not exist\n\
         ROOT/idl/Lamp.idl:1:10: error: included file `Base.idl` not found (searched: `ROOT/idl`, \
         `ROOT/first`, which does not exist, `ROOT/second`)\n"
    );
}

#[test]
fn an_include_directory_that_is_none_is_said_once() {
    let root = tree(&[("idl/A.idl", "module a { opaque X; }"), ("file", "")]);
    let idl = || {
        Idl::new()
            .directory(root.path().join("idl"))
            .include_dir(root.path().join("none"))
            .include_dir(root.path().join("none"))
            .include_dir(root.path().join("file"))
    };
    let found = loaded(idl());
    let said: Vec<_> = found
        .warnings
        .iter()
        .map(|one| (one.code.0, &*one.message, one.help.as_deref().unwrap_or("")))
        .collect();
    let (none, file) = (root.path().join("none"), root.path().join("file"));
    assert_eq!(
        said,
        [
            (
                "X0213",
                &*format!("include directory `{}` does not exist", none.display()),
                "create it, or take it out of the list"
            ),
            (
                "X0213",
                &*format!("include directory `{}` is not a directory", file.display()),
                "name the directory that holds the files"
            ),
        ]
    );
    // Nothing is searched in it, so nothing depends on it.
    assert_eq!(
        watched(&found.dependencies, root.path()),
        ["idl", "idl/A.idl"]
    );
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_not_passed_over() {
    use std::os::unix::fs::symlink;
    const LAMP: &str = "#include <Base.idl>\nmodule garden { structure Lamp { base.Tag tag; }; }";
    let root = tree(&[
        ("idl/Lamp.idl", LAMP),
        ("first/.keep", ""),
        ("second/Base.idl", "module base { opaque Tag; }"),
    ]);
    let idl = || {
        Idl::new()
            .directory(root.path().join("idl"))
            .include_dir(root.path().join("first"))
            .include_dir(root.path().join("second"))
    };
    for link in ["first/Base.idl", "idl/Other.idl"] {
        let path = root.path().join(link);
        symlink("nowhere", &path).expect("a link");
        let report = refused(idl());
        assert_eq!(
            lines(&report, root.path()),
            format!(
                "ROOT/{link}:1:1: error: cannot read ROOT/{link}: it is a link to nowhere, which does not exist\n"
            )
        );
        fs::remove_file(path).expect("removed");
    }
    symlink("../second/Base.idl", root.path().join("first/Base.idl")).expect("a link");
    assert_eq!(
        watched(&loaded(idl()).dependencies, root.path()),
        ["idl", "idl/Lamp.idl", "first", "first/Base.idl"]
    );
}

#[test]
fn an_unknown_type_names_the_file_that_has_it() {
    const BASE: &str = "module base { structure Tag { string text; }; interface Lamp { structure Part { int x; }; }; }";
    let help = |files: &[(&str, &str)], read: fn(Idl, &Path) -> Idl| {
        let root = tree(files);
        let report = refused(read(Idl::new(), root.path()));
        report
            .items
            .iter()
            .map(|one| one.help.clone().unwrap_or_default())
            .map(|help| help.replace(&root.path().display().to_string(), "ROOT"))
            .collect::<Vec<_>>()
    };
    let included: fn(Idl, &Path) -> Idl = |idl, root| {
        idl.directory(root.join("idl"))
            .include_dir(root.join("inc"))
    };
    let alone: fn(Idl, &Path) -> Idl = |idl, root| idl.file(root.join("idl/Main.idl"));
    for (type_name, declared) in [
        ("base.Tag", "base.Tag"),
        ("base.Lamp.Part", "base.Lamp.Part"),
        ("vector<map<int, base.Tag>>", "base.Tag"),
    ] {
        let main = format!("module main {{ structure Main {{ {type_name} tag; }}; }}");
        assert_eq!(
            help(&[("idl/Main.idl", &main), ("inc/Base.idl", BASE)], included),
            [format!(
                "`ROOT/inc/Base.idl` declares `{declared}`: add `#include <Base.idl>`"
            )]
        );
        assert_eq!(
            help(&[("idl/Main.idl", &main), ("idl/Base.idl", BASE)], alone),
            [format!(
                "`ROOT/idl/Base.idl` declares `{declared}`: add `#include <Base.idl>`"
            )]
        );
    }
    // A name in its own module; the nearer of two files is the one that an include would get.
    let main = "module base { module inner { structure Main { Tag tag; }; } }";
    assert_eq!(
        help(
            &[
                ("idl/Main.idl", main),
                ("idl/Base.idl", BASE),
                ("inc/Base.idl", BASE)
            ],
            |idl, root| idl
                .file(root.join("idl/Main.idl"))
                .include_dir(root.join("inc"))
        ),
        ["`ROOT/idl/Base.idl` declares `base.Tag`: add `#include <Base.idl>`"]
    );
    // No other version and no broken file is offered.
    let main = "module main { structure Main { base.Tag_2_0_0 tag; }; }";
    assert_eq!(
        help(&[("idl/Main.idl", main), ("inc/Base.idl", BASE)], included),
        [""]
    );
    let main = "module main { structure Main { base.Tag tag; }; }";
    assert_eq!(
        help(
            &[("idl/Main.idl", main), ("inc/Base.idl", "module base {")],
            included
        ),
        [""]
    );
}

#[test]
fn an_include_that_is_not_found_has_a_way_out() {
    let help = |text: &str| {
        let root = tree(&[("A.idl", text), ("Sensor.idl", "module s { }")]);
        let report = refused(Idl::new().file(root.path().join("A.idl")));
        report.items[0].help.clone().expect("a help")
    };
    assert_eq!(
        help("#include <Sensr.idl>\nmodule a { }"),
        "did you mean `Sensor.idl`?"
    );
    assert_eq!(
        help("#include <Pdu.idl>\nmodule a { }"),
        "add the directory that has it as an include directory"
    );
    let report = refused(Idl::new().text("A.idl", "#include <B.idl>\nmodule a { }"));
    assert_eq!(
        report.items[0].help.as_deref(),
        Some("give the texts that are included, too")
    );
}
