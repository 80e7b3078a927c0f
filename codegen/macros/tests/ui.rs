//! Errors of the macro: what they say and where they point.

#[path = "support/repository.rs"]
mod repository;

#[test]
fn errors() {
    if repository::is_missing() {
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
