//! Blocks of IDL: a file, members of a module, or members of an interface.

use xerus_idl::Idl;

pub(super) fn check(text: &str, refused: bool) -> Result<(), String> {
    let whole = load(text);
    let report = match whole {
        Ok(()) => None,
        Err(report) => {
            let in_module = format!("module example {{\n{text}\n}}\n");
            let in_interface = format!("module example {{ interface Example {{\n{text}\n}}; }}\n");
            (load(&in_module).is_err() && load(&in_interface).is_err()).then_some(report)
        }
    };
    match (report, refused) {
        (None, true) => Err("this IDL is marked as refused, and it is not".to_owned()),
        (Some(report), false) => Err(format!("this is no IDL: {report}")),
        _ => Ok(()),
    }
}

/// What is wrong, if anything. Includes are looked for where nothing is: an example stands for itself.
fn load(text: &str) -> Result<(), String> {
    match Idl::new().text("example.idl", text).load() {
        Ok(_) => Ok(()),
        Err(report) => Err(report.to_short()),
    }
}
