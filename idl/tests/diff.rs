//! The comparison, one pair for every kind of change.
//!
//! Expected: a line for each type with the step demanded and taken, below it its changes, each with class,
//! effect on Rust callers and demanded step.

mod support;

use support::load_with;
use xerus_idl::diff::{Change, Comparison, Travel, compare};
use xerus_idl::lint::Lints;
use xerus_idl::model::Model;

fn module(body: &str) -> Model {
    let text = format!("module m {{ {body} }}\n");
    let loaded = load_with([("M.idl", text)], Lints::all());
    assert!(loaded.diagnostics.iter().all(|d| !d.is_error()), "{body}");
    loaded.model
}

fn change_line(change: &Change) -> String {
    let words = [
        change.class.word(),
        change.effect.word(),
        change.step.word(),
        change.item.word(),
        change.action.word(),
    ];
    let texts: Vec<_> = change.old.iter().chain(&change.new).cloned().collect();
    let travel = change.travel.map_or("-", Travel::word);
    format!(
        "{} {} [{}] {travel}",
        words.join(" "),
        change.name(),
        texts.join(" -> ")
    )
}

fn lines(comparison: &Comparison) -> Vec<String> {
    let lone = comparison.removed.iter().chain(&comparison.added);
    let mut lines: Vec<_> = lone.map(change_line).collect();
    for ty in &comparison.types {
        let (demanded, taken) = (ty.demanded.word(), ty.taken.word());
        let habit = ty
            .habit
            .map_or_else(String::new, |habit| format!(", {}", habit.words()));
        lines.push(format!(
            "{}: {demanded}, {taken}, {}{habit}",
            ty.path,
            ty.verdict().words()
        ));
        lines.extend(
            ty.changes
                .iter()
                .map(|change| format!("- {}", change_line(change))),
        );
    }
    let older = comparison.older.iter();
    lines.extend(older.map(|older| format!("older {} {}", older.in_new, older.wire_id)));
    lines
}

/// Title, old IDL, new IDL, what is expected.
type Case = (Text, Text, Text, &'static [Text]);
type Text = &'static str;

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("nothing",
    "structure A { int x; };",
    "structure A { int x; };", &[]),
    ("documentation and order of declarations",
    "structure A { int x; }; opaque B;",
    "opaque B; /** text */ structure A { int x; };", &[]),
    ("type added",
    "opaque B;",
    "opaque B; structure A_2_0_0 { int x; };", &[
        "compatible source-compatible minor type added m.A [structure m.A:2.0.0] -",]),
    ("type removed, with what it contains",
    "interface A { enumeration E { X }; void f(); }; opaque B;",
    "opaque B;", &[
        "breaking breaking major type removed m.A [interface m.A:1.0.0] -",]),
    ("kind",
    "structure A { int x; };",
    "valueobject A { int x; };", &[
        "m.A: major, no, too small",
        "- breaking breaking major kind changed m.A [structure -> valueobject] from-device",]),
    ("nested structure and event added",
    "interface A { void f(); };",
    "interface A_1_0_1 { structure S { int x; }; valueobject Ev { int x; }; void f(); };", &[
        "m.A: minor, minor, as demanded",
        "- compatible source-compatible minor event added m.A.Ev [valueobject m.A_1_0_1.Ev:1.0.0] from-device",
        "- compatible source-compatible minor type added m.A.S [structure m.A_1_0_1.S:1.0.0] -",]),
    ("major number of an interface alone, either way, and of values",
    "interface A { void f(); }; interface B_2_0_0 { void f(); }; structure S { int x; }; valueobject V { int x; };",
    "interface A_2_0_0 { void f(); }; interface B_1_0_9 { void f(); }; structure S_2_0_0 { int x; }; valueobject V_2_0_0 { int x; };", &[
        "m.A: no, major, too large",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "m.B: no, backward, backward",
        "- breaking recompile no version changed m.B [2.0.0 -> 1.0.9] -",
        "m.S: no, major, too large",
        "m.V: no, major, too large",]),
    ("other numbers of an interface",
    "interface A { void f(); };",
    "interface A_1_2_3 { void f(); };", &[
        "m.A: no, submajor, too large",]),
    ("event removed",
    "interface A { valueobject Ev { int x; }; void f(); };",
    "interface A_2_0_0 { void f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking breaking major event removed m.A.Ev [valueobject m.A.Ev:1.0.0] from-device",]),
    ("method added",
    "interface A { void f(); };",
    "interface A_1_0_1 { void f(); int g(in string s, out int n); };", &[
        "m.A: minor, minor, as demanded",
        "- compatible source-compatible minor method added m.A.g [int g(in string s, out int n)] -",]),
    ("method removed",
    "interface A { void f(); int g(in string s); };",
    "interface A_2_0_0 { void f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking breaking major method removed m.A.g [int g(in string s)] -",]),
    ("return type",
    "interface A { int f(); void g(); };",
    "interface A_2_0_0 { long f(); int g(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking breaking major return changed m.A.f [int -> long] -",
        "- compatible breaking minor return changed m.A.g [void -> int] -",]),
    ("parameter type, direction and name",
    "interface A { void f(in int a, in int b, in int c); };",
    "interface A_2_0_0 { void f(in string a, out int b, in int d); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking breaking major parameter changed m.A.f(a) [in int -> in string] -",
        "- breaking breaking major parameter changed m.A.f(b) [in int -> out int] -",
        "- breaking breaking major parameter removed m.A.f(c) [in int] -",
        "- breaking breaking major parameter added m.A.f(d) [in int] -",]),
    ("order of in-parameters",
    "interface A { void f(in int a, in int b); };",
    "interface A { void f(in int b, in int a); };", &[
        "m.A: major, no, too small",
        "- compatible breaking major parameter reordered m.A.f [a, b -> b, a] -",]),
    ("in-parameters and out-parameters mixed otherwise",
    "interface A { void f(in int a, out int b); };",
    "interface A { void f(out int b, in int a); };", &[
        "m.A: no, no, as demanded",
        "- compatible source-compatible no parameter reordered m.A.f [a, b -> b, a] -",]),
    ("constant added, removed, changed",
    "interface A { constant int K = 1; constant int L = 2; void f(); };",
    "interface A_2_0_0 { constant int K = 3; constant int M = 4; void f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking recompile major constant changed m.A.K [1 -> 3] -",
        "- breaking breaking major constant removed m.A.L [2] -",
        "- compatible source-compatible minor constant added m.A.M [4] -",]),
    ("base put on top",
    "interface B { void g(); }; interface A { void f(); };",
    "interface B { void g(); }; interface A_1_0_1 extends B { void f(); };", &[
        "m.A: minor, minor, as demanded",
        "- compatible source-compatible minor base added m.A [m.B] -",]),
    ("base put in between",
    "interface B { void g(); }; interface C extends B { void h(); }; interface A extends B { void f(); };",
    "interface B { void g(); }; interface C extends B { void h(); }; interface A_1_0_1 extends C { void f(); };", &[
        "m.A: minor, minor, as demanded",
        "- compatible source-compatible minor base changed m.A [m.B -> m.C] -",]),
    ("base taken away",
    "interface B { void g(); }; interface A extends B { void f(); };",
    "interface B { void g(); }; interface A_2_0_0 { void f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking breaking major base removed m.A [m.B] -",]),
    ("method moved to the base",
    "interface B { void g(); }; interface A extends B { void f(); };",
    "interface B_1_0_1 { void g(); void f(); }; interface A_1_0_1 extends B_1_0_1 { };", &[
        "m.A: minor, minor, as demanded",
        "- reference recompile minor reference changed m.A [m.B:1.0.0 -> m.B:1.0.1] -",
        "m.B: minor, minor, as demanded",
        "- compatible source-compatible minor method added m.B.f [void f()] -",]),
    ("field added to what the device sends",
    "structure S { int x; }; interface A { S f(); };",
    "structure S_1_0_1 { int x; int y; }; interface A_1_0_1 { S_1_0_1 f(); };", &[
        "m.A: minor, minor, as demanded",
        "- reference recompile minor reference changed m.A [m.S:1.0.0 -> m.S:1.0.1] -",
        "m.S: minor, minor, as demanded",
        "- compatible source-compatible minor field added m.S.y [int] from-device",]),
    ("field added to what is sent to the device",
    "structure S { int x; }; interface A { void f(in vector<S> s); };",
    "structure S_2_0_0 { int x; int y; }; interface A_2_0_0 { void f(in vector<S_2_0_0> s); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- reference recompile major reference changed m.A [m.S:1.0.0 -> m.S:2.0.0] -",
        "m.S: major, major, as demanded",
        "- breaking breaking major field added m.S.y [int] to-device",]),
    ("field added to what goes both ways",
    "interface A { structure S { int x; }; S f(); void g(in S s); };",
    "interface A_2_0_0 { structure S { int x; int y; }; S f(); void g(in S s); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking breaking major field added m.A.S.y [int] both",]),
    ("field added to a sparse request",
    "interface A { [sparse_in] structure S { int x; }; void g(in S s); };",
    "interface A_1_0_1 { [sparse_in] structure S { int x; int y; }; void g(in S s); };", &[
        "m.A: minor, minor, as demanded",
        "- compatible source-compatible minor field added m.A.S.y [int] to-device",]),
    ("field of an event added",
    "interface A { valueobject Ev { int x; }; void f(); };",
    "interface A_1_0_1 { valueobject Ev { int x; time t; }; void f(); };", &[
        "m.A: minor, minor, as demanded",
        "- compatible source-compatible minor field added m.A.Ev.t [time] from-device",]),
    ("field removed and another type",
    "structure S { int x; int y; }; interface A { S f(); };",
    "structure S_2_0_0 { string y; }; interface A_2_0_0 { S_2_0_0 f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- reference recompile major reference changed m.A [m.S:1.0.0 -> m.S:2.0.0] -",
        "m.S: major, major, as demanded",
        "- breaking breaking major field removed m.S.x [int] from-device",
        "- breaking breaking major field changed m.S.y [int -> string] from-device",]),
    ("fields in another order",
    "structure S { int x; int y; }; interface A { S f(); };",
    "structure S { int y; int x; }; interface A { S f(); };", &[
        "m.S: no, no, as demanded",
        "- compatible recompile no field reordered m.S [x, y -> y, x] from-device",]),
    ("map key",
    "structure S { map<string, int> x; };",
    "structure S_2_0_0 { map<int, int> x; };", &[
        "m.S: major, major, as demanded",
        "- breaking breaking major map key changed m.S.x [map<string, int> -> map<int, int>] -",]),
    ("alias written out",
    "interface A { typedef map<int, int> M; M f(); };",
    "interface A { typedef map<int, int> M; map<int, int> f(); };", &[]),
    ("target of an alias",
    "interface A { typedef map<int, int> M; M f(); };",
    "interface A_2_0_0 { typedef map<int, long> M; M f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking breaking major target changed m.A.M [map<int, int> -> map<int, long>] from-device",]),
    ("enumerator appended",
    "enumeration E { X, Y }; interface A { E f(); };",
    "enumeration E_1_0_1 { X, Y, Z }; interface A_1_0_1 { E_1_0_1 f(); };", &[
        "m.A: minor, minor, as demanded",
        "- reference recompile minor reference changed m.A [m.E:1.0.0 -> m.E:1.0.1] -",
        "m.E: minor, minor, as demanded",
        "- compatible source-compatible minor enumerator added m.E.Z [2] from-device",]),
    ("enumerator inserted",
    "enumeration E { X, Y };",
    "enumeration E_2_0_0 { X, Z, Y };", &[
        "m.E: major, major, as demanded",
        "- breaking recompile major enumerator inserted m.E.Z [1] -",]),
    ("enumerator removed in front, another appended",
    "enumeration E { X, Y };",
    "enumeration E_2_0_0 { Y, Z };", &[
        "m.E: major, major, as demanded",
        "- breaking breaking major enumerator removed m.E.X [0] -",
        "- compatible source-compatible minor enumerator added m.E.Z [1] -",]),
    ("enumerator renamed",
    "enumeration E { X, Y };",
    "enumeration E_2_0_0 { X, Z };", &[
        "m.E: major, major, as demanded",
        "- compatible breaking major enumerator renamed m.E.Y [Y -> Z] -",]),
    ("enumerators in another order",
    "enumeration E { X, Y, Z };",
    "enumeration E_2_0_0 { Z, X, Y };", &[
        "m.E: major, major, as demanded",
        "- breaking recompile major enumerator reordered m.E [X, Y, Z -> Z, X, Y] -",]),
    ("fallback added",
    "enumeration E { X, Y };",
    r#"[unknown_fallback("Y")] enumeration E { X, Y };"#, &[
        "m.E: no, no, as demanded",
        "- compatible recompile no fallback added m.E [Y] -",]),
    ("fallback changed",
    r#"[unknown_fallback("X")] enumeration E { X, Y };"#,
    r#"[unknown_fallback("Y")] enumeration E { X, Y };"#, &[
        "m.E: no, no, as demanded",
        "- compatible recompile no fallback changed m.E [X -> Y] -",]),
    ("marks",
    "interface A { void f();\n/** @idempotent */ void g();\n/** @wire a.b */ void h(); /** @error 1 X */ void i(); };",
    "interface A { /** @timeout 5s */ void f(); void g();\n/** @wire a.c */ void h(); /** @error 1 Y */ void i(); };", &[
        "m.A: major, no, too small",
        "- compatible recompile no marks added m.A.f [@timeout 5000ms] -",
        "- compatible recompile no marks removed m.A.g [@idempotent] -",
        "- breaking breaking major marks changed m.A.h [@wire a.b -> @wire a.c] -",
        "- compatible breaking no marks changed m.A.i [@error 1 X -> @error 1 Y] -",]),
    ("marks of a type that rose",
    "structure S { int x; }; interface A { /** @progress vector<S> */ void f(); };",
    "structure S_1_0_1 { int x; }; interface A_1_0_1 { /** @progress vector<S_1_0_1> */ void f(); };", &[
        "m.A: no, minor, too large, follows references",
        "m.S: no, minor, too large",]),
    ("deprecated",
    "interface A { void f(); void g(); };",
    "interface A { [deprecated] void f(); void g(); };", &[
        "m.A: no, no, as demanded",
        "- compatible recompile no annotation added m.A.f [[deprecated]] -",]),
    ("sparse_in added",
    "structure S { int x; }; interface A { void f(in S s); };",
    "[sparse_in] structure S_1_0_1 { int x; }; interface A_1_0_1 { void f(in S_1_0_1 s); };", &[
        "m.A: minor, minor, as demanded",
        "- reference recompile minor reference changed m.A [m.S:1.0.0 -> m.S:1.0.1] -",
        "m.S: minor, minor, as demanded",
        "- compatible source-compatible minor annotation added m.S [[sparse_in]] to-device",]),
    ("sparse_in removed",
    "[sparse_in] structure S { int x; }; interface A { void f(in S s); };",
    "structure S_2_0_0 { int x; }; interface A_2_0_0 { void f(in S_2_0_0 s); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- reference recompile major reference changed m.A [m.S:1.0.0 -> m.S:2.0.0] -",
        "m.S: major, major, as demanded",
        "- breaking breaking major annotation removed m.S [[sparse_in]] to-device",]),
    ("incompatible through two references",
    "structure S { int x; }; interface B { S g(); }; interface A { B f(); };",
    "structure S_2_0_0 { string x; }; interface B_2_0_0 { S_2_0_0 g(); }; interface A_1_1_0 { B_2_0_0 f(); };", &[
        "m.A: submajor, submajor, as demanded",
        "- reference recompile submajor reference changed m.A [m.B:1.0.0 -> m.B:2.0.0] -",
        "m.B: major, major, as demanded",
        "- breaking recompile no version changed m.B [1.0.0 -> 2.0.0] -",
        "- reference recompile major reference changed m.B [m.S:1.0.0 -> m.S:2.0.0] -",
        "m.S: major, major, as demanded",
        "- breaking breaking major field changed m.S.x [int -> string] from-device",]),
    ("references in a circle",
    "interface A { B f(); }; interface B { A g(); void h(); };",
    "interface A_1_1_0 { B_2_0_0 f(); }; interface B_2_0_0 { A_1_1_0 g(); };", &[
        "m.A: submajor, submajor, as demanded",
        "- reference recompile submajor reference changed m.A [m.B:1.0.0 -> m.B:2.0.0] -",
        "m.B: major, major, as demanded",
        "- breaking recompile no version changed m.B [1.0.0 -> 2.0.0] -",
        "- breaking breaking major method removed m.B.h [void h()] -",
        "- reference recompile submajor reference changed m.B [m.A:1.0.0 -> m.A:1.1.0] -",]),
    ("major step without visible cause",
    "interface B { void g(); }; interface A { B f(); };",
    "interface B_2_0_0 { void g(); }; interface A { B_2_0_0 f(); };", &[
        "m.B: no, major, too large",
        "- breaking recompile no version changed m.B [1.0.0 -> 2.0.0] -",]),
    ("version not raised",
    "interface A { void f(); };",
    "interface A { int f(); };", &[
        "m.A: minor, no, too small",
        "- compatible breaking minor return changed m.A.f [void -> int] -",]),
    ("version raised too little",
    "interface A { void f(); };",
    "interface A_1_0_1 { };", &[
        "m.A: major, minor, too small",
        "- breaking breaking major method removed m.A.f [void f()] -",]),
    ("version lowered",
    "interface A_1_0_1 { void f(); };",
    "interface A { void f(); };", &[
        "m.A: no, backward, backward",]),
    ("reference without the step",
    "structure S { int x; }; interface A { S f(); };",
    "structure S_2_0_0 { int y; }; interface A { S_2_0_0 f(); };", &[
        "m.A: major, no, too small",
        "- reference recompile major reference changed m.A [m.S:1.0.0 -> m.S:2.0.0] -",
        "m.S: major, major, as demanded",
        "- breaking breaking major field removed m.S.x [int] from-device",
        "- compatible source-compatible minor field added m.S.y [int] from-device",]),
    ("nested event with a version of its own",
    "interface A { valueobject Ev { int x; }; void f(); };",
    "interface A_2_0_0 { valueobject Ev_2_0_0 { string x; }; void f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- reference recompile major reference changed m.A [m.A.Ev:1.0.0 -> m.A_2_0_0.Ev:2.0.0] -",
        "m.A.Ev: major, major, as demanded",
        "- breaking breaking major field changed m.A.Ev.x [int -> string] from-device",]),
    ("several versions: the newest counts",
    "interface A { void f(); }; interface A_2_0_0 { void f(); };",
    "interface A_2_0_0 { void f(); }; interface A_2_0_1 { void f(); void g(); };", &[
        "m.A: minor, minor, as demanded",
        "- compatible source-compatible minor method added m.A.g [void g()] -",
        "older false m.A:1.0.0",
        "older true m.A:2.0.0",]),
    ("another old version named",
    "interface A { void f(); }; interface A_1_0_1 { void f(); }; interface A_1_0_2 { void f(); }; interface B { A g(); };",
    "interface A { void f(); }; interface A_1_0_1 { void f(); }; interface A_1_0_2 { void f(); }; interface B_1_0_1 { A_1_0_1 g(); };", &[
        "m.B: minor, minor, as demanded",
        "- reference recompile minor reference changed m.B [m.A:1.0.0 -> m.A:1.0.1] -",
        "older false m.A:1.0.0",
        "older false m.A:1.0.1",
        "older true m.A:1.0.0",
        "older true m.A:1.0.1",]),
    ("version raised without a change",
    "interface A { void f(); };",
    "interface A_1_0_1 { void f(); };", &[
        "m.A: no, minor, too large",]),
    ("annotation of a member unknown to the language",
    "structure S { int x; };",
    r#"structure S { [shiny("a")] int x; };"#, &[
        "m.S: no, no, as demanded",
        r#"- compatible source-compatible no annotation added m.S.x [[shiny("a")]] -"#,]),
    ("type moved into an interface",
    "structure S { int x; }; interface A { S f(); };",
    "interface A_1_0_1 { structure S { int x; }; S f(); };", &[
        "compatible breaking minor type removed m.S [structure m.S:1.0.0] from-device",
        "m.A: minor, minor, as demanded",
        "- compatible breaking minor return changed m.A.f [m.S:1.0.0 -> m.A_1_0_1.S:1.0.0] -",
        "- compatible source-compatible minor type added m.A.S [structure m.A_1_0_1.S:1.0.0] from-device",]),
    ("type moved out of a structure",
    "structure Bar { enumeration Foo { A, B }; Foo f; }; interface I { Bar get(); };",
    "enumeration Foo { A, B }; structure Bar { Foo f; }; interface I { Bar get(); };", &[
        "compatible source-compatible minor type added m.Foo [enumeration m.Foo:1.0.0] from-device",
        "m.Bar: minor, no, too small",
        "- compatible breaking minor field changed m.Bar.f [m.Bar.Foo:1.0.0 -> m.Foo:1.0.0] from-device",
        "- compatible breaking minor type removed m.Bar.Foo [enumeration m.Bar.Foo:1.0.0] from-device",
        "m.I: minor, no, too small, follows references",
        "- reference recompile minor reference changed m.I [m.Bar:1.0.0 -> m.Bar:1.0.0] -",]),
    ("alias inlined",
    "interface I { typedef map<string,int> T; T get(); };",
    "interface I { map<string,int> get(); };", &[
        "m.I: minor, no, too small",
        "- compatible breaking minor type removed m.I.T [typedef m.I.T:1.0.0] from-device",]),
    ("alias for a structure that looks the same, and for one that does not",
    "structure S { int x; }; interface A { typedef S T; T f(); typedef S U; U g(); };",
    "structure S { int x; }; interface A { structure T { int x; }; T f(); structure U { string x; }; U g(); };", &[
        "m.A: major, no, too small",
        "- compatible breaking minor kind changed m.A.T [typedef -> structure] from-device",
        "- breaking breaking major kind changed m.A.U [typedef -> structure] from-device",]),
    ("structure of another name with more, less, and in another order",
    "structure S { int x; int y; }; interface A { S f(); void g(in S s); S h(); S i(); };",
    "structure S { int x; int y; }; structure More { int x; int y; int z; }; structure Turned { int y; int x; }; structure Less { int x; };
        interface A { More f(); void g(in More s); Turned h(); Less i(); };", &[
        "compatible source-compatible minor type added m.Less [structure m.Less:1.0.0] from-device",
        "compatible source-compatible minor type added m.More [structure m.More:1.0.0] both",
        "compatible source-compatible minor type added m.Turned [structure m.Turned:1.0.0] from-device",
        "m.A: major, no, too small",
        "- compatible breaking major return changed m.A.f [m.S:1.0.0 -> m.More:1.0.0] -",
        "- breaking breaking major parameter changed m.A.g(s) [in m.S:1.0.0 -> in m.More:1.0.0] -",
        "- compatible breaking minor return changed m.A.h [m.S:1.0.0 -> m.Turned:1.0.0] -",
        "- breaking breaking major return changed m.A.i [m.S:1.0.0 -> m.Less:1.0.0] -",]),
    ("vectors, maps and map keys of a structure of another name",
    "structure S { vector<int> v; map<string, int> m; }; interface A { S f(); S g(); S h(); S i(); };",
    "structure S { vector<int> v; map<string, int> m; }; structure P { vector<int> v; map<string, int> m; };
        structure Q { vector<long> v; map<string, int> m; }; structure R { vector<int> v; map<string, long> m; };
        structure T { vector<int> v; map<int, int> m; };
        interface A { P f(); Q g(); R h(); T i(); };", &[
        "compatible source-compatible minor type added m.P [structure m.P:1.0.0] from-device",
        "compatible source-compatible minor type added m.Q [structure m.Q:1.0.0] from-device",
        "compatible source-compatible minor type added m.R [structure m.R:1.0.0] from-device",
        "compatible source-compatible minor type added m.T [structure m.T:1.0.0] from-device",
        "m.A: major, no, too small",
        "- compatible breaking minor return changed m.A.f [m.S:1.0.0 -> m.P:1.0.0] -",
        "- breaking breaking major return changed m.A.g [m.S:1.0.0 -> m.Q:1.0.0] -",
        "- breaking breaking major return changed m.A.h [m.S:1.0.0 -> m.R:1.0.0] -",
        "- breaking breaking major return changed m.A.i [m.S:1.0.0 -> m.T:1.0.0] -",]),
    ("enumeration of another name: the same, longer, other names",
    "enumeration E { X, Y }; interface A { E f(); E g(); };",
    "enumeration E { X, Y }; enumeration L { X, Y, Z }; enumeration O { X, Z }; interface A { L f(); O g(); };", &[
        "compatible source-compatible minor type added m.L [enumeration m.L:1.0.0] from-device",
        "compatible source-compatible minor type added m.O [enumeration m.O:1.0.0] from-device",
        "m.A: major, no, too small",
        "- compatible breaking major return changed m.A.f [m.E:1.0.0 -> m.L:1.0.0] -",
        "- breaking breaking major return changed m.A.g [m.E:1.0.0 -> m.O:1.0.0] -",]),
    ("base of a value object that is sent, with members and without",
    "valueobject B { int k; }; valueobject N { }; valueobject V { int x; }; valueobject W { int x; }; interface A { void f(in V v, in W w); };",
    "valueobject B { int k; }; valueobject N { }; valueobject V extends B { int x; }; valueobject W extends N { int x; }; interface A { void f(in V v, in W w); };", &[
        "m.A: major, no, too small, follows references",
        "- reference recompile major reference changed m.A [m.V:1.0.0 -> m.V:1.0.0] -",
        "- reference recompile minor reference changed m.A [m.W:1.0.0 -> m.W:1.0.0] -",
        "m.V: major, no, too small",
        "- breaking breaking major base added m.V [m.B] to-device",
        "m.W: minor, no, too small",
        "- compatible source-compatible minor base added m.W [m.N] to-device",]),
    ("sparse_in removed from what is only received",
    "[sparse_in] structure S { int x; }; interface A { S f(); };",
    "structure S { int x; }; interface A { S f(); };", &[
        "m.S: no, no, as demanded",
        "- compatible breaking no annotation removed m.S [[sparse_in]] from-device",]),
    ("type moved into an interface and changed",
    "structure S { vector<T> x; }; structure T { int x; }; interface A { S f(); };",
    "structure S { vector<T> x; }; structure T { int x; };
        interface A_2_0_0 { structure U { int y; }; structure S { vector<U> x; }; S f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking breaking major return changed m.A.f [m.S:1.0.0 -> m.A_2_0_0.S:1.0.0] -",
        "- compatible source-compatible minor type added m.A.S [structure m.A_2_0_0.S:1.0.0] from-device",
        "- compatible source-compatible minor type added m.A.U [structure m.A_2_0_0.U:1.0.0] from-device",]),
    ("value object moved: its name is on the wire",
    "valueobject V { int x; }; interface A { V f(); };",
    "valueobject V { int x; }; interface A_2_0_0 { valueobject W { int x; }; W f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking breaking major return changed m.A.f [m.V:1.0.0 -> m.A_2_0_0.W:1.0.0] -",
        "- compatible source-compatible minor event added m.A.W [valueobject m.A_2_0_0.W:1.0.0] from-device",]),
    ("out-parameter added and removed",
    "interface A { void f(out int a); void g(out int b, out int c); };",
    "interface A_2_0_0 { void f(out int a, out int d); void g(out int c); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- compatible breaking minor parameter added m.A.f(d) [out int] -",
        "- breaking breaking major parameter removed m.A.g(b) [out int] -",]),
    ("incompatible base",
    "interface B { void g(); void h(); }; interface A extends B { void f(); };",
    "interface B_2_0_0 { void g(); }; interface A_2_0_0 extends B_2_0_0 { void f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- reference recompile major reference changed m.A [m.B:1.0.0 -> m.B:2.0.0] -",
        "m.B: major, major, as demanded",
        "- breaking recompile no version changed m.B [1.0.0 -> 2.0.0] -",
        "- breaking breaking major method removed m.B.h [void h()] -",]),
    ("nested event whose numbers begin again",
    "interface A { valueobject Ev_2_0_0 { int x; }; void f(); void g(); };",
    "interface A_2_0_0 { valueobject Ev { string x; }; void f(); };", &[
        "m.A: major, major, as demanded",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- breaking breaking major method removed m.A.g [void g()] -",
        "- reference recompile major reference changed m.A [m.A.Ev:2.0.0 -> m.A_2_0_0.Ev:1.0.0] -",
        "m.A.Ev: major, major, as demanded",
        "- breaking breaking major field changed m.A.Ev.x [int -> string] from-device",]),
    ("nested event under a new minor number",
    "interface A { valueobject Ev_2_0_0 { int x; }; void f(); };",
    "interface A_1_0_1 { valueobject Ev_2_0_0 { int x; int y; }; void f(); };", &[
        "m.A: minor, minor, as demanded",
        "- reference recompile minor reference changed m.A [m.A.Ev:2.0.0 -> m.A_1_0_1.Ev:2.0.0] -",
        "m.A.Ev: minor, minor, as demanded",
        "- compatible source-compatible minor field added m.A.Ev.y [int] from-device",]),
    ("structure that takes a whole step",
    "structure S { int x; }; interface A { S f(); };",
    "structure S_2_0_0 { int x; int y; }; interface A_2_0_0 { S_2_0_0 f(); };", &[
        "m.A: minor, major, too large, follows references",
        "- breaking recompile no version changed m.A [1.0.0 -> 2.0.0] -",
        "- reference recompile minor reference changed m.A [m.S:1.0.0 -> m.S:2.0.0] -",
        "m.S: minor, major, too large, whole step",
        "- compatible source-compatible minor field added m.S.y [int] from-device",]),
    ("incompatible through three interfaces",
    "interface C { void h(); }; interface B { C g(); }; interface A { vector<B> f(); };",
    "interface C_2_0_0 { }; interface B_1_1_0 { C_2_0_0 g(); }; interface A_1_1_0 { vector<B_1_1_0> f(); };", &[
        "m.A: submajor, submajor, as demanded",
        "- reference recompile submajor reference changed m.A [m.B:1.0.0 -> m.B:1.1.0] -",
        "m.B: submajor, submajor, as demanded",
        "- reference recompile submajor reference changed m.B [m.C:1.0.0 -> m.C:2.0.0] -",
        "m.C: major, major, as demanded",
        "- breaking recompile no version changed m.C [1.0.0 -> 2.0.0] -",
        "- breaking breaking major method removed m.C.h [void h()] -",]),
];

#[test]
fn every_kind_of_change() {
    for (title, old, new, expected) in CASES {
        let comparison = compare(&module(old), &module(new));
        assert_eq!(lines(&comparison), *expected, "{title}");
        assert_eq!(
            comparison.is_empty(),
            comparison.changes().count() == 0 && comparison.types.is_empty(),
            "{title}"
        );
        let is_breaking = expected
            .iter()
            .any(|line| line.trim_start_matches("- ").starts_with("breaking "));
        assert_eq!(comparison.is_breaking(), is_breaking, "{title}");
    }
}

/// Call-backs take events as in-parameters, but it is the device that calls them.
#[test]
fn events_come_from_the_device() {
    let model = |more: &str| {
        let text = format!(
            "module idl {{ valueobject Event {{ time when; }}; }}
             module m {{ valueobject Opened extends idl.Event {{ int door; {more} }};
             interface Listener {{ void take(in vector<idl.Event> events); }}; }}\n"
        );
        load_with([("M.idl", text)], Lints::all()).model
    };
    let comparison = compare(&model(""), &model("int lock;"));
    assert_eq!(
        lines(&comparison),
        [
            "m.Opened: minor, no, too small",
            "- compatible source-compatible minor field added m.Opened.lock [int] from-device",
        ]
    );
    assert!(!comparison.is_breaking());
}

/// Bases as many as a dump may hold: each type is asked for its own, not for the chain below it.
#[test]
fn long_chains_of_bases() {
    const SIZE: usize = 9_900;
    let chain = |base: &dyn Fn(usize) -> Option<usize>| {
        let types = (0..SIZE).map(|n| {
            let extends = base(n).map_or_else(String::new, |base| format!(" extends V{base}"));
            format!("valueobject V{n}{extends} {{ }};\n")
        });
        module(&types.collect::<String>())
    };
    let up = chain(&|n| n.checked_sub(1));
    assert_eq!(lines(&compare(&up, &up)), [""; 0]);
    // Each but the two ends lost its base for one that extended it.
    let down = chain(&|n| (n + 1 < SIZE).then_some(n + 1));
    let turned = compare(&up, &down);
    let own = |comparison: &Comparison, word: &str| {
        let changes = comparison.changes().map(change_line);
        changes.filter(|line| line.starts_with(word)).count()
    };
    assert_eq!(
        own(&turned, "breaking breaking major base changed"),
        SIZE - 2
    );
    assert_eq!(own(&turned, "breaking breaking major base removed"), 1);
    assert_eq!(
        own(&turned, "compatible source-compatible minor base added"),
        1
    );
    // One more at the bottom of the chain changes what extends it directly, and is a part of all others.
    let short = chain(&|n| n.checked_sub(if n == 2 { 2 } else { 1 }));
    let inserted = compare(&short, &up);
    assert_eq!(
        own(
            &inserted,
            "compatible source-compatible minor base changed m.V2 [m.V0 -> m.V1]"
        ),
        1
    );
    assert_eq!(
        own(&inserted, "reference recompile minor reference changed"),
        SIZE - 3
    );
}
