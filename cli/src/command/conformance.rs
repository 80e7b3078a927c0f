//! `xerus conformance`.

mod peer;

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::args::Conformance;
use crate::conformance::{Finding, Verdict};
use crate::failure::Failure;
use crate::output::{Output, Table};
use crate::terminal::Terminal;

/// Some rows are not as expected.
const DIFFERS: u8 = 6;

const COLUMNS: &[&str] = &["row", "verdict", "case", "expected", "seen"];

pub(super) fn run(args: &Conformance, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let findings = peer::test(args, terminal)?;
    let count = |verdict| {
        let those = findings.iter().filter(|finding| finding.verdict == verdict);
        those.count()
    };
    let (not_tried, differs) = (count(Verdict::NotTried), count(Verdict::Differs));
    let code = if differs > 0 { DIFFERS } else { 0 };
    let code = terminal.conclude(&text(&findings, args.output), code);
    if not_tried > 0 {
        let of = findings.len();
        terminal.tell(&format!("{not_tried} of {of} rows were not tried\n"));
    }
    if differs > 0 {
        let of = findings.len();
        terminal.tell(&format!("{differs} of {of} rows are not as expected\n"));
    }
    Ok(code)
}

fn text(findings: &[Finding], output: Output) -> String {
    if output == Output::Json {
        let lines: Vec<_> = findings.iter().map(|f| value(f).to_string()).collect();
        return format!("[\n{}\n]\n", lines.join(",\n"));
    }
    let mut table = Table::new(COLUMNS);
    for finding in findings {
        table.row(vec![
            finding.row.name.to_owned(),
            finding.verdict.name().to_owned(),
            case(finding),
            finding.row.expect.to_owned(),
            finding.seen.clone(),
        ]);
    }
    match output {
        Output::Csv => table.to_csv(),
        _ => table.to_text(),
    }
}

fn case(finding: &Finding) -> String {
    format!("{}{}", finding.row.case, finding.variant)
}

fn value(finding: &Finding) -> Value {
    json!({
        "row": finding.row.name,
        "verdict": finding.verdict.name(),
        "case": case(finding),
        "expected": finding.row.expect,
        "seen": finding.seen,
    })
}
