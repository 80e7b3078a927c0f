//! IDL names and the Rust names they become.
//!
//! Conversion never consults anything but the name itself; what several versions of one type need is
//! decided in [`table`], where names that the user gives ([`renames`]) come in too. Collisions are found in [`check`].

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

pub(crate) mod check;
pub(crate) mod renames;
pub(crate) mod reserved;
pub(crate) mod table;
mod variants;

pub(crate) use variants::variants;

/// A type, a trait or a proxy: `EDevice`.
pub(crate) fn type_name(idl: &str) -> String {
    escape(idl.to_upper_camel_case(), &[])
}

/// An enumerator: `PS_OFF` becomes `PsOff`.
pub(crate) fn variant(idl: &str) -> String {
    type_name(idl)
}

/// A field or a parameter: `powerState` becomes `power_state`.
pub(crate) fn field(idl: &str) -> String {
    escape(idl.to_snake_case(), &[])
}

/// A method of a proxy and of a server trait.
pub(crate) fn method(idl: &str) -> String {
    escape(idl.to_snake_case(), reserved::METHODS)
}

/// A constant of an interface.
pub(crate) fn constant(idl: &str) -> String {
    escape(idl.to_shouty_snake_case(), reserved::CONSTANTS)
}

/// A module below another one.
pub(crate) fn module(idl: &str) -> String {
    escape(idl.to_snake_case(), reserved::PRIMITIVES)
}

/// A module at the root of the generated code, where `server` is taken.
pub(crate) fn top_module(idl: &str) -> String {
    let name = module(idl);
    if name == reserved::SERVER {
        format!("{name}_")
    } else {
        name
    }
}

/// Makes an identifier of a converted name: reserved words get `r#` or a trailing `_`, a leading
/// digit a `_` before it.
fn escape(name: String, reserved: &[&str]) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{name}")
    } else if reserved.contains(&name.as_str()) || reserved::PATH_WORDS.contains(&name.as_str()) {
        format!("{name}_")
    } else if reserved::KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_people_do() {
        for (idl, snake, camel) in [
            ("getIOP", "get_iop", "GetIop"),
            ("imageMD5", "image_md5", "ImageMd5"),
            ("hasDSTInfo", "has_dst_info", "HasDstInfo"),
            ("EDevice", "e_device", "EDevice"),
            ("PS_OFF", "ps_off", "PsOff"),
            ("cycleTime_ms", "cycle_time_ms", "CycleTimeMs"),
            ("_hidden_", "hidden", "Hidden"),
            ("L2N_N_Avg", "l2n_n_avg", "L2nNAvg"),
        ] {
            assert_eq!(field(idl), snake);
            assert_eq!(type_name(idl), camel);
        }
    }

    #[test]
    fn words_of_rust_are_escaped() {
        assert_eq!(field("type"), "r#type");
        assert_eq!(field("self"), "self_");
        assert_eq!(field("Crate"), "crate_");
        assert_eq!(type_name("self"), "Self_");
        assert_eq!(method("clone"), "clone_");
        assert_eq!(method("at"), "at_");
        assert_eq!(method("match"), "r#match");
        assert_eq!(field("clone"), "clone");
        assert_eq!(constant("typeId"), "TYPE_ID_");
        assert_eq!(module("Str"), "str_");
        assert_eq!(top_module("server"), "server_");
        assert_eq!(module("server"), "server");
        assert_eq!(field("_2nd"), "_2nd");
    }
}
