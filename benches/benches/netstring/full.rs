//! The client and the server of the library.

use std::time::Duration;

use tokio::task::JoinSet;
use xerus_rpc::Agent;
use xerus_rpc::netstring::{Netstring, NetstringServer, Servers, Serving};
use xerus_rpc::server::{Context, Reply, Router};

use crate::Failed;
use crate::generated::bench::Doubler;
use crate::generated::server::bench as served;

struct Doubling;

impl served::Doubler for Doubling {
    fn twice<'a>(&'a self, _: &'a Context, value: i64) -> Reply<'a, i64> {
        Reply::ok(2 * value)
    }
}

/// A client and a server.
pub(crate) struct Pair {
    agent: Agent,
    doubler: Doubler,
    _serving: Serving,
}

impl Pair {
    pub(crate) async fn start() -> Result<Self, Failed> {
        let router = Router::new();
        router.insert("/", served::doubler(Doubling));
        let serving = NetstringServer::for_json_rpc(router)
            .bind("127.0.0.1:0")
            .await?;
        let servers = Servers::jsonrpcc(&format!("{},1", serving.address()))?;
        let agent = Netstring::builder(servers)
            .timeout(Duration::from_secs(30))
            .build()
            .agent();
        Ok(Self {
            doubler: Doubler::at(&agent, "/"),
            agent,
            _serving: serving,
        })
    }

    /// Calls through bindings.
    pub(crate) async fn calls(&self, count: u32) -> Result<(), Failed> {
        let mut calls = JoinSet::new();
        for value in 0..i64::from(count) {
            let doubler = self.doubler.clone();
            calls.spawn(async move {
                let twice = doubler.twice(value).await?;
                match twice == 2 * value {
                    true => Ok::<(), Failed>(()),
                    false => Err(format!("{value} doubled is no {twice}").into()),
                }
            });
        }
        while let Some(done) = calls.join_next().await {
            done??;
        }
        Ok(())
    }

    /// Calls without bindings: parameters and result are JSON.
    pub(crate) async fn untyped_calls(&self, count: u32) -> Result<(), Failed> {
        let mut calls = JoinSet::new();
        for value in 0..count {
            let agent = self.agent.clone();
            calls.spawn(async move {
                let params = format!(r#"{{"value":{value}}}"#).parse()?;
                let answer = agent.call("", "twice", params).await?;
                match answer.get() == (2 * u64::from(value)).to_string() {
                    true => Ok::<(), Failed>(()),
                    false => Err(format!("{value} doubled is no {answer}").into()),
                }
            });
        }
        while let Some(done) = calls.join_next().await {
            done??;
        }
        Ok(())
    }
}
