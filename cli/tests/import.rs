//! `xerus import`: refusals; what imports yield is tested in the library.

mod support;

use support::{directory, text, xerus};

#[test]
fn help_has_an_example() {
    let done = xerus(["import", "--help"]);
    assert_eq!(done.code, Some(0));
    assert!(done.stdout.contains("  xerus import "), "{}", done.stdout);
}

/// A package with a method that works and a function that is none.
const PACKAGE: [(&str, &str); 4] = [
    ("Interface.py", ""),
    ("typecheck.py", ""),
    ("__init__.py", ""),
    (
        "m/__init__.py",
        "# Section generated from \"Lamp.idl\"\n\nclass Lamp(Interface):\n    idlType = \"m.Lamp:1.0.0\"\n\n    def off(self):\n        \
         agent = self.agent\n        args = {}\n        rsp = agent.json_rpc(self.target, 'off', args)\n\n    def dim(self, to):\n        \
         return self.agent.post(to)\n",
    ),
];

#[test]
fn what_is_not_understood_refuses_the_import_unless_lenient() {
    let place = directory(&[]);
    let (input, out) = (place.path().join("lab/rpc"), place.path().join("out"));
    for (name, content) in PACKAGE {
        let path = input.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let (input, out_text) = (text(input), text(&out));
    let done = xerus(["import", &input, "--out", &out_text]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
    assert_eq!(
        done.stderr,
        "error: not understood:\nlab/rpc/m/__init__.py:11: function `dim` is no method\nhelp: --lenient leaves these out of \
         the IDL and lists them\n"
    );
    assert!(!out.exists());
    let done = xerus(["import", &input, "--out", &out_text, "--lenient"]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let left_out = "left out: lab/rpc/m/__init__.py:11: function `dim` is no method";
    assert!(
        done.stderr.lines().any(|line| line == left_out),
        "{}",
        done.stderr
    );
    let idl = std::fs::read_to_string(out.join("Lamp.idl")).unwrap();
    assert!(idl.contains("void off();") && !idl.contains("dim"), "{idl}");
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
