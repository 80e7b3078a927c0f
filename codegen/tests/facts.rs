//! What is known about the methods of three firmwares, against lists that somebody has read line by line.
//!
//! A method that is new, gone or decided otherwise fails here until its line is written: look at what the method does, not
//! at what the failure prints.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "support/repository.rs"]
mod repository;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use xerus_codegen::facts::{Facts, MethodFacts, suggests_long_poll, suggests_repeatable};
use xerus_codegen::{Builder, Input, Options};
use xerus_idl::model::{Builtin, Method, Model, TypeRef};

const FIRMWARES: [(&str, &str); 3] = [("3.6", "3.6.80"), ("4.0", "4.0.20"), ("4.4", "4.4.1")];

const REPEATABLE: &str = include_str!("facts/repeatable.txt");
const CODES: &str = include_str!("facts/codes.txt");

/// Which firmwares say the same about a method, by what they say.
type Lines = BTreeMap<String, BTreeSet<&'static str>>;

fn load(version: &str) -> Input {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl");
    let directory = directory.join(format!("xerus-{version}"));
    let read = Builder::new().idl_dir(directory).read().finish();
    read.unwrap_or_else(|error| panic!("{error}"))
}

/// Calls `visit` with every method of a model and its path without versions.
fn each(model: &Model, facts: &Facts<'_>, visit: &mut dyn FnMut(&str, &Method, &MethodFacts)) {
    for (index, ty) in model.types() {
        let module = &model.module(ty.module).path;
        for method in ty.methods() {
            let path = format!("{module}.{}.{}", ty.base_name, method.name);
            visit(&path, method, facts.method(index, method));
        }
    }
}

fn lines(line: impl Fn(&str, &Method, &MethodFacts) -> Option<String>) -> Lines {
    let mut lines = Lines::new();
    for (short, version) in FIRMWARES {
        let input = load(version);
        let facts = Facts::of(&input.model, &Options::new()).unwrap();
        each(&input.model, &facts, &mut |path, method, facts| {
            if let Some(text) = line(path, method, facts) {
                lines
                    .entry(format!("{path} {text}"))
                    .or_default()
                    .insert(short);
            }
        });
    }
    lines
}

/// Compares what is decided with what somebody has read, both ways. Returns the reasons by line.
fn compare(list: &'static str, decided: Lines) -> Vec<(&'static str, &'static str)> {
    let is_line = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let mut reviewed = BTreeSet::new();
    let mut reasons = Vec::new();
    for line in list.lines().filter(is_line) {
        let (line, reason) = line.split_once(" # ").unwrap_or((line, ""));
        let words: Vec<_> = line.split_whitespace().collect();
        assert!(reviewed.insert(words.join(" ")), "twice: {line}");
        reasons.push((line.trim_end(), reason));
    }
    let decided: BTreeSet<_> = decided
        .into_iter()
        .map(|(line, firmwares)| {
            let firmwares: Vec<_> = firmwares.into_iter().collect();
            format!("{line} {}", firmwares.join(","))
        })
        .collect();
    let missing: Vec<_> = decided.difference(&reviewed).cloned().collect();
    let gone: Vec<_> = reviewed.difference(&decided).cloned().collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "decided, but nobody has read it:\n{}\n\nread, but decided otherwise:\n{}\n",
        missing.join("\n"),
        gone.join("\n")
    );
    reasons
}

/// Whether a method returns an `int` first.
fn returns_int(method: &Method) -> bool {
    method.returns == Some(TypeRef::Builtin(Builtin::Int))
}

fn names(facts: &MethodFacts) -> Option<String> {
    let codes = facts.codes.as_ref()?.iter();
    let codes: Vec<_> = codes
        .map(|(code, names)| format!("{code}={}", names.join("|")))
        .collect();
    Some(if codes.is_empty() {
        "-".to_owned()
    } else {
        codes.join(",")
    })
}

#[test]
fn what_may_be_repeated() {
    if repository::is_missing() {
        return;
    }
    let decided = lines(|_, _, facts| {
        let repeat = if facts.marks.repeatable? {
            "repeat"
        } else {
            "once"
        };
        let poll = if facts.marks.long_poll? {
            ",longpoll"
        } else {
            ""
        };
        Some(format!("{repeat}{poll}"))
    });
    let total: usize = decided.values().map(BTreeSet::len).sum();
    assert_eq!(total, 596 + 579 + 641);
    let reasons = compare(REPEATABLE, decided);
    for (line, reason) in reasons {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap().rsplit('.').next().unwrap();
        let marks: Vec<_> = words.next().unwrap().split(',').collect();
        let repeat = marks.contains(&"repeat");
        let poll = marks.contains(&"longpoll");
        let differs = repeat != suggests_repeatable(name) || poll != suggests_long_poll(name);
        assert!(
            !differs || !reason.is_empty(),
            "{line}: give the reason why it is not as the name suggests"
        );
    }
}

#[test]
fn which_ints_are_codes_and_what_they_are_called() {
    if repository::is_missing() {
        return;
    }
    let decided = lines(|_, method, facts| {
        assert_eq!(facts.marks.code.is_some(), returns_int(method));
        assert_eq!(facts.marks.code == Some(true), facts.codes.is_some());
        if !returns_int(method) {
            return None;
        }
        Some(names(facts).map_or("value -".to_owned(), |names| format!("code {names}")))
    });
    let total: usize = decided.values().map(BTreeSet::len).sum();
    assert_eq!(total, 226 + 216 + 235);
    compare(CODES, decided);
}

/// The same method means the same in every firmware, whether its IDL has comments or not.
#[test]
fn firmwares_agree() {
    if repository::is_missing() {
        return;
    }
    let decided = lines(|_, _, facts| {
        Some(format!(
            "{:?} {:?}",
            facts.marks.repeatable, facts.marks.long_poll
        ))
    });
    let paths: BTreeSet<_> = decided
        .keys()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(paths.len(), decided.len());
    let decided =
        lines(|_, method, facts| returns_int(method).then(|| format!("{:?}", facts.marks.code)));
    let paths: BTreeSet<_> = decided
        .keys()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(paths.len(), decided.len());
}

/// Two methods of one interface, one number, two meanings.
#[test]
fn the_table_belongs_to_the_method() {
    if repository::is_missing() {
        return;
    }
    for (_, version) in FIRMWARES {
        let input = load(version);
        let facts = Facts::of(&input.model, &Options::new()).unwrap();
        let mut first = BTreeMap::new();
        each(&input.model, &facts, &mut |path, _, facts| {
            if let Some(method) = path.strip_prefix("usermgmt.UserManager.") {
                let codes = facts.codes.as_deref().and_then(<[_]>::first).cloned();
                first.insert(method.to_owned(), codes);
            }
        });
        let one = |name: &str| Some((1, vec![name.to_owned()]));
        assert_eq!(
            first["createAccount"],
            one("ERR_USER_ALREADY_EXISTS"),
            "{version}"
        );
        assert_eq!(
            first["deleteAccount"],
            one("ERR_USER_DOESNT_EXIST"),
            "{version}"
        );
        assert_eq!(first["getAccountNames"], None, "{version}");
    }
}

/// A text without its comments. No string of the IDL holds a slash.
fn without_comments(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("/") {
        left.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else {
            rest.find('\n')
        };
        rest = &rest[end.unwrap()..];
    }
    left + rest
}

/// IDL that is imported from the vendor's package has no comments: what is decided must not depend on them.
#[test]
fn without_comments_the_same_is_decided() {
    if repository::is_missing() {
        return;
    }
    let input = load("4.4.1");
    let bare = tempfile::tempdir().unwrap();
    for (_, file) in input.sources.files() {
        let name = Path::new(file.name()).file_name().unwrap();
        fs::write(bare.path().join(name), without_comments(file.text())).unwrap();
    }
    let stripped = Builder::new().idl_dir(bare.path()).read().finish().unwrap();
    assert!(stripped.model.types().all(|(_, ty)| ty.docs.is_empty()));

    let mut documented = BTreeMap::new();
    let facts = Facts::of(&input.model, &Options::new()).unwrap();
    each(&input.model, &facts, &mut |path, _, facts| {
        documented.insert(path.to_owned(), facts.clone());
    });
    let facts = Facts::of(&stripped.model, &Options::new()).unwrap();
    let mut other = Vec::new();
    each(&stripped.model, &facts, &mut |path, _, facts| {
        let with = documented.remove(path).unwrap();
        if with != *facts {
            let names = |facts| names(facts).unwrap_or_else(|| "value".to_owned());
            other.push(format!("{path}\n  {}\n  {}", names(&with), names(facts)));
        }
    });
    assert!(documented.is_empty());
    assert!(other.is_empty(), "{}", other.join("\n"));
}
