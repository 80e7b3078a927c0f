//! Which servers there are now.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::servers::{Server, Servers};
use super::srv::{DnsError, ResolveSrv, Srv};
use super::unreachable::ServerCause;

/// Servers that are named, and names whose servers DNS has.
pub(super) struct Source {
    named: Arc<[Server]>,
    srv: Vec<Arc<Srv>>,
}

impl Source {
    pub(super) fn new(servers: &Servers, resolve: &Arc<dyn ResolveSrv>, floor: Duration) -> Self {
        let srv = servers.srv_names().iter().map(|srv| {
            let resolve = Arc::clone(resolve);
            Arc::new(Srv::new(srv.name.clone(), srv.max_waiting, resolve, floor))
        });
        Self {
            named: servers.iter().cloned().collect(),
            srv: srv.collect(),
        }
    }

    /// The servers of now. Where no question to DNS has ended yet, it is waited for: not longer than half of the time that is left
    /// where others are known, and then not again once a question has failed. Without any server: why.
    pub(super) async fn now(&self, deadline: Instant) -> Result<Arc<[Server]>, Vec<ServerCause>> {
        if self.srv.is_empty() {
            return Ok(Arc::clone(&self.named));
        }
        let mut answers: Vec<_> = self
            .srv
            .iter()
            .map(|srv| srv.at_hand().ok_or_else(|| srv.error()))
            .collect();
        let others = !self.named.is_empty() || answers.iter().any(Result::is_ok);
        // A name whose question failed is asked again beside the calls: those have others to go to.
        let is_awaited = |answer: &Result<_, Option<DnsError>>| {
            answer
                .as_ref()
                .is_err_and(|error| !others || error.is_none())
        };
        if answers.iter().any(is_awaited) {
            let left = deadline.saturating_duration_since(Instant::now());
            let until = if others {
                Instant::now() + left / 2
            } else {
                deadline
            };
            let waits = self
                .srv
                .iter()
                .zip(answers)
                .map(|(srv, answer)| async move {
                    if !is_awaited(&answer) {
                        return answer;
                    }
                    match tokio::time::timeout_at(until, srv.servers()).await {
                        Ok(servers) => servers.map_err(Some),
                        Err(_) => Err(None),
                    }
                });
            answers = join_all(waits).await;
        }
        if let ([], [Ok(servers)]) = (&*self.named, answers.as_slice()) {
            return Ok(Arc::clone(servers));
        }
        let mut servers = self.named.to_vec();
        for server in answers.iter().flatten().flat_map(|servers| servers.iter()) {
            if !servers.iter().any(|known| known.is_same(server)) {
                servers.push(server.clone());
            }
        }
        match servers.is_empty() {
            false => Ok(servers.into()),
            true => Err(self.causes(&answers)),
        }
    }

    fn causes(&self, answers: &[Result<Arc<[Server]>, Option<DnsError>>]) -> Vec<ServerCause> {
        let failed = self.srv.iter().zip(answers);
        failed
            .map(|(srv, answer)| {
                let error = answer.as_ref().err().copied().flatten();
                ServerCause::of_name(&srv.name, error.unwrap_or(DnsError::TimedOut))
            })
            .collect()
    }

    /// The names, and why DNS did not answer the last question about them.
    pub(super) fn failures(&self) -> impl Iterator<Item = (&str, DnsError)> {
        self.srv
            .iter()
            .filter_map(|srv| Some((&*srv.name, srv.error()?)))
    }

    /// What the transport is called by.
    pub(super) fn name(servers: &Servers) -> String {
        let named = servers.iter().map(Server::name);
        let srv = servers.srv_names().iter().map(|srv| srv.name.clone());
        named.chain(srv).collect::<Vec<_>>().join(",")
    }
}
