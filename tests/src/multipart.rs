//! Forms, as they arrive at a host.

use serde_json::{Value, json};
use xerus_rpc::Agent;
use xerus_rpc::wire::Part;

use crate::network::{Network, answer};
use crate::observed::{Fault, Observed, Seen};
use crate::transport::block_on;
use crate::vector::{Direction, Vector};

/// What the vectors say of a boundary that is in no part.
const DIFFERENT: &str = "boundary differs from any content";

/// Runs a vector of the kind `multipart`.
pub(crate) fn run(vector: &Vector) -> Option<Observed> {
    let input = vector.json()?;
    (vector.direction == Direction::Encode).then_some(())?;
    block_on(sent(&input))
}

/// The body that goes out. With a boundary in the vector it is written with that one: ours is random. Without one, the
/// boundary itself is what is looked at.
async fn sent(input: &Value) -> Option<Observed> {
    let network = Network::start(|_| answer(200, "", "")).await.ok()?;
    let builder = network.lead(Agent::builder("https://pdu.example"));
    let agent = builder.build().ok()?;
    let mut upload = agent.upload(input["endpoint"].as_str().unwrap_or("/cgi-bin/x.cgi"));
    let mut contents = Vec::new();
    for part in input["parts"].as_array()? {
        let text = |name: &str| part[name].as_str();
        let data = text("data")?.to_owned();
        contents.push(data.clone());
        upload = upload.part(match (text("filename"), text("mime")) {
            (Some(file_name), Some(mime)) => Part::file(text("name")?, file_name, mime, data),
            _ => Part::field(text("name")?, data),
        });
    }
    if let Err(error) = upload.await {
        return Some(Observed::Error(Fault::from(&error)));
    }
    let asked = network.asked();
    let asked = asked.first()?;
    let boundary = asked
        .header("content-type")?
        .strip_prefix("multipart/form-data; boundary=")?;
    let body = String::from_utf8(asked.body.clone()).ok()?;
    let observed = match input["boundary"].as_str() {
        Some(wanted) => body.replace(boundary, wanted),
        None if contents.iter().all(|content| !content.contains(boundary))
            && body.matches(boundary).count() == contents.len() + 1 =>
        {
            DIFFERENT.to_owned()
        }
        None => body,
    };
    Some(Observed::Value(Seen::plain(json!(observed))))
}
