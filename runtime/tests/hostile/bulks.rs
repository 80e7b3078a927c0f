//! Bulk answers with entries that are lost, foreign, doubled or none: each call learns what is known of it.

use std::time::{Duration, Instant};

use xerus_rpc::{Agent, Error, Json, Outcome};

use crate::device::{Asked, Device, Step, http, in_time, raw};

type Each = Vec<Result<Json, Error>>;

/// The ids of the calls in a bulk request.
fn ids(asked: &Asked) -> Vec<u64> {
    let document = asked.json();
    let requests = document["params"]["requests"].as_array().expect("a bulk");
    requests
        .iter()
        .map(|part| part["json"]["id"].as_u64().expect("an id"))
        .collect()
}

fn entry(id: impl std::fmt::Display, value: usize) -> String {
    format!(
        r#"{{"json":{{"jsonrpc":"2.0","result":{{"_ret_":{value}}},"id":{id}}},"statcode":200}}"#
    )
}

/// The results of four switching calls whose entries the device makes out of their ids.
async fn four(
    entries: impl Fn(&[u64]) -> Vec<String> + Send + Sync + 'static,
) -> Result<Each, Error> {
    let device = Device::http(move |asked: &Asked| {
        let entries = entries(&ids(asked)).join(",");
        let result = format!(r#"{{"responses":[{entries}]}}"#);
        raw(http(200, "", asked.document(&result)))
    })
    .await;
    let agent = device.agent().build().expect("valid");
    let results = in_time(agent.bulk(calls(&agent, 4))).await;
    assert_eq!(device.requests(), 1, "switching calls are sent once");
    results.map(|results| results.into_iter().collect())
}

fn calls(agent: &Agent, count: usize) -> Vec<xerus_rpc::Call<Json>> {
    (0..count)
        .map(|number| agent.call(&format!("/o/{number}"), "setPowerState", Json::EMPTY_OBJECT))
        .collect()
}

fn value(number: usize) -> String {
    format!(r#"{{"_ret_":{number}}}"#)
}

/// Each call but the one at this place has its own value; the error of that one.
fn only_fault(results: Each, place: usize, what: &str) -> Error {
    assert_eq!(results.len(), 4, "{what}");
    let mut fault = None;
    for (number, result) in results.into_iter().enumerate() {
        if number == place {
            fault = Some(result.expect_err(what));
        } else {
            let given = result.unwrap_or_else(|error| panic!("{what} {number}: {error:?}"));
            assert_eq!(given.get(), value(number), "{what}");
        }
    }
    fault.expect("the place is one of them")
}

#[tokio::test]
async fn one_bad_entry_leaves_the_others_as_they_are() {
    for (bad, code, outcome) in [
        (
            r#"{"json":{},"statcode":404}"#,
            "SubHttpStatus",
            Outcome::NotExecuted,
        ),
        (
            r#"{"json":null,"statcode":403}"#,
            "SubHttpStatus",
            Outcome::NotExecuted,
        ),
        (
            r#"{"json":{},"statcode":401}"#,
            "SubHttpStatus",
            Outcome::NotExecuted,
        ),
        (
            r#"{"json":{},"statcode":500}"#,
            "SubHttpStatus",
            Outcome::Unknown,
        ),
        (
            r#"{"json":{},"statcode":0}"#,
            "SubHttpStatus",
            Outcome::Unknown,
        ),
        (
            r#"{"json":{},"statcode":-1}"#,
            "SubHttpStatus",
            Outcome::Unknown,
        ),
        (
            r#"{"json":{"jsonrpc":"2.0","error":{"code":-32601,"message":"no"},"id":ID},"statcode":200}"#,
            "Rpc",
            Outcome::NotExecuted,
        ),
        (
            r#"{"json":{"jsonrpc":"2.0","error":{"code":5,"message":"no"},"id":ID},"statcode":200}"#,
            "Rpc",
            Outcome::Unknown,
        ),
        (
            r#"{"json":{"jsonrpc":"2.0","result":null,"error":{"code":-32601},"id":ID},"statcode":200}"#,
            "Rpc",
            Outcome::NotExecuted,
        ),
        (
            r#"{"json":{"jsonrpc":"2.0","id":ID},"statcode":200}"#,
            "Envelope.NeitherResultNorError",
            Outcome::Unknown,
        ),
    ] {
        let results = four(move |ids| {
            let each = ids.iter().enumerate();
            each.map(|(number, id)| match number {
                1 => bad.replace("ID", &id.to_string()),
                _ => entry(id, number),
            })
            .collect()
        })
        .await;
        let error = only_fault(results.expect(bad), 1, bad);
        assert_eq!(
            (error.code(), error.outcome()),
            (code, outcome),
            "{bad}: {error:?}"
        );
        assert_eq!(error.rid(), Some("/o/1"));
    }
}

#[tokio::test]
async fn entries_that_are_none_say_nothing_of_their_call() {
    for bad in [
        "null",
        "7",
        "\"x\"",
        "[]",
        "{}",
        r#"{"json":{}}"#,
        r#"{"statcode":200}"#,
        r#"{"statcode":"404","json":{}}"#,
        r#"{"statcode":"200","json":{}}"#,
        r#"{"statcode":null,"json":{}}"#,
        r#"{"statcode":200.5,"json":{}}"#,
        r#"{"statcode":404,"statcode":404,"json":{}}"#,
        r#"{"statcode":200,"json":{},"json":{}}"#,
        r#"{"statcode":200,"json":null}"#,
        r#"{"statcode":200,"json":[]}"#,
        r#"{"statcode":200,"json":7}"#,
        r#"{"statcode":200,"json":{}}"#,
        r#"{"statcode":200,"json":"{"}"#,
        r#"{"statcode":200,"json":{"jsonrpc":"2.0","error":{"code":-32601,"code":5},"id":ID}}"#,
    ] {
        let results = four(move |ids| {
            let each = ids.iter().enumerate();
            each.map(|(number, id)| match number {
                2 => bad.replace("ID", &id.to_string()),
                _ => entry(id, number),
            })
            .collect()
        })
        .await;
        let error = only_fault(results.expect(bad), 2, bad);
        assert_eq!(error.outcome(), Outcome::Unknown, "{bad}: {error:?}");
    }
}

#[tokio::test]
async fn documents_as_text_are_taken() {
    let results = four(|ids| {
        let each = ids.iter().enumerate();
        each.map(|(number, id)| {
            let json = format!(
                r#"{{"jsonrpc":"2.0","result":{},"id":{id}}}"#,
                value(number)
            );
            format!(
                r#"{{"json":{},"statcode":200}}"#,
                serde_json::Value::from(json)
            )
        })
        .collect()
    })
    .await;
    for (number, result) in results.expect("a bulk answer").into_iter().enumerate() {
        assert_eq!(result.expect("taken").get(), value(number));
    }
}

#[tokio::test]
async fn entries_in_any_order_find_their_calls() {
    let results = four(|ids| {
        let each = ids.iter().enumerate();
        each.map(|(number, id)| entry(id, number)).rev().collect()
    })
    .await;
    for (number, result) in results.expect("a bulk answer").into_iter().enumerate() {
        assert_eq!(result.expect("found").get(), value(number));
    }
}

#[tokio::test]
async fn calls_behind_the_last_entry_were_not_executed() {
    for count in 0..4 {
        let results = four(move |ids| {
            let each = ids.iter().enumerate().take(count);
            each.map(|(number, id)| entry(id, number)).collect()
        })
        .await;
        for (number, result) in results.expect("a bulk answer").into_iter().enumerate() {
            if number < count {
                assert_eq!(result.expect("answered").get(), value(number));
            } else {
                let error = result.expect_err("no entry");
                // An answer without any entry is no sign of a device that stopped on the way.
                let outcome = if count == 0 {
                    Outcome::Unknown
                } else {
                    Outcome::NotExecuted
                };
                assert_eq!(
                    (error.code(), error.outcome()),
                    ("Bulk.MissingResponse", outcome)
                );
                assert_eq!(error.is_retryable(), count > 0);
            }
        }
    }
}

#[tokio::test]
async fn more_entries_than_calls_are_a_fault_of_the_whole() {
    for extra in ["null".to_owned(), entry(4711, 9)] {
        let result = four(move |ids| {
            let each = ids.iter().enumerate();
            let mut entries: Vec<_> = each.map(|(number, id)| entry(id, number)).collect();
            entries.push(extra.clone());
            entries
        })
        .await;
        let error = result.expect_err("too many");
        assert_eq!(
            (error.code(), error.outcome()),
            ("Bulk.ExtraResponses", Outcome::Unknown)
        );
    }
}

#[tokio::test]
async fn ids_that_are_doubled_or_no_ids_leave_their_calls_unknown() {
    // The second entry bears the id of the first.
    let doubled = four(|ids| {
        let each = ids.iter().enumerate();
        each.map(|(number, id)| entry(if number == 1 { ids[0] } else { *id }, number))
            .collect()
    })
    .await;
    let error = only_fault(doubled.expect("a bulk answer"), 1, "doubled");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Envelope.IdMismatch", Outcome::Unknown)
    );
    for id in ["\"ID\"", "null", "[ID]", "4711", "ID.0", "-ID"] {
        let results = four(move |ids| {
            let each = ids.iter().enumerate();
            each.map(|(number, own)| match number {
                3 => entry(id.replace("ID", &own.to_string()), number),
                _ => entry(own, number),
            })
            .collect()
        })
        .await;
        let error = only_fault(results.expect(id), 3, id);
        assert_eq!(
            (error.code(), error.outcome()),
            ("Envelope.IdMismatch", Outcome::Unknown),
            "{id}"
        );
    }
}

#[tokio::test]
async fn results_that_are_no_bulk_answer_say_nothing_of_any_call() {
    for result in [
        "null",
        "{}",
        "[]",
        "7",
        r#"{"responses":null}"#,
        r#"{"responses":{}}"#,
        r#"{"responses":"[]"}"#,
        r#"{"responses":[],"responses":[]}"#,
    ] {
        let device =
            Device::http(move |asked: &Asked| raw(http(200, "", asked.document(result)))).await;
        let agent = device.agent().build().expect("valid");
        let error = in_time(agent.bulk(calls(&agent, 3)))
            .await
            .expect_err(result);
        assert_eq!(error.outcome(), Outcome::Unknown, "{result}: {error:?}");
        assert!(!error.is_retryable());
        assert_eq!(device.requests(), 1);
    }
}

#[tokio::test]
async fn a_chunk_without_an_answer_is_unknown_and_those_behind_it_are_not_sent() {
    let device = Device::http(|asked: &Asked| match asked.number {
        0 => {
            let entries: Vec<_> = ids(asked)
                .iter()
                .enumerate()
                .map(|(n, id)| entry(id, n))
                .collect();
            let result = format!(r#"{{"responses":[{}]}}"#, entries.join(","));
            raw(http(200, "", asked.document(&result)))
        }
        _ => vec![Step::Hold],
    })
    .await;
    let agent = device.agent().build().expect("valid");
    let start = Instant::now();
    let bulk = agent
        .bulk(calls(&agent, 6))
        .chunk(2)
        .timeout(Duration::from_millis(300));
    let results = in_time(bulk).await.expect("the first chunk was answered");
    let told: Vec<_> = results
        .into_iter()
        .map(|result| result.map_err(|error| (error.code(), error.outcome())))
        .collect();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(told[0].is_ok() && told[1].is_ok(), "{told:?}");
    for result in &told[2..4] {
        let error = result.as_ref().expect_err("silence");
        assert_eq!(*error, ("Timeout.FirstByte", Outcome::Unknown));
    }
    for result in &told[4..] {
        let (_, outcome) = result.as_ref().expect_err("not sent");
        assert_eq!(*outcome, Outcome::NotExecuted);
    }
    assert_eq!(device.requests(), 2);
}
