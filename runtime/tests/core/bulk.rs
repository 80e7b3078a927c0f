use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_rpc::rt::{ReaderOptions, decode, encode};
use xerus_rpc::wire::Request;
use xerus_rpc::wire::RequestId;
use xerus_rpc::{Agent, BulkResults, Call, Error, Json, Outcome, Settings};

use crate::aids::{agent, agent_with, call_fault};
use crate::support::pdumodel::Outlet;
use crate::support::pdumodel::outlet::PowerState;

/// Ids of the calls in a bulk request.
pub(crate) fn ids(request: &Request) -> Vec<u64> {
    let params: serde_json::Value = serde_json::from_slice(request.args().by_name()).unwrap();
    params["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["json"]["id"].as_u64().unwrap())
        .collect()
}

pub(crate) fn outer(id: RequestId, responses: &str) -> Result<String, Error> {
    Ok(format!(
        r#"{{"jsonrpc":"2.0","result":{{"responses":[{responses}]}},"id":{id}}}"#
    ))
}

pub(crate) fn entry(id: u64, result: &str) -> String {
    format!(
        r#"{{"json":{{"jsonrpc":"2.0","result":{{"_ret_":{result}}},"id":{id}}},"statcode":200}}"#
    )
}

/// Three calls, answered with the entries that a function makes of their ids.
async fn three(
    responses: impl Fn(&[u64]) -> Vec<String> + Send + Sync + 'static,
) -> Result<BulkResults<Result<String, Error>>, Error> {
    let agent = agent(move |request, id| {
        let ids = ids(request);
        assert_eq!(ids.len(), 3);
        outer(id, &responses(&ids).join(","))
    });
    let calls: Vec<Call<String>> = (0..3)
        .map(|n| Outlet::at(&agent, &format!("/o/{n}")).get_label())
        .collect();
    agent.bulk(calls).await
}

/// Values and error codes, for comparison.
fn shown(results: Result<BulkResults<Result<String, Error>>, Error>) -> Vec<String> {
    results
        .unwrap()
        .into_iter()
        .map(|result| {
            result.unwrap_or_else(|error| match error.path() {
                Some(path) => format!("{} {path}", error.code()),
                None => error.code().to_owned(),
            })
        })
        .collect()
}

#[tokio::test]
async fn answers_are_paired_by_id() {
    let all = |ids: &[u64]| {
        vec![
            entry(ids[0], "\"a\""),
            entry(ids[1], "\"b\""),
            entry(ids[2], "\"c\""),
        ]
    };
    assert_eq!(shown(three(all).await), ["a", "b", "c"]);
    for order in [[2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let permuted = move |ids: &[u64]| order.iter().map(|n| all(ids)[*n].clone()).collect();
        assert_eq!(shown(three(permuted).await), ["a", "b", "c"], "{order:?}");
    }
}

#[tokio::test]
async fn a_short_answer_means_not_executed() {
    let results = three(|ids| vec![entry(ids[0], "\"a\"")]).await.unwrap();
    for result in &results[1..] {
        let error = result.as_ref().unwrap_err();
        assert_eq!(
            (error.code(), error.outcome()),
            ("Bulk.MissingResponse", Outcome::NotExecuted)
        );
        assert!(error.is_retryable());
    }
    assert_eq!(results[2].as_ref().unwrap_err().rid(), Some("/o/2"));
    assert!(results[2].as_ref().unwrap_err().to_string().starts_with(
        "canned: the bulk answer has no entry for this call; it was not executed (getLabel on /o/2)"
    ));
}

#[tokio::test]
async fn only_a_missing_tail_means_not_executed() {
    type Case = (fn(&[u64]) -> Vec<String>, [&'static str; 3]);
    let cases: [Case; 12] = [
        // The device has done the last call, so it has come by the others.
        (
            |ids| vec![entry(ids[2], "\"c\"")],
            ["Bulk.MissingResponse", "Bulk.MissingResponse", "c"],
        ),
        (
            |ids| vec![entry(ids[0], "\"a\""), entry(ids[2], "\"c\"")],
            ["a", "Bulk.MissingResponse", "c"],
        ),
        // Two entries for one call: one of them may be that of another call.
        (
            |ids| vec![entry(ids[1], "\"b\""), entry(ids[1], "\"b\"")],
            ["Bulk.MissingResponse", "b", "Bulk.MissingResponse"],
        ),
        (
            |ids| vec![entry(ids[0], "\"a\""), entry(ids[0], "\"a\"")],
            ["a", "Envelope.IdMismatch", "Bulk.MissingResponse"],
        ),
        (
            |ids| vec![entry(ids[0] + 1000, "\"a\""), entry(ids[0], "\"a\"")],
            ["a", "Bulk.MissingResponse", "Bulk.MissingResponse"],
        ),
        // Entries that do not say whose they are.
        (
            |ids| vec!["null".into(), entry(ids[0], "\"a\"")],
            ["a", "Bulk.MissingResponse", "Bulk.MissingResponse"],
        ),
        (
            |ids| vec![entry(ids[0], "\"a\""), "{}".into()],
            [
                "a",
                "Decode.MissingField responses[1].statcode",
                "Bulk.MissingResponse",
            ],
        ),
        // A refusal without an id is taken for that of the call in its place until that call is answered.
        (
            |ids| {
                vec![
                    r#"{"statcode":404,"json":null}"#.into(),
                    entry(ids[0], "\"a\""),
                ]
            },
            ["a", "Bulk.MissingResponse", "Bulk.MissingResponse"],
        ),
        // An answer under an id of another type, a status that is none, a document that is none: whose they are is not said.
        (
            |ids| vec![entry(ids[0], "\"a\"").replace(&format!(":{}}}", ids[0]), ":\"x\"}")],
            [
                "Envelope.IdMismatch",
                "Bulk.MissingResponse",
                "Bulk.MissingResponse",
            ],
        ),
        (
            |_| vec![r#"{"statcode":-1,"json":null}"#.into()],
            [
                "SubHttpStatus",
                "Bulk.MissingResponse",
                "Bulk.MissingResponse",
            ],
        ),
        (
            |_| vec![r#"{"statcode":200,"json":[]}"#.into()],
            [
                "Envelope.NotObject",
                "Bulk.MissingResponse",
                "Bulk.MissingResponse",
            ],
        ),
        // Nothing that could be trusted.
        (|_| vec![], ["Bulk.MissingResponse"; 3]),
    ];
    for (index, (entries, expected)) in cases.into_iter().enumerate() {
        let results = three(entries).await;
        for error in results
            .iter()
            .flatten()
            .filter_map(|one| one.as_ref().err())
        {
            assert_eq!(error.outcome(), Outcome::Unknown, "case {index}: {error:?}");
            assert!(!error.is_retryable(), "case {index}: {error:?}");
        }
        assert_eq!(shown(results), expected, "case {index}");
    }
}

#[tokio::test]
async fn a_refusal_in_its_place_leaves_the_tail_unexecuted() {
    let results = three(|_| vec![r#"{"statcode":404,"json":null}"#.into()]);
    assert_eq!(
        shown(results.await),
        [
            "SubHttpStatus",
            "Bulk.MissingResponse",
            "Bulk.MissingResponse"
        ]
    );
}

#[tokio::test]
async fn more_answers_than_calls_are_an_error() {
    let error = three(|ids| {
        ids.iter()
            .chain(&[999])
            .map(|id| entry(*id, "\"x\""))
            .collect()
    })
    .await
    .unwrap_err();
    assert_eq!(
        (error.code(), error.rid()),
        ("Bulk.ExtraResponses", Some("/bulk"))
    );
    let error = three(|ids| vec![entry(ids[0], "1"); 10_000])
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Bulk.ExtraResponses");
}

#[tokio::test]
async fn one_bad_entry_leaves_the_others_intact() {
    type Case = (fn(u64) -> String, &'static str);
    let cases: [Case; 25] = [
        (
            |_| r#"{"statcode":404,"json":null}"#.into(),
            "SubHttpStatus",
        ),
        (|_| r#"{"statcode":404}"#.into(), "SubHttpStatus"),
        (
            |id| entry(id, "\"a\"").replace("200", "403"),
            "SubHttpStatus",
        ),
        (
            |id| entry(id, "\"a\"").replace("200", "500"),
            "SubHttpStatus",
        ),
        (|id| entry(id, "\"a\"").replace("200", "0"), "SubHttpStatus"),
        (
            |id| entry(id, "\"a\"").replace("200", "-1"),
            "SubHttpStatus",
        ),
        (
            |id| entry(id, "\"a\"").replace("200", "\"200\""),
            "Decode.WrongType responses[0].statcode",
        ),
        (
            |id| entry(id, "\"a\"").replace("200", "null"),
            "Decode.NullNotAllowed responses[0].statcode",
        ),
        (
            |id| entry(id, "\"a\"").replace(",\"statcode\":200", ""),
            "Decode.MissingField responses[0].statcode",
        ),
        (
            |id| entry(id, "\"a\"").replace("\"json\":", "\"statcode\":200,\"json\":"),
            "Json.DuplicateKey responses[0].statcode",
        ),
        (
            |id| entry(id, "\"a\"").replace("{\"json\":", "{\"json\":null,\"json\":"),
            "Json.DuplicateKey responses[0].json",
        ),
        (
            |_| r#"{"statcode":200}"#.into(),
            "Decode.MissingField responses[0].json",
        ),
        (
            |_| r#"{"statcode":200,"json":null}"#.into(),
            "Envelope.NotObject",
        ),
        (
            |_| r#"{"statcode":200,"json":[]}"#.into(),
            "Envelope.NotObject",
        ),
        (
            |_| r#"{"statcode":200,"json":5}"#.into(),
            "Envelope.NotObject",
        ),
        (
            |_| r#"{"statcode":200,"json":"not json"}"#.into(),
            "Json.Syntax",
        ),
        (
            |_| r#"{"statcode":200,"json":{}}"#.into(),
            "Envelope.IdMissing",
        ),
        (|_| "null".into(), "Decode.NullNotAllowed responses[0]"),
        (|_| "[]".into(), "Decode.WrongType responses[0]"),
        (
            |id| {
                format!(
                    r#"{{"statcode":200,"json":{{"jsonrpc":"2.0","error":{{"code":-32001,"message":"no"}},"id":{id}}}}}"#
                )
            },
            "Rpc",
        ),
        (
            |id| {
                format!(r#"{{"statcode":200,"json":{{"jsonrpc":"2.0","result":null,"id":{id}}}}}"#)
            },
            "Decode.NullNotAllowed result",
        ),
        (|id| entry(id, "7"), "Decode.WrongType _ret_"),
        (
            |id| entry(id, "\"a\"").replace("2.0", "1.0"),
            "Envelope.VersionMismatch",
        ),
        (|id| entry(id + 1000, "\"a\""), "Envelope.IdMismatch"),
        (
            |id| entry(id, "\"a\"").replace(&format!("\"id\":{id}"), &format!("\"id\":\"{id}\"")),
            "Envelope.IdMismatch",
        ),
    ];
    for (index, (bad, expected)) in cases.into_iter().enumerate() {
        let results =
            three(move |ids| vec![bad(ids[0]), entry(ids[1], "\"b\""), entry(ids[2], "\"c\"")])
                .await;
        let error = results.as_ref().unwrap()[0].as_ref().unwrap_err();
        let outcome = match (index, expected) {
            // A status or a code that says so.
            (0 | 1, _) | (_, "Rpc") => Outcome::NotExecuted,
            // An answer to the call, of no use.
            (_, "Decode.NullNotAllowed result" | "Decode.WrongType _ret_") => Outcome::Executed,
            _ => Outcome::Unknown,
        };
        assert_eq!(error.outcome(), outcome, "case {index}: {error:?}");
        assert_eq!(shown(results), [expected, "b", "c"], "case {index}");
    }
}

#[tokio::test]
async fn what_stands_beside_a_status_counts_for_the_outcome() {
    let cases = [
        // A result contradicts the refusal.
        (404, r#""result":{"_ret_":"a"}"#, Outcome::Unknown),
        (403, r#""result":null"#, Outcome::Unknown),
        (
            404,
            r#""error":{"code":-32603,"message":""}"#,
            Outcome::NotExecuted,
        ),
        // The error says more than the status.
        (
            500,
            r#""error":{"code":-32601,"message":""}"#,
            Outcome::NotExecuted,
        ),
        (
            -1,
            r#""error":{"code":-32001,"message":""}"#,
            Outcome::NotExecuted,
        ),
        (
            0,
            r#""error":{"code":-1,"message":"Insufficient privileges"}"#,
            Outcome::NotExecuted,
        ),
        (
            500,
            r#""error":{"code":-32603,"message":""}"#,
            Outcome::Unknown,
        ),
        (
            500,
            r#""result":1,"error":{"code":-32601}"#,
            Outcome::Unknown,
        ),
        (204, r#""error":{"code":5}"#, Outcome::Unknown),
        (99_999, r#""error":{"code":5}"#, Outcome::Unknown),
    ];
    for text in [false, true] {
        for (status, told, outcome) in cases {
            let results = three(move |ids| {
                let mut json = format!(r#"{{"jsonrpc":"2.0",{told},"id":{}}}"#, ids[0]);
                if text {
                    json = serde_json::to_string(&json).unwrap();
                }
                vec![
                    format!(r#"{{"statcode":{status},"json":{json}}}"#),
                    entry(ids[1], "\"b\""),
                ]
            });
            let results = results.await.unwrap();
            let error = results[0].as_ref().unwrap_err();
            assert_eq!(error.code(), "SubHttpStatus");
            assert_eq!(error.outcome(), outcome, "{status} {told}");
            // The entry says whose it is, so the tail is not in doubt.
            let tail = results[2].as_ref().unwrap_err();
            assert_eq!(tail.outcome(), Outcome::NotExecuted, "{status} {told}");
        }
    }
}

#[tokio::test]
async fn errors_of_entries_know_the_id_of_their_call() {
    let results = three(|ids| {
        vec![
            entry(ids[0], "7"),
            r#"{"statcode":404,"json":null}"#.into(),
            entry(ids[0] + 500, "\"c\""),
        ]
    });
    let results = results.await.unwrap();
    let id = |place: usize| {
        results[place]
            .as_ref()
            .unwrap_err()
            .request_id()
            .unwrap()
            .get()
    };
    assert_eq!(id(1), id(0) + 1);
    // Of an entry that names another call nothing but the place is known.
    assert_eq!(
        results[2].as_ref().unwrap_err().code(),
        "Envelope.IdMismatch"
    );
}

#[tokio::test]
async fn a_request_has_the_longest_time_of_its_calls() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let agent = agent(move |request, id| {
        log.lock().unwrap().push(request.timeout());
        outer(id, "")
    });
    let call = |seconds| {
        Outlet::at(&agent, "/o")
            .get_label()
            .timeout(Duration::from_secs(seconds))
    };
    let _ = agent.bulk([call(3), call(9), call(5)]).await.unwrap();
    let _ = agent
        .bulk([call(3), call(9), call(5)])
        .timeout(Duration::from_secs(1))
        .await
        .unwrap();
    assert_eq!(*seen.lock().unwrap(), [9, 1].map(Duration::from_secs));
}

#[tokio::test]
async fn the_status_of_an_entry_tells_what_became_of_the_call() {
    let results = three(|ids| {
        vec![
            r#"{"statcode":404,"json":null}"#.into(),
            entry(ids[1], "\"b\"").replace("200", "403"),
            entry(ids[2], "\"c\""),
        ]
    })
    .await
    .unwrap();
    let error = results[0].as_ref().unwrap_err();
    assert_eq!(
        (error.http_status(), error.outcome()),
        (Some(404), Outcome::NotExecuted)
    );
    assert!(results[1].as_ref().unwrap_err().is_permission_denied());
}

#[tokio::test]
async fn of_two_entries_with_one_id_the_first_counts() {
    let doubled = |ids: &[u64]| {
        vec![
            entry(ids[0], "\"a\""),
            entry(ids[0], "\"a2\""),
            entry(ids[2], "\"c\""),
        ]
    };
    assert_eq!(
        shown(three(doubled).await),
        ["a", "Envelope.IdMismatch", "c"]
    );
    // An entry with the right id may still come, in another place.
    let late = |ids: &[u64]| {
        vec![
            entry(ids[0], "\"a\""),
            entry(ids[0], "\"a2\""),
            entry(ids[1], "\"b\""),
        ]
    };
    assert_eq!(shown(three(late).await), ["a", "b", "Bulk.MissingResponse"]);
    // A stray entry without an id takes nothing away from a call that is answered.
    let stray = |ids: &[u64]| {
        let nameless = entry(ids[1], "\"zz\"").replace(&format!(",\"id\":{}", ids[1]), "");
        vec![entry(ids[1], "\"b\""), nameless, entry(ids[0], "\"a\"")]
    };
    assert_eq!(
        shown(three(stray).await),
        ["a", "b", "Bulk.MissingResponse"]
    );
}

#[tokio::test]
async fn documents_inside_strings_are_the_old_form() {
    let old = |ids: &[u64]| {
        ids.iter()
            .map(|id| {
                let inner = format!(r#"{{"jsonrpc":"2.0","result":{{"_ret_":"v"}},"id":{id}}}"#);
                format!(
                    r#"{{"json":{},"statcode":200}}"#,
                    serde_json::to_string(&inner).unwrap()
                )
            })
            .collect()
    };
    assert_eq!(shown(three(old).await), ["v", "v", "v"]);
    let permuted = move |ids: &[u64]| old(ids).into_iter().rev().collect();
    assert_eq!(shown(three(permuted).await), ["v", "v", "v"]);
}

#[tokio::test]
async fn an_outer_answer_that_is_no_bulk_answer() {
    for (result, code, path) in [
        ("null", "Decode.NullNotAllowed", "result"),
        ("{}", "Decode.MissingField", "responses"),
        (
            r#"{"responses":null}"#,
            "Decode.NullNotAllowed",
            "responses",
        ),
        (r#"{"responses":{}}"#, "Decode.WrongType", "responses"),
        (
            r#"{"responses":[],"responses":[]}"#,
            "Json.DuplicateKey",
            "responses",
        ),
        ("[]", "Decode.WrongType", "result"),
    ] {
        let agent = crate::aids::answering(result);
        let results = agent.bulk([Outlet::at(&agent, "/o").get_label()]).await;
        assert_eq!(call_fault(results), (code, path.into()), "{result}");
    }
    // Broken text inside one entry breaks the document.
    let results = three(|ids| {
        vec![
            entry(ids[0], "\"a\""),
            entry(ids[1], "nul"),
            entry(ids[2], "1"),
        ]
    })
    .await;
    assert_eq!(call_fault(results).0, "Json.Syntax");
}

#[tokio::test]
async fn tuples_have_a_type_for_each_call() {
    let agent = agent(|request, id| {
        let ids = ids(request);
        outer(
            id,
            &[
                entry(ids[0], "\"web\""),
                entry(ids[1], "0"),
                entry(ids[2], "5"),
            ]
            .join(","),
        )
    });
    let outlet = Outlet::at(&agent, "/o");
    let (label, switched, state) = agent
        .bulk((
            outlet.get_label(),
            outlet.set_power_state(PowerState::PsOn),
            outlet.get_state(),
        ))
        .await
        .unwrap();
    assert_eq!(label.unwrap(), "web");
    switched.unwrap();
    assert_eq!(state.unwrap_err().path().unwrap(), "_ret_");
}

/// An agent that answers every call with its id, and a log of how many calls each request had.
fn counting(settings: Settings, fail_from: usize) -> (Agent, Arc<Mutex<Vec<usize>>>) {
    let log = Arc::new(Mutex::new(Vec::new()));
    let seen = log.clone();
    let agent = agent_with(settings, move |request, id| {
        let ids = ids(request);
        let mut seen = seen.lock().unwrap();
        seen.push(ids.len());
        if seen.len() > fail_from {
            return Err(Error::new(xerus_rpc::ErrorKind::ConnectionLost).with_sent(true, false));
        }
        outer(
            id,
            &ids.iter()
                .map(|id| entry(*id, &format!("\"{id}\"")))
                .collect::<Vec<_>>()
                .join(","),
        )
    });
    (agent, log)
}

fn calls(agent: &Agent, count: usize) -> Vec<Call<String>> {
    (0..count)
        .map(|n| Outlet::at(agent, &format!("/o/{n}")).get_label())
        .collect()
}

#[tokio::test]
async fn large_bulks_go_in_chunks() {
    let (agent, log) = counting(Settings::default(), usize::MAX);
    let results = agent.bulk(calls(&agent, 250)).await.unwrap();
    assert_eq!(*log.lock().unwrap(), [100, 100, 50]);
    let mut answers: Vec<String> = results.into_iter().map(Result::unwrap).collect();
    answers.dedup();
    assert_eq!(answers.len(), 250);

    log.lock().unwrap().clear();
    agent.bulk(calls(&agent, 5)).chunk(2).all().await.unwrap();
    agent.bulk(calls(&agent, 3)).chunk(0).all().await.unwrap();
    agent
        .bulk(calls(&agent, 250))
        .chunk(1000)
        .all()
        .await
        .unwrap();
    assert_eq!(*log.lock().unwrap(), [2, 2, 1, 1, 1, 1, 200, 50]);
}

#[tokio::test]
async fn chunks_are_bounded_in_bytes_too() {
    let mut settings = Settings::default();
    settings.bulk_bytes = 1000;
    let (agent, log) = counting(settings, usize::MAX);
    let names = [
        "a".repeat(50),
        "b".repeat(5000),
        "c".repeat(450),
        "d".repeat(450),
        "e".repeat(450),
    ];
    let call = |name: &String| {
        let params = encode(name).unwrap();
        agent.call(
            "/o",
            "getX",
            format!(r#"{{"name":{params}}}"#).parse().unwrap(),
        )
    };
    let results = agent.bulk(names.iter().map(call)).await.unwrap();
    assert_eq!(results.len(), 5);
    assert_eq!(*log.lock().unwrap(), [1, 1, 1, 1, 1]);
    log.lock().unwrap().clear();
    let twelve = agent.bulk([&names[0]; 12].map(call));
    assert_eq!(twelve.all().await.unwrap().len(), 12);
    // Ids have as many digits as calls came before, so the cut is not always at the same place.
    let chunks = log.lock().unwrap().clone();
    assert_eq!((chunks.len(), chunks.iter().sum::<usize>()), (2, 12));
}

#[tokio::test]
async fn no_call_no_request() {
    let (agent, log) = counting(Settings::default(), usize::MAX);
    assert!(agent.bulk(calls(&agent, 0)).await.unwrap().is_empty());
    assert!(log.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_chunk_that_fails_keeps_the_results_before_it() {
    let (agent, log) = counting(Settings::default(), 1);
    let results = agent.bulk(calls(&agent, 5)).chunk(2).await.unwrap();
    assert_eq!(*log.lock().unwrap(), [2, 2]);
    let outcomes: Vec<_> = results
        .iter()
        .map(|result| result.as_ref().err().map(Error::outcome))
        .collect();
    let (unknown, not) = (Some(Outcome::Unknown), Some(Outcome::NotExecuted));
    assert_eq!(outcomes, [None, None, unknown, unknown, not]);

    let (agent, _) = counting(Settings::default(), 0);
    let error = agent.bulk(calls(&agent, 5)).chunk(2).await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("ConnectionLost", Outcome::Unknown)
    );
}

#[tokio::test]
async fn calls_that_must_not_be_sent_spoil_nothing() {
    let (agent, log) = counting(Settings::default(), usize::MAX);
    let (other, _) = counting(Settings::default(), usize::MAX);
    let options = ReaderOptions::for_agent(&agent);
    let newer: Outlet =
        decode(br#"{"rid":"/n","type":"pdumodel.Outlet:9.0.0"}"#, &options).unwrap();
    let results = agent
        .bulk([
            Outlet::at(&agent, "/a").get_label(),
            newer.get_label(),
            Outlet::at(&other, "/b").get_label(),
            Outlet::at(&agent, "//evil.example/x").get_label(),
            Outlet::at(&agent, "/c").get_label(),
        ])
        .await;
    assert_eq!(*log.lock().unwrap(), [2]);
    let shown = shown(results);
    assert_eq!(
        &shown[1..4],
        ["Config.MajorMismatch", "Bulk.ForeignAgent", "Config.BadRid"]
    );
    assert!(shown[0].parse::<u64>().is_ok() && shown[4].parse::<u64>().is_ok());
    // Nothing at all can be sent: no request, and no error of the whole.
    let results = agent.bulk([newer.get_label()]).await.unwrap();
    assert_eq!(
        results[0].as_ref().unwrap_err().code(),
        "Config.MajorMismatch"
    );
    assert_eq!(*log.lock().unwrap(), [2]);
}

#[tokio::test]
async fn the_request_is_made_as_devices_expect_it() {
    let seen = Arc::new(Mutex::new(String::new()));
    let log = seen.clone();
    let agent = agent(move |request, id| {
        *log.lock().unwrap() = format!(
            "{} {} {:?} {} {}",
            request.target(),
            request.name(),
            request.timeout(),
            request.is_repeatable(),
            String::from_utf8_lossy(request.args().by_name()),
        );
        outer(id, "")
    });
    let get = Outlet::at(&agent, "/tfwopaque/pdumodel.Outlet:3.0.4/o \"ä").get_label();
    let results = agent.bulk([get.timeout(Duration::from_secs(9))]).await;
    assert_eq!(shown(results), ["Bulk.MissingResponse"]);
    let text = seen.lock().unwrap().clone();
    let id = text
        .rsplit_once("\"id\":")
        .unwrap()
        .1
        .trim_end_matches(['}', ']'])
        .to_owned();
    assert_eq!(
        text,
        format!(
            r#"/bulk performBulk 9s true {{"requests":[{{"rid":"/tfwopaque/pdumodel.Outlet:3.0.4/o \"ä","json":{{"jsonrpc":"2.0","method":"getLabel","params":{{}},"id":{id}}}}}]}}"#
        )
    );
    let switch = Outlet::at(&agent, "/o").set_power_state(PowerState::PsOn);
    agent
        .bulk((Outlet::at(&agent, "/o").get_label(), switch))
        .await
        .unwrap()
        .0
        .unwrap_err();
    assert!(
        seen.lock().unwrap().contains(" 30s false "),
        "a bulk that switches may not be repeated"
    );
}

#[tokio::test]
async fn no_two_bulks_share_an_id() {
    let all = Arc::new(Mutex::new(Vec::new()));
    let log = all.clone();
    let agent = agent(move |request, id| {
        log.lock().unwrap().extend(ids(request));
        outer(id, "")
    });
    for _ in 0..5 {
        let results = agent.bulk(calls(&agent, 30)).chunk(7).await.unwrap();
        assert_eq!(results.len(), 30);
    }
    let mut ids = all.lock().unwrap().clone();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 150);
}

#[tokio::test]
async fn a_bulk_inside_a_bulk_is_not_sent() {
    let agent = agent(|request, id| {
        assert_eq!(ids(request).len(), 1);
        outer(id, &entry(ids(request)[0], "\"a\""))
    });
    let params: Json = r#"{"requests":[]}"#.parse().unwrap();
    let nested = ["/bulk", "//bulk/"].map(|rid| agent.call(rid, "performBulk", params.clone()));
    let label = Outlet::at(&agent, "/o").get_label();
    let (nested, label) = agent.bulk((nested, label)).await.unwrap();
    for result in nested {
        let error = result.unwrap_err();
        assert_eq!(
            (error.code(), error.outcome()),
            ("Config.Unsupported", Outcome::NotExecuted)
        );
    }
    assert_eq!(label.unwrap(), "a");
}

#[tokio::test]
async fn a_refusal_without_id_is_nobodys_where_entries_are_mixed_up() {
    // The last call is answered in the place of the second, so the refusal may be that of the second.
    let mixed = |ids: &[u64]| {
        vec![
            r#"{"statcode":404,"json":{}}"#.into(),
            entry(ids[2], "\"c\""),
        ]
    };
    let results = three(mixed).await.unwrap();
    for result in &results[..2] {
        let error = result.as_ref().unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
        assert!(!error.is_retryable());
    }
    assert_eq!(
        shown(three(mixed).await),
        ["SubHttpStatus", "Bulk.MissingResponse", "c"]
    );
}
