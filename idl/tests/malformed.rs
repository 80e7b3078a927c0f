//! The table of malformed inputs: level, place and wording of what is said about each.
//!
//! The cases are in `tests/malformed/*.txt`; their format is explained at the top of each file.

use xerus_idl::diagnostic::{Diagnostic, Level};
use xerus_idl::lint::{Lint, Lints};
use xerus_idl::source::SourceMap;
use xerus_idl::{Diagnostics, Idl};

const TABLES: [&str; 4] = [
    include_str!("malformed/lexical.txt"),
    include_str!("malformed/preprocessor.txt"),
    include_str!("malformed/syntax.txt"),
    include_str!("malformed/names.txt"),
];

#[derive(Default)]
struct Case {
    name: String,
    warning: bool,
    place: String,
    must: Vec<String>,
    lints: Lints,
    utf16: bool,
    files: Vec<(String, String)>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for table in TABLES {
        let first = cases.len();
        for line in table.lines() {
            if let Some(rest) = line.strip_prefix("== ") {
                let [name, level, place] = rest.split(' ').collect::<Vec<_>>()[..] else {
                    panic!("malformed heading: {line}");
                };
                cases.push(Case {
                    name: name.to_owned(),
                    warning: level == "W",
                    place: place.to_owned(),
                    ..Case::default()
                });
                continue;
            }
            let Some(case) = cases.get_mut(first..).and_then(<[Case]>::last_mut) else {
                continue;
            };
            if let Some(name) = line.strip_prefix("-- ") {
                case.files.push((name.to_owned(), String::new()));
            } else if let Some((_, text)) = case.files.last_mut() {
                text.push_str(line);
                text.push('\n');
            } else if let Some(text) = line.strip_prefix("must: ") {
                case.must.push(text.to_owned());
            } else if let Some(lint) = line.strip_prefix("lint: ") {
                case.lints = case
                    .lints
                    .with(Lint::from_name(lint).expect("a known lint"));
            } else if line == "encoding: UTF-16LE" {
                case.utf16 = true;
            }
        }
    }
    for (_, text) in cases.iter_mut().flat_map(|case| &mut case.files) {
        text.truncate(text.trim_end_matches('\n').len());
        text.push('\n');
    }
    cases
}

/// All that is said about a case.
fn run(case: &Case) -> Diagnostics {
    let mut idl = Idl::new().lints(case.lints);
    for (index, (name, text)) in case.files.iter().enumerate() {
        if case.utf16 && index == 0 {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            let bytes: Vec<_> = units.flat_map(u16::to_le_bytes).collect();
            idl = idl.bytes(name, bytes);
        } else {
            idl = idl.text(name, text);
        }
    }
    match idl.load() {
        Ok(loaded) => Diagnostics::new(loaded.sources, loaded.warnings),
        Err(diagnostics) => diagnostics,
    }
}

fn place(sources: &SourceMap, item: &Diagnostic) -> String {
    let position = sources.position(item.span);
    format!(
        "{}:{}:{}",
        sources.file(item.span.file).name(),
        position.line,
        position.column
    )
}

/// Every text of a diagnostic.
fn wording(item: &Diagnostic) -> String {
    let related = item.related.iter().map(|(_, text)| text.as_str());
    let parts = [
        Some(item.message.as_str()),
        item.label.as_deref(),
        item.help.as_deref(),
    ];
    parts
        .into_iter()
        .flatten()
        .chain(related)
        .collect::<Vec<_>>()
        .join("\n")
}

fn problems(case: &Case) -> Vec<String> {
    let said = run(case);
    let level = if case.warning {
        Level::Warning
    } else {
        Level::Error
    };
    let expected = format!("{}:{}", case.files[0].0, case.place);
    let mut problems = Vec::new();
    let hit = said
        .items
        .iter()
        .find(|item| item.level == level && place(&said.sources, item) == expected);
    match hit {
        None => problems.push(format!("nothing at {expected}")),
        Some(hit) => {
            let wording = wording(hit);
            for must in &case.must {
                if !wording.contains(must.as_str()) {
                    problems.push(format!("does not say: {must}"));
                }
            }
        }
    }
    let errors = said.items.iter().filter(|item| item.is_error()).count();
    if errors != usize::from(!case.warning) {
        problems.push(format!("{errors} errors"));
    }
    if !problems.is_empty() {
        problems.push(said.to_short());
    }
    problems
}

#[test]
fn every_case_is_reported_where_it_is_wrong() {
    let cases = cases();
    let failures: Vec<_> = cases
        .iter()
        .filter_map(|case| {
            let problems = problems(case);
            (!problems.is_empty()).then(|| format!("{}: {}", case.name, problems.join("\n    ")))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} cases fail\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn the_table_is_complete() {
    let cases = cases();
    let warnings = cases.iter().filter(|case| case.warning).count();
    assert_eq!((cases.len(), warnings), (86, 11));
    for case in &cases {
        assert!(!case.must.is_empty(), "{} demands no words", case.name);
    }
}

#[test]
fn reports() {
    let mut text = String::new();
    for case in cases() {
        text.push_str(&format!("=== {}\n{}\n", case.name, run(&case).to_plain()));
    }
    insta::assert_snapshot!("malformed", text);
}
