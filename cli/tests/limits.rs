//! Hostile input ends in an error and bounded memory.

mod support;

use std::fs::File;
use std::io::Write as _;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use support::{command, directory, text};

/// Waits for the end of a process and watches its peak memory, in MiB; `None` where the system does not tell.
fn watch(mut child: Child) -> (Option<i32>, String, Option<u64>) {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    let code = loop {
        let now = std::fs::read_to_string(&status).ok().and_then(|text| {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
            line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
        });
        peak = peak.max(now);
        if let Some(status) = child.try_wait().expect("the binary runs") {
            break status.code();
        }
        thread::sleep(Duration::from_millis(1));
    };
    let output = child.wait_with_output().expect("the binary ends");
    (
        code,
        String::from_utf8_lossy(&output.stderr).into_owned(),
        peak.map(|kib| kib / 1024),
    )
}

fn check(path: &str) -> (Option<i32>, String, Option<u64>) {
    let child = command()
        .args(["check", "--message-format", "short", path])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    watch(child)
}

#[test]
fn deep_nesting_is_one_error() {
    let vectors = format!(
        "module m {{ structure A {{ {}int{} x; }}; }}\n",
        "vector<".repeat(100_000),
        ">".repeat(100_000)
    );
    let modules = format!("{}{}\n", "module m { ".repeat(100_000), "}".repeat(100_000));
    for (name, input) in [("vectors", vectors), ("modules", modules)] {
        let place = directory(&[("a.idl", &input)]);
        let (code, stderr, peak) = check(&text(place.path().join("a.idl")));
        assert_eq!(code, Some(1), "{name}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{name}: {stderr}");
        assert!(stderr.contains("error: "), "{name}: {stderr}");
        assert!(peak.is_none_or(|peak| peak < 200), "{name}: {peak:?} MiB");
    }
}

#[test]
fn a_file_of_50_mb_is_refused_in_bounded_memory() {
    let place = directory(&[]);
    let path = place.path().join("a.idl");
    let mut file = File::create(&path).expect("a file");
    let chunk = "module m { structure A { int x; }; }\n".repeat(1 << 12);
    for _ in 0..(50_000_000 / chunk.len() + 1) {
        file.write_all(chunk.as_bytes()).expect("written");
    }
    let (code, stderr, peak) = check(&text(&path));
    assert_eq!(code, Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(peak.is_none_or(|peak| peak < 100), "{peak:?} MiB");
}

#[test]
fn a_file_just_below_the_limit_ends() {
    let place = directory(&[]);
    let path = place.path().join("a.idl");
    // One broken declaration after the other: as many errors as fit.
    std::fs::write(
        &path,
        format!(
            "module m {{ {}}}\n",
            "structure A { int; };\n".repeat(700_000)
        ),
    )
    .expect("written");
    let (code, stderr, peak) = check(&text(&path));
    assert_eq!(code, Some(1));
    assert!(
        stderr.lines().count() < 200,
        "{} lines",
        stderr.lines().count()
    );
    assert!(peak.is_none_or(|peak| peak < 600), "{peak:?} MiB");
}

#[test]
fn one_endless_line_is_cut_in_the_report() {
    let line = format!(
        "module m {{ structure A {{ {}int }}; }}",
        " ".repeat(2_000_000)
    );
    let place = directory(&[("a.idl", &line)]);
    let output = command()
        .args(["check", &text(place.path())])
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        output.stderr.len() < 10_000,
        "{} bytes",
        output.stderr.len()
    );
}
