//! What a class body holds beside what is understood: nothing of it is lost without a word.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use support::{Package, body, findings};
use xerus_import::{Error, FindingKind};

/// The lines of [`support::section`].
const ABOVE: usize = 7;

const HELP: &str = "help: --lenient leaves these out of the IDL and lists them";

fn package(python: &str) -> Package {
    Package::new().section("m", "M.idl", python)
}

/// Line in the text and message of every problem, and whether the help follows.
fn problems(python: &str) -> (Vec<(usize, String)>, bool) {
    let error = package(python).import().unwrap_err();
    let helps = error.to_string().lines().any(|line| line == HELP);
    let Error::NotUnderstood(problems) = error else {
        panic!("{error}");
    };
    let found = problems.into_iter();
    let found = found.map(|one| (one.line as usize - ABOVE, one.message));
    (found.collect(), helps)
}

#[track_caller]
fn assert_left_out(python: &str, line: usize, message: &str) {
    let (found, helps) = problems(python);
    assert_eq!(found, [(line, message.to_owned())], "{python}");
    assert!(helps, "{python}");
    let imported = package(python)
        .import_with(|importer| importer.lenient(true))
        .unwrap();
    assert_eq!(
        findings(&imported, "left out"),
        [format!(
            "vendor/rpc/m/__init__.py:{}: {message}",
            line + ABOVE
        )]
    );
    assert_eq!(imported.report.count(FindingKind::LeftOut), 1);
}

#[track_caller]
fn assert_refused_always(python: &str, line: usize, message: &str) {
    let (found, helps) = problems(python);
    assert_eq!(found, [(line, message.to_owned())], "{python}");
    assert!(!helps, "{python}");
    let error = package(python)
        .import_with(|importer| importer.lenient(true))
        .unwrap_err();
    assert!(matches!(error, Error::NotUnderstood(_)), "{error}");
}

/// An interface with one line in its body, which is line 3.
fn interface(line: &str) -> String {
    format!("class I(Interface):\n    idlType = \"m.I:1.0.0\"\n    {line}\n    OK = 0\n")
}

/// A structure with one line in its body, which is line 4.
fn structure(line: &str) -> String {
    format!(
        "class S(Structure):\n    idlType = \"m.S:1.0.0\"\n    elements = [\"f\"]\n    {line}\n    @classmethod\n    def \
         decode(cls, json, agent):\n        obj = cls(\n            f = json['f'],\n        )\n        return obj\n"
    )
}

const STATEMENTS: [&str; 12] = [
    "X, Y = 1, 2",
    "X += 1",
    "x.y = 1",
    "del X",
    "register()",
    "for x in y: pass",
    "if debug: X = 1",
    "try: X = 1\n    except E: pass",
    "with x: pass",
    "assert X",
    "global X",
    "raise X",
];

#[test]
fn statements() {
    for line in STATEMENTS {
        assert_left_out(
            &interface(line),
            3,
            "`m.I`: a statement that is not understood",
        );
        assert_left_out(
            &structure(line),
            4,
            "`m.S`: a statement that is not understood",
        );
        let enumeration = format!(
            "class E(Enumeration):\n    idlType = \"m.E:1.0.0\"\n    values = [\"A\"]\n    {line}\n"
        );
        let message = "`m.E`: a statement that is not understood";
        assert_left_out(&enumeration, 4, message);
    }
}

#[test]
fn what_says_nothing_is_no_problem() {
    for line in ["pass", "\"\"\"Text.\"\"\"", "import x"] {
        assert!(package(&interface(line)).import().is_ok(), "{line}");
        assert!(package(&structure(line)).import().is_ok(), "{line}");
    }
    // The vendor's generator writes this for value objects without fields.
    let empty = structure("def __init(self):\n        pass");
    assert!(package(&empty).import().is_ok());
}

#[test]
fn members_that_are_not_understood_are_left_out_whole() {
    let python = interface("X = compute()");
    assert_left_out(&python, 3, "`X`: odd constant");
    assert_left_out(
        &interface("def x(self): return 5"),
        3,
        "function `x` is no method",
    );
    assert_left_out(
        &interface("class x(Interface.Method): pass"),
        3,
        "class `x`: a method without a name",
    );
    assert_left_out(
        &interface("class x(object): pass"),
        3,
        "class `x` without a type id",
    );
    let imported = package(&python)
        .import_with(|importer| importer.lenient(true))
        .unwrap();
    assert_eq!(
        body(&imported, "M.idl"),
        "interface I {\n    constant int OK = 0;\n};"
    );
    // A method with one bad parameter goes whole, its neighbour stays.
    let method = |name: &str, value: &str| {
        format!(
            "    class _{name}(Interface.Method):\n        name = '{name}'\n        @staticmethod\n        def encode(a):\n            \
             typecheck.is_int(a, AssertionError)\n            args = {{}}\n            args['a'] = {value}\n            return args\n        \
             @staticmethod\n        def decode(rsp, agent):\n            return None\n"
        )
    };
    let python = format!(
        "class I(Interface):\n    idlType = \"m.I:1.0.0\"\n{}{}",
        method("x", "f(g(a))"),
        method("y", "a")
    );
    assert_left_out(
        &python,
        9,
        "method `x`, parameter `a`: not encoded in a known way",
    );
    let imported = package(&python)
        .import_with(|importer| importer.lenient(true))
        .unwrap();
    assert_eq!(
        body(&imported, "M.idl"),
        "interface I {\n    void y(in int a);\n};"
    );
}

#[test]
fn functions_of_structures_that_say_more() {
    let more = "`m.S`: a statement that is not understood";
    let with = |line: &str| {
        structure(&format!(
            "def encode(self):\n        json = {{}}\n        {line}\n        return json"
        ))
    };
    assert_left_out(&with("if self.g: json['g'] = self.g"), 6, more);
    assert_left_out(&with("json.update(self.rest)"), 6, more);
    assert_left_out(&with("json = {'g': 1}"), 6, more);
    assert_left_out(
        &structure("def clone(self): return S(self.f)"),
        4,
        "`m.S`: function `clone` is not understood",
    );
    // A member that is encoded, but listed nowhere.
    assert_refused_always(
        &with("json['g'] = self.g"),
        1,
        "field `g` is not among the elements",
    );
    assert_refused_always(
        &with("json['f'] = pack(self.f)"),
        1,
        "field `f`: encoded in no known way",
    );
}

#[test]
fn enumerators_have_the_numbers_of_their_places() {
    let of_module = |line: &str| {
        format!(
            "class E(Enumeration):\n    idlType = \"m.E:1.0.0\"\n    values = [\"A\", \"B\"]\n{line}\n"
        )
    };
    for line in ["E.A = E(1)", "E.C = E(2)", "E.B = E(-1)"] {
        let name = line.split(' ').next().unwrap();
        let message = format!("`{name}` has another number than in `values`");
        assert_refused_always(&of_module(line), 4, &message);
        let inner = of_module(line)
            .replace("m.E", "m.I.E")
            .replace('\n', "\n    ");
        let inner = format!("class I(Interface):\n    idlType = \"m.I:1.0.0\"\n    {inner}");
        assert_refused_always(inner.trim_end(), 6, &message);
    }
    assert!(package(&of_module("E.B = E(1)")).import().is_ok());
}

#[test]
fn what_stands_beside_the_types_is_listed() {
    let python = format!(
        "{}\ntry:\n    import x\nexcept E:\n    pass\nE.f = 1\n",
        interface("pass")
    );
    let imported = package(&python).import().unwrap();
    let place = |line: usize| format!("m:{}", line + ABOVE);
    assert_eq!(
        findings(&imported, "skipped"),
        [
            format!("{}: statement beside the types", place(6)),
            format!("{}: statement beside the types", place(10)),
        ]
    );
}
