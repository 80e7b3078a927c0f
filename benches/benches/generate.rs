//! The generator on the whole API of firmware 4.0.20.

use divan::{Bencher, black_box};
use xerus_codegen::{Builder, Options};

fn main() {
    divan::main();
}

fn options(format: bool) -> Options {
    let mut options = Options::new();
    options.idl_dir.push(xerus_benches::api());
    options.format = format;
    options
}

/// From the files to the resolved model.
#[divan::bench]
fn parse_and_resolve() {
    let loaded = xerus_idl::Idl::new()
        .directory(xerus_benches::api())
        .load()
        .expect("the API");
    assert_eq!(black_box(loaded).model.counts().types(), 724);
}

/// From the resolved model to unformatted text.
#[divan::bench]
fn generate_unformatted(bencher: Bencher<'_, '_>) {
    generate(bencher, false);
}

/// From the resolved model to formatted text.
#[divan::bench]
fn generate_formatted(bencher: Bencher<'_, '_>) {
    generate(bencher, true);
}

fn generate(bencher: Bencher<'_, '_>, format: bool) {
    let loaded = xerus_idl::Idl::new()
        .directory(xerus_benches::api())
        .load()
        .expect("the API");
    let options = options(format);
    let builder = Builder::with_options(options).input(loaded.into());
    bencher.bench(|| builder.generate_string().expect("text"));
}

/// All of it, as `xerus generate` does.
#[divan::bench]
fn whole() -> String {
    let builder = Builder::with_options(options(true));
    builder.generate_string().expect("text")
}
