//! What can be chosen. One declaration makes the fields, the builder methods, the keys of a TOML file
//! and of the macro, and the flags of the command line, so that an option is spelled the same everywhere.

mod cli;
mod error;
mod layout;
mod prefix;
mod tokens;
mod toml;
mod value;

use std::path::PathBuf;

pub use error::{OptionError, TomlError};
pub use layout::Layout;
pub use prefix::EnumeratorPrefix;
pub use value::{Kind, Pairs, Value};

use value::Field;

/// How one option is spelled, for the front ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spec {
    /// The key in TOML and in the macro, and the name of the builder method: `client_only`.
    pub key: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// The flag without the dashes in front, which is the key with dashes in it: `client-only`.
    pub flag: &'static str,
    /// The placeholder of the flag's value in help texts.
    pub placeholder: &'static str,
    /// One line of help.
    pub help: &'static str,
}

macro_rules! options {
    ($(
        $(#[doc = $help:literal])+
        $kind:ident $key:ident $(= $default:expr)?, $placeholder:literal;
    )*) => {
        /// All options, in the order of their declaration.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct Options {
            $($(#[doc = $help])+ pub $key: options!(@type $kind),)*
        }

        impl Default for Options {
            fn default() -> Self {
                Self { $($key: options!(@default $kind $($default)?),)* }
            }
        }

        /// How every option is spelled.
        pub const SPECS: &[Spec] = &[$(Spec {
            key: stringify!($key),
            kind: options!(@kind $kind $($default)?),
            flag: {
                const KEY: &str = stringify!($key);
                const FLAG: [u8; KEY.len()] = dashed(KEY);
                match std::str::from_utf8(&FLAG) {
                    Ok(flag) => flag,
                    Err(_) => KEY,
                }
            },
            placeholder: $placeholder,
            help: first_line(concat!($($help, "\n"),+)),
        },)*];

        impl Options {
            /// The value of an option; `None` for an unknown key.
            #[must_use]
            pub fn get(&self, key: &str) -> Option<Value> {
                match key {
                    $(stringify!($key) => Some(self.$key.to_value()),)*
                    _ => None,
                }
            }

            /// Sets an option. Lists and tables replace what was there.
            ///
            /// # Errors
            ///
            /// When the key is unknown (with the nearest known one) or the value is of another kind.
            pub fn set(&mut self, key: &str, value: Value) -> Result<(), OptionError> {
                match key {
                    $(stringify!($key) => self.$key.set(value).map_err(|expected| OptionError::WrongValue {
                        key: stringify!($key),
                        expected,
                    }),)*
                    _ => Err(OptionError::unknown_key(key)),
                }
            }

            /// Adds to a list or table option, sets any other.
            ///
            /// # Errors
            ///
            /// As [`set`](Self::set).
            pub fn add(&mut self, key: &str, value: Value) -> Result<(), OptionError> {
                match key {
                    $(stringify!($key) => self.$key.add(value).map_err(|expected| OptionError::WrongValue {
                        key: stringify!($key),
                        expected,
                    }),)*
                    _ => Err(OptionError::unknown_key(key)),
                }
            }
        }
    };

    (@type paths) => { Vec<PathBuf> };
    (@type names) => { Vec<String> };
    (@type pairs) => { Pairs };
    (@type switch) => { bool };
    (@type text) => { String };
    (@type layout) => { Layout };
    (@type prefix) => { EnumeratorPrefix };

    (@default switch $default:expr) => { $default };
    (@default text $default:expr) => { String::from($default) };
    (@default $kind:ident) => { Default::default() };

    (@kind paths) => { Kind::List };
    (@kind names) => { Kind::List };
    (@kind pairs) => { Kind::Table };
    (@kind switch $default:expr) => { Kind::Switch { default: $default } };
    (@kind text $default:expr) => { Kind::Text };
    (@kind layout) => { Kind::Choice { values: Layout::NAMES } };
    (@kind prefix) => { Kind::Choice { values: EnumeratorPrefix::NAMES } };
}

/// Hands the declaration of all options to a macro.
macro_rules! declared {
    ($callback:ident) => {
        $callback! {
            /// Reads every `*.idl` file of a directory.
            ///
            /// The directory is also searched for `#include`s. May be given several times.
            paths idl_dir, "DIR";

            /// Reads one IDL file.
            ///
            /// Its directory is also searched for `#include`s. May be given several times.
            paths idl_file, "FILE";

            /// Searches a directory for `#include`s.
            ///
            /// Types of files found there are generated like all others. May be given several times.
            paths include_dir, "DIR";

            /// Generates a type or module and what it reaches, nothing else.
            ///
            /// A path such as `pdumodel.Outlet`, with or without the version suffix, or a wire id. Fields,
            /// parameters, bases and enclosing types are followed. Without any root everything is generated.
            /// May be given several times.
            names root, "TYPE";

            /// Generates the value objects (events) that are declared inside a reached interface.
            ///
            /// Matters only with `root`. On by default.
            switch derived_events = true, "BOOL";

            /// Adds derives to the types of a path: `PATH` and the derives, separated by commas.
            ///
            /// The path is that of a type or module and stands for everything inside it too; `.` stands for
            /// all types. Version suffixes may be left out.
            pairs derive, "PATH=DERIVES";

            /// Adds attributes to the types of a path, or to one field or enumerator.
            ///
            /// The path is that of a type or module and stands for all types inside it too; `.` stands for all
            /// types. The path of a field or enumerator (`pdumodel.Outlet.State.label`) stands for just that.
            /// Version suffixes may be left out.
            pairs attribute, "PATH=ATTRIBUTE";

            /// Gives an item another name in Rust: `PATH` and the name. The wire name stays.
            ///
            /// The path is that of a module, type, method, field, enumerator or constant, or of a parameter
            /// (`lab.Meter.read.unit`); version suffixes may be left out. For a type it is the name without a version, and the
            /// module of its nested types follows. For names that fall together in Rust, or that read badly.
            pairs rename, "PATH=NAME";

            /// Takes the types of an IDL path from another crate: `PATH` and the Rust path that stands for it.
            ///
            /// The other crate holds code generated by this library, so the Rust path ends as the IDL path
            /// does: `sensors` is `::other::sensors`.
            pairs extern_path, "PATH=RUST";

            /// The path of the runtime: where generated code finds xerus-rpc.
            ///
            /// `::xerus_rpc` by default. `::rpc` when `Cargo.toml` gives the crate that name, `::my_crate::rpc` or `crate::rpc`
            /// when a crate re-exports it. It starts at a crate, for generated code has modules of its own.
            text runtime_path = "::xerus_rpc", "PATH";

            /// Adds a constructor for a well-known resource id: `PATH` of the interface and a template of ids.
            ///
            /// `acme.Lamp` and `/lamp/{lamp}` make `Lamp::well_known(&agent, 3)`: `{lamp}` stands for a number,
            /// `{name:str}` for a text. A word before the template, as in `spare /lamps/spare`, makes it
            /// `Lamp::well_known_spare`. Takes the place of a constructor of the same name for one of the vendor's ids.
            pairs well_known, "PATH=TEMPLATE";

            /// Adds constructors for the resource ids that the vendor documents.
            ///
            /// On by default. An interface gets them by its path (`pdumodel.Outlet`), and only when what they return
            /// is generated as well.
            switch vendor_rids = true, "BOOL";

            /// Says how a method is used: `PATH` of the method and marks, as documentation comments have them.
            ///
            /// `event.Channel.pollEvents` and `@longpoll @noidempotent` say that the device holds the answer back and that
            /// the call is never sent twice. They beat what the IDL says, mark by mark. Version suffixes may be left out;
            /// the path is that of the interface that declares the method. Here are
            /// [all marks](https://github.com/xerus-rs/xerus-rs/blob/main/docs/idl-marks.md).
            pairs mark, "PATH=MARKS";

            /// Compiles every item only under the cargo features that need it, one for each IDL module.
            ///
            /// A feature brings its module and the types of others that it names; a reference to an interface of
            /// another module comes without methods. The server traits come with the feature `server`. The crate
            /// that holds the code declares the features; the library's module `features` lists them.
            switch cargo_features = false, "BOOL";

            /// Leaves out the server traits.
            switch client_only = false, "BOOL";

            /// Takes the documentation over from the IDL.
            ///
            /// On by default. Without it every item still has a line that says what it is.
            switch docs = true, "BOOL";

            /// Formats the generated code.
            ///
            /// On by default. Without it the code stands on few long lines.
            switch format = true, "BOOL";

            /// Whether enumerators keep the prefix that they share: `keep` or `strip`.
            ///
            /// `keep`, the default, makes `PsOff` of `PS_OFF`, whatever stands beside it. `strip` makes `Off` of it when
            /// all enumerators of the enumeration start with `PS_` and what remains of each is a name; a firmware that adds
            /// one without the prefix brings the long names back.
            prefix enumerator_prefix, "PREFIX";

            /// How the code is spread over files: `single` or `files`.
            ///
            /// `single`, the default, makes one file. `files` makes one for each IDL module, in a folder beside
            /// the root file and named after it; the root includes them, so it is used like a single file.
            layout layout, "LAYOUT";

            /// The file to write.
            ///
            /// `xerus.rs` by default. In a build script it is seen from `OUT_DIR`; the command line always names it; the macro
            /// writes none.
            text out = "xerus.rs", "NAME";
        }
    };
}

pub(crate) use declared;

declared!(options);

impl Options {
    /// The options, each set to its default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// Whether there is an option of this key.
fn is_known(key: &str) -> bool {
    SPECS.iter().any(|spec| spec.key == key)
}

/// A key as the command line writes it.
const fn dashed<const LENGTH: usize>(key: &str) -> [u8; LENGTH] {
    let key = key.as_bytes();
    let mut flag = [0; LENGTH];
    let mut at = 0;
    while at < LENGTH {
        flag[at] = if key[at] == b'_' { b'-' } else { key[at] };
        at += 1;
    }
    flag
}

/// The first line of a doc comment, without the blank before it and the final stop.
const fn first_line(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut end = 0;
    while end < bytes.len() && bytes[end] != b'\n' {
        end += 1;
    }
    if end > 0 && bytes[end - 1] == b'.' {
        end -= 1;
    }
    let start = if end > 0 && bytes[0] == b' ' { 1 } else { 0 };
    text.split_at(end).0.split_at(start).1
}
