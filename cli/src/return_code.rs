//! Refusals in answers that are not typed: a return code other than 0.
//!
//! `call` has no interface description. What it knows of return codes is a list of the methods of the known firmwares that
//! return one ([how that is decided](https://github.com/xerus-rs/xerus-rs/blob/main/docs/method-facts.md)); no method name is one
//! for some interfaces and a number for others. A method that is not in the list returns a value.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::value::RawValue;
use xerus_rpc::Json;

/// A method in each line: path without versions, then the names of its codes, `1=ERR_A,2=ERR_B|ERR_C`, or `-`. Written by a test.
const METHODS: &str = include_str!("return_code/methods.txt");

/// A return code that stands for a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    code: i32,
    /// The constants that it can be, where that is known well enough to help.
    names: Vec<&'static str>,
}

impl Refusal {
    /// The refusal in the answer of a method; `None` when it is none.
    pub(crate) fn of(rid: &str, method: &str, answer: &Json) -> Option<Self> {
        let of_method = || {
            METHODS.lines().filter_map(|line| {
                let (path, names) = line.split_once(' ')?;
                let (interface, name) = path.rsplit_once('.')?;
                (name == method).then_some((interface, names))
            })
        };
        of_method().next()?;
        let code = returned(answer)?;
        // References say what they are to: `/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0`.
        let interface = rid.strip_prefix("/tfwopaque/");
        let interface = interface.and_then(|rid| Some(rid.split_once(':')?.0));
        let is_named = |known: &str| interface == Some(known);
        let certain = of_method().any(|(known, _)| is_named(known));
        let mut names: Vec<_> = of_method()
            .filter(|(known, _)| !certain || is_named(known))
            .flat_map(|(_, names)| names.split(','))
            .filter_map(|entry| entry.split_once('='))
            .filter(|(number, _)| number.parse() == Ok(code))
            .flat_map(|(_, names)| names.split('|'))
            .collect();
        names.sort_unstable();
        names.dedup();
        Some(Self { code, names })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the device refused: it returned code {}", self.code)?;
        match self.names.as_slice() {
            [] => f.write_str("; the constants in the IDL of the interface may say what it means"),
            names => write!(f, " ({})", names.join(" or ")),
        }
    }
}

/// The return value, where it is a whole number other than 0.
fn returned(answer: &Json) -> Option<i32> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(answer.get()).ok()?;
    let code: i32 = members.get("_ret_")?.get().parse().ok()?;
    (code != 0).then_some(code)
}
