//! Names, versions and what is wrong with them. The table of malformed inputs is checked elsewhere;
//! here are the hints, and cases beyond the table.

mod support;

use support::{load, load_with, show};
use xerus_idl::lint::{Lint, Lints};
use xerus_idl::model::{TypeIndex, TypeKind, TypeRef};

/// The findings of one text `A.idl`, without forward references.
fn findings(text: &str) -> Vec<String> {
    let loaded = load_with([("A.idl", text)], Lints::default());
    loaded
        .diagnostics
        .iter()
        .map(|d| show(&loaded.sources, d))
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(findings(text), expected, "{text}");
}

#[test]
fn unknown_names_come_with_a_way_out() {
    check(
        "module m {\n  structure A { Lamp_2_0_0 x; };\n  structure Lamp_2_0_1 { int y; };\n}",
        &["A.idl:2:17 E X0401 unknown type `Lamp_2_0_0` | \
           there is a `Lamp_2_0_1` (versions must match exactly)"],
    );
    check(
        "module m { structure A { Lapm x; }; structure Lamp { int y; }; }",
        &["A.idl:1:26 E X0401 unknown type `Lapm` | did you mean `Lamp`?"],
    );
    check(
        "module m { structure A { strng x; bool y; Nothing z; }; }",
        &[
            "A.idl:1:26 E X0401 unknown type `strng` | did you mean `string`?",
            "A.idl:1:35 E X0401 unknown type `bool` | did you mean `boolean`?",
            "A.idl:1:43 E X0401 unknown type `Nothing`",
        ],
    );
    check(
        "module m { structure A { Lamp x; }; }\nmodule o { structure Lamp { int y; }; }",
        &["A.idl:1:26 E X0401 unknown type `Lamp` | there is a `o.Lamp`: write the name in full"],
    );
    check(
        "module m { structure A { o.Lmap x; p.Lamp y; o.Lamp.X z; o.A_1 w; }; }\n\
         module o { structure Lamp { int y; }; structure A_2 { int x; }; }",
        &[
            "A.idl:1:28 E X0401 unknown type `Lmap` in module `o` | did you mean `Lamp`?",
            "A.idl:1:36 E X0401 unknown module or type `p`",
            "A.idl:1:53 E X0401 unknown type `X` in structure `o.Lamp`",
            "A.idl:1:60 E X0401 unknown type `A_1` in module `o` | did you mean `A_2`?",
        ],
    );
    check(
        "module modle { structure A { mdole.A x; }; }",
        &["A.idl:1:30 E X0401 unknown module or type `mdole` | did you mean `modle`?"],
    );
}

#[test]
fn bases_are_not_searched_but_named() {
    let text = "module m {
  interface Base_2_0_0 { structure Inner { int x; }; };
  interface Middle extends Base_2_0_0 { };
  interface Derived extends Middle { Inner f(); Derived.Inner g(); };
}";
    let help = "the base `m.Base_2_0_0` has the name, but bases are not searched: \
                write `m.Base_2_0_0.Inner`";
    check(
        text,
        &[
            &format!("A.idl:4:38 E X0401 unknown type `Inner` | {help}"),
            &format!("A.idl:4:57 E X0401 unknown type `Inner` in interface `m.Derived` | {help}"),
        ],
    );
}

#[test]
fn names_of_other_things_are_no_types() {
    check(
        "module m { interface A { constant int K = 1; void f(in A.K x, in f y); }; \
         structure S { m x; int a; a y; E.X z; }; enumeration E { X }; }",
        &[
            "A.idl:1:58 E X0413 `K` is a constant, not a type",
            "A.idl:1:66 E X0413 `f` is a method, not a type",
            "A.idl:1:89 E X0413 `m` is a module, not a type | \
             write a type of the module, as in `m.Type`",
            "A.idl:1:101 E X0413 `a` is a field, not a type",
            "A.idl:1:108 E X0413 `X` is an enumerator, not a type",
        ],
    );
}

#[test]
fn the_first_hit_decides() {
    // `o` inside `m` hides the module `o`, whatever it holds.
    check(
        "module o { structure A { int x; }; }\n\
         module m { structure o { int x; }; structure B { o.A x; }; }",
        &["A.idl:2:52 E X0401 unknown type `A` in structure `m.o` | \
           there is a `o.A`: write the name in full"],
    );
}

#[test]
fn modules_are_open_and_references_may_point_forward() {
    let loaded = load_with(
        [
            (
                "A.idl",
                "#include <B.idl>\nmodule m { structure A { vector<B> b; C c; }; }",
            ),
            (
                "B.idl",
                "module m { structure B { int x; }; }\nmodule m { structure C { int y; }; }",
            ),
        ],
        Lints::all(),
    );
    assert_eq!(loaded.diagnostics, []);
    assert_eq!(loaded.model.modules().len(), 1);
    assert_eq!(loaded.model.modules()[0].types.len(), 3);
    let model = &loaded.model;
    let names: Vec<_> = model.types().map(|(_, ty)| ty.wire_id.as_str()).collect();
    assert_eq!(names, ["m.A:1.0.0", "m.B:1.0.0", "m.C:1.0.0"]);
    assert_eq!(model.references().len(), 2);
    assert_eq!(model.ty(model.references()[0].to).path, "m.B");
}

#[test]
fn a_base_is_looked_up_outside() {
    let loaded = load([(
        "A.idl",
        "module m {
  valueobject Moved { int x; };
  interface I {
    valueobject Moved extends m.Moved { int y; };
    valueobject Jammed extends Moved { int z; };
  };
}",
    )]);
    let model = &loaded.model;
    let find = |path: &str| model.find(path).unwrap();
    let jammed = find("m.I.Jammed");
    assert_eq!(
        model.lineage(jammed),
        [find("m.Moved"), find("m.I.Moved"), jammed]
    );
    let fields: Vec<_> = model
        .all_fields(jammed)
        .iter()
        .map(|(_, f)| f.name.as_str())
        .collect();
    assert_eq!(fields, ["x", "y", "z"]);
    assert_eq!(
        model.derived(find("m.Moved")).collect::<Vec<_>>(),
        [find("m.I.Moved")]
    );
}

#[test]
fn wire_ids_and_versions() {
    let loaded = load_with(
        [(
            "A.idl",
            "module a { module b {
  interface I_2_0_10 { valueobject Ev_3_0_0 { int x; }; structure S { enumeration E { X }; int f; }; };
  structure G2_N { int x; };
  interface J_1_0_0 { enumeration E { X }; };
} }",
        )],
        Lints::default(),
    );
    let model = &loaded.model;
    let ids: Vec<_> = model.types().map(|(_, ty)| ty.wire_id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "a.b.I:2.0.10",
            "a.b.I_2_0_10.Ev:3.0.0",
            "a.b.I_2_0_10.S:1.0.0",
            "a.b.I_2_0_10.S.E:1.0.0",
            "a.b.G2_N:1.0.0",
            "a.b.J:1.0.0",
            "a.b.J.E:1.0.0",
        ]
    );
    let (_, last) = model.types().last().unwrap();
    assert_eq!((&*last.path, &*last.base_name), ("a.b.J_1_0_0.E", "E"));
    let shown: Vec<_> = loaded
        .diagnostics
        .iter()
        .map(|d| show(&loaded.sources, d))
        .collect();
    assert_eq!(
        shown,
        [
            "A.idl:4:13 W X0503 `J_1_0_0` is the same version as `J`, which is how it is written | \
          a version suffix is `_MAJOR_SUBMAJOR_MINOR`; none means 1.0.0"
        ]
    );
}

#[test]
fn constants_of_every_integer_type() {
    let loaded = load([(
        "A.idl",
        "module m { interface A {
  typedef long Big;
  constant byte B = 255; constant int I = -2147483648; constant long L = -9223372036854775808;
  constant Big T = 0xFFFFFFFFFF; constant int H = 0x0F;
}; }",
    )]);
    let (_, ty) = loaded.model.types().next().unwrap();
    let TypeKind::Interface(interface) = &ty.kind else {
        panic!("{ty:?}")
    };
    let values: Vec<_> = interface.constants.iter().map(|c| c.value).collect();
    assert_eq!(
        values,
        [255, i64::from(i32::MIN), i64::MIN, 0xff_ffff_ffff, 15]
    );
    check(
        "module m { interface A { typedef byte B; constant string S = 1; constant B K = 256; \
         constant A L = 1; constant int C = 1; constant int C = 1; }; }",
        &[
            "A.idl:1:51 E X0415 a constant of type `string` cannot have an integer value | \
             constants are of type `int`, `long` or `byte`",
            "A.idl:1:80 E X0416 the value does not fit `byte`",
            "A.idl:1:94 E X0415 a constant of such a type cannot have an integer value | \
             constants are of type `int`, `long` or `byte`",
            "A.idl:1:136 E X0408 duplicate constant `C`; first at 1:116",
        ],
    );
}

#[test]
fn cycles_through_other_declarations() {
    check(
        "module m {
  structure A { vector<A> fine; B b; };
  structure B { interface_ c; };
  structure interface_ { A a; map<string, B> fine; };
  structure Outside { A a; };
}",
        &[
            "A.idl:2:33 E X0411 structure `A` contains itself by value: A -> B -> interface_ -> A \
           (use vector or map); no finite value exists | `vector<B>` can be empty and ends the chain",
        ],
    );
    check(
        "module m { interface I { typedef S T; structure S { T t; }; typedef vector<V> V; \
         typedef W X; typedef X W; }; }",
        &[
            "A.idl:1:53 E X0411 structure `S` contains itself by value: S -> T -> S \
             (use vector or map); no finite value exists | `vector<T>` can be empty and ends the chain",
            "A.idl:1:69 E X0412 typedef stands for itself: V -> V | \
             a typedef is only another name; a structure can hold a vector of itself",
            "A.idl:1:90 E X0412 typedef stands for itself: X -> W -> X | \
             a typedef is only another name; a structure can hold a vector of itself",
        ],
    );
    check(
        "module m { interface A extends A { }; }",
        &["A.idl:1:32 E X0410 inheritance cycle A -> A"],
    );
    // A null ends these.
    check(
        "module m { valueobject V { V next; S s; }; structure S { V v; A a; }; \
           interface A { S s(); }; }",
        &[],
    );
}

#[test]
fn duplicates() {
    let loaded = load_with(
        [
            ("A.idl", "module m { structure A { int x; }; }"),
            ("B.idl", "module m { interface A { }; module A { }; }"),
            (
                "C.idl",
                "module m { interface I { structure S { int x; }; enumeration S { X }; }; }",
            ),
        ],
        Lints::default(),
    );
    let shown: Vec<_> = loaded
        .diagnostics
        .iter()
        .map(|d| show(&loaded.sources, d))
        .collect();
    let help = "a name stands for one type or module in its scope, in all files together";
    assert_eq!(
        shown,
        [
            format!("B.idl:1:22 E X0402 `A` already declared in module `m` at A.idl:1:22 | {help}"),
            format!("B.idl:1:36 E X0402 `A` already declared in module `m` at A.idl:1:22 | {help}"),
            format!("C.idl:1:62 E X0402 `S` already declared in interface `m.I` at 1:36 | {help}"),
        ]
    );
    // Members live in tables of their own.
    check(
        "module m { interface A { constant int x = 1; int x(in int x); structure y { int y; }; \
         void y(); }; enumeration E { m, A, E }; }",
        &[],
    );
}

#[test]
fn members_of_bases() {
    check(
        "module m {
  interface A { int f(); constant int K = 1; constant int L = 1; };
  interface B extends A { int g(); };
  interface C extends B { int f(); int g(); constant int K = 1; constant int L = 2; };
  interface D extends A { int g(); };
  valueobject V { int x; };
  valueobject W extends V { string x; };
}",
        &[
            "A.idl:4:31 E X0419 `f` is already a method of base `A`; a call could not tell them apart",
            "A.idl:4:40 E X0419 `g` is already a method of base `B`; a call could not tell them apart",
            "A.idl:4:78 W X0502 constant `L` hides `A.L` with another value",
            "A.idl:7:36 E X0419 `x` is already a field of base `V`; a value has one member of a name",
        ],
    );
}

#[test]
fn annotation_errors() {
    check(
        "module m {
  [unknown_fallback(A)] enumeration E { A };
  [unknown_fallback(\"a\")] enumeration F { A, B };
  [sparse_in(1)] structure S { [sparse_in] int x; };
  [deprecated] [deprecated] [depricated] structure T { int x; };
  [unknown_fallback] interface I { [unknown_fallback(\"X\")] void f(); };
}",
        &[
            "A.idl:2:4 E X0417 `unknown_fallback` needs one string argument | \
             for example `[unknown_fallback(\"A\")]`",
            "A.idl:3:21 E X0417 `a` is not an enumerator of `F` | did you mean `\"A\"`?",
            "A.idl:4:4 E X0417 `sparse_in` takes no arguments | write `[sparse_in]`",
            "A.idl:4:33 E X0418 `sparse_in` applies to structures only",
            "A.idl:5:17 W X0507 annotation `deprecated` given twice; the first counts",
            "A.idl:5:30 W X0501 unknown annotation `depricated` kept but ignored | \
             did you mean `deprecated`?",
            "A.idl:6:4 E X0418 `unknown_fallback` applies to enumerations only",
            "A.idl:6:37 E X0418 `unknown_fallback` applies to enumerations only",
        ],
    );
}

#[test]
fn map_keys_through_typedefs() {
    let loaded = load([(
        "A.idl",
        "module m { interface I { typedef string Key; typedef map<Key, int> M; void f(in M m); }; }",
    )]);
    let model = &loaded.model;
    let (_, interface) = model.types().next().unwrap();
    let ty = &interface.methods()[0].parameters[0].ty;
    assert_eq!(model.type_text(ty).to_string(), "m.I.M:1.0.0");
    assert_eq!(
        model.type_text(model.unaliased(ty)).to_string(),
        "map<m.I.Key:1.0.0, int>"
    );
    check(
        "module m { interface I { typedef time Key; enumeration E { X }; typedef map<Key, int> M; \
         map<E, int> e(); map<vector<int>, int> v(); }; }",
        &[
            "A.idl:1:77 E X0414 map keys must be `string` or `int` | only these two have a form on the wire",
            "A.idl:1:94 E X0414 map keys must be `string` or `int` | only these two have a form on the wire",
            "A.idl:1:111 E X0414 map keys must be `string` or `int` | only these two have a form on the wire",
        ],
    );
}

#[test]
fn includes_count_through_others() {
    let texts = [
        (
            "A.idl",
            "#include <B.idl>\nmodule a { structure A { c.C c; d.D d; d.D e; }; }",
        ),
        ("B.idl", "#include <C.idl>\nmodule b { }"),
        ("C.idl", "module c { structure C { int x; }; }"),
        ("D.idl", "module d { structure D { int x; }; }"),
    ];
    let loaded = load_with(texts, Lints::default());
    let shown: Vec<_> = loaded
        .diagnostics
        .iter()
        .map(|d| show(&loaded.sources, d))
        .collect();
    assert_eq!(
        shown,
        [
            "A.idl:2:33 W X0504 `d.D` is declared in D.idl, which this file does not include | \
          add `#include <D.idl>`"
        ]
    );
    let quiet = load_with(texts, Lints::default().without(Lint::NotIncluded));
    assert_eq!(quiet.diagnostics, []);
}

#[test]
fn several_versions_stand_side_by_side() {
    let loaded = load([(
        "A.idl",
        "module m {
  interface A { structure S { int x; }; };
  interface A_2_1_0 { structure S { int x; }; };
  interface A_2_0_9 { structure S_3_0_0 { int x; }; A_2_1_0.S f(in A a, in S_3_0_0 s); };
}",
    )]);
    let model = &loaded.model;
    let paths = |name: &str| -> Vec<&str> {
        model
            .find_versions(name)
            .into_iter()
            .map(|index| &*model.ty(index).path)
            .collect()
    };
    assert_eq!(paths("m.A"), ["m.A_2_1_0", "m.A_2_0_9", "m.A"]);
    assert_eq!(
        paths("m.A.S"),
        ["m.A_2_1_0.S", "m.A_2_0_9.S_3_0_0", "m.A.S"]
    );
    assert_eq!(paths("m.A_2_1_0"), Vec::<&str>::new());
    assert_eq!(model.select("m.A").unwrap().len(), 3);
    assert_eq!(model.select("m.A:1.0.0").unwrap().len(), 1);
    assert_eq!(model.select("m").unwrap().len(), 6);
    let roots = model.select("m.A_2_0_9").unwrap();
    let reached: Vec<_> = model
        .reach(&roots)
        .iter()
        .map(|&i| &*model.ty(i).path)
        .collect();
    assert_eq!(
        reached,
        [
            "m.A",
            "m.A_2_1_0",
            "m.A_2_1_0.S",
            "m.A_2_0_9",
            "m.A_2_0_9.S_3_0_0"
        ]
    );
}

#[test]
fn unresolved_members_are_left_out() {
    let loaded = load_with(
        [(
            "A.idl",
            "module m { structure A { Gone x; int y; }; interface I { Gone f(); int g(); }; }",
        )],
        Lints::none(),
    );
    assert_eq!(loaded.diagnostics.len(), 2);
    let ty = |index| loaded.model.ty(TypeIndex(index));
    assert_eq!(ty(0).fields().len(), 1);
    assert_eq!(ty(1).methods().len(), 1);
    assert_eq!(
        ty(1).methods()[0].returns,
        Some(TypeRef::Builtin(xerus_idl::model::Builtin::Int))
    );
}

#[test]
fn endless_paths_are_refused() {
    let long = "x".repeat(600);
    check(
        &format!(
            "module {long} {{ module b{long} {{ structure S {{ int x; }}; }} structure c{long} {{ Gone x; }}; }}"
        ),
        &[
            "A.idl:1:618 E X0422 with its enclosing names this name is longer than 1000 bytes",
            "A.idl:1:1258 E X0422 with its enclosing names this name is longer than 1000 bytes",
        ],
    );
}
