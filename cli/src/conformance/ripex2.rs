//! RipEX2 radio modems. Nothing is done here that changes a unit, or that could lock users out.

mod answer;
mod connection;
mod no_login;
mod rows;
mod unit;

use std::cell::Cell;

use xerus_rpc::http::Tls;

use super::{Finding, Probe, Verdict};
use unit::Unit;

use crate::wire::shown;

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

/// Runs every row, one after another, and begins none when this is set. The error says why the unit cannot be tested at all.
pub(crate) async fn run(
    setup: &Setup,
    is_interrupted: &Cell<bool>,
) -> Result<Vec<Finding>, String> {
    let unit = Unit::new(setup)?;
    let url = shown(&setup.url);
    let reached = unit.place.where_it_is().reach(unit.patience()).await;
    reached.map_err(|why| format!("{url}: {why}"))?;
    if let Err(why) = unit.answers().await {
        return Err(format!(
            "{url} did not answer device_ping: {why}; give --timeout more, or look whether that is a RipEX2"
        ));
    }
    // A refusal is one of the user and not of a row, and a second one may lock the user out.
    if let Some((user, _)) = &setup.login
        && let Err(failed) = unit.session().await
    {
        let why = unit.no_login().map_or(failed.seen, |no| no.text(user));
        return Err(format!("{url} {why}"));
    }
    let mut findings = Vec::new();
    for (row, test) in rows::all() {
        if is_interrupted.get() {
            break;
        }
        let mut finding = Finding::new(row, test(&unit).await);
        if finding.verdict != Verdict::NotTried && unit.answers().await.is_err() {
            finding = finding.without_next_call();
        }
        findings.push(finding);
    }
    unit.end().await;
    Ok(findings)
}
