//! What a sound model may hold at most can be generated.

use xerus_codegen::Builder;

/// The deepest nesting that the parser takes, less the braces around it.
const DEPTH: usize = 61;

#[test]
fn the_deepest_types_are_generated() {
    let ty = format!("{}int{}", "vector<".repeat(DEPTH), ">".repeat(DEPTH));
    let text = format!(
        "module m {{ structure S {{ {ty} a; }}; interface I {{ {ty} f(in {ty} a, out {ty} b); }}; }}"
    );
    for format in [true, false] {
        let builder = Builder::new().format(format).text("Deep.idl", &text);
        let code = builder
            .generate_string()
            .unwrap_or_else(|error| panic!("{error}"));
        // However its lines are broken.
        let code = code
            .split_whitespace()
            .collect::<String>()
            .replace(",>", ">");
        let expected = format!(
            "puba:{}i32{},",
            "::std::vec::Vec<".repeat(DEPTH),
            ">".repeat(DEPTH)
        );
        assert!(code.contains(&expected), "{code}");
    }
    let deeper = text.replace("int>", "vector<int>>");
    let refused = Builder::new().text("Deep.idl", deeper).generate_string();
    assert!(refused.is_err(), "there is a deeper type than that");
}

#[test]
fn the_deepest_modules_are_generated() {
    let depth = 60;
    let open: String = (0..depth).map(|at| format!("module m{at} {{ ")).collect();
    let text = format!(
        "{open} structure S {{ int a; }}; interface I {{ S f(); }}; {}",
        "}".repeat(depth)
    );
    let builder = Builder::new().text("Deep.idl", text);
    let code = builder
        .generate_string()
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(code.contains("pub mod m59 {"));
}
