//! `xerus import`: refusals; what imports yield is tested in the library.

mod support;

use support::{directory, text, xerus};

#[test]
fn help_has_an_example() {
    let done = xerus(["import", "--help"]);
    assert_eq!(done.code, Some(0));
    assert!(done.stdout.contains("  xerus import "), "{}", done.stdout);
}

#[test]
fn what_is_no_package_is_refused_in_one_line_and_nothing_is_written() {
    let place = directory(&[("not-a-wheel.whl", "plain text")]);
    let (input, out) = (
        text(place.path().join("not-a-wheel.whl")),
        place.path().join("out"),
    );
    for input in [input, text(place.path().join("missing.whl"))] {
        let done = xerus(["import", &input, "--out", &text(&out)]);
        assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
        assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
        assert!(!out.exists());
    }
}
