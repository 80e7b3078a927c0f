//! Help, completions, manual pages, colours, and the commands of the README.

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::fs;
use std::path::Path;

use support::{command, directory, finish, text, xerus};

const COMMANDS: [&str; 5] = ["check", "dump", "fmt", "generate", "diff"];

#[test]
fn every_command_has_help_with_an_example() {
    for name in COMMANDS {
        let done = xerus([name, "--help"]);
        assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{name}");
        assert!(done.stdout.contains("Example"), "{}", done.stdout);
        assert!(
            done.stdout.contains(&format!("  xerus {name} ")),
            "{}",
            done.stdout
        );
        assert!(
            done.stdout.contains("-I"),
            "{name} takes include directories"
        );
    }
    assert!(xerus(["--help"]).stdout.contains("xerus check idl"));
    assert!(xerus(["--version"]).stdout.starts_with("xerus "));
}

/// Each says what 1 stands for, and a script need not guess.
#[test]
fn every_command_names_its_exit_codes() {
    let mut commands = vec![
        &["check"][..],
        &["completions"],
        &["diff"],
        &["dump"],
        &["fmt"],
    ];
    commands.extend([&["generate"][..], &["import"], &["man"]]);
    if cfg!(feature = "device") {
        commands.extend([
            &["call"][..],
            &["conformance"],
            &["discover"],
            &["simulate"],
        ]);
        commands.push(&["recording", "convert"]);
    }
    for command in commands {
        let help = xerus([command, &["--help"]].concat()).stdout;
        let (_, codes) = help.split_once("Exit codes: ").expect("exit codes");
        let words: Vec<_> = codes.split_whitespace().collect();
        for code in ["0", "1", "2"] {
            assert!(words.contains(&code), "{code}: {codes}");
        }
    }
}

#[test]
fn every_option_of_the_generator_is_a_flag() {
    let help = xerus(["generate", "--help"]).stdout;
    let own = ["config", "check", "cargo-toml"];
    let all = xerus_codegen::options::SPECS.iter().map(|spec| spec.flag);
    for flag in all.chain(own) {
        let is_flag = |word: &str| word.split('[').next() == Some(&format!("--{flag}"));
        assert!(help.split_whitespace().any(is_flag), "{flag}: {help}");
    }
    // One spelling of the include directories for all commands.
    for name in COMMANDS {
        let help = xerus([name, "--help"]).stdout;
        assert!(help.contains("-I, --include-dir <DIR>"), "{name}: {help}");
    }
}

#[test]
fn a_command_line_that_is_not_understood_exits_with_2() {
    for arguments in [
        &["frobnicate"][..],
        &["check"],
        &["check", "--message-format", "loud", "x"],
        &["dump"],
    ] {
        let done = xerus(arguments);
        assert_eq!(
            (done.code, done.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert!(done.stderr.starts_with("error: "), "{}", done.stderr);
    }
}

#[test]
fn colours_follow_the_flag_and_no_color() {
    let place = directory(&[("a.idl", "module m {\n")]);
    let path = text(place.path());
    let has_colours = |arguments: &[&str], no_color: Option<&str>| {
        let mut command = command();
        command.args(arguments).args(["check", &path]);
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        finish(&mut command).stderr.contains('\u{1b}')
    };
    assert!(!has_colours(&[], None), "no terminal");
    assert!(has_colours(&["--color", "always"], None));
    assert!(
        has_colours(&["--color=always"], Some("1")),
        "the flag is the stronger wish"
    );
    assert!(!has_colours(&["--color", "never"], None));
    assert!(!has_colours(&["--color", "auto"], Some("1")));
}

#[test]
fn completions_and_manual_pages() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let done = xerus(["completions", shell]);
        assert_eq!(done.code, Some(0), "{shell}: {}", done.stderr);
        assert!(done.stdout.contains("client-only"), "{shell}");
    }
    let place = directory(&[]);
    let done = xerus(["man".to_owned(), text(place.path())]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    for name in COMMANDS {
        let page =
            fs::read_to_string(place.path().join(format!("xerus-{name}.1"))).expect("a page");
        assert!(page.contains(".TH"), "{name}");
    }
    assert!(place.path().join("xerus.1").is_file());
    assert_eq!(xerus(["man", "/absent"]).code, Some(1));
}

#[test]
fn the_commands_of_the_readme_exist() {
    if repository::is_missing() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    let mut seen = Vec::new();
    for line in readme.lines() {
        let Some((_, rest)) = line.split_once("`xerus ") else {
            continue;
        };
        let name = rest.split([' ', '`']).next().unwrap_or_default();
        let done = xerus([name, "--help"]);
        assert_eq!(done.code, Some(0), "{line}");
        seen.push(name.to_owned());
    }
    assert!(
        COMMANDS
            .iter()
            .all(|name| seen.iter().any(|seen| seen == name)),
        "{seen:?}"
    );
    let check = readme
        .lines()
        .find_map(|line| line.split_once("-p xerus-cli -- "))
        .expect("a command")
        .1;
    let check = check.split('`').next().unwrap_or_default();
    let arguments = check.split_whitespace();
    assert_eq!(
        finish(command().current_dir(root).args(arguments)).code,
        Some(0)
    );
}
