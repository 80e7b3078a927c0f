//! Where a call goes.

use serde_json::{Value, json};

use crate::observed::{Fault, Observed, Seen};

/// The URL of an object of a device.
pub(crate) fn run(input: &Value) -> Option<Observed> {
    let url = xerus_rpc::http::request_url(input["base"].as_str()?, input["rid"].as_str()?);
    Some(match url {
        Ok(url) => Observed::Value(Seen::plain(json!(url))),
        Err(error) => Observed::Error(Fault::from(&error)),
    })
}
