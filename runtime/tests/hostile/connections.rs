//! What belongs to which request on a connection, and what is sent again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use xerus_rpc::{Json, Outcome};

use crate::device::{
    Answer, Asked, BOTH, Conduct, Device, Greeting, Scheme, Step, get, http, in_time, raw, switch,
};
use crate::verdict::{Faults, answered, assert_failed};

const ENDS: [Step; 3] = [Step::Close, Step::Fin, Step::Reset];

/// A document that fits a request with this id.
fn document(id: u64, value: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","result":{{"_ret_":{value}}},"id":{id}}}"#)
}

#[tokio::test]
async fn of_two_answers_the_first_counts_and_the_second_costs_the_connection() {
    for scheme in BOTH {
        let device = Device::start(scheme, |asked: &Asked| {
            let id = asked.json()["id"].as_u64().unwrap_or_default();
            let own = http(200, "", document(id, &asked.number.to_string()));
            // It would fit the next request perfectly.
            let next = http(200, "", document(id + 1, "\"forged\""));
            raw([own, next].concat())
        })
        .await;
        let agent = device.agent().build().expect("valid");
        for number in 0..20 {
            let value = switch(&agent).await.expect("an answer");
            assert_eq!(value.get(), format!(r#"{{"_ret_":{number}}}"#));
        }
        assert_eq!((device.requests(), device.connections()), (20, 20));
    }
}

#[tokio::test]
async fn an_answer_to_an_earlier_request_is_told_and_costs_the_connection() {
    for scheme in BOTH {
        let device = Device::start(scheme, |asked: &Asked| {
            let id = asked.json()["id"].as_u64().unwrap_or_default();
            let (id, value) = match asked.number {
                1 => (id - 1, "\"stale\""),
                _ => (id, "\"well\""),
            };
            raw(http(200, "", document(id, value)))
        })
        .await;
        let agent = device.agent().build().expect("valid");
        get(&agent).await.expect("an answer");
        let stale = switch(&agent).await;
        assert_failed(stale, ("Envelope.IdMismatch", Outcome::Unknown), "stale");
        assert_eq!(
            get(&agent).await.expect("an answer").get(),
            r#"{"_ret_":"well"}"#
        );
        let connections: Vec<_> = device
            .asked()
            .iter()
            .map(|asked| asked.connection)
            .collect();
        assert_eq!(connections, [0, 0, 1], "{scheme:?}");
    }
}

#[tokio::test]
async fn a_switching_call_is_sent_once_wherever_the_connection_ends() {
    let mut faults = Faults::default();
    for end in ENDS {
        let steps: [(&str, Answer, &[&str]); 4] = [
            ("before the answer", |_| Vec::new(), &["ConnectionLost"]),
            (
                "in the head",
                |_| raw("HTTP/1.1 200 OK\r\nContent-Le"),
                &["ConnectionLost", "HttpProtocol.Truncated"],
            ),
            (
                "in the body",
                |asked| {
                    let mut bytes = http(200, "", asked.document("0"));
                    bytes.truncate(bytes.len() - 3);
                    raw(bytes)
                },
                &["HttpProtocol.Truncated"],
            ),
            (
                "in a chunk",
                |_| raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"json"),
                &["HttpProtocol.Truncated"],
            ),
        ];
        for (place, steps, codes) in steps {
            let last = end.clone();
            // How often it was sent is looked at there.
            let result = answered(move |asked: &Asked| {
                let mut steps = steps(asked);
                steps.push(Step::Wait(Duration::from_millis(10)));
                steps.push(last.clone());
                steps
            })
            .await;
            faults.expect_unknown((place, &end), result, codes);
        }
    }
    faults.assert_none();
}

#[tokio::test]
async fn a_reading_call_is_sent_once_more_wherever_the_connection_ends() {
    for scheme in BOTH {
        for end in ENDS {
            for part in [
                "",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 200 OK\r\n\r\n{\"js",
            ] {
                let last = end.clone();
                let device = Device::start(scheme, move |asked: &Asked| match asked.number {
                    0 => vec![
                        Step::Send(part.into()),
                        Step::Wait(Duration::from_millis(10)),
                        last.clone(),
                    ],
                    _ => asked.returns("\"well\""),
                })
                .await;
                let agent = device.agent().build().expect("valid");
                let result = get(&agent).await;
                let orderly = match scheme {
                    Scheme::Http => !matches!(end, Step::Reset),
                    Scheme::Https => matches!(end, Step::Close),
                };
                if part.ends_with("{\"js") && orderly {
                    // Nothing says that more was to come: it is an answer, and no JSON.
                    let error = result.expect_err("half a document");
                    assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
                } else {
                    assert!(result.is_ok(), "{scheme:?} {part:?} {end:?}: {result:?}");
                    assert_eq!(device.requests(), 2, "{scheme:?} {part:?} {end:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_became_of_the_first_attempt_is_not_undone_by_the_second() {
    let answers: [(&str, Answer); 6] = [
        ("refused by an error", |asked| {
            let id = &asked.json()["id"];
            let error = r#"{"code":-32601,"message":"no"}"#;
            raw(http(
                200,
                "",
                format!(r#"{{"jsonrpc":"2.0","error":{error},"id":{id}}}"#),
            ))
        }),
        ("refused by a privilege", |asked| {
            let id = &asked.json()["id"];
            let error = r#"{"code":-32001,"message":"Insufficient privileges"}"#;
            raw(http(
                200,
                "",
                format!(r#"{{"jsonrpc":"2.0","error":{error},"id":{id}}}"#),
            ))
        }),
        ("401", |_| raw(http(401, "", ""))),
        ("404", |_| raw(http(404, "", ""))),
        ("408", |_| raw(http(408, "", ""))),
        ("redirected", |_| raw(http(307, "Location: /login\r\n", ""))),
    ];
    for (what, second) in answers {
        let device = Device::http(move |asked: &Asked| match asked.number {
            0 => vec![Step::Close],
            _ => second(asked),
        })
        .await;
        let agent = device.agent().build().expect("valid");
        let call = agent
            .call("/x", "setPowerState", Json::EMPTY_OBJECT)
            .repeatable(true);
        let error = in_time(call).await.expect_err(what);
        assert_eq!(device.requests(), 2, "{what}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{what}: {error:?}");
    }
}

#[tokio::test]
async fn what_became_of_the_first_attempt_of_a_bulk_is_not_undone_by_the_second() {
    for entry in [
        r#"{"json":{},"statcode":404}"#,
        r#"{"json":{"jsonrpc":"2.0","error":{"code":-32601,"message":"no"},"id":ID},"statcode":200}"#,
        "",
    ] {
        let device = Device::http(move |asked: &Asked| {
            let id = asked.json()["params"]["requests"][0]["json"]["id"].to_string();
            match asked.number {
                0 => vec![Step::Close],
                _ => {
                    let entry = entry.replace("ID", &id);
                    raw(http(
                        200,
                        "",
                        asked.document(&format!(r#"{{"responses":[{entry}]}}"#)),
                    ))
                }
            }
        })
        .await;
        let agent = device.agent().build().expect("valid");
        let call = agent.call("/x", "getState", Json::EMPTY_OBJECT);
        let results = in_time(agent.bulk([call])).await.expect("a bulk answer");
        let error = results.into_iter().next().expect("one").expect_err(entry);
        assert_eq!(device.requests(), 2, "{entry}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{entry}: {error:?}");
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_costs_nobody_anything() {
    for scheme in BOTH {
        for end in ENDS {
            let last = end.clone();
            let device = Device::start(scheme, move |asked: &Asked| {
                let mut steps = asked.returns(&asked.number.to_string());
                steps.extend([Step::Wait(Duration::from_millis(10)), last.clone()]);
                steps
            })
            .await;
            let agent = device.agent().build().expect("valid");
            for number in 0..4 {
                let result = switch(&agent).await;
                let value = result.unwrap_or_else(|e| panic!("{scheme:?} {end:?}: {e:?}"));
                assert_eq!(value.get(), format!(r#"{{"_ret_":{number}}}"#));
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
            assert_eq!((device.requests(), device.connections()), (4, 4));
        }
    }
}

/// Answers the first request of a connection, and then does something without being asked.
struct Unasked(Vec<u8>, Step);

impl Conduct for Unasked {
    fn greet(&self, _: usize, nth: usize) -> Greeting {
        match nth {
            0 => Greeting::Listen,
            _ => Greeting::After(0, vec![Step::Send(self.0.clone()), self.1.clone()]),
        }
    }

    fn answer(&self, asked: &Asked) -> Vec<Step> {
        asked.returns(&asked.number.to_string())
    }
}

#[tokio::test]
async fn what_comes_unasked_on_an_idle_connection_is_no_answer() {
    for scheme in BOTH {
        for bytes in [
            http(408, "Connection: close\r\n", ""),
            http(200, "", document(2, "\"forged\"")),
            b"junk".to_vec(),
        ] {
            let conduct = Unasked(bytes.clone(), Step::Close);
            let device = Device::start(scheme, conduct).await;
            let agent = device.agent().build().expect("valid");
            for number in 0..4 {
                let result = switch(&agent).await;
                let value = result.unwrap_or_else(|error| {
                    panic!("{scheme:?} {}: {error:?}", String::from_utf8_lossy(&bytes))
                });
                assert_eq!(value.get(), format!(r#"{{"_ret_":{number}}}"#));
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
            assert_eq!((device.requests(), device.connections()), (4, 4));
        }
    }
}

#[tokio::test]
async fn a_farewell_on_a_used_connection_is_repeated_once_and_one_on_a_fresh_one_is_an_error() {
    let farewell = ("HttpStatus.RequestTimeout", Outcome::NotExecuted);
    for scheme in BOTH {
        for close in ["", "Connection: close\r\n"] {
            let device = Device::start(scheme, move |asked: &Asked| match asked.number {
                1 => raw(http(408, close, "")),
                _ => asked.returns("1"),
            })
            .await;
            let agent = device.agent().build().expect("valid");
            get(&agent).await.expect("an answer");
            switch(&agent)
                .await
                .expect("a device that said farewell has read nothing");
            let connections: Vec<_> = device
                .asked()
                .iter()
                .map(|asked| asked.connection)
                .collect();
            assert_eq!(connections, [0, 0, 1]);
        }
        let device = Device::start(scheme, |_: &Asked| raw(http(408, "", ""))).await;
        let agent = device.agent().build().expect("valid");
        for requests in 1..4 {
            assert_failed(switch(&agent).await, farewell, "fresh");
            assert_eq!(
                device.requests(),
                requests,
                "a fresh connection had no silence"
            );
        }
        let device = Device::start(scheme, |asked: &Asked| match asked.number {
            0 => asked.returns("1"),
            _ => raw(http(408, "", "")),
        })
        .await;
        let agent = device.agent().build().expect("valid");
        get(&agent).await.expect("an answer");
        assert_failed(switch(&agent).await, farewell, "for ever");
        assert_eq!(device.requests(), 3, "once more, and no more than that");
    }
}

/// Ends every connection before or while the request comes in.
struct Early(usize, Step, Arc<AtomicUsize>);

impl Conduct for Early {
    fn greet(&self, _: usize, _: usize) -> Greeting {
        self.2.fetch_add(1, Ordering::SeqCst);
        Greeting::After(self.0, vec![self.1.clone()])
    }

    fn answer(&self, asked: &Asked) -> Vec<Step> {
        asked.returns("0")
    }
}

#[tokio::test]
async fn requests_that_are_never_read_to_their_end_are_never_said_to_be_executed() {
    for scheme in BOTH {
        for bytes in [0, 1, 60] {
            for end in ENDS {
                let tries = Arc::new(AtomicUsize::new(0));
                let conduct = Early(bytes, end.clone(), Arc::clone(&tries));
                let device = Device::start(scheme, conduct).await;
                let agent = device.agent().build().expect("valid");
                let error = switch(&agent).await.expect_err("never read");
                let what = format!("{scheme:?} {bytes} {end:?}: {error:?}");
                assert_ne!(error.outcome(), Outcome::Executed, "{what}");
                let codes = ["ConnectionLost", "Tls.Handshake", "Connect.Other"];
                assert!(codes.contains(&error.code()), "{what}");
                // Another attempt only where nothing had left.
                let once = error.was_sent() == Some(true);
                assert!(
                    tries.load(Ordering::SeqCst) <= if once { 2 } else { 3 },
                    "{what}"
                );
                assert_eq!(device.requests(), 0);
            }
        }
    }
}
