//! Where an answer begins and ends, and which faults of its head are borne.

use std::time::{Duration, Instant};

use xerus_rpc::Outcome;

use crate::device::{Asked, BOTH, Device, Scheme, Step, get, http, raw, switch};
use crate::verdict::{Faults, answered, answered_on, assert_all_fail, assert_failed};

const FRAMING: (&str, Outcome) = ("HttpProtocol.Framing", Outcome::Unknown);
const TRUNCATED: (&str, Outcome) = ("HttpProtocol.Truncated", Outcome::Unknown);

/// All ways in which a connection ends.
const ENDS: [Step; 3] = [Step::Close, Step::Fin, Step::Reset];

/// Time for what was sent to arrive before the connection is reset.
const ARRIVE: Step = Step::Wait(Duration::from_millis(20));

const RESULT: &str = r#"{"_ret_":0}"#;

/// The document in two chunks, without the last chunk.
fn chunks(document: &str) -> String {
    let (first, second) = document.split_at(9);
    format!(
        "{:x}\r\n{first}\r\n{:X};a=b\r\n{second}\r\n",
        first.len(),
        second.len()
    )
}

fn chunked_head(headers: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{headers}Transfer-Encoding: chunked\r\n\r\n")
}

#[tokio::test]
async fn a_declared_length_that_is_not_reached_is_no_answer_however_it_ends() {
    for scheme in BOTH {
        for end in ENDS {
            let what = format!("{scheme:?} {end:?}");
            let result = answered_on(
                scheme,
                |agent| agent,
                move |asked: &Asked| {
                    let document = asked.document(RESULT);
                    let head = format!(
                        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
                        document.len() + 1
                    );
                    vec![Step::Send((head + &document).into()), ARRIVE, end.clone()]
                },
            )
            .await;
            assert_failed(result, TRUNCATED, &what);
        }
    }
}

#[tokio::test]
async fn a_last_chunk_that_is_missing_is_no_answer_however_it_ends() {
    for scheme in BOTH {
        for end in ENDS {
            let what = format!("{scheme:?} {end:?}");
            let result = answered_on(
                scheme,
                |agent| agent,
                move |asked: &Asked| {
                    let text = chunked_head("") + &chunks(&asked.document(RESULT));
                    vec![Step::Send(text.into()), ARRIVE, end.clone()]
                },
            )
            .await;
            assert_failed(result, TRUNCATED, &what);
        }
    }
}

#[tokio::test]
async fn an_answer_that_never_ends_is_waited_for_in_vain() {
    let short = |agent: xerus_rpc::AgentBuilder| agent.timeout(Duration::from_millis(400));
    let heads = [
        "Content-Length: 1000\r\n",
        "Transfer-Encoding: chunked\r\n",
        "",
    ];
    for head in heads {
        let device = Device::http(move |_: &Asked| {
            let text = format!("HTTP/1.1 200 OK\r\n{head}\r\n1\r\n{{\r\n");
            vec![Step::Send(text.into()), Step::Hold]
        })
        .await;
        let agent = short(device.agent()).build().expect("valid");
        let result = switch(&agent).await;
        assert_failed(result, ("Timeout.Body", Outcome::Unknown), head);
        assert_eq!(device.requests(), 1);
    }
}

#[tokio::test]
async fn an_answer_that_is_whole_counts_however_the_connection_ends() {
    let shapes: [fn(&Asked) -> Vec<u8>; 5] = [
        // The last chunk came; what is missing is the blank line behind it.
        |asked| {
            let text = chunked_head("") + &chunks(&asked.document(RESULT)) + "0\r\n";
            text.into()
        },
        |asked| http(200, "Connection: close\r\n", asked.document(RESULT)),
        |asked| http(200, "", asked.document(RESULT)),
        |asked| {
            let text = chunked_head("") + &chunks(&asked.document(RESULT)) + "0\r\n\r\n";
            text.into()
        },
        |asked| {
            let text =
                chunked_head("") + &chunks(&asked.document(RESULT)) + "0\r\nX-Sum: 1\r\n\r\n";
            text.into()
        },
    ];
    for scheme in BOTH {
        for (number, shape) in shapes.into_iter().enumerate() {
            for end in ENDS {
                let what = format!("{scheme:?} {number} {end:?}");
                let device = Device::start(scheme, move |asked: &Asked| {
                    vec![Step::Send(shape(asked)), ARRIVE, end.clone()]
                })
                .await;
                let agent = device.agent().build().expect("valid");
                let value = switch(&agent)
                    .await
                    .unwrap_or_else(|e| panic!("{what}: {e:?}"));
                assert_eq!((value.get(), device.requests()), (RESULT, 1), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn without_a_declared_length_a_whole_document_counts_however_the_connection_ends() {
    for scheme in BOTH {
        for head in [
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
            "HTTP/1.0 200 OK\r\n\r\n",
        ] {
            for end in ENDS {
                let what = format!("{scheme:?} {head:?} {end:?}");
                let result = answered_on(
                    scheme,
                    |agent| agent,
                    move |asked: &Asked| {
                        let text = format!("{head}{}", asked.document(RESULT));
                        vec![Step::Send(text.into()), ARRIVE, end.clone()]
                    },
                )
                .await;
                let value = result.unwrap_or_else(|error| panic!("{what}: {error:?}"));
                assert_eq!(value.get(), RESULT, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn without_a_declared_length_half_a_document_is_no_answer() {
    for scheme in BOTH {
        for end in ENDS {
            let what = format!("{scheme:?} {end:?}");
            let orderly = matches!(end, Step::Close);
            let result = answered_on(
                scheme,
                |agent| agent,
                move |asked: &Asked| {
                    let mut text = format!("HTTP/1.1 200 OK\r\n\r\n{}", asked.document(RESULT));
                    text.pop();
                    vec![Step::Send(text.into()), ARRIVE, end.clone()]
                },
            )
            .await;
            let error = result.expect_err(&what);
            assert_eq!(error.outcome(), Outcome::Unknown, "{what}: {error:?}");
            let codes: &[&str] = if orderly || scheme == Scheme::Http {
                &["Json.Syntax", "HttpProtocol.Truncated", "ConnectionLost"]
            } else {
                &["HttpProtocol.Truncated", "ConnectionLost"]
            };
            assert!(codes.contains(&error.code()), "{what}: {error:?}");
        }
    }
}

#[tokio::test]
async fn without_a_declared_length_the_answer_to_another_request_counts_for_none() {
    for end in ENDS {
        let what = format!("{end:?}");
        let result = answered(move |_: &Asked| {
            let text = r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":4711}"#;
            let text = format!("HTTP/1.1 200 OK\r\n\r\n{text}");
            vec![Step::Send(text.into()), ARRIVE, end.clone()]
        })
        .await;
        let error = result.expect_err(&what);
        assert_eq!(error.outcome(), Outcome::Unknown, "{what}: {error:?}");
    }
}

#[tokio::test]
async fn bytes_behind_the_declared_length_cost_the_connection() {
    let junk = ["HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", "junk", "{}"];
    for scheme in BOTH {
        for extra in junk {
            let device = Device::start(scheme, move |asked: &Asked| {
                let mut bytes = http(
                    200,
                    "",
                    asked.document(&format!("{{\"_ret_\":{}}}", asked.number)),
                );
                if asked.number == 0 {
                    bytes.extend_from_slice(extra.as_bytes());
                }
                raw(bytes)
            })
            .await;
            let agent = device.agent().build().expect("valid");
            let first = switch(&agent).await.expect("the declared part");
            assert_eq!(first.get(), r#"{"_ret_":0}"#, "{extra:?}");
            // What is left over has arrived with the answer, so the connection is not used again.
            let second = switch(&agent).await.expect("a fresh connection");
            assert_eq!(second.get(), r#"{"_ret_":1}"#, "{extra:?}");
            assert_eq!(
                (device.requests(), device.connections()),
                (2, 2),
                "{extra:?}"
            );
        }
    }
    // An empty line is no answer to anything.
    let device = Device::http(|asked: &Asked| {
        raw([http(200, "", asked.document(RESULT)), b"\r\n\r\n".to_vec()].concat())
    })
    .await;
    let agent = device.agent().build().expect("valid");
    for _ in 0..3 {
        get(&agent).await.expect("an answer");
    }
}

#[tokio::test]
async fn a_declared_length_smaller_than_the_document_cuts_the_document() {
    let result = answered(|asked: &Asked| {
        let document = asked.document(RESULT);
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
            document.len() - 5
        );
        raw(head + &document)
    })
    .await;
    assert_failed(result, ("Json.Syntax", Outcome::Unknown), "cut");
}

#[tokio::test]
async fn folded_and_malformed_header_lines_are_skipped() {
    let mut faults = Faults::default();
    for lines in [
        "Content-Security-Policy: default-src 'self';\r\n img-src *\r\n",
        "X-A: b\r\n\tc\r\n  d\r\n",
        // What stands in a folded line is no header.
        "X-A: b\r\n Content-Length: 3\r\n",
        "X-A: b\r\n\tTransfer-Encoding: chunked\r\n",
        "Content-Type : application/json\r\n",
        "Content-Type\t: application/json\r\n",
        "no colon here\r\n",
        "X-Bad\u{1}Name: 1\r\n",
        "Set-Cookie: a=b\u{1}c; path=/\r\n",
        "X-Del: a\u{7f}b\r\n",
        "X (odd) name: 1\r\n",
        ": no name\r\n",
        "Server: Ger\u{e4}t/1.0\r\n",
        "X-Empty:\r\n",
        "Content-Type: image/png\r\n",
    ] {
        for scheme in BOTH {
            let result = answered_on(
                scheme,
                |agent| agent,
                move |asked: &Asked| raw(http(200, lines, asked.document(RESULT))),
            )
            .await;
            faults.expect_value((scheme, lines), result, RESULT);
        }
    }
    faults.assert_none();
}

#[tokio::test]
async fn heads_that_are_odd_and_not_wrong() {
    let odd: [fn(String) -> Vec<u8>; 8] = [
        // Bytes that are Latin-1 and no UTF-8.
        |document| {
            let head = b"HTTP/1.1 200 OK\r\nServer: Ger\xe4t/1.0\r\n";
            let length = format!("Content-Length: {}\r\n\r\n{document}", document.len());
            [&head[..], length.as_bytes()].concat()
        },
        // No reason, with and without the blank before it.
        |document| {
            format!(
                "HTTP/1.1 200\r\nContent-Length: {}\r\n\r\n{document}",
                document.len()
            )
            .into()
        },
        |document| {
            format!(
                "HTTP/1.1 200 \r\nContent-Length: {}\r\n\r\n{document}",
                document.len()
            )
            .into()
        },
        // Line feeds alone.
        |document| {
            format!(
                "HTTP/1.1 200 OK\nContent-Length: {}\n\n{document}",
                document.len()
            )
            .into()
        },
        // The same length twice.
        |document| {
            let length = format!("Content-Length: {}\r\n", document.len());
            http(200, &length, document)
        },
        |document| {
            format!(
                "HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{document}",
                document.len()
            )
            .into()
        },
        // An empty line before the head.
        |document| {
            format!(
                "\r\nHTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{document}",
                document.len()
            )
            .into()
        },
        |document| {
            let head = "HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: Chunked\r\n\r\n";
            format!("{head}{}0\r\n\r\n", chunks(&document)).into()
        },
    ];
    for (number, shape) in odd.into_iter().enumerate() {
        let result = answered(move |asked: &Asked| raw(shape(asked.document(RESULT)))).await;
        let value = result.unwrap_or_else(|error| panic!("{number}: {error:?}"));
        assert_eq!(value.get(), RESULT, "{number}");
    }
}

#[tokio::test]
async fn a_malformed_length_is_never_skipped() {
    let mut faults = Faults::default();
    for scheme in BOTH {
        for lines in [
            "Content-Length: +LEN\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: abc\r\n",
            "Content-Length: \r\n",
            "Content-Length:\r\n",
            "Content-Length: 0xLEN\r\n",
            "Content-Length: LEN LEN\r\n",
            "Content-Length: LEN.0\r\n",
            "Content-Length: LEN;\r\n",
            "Content-Length: 99999999999999999999999\r\n",
            "Content-Length: LEN, 1\r\n",
            "Content-Length: LEN\r\nContent-Length: 1\r\n",
            "Content-Length: 1\r\nContent-Length: LEN\r\n",
            "Content-Length: LEN\r\nContent-Length: abc\r\n",
            "Content-Length: LEN\u{1}\r\n",
            "Content-Length: LEN\u{7f}\r\n",
            "Content-Length : 1\r\n",
            "Content-Length\t: 1\r\n",
            "Content-Length\u{1}: 1\r\nContent-Length: x\r\n",
        ] {
            // If it were skipped, the end of the connection would make the document an answer.
            let result = answered_on(
                scheme,
                |agent| agent,
                move |asked: &Asked| {
                    let document = asked.document(RESULT);
                    let lines = lines.replace("LEN", &document.len().to_string());
                    let text = format!("HTTP/1.1 200 OK\r\n{lines}\r\n{document}");
                    vec![Step::Send(text.into()), Step::Close]
                },
            )
            .await;
            faults.expect((scheme, lines), result, FRAMING);
        }
    }
    faults.assert_none();
}

#[tokio::test]
async fn a_malformed_transfer_encoding_is_never_skipped() {
    let mut faults = Faults::default();
    for scheme in BOTH {
        for lines in [
            "Transfer-Encoding: chunked, chunked\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked, gzip\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding: chunked!\r\n",
            "Transfer-Encoding: chunked\u{1}\r\n",
            "Transfer-Encoding: \r\n",
            "Transfer-Encoding : chunked\r\n",
            "Transfer-Encoding: gzip\r\nContent-Length: LEN\r\n",
        ] {
            // Both readings of the body, in chunks and to its end, would be an answer.
            for in_chunks in [true, false] {
                let result = answered_on(
                    scheme,
                    |agent| agent,
                    move |asked: &Asked| {
                        let document = asked.document(RESULT);
                        let body = if in_chunks {
                            chunks(&document) + "0\r\n\r\n"
                        } else {
                            document
                        };
                        let lines = lines.replace("LEN", &body.len().to_string());
                        let text = format!("HTTP/1.1 200 OK\r\n{lines}\r\n{body}");
                        vec![Step::Send(text.into()), Step::Close]
                    },
                )
                .await;
                faults.expect((scheme, lines, in_chunks), result, FRAMING);
            }
        }
    }
    faults.assert_none();
}

#[tokio::test]
async fn chunks_that_are_none() {
    for chunk in [
        "zz\r\n",
        "\r\n",
        "-1\r\n",
        "+2\r\n{}\r\n",
        "0x2\r\n{}\r\n",
        " 2\r\n{}\r\n",
        "2{}\r\n",
        "fffffffffffffffff\r\n",
        "2\r\n{}xx",
        "2\r\n{}0\r\n\r\n",
    ] {
        for scheme in BOTH {
            let result = answered_on(
                scheme,
                |agent| agent,
                move |_: &Asked| {
                    let text = chunked_head("") + chunk + "0\r\n\r\n";
                    vec![Step::Send(text.into()), Step::Close]
                },
            )
            .await;
            let error = result.expect_err(chunk);
            assert!(
                matches!(
                    error.code(),
                    "HttpProtocol.Framing" | "HttpProtocol.Truncated"
                ),
                "{chunk:?}: {error:?}"
            );
            assert_eq!(error.outcome(), Outcome::Unknown);
        }
    }
}

#[tokio::test]
async fn a_length_beside_chunks_does_not_count() {
    let result = answered(|asked: &Asked| {
        let text =
            chunked_head("Content-Length: 3\r\n") + &chunks(&asked.document(RESULT)) + "0\r\n\r\n";
        raw(text)
    })
    .await;
    match result {
        Ok(value) => assert_eq!(value.get(), RESULT),
        Err(error) => assert_eq!((error.code(), error.outcome()), FRAMING),
    }
}

#[tokio::test]
async fn nul_in_a_head_is_an_error() {
    let heads: [&[u8]; 4] = [
        b"HTTP/1.1 200 OK\r\nX-A: b\0c\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-\0A: b\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-A: b\r\n \0\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 O\0K\r\nContent-Length: 2\r\n\r\n{}",
    ];
    assert_all_fail(heads, FRAMING).await;
}

#[tokio::test]
async fn heads_without_an_end_are_cut_off() {
    let start = Instant::now();
    let line = b"X-A: b\r\n".repeat(100_000);
    for bytes in [
        b"X-A: ".to_vec(),
        line.clone(),
        b"b".repeat(1 << 16),
        b" b\r\n".repeat(1 << 14),
    ] {
        let device = Device::http(move |_: &Asked| {
            vec![
                Step::Send(b"HTTP/1.1 200 OK\r\nX-B: ".to_vec()),
                Step::Endless(bytes.clone()),
            ]
        })
        .await;
        let agent = device.agent().build().expect("valid");
        assert_failed(switch(&agent).await, FRAMING, "endless head");
        // What the sockets hold and what is read before it is too much; not as much as comes.
        assert!(device.sent() < 20 << 20, "{}", device.sent());
        assert_eq!(device.requests(), 1);
    }
    let many = [b"HTTP/1.1 200 OK\r\n".as_slice(), &line, b"\r\n"].concat();
    let large = [
        b"HTTP/1.1 200 OK\r\nX-A: ".as_slice(),
        &b"b".repeat(10_000_000),
        b"\r\n\r\n",
    ]
    .concat();
    assert_all_fail([&*many, &*large], FRAMING).await;
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn what_is_no_http_is_called_so() {
    let answers: [&[u8]; 10] = [
        br#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":1}"#,
        b"<html>Hello</html>\r\n\r\n",
        b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
        b"ICY 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
    ];
    assert_all_fail(answers, FRAMING).await;
}

#[tokio::test]
async fn tls_in_place_of_an_answer_is_called_so() {
    // The beginning of a handshake, and the alert that ends one.
    for bytes in [
        "\x16\x03\x01\0\x05\x01\0\0\x01\x03",
        "\x15\x03\x03\0\x02\x02\x28",
    ] {
        let result = answered(move |_: &Asked| vec![Step::Send(bytes.into()), Step::Close]).await;
        let expected = ("HttpProtocol.SpeaksTls", Outcome::Unknown);
        assert_failed(result, expected, bytes);
    }
}

#[tokio::test]
async fn a_connection_that_ends_inside_the_head_is_lost() {
    for scheme in BOTH {
        for head in [
            "HTT",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        ] {
            for end in ENDS {
                let what = format!("{scheme:?} {head:?} {end:?}");
                let result = answered_on(
                    scheme,
                    |agent| agent,
                    move |_: &Asked| vec![Step::Send(head.into()), ARRIVE, end.clone()],
                )
                .await;
                let error = result.expect_err(&what);
                assert!(
                    matches!(error.code(), "ConnectionLost" | "HttpProtocol.Truncated"),
                    "{what}: {error:?}"
                );
                assert_eq!(error.outcome(), Outcome::Unknown, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_few_interim_answers_are_skipped() {
    for interim in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
    ] {
        let result = answered(move |asked: &Asked| {
            raw([interim.as_bytes(), &http(200, "", asked.document(RESULT))].concat())
        })
        .await;
        assert_eq!(result.expect(interim).get(), RESULT);
    }
}

#[tokio::test]
async fn endless_interim_answers_end_after_a_few() {
    for interim in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 X\r\nA: b\r\n\r\n",
    ] {
        for scheme in BOTH {
            let start = Instant::now();
            let device = Device::start(scheme, move |_: &Asked| {
                vec![Step::Endless(interim.repeat(100).into())]
            })
            .await;
            let agent = device.agent().build().expect("valid");
            assert_failed(switch(&agent).await, FRAMING, interim);
            assert!(device.sent() < 20 << 20, "{}", device.sent());
            assert!(start.elapsed() < Duration::from_secs(10));
            assert_eq!(device.requests(), 1);
        }
        // Nor is it enough that there is an end, or that they come slowly.
        let result = answered(move |asked: &Asked| {
            let all = interim.repeat(1000);
            raw([all.as_bytes(), &http(200, "", asked.document(RESULT))].concat())
        })
        .await;
        assert_failed(result, FRAMING, interim);
        let slowly = [
            Step::Send(interim.into()),
            Step::Wait(Duration::from_millis(1)),
        ];
        let result = answered(move |_: &Asked| {
            let mut steps = vec![slowly.to_vec(); 200].concat();
            steps.push(Step::Hold);
            steps
        })
        .await;
        assert_failed(result, FRAMING, interim);
    }
}

#[tokio::test]
async fn a_change_of_protocol_is_no_answer() {
    let result = answered(|_: &Asked| {
        let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
        vec![Step::Send(head.into()), Step::Close]
    })
    .await;
    let error = result.expect_err("101");
    assert!(
        matches!(
            error.code(),
            "HttpStatus.Unexpected" | "HttpProtocol.Framing"
        ),
        "{error:?}"
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn content_encodings_count_wherever_they_stand() {
    let refused = ("HttpProtocol.ContentEncoding", Outcome::Unknown);
    for lines in [
        "Content-Encoding: gzip\r\n",
        "Content-Encoding: br\r\n",
        "Content-Encoding: x-unknown\r\n",
        "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n",
        "Content-Encoding: gzip\r\nContent-Encoding: identity\r\n",
        "Content-Encoding: identity, gzip\r\n",
        "Content-Encoding: gzip,identity\r\n",
        "content-encoding: Identity , deflate\r\n",
    ] {
        for scheme in BOTH {
            let result = answered_on(
                scheme,
                |agent| agent,
                move |asked: &Asked| raw(http(200, lines, asked.document(RESULT))),
            )
            .await;
            assert_failed(result, refused, lines);
        }
    }
    for lines in [
        "Content-Encoding: identity\r\n",
        "Content-Encoding: IDENTITY\r\n",
        "Content-Encoding: identity, identity\r\n",
        "Content-Encoding: identity\r\nContent-Encoding: identity\r\n",
    ] {
        let result =
            answered(move |asked: &Asked| raw(http(200, lines, asked.document(RESULT)))).await;
        assert_eq!(result.expect(lines).get(), RESULT);
    }
}

#[tokio::test]
async fn compressed_answers_are_not_asked_for_and_never_unpacked() {
    // The head of a gzip stream; how much it would unpack to is nobody's business.
    let device = Device::http(|_: &Asked| {
        raw(http(
            200,
            "Content-Encoding: gzip\r\n",
            b"\x1f\x8b\x08\0\0\0\0\0\x02\x03",
        ))
    })
    .await;
    let agent = device.agent().build().expect("valid");
    let refused = ("HttpProtocol.ContentEncoding", Outcome::Unknown);
    assert_failed(switch(&agent).await, refused, "gzip");
    let head = device.asked()[0].head.to_ascii_lowercase();
    assert!(head.contains("accept-encoding: identity"), "{head}");
}
