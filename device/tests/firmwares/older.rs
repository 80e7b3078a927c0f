//! A device with firmware that is not simulated: the oldest that is, with other versions, and without what came later.

use std::sync::Arc;

use serde_json::Value;
use xerus_rpc::error::{HttpStatusError, RpcError};
use xerus_rpc::wire::{BoxFuture, Reply, Request, Transport};
use xerus_rpc::{Agent, Error, Json};

/// What the older firmware has otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Older {
    /// Versions of interfaces and value objects, by their names.
    pub(crate) versions: &'static [(&'static str, &'static str)],
    /// Objects that are not there.
    pub(crate) absent: &'static [&'static str],
    /// Methods that are not there, by a part of the resource id.
    pub(crate) no_method: &'static [(&'static str, &'static str)],
    /// Members of structures that are not there, by method.
    pub(crate) without: &'static [(&'static str, &'static str)],
}

struct Device {
    device: Agent,
    older: Older,
}

/// The device behind `device`, as the older firmware would be.
pub(crate) fn older(device: &Agent, older: Older) -> Agent {
    Agent::with_transport(Arc::new(Device {
        device: device.clone(),
        older,
    }))
}

impl Device {
    async fn answer(&self, request: &Request) -> Result<Reply, Error> {
        let (rid, method) = (request.target(), request.name());
        if self.older.absent.iter().any(|absent| rid.contains(absent)) {
            return Err(HttpStatusError::new(404, "").into());
        }
        let is_refused = |(of, name): &(&str, &str)| rid.contains(of) && *name == method;
        if self.older.no_method.iter().any(is_refused) {
            return Err(RpcError::new(-32601, "Method not found").into());
        }
        let arguments = String::from_utf8(request.args().by_name().to_vec()).unwrap();
        let arguments: Json = arguments.parse().unwrap();
        let result = self.device.call(rid, method, arguments).await?;
        let mut result: Value = serde_json::from_str(result.get()).unwrap();
        for (of, member) in self.older.without {
            if *of == method
                && let Some(members) = result["_ret_"].as_object_mut()
            {
                members.remove(*member);
            }
        }
        set_versions(&mut result, self.older.versions);
        Ok(Reply::by_name(result.to_string()))
    }
}

impl Transport for Device {
    fn origin(&self) -> &str {
        "test:older"
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(self.answer(request))
    }
}

/// Gives every reference and value object of these types another version.
fn set_versions(value: &mut Value, versions: &[(&str, &str)]) {
    match value {
        Value::Array(elements) => {
            for element in elements {
                set_versions(element, versions);
            }
        }
        Value::Object(members) => {
            if let Some(Value::String(id)) = members.get_mut("type") {
                let known = versions
                    .iter()
                    .find(|(name, _)| id.split(':').next() == Some(name));
                if let Some((name, version)) = known {
                    *id = format!("{name}:{version}");
                }
            }
            for member in members.values_mut() {
                set_versions(member, versions);
            }
        }
        _ => {}
    }
}
