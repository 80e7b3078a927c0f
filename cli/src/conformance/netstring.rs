//! Servers of JSON-RPC in netstrings.

mod peer;
mod rows;

use super::{Finding, Probe};
use peer::{Connection, Peer, Seen};

/// Runs every row, one after another. The error says why the peer cannot be tested at all.
pub(crate) async fn run(address: &str, probe: &Probe) -> Result<Vec<Finding>, String> {
    let peer = Peer::new(address, probe);
    if !peer.answers().await {
        return Err(format!(
            "{address} did not answer the method {} within {:?}: give --timeout more, or look whether JSON-RPC in netstrings is spoken there",
            probe.method, probe.patience
        ));
    }
    let mut findings = Vec::with_capacity(rows::ROWS.len());
    for (row, test) in rows::ROWS {
        let mut finding = Finding::new(*row, test(&peer).await.map_err(Into::into));
        if !peer.answers().await {
            finding = finding.without_next_call();
        }
        findings.push(finding);
    }
    Ok(findings)
}
