//! Python that says something unsound is refused, with its line.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use support::Package;
use xerus_import::{Error, Limits};

fn refused(python: &str) -> String {
    let error = Package::new()
        .section("m", "M.idl", python)
        .import()
        .unwrap_err();
    assert!(matches!(error, Error::NotUnderstood(_)), "{error}");
    let text = error.to_string();
    text.strip_prefix("not understood:\nvendor/rpc/m/__init__.py:")
        .unwrap_or(&text)
        .trim_end_matches("\nhelp: --lenient leaves these out of the IDL and lists them")
        .to_owned()
}

/// The lines of [`support::section`].
const ABOVE: usize = 7;

fn at(line: usize, message: &str) -> String {
    format!("{}: {message}", ABOVE + line)
}

#[test]
fn odd_classes() {
    let id = |id: &str| format!("class A(Structure):\n    idlType = \"{id}\"\n    elements = []\n");
    for odd in ["m.A", "m.A:1.0", "m.A{}:1.0.0", "m.A:1.0.0:2"] {
        assert_eq!(refused(&id(odd)), at(1, &format!("`{odd}`: odd type id")));
    }
    assert_eq!(
        refused(&id("other.A:1.0.0")),
        at(1, "type id `other.A:1.0.0` does not fit class `A` in `m`")
    );
    assert_eq!(
        refused(&id("m.B:1.0.0")),
        at(1, "type id `m.B:1.0.0` does not fit class `A` in `m`")
    );
    let twice = format!("{}{}", id("m.A:1.0.0"), id("m.A:2.0.0"));
    assert_eq!(refused(&twice), at(4, "second class `m.A`"));
    assert_eq!(
        refused(
            "class A(B):\n    idlType = \"m.A:1.0.0\"\nclass B(A):\n    idlType = \"m.B:1.0.0\"\n"
        ),
        format!(
            "{}\nvendor/rpc/m/__init__.py:{}",
            at(
                1,
                "neither interface, structure, value object nor enumeration"
            ),
            at(
                3,
                "neither interface, structure, value object nor enumeration"
            )
        )
    );
}

fn field(check: &str, decode: &str) -> String {
    refused(&format!(
        "class A(Structure):\n    idlType = \"m.A:1.0.0\"\n    elements = [\"f\"]\n    def __init__(self, f):\n        \
         {check}\n    @classmethod\n    def decode(cls, json, agent):\n        obj = cls(f = {decode})\n        return obj\n"
    ))
}

#[test]
fn odd_fields() {
    let cases = [
        (
            "typecheck.is_int(f, AssertionError)",
            "compute(json['f'])",
            "decoded in no known way",
        ),
        (
            "typecheck.is_int(f, AssertionError)",
            "json['g']",
            "decoded in no known way",
        ),
        (
            "typecheck.is_color(f, AssertionError)",
            "json['f']",
            "unknown check `is_color`",
        ),
        (
            "typecheck.is_time(f, AssertionError)",
            "json['f']",
            "decoded otherwise than `time`",
        ),
        (
            "typecheck.is_struct(f, vendor.rpc.m.A, AssertionError)",
            "json['f']",
            "check `is_struct` does not fit",
        ),
        (
            "typecheck.is_struct(f, vendor.rpc.m.B, AssertionError)",
            "json['f']",
            "unknown class `vendor.rpc.m.B`",
        ),
        (
            "typecheck.is_int(f, AssertionError)",
            "[x0 for x0 in json['f']]",
            "decoded and checked differently",
        ),
    ];
    for (check, decode, message) in cases {
        assert_eq!(
            field(check, decode),
            at(1, &format!("field `f`: {message}"))
        );
    }
}

#[test]
fn names_cannot_smuggle_in_anything() {
    let enumeration = |values: &str| {
        refused(&format!(
            "class E(Enumeration):\n    idlType = \"m.E:1.0.0\"\n    values = {values}\n"
        ))
    };
    assert_eq!(enumeration("[\"A };\"]"), at(1, "`A };`: odd enumerator"));
    assert_eq!(
        enumeration("[\"\\n#include\"]"),
        at(1, "`\\n#include`: odd enumerator")
    );
    assert_eq!(enumeration("make()"), at(1, "enumeration without `values`"));
    let structure =
        "class A(Structure):\n    idlType = \"m.A:1.0.0\"\n    elements = [\"a; int b\"]\n";
    assert_eq!(refused(structure), at(1, "`a; int b`: odd field"));
    let method = "class I(Interface):\n    idlType = \"m.I:1.0.0\"\n    class _x(Interface.Method):\n        name = 'x(); int y'\n";
    assert_eq!(refused(method), at(3, "`x(); int y`: odd method"));
    let constant =
        "class I(Interface):\n    idlType = \"m.I:1.0.0\"\n    X = compute()\n    Y = 2147483648\n";
    assert_eq!(
        refused(constant),
        format!(
            "{}\nvendor/rpc/m/__init__.py:{}",
            at(3, "`X`: odd constant"),
            at(4, "`Y`: odd constant")
        )
    );
}

#[test]
fn keywords_as_names_are_found_by_reading_the_result() {
    let python = "class E(Enumeration):\n    idlType = \"m.E:1.0.0\"\n    values = [\"module\"]\n";
    let error = Package::new()
        .section("m", "M.idl", python)
        .import()
        .unwrap_err();
    assert!(matches!(error, Error::Unsound(_)), "{error}");
    assert!(error.to_string().contains("keyword"), "{error}");
}

#[test]
fn odd_methods() {
    let method = |encode: &str, decode: &str| {
        refused(&format!(
            "class I(Interface):\n    idlType = \"m.I:1.0.0\"\n    class _x(Interface.Method):\n        name = 'x'\n        \
             @staticmethod\n        def encode(a):\n            args = {{}}\n            args['a'] = {encode}\n            return args\n        \
             @staticmethod\n        def decode(rsp, agent):\n            {decode}\n"
        ))
    };
    assert_eq!(
        method("a.b.c", "return None"),
        at(8, "method `x`, parameter `a`: not encoded in a known way")
    );
    assert_eq!(
        method("vendor.rpc.Time.encode(a)", "return _ret_"),
        at(12, "method `x` returns other than what it decodes")
    );
    assert_eq!(
        method("vendor.rpc.Time.encode(a)", "b = fetch(rsp)"),
        at(12, "method `x`, parameter `b`: not decoded in a known way")
    );
    let half = "class I(Interface):\n    idlType = \"m.I:1.0.0\"\n    class _x(Interface.Method):\n        name = 'x'\n";
    assert_eq!(refused(half), at(3, "method `x` without its two functions"));
}

#[test]
fn broken_python() {
    assert_eq!(refused("class A(:\n"), at(1, "not valid Python"));
    let package = Package::new().section("m", "M.idl", "x = 1\n");
    let mut deep = String::from("x = ");
    deep.push_str(&"(".repeat(5_000));
    deep.push_str(&")".repeat(5_000));
    deep.push('\n');
    let error = package
        .clone()
        .section("n", "N.idl", &deep)
        .import()
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                name: "nesting",
                ..
            }
        ),
        "{error}"
    );
    let mut limits = Limits::default();
    limits.nesting = 2;
    let error = package
        .import_with(|importer| importer.limits(limits))
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                name: "nesting",
                limit: 2,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_package_without_types_is_none() {
    let error = Package::new()
        .section("m", "M.idl", "x = 1\n")
        .import()
        .unwrap_err();
    assert!(matches!(error, Error::NoTypes), "{error}");
}

#[test]
fn references_round_the_bend_are_refused() {
    let python = "class A(Structure):\n    idlType = \"m.A:1.0.0\"\n    elements = [\"a\"]\n    @classmethod\n    def decode(cls, json, agent):\n        obj = cls(a = vendor.rpc.m.A.decode(json['a'], agent))\n        return obj\n";
    let error = Package::new()
        .section("m", "M.idl", python)
        .import()
        .unwrap_err();
    assert!(matches!(error, Error::Unsound(_)), "{error}");
}
