//! What is printed has no reader, or cannot be written: the exit code says the same, and nothing is left undone.

mod support;

use std::fs;

use support::{Done, command, directory, finish, text, unprinted, unread};

fn is(done: &Done, code: i32) {
    assert_eq!(done.code, Some(code), "{done:?}");
    assert!(done.stderr.is_empty(), "{done:?}");
}

#[test]
fn the_exit_code_of_diff_is_that_of_the_comparison() {
    let place = directory(&[
        ("old/a.idl", "module m { structure A { int x; }; }"),
        ("new/a.idl", "module m { structure A { string x; }; }"),
    ]);
    let path = |name| text(place.path().join(name));
    let diff = |old, new| ["diff".to_owned(), path(old), path(new)];
    is(&unread(diff("old", "new")), 6);
    is(&unread(diff("old", "old")), 0);
    for (new, code) in [("new", 6), ("old", 1)] {
        if let Some(done) = unprinted(diff("old", new)) {
            assert_eq!(done.code, Some(code), "{done:?}");
            assert!(done.stderr.contains("cannot write to stdout"), "{done:?}");
        }
    }
}

#[test]
fn all_files_are_formatted() {
    const UGLY: &str = "module m{structure A{int x;};}\n";
    let place = directory(&[("a.idl", UGLY), ("b.idl", UGLY)]);
    let (a, b) = (place.path().join("a.idl"), place.path().join("b.idl"));
    is(
        &unread(["fmt".to_owned(), "--check".to_owned(), text(&a), text(&b)]),
        1,
    );
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let stdin = fs::File::open(&a).expect("the file");
    let mut fmt = command();
    is(
        &finish(
            fmt.args(["fmt", "-", &text(&b)])
                .stdin(stdin)
                .stdout(writer),
        ),
        0,
    );
    assert_ne!(fs::read_to_string(&b).expect("the file"), UGLY);
}

#[test]
fn all_pages_are_written() {
    let place = directory(&[]);
    is(&unread(["man".to_owned(), text(place.path())]), 0);
    for page in ["xerus.1", "xerus-man.1"] {
        assert!(place.path().join(page).is_file(), "{page}");
    }
}
