//! What each call learns when something goes wrong with the request that it shares.

use futures_util::future::join_all;
use xerus_rpc::{Error, Json, Outcome};

use super::device::{Asked, Device, Started, When, assert_own, entry, own, responses};

type Results = Vec<Result<Json, Error>>;

pub async fn four(started: &Started) -> Results {
    join_all((0..4).map(|number| started.read(number).into_future())).await
}

/// Four reads whose entries the device makes of their ids.
async fn answered(entries: impl Fn(&[u64]) -> Vec<String> + Send + Sync + 'static) -> Results {
    let started = Device::new(move |asked: &Asked, _| {
        let ids: Vec<u64> = asked.calls.iter().map(|(_, _, id)| *id).collect();
        (When::Polls(0), Ok(responses(&entries(&ids))))
    })
    .start();
    let results = four(&started).await;
    assert_eq!(started.sizes(), [4]);
    results
}

fn good(ids: &[u64]) -> Vec<String> {
    let each = ids.iter().enumerate();
    each.map(|(number, id)| entry(*id, &format!("\"/o/{number}\"")))
        .collect()
}

#[tokio::test]
async fn one_bad_entry_leaves_the_others_as_they_are() {
    for (bad, code, status, outcome) in [
        (
            r#"{"json":{},"statcode":401}"#,
            "Auth.Unauthorized",
            Some(401),
            Outcome::NotExecuted,
        ),
        (
            r#"{"json":null,"statcode":403}"#,
            "Auth.Forbidden",
            Some(403),
            Outcome::NotExecuted,
        ),
        (
            r#"{"json":{},"statcode":451}"#,
            "Auth.PasswordChangeRequired",
            Some(451),
            Outcome::NotExecuted,
        ),
        (
            r#"{"json":{},"statcode":404}"#,
            "HttpStatus.NotFound",
            Some(404),
            Outcome::NotExecuted,
        ),
        (
            r#"{"json":{},"statcode":503}"#,
            "HttpStatus.Server",
            Some(503),
            Outcome::Unknown,
        ),
        (
            r#"{"json":{},"statcode":0}"#,
            "SubHttpStatus",
            Some(0),
            Outcome::Unknown,
        ),
        (
            r#"{"json":{},"statcode":-1}"#,
            "SubHttpStatus",
            None,
            Outcome::Unknown,
        ),
        (
            r#"{"json":[],"statcode":200}"#,
            "Envelope.NotObject",
            None,
            Outcome::Unknown,
        ),
        (
            r#"{"json":null,"statcode":200}"#,
            "Envelope.NotObject",
            None,
            Outcome::Unknown,
        ),
        (
            r#"{"json":{}}"#,
            "Decode.MissingField",
            None,
            Outcome::Unknown,
        ),
        (
            r#"{"json":{"jsonrpc":"2.0","error":{"code":-32601,"message":"no"},"id":ID},"statcode":200}"#,
            "Rpc",
            None,
            Outcome::NotExecuted,
        ),
        (
            r#"{"json":{"jsonrpc":"2.0","error":{"code":5,"message":"no","data":[1]},"id":ID},"statcode":200}"#,
            "Rpc",
            None,
            Outcome::Unknown,
        ),
        (
            r#"{"json":{"jsonrpc":"2.0","id":ID},"statcode":200}"#,
            "Envelope.NeitherResultNorError",
            None,
            Outcome::Unknown,
        ),
    ] {
        let results = answered(move |ids| {
            let mut entries = good(ids);
            entries[1] = bad.replace("ID", &ids[1].to_string());
            entries
        })
        .await;
        for (number, result) in results.into_iter().enumerate() {
            if number != 1 {
                assert_eq!(result.expect(bad).get(), own(number), "{bad}");
                continue;
            }
            let error = result.expect_err(bad);
            assert_eq!(
                (error.code(), error.http_status()),
                (code, status),
                "{bad}: {error:?}"
            );
            assert_eq!(error.outcome(), outcome, "{bad}: {error:?}");
            assert_eq!(
                (error.rid(), error.method()),
                (Some("/o/1"), Some("getLabel"))
            );
            assert_eq!(error.meta().map(|meta| meta.attempts), Some(1), "{bad}");
        }
    }
}

#[tokio::test]
async fn a_short_answer_is_an_error_of_the_last_calls() {
    for count in 0..4 {
        let results = answered(move |ids| good(&ids[..count])).await;
        for (number, result) in results.into_iter().enumerate() {
            if number < count {
                assert_own(result, number);
                continue;
            }
            let error = result.unwrap_err();
            let outcome = if count == 0 {
                Outcome::Unknown
            } else {
                Outcome::NotExecuted
            };
            assert_eq!(
                (error.code(), error.outcome()),
                ("Bulk.MissingResponse", outcome)
            );
            assert_eq!(error.rid(), Some(&*format!("/o/{number}")));
        }
    }
}

#[tokio::test]
async fn entries_in_another_order_find_their_calls() {
    let results = answered(|ids| good(ids).into_iter().rev().collect()).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_own(result, number);
    }
}

#[tokio::test]
async fn an_entry_that_comes_twice_is_nobody_elses() {
    let results = answered(|ids| {
        let mut entries = good(ids);
        entries[2] = entries[1].clone();
        entries
    })
    .await;
    for (number, result) in results.into_iter().enumerate() {
        if number == 2 {
            let error = result.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
            assert_eq!(error.rid(), Some("/o/2"));
        } else {
            assert_own(result, number);
        }
    }
}

#[tokio::test]
async fn more_entries_than_calls_are_an_error_of_all() {
    let results = answered(|ids| [good(ids), good(&ids[..1])].concat()).await;
    for (number, result) in results.into_iter().enumerate() {
        let error = result.unwrap_err();
        assert_eq!(
            (error.code(), error.outcome()),
            ("Bulk.ExtraResponses", Outcome::Unknown)
        );
        assert_eq!(error.rid(), Some(&*format!("/o/{number}")));
    }
}
