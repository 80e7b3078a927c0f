//! The compiler's list.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Where the compiler warns of what is used, in all features: the path in Rust and the file of the crate.
pub(super) fn uses(workspace: &Path) -> Result<BTreeSet<(String, String)>, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = workspace.parent().unwrap_or(workspace);
    let made = Command::new(cargo)
        .current_dir(workspace)
        .args(["rustc", "--quiet", "--package", "xerus-device", "--lib"])
        .args(["--all-features", "--profile", "check"])
        .args(["--message-format", "json"])
        // Also where the sources allow it.
        .args(["--", "--force-warn", "deprecated"])
        .env("CARGO_TARGET_DIR", target)
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8(made.stdout)?;
    if !made.status.success() {
        let messages = text.lines().filter_map(|line| {
            let message: Value = serde_json::from_str(line).ok()?;
            (message["message"]["level"] == "error")
                .then(|| message["message"]["rendered"].to_string())
        });
        let messages: Vec<String> = messages.collect();
        return Err(format!("xerus-device does not compile: {}", messages.join("\n")).into());
    }
    let mut uses = BTreeSet::new();
    for line in text.lines() {
        let message: Value = serde_json::from_str(line)?;
        let is_ours = message["target"]["name"] == "xerus_device";
        let message = &message["message"];
        if is_ours && message["code"]["code"] == "deprecated" {
            let path = path(&message["message"]).ok_or_else(|| format!("not read: {message}"))?;
            uses.insert((path, file(message).unwrap_or_default()));
        }
    }
    if uses.is_empty() {
        return Err(
            "the compiler lists no use of the bindings: the marks have no effect any more".into(),
        );
    }
    Ok(uses)
}

/// ``use of deprecated method `xerus_api::pdumodel::Outlet::get_state` ``
fn path(message: &Value) -> Option<String> {
    let path = message.as_str()?.split('`').nth(1)?;
    // Paths of the bindings are those of the model; others keep the name of their crate.
    let path = path.strip_prefix("xerus_api::").unwrap_or(path);
    Some(path.to_owned())
}

/// `sensors/part.rs`: a macro's own place, where there is one.
fn file(message: &Value) -> Option<String> {
    let spans = message["spans"].as_array()?;
    let span = spans.iter().find(|span| span["is_primary"] == true)?;
    let file = span["file_name"].as_str()?.replace('\\', "/");
    file.split_once("device/src/")
        .map(|(_, file)| file.to_owned())
}
