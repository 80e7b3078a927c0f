//! How findings are shown: snippets, short lines, JSON; and the list of all codes.

#[path = "support/repository.rs"]
mod repository;

use std::path::Path;

use xerus_idl::diagnostic::codes;
use xerus_idl::{Diagnostics, Idl};

fn refused(idl: Idl) -> Diagnostics {
    match idl.load() {
        Ok(loaded) => panic!("accepted: {:?}", loaded.warnings),
        Err(report) => report,
    }
}

/// The manual page, from the table.
fn manual() -> String {
    let mut text = String::from(
        "# Diagnostics\n\n\
         Every error and warning about IDL has a code that never changes its meaning. The texts may change.\n\n\
         This page is written by `XERUS_BLESS=1 cargo test -p xerus-idl --test diagnostics` from the table in\n\
         `idl/src/diagnostic/codes.rs`.\n",
    );
    let mut chapter = "";
    for (code, title) in codes::ALL {
        let heading = match &code.0[..3] {
            "X01" => "Text",
            "X02" => "Directives and includes",
            "X03" => "Syntax",
            "X04" => "Names and semantics",
            _ => "Lints (warnings)",
        };
        if heading != chapter {
            text.push_str(&format!("\n## {heading}\n\n| code | about |\n|---|---|\n"));
            chapter = heading;
        }
        text.push_str(&format!("| {} | {title} |\n", code.0));
    }
    text
}

#[test]
fn the_manual_lists_all_codes() {
    if repository::is_missing() {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/diagnostics.md");
    let fresh = manual();
    if std::env::var_os("XERUS_BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert!(
        committed == fresh,
        "docs/diagnostics.md is stale: run with XERUS_BLESS=1"
    );
}

#[test]
fn codes_are_unique_and_in_order() {
    let codes: Vec<_> = codes::ALL.iter().map(|(code, _)| code.0).collect();
    for pair in codes.windows(2) {
        assert!(pair[0] < pair[1], "{pair:?}");
    }
    for code in codes {
        assert!(code.len() == 5 && code.starts_with('X'), "{code}");
    }
}

#[test]
fn short_lines() {
    let report = refused(
        Idl::new()
            .text("a/B.idl", "module m {\n\tstructure A { int x }\n};\n#if\n")
            .text("C.idl", "module c { enumeration E { A, }; opaque; }"),
    );
    assert_eq!(
        report.to_short(),
        "a/B.idl:2:22: error: expected `;` after field `x`, found `}`\n\
         a/B.idl:3:1: error: missing `;` after the body of structure `A`\n\
         a/B.idl:4:1: error: directive `#if` is not supported (only `#include`, `#ifndef`, `#define` and \
         `#endif` are)\n\
         C.idl:1:31: warning: trailing comma in enumeration: tolerated, but the vendor never writes one\n\
         C.idl:1:40: error: expected an opaque type name, found `;`\n"
    );
}

#[test]
fn json_lines() {
    let report = refused(
        Idl::new()
            .text(
                "A \"quoted\".idl",
                "module m {\n  structure S { int x; };\n}\n",
            )
            .text("B.idl", "module m {\n  structure S { int é\u{1}; };\n}")
            .text("C.idl", "module m {\n  structure S { int x }\n}"),
    );
    let lines: Vec<serde_json::Value> = report
        .to_json()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), report.items.len());
    assert_eq!(
        lines[0],
        serde_json::json!({
            "level": "error", "code": "X0105",
            "message": "non-ASCII letter `é` in an identifier: allowed only inside comments and strings",
            "file": "B.idl", "line": 2, "column": 21, "end_line": 2, "end_column": 22,
            "label": null, "help": "names consist of `A` to `Z`, `a` to `z`, `0` to `9` and `_`",
            "related": [],
        })
    );
    assert_eq!(lines[2]["related"][0]["message"], "insert `;` here");
    assert_eq!(lines[2]["related"][0]["file"], "C.idl");
    assert_eq!(
        (&lines[2]["line"], &lines[2]["column"]),
        (&2.into(), &23.into())
    );
    for line in &lines {
        let members: Vec<_> = line.as_object().unwrap().keys().cloned().collect();
        assert_eq!(members.len(), 11, "{members:?}");
    }
}

#[test]
fn json_escapes() {
    let name = "a\\b\"c\nd\te\u{0}\u{7f}\u{2028}é😀.idl";
    let report = refused(Idl::new().text(name, "}"));
    let text = report.to_json();
    assert_eq!(text.lines().count(), 1);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["file"], name);
}

#[test]
fn a_place_in_another_file_is_shown_there() {
    let report = refused(
        Idl::new()
            .text("A.idl", "module m {\n  structure S { int x; };\n}\n")
            .text("B.idl", "module m {\n  structure S { int y; };\n}\n"),
    );
    insta::assert_snapshot!("two_files", report.to_plain());
}

#[test]
fn colours_change_nothing_but_colours() {
    let report = refused(Idl::new().text("A.idl", "module m {\n  structure S { int x }\n}\n"));
    let (plain, colored) = (report.to_plain(), report.to_colored());
    assert!(!plain.contains('\u{1b}'));
    assert!(colored.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    stripped.push_str(rest);
    let trimmed = |text: &str| {
        text.lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(trimmed(&stripped), trimmed(&plain));
}

#[test]
fn an_unwrap_prints_the_report() {
    let report = refused(Idl::new().text("A.idl", "module m {"));
    assert_eq!(format!("{report:?}"), format!("\n{report}"));
    assert_eq!(format!("{report}"), report.to_plain());
    assert!(
        report
            .to_plain()
            .starts_with("error[X0303]: unexpected end of file")
    );
}

#[test]
fn endless_lines_are_quoted_not_drawn() {
    let text = format!("module m {{ {} opaque; }}", "opaque B; ".repeat(100_000));
    let report = refused(Idl::new().text("A.idl", text));
    let plain = report.to_plain();
    assert!(plain.len() < 1000, "{} bytes", plain.len());
    assert!(plain.contains("--> A.idl:1:1000019\n"), "{plain}");
    assert!(plain.contains("the line is 1000021 bytes long"), "{plain}");
}

#[test]
fn several_errors_in_one_run() {
    let text = "\
module m {
  structre A { int x; };
  enumaration E { A, B };
  interface I {
    int f(inn int x);
    void g(out string);
    constnt int C = 1;
    boolean ok();
    int h(in int x in int y)
    vector<int x> i();
  };
  valueobject V { int int x; string y; };
  typdef map<string, int> M;
  opaqe Blob;
  interface J { void f(); };
}
modul n { }
";
    insta::assert_snapshot!(
        "recovery",
        refused(Idl::new().text("a.idl", text)).to_short()
    );
}

#[test]
fn control_characters_stay_out_of_the_terminal() {
    let text = "#include <\u{1b}[31mred\u{7}.idl>\nmodule m { \u{1b} structure S\u{1b}[0m { }; }";
    let report = refused(Idl::new().text("\u{1b}]0;title\u{7}.idl", text));
    for shown in [report.to_plain(), report.to_short(), report.to_json()] {
        let harmless = |c: char| c == '\n' || !c.is_control();
        assert!(shown.chars().all(harmless), "{shown:?}");
        assert!(shown.contains("1b"), "{shown}");
    }
}

#[test]
fn a_lost_brace_is_one_error() {
    let text = "\
module m {
    interface I {
        structure S {
            int x;
            int y;
        };
        enumeration E {
            A,
            B
        };
        void f(in S s);
        void g();
    };
}
";
    assert!(Idl::new().text("a.idl", text).load().is_ok());
    let braces: Vec<_> = text.match_indices(['{', '}']).map(|(at, _)| at).collect();
    assert_eq!(braces.len(), 8);
    let mut said = String::new();
    for at in braces {
        let mut broken = text.to_owned();
        broken.remove(at);
        let report = refused(Idl::new().text("a.idl", broken));
        assert_eq!(report.items.len(), 1, "{report}");
        said.push_str(&report.to_short());
    }
    insta::assert_snapshot!("braces", said);
}
