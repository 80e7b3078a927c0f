//! A device whose answers are changed on the way: one that is newer than everything that is known.

use std::sync::Arc;

use serde_json::Value;
use xerus_rpc::wire::{BoxFuture, Reply, Request, Transport};
use xerus_rpc::{Agent, Error, Json};

type Alter = dyn Fn(&str, &str, &mut Value) + Send + Sync;

struct Altered {
    device: Agent,
    alter: Box<Alter>,
}

/// An agent for the device behind `device`, with `alter(rid, method, result)` applied to each answer.
pub(crate) fn altered(
    device: &Agent,
    alter: impl Fn(&str, &str, &mut Value) + Send + Sync + 'static,
) -> Agent {
    Agent::with_transport(Arc::new(Altered {
        device: device.clone(),
        alter: Box::new(alter),
    }))
}

impl Transport for Altered {
    fn origin(&self) -> &str {
        "test:altered"
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let arguments = String::from_utf8(request.args().by_name().to_vec()).unwrap();
            let arguments: Json = arguments.parse().unwrap();
            let (rid, method) = (request.target(), request.name());
            let result = self.device.call(rid, method, arguments).await?;
            let mut result = serde_json::from_str(result.get()).unwrap();
            (self.alter)(rid, method, &mut result);
            Ok(Reply::by_name(result.to_string()))
        })
    }
}
