//! Servers of JSON-RPC in netstrings.

mod peer;
mod rows;

use super::{Finding, Probe, Verdict};
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
        let (mut seen, mut verdict) = match test(&peer).await {
            Ok(seen) => (seen, Verdict::Meets),
            Err(seen) => (seen, Verdict::Differs),
        };
        // Whatever was done to it, it has to be there for the next one.
        if !peer.answers().await {
            verdict = Verdict::Differs;
            seen.push_str("; the next call got no answer");
        }
        findings.push(Finding {
            row: *row,
            seen,
            verdict,
        });
    }
    Ok(findings)
}
