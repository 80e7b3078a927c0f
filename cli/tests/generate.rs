//! `xerus generate`: a file that is written, checked and made again byte for byte.

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::fs;

use support::{api, command, directory, finish, text, xerus};

const IDL: &str = "\
module m {
    structure Used { int x; };
    structure Unused { int y; };
    interface I { Used get(); };
    interface Other { Unused get(); };
}
";

#[test]
fn the_same_text_every_time() {
    let place = directory(&[("idl/a.idl", IDL)]);
    let (idl, out) = (text(place.path().join("idl")), place.path().join("out.rs"));
    let done = xerus(["generate", &idl, "--out", &text(&out)]);
    assert_eq!(
        (done.code, done.stdout.as_str(), done.stderr.as_str()),
        (Some(0), "", "")
    );
    let made = fs::read_to_string(&out).expect("the file");
    assert!(made.contains("pub struct Used"), "{made}");
    assert!(made.contains("trait Other"), "{made}");

    let printed = xerus(["generate", &idl, "--out", "-"]);
    assert_eq!(printed.stdout, made);
    let elsewhere = finish(
        command()
            .current_dir(place.path())
            .args(["generate", "idl", "--out", "-"]),
    );
    assert_eq!(
        elsewhere.stdout, made,
        "no path of this machine in the text"
    );
}

#[test]
fn a_file_is_only_written_when_it_changes() {
    let place = directory(&[("idl/a.idl", IDL)]);
    let (idl, out) = (text(place.path().join("idl")), place.path().join("out.rs"));
    assert_eq!(
        xerus(["generate", &idl, "--out", &text(&out)]).code,
        Some(0)
    );
    let before = fs::metadata(&out)
        .expect("metadata")
        .modified()
        .expect("a time");
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(
        xerus(["generate", &idl, "--out", &text(&out)]).code,
        Some(0)
    );
    assert_eq!(
        fs::metadata(&out)
            .expect("metadata")
            .modified()
            .expect("a time"),
        before
    );
}

#[test]
fn check_tells_whether_a_file_is_stale() {
    let place = directory(&[("idl/a.idl", IDL)]);
    let (idl, out) = (text(place.path().join("idl")), place.path().join("out.rs"));
    let check = || xerus(["generate", &idl, "--out", &text(&out), "--check"]);

    let absent = check();
    assert_eq!(absent.code, Some(1));
    assert!(
        absent.stderr.contains("does not exist"),
        "{}",
        absent.stderr
    );
    assert!(!out.exists(), "check writes nothing");

    assert_eq!(
        xerus(["generate", &idl, "--out", &text(&out)]).code,
        Some(0)
    );
    let fresh = check();
    assert_eq!(
        (fresh.code, fresh.stdout.as_str(), fresh.stderr.as_str()),
        (Some(0), "", "")
    );

    fs::write(
        place.path().join("idl/a.idl"),
        IDL.replace("int x", "int width"),
    )
    .expect("a file");
    let stale = check();
    assert_eq!(stale.code, Some(1));
    assert!(stale.stderr.contains("is stale"), "{}", stale.stderr);
    assert!(
        stale
            .stderr
            .lines()
            .any(|line| line.starts_with('-') && line.contains('x')),
        "{}",
        stale.stderr
    );
    assert!(
        stale
            .stderr
            .lines()
            .any(|line| line.starts_with('+') && line.contains("width")),
        "{}",
        stale.stderr
    );
    assert!(stale.stderr.lines().count() < 30, "{}", stale.stderr);
}

#[test]
fn flags_and_the_toml_file_say_the_same() {
    let place = directory(&[
        ("idl/a.idl", IDL),
        (
            "xerus.toml",
            "idl_dir = [\"idl\"]\nroot = [\"m.I\"]\nclient_only = true\n",
        ),
    ]);
    let idl = text(place.path().join("idl"));
    let by_flags = xerus([
        "generate",
        &idl,
        "--root",
        "m.I",
        "--client-only",
        "--out",
        "-",
    ]);
    assert_eq!(by_flags.code, Some(0), "{}", by_flags.stderr);
    assert!(by_flags.stdout.contains("pub struct Used"));
    assert!(
        !by_flags.stdout.contains("Unused"),
        "only what the root reaches"
    );
    assert!(!by_flags.stdout.contains("pub mod server"));

    let config = text(place.path().join("xerus.toml"));
    let by_file = xerus(["generate", "--config", &config, "--out", "-"]);
    assert_eq!(by_file.code, Some(0), "{}", by_file.stderr);
    assert_eq!(by_file.stdout, by_flags.stdout);

    let both = xerus([
        "generate", "--config", &config, "--root", "m.Other", "--out", "-",
    ]);
    assert!(
        both.stdout.contains("Unused"),
        "flags add to lists: {}",
        both.stderr
    );
}

#[test]
fn wrong_options_are_one_clear_line() {
    let place = directory(&[("idl/a.idl", IDL), ("bad.toml", "rot = [\"m.I\"]\n")]);
    let idl = text(place.path().join("idl"));
    let bad = text(place.path().join("bad.toml"));
    for (arguments, words) in [
        (vec!["--root", "m.Ii"], "m.Ii"),
        (vec!["--derive", "m.Nope=Hash"], "m.Nope"),
        (vec!["--derive", "m.I"], "PATH=DERIVES"),
        (vec!["--config", &bad], "rot"),
        (vec!["--config", "/absent.toml"], "/absent.toml"),
    ] {
        let done = xerus([&["generate", idl.as_str(), "--out", "-"][..], &arguments].concat());
        assert_eq!(
            (done.code, done.stdout.as_str()),
            (Some(1), ""),
            "{arguments:?}"
        );
        assert!(
            done.stderr.contains(words),
            "{arguments:?}: {}",
            done.stderr
        );
        assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
    }
}

#[test]
fn a_place_that_cannot_be_written_is_one_clear_line() {
    let place = directory(&[("idl/a.idl", IDL)]);
    let (idl, out) = (
        text(place.path().join("idl")),
        text(place.path().join("absent/out.rs")),
    );
    let done = xerus(["generate", &idl, "--out", &out]);
    assert_eq!(done.code, Some(1));
    assert_eq!(
        done.stderr,
        format!(
            "error: cannot write {out}: no such file or directory; create the directory first\n"
        )
    );
    assert_eq!(xerus(["generate", &idl]).code, Some(2), "--out is required");
    let absent = xerus(["generate", "/absent", "--out", "-"]);
    assert_eq!(
        absent.stderr,
        "error: cannot read /absent: no such file or directory\n"
    );
}

#[test]
fn refused_idl_is_reported_with_its_place() {
    let place = directory(&[("idl/a.idl", "module m { structure A { B b; }; }\n")]);
    let idl = text(place.path().join("idl"));
    let done = xerus(["generate", &idl, "--out", "-"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
    assert!(done.stderr.contains("a.idl:1:26"), "{}", done.stderr);
}

#[test]
fn the_whole_api_is_generated() {
    if repository::is_missing() {
        return;
    }
    let done = xerus([
        "generate".to_owned(),
        text(api()),
        "--out".to_owned(),
        "-".to_owned(),
    ]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    assert!(done.stdout.contains("pub mod pdumodel"));
    assert!(done.stdout.lines().count() > 10_000);
}

#[test]
fn one_file_for_each_module() {
    let place = directory(&[
        (
            "idl/a.idl",
            &format!("{IDL}module n {{ interface Lamp {{ m.Used used(); }}; }}\n"),
        ),
        ("src/out/mine.rs", "// mine\n"),
    ]);
    let (idl, out) = (
        text(place.path().join("idl")),
        place.path().join("src/out.rs"),
    );
    let layout = ["generate", &idl, "--layout", "files", "--out", &text(&out)];
    let check = || xerus([&layout[..], &["--check"]].concat());
    let file = |name: &str| place.path().join("src/out").join(name);

    assert_eq!(check().code, Some(1));
    assert!(!file("m.rs").exists(), "check writes nothing");
    let done = xerus(layout);
    assert_eq!(
        (done.code, done.stdout.as_str(), done.stderr.as_str()),
        (Some(0), "", "")
    );
    let root = fs::read_to_string(&out).expect("the root");
    for name in ["m.rs", "n.rs", "server/m.rs", "server/n.rs"] {
        assert!(file(name).is_file(), "{name}");
        let include = format!("::core::include!(\"out/{name}\");");
        assert!(root.contains(&include), "{include}");
    }
    assert_eq!(check().code, Some(0), "{}", check().stderr);

    fs::write(file("m.rs"), "old").expect("a file");
    let stale = check();
    assert_eq!(stale.code, Some(1));
    assert!(stale.stderr.contains("m.rs is stale"), "{}", stale.stderr);

    fs::write(place.path().join("idl/a.idl"), IDL).expect("a file");
    let stale = check();
    for words in [
        "out.rs is stale, line",
        "m.rs is stale, line",
        "n.rs is stale, its module is no longer generated",
    ] {
        assert!(stale.stderr.contains(words), "{words}: {}", stale.stderr);
    }
    assert_eq!(xerus(layout).code, Some(0));
    assert_eq!(check().code, Some(0), "{}", check().stderr);
    assert!(!file("n.rs").exists() && !file("server/n.rs").exists());
    assert!(file("mine.rs").exists(), "what is not ours stays");
}

#[test]
fn several_files_need_a_place() {
    let place = directory(&[("idl/a.idl", IDL)]);
    let idl = text(place.path().join("idl"));
    let done = xerus(["generate", &idl, "--layout", "files", "--out", "-"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
    assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
    let bare = text(place.path().join("out"));
    let done = xerus(["generate", &idl, "--layout", "files", "--out", &bare]);
    assert_eq!(done.code, Some(1));
    assert!(done.stderr.contains("X0607"), "{}", done.stderr);
    assert!(!place.path().join("out").exists());
}

#[test]
fn features_are_declared_in_a_manifest() {
    let manifest = "[package]\nname = \"x\"\n";
    let place = directory(&[("idl/a.idl", IDL), ("Cargo.toml", manifest)]);
    let (idl, out) = (text(place.path().join("idl")), place.path().join("api.rs"));
    let file = place.path().join("Cargo.toml");
    let run = |more: &[&str]| {
        let (out, file) = (text(&out), text(&file));
        let mut arguments = vec!["generate", &idl, "--out", &out, "--cargo-toml", &file];
        arguments.extend(more);
        xerus(arguments)
    };

    let alone = run(&[]);
    assert_eq!(alone.code, Some(1));
    assert!(
        alone.stderr.contains("--cargo-features"),
        "{}",
        alone.stderr
    );
    let homeless = run(&["--cargo-features"]);
    assert_eq!(homeless.code, Some(1));
    let [first, last] = xerus_codegen::features::MARKERS;
    assert!(homeless.stderr.contains(first), "{}", homeless.stderr);
    assert!(!out.exists(), "nothing is written unless everything is");

    let manifest = format!("{manifest}[features]\n{first}\n{last}\n");
    fs::write(&file, &manifest).expect("a file");
    let stale = run(&["--cargo-features", "--check"]);
    assert_eq!(stale.code, Some(1));
    assert!(
        stale.stderr.contains("Cargo.toml is stale"),
        "{}",
        stale.stderr
    );
    assert_eq!(fs::read_to_string(&file).expect("the file"), manifest);

    let done = run(&["--cargo-features"]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    let made = fs::read_to_string(&file).expect("the file");
    assert!(made.contains("\nm = []\n"), "{made}");
    assert!(made.contains("\nserver = []\n"), "{made}");
    let before = fs::metadata(&file)
        .expect("metadata")
        .modified()
        .expect("a time");
    assert_eq!(run(&["--cargo-features", "--check"]).code, Some(0));
    assert_eq!(run(&["--cargo-features"]).code, Some(0));
    let after = fs::metadata(&file)
        .expect("metadata")
        .modified()
        .expect("a time");
    assert_eq!(after, before, "written only on change");
    let other = run(&["--cargo-features", "--client-only", "--check"]);
    assert_eq!(other.code, Some(1));
    assert!(
        other.stderr.contains("Cargo.toml is stale"),
        "{}",
        other.stderr
    );
}
