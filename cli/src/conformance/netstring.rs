//! Servers of JSON-RPC in netstrings.

mod peer;
mod rows;

use super::{Finding, Probe, reach};
use peer::{Connection, Peer, Seen};

/// Runs every row, one after another. The error says why the peer cannot be tested at all.
pub(crate) async fn run(address: &str, probe: &Probe) -> Result<Vec<Finding>, String> {
    let peer = Peer::new(address, probe);
    let reached = reach::in_time(probe.patience, reach::connect(address)).await;
    reached.map_err(|why| format!("{address}: {why}"))?;
    if let Err(seen) = peer.answer().await {
        return Err(format!(
            "{address} did not answer the method {} within {:?}, it said: {seen}; give --timeout more, or look whether JSON-RPC in netstrings is spoken there",
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// What a row comes to with a server that answers the first bytes with these, and then takes and says nothing more.
    async fn outcome(case: &str, answer: &'static [u8]) -> Result<String, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let read = stream.read(&mut [0; 1024]).await;
            read.expect("bytes");
            stream.write_all(answer).await.expect("a peer that reads");
            std::future::pending::<()>().await;
        });
        let probe = Probe {
            method: "a".to_owned(),
            params: "{}".to_owned(),
            patience: Duration::from_millis(100),
        };
        let row = rows::ROWS.iter().find(|(row, _)| row.case == case);
        row.expect("a row").1(&Peer::new(&address, &probe)).await
    }

    #[tokio::test]
    async fn a_notification_is_answered_with_nothing_at_all() {
        for (answer, seen) in [
            (&b""[..], Ok("nothing")),
            (b"x", Err("bytes that are no frame of JSON")),
            (b"02:{},", Err("bytes that are no frame of JSON")),
            (b"9:{\"id\"", Err("a part of a frame")),
            (b"2:{},", Err("{}")),
        ] {
            let outcome = outcome("a notification", answer).await;
            let outcome = outcome.as_ref().map(String::as_str);
            assert_eq!(outcome.map_err(String::as_str), seen);
        }
    }

    #[tokio::test]
    async fn a_server_that_hangs_has_not_closed() {
        let outcome = outcome("100 MB without a comma", b"").await;
        let seen = outcome.expect_err("it is open");
        assert!(seen.ends_with("open, takes nothing more"), "{seen}");
    }
}
