//! What cannot be written: a caller who drops a return code, and what is no bulk.

#[test]
fn refusals_cannot_be_dropped() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
