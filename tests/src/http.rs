//! Statuses, redirects and credentials, against hosts that answer as the vector says.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use xerus_rpc::{Agent, Error, Json};
use xerus_sim::Simulator;

use crate::network::{Network, answer};
use crate::observed::{Fault, Observed, Seen};
use crate::transport::block_on;
use crate::vector::{Direction, Vector};

/// What the vectors say of a redirect that is followed.
const FOLLOWED: &str = "follow, same host";

/// Runs a vector of the kind `http`.
pub(crate) fn run(vector: &Vector) -> Option<Observed> {
    let input = vector.json()?;
    match vector.direction {
        Direction::Encode => block_on(credentials(&input)),
        _ if input["Authorization"].is_string() => block_on(presented(&input)),
        _ if input["request"].is_string() => block_on(redirected(&input)),
        _ => block_on(refused(&input)),
    }
}

/// The header that goes out for a user.
async fn credentials(input: &Value) -> Option<Observed> {
    let network = Network::start(|asked| asked.answered("{}")).await.ok()?;
    let builder = Agent::builder("http://pdu.example")
        .basic_auth(input["user"].as_str()?, input["password"].as_str()?);
    match network.lead(builder).build() {
        Err(error) => Some(Observed::Error(Fault::from(&error))),
        Ok(agent) => {
            call(&agent, "/firmware").await.ok()?;
            let header = network.asked().first()?.header("authorization")?.to_owned();
            Some(Observed::Value(Seen::plain(json!(header))))
        }
    }
}

/// The user that a served device takes a header for: the only one that it knows.
async fn presented(input: &Value) -> Option<Observed> {
    let device = Simulator::builder()
        .user("admin", "pw")
        .listen("127.0.0.1:0")
        .start()
        .await
        .ok()?;
    let ask = async |header: &str| {
        let mut stream = TcpStream::connect(device.address()).await.ok()?;
        let body = r#"{"jsonrpc":"2.0","method":"newSession","params":{},"id":1}"#;
        let request = format!(
            "POST /session HTTP/1.1\r\nHost: pdu\r\nConnection: close\r\nAuthorization: {header}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        Some(answer)
    };
    // Else it would let anybody in.
    let stranger = ask("Basic eDp5").await?;
    if !stranger.starts_with("HTTP/1.1 401 ") {
        return None;
    }
    let answer = ask(input["Authorization"].as_str()?).await?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let document: Value = serde_json::from_str(body).ok()?;
    let user = &document["result"]["session"]["username"];
    Some(Observed::Value(Seen::plain(json!({ "user": user }))))
}

/// What becomes of a call that is answered with a status.
async fn refused(input: &Value) -> Option<Observed> {
    let status = input["status"].as_u64()?;
    let network = Network::start(move |asked| match status {
        200 => asked.answered("{}"),
        _ => answer(status, "", ""),
    });
    let network = network.await.ok()?;
    let agent = network.lead(Agent::builder("https://pdu.example")).build();
    Some(match call(&agent.ok()?, "/model/pdu/0").await {
        Ok(()) => Observed::Value(Seen::plain(json!("answered"))),
        Err(error) => Observed::Error(Fault::from(&error)),
    })
}

/// What becomes of a call that is answered with a redirect. An agent that may change to https does so, and to nothing else.
async fn redirected(input: &Value) -> Option<Observed> {
    let (scheme, rest) = input["request"].as_str()?.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let status = input["status"].as_u64()?;
    let location = match &input["location"] {
        Value::String(location) => format!("Location: {location}\r\n"),
        _ => String::new(),
    };
    let first = match scheme {
        "https" => format!("https://{host}:443"),
        _ => format!("http://{host}:80"),
    };
    let network = Network::start(move |asked| {
        if asked.origin == first {
            answer(status, &location, "")
        } else {
            asked.answered("{}")
        }
    });
    let network = network.await.ok()?;
    let builder = Agent::builder(format!("{scheme}://{host}")).upgrade_redirects(true);
    let agent = network.lead(builder).build().ok()?;
    let result = call(&agent, &format!("/{path}")).await;
    let asked = network.asked();
    Some(match result {
        Err(error) if asked.len() == 1 => Observed::Error(Fault::from(&error)),
        Ok(()) if asked.len() == 2 => {
            let [from, to] = &asked[..] else { return None };
            let same = to.origin == format!("https://{host}:443")
                && (to.target(), &to.body) == (from.target(), &from.body);
            let seen = if same { FOLLOWED } else { &*to.origin };
            Observed::Value(Seen::plain(json!(seen)))
        }
        _ => Observed::Value(Seen::plain(json!(format!("{} requests", asked.len())))),
    })
}

async fn call(agent: &Agent, rid: &str) -> Result<(), Error> {
    let call = agent.call(rid, "setState", Json::EMPTY_OBJECT);
    call.await.map(drop)
}
