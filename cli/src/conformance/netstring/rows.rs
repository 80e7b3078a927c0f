//! The faults. Names are those of the tests of this wire; `rule` is a rule that keeps a Kamailio alive.

use std::future::Future;
use std::pin::Pin;

use serde_json::{Value, json};

use super::peer::{Taken, frame};
use super::{Connection, Peer};
use crate::conformance::Row;

/// What was seen, as it should be or not.
type Outcome = Result<String, String>;
type Running<'p> = Pin<Box<dyn Future<Output = Outcome> + 'p>>;
type Test = for<'p> fn(&'p Peer<'p>) -> Running<'p>;

macro_rules! rows {
    ($($name:literal, $case:literal, $expect:literal, $test:expr;)*) => {
        pub(super) const ROWS: &[(Row, Test)] = &[$((
            Row { name: $name, case: $case, expect: $expect },
            |peer| Box::pin(async move { let test = $test; test(peer).await }),
        )),*];
    };
}

rows! {
    "rule 1", "one call", "one answer, and nothing after it", once;
    "rule 1", "a notification", "no answer", notification;
    "rule 5", "an id that is a text", "the id as it came, or the connection closed", text_id;
    "rule 5", "an id of 15 digits", "the id as it came", large_id;
    "rule 6", "no parameters, null, {} and []", "an answer to each", no_parameters;
    "rule 7", "a method that is not there", "error -32601", no_method;
    "rule 7", "a call without a method", "error -32600, or the connection closed", no_call;
    "N9", "a frame in pieces of one byte", "an answer", pieces;
    "N10", "three frames in one write, the last one incomplete", "two answers, the third when it is whole", several;
    "N11", "300 calls at once", "an answer to each", many;
    "N18", "a length of ten digits", "closed, nothing sent", |peer| refused(peer, "1234567890:{},");
    "N18", "a length of 999 999 999", "closed, nothing sent", |peer| refused(peer, "999999999:{}");
    "N20", "a leading zero", "closed, nothing sent", |peer| refused(peer, "02:{},");
    "N20", "no length", "closed, nothing sent", |peer| refused(peer, ":{},");
    "N20", "a length below zero", "closed, nothing sent", |peer| refused(peer, "-1:{},");
    "N20", "a blank before the length", "closed, nothing sent", |peer| refused(peer, " 2:{},");
    "N20", "a newline before the length", "closed, nothing sent", |peer| refused(peer, "\n2:{},");
    "N20", "an empty frame", "closed, nothing sent", |peer| refused(peer, "0:,");
    "N21", "no comma behind the frame", "closed, nothing sent", |peer| refused(peer, "2:{}x");
    "N22", "no JSON in a good frame", "error -32700 with a null id, or the connection closed", |peer| unreadable(peer, b"8:no json!,".to_vec());
    "N22", "bad UTF-8 in a good frame", "error -32700 with a null id, or the connection closed", |peer| unreadable(peer, b"4:\"\xff\xfe\",".to_vec());
    "N22", "arrays nested 10 000 deep", "an error, or the connection closed", |peer| unreadable(peer, frame(&"[".repeat(10_000)).into_bytes());
    "N24", "a peer that sends 2 000 calls and reads no answer", "others are answered", deaf;
    "N35", "100 MB without a comma", "closed before the end", flood;
    "N36", "ten calls, and the connection is gone", "others are answered", gone;
    "N37", "a batch of two", "two answers in a list, error -32600, or the connection closed", batch;
}

/// What a connection shows after these bytes.
async fn shown(
    peer: &Peer<'_>,
    bytes: impl AsRef<[u8]>,
    count: usize,
) -> Result<(super::Seen, Connection), String> {
    let mut connection = peer.connect().await?;
    // A peer may close before it has everything.
    let _ = connection.send(bytes).await;
    Ok((connection.frames(count).await, connection))
}

fn told(is_right: bool, seen: String) -> Outcome {
    if is_right { Ok(seen) } else { Err(seen) }
}

async fn once(peer: &Peer<'_>) -> Outcome {
    let (seen, mut connection) = shown(peer, frame(&peer.request("7")), 1).await?;
    let more = connection.more().await;
    if !more.is_nothing() {
        return Err(format!("{}, then {}", seen.text(), more.text()));
    }
    told(seen.answers(&json!(7)), seen.text())
}

async fn notification(peer: &Peer<'_>) -> Outcome {
    let mut connection = peer.connect().await?;
    let _ = connection.send(frame(&peer.with(""))).await;
    let seen = connection.more().await;
    told(seen.is_nothing(), seen.text())
}

async fn text_id(peer: &Peer<'_>) -> Outcome {
    let (seen, _) = shown(peer, frame(&peer.request("\"seven\"")), 1).await?;
    let is_closed = seen.closed && seen.documents.is_empty();
    told(seen.answers(&json!("seven")) || is_closed, seen.text())
}

async fn large_id(peer: &Peer<'_>) -> Outcome {
    let (seen, _) = shown(peer, frame(&peer.request("123456789012345")), 1).await?;
    told(seen.answers(&json!(123_456_789_012_345_u64)), seen.text())
}

async fn no_parameters(peer: &Peer<'_>) -> Outcome {
    let params = [
        "",
        r#","params":null"#,
        r#","params":{}"#,
        r#","params":[]"#,
    ];
    let with_id =
        |(id, params): (usize, &&str)| frame(&peer.with(&format!(r#","id":{id}{params}"#)));
    let frames: String = params.iter().enumerate().map(with_id).collect();
    let (seen, _) = shown(peer, frames, params.len()).await?;
    let all = (0..params.len()).all(|id| seen.answers(&json!(id)));
    told(all, seen.text())
}

async fn no_method(peer: &Peer<'_>) -> Outcome {
    let request = r#"{"id":8,"jsonrpc":"2.0","method":"xerus.no.such.method"}"#;
    let (seen, _) = shown(peer, frame(request), 1).await?;
    let code = seen
        .answer(&json!(8))
        .map(|answer| &answer["error"]["code"]);
    told(code == Some(&json!(-32601)), seen.text())
}

async fn no_call(peer: &Peer<'_>) -> Outcome {
    let (seen, _) = shown(peer, frame(r#"{"id":9,"jsonrpc":"2.0"}"#), 1).await?;
    let code = seen
        .answer(&json!(9))
        .map(|answer| &answer["error"]["code"]);
    let is_closed = seen.closed && seen.documents.is_empty();
    told(code == Some(&json!(-32600)) || is_closed, seen.text())
}

async fn pieces(peer: &Peer<'_>) -> Outcome {
    let mut connection = peer.connect().await?;
    let bytes = frame(&peer.request("3"));
    let _ = connection.send_in_pieces(bytes.as_bytes(), 1).await;
    let seen = connection.frames(1).await;
    told(seen.answers(&json!(3)), seen.text())
}

async fn several(peer: &Peer<'_>) -> Outcome {
    let bytes: String = ["4", "5", "6"].map(|id| frame(&peer.request(id))).concat();
    let (first, last) = bytes.split_at(bytes.len() - 5);
    let (seen, mut connection) = shown(peer, first, 2).await?;
    if ![4, 5].iter().all(|id| seen.answers(&json!(id))) {
        return Err(seen.text());
    }
    let _ = connection.send(last).await;
    let third = connection.frames(1).await;
    told(
        third.answers(&json!(6)),
        format!("2 answers, then {}", third.text()),
    )
}

async fn many(peer: &Peer<'_>) -> Outcome {
    const CALLS: usize = 300;
    let bytes: String = (0..CALLS)
        .map(|id| frame(&peer.request(&id.to_string())))
        .collect();
    let (seen, _) = shown(peer, bytes, CALLS).await?;
    let answered = (0..CALLS).filter(|id| seen.answers(&json!(id))).count();
    told(answered == CALLS, format!("{answered} of {CALLS} answered"))
}

async fn refused(peer: &Peer<'_>, bytes: &str) -> Outcome {
    let mut connection = peer.connect().await?;
    let _ = connection.send(bytes).await;
    let seen = connection.end().await;
    told(
        seen.closed && seen.documents.is_empty() && !seen.garbage,
        seen.text(),
    )
}

async fn unreadable(peer: &Peer<'_>, bytes: Vec<u8>) -> Outcome {
    let (seen, _) = shown(peer, bytes, 1).await?;
    let is_error = |answer: &Value| answer["id"].is_null() && answer["error"]["code"].is_i64();
    let is_right = match seen.documents.as_slice() {
        [] => seen.closed,
        [answer] => is_error(answer),
        _ => false,
    };
    told(is_right && !seen.garbage, seen.text())
}

async fn deaf(peer: &Peer<'_>) -> Outcome {
    let mut connection = peer.connect().await?;
    let mut sent = 0;
    for id in 0..2_000 {
        // A full buffer is what this is about.
        if connection
            .send(frame(&peer.request(&id.to_string())))
            .await
            .is_err()
        {
            break;
        }
        sent += 1;
    }
    let answered = peer.answers().await;
    let what = if answered {
        "another was answered"
    } else {
        "another got no answer"
    };
    told(answered, format!("{sent} calls taken, {what}"))
}

async fn flood(peer: &Peer<'_>) -> Outcome {
    const MOST: usize = 100_000_000;
    let mut connection = peer.connect().await?;
    let _ = connection.send("99999999:").await;
    let (sent, taken) = connection.pour(MOST).await;
    let end = match taken {
        Taken::Refused => "closed",
        Taken::All => "open",
        Taken::Stuck => "open, takes nothing more",
        Taken::Slowly => "open, and the time for this is over",
    };
    told(
        taken == Taken::Refused,
        format!("{sent} bytes taken, {end}"),
    )
}

async fn gone(peer: &Peer<'_>) -> Outcome {
    for _ in 0..10 {
        let mut connection = peer.connect().await?;
        let _ = connection.send(frame(&peer.request("1"))).await;
    }
    let answered = peer.answers().await;
    told(
        answered,
        if answered { "answered" } else { "no answer" }.to_owned(),
    )
}

async fn batch(peer: &Peer<'_>) -> Outcome {
    let bytes = frame(&format!("[{},{}]", peer.request("1"), peer.request("2")));
    let (seen, _) = shown(peer, bytes, 1).await?;
    let is_right = match seen.documents.as_slice() {
        [] => seen.closed,
        [Value::Array(answers)] => {
            let has = |id: i64| answers.iter().any(|answer| answer["id"] == json!(id));
            answers.len() == 2 && has(1) && has(2)
        }
        [one] => one["error"]["code"] == json!(-32600),
        _ => false,
    };
    told(is_right, seen.text())
}
