//! What `xerus diff` says of Rust callers, shown with the compiler: callers are compiled against the bindings of both sides.
//!
//! Callers keep to what the effects are promised for: structures are built with `..Default::default()` and taken apart
//! with `..`, and a `match` on an enumeration has an arm for the rest.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/repository.rs"]
mod repository;

#[path = "support/scratch.rs"]
mod scratch;

use std::collections::BTreeSet;

use scratch::Scratch;
use xerus_codegen::Builder;
use xerus_idl::diff::{Effect, Item, compare};
use xerus_idl::{Idl, Loaded};

/// Name, old IDL, new IDL, caller, effect.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Effect,
);

use Effect::{Breaking, Recompile, SourceCompatible};

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("method_added",
    "interface A { void f(in int n); };",
    "interface A { void f(in int n); int g(); };",
    "a.f(1).await?;", SourceCompatible),
    ("method_removed",
    "interface A { void f(); void g(); };",
    "interface A { void f(); };",
    "a.g().await?;", Breaking),
    ("return_type",
    "interface A { int f(); };",
    "interface A { long f(); };",
    "let n: i32 = a.f().await?;", Breaking),
    ("return_of_void",
    "interface A { void f(); };",
    "interface A { int f(); };",
    "let () = a.f().await?;", Breaking),
    ("in_parameter_type",
    "interface A { void f(in int n); };",
    "interface A { void f(in long n); };",
    "let n: i32 = 1; a.f(n).await?;", Breaking),
    ("in_parameter_added",
    "interface A { void f(in int n); };",
    "interface A { void f(in int n, in int m); };",
    "a.f(1).await?;", Breaking),
    ("out_parameter_added",
    "interface A { int f(); };",
    "interface A { int f(out string s); };",
    "let n: i32 = a.f().await?;", Breaking),
    ("in_parameters_reordered",
    "interface A { void f(in int n, in string s); };",
    "interface A { void f(in string s, in int n); };",
    "a.f(1, \"x\").await?;", Breaking),
    ("in_and_out_mixed_otherwise",
    "interface A { void f(in int n, out int m); };",
    "interface A { void f(out int m, in int n); };",
    "let m: i32 = a.f(1).await?;", SourceCompatible),
    ("constant_changed",
    "interface A { constant int K = 1; void f(in int n); };",
    "interface A { constant int K = 2; void f(in int n); };",
    "a.f(A::K).await?;", Recompile),
    ("constant_removed",
    "interface A { constant int K = 1; void f(in int n); };",
    "interface A { void f(in int n); };",
    "a.f(A::K).await?;", Breaking),
    ("field_added_to_an_answer",
    "structure S { int x; }; interface A { S f(); };",
    "structure S { int x; string y; }; interface A { S f(); };",
    "let S { x, .. } = a.f().await?; let s = S { x, ..Default::default() };", SourceCompatible),
    ("field_added_to_a_request",
    "structure S { int x; }; interface A { void f(in S s); };",
    "structure S { int x; string y; }; interface A { void f(in S s); };",
    // Whoever has to send everything says everything.
    "a.f(&S { x: 1, extra_: Default::default() }).await?;", Breaking),
    ("field_added_to_a_sparse_request",
    "[sparse_in] structure S { int x; }; interface A { void f(in S s); };",
    "[sparse_in] structure S { int x; string y; }; interface A { void f(in S s); };",
    "a.f(m::sparse_::S { x: Some(1), ..Default::default() }).await?;", SourceCompatible),
    ("field_removed",
    "structure S { int x; int y; }; interface A { S f(); };",
    "structure S { int x; }; interface A { S f(); };",
    "let y = a.f().await?.y;", Breaking),
    ("fields_reordered",
    "structure S { int x; string y; }; interface A { S f(); };",
    "structure S { string y; int x; }; interface A { S f(); };",
    "let S { x, y, .. } = a.f().await?; let x: i32 = x;", Recompile),
    ("field_of_an_event_added",
    "interface A { valueobject Moved { int x; }; void f(); };",
    "interface A { valueobject Moved { int x; int y; }; void f(); };",
    "let moved = m::a::Moved { x: 1, ..Default::default() };", SourceCompatible),
    ("map_key",
    "interface A { map<string, int> f(); };",
    "interface A { map<int, int> f(); };",
    "let n = a.f().await?.get(\"x\").copied();", Breaking),
    ("enumerator_added",
    "enumeration E { X, Y }; interface A { E f(); };",
    "enumeration E { X, Y, Z }; interface A { E f(); };",
    "match a.f().await? { E::X => {} E::Y => {} _ => {} }", SourceCompatible),
    ("enumerator_inserted",
    "enumeration E { X, Y }; interface A { void f(in E e); };",
    "enumeration E { X, Z, Y }; interface A { void f(in E e); };",
    "a.f(E::Y).await?;", Recompile),
    ("enumerator_renamed",
    "enumeration E { X, Y }; interface A { void f(in E e); };",
    "enumeration E { X, Z }; interface A { void f(in E e); };",
    "a.f(E::Y).await?;", Breaking),
    ("fallback_added",
    "enumeration E { X, Y }; interface A { E f(); };",
    "[unknown_fallback(\"Y\")] enumeration E { X, Y }; interface A { E f(); };",
    "let e: E = a.f().await?;", Recompile),
    ("deprecated",
    "interface A { void f(); };",
    "interface A { [deprecated] void f(); };",
    "a.f().await?;", Recompile),
    ("sparse_in_added",
    "structure S { int x; }; interface A { void f(in S s); };",
    "[sparse_in] structure S { int x; }; interface A { void f(in S s); };",
    "let s = S { x: 1, ..Default::default() }; a.f(&s).await?;", SourceCompatible),
    ("sparse_in_removed",
    "[sparse_in] structure S { int x; }; interface A { void f(in S s); };",
    "structure S { int x; }; interface A { void f(in S s); };",
    "a.f(m::sparse_::S::default()).await?;", Breaking),
    ("base_put_on_top",
    "interface B { void g(); }; interface A { void f(); };",
    "interface B { void g(); }; interface A extends B { void f(); };",
    "a.f().await?; let rid = a.rid();", SourceCompatible),
    ("base_taken_away",
    "interface B { void g(); }; interface A extends B { void f(); };",
    "interface B { void g(); }; interface A { void f(); };",
    "a.g().await?;", Breaking),
    ("method_moved_to_the_base",
    "interface B { void g(); }; interface A extends B { void f(); };",
    "interface B { void g(); void f(); }; interface A extends B { };",
    "a.f().await?; a.g().await?;", SourceCompatible),
    ("type_moved_into_the_interface",
    "structure S { int x; }; interface A { S f(); };",
    "interface A { structure S { int x; }; S f(); };",
    "let s: m::S = a.f().await?;", Breaking),
    ("type_moved_out_of_a_structure",
    "structure S { enumeration E { X, Y }; E e; }; interface A { S f(); };",
    "enumeration E { X, Y }; structure S { E e; }; interface A { S f(); };",
    "let e: m::s::E = a.f().await?.e;", Breaking),
    ("alias_written_out",
    "interface A { typedef map<string, int> M; M f(); };",
    "interface A { map<string, int> f(); };",
    "let found: m::a::M = a.f().await?;", Breaking),
    ("alias_becomes_a_structure",
    "structure S { int x; }; interface A { typedef S T; T f(); };",
    "structure S { int x; }; interface A { structure T { int x; }; T f(); };",
    "let found: m::S = a.f().await?;", Breaking),
    ("structure_removed",
    "structure S { int x; }; interface A { void f(); };",
    "interface A { void f(); };",
    "let s = m::S::default();", Breaking),
    ("sparse_in_removed_from_an_answer",
    "[sparse_in] structure S { int x; }; interface A { S f(); };",
    "structure S { int x; }; interface A { S f(); };",
    "let s = m::sparse_::S::default();", Breaking),
    ("type_and_event_added",
    "interface A { void f(); };",
    "interface A { structure S { int x; }; valueobject Moved { int x; }; void f(); }; opaque O;",
    "a.f().await?;", SourceCompatible),
    ("version_raised",
    "interface B { void g(); }; interface A { B f(); };",
    "interface B_2_0_0 { void g(); }; interface A_1_1_0 { B_2_0_0 f(); };",
    "let b: Option<m::B> = a.f().await?; if let Some(b) = b { b.g().await?; }", Recompile),
    ("annotation_unknown",
    "interface A { void f(); };",
    "interface A { [shiny] void f(); };",
    "a.f().await?;", SourceCompatible),
];

/// An implementation stays one when the interface gets a method.
const SERVANT: &str = "
struct Mine;
impl server::m::A for Mine {
    fn f<'a>(&'a self, _: &'a xerus_rpc::server::Context, n: i32) -> xerus_rpc::server::Reply<'a, ()> {
        xerus_rpc::server::Reply::unsupported()
    }
}
";

fn load(body: &str) -> Loaded {
    let text = format!("module m {{ {body} }}\n");
    Idl::new()
        .text("M.idl", text)
        .load()
        .map_err(|found| found.to_short())
        .unwrap()
}

/// A program with bindings and a caller.
fn program(loaded: &Loaded, caller: &str, more: &str) -> String {
    let builder = Builder::new().format(false).input(loaded.clone().into());
    let code = builder.generate_string().unwrap();
    format!(
        "#![allow(unused, deprecated)]\nmod api {{\n{code}\n}}\nuse api::*;\nuse api::m::*;\n{more}\n\
         async fn caller(a: &A) -> Result<(), Box<dyn std::error::Error>> {{ {caller} Ok(()) }}\nfn main() {{}}\n"
    )
}

#[test]
fn the_effect_on_callers_is_what_the_compiler_says() {
    if repository::is_missing() {
        return;
    }
    let mut programs = Vec::new();
    let mut expected = BTreeSet::new();
    for (name, old, new, caller, effect) in CASES {
        let (old, new) = (load(old), load(new));
        let comparison = compare(&old.model, &new.model);
        // What refers to a changed type is only compiled again.
        let own = comparison
            .changes()
            .filter(|change| change.item != Item::Reference);
        let found = own
            .map(|change| change.effect)
            .max()
            .unwrap_or(SourceCompatible);
        assert_eq!(found, *effect, "{name}");
        let more = if *name == "method_added" { SERVANT } else { "" };
        for (side, loaded) in [("old", &old), ("new", &new)] {
            programs.push((format!("{name}_{side}"), program(loaded, caller, more)));
        }
        if *effect == Breaking {
            expected.insert(format!("{name}_new"));
        }
    }
    let mut scratch = Scratch::new("effects");
    let library = ("src/lib.rs".to_owned(), "");
    let files = programs
        .iter()
        .map(|(name, text)| (format!("examples/{name}.rs"), text.as_str()));
    scratch.member("effects", [library].into_iter().chain(files));
    let outcome = scratch.check();
    assert_eq!(outcome.failed, expected, "{}", outcome.errors);
    for (name, _) in &programs {
        assert_ne!(
            outcome.compiled.contains(name),
            expected.contains(name),
            "{name}"
        );
    }
}
