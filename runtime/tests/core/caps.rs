//! What one request may cost a router.

use xerus_rpc::server::{Caps, Context, Outcome, PartHandler, Router};
use xerus_rpc::wire::BoxFuture;

/// Answers every part itself.
struct Echo;

impl PartHandler for Echo {
    fn handle<'a>(&'a self, rid: &'a str, _: &'a [u8], _: Context) -> BoxFuture<'a, Outcome> {
        let body = format!(r#"{{"jsonrpc":"2.0","result":"{rid}","id":1}}"#);
        Box::pin(async move { Outcome::new(200, body.into_bytes()) })
    }
}

/// The answer to a bulk of so many parts.
async fn bulk(caps: Caps, method: &str, parts: usize) -> String {
    let part = r#"{"rid":"/a","json":{"method":"m","id":1}}"#;
    let parts = vec![part; parts].join(",");
    let body = format!(
        r#"{{"method":"{method}","params":{{"requests":[{parts}],"timeoutMs":60000}},"id":9}}"#
    );
    let router = Router::new().with_caps(caps);
    let outcome = router.handle_through(&Echo, "/bulk", body.as_bytes(), Context::new());
    String::from_utf8(outcome.await.body).unwrap()
}

fn caps(bulk_parts: usize, answer_bytes: usize) -> Caps {
    let mut caps = Caps::default();
    caps.bulk_parts = bulk_parts;
    caps.answer_bytes = answer_bytes;
    caps
}

#[tokio::test]
async fn parts_go_to_who_is_asked_to_answer_them() {
    let answer = bulk(Caps::default(), "performBulk", 2).await;
    assert_eq!(answer.matches(r#""result":"/a""#).count(), 2, "{answer}");
}

#[tokio::test]
async fn a_bulk_of_too_many_parts_is_refused() {
    let answer = bulk(caps(2, 1_000), "performBulk", 3).await;
    assert!(answer.contains(r#""code":-32602"#), "{answer}");
    assert!(
        answer.contains("3 requests in one bulk, and 2 is the most"),
        "{answer}"
    );
    let answer = bulk(caps(2, 1_000), "performBulk", 2).await;
    assert!(answer.contains("responses"), "{answer}");
}

#[tokio::test]
async fn an_answer_that_grows_too_long_ends() {
    let answer = bulk(caps(100, 200), "performBulk", 50).await;
    assert!(answer.contains(r#""code":-32000"#), "{answer}");
    assert!(answer.contains("of 50 requests were executed"), "{answer}");

    // A list may be short here, and what is last in it was executed.
    let answer = bulk(caps(100, 200), "performBulkTimeout", 50).await;
    assert!(answer.matches(r#""result":"/a""#).count() < 5, "{answer}");
    assert_eq!(answer.matches(r#""code":-32000"#).count(), 1, "{answer}");
    assert!(
        answer.ends_with(r#""id":1},"statcode":200}]},"id":9}"#),
        "{answer}"
    );
}
