//! `xerus conformance`.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::call::wait;
use crate::args::Conformance;
use crate::conformance::{Finding, Probe, Verdict, netstring};
use crate::failure::Failure;
use crate::output::{Output, Table};
use crate::terminal::Terminal;
use crate::wire::Wire;

/// Some rows are not as expected.
const DIFFERS: u8 = 6;

const COLUMNS: &[&str] = &["row", "verdict", "case", "expected", "seen"];

pub(super) fn run(args: &Conformance, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let params = serde_json::from_str::<Value>(&args.params);
    if !params.is_ok_and(|params| params.is_object() || params.is_array()) {
        return Err(Failure::Usage(
            "--params is no JSON object or list: write '{}' or '[1, 2]'".to_owned(),
        ));
    }
    let probe = Probe {
        method: args.method.clone(),
        params: args.params.clone(),
        patience: args.timeout,
    };
    let findings = match Wire::of(&args.url) {
        (Wire::Netstring, address) => {
            let address = address.strip_suffix('/').unwrap_or(address);
            if address.contains(',') {
                return Err(Failure::Usage(
                    "one server is tested at a time: name one, netstring://HOST:PORT".to_owned(),
                ));
            }
            wait(netstring::run(address, &probe))?.map_err(Failure::Network)?
        }
        _ => {
            return Err(Failure::Usage(format!(
                "there are no faults for {}: known is netstring://HOST:PORT",
                args.url
            )));
        }
    };
    terminal.print(&text(&findings, args.output))?;
    let differs = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Differs)
        .count();
    if differs == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    terminal.tell(&format!(
        "{differs} of {} rows are not as expected\n",
        findings.len()
    ));
    Ok(ExitCode::from(DIFFERS))
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
            finding.row.case.to_owned(),
            finding.row.expect.to_owned(),
            finding.seen.clone(),
        ]);
    }
    match output {
        Output::Csv => table.to_csv(),
        _ => table.to_text(),
    }
}

fn value(finding: &Finding) -> Value {
    json!({
        "row": finding.row.name,
        "verdict": finding.verdict.name(),
        "case": finding.row.case,
        "expected": finding.row.expect,
        "seen": finding.seen,
    })
}
