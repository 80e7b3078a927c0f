//! What the generator refuses is warned of by `xerus check`, and each help leads out.

mod support;

use support::{directory, text, xerus};

const SCALE: &str = "module lab {
    structure Scale { float mW; float MW; };
    interface Meter { Scale read(); int getUrl(); int getURL(); };
}
";

const MANY: &str = "module lab {
    interface Meter {
        int read(out int a, out int b, out int c, out int d, out int e, out int f, out int g, out int h, out int i,
                 out int j, out int k, out int l);
    };
    interface Lamp { void blink(); };
}
";

#[test]
fn names_that_fall_together_are_warned_of_and_renamed() {
    let place = directory(&[("Scale.idl", SCALE)]);
    let idl = text(place.path());
    let checked = xerus(["check", &idl]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    let warning = "warning[X0601]: method `getURL` of `lab.Meter` and method `getUrl` of `lab.Meter` both become \
                   `get_url` in Rust";
    assert!(checked.stderr.contains(warning), "{}", checked.stderr);
    assert!(
        checked.stderr.contains("0 errors, 1 warning\n"),
        "{}",
        checked.stderr
    );

    let refused = xerus(["generate", &idl, "--out", "-"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(!refused.stderr.contains("in the IDL"), "{}", refused.stderr);
    // What is advised is what is needed.
    let rename = "--rename lab.Meter.getURL=get_url2";
    for done in [&checked, &refused] {
        assert!(
            done.stderr.contains(&format!("`{rename}`")),
            "{}",
            done.stderr
        );
    }
    let arguments = ["generate", &idl, "--out", "-"]
        .into_iter()
        .chain(rename.split(' '));
    let done = xerus(arguments);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(done.stdout.contains("pub fn get_url2(&self)"));
    assert!(
        done.stdout.contains("name: \"getURL\""),
        "the wire name stays"
    );

    let toml = "[rename]\n\"lab.Meter.getURL\" = \"get_url2\"\n";
    let config = directory(&[("xerus.toml", toml)]);
    let config = text(config.path().join("xerus.toml"));
    let by_file = xerus(["generate", &idl, "--config", &config, "--out", "-"]);
    assert_eq!(by_file.stdout, done.stdout);
    let checked = xerus(["check", &idl, "--config", &config]);
    assert_eq!(
        (checked.code, checked.stderr.as_str()),
        (Some(0), "1 file, 2 types, 0 errors, 0 warnings\n")
    );
}

#[test]
fn more_results_than_a_tuple_takes_are_warned_of() {
    let place = directory(&[("Many.idl", MANY)]);
    let idl = text(place.path());
    let checked = xerus(["check", "--message-format", "short", &idl]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    assert_eq!(
        checked.stderr,
        format!(
            "{idl}/Many.idl:3:13: warning: method `read` of `lab.Meter` has 13 results, and a tuple in Rust at most 12\n"
        )
    );
    let refused = xerus(["generate", &idl, "--out", "-"]);
    assert!(
        refused.stderr.contains("error[X0605]"),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("the option `root`"),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("take the method out of the IDL"),
        "{}",
        refused.stderr
    );
    let without = xerus(["generate", &idl, "--root", "lab.Lamp", "--out", "-"]);
    assert_eq!(without.code, Some(0), "{}", without.stderr);
    // The other way out: the interface without the method.
    let method = MANY
        .split_inclusive(';')
        .find(|part| part.contains("read("));
    let line = method.unwrap().rsplit('{').next().unwrap();
    let rest = directory(&[("Many.idl", &MANY.replace(line, ""))]);
    let rest = xerus(["generate", &text(rest.path()), "--out", "-"]);
    assert_eq!(rest.code, Some(0), "{}", rest.stderr);
    assert!(rest.stdout.contains("pub struct Meter"));
}

#[test]
fn the_runtime_may_be_elsewhere() {
    let place = directory(&[(
        "Scale.idl",
        "module lab { interface Lamp { void blink(); }; }",
    )]);
    let idl = text(place.path());
    let generate = |path: &str| xerus(["generate", &idl, "--runtime-path", path, "--out", "-"]);
    for (path, expected) in [
        ("::my_crate::rpc", "::my_crate::rpc::"),
        ("crate::rpc", "crate::rpc::"),
        ("rpc", "::rpc::"),
    ] {
        let done = generate(path);
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        assert!(!done.stdout.contains("xerus_rpc"), "{}", done.stdout);
        assert!(
            done.stdout.contains(&format!("{expected}rt::form!(")),
            "{}",
            done.stdout
        );
    }
    let usual = xerus(["generate", &idl, "--out", "-"]);
    assert_eq!(generate("::xerus_rpc").stdout, usual.stdout);
    let refused = generate("xerus-rpc");
    assert_eq!(refused.code, Some(1));
    assert_eq!(
        refused.stderr,
        "error: `runtime_path`: `xerus-rpc` is no Rust path; write the path of xerus-rpc as the crate sees it, such as \
         `::my_crate::rpc` or `crate::rpc` [X0607]\n"
    );
}
