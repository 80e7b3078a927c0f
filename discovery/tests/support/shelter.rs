//! Multicast goes nowhere but to the loopback interface of a network that the test has for itself.

use std::env;
use std::process::Command;

/// Set in the process that has a network of its own.
const INSIDE: &str = "XERUS_OWN_NETWORK";

/// Whether the test runs in a network of its own. If not, it is run there, in another process, and has nothing more to do here.
///
/// A library for multicast DNS joins its groups through all interfaces before it can be told not to. So the test has a network
/// namespace with a loopback interface and nothing else. Where the system gives none, it is skipped.
pub(crate) fn is_inside(test: &str) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    if !is_possible() {
        let hint = "no network of its own: needs Linux, unshare and ip, and user namespaces";
        let required = env::var_os("XERUS_PEERS").is_some_and(|value| value == "required");
        assert!(!required, "{hint}");
        println!("skipped: {test} ({hint})");
        return false;
    }
    let program = env::current_exe().expect("this program");
    let mut command = shelter();
    command.arg(program).args(["--exact", test, "--nocapture"]);
    let output = command.env(INSIDE, "1").output().expect("unshare runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains("1 passed"), "no such test: {stdout}");
    false
}

fn is_possible() -> bool {
    let output = shelter().arg("true").output();
    output.is_ok_and(|output| output.status.success())
}

/// What runs the program whose arguments are added.
fn shelter() -> Command {
    let mut command = Command::new("unshare");
    let script = "ip link set lo up && exec \"$0\" \"$@\"";
    command.args(["--map-root-user", "--net", "sh", "-c", script]);
    command
}
