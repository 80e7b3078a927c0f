//! Snapshots of generated code for a few inputs that show how things look.

#[path = "support/repository.rs"]
mod repository;

use std::path::{Path, PathBuf};

use xerus_codegen::Builder;

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/corpus")
        .join(name)
}

/// Generates from a text in memory.
fn generate(text: &str, builder: &Builder) -> String {
    let builder = builder.clone().text("Sample.idl", text);
    builder
        .generate_string()
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn sample_of_the_language_description() {
    if repository::is_missing() {
        return;
    }
    let builder = Builder::new()
        .idl_file(corpus("garden.idl"))
        .include_dir(corpus("include"));
    insta::assert_snapshot!(builder.client_only(true).generate_string().unwrap());
}

#[test]
fn methods_with_results_of_all_counts() {
    let text = "module m {
        /** A lamp */
        interface Lamp {
            /** Switches it
             * @param on   whether it shall burn
             * @return 0 if OK */
            int set(in boolean on);
            void reset();
            string name(out int watts, out Lamp next);
            void find(in string name, in vector<Lamp> among, out Lamp found);
        };
    }";
    insta::assert_snapshot!(generate(text, &Builder::new()));
}

#[test]
fn two_versions() {
    let text = "module m {
        interface Lamp { structure State { boolean on; }; State get(); };
        interface Lamp_2_0_0 { structure State { int level; }; State get(); };
        interface Room { vector<Lamp_2_0_0> lamps(in Lamp old); };
    }";
    let builder = Builder::new()
        .client_only(true)
        .root("m.Room")
        .derived_events(false);
    insta::assert_snapshot!(generate(text, &builder));
}

#[test]
fn overrides_and_external_types() {
    let text = "module base { interface Thing { int id(); }; valueobject Event { time when; }; }
    module m {
        enumeration Colour { RED, GREEN };
        structure Paint { Colour colour; base.Thing on; };
        valueobject Dried extends base.Event { Paint paint; };
        interface Wall extends base.Thing { Paint paint(); };
    }";
    let builder = Builder::new()
        .extern_path("base", "::other::base")
        .derive("m.Colour", "PartialOrd, Ord")
        .attribute("m.Paint.colour", "#[doc(alias = \"color\")]");
    insta::assert_snapshot!(generate(text, &builder));
}

#[test]
fn a_report_is_readable_however_it_is_printed() {
    let text = "module m {\n    structure A { Lmap lamp; int x; int x; };\n    structure Lamp { int y; };\n}";
    let error = Builder::new()
        .text("Sample.idl", text)
        .read()
        .finish()
        .map(|_| ())
        .unwrap_err();
    assert_eq!(format!("{error:?}").trim(), error.to_string().trim());
    insta::assert_snapshot!(format!("{error}\n\n{}", error.lines().join("\n")));
}
