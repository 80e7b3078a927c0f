//! `xerus check`: exit codes, streams and formats.

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::fs;

use support::{Done, api, command, directory, finish, text, xerus};

const GOOD: &str = "module m { structure A { int x; }; };\n";
const BAD: &str = "module m {\n    structure A { int x }; \n    structure B { Missing y; };\n}\n";
const ODD: &str = "module m {\n    enumeration E { A, B, };\n}\n";

#[test]
fn the_whole_api_is_clean() {
    if repository::is_missing() {
        return;
    }
    let done = xerus(["check".to_owned(), text(api())]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert_eq!(done.stdout, "");
    assert_eq!(done.stderr, "118 files, 724 types, 0 errors, 0 warnings\n");
}

#[test]
fn human_diagnostics_have_place_excerpt_and_summary() {
    let place = directory(&[("a.idl", BAD)]);
    let file = text(place.path().join("a.idl"));
    let done = xerus(["check", &file]);
    assert_eq!(done.code, Some(1));
    assert_eq!(done.stdout, "");
    assert!(
        done.stderr.contains(&format!("{file}:2:25")),
        "{}",
        done.stderr
    );
    assert!(
        done.stderr.contains("structure A { int x };"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains("error"), "{}", done.stderr);
    assert_eq!(
        done.stderr.lines().last(),
        Some("1 file, 1 error, 0 warnings")
    );
    assert!(
        !done.stderr.contains('\u{1b}'),
        "no colours without a terminal"
    );
}

#[test]
fn short_lines_are_file_line_column_level_text() {
    let place = directory(&[("a.idl", BAD), ("b.idl", ODD)]);
    let (a, b) = (
        text(place.path().join("a.idl")),
        text(place.path().join("b.idl")),
    );
    let Done {
        code,
        stdout,
        stderr,
    } = xerus(["check", "--message-format", "short", &a, &b]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    let lines: Vec<_> = stderr.lines().collect();
    let [error, warning] = lines.as_slice() else {
        panic!("{stderr}")
    };
    assert!(
        error.starts_with(&format!("{a}:2:25: error: expected `;`")),
        "{error}"
    );
    assert!(
        warning.starts_with(&format!("{b}:2:27: warning: ")),
        "{warning}"
    );
    assert!(warning.contains("trailing comma"), "{warning}");
}

#[test]
fn json_is_one_object_a_line() {
    let place = directory(&[("a.idl", BAD)]);
    let file = text(place.path().join("a.idl"));
    let Done {
        code,
        stdout,
        stderr,
    } = xerus(["check", "--message-format=json", &file]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    let objects: Vec<serde_json::Value> = stderr
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let [object] = objects.as_slice() else {
        panic!("{stderr}")
    };
    assert_eq!(object["level"], "error");
    assert_eq!(object["file"], file.as_str());
    assert_eq!(
        (&object["line"], &object["column"]),
        (&2.into(), &25.into())
    );
    assert!(
        object["code"]
            .as_str()
            .is_some_and(|code| code.starts_with('X')),
        "{object}"
    );
}

#[test]
fn warnings_are_no_failure() {
    let place = directory(&[("b.idl", ODD)]);
    let done = xerus(["check".to_owned(), text(place.path())]);
    assert_eq!(done.code, Some(0));
    assert_eq!(
        done.stderr.lines().last(),
        Some("1 file, 1 type, 0 errors, 1 warning")
    );
    assert!(done.stderr.contains("warning"), "{}", done.stderr);
}

#[test]
fn clean_json_and_short_say_nothing() {
    let place = directory(&[("a.idl", GOOD)]);
    for format in ["json", "short"] {
        let done = xerus(["check", "--message-format", format, &text(place.path())]);
        assert_eq!(
            (done.code, done.stdout.as_str(), done.stderr.as_str()),
            (Some(0), "", "")
        );
    }
}

#[test]
fn includes_are_found_beside_the_file_and_in_include_directories() {
    let using = "#include <Base.idl>\nmodule g { structure B { base.A a; }; }\n";
    let place = directory(&[
        ("lib/Base.idl", "module base { structure A { int x; }; }\n"),
        ("own/Using.idl", using),
        ("one/Using.idl", using),
        ("one/Base.idl", "module base { structure A { int x; }; }\n"),
    ]);
    let at = |path: &str| text(place.path().join(path));

    let missing = xerus(["check", "--message-format", "short", &at("own")]);
    assert_eq!(missing.code, Some(1));
    assert!(
        missing
            .stderr
            .contains("Using.idl:1:10: error: included file `Base.idl` not found"),
        "{}",
        missing.stderr
    );

    assert_eq!(xerus(["check", "-I", &at("lib"), &at("own")]).code, Some(0));
    assert_eq!(
        xerus([
            "check",
            &at("own/Using.idl"),
            &format!("--include-dir={}", at("lib"))
        ])
        .code,
        Some(0)
    );
    assert_eq!(
        xerus(["check", &at("one/Using.idl")]).code,
        Some(0),
        "beside the file"
    );
    let elsewhere =
        finish(
            command()
                .current_dir(place.path())
                .args(["check", "own/Using.idl", "-I", "lib"]),
        );
    assert_eq!(elsewhere.code, Some(0), "{}", elsewhere.stderr);
    let here = finish(
        command()
            .current_dir(place.path().join("one"))
            .args(["check", "."]),
    );
    assert_eq!(here.code, Some(0), "{}", here.stderr);
    let bare = finish(
        command()
            .current_dir(place.path().join("one"))
            .args(["check", "Using.idl"]),
    );
    assert_eq!(bare.code, Some(0), "{}", bare.stderr);
}

#[test]
fn what_cannot_be_read_is_told_clearly() {
    let place = directory(&[("a.idl", GOOD)]);
    let absent = text(place.path().join("absent"));
    let other = text(place.path().join("other"));
    // All of it, each with its code.
    let done = xerus(["check", &absent, &other]);
    assert_eq!(done.code, Some(1));
    for path in [&absent, &other] {
        let line = format!("error[X0112]: cannot read {path}: no such file or directory\n");
        assert!(done.stderr.contains(&line), "{}", done.stderr);
    }
    assert!(
        done.stderr.contains("2 errors, 0 warnings\n"),
        "{}",
        done.stderr
    );

    let said = format!("cannot read {absent}: no such file or directory\n");
    for command in ["dump", "fmt"] {
        let done = xerus([command, &absent]);
        assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
        assert_eq!(done.stderr, format!("error: {said}"), "{command}");
    }
    let short = xerus(["check", "--message-format", "short", &absent]);
    assert_eq!(short.stderr, format!("{absent}:1:1: error: {said}"));
    let json = xerus(["check", "--message-format", "json", &absent]);
    assert_eq!(json.code, Some(1));
    assert!(
        serde_json::from_str::<serde_json::Value>(&json.stderr).is_ok(),
        "{}",
        json.stderr
    );

    let done = xerus(["check", "-I", &absent, &text(place.path())]);
    assert_eq!(done.code, Some(1));
    assert!(done.stderr.contains("absent"), "{}", done.stderr);
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = directory(&[("a.idl", GOOD)]);
    let file = place.path().join("a.idl");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("permissions");
    if fs::read(&file).is_ok() {
        // Root reads everything; a dangling link is unreadable for root as well.
        fs::remove_file(&file).expect("removed");
        std::os::unix::fs::symlink("nowhere", &file).expect("a link");
    }
    let done = xerus(["check", &text(&file)]);
    assert_eq!(done.code, Some(1), "{}", done.stderr);
    assert!(
        done.stderr
            .starts_with(&format!("error[X0112]: cannot read {}: ", file.display())),
        "{}",
        done.stderr
    );
}

#[test]
fn an_empty_directory_is_an_error() {
    let place = directory(&[]);
    let path = text(place.path());
    let said = format!("no `*.idl` file in {path}");
    for command in ["check", "dump", "fmt"] {
        let done = xerus([command, &path]);
        assert_eq!(done.code, Some(1), "{command}");
        assert!(done.stderr.contains(&said), "{command}: {}", done.stderr);
    }
    let human = xerus(["check", &path]);
    assert!(
        human.stderr.contains(&format!("--> {path}:1:1\n")),
        "{}",
        human.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_without_waiting_for_a_writer() {
    let place = directory(&[]);
    let pipe = text(place.path().join("pipe.idl"));
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    let said = format!("cannot read {pipe}: neither a file nor a directory");
    for arguments in [
        vec!["check"],
        vec!["check", "--message-format", "json"],
        vec!["check", "--message-format", "short"],
        vec!["dump"],
        vec!["fmt"],
    ] {
        let done = xerus(arguments.iter().copied().chain([pipe.as_str()]));
        assert_eq!(done.code, Some(1), "{arguments:?}");
        assert!(done.stderr.contains(&said), "{}", done.stderr);
    }
}

#[test]
fn a_file_that_is_not_utf8_names_the_byte() {
    let place = directory(&[]);
    let file = place.path().join("a.idl");
    fs::write(&file, b"\xff\xfe m o d").expect("a file");
    let done = xerus(["check", "--message-format", "short", &text(&file)]);
    assert_eq!(done.code, Some(1));
    assert!(
        done.stderr
            .starts_with(&format!("{}:1:1: error: ", file.display())),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains("UTF-8"), "{}", done.stderr);
}

#[test]
fn a_directory_named_like_a_file_is_refused() {
    let place = directory(&[("x.idl/a.idl", GOOD)]);
    let done = xerus(["check".to_owned(), text(place.path())]);
    assert_eq!(done.code, Some(1), "{}", done.stderr);
}
