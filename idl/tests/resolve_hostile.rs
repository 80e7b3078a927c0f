//! Inputs made to hurt: everything ends, without deep recursion and in time about linear in the input.

mod support;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use support::{Loaded, load_with, show};
use xerus_idl::dump::{Options, dump};
use xerus_idl::lint::Lints;

const SIZE: usize = 20_000;

/// Far more than an unoptimised build needs, far less than quadratic work would take.
const LIMIT: Duration = Duration::from_secs(30);

/// Resolves `module m { … }` on a thread with a small stack.
fn resolve(body: impl FnOnce(&mut String)) -> Loaded {
    let mut text = String::from("module m {\n");
    body(&mut text);
    text.push_str("}\n");
    let start = Instant::now();
    let work = std::thread::Builder::new().stack_size(512 * 1024);
    let work = work
        .spawn(move || load_with([("A.idl", text)], Lints::all()))
        .expect("a thread");
    let loaded = work.join().expect("no panic");
    let spent = start.elapsed();
    assert!(spent < LIMIT, "{spent:?}");
    loaded
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.write_fmt(line).expect("a string takes everything");
    text.push('\n');
}

fn first(loaded: &Loaded) -> String {
    show(&loaded.sources, &loaded.diagnostics[0])
}

#[test]
fn many_types_in_one_module() {
    let loaded = resolve(|text| {
        for n in 0..SIZE {
            line(
                text,
                format_args!("structure S{n} {{ vector<S{}> x; }};", n / 2),
            );
        }
    });
    assert_eq!(loaded.diagnostics, []);
    assert_eq!(loaded.model.types().len(), SIZE);
    let index = loaded.model.find("m.S19999").unwrap();
    assert_eq!(loaded.model.reach(&[index]).len(), 16);
    assert_eq!(loaded.model.select("m").unwrap().len(), SIZE);
    assert!(dump(&loaded.model, Options::default()).len() > SIZE * 100);
}

#[test]
fn a_ring_of_bases() {
    let loaded = resolve(|text| {
        for n in 0..SIZE {
            let base = (n + 1) % SIZE;
            line(
                text,
                format_args!("interface I{n} extends I{base} {{ int f{n}(); }};"),
            );
        }
    });
    let errors: Vec<_> = loaded.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0]
            .message
            .starts_with("inheritance cycle I0 -> I1 -> "),
        "{}",
        errors[0].message
    );
    assert!(errors[0].message.len() < 200);
}

#[test]
fn a_long_chain_of_bases_with_members() {
    let loaded = resolve(|text| {
        line(text, format_args!("valueobject V0 {{ int same; }};"));
        for n in 1..SIZE {
            let base = n - 1;
            line(
                text,
                format_args!("valueobject V{n} extends V{base} {{ int f{n}; }};"),
            );
        }
        line(
            text,
            format_args!("valueobject W extends V{} {{ int same; }};", SIZE - 1),
        );
    });
    assert_eq!(loaded.diagnostics.len(), 1);
    assert!(first(&loaded).contains("`same` is already a field of base `V0`"));
    let last = loaded.model.find("m.W").unwrap();
    assert_eq!(loaded.model.all_fields(last).len(), SIZE + 1);
}

#[test]
fn a_ring_of_structures() {
    let loaded = resolve(|text| {
        for n in 0..SIZE {
            let next = (n + 1) % SIZE;
            line(
                text,
                format_args!("structure S{n} {{ S{next} next; S{next} again; }};"),
            );
        }
    });
    let errors: Vec<_> = loaded.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0]
            .message
            .starts_with("structure `S0` contains itself by value: S0 -> S1")
    );
}

#[test]
fn a_ring_and_a_chain_of_typedefs() {
    let loaded = resolve(|text| {
        text.push_str("interface I {\n");
        for n in 0..SIZE {
            line(text, format_args!("typedef T{} T{n};", (n + 1) % SIZE));
        }
        line(text, format_args!("typedef string U0;"));
        for n in 1..SIZE {
            line(text, format_args!("typedef U{} U{n};", n - 1));
        }
        line(
            text,
            format_args!("void f(in map<U{}, int> x);\n}};", SIZE - 1),
        );
    });
    let errors: Vec<_> = loaded.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert_eq!(errors.len(), 1, "{}", first(&loaded));
    assert!(
        errors[0]
            .message
            .starts_with("typedef stands for itself: T0 -> T1")
    );
}

#[test]
fn names_that_nobody_knows() {
    let loaded = resolve(|text| {
        for n in 0..SIZE / 2 {
            line(text, format_args!("structure Some{n} {{ Nome{n} x; }};"));
        }
    });
    // The parser has its own limit of errors for a file; the resolver reports them all.
    assert_eq!(loaded.diagnostics.len(), SIZE / 2);
    assert!(first(&loaded).contains("unknown type `Nome0`"));
    assert!(
        first(&loaded).contains("did you mean `Some0`?"),
        "{}",
        first(&loaded)
    );
}

#[test]
fn one_name_many_times() {
    let loaded = resolve(|text| {
        for n in 0..SIZE / 2 {
            line(
                text,
                format_args!("structure Same {{ int x; Same_{n}_0_0 y; }};"),
            );
        }
    });
    assert_eq!(loaded.diagnostics.len(), SIZE - 1);
    let message = "`Same` already declared in module `m` at 2:11";
    assert!(loaded.diagnostics.iter().any(|d| d.message == message));
}

#[test]
fn many_files_that_include_each_other() {
    let count = 150;
    let texts = (0..count).map(|n| {
        let mut text = String::new();
        for m in 0..count {
            if m % 7 != 3 {
                line(&mut text, format_args!("#include <F{m}.idl>"));
            }
        }
        let other = (n * 31 + 3) % count;
        line(
            &mut text,
            format_args!("module m {{ structure S{n} {{ vector<S{other}> x; }}; }}"),
        );
        (format!("F{n}.idl"), text)
    });
    let start = Instant::now();
    let loaded = load_with(texts.collect::<Vec<_>>(), Lints::default());
    assert!(start.elapsed() < LIMIT);
    // A file that nobody includes sees itself only.
    assert!(loaded.diagnostics.iter().all(|d| d.code.0 == "X0504"));
    assert!(!loaded.diagnostics.is_empty());
}
