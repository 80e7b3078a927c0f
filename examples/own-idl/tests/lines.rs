//! How much less is generated on top of the ready bindings; the guide has the figures.

use std::path::Path;

use xerus_codegen::Builder;

/// The lines of what is generated, with commas between the thousands.
fn lines(builder: &Builder) -> String {
    let lines = builder.generate_string().expect("code").lines().count();
    match lines / 1000 {
        0 => lines.to_string(),
        thousands => format!("{thousands},{:03}", lines % 1000),
    }
}

#[test]
fn the_guide_has_the_figures_of_today() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.join("../..");
    let whole = Builder::new()
        .idl_file(here.join("bench.idl"))
        .include_dir(root.join("idl/xerus-4.4.1"))
        .root("lab.Bench");
    let on_top = whole
        .clone()
        .extern_path("pdumodel", "::xerus_api::pdumodel");
    let guide = std::fs::read_to_string(root.join("docs/guide/own-idl.md")).expect("the guide");
    let expected = format!("{} lines instead of {}", lines(&on_top), lines(&whole));
    assert!(
        guide.contains(&expected),
        "the guide should say: {expected}"
    );
}
