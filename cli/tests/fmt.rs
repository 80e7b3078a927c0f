//! `xerus fmt`: in place, checking, from stdin; never a broken file.

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::fs;

use support::{api, command, directory, finish, text, with_input, xerus};

const UGLY: &str = "module m{structure A{int x;///< how wide\n int y;};}\n";

fn neat() -> String {
    let done = with_input(&["fmt", "-"], UGLY.as_bytes());
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    done.stdout
}

#[test]
fn a_file_is_rewritten_in_place_and_then_stays() {
    let place = directory(&[("a.idl", UGLY)]);
    let file = place.path().join("a.idl");
    let done = xerus(["fmt".to_owned(), text(place.path())]);
    assert_eq!(
        (done.code, done.stdout.as_str(), done.stderr.as_str()),
        (Some(0), "", "")
    );
    let formatted = fs::read_to_string(&file).expect("the file");
    assert_eq!(formatted, neat());
    assert_ne!(formatted, UGLY);
    assert!(formatted.contains("///< how wide"), "{formatted}");

    let before = fs::metadata(&file)
        .expect("metadata")
        .modified()
        .expect("a time");
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(xerus(["fmt", &text(&file)]).code, Some(0));
    assert_eq!(
        fs::metadata(&file)
            .expect("metadata")
            .modified()
            .expect("a time"),
        before,
        "not written again"
    );
    assert_eq!(xerus(["fmt", "--check", &text(&file)]).code, Some(0));
    assert_eq!(
        fs::read_dir(place.path()).expect("listed").count(),
        1,
        "nothing left behind"
    );
}

#[test]
fn check_lists_what_differs_and_changes_nothing() {
    let place = directory(&[("a.idl", UGLY), ("b.idl", &neat()), ("c.idl", UGLY)]);
    let done = finish(
        command()
            .current_dir(place.path())
            .args(["fmt", "--check", "a.idl", "b.idl", "c.idl"]),
    );
    assert_eq!(done.code, Some(1));
    assert_eq!(done.stdout, "a.idl\nc.idl\n");
    assert_eq!(done.stderr, "");
    assert_eq!(
        fs::read_to_string(place.path().join("a.idl")).expect("the file"),
        UGLY
    );
}

#[test]
fn a_file_with_syntax_errors_is_never_touched() {
    let broken = "module m{structure A{int x};}\n";
    let place = directory(&[("a.idl", broken), ("b.idl", UGLY)]);
    let done = xerus(["fmt".to_owned(), text(place.path())]);
    assert_eq!(done.code, Some(1));
    assert!(done.stderr.contains("a.idl:1:27"), "{}", done.stderr);
    assert_eq!(
        fs::read_to_string(place.path().join("a.idl")).expect("the file"),
        broken
    );
    assert_eq!(
        fs::read_to_string(place.path().join("b.idl")).expect("the file"),
        neat(),
        "the others are formatted"
    );
}

#[test]
fn unknown_types_and_missing_includes_are_no_obstacle() {
    let place = directory(&[(
        "a.idl",
        "#include <No.idl>\nmodule m{structure A{no.B x;};}\n",
    )]);
    let done = xerus(["fmt".to_owned(), text(place.path())]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
}

#[test]
fn stdin_goes_to_stdout() {
    let done = with_input(&["fmt", "-"], UGLY.as_bytes());
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    assert!(done.stdout.starts_with("module m {\n"), "{}", done.stdout);

    let differs = with_input(&["fmt", "--check", "-"], UGLY.as_bytes());
    assert_eq!(
        (differs.code, differs.stdout.as_str()),
        (Some(1), "<stdin>\n")
    );
    assert_eq!(
        with_input(&["fmt", "--check", "-"], neat().as_bytes()).code,
        Some(0)
    );

    let broken = with_input(&["fmt", "-"], b"module m {");
    assert_eq!((broken.code, broken.stdout.as_str()), (Some(1), ""));
    assert!(broken.stderr.contains("<stdin>"), "{}", broken.stderr);
    assert_eq!(with_input(&["fmt", "-"], b"\xff").code, Some(1));
}

#[test]
fn the_api_is_in_canonical_form() {
    if repository::is_missing() {
        return;
    }
    let done = xerus(["fmt".to_owned(), "--check".to_owned(), text(api())]);
    assert_eq!(
        (done.code, done.stdout.as_str(), done.stderr.as_str()),
        (Some(0), "", "")
    );
}

#[cfg(unix)]
#[test]
fn links_and_permissions_survive() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let place = directory(&[("real/a.idl", UGLY)]);
    let (real, link) = (
        place.path().join("real/a.idl"),
        place.path().join("link.idl"),
    );
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink(&real, &link).expect("a link");
    assert_eq!(xerus(["fmt", &text(&link)]).code, Some(0));
    assert!(fs::symlink_metadata(&link).expect("metadata").is_symlink());
    assert_eq!(fs::read_to_string(&real).expect("the file"), neat());
    assert_eq!(
        fs::metadata(&real).expect("metadata").permissions().mode() & 0o777,
        0o640
    );
}
