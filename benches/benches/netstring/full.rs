//! The client and the server of the library.

use std::time::Duration;

use tokio::task::JoinSet;
use xerus_rpc::netstring::{Netstring, NetstringServer, Servers, Serving};
use xerus_rpc::server::{Fault, Incoming, Reply, Router, Servant};
use xerus_rpc::{Agent, TypeInfo};

use crate::Failed;

/// A client and a server.
pub(crate) struct Pair {
    agent: Agent,
    _serving: Serving,
}

impl Pair {
    pub(crate) async fn start() -> Result<Self, Failed> {
        let info = TypeInfo::new("bench.Doubler:1.0.0".parse()?, []);
        let doubler = Servant::of_type(info, (), |(), call: &Incoming<'_>| match call.method() {
            "double" => Ok(Reply::ok(2 * call.argument::<i64>(0, "value")?).single()),
            _ => Err(Fault::method_not_found()),
        });
        let router = Router::new();
        router.insert("/doubler", doubler);
        let serving = NetstringServer::for_json_rpc(router)
            .bind("127.0.0.1:0")
            .await?;
        let servers = Servers::jsonrpcc(&format!("{},1", serving.address()))?;
        let agent = Netstring::builder(servers)
            .timeout(Duration::from_secs(30))
            .build()
            .agent();
        Ok(Self {
            agent,
            _serving: serving,
        })
    }

    pub(crate) async fn calls(&self, count: u32) -> Result<(), Failed> {
        let mut calls = JoinSet::new();
        for id in 0..u64::from(count) {
            let agent = self.agent.clone();
            calls.spawn(async move {
                let params = format!(r#"{{"value":{id}}}"#).parse()?;
                let answer = agent.call("", "double", params).await?;
                match answer.get() == (2 * id).to_string() {
                    true => Ok::<(), Failed>(()),
                    false => Err(format!("{id} doubled is no {answer}").into()),
                }
            });
        }
        while let Some(done) = calls.join_next().await {
            done??;
        }
        Ok(())
    }
}
