//! What is generated from `garden.idl`, so that a change of the generator shows in a review.

#[test]
fn generated_code() {
    let code = include_str!(concat!(env!("OUT_DIR"), "/xerus.rs"));
    insta::assert_snapshot!(code);
}
