//! RipEX2 radio modems. Nothing is done here that changes a unit, or that could lock users out.

mod answer;
mod connection;
mod rows;
mod unit;

use xerus_rpc::http::Tls;

use super::{Finding, Probe, Verdict};
use unit::Unit;

/// Whom to test, and as whom.
pub(crate) struct Setup {
    /// Known to be one of `https://` or `http://`.
    pub(crate) url: String,
    /// A user, and the password.
    pub(crate) login: Option<(String, String)>,
    pub(crate) tls: Tls,
    /// The address of a unit that cannot be reached.
    pub(crate) target: Option<String>,
    pub(crate) is_wrong_login_wanted: bool,
    /// A method that needs a session.
    pub(crate) probe: Probe,
}

/// Runs every row, one after another. The error says why the unit cannot be tested at all.
pub(crate) async fn run(setup: &Setup) -> Result<Vec<Finding>, String> {
    let unit = Unit::new(setup)?;
    if let Err(why) = unit.answers().await {
        let url = &setup.url;
        return Err(match why.contains("--pin") {
            true => format!("{url}: {why}"),
            false => format!(
                "{url} did not answer device_ping: {why}; give --timeout more, or look whether that is a RipEX2"
            ),
        });
    }
    let mut findings = Vec::new();
    for (row, test) in rows::all() {
        let mut finding = Finding::new(row, test(&unit).await);
        if finding.verdict != Verdict::NotTried && unit.answers().await.is_err() {
            finding = finding.without_next_call();
        }
        findings.push(finding);
    }
    unit.end().await;
    Ok(findings)
}
