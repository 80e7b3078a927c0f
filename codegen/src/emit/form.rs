//! Which runtime generated code is for.

use super::Part;

/// The form of generated code, counted up whenever it calls what an older runtime does not have, or calls it in
/// another way. `xerus_rpc::rt::form!` knows the forms that a runtime takes.
const FORM: u32 = 1;

/// The first item of every output: one clear error for a runtime that does not take the code.
pub(crate) fn form() -> Part {
    Part::Text(format!("::xerus_rpc::rt::form!({FORM});\n"))
}
