//! The codes of the generator's own diagnostics, `X06xx`.

use xerus_idl::diagnostic::Code;

macro_rules! codes {
    ($($name:ident = $code:literal, $title:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $title, ".")]
            pub const $name: Code = Code($code);
        )*

        /// Every code with its title, in order.
        pub const ALL: &[(Code, &str)] = &[$(($name, $title),)*];
    };
}

codes! {
    COLLISION = "X0601", "two IDL names become one Rust name";
    UNUSED_OVERRIDE = "X0602", "override that matches nothing";
    UNKNOWN_ROOT = "X0603", "root that names no type";
    NO_LETTER = "X0604", "name without letter or digit";
    TOO_MANY_RESULTS = "X0605", "method with more than twelve results";
    EXTERN_PATH = "X0606", "external path that cannot be used";
    BAD_OPTION = "X0607", "option that cannot be followed";
    NO_INPUT = "X0608", "no IDL file given";
    NO_INTERFACE = "X0609", "well-known resource id of a type that is no interface";
    BAD_TEMPLATE = "X0610", "template of a resource id that cannot be used";
    WIRE_NAME = "X0611", "two methods with one name on the wire";
    ERROR_CODE = "X0612", "error code with two names";
    ERROR_NAME = "X0613", "error name with two codes";
}
