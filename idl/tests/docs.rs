//! Which comment documents what.

mod support;

use support::{load, load_with, show};
use xerus_idl::lint::Lints;
use xerus_idl::model::{Docs, Model, Type, TypeKind};

fn model(text: &str) -> Model {
    load([("A.idl", text)]).model
}

fn ty<'m>(model: &'m Model, path: &str) -> &'m Type {
    model.ty(model.find(path).expect("a type of that path"))
}

fn text(docs: &Docs) -> Option<&str> {
    assert_eq!(docs.heading, None);
    docs.text.as_deref()
}

#[test]
fn leading_comments() {
    let model = model(
        "/* plain */
/** module */
module m {
    // not this
    /** first */
    /* nor this */
    /** second */
    [deprecated]
    structure A {
        /// line one
        /// line two
        int x;
        /** up
            down */
        int y;
        int z;
    };
    /**
     * Starred
     *
     *   and indented
     */
    interface I { };
    /// one

    /// two
    opaque O;
}",
    );
    assert_eq!(text(&model.modules()[0].docs), Some("module"));
    let a = ty(&model, "m.A");
    assert_eq!(text(&a.docs), Some("first\n\nsecond"));
    let fields: Vec<_> = a.fields().iter().map(|field| text(&field.docs)).collect();
    assert_eq!(fields, [Some("line one\nline two"), Some("up\ndown"), None]);
    assert_eq!(
        text(&ty(&model, "m.I").docs),
        Some("Starred\n\n  and indented")
    );
    assert_eq!(text(&ty(&model, "m.O").docs), Some("one\n\ntwo"));
}

#[test]
fn trailing_comments() {
    let model = model(
        "module m {
    structure A {
        int a;          ///< same line
        int b;
                        ///< next line
        int c;          ///< several
                        ///< lines
                        ///< in a row
        int d; // plain
        int e;          //< note
        int f;          /**< block
                             of two */
        int g; int h;   ///< of h
        int i;          ///< before a plain one
                        // plain
        int j; /* x */  ///< after a plain one
    };
    enumeration E {
        A,              ///< a
        B               ///< b, before the comma
        ,
        C,
                        ///< c, next line
        D               ///< d
                        ///< and more
    };
    opaque O;           ///< opaque
    interface I {
        typedef int T;  ///< typedef
        void f();       ///< method
        constant int K = 1; ///< constant
    };
}",
    );
    let fields: Vec<_> = ty(&model, "m.A")
        .fields()
        .iter()
        .map(|f| text(&f.docs))
        .collect();
    assert_eq!(
        fields,
        [
            Some("same line"),
            Some("next line"),
            Some("several\nlines\nin a row"),
            None,
            Some("note"),
            Some("block\nof two"),
            None,
            Some("of h"),
            Some("before a plain one"),
            Some("after a plain one"),
        ]
    );
    let TypeKind::Enumeration { enumerators, .. } = &ty(&model, "m.E").kind else {
        panic!()
    };
    let docs: Vec<_> = enumerators.iter().map(|e| text(&e.docs)).collect();
    assert_eq!(
        docs,
        [
            Some("a"),
            Some("b, before the comma"),
            Some("c, next line"),
            Some("d\nand more")
        ]
    );
    assert_eq!(text(&ty(&model, "m.O").docs), Some("opaque"));
    assert_eq!(text(&ty(&model, "m.I.T").docs), Some("typedef"));
    let TypeKind::Interface(interface) = &ty(&model, "m.I").kind else {
        panic!()
    };
    assert_eq!(text(&interface.methods[0].docs), Some("method"));
    assert_eq!(text(&interface.constants[0].docs), Some("constant"));
}

#[test]
fn both_make_a_heading() {
    let model = model(
        "module m { interface I {
    /** Months */
    constant int JANUARY = 1;   ///< cold
    constant int FEBRUARY = 2;  ///< colder
    /** Alone */
    constant int MARCH = 3;
}; }",
    );
    let TypeKind::Interface(interface) = &ty(&model, "m.I").kind else {
        panic!()
    };
    let docs: Vec<_> = interface
        .constants
        .iter()
        .map(|c| (c.docs.heading.as_deref(), c.docs.text.as_deref()))
        .collect();
    assert_eq!(
        docs,
        [
            (Some("Months"), Some("cold")),
            (None, Some("colder")),
            (None, Some("Alone"))
        ]
    );
}

#[test]
fn regions_hidden_from_the_manual_say_nothing() {
    let model = model(
        "module m {
    /// @cond internal
    /** The one */
    interface I {
        /// @cond internal
        /** does */
        void f();
        /// @endcond
    };
    /// @endcond
    opaque O;
}",
    );
    assert_eq!(text(&ty(&model, "m.I").docs), Some("The one"));
    assert_eq!(text(&ty(&model, "m.I").methods()[0].docs), Some("does"));
    assert_eq!(text(&ty(&model, "m.O").docs), None);
}

#[test]
fn modules_gather_different_texts() {
    let model = load([
        (
            "A.idl",
            "#ifndef A\n#define A\n/** about the file */\n/** Text */\nmodule m { }\n#endif",
        ),
        ("B.idl", "module m { }"),
        ("C.idl", "/** Other */ module m { }"),
        ("D.idl", "/** Text */ module m { }"),
    ])
    .model;
    let expected = "about the file\n\nText\n\nOther\n\nText";
    // The first file gives both of its blocks as one text.
    assert_eq!(text(&model.modules()[0].docs), Some(expected));
    let model = load([
        ("A.idl", "/** Text */ module m { }"),
        ("B.idl", "/** Other */ module m { }"),
        ("C.idl", "/** Text */ module m { }"),
    ])
    .model;
    assert_eq!(text(&model.modules()[0].docs), Some("Text\n\nOther"));
}

#[test]
fn what_stands_before_the_directives_is_about_the_file() {
    let model = load([
        ("B.idl", "module b { }"),
        (
            "A.idl",
            "/** licence */\n#include <B.idl>\n/** about m */\nmodule m { }",
        ),
    ])
    .model;
    assert_eq!(text(&model.modules()[1].docs), Some("about m"));
}

#[test]
fn loose_comments_are_found() {
    let loaded = load_with(
        [(
            "A.idl",
            "module m {
    structure A { int x; };     ///< a structure has no trailing form
    enumeration E { A, B };

    opaque O;

                                ///< too far below
    interface I {
        void f(); ///< f

                  ///< after a gap
        /** before nothing */
    };
}
/** after all */",
        )],
        Lints::all(),
    );
    let shown: Vec<_> = loaded
        .diagnostics
        .iter()
        .map(|d| show(&loaded.sources, d))
        .collect();
    let places: Vec<_> = shown
        .iter()
        .filter_map(|line| line.split(" W ").next())
        .collect();
    assert_eq!(
        places,
        [
            "A.idl:2:33",
            "A.idl:7:33",
            "A.idl:11:19",
            "A.idl:12:9",
            "A.idl:15:1"
        ]
    );
    assert!(
        shown
            .iter()
            .all(|line| line.contains("X0508 this documentation comment"))
    );
    assert_eq!(text(&ty(&loaded.model, "m.I").methods()[0].docs), Some("f"));
    assert_eq!(text(&ty(&loaded.model, "m.O").docs), None);
}
