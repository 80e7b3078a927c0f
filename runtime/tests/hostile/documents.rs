//! Bodies that are no JSON, and JSON that is no answer to the request.

use xerus_rpc::{Agent, Error, Outcome};

use crate::bindings::pdumodel::Outlet;
use crate::device::{Asked, Device, Step, http, in_time, raw};
use crate::verdict::{Faults, answered, assert_usable};

/// What comes of a call that returns a text, when the device answers with this body, `ID` being the id of the request.
async fn label(
    agent: fn(xerus_rpc::AgentBuilder) -> xerus_rpc::AgentBuilder,
    body: Vec<u8>,
) -> Result<String, Error> {
    let device = Device::http(move |asked: &Asked| match asked.method().as_str() {
        "getState" => asked.returns("\"well\""),
        _ => {
            let id = asked.json()["id"].to_string();
            raw(http(200, "", with_id(&body, &id)))
        }
    })
    .await;
    let agent: Agent = agent(device.agent()).build().expect("valid");
    let call = Outlet::at(&agent, "/o").get_label().repeatable(false);
    let result = in_time(call).await;
    assert_eq!(device.requests(), 1, "no answer is asked for again");
    assert_usable(&agent).await;
    result
}

fn with_id(body: &[u8], id: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(place) = rest.windows(2).position(|two| two == b"ID") {
        out.extend_from_slice(&rest[..place]);
        out.extend_from_slice(id.as_bytes());
        rest = &rest[place + 2..];
    }
    out.extend_from_slice(rest);
    out
}

async fn lenient(body: impl Into<Vec<u8>>) -> Result<String, Error> {
    label(|agent| agent, body.into()).await
}

fn whole(result: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","result":{result},"id":ID}}"#)
}

fn returned(value: &str) -> String {
    whole(&format!(r#"{{"_ret_":{value}}}"#))
}

#[tokio::test]
async fn bodies_that_are_no_json() {
    let mut faults = Faults::default();
    for (body, code) in [
        ("", "Json.Empty"),
        (" \r\n\t", "Json.Empty"),
        (
            "<!DOCTYPE html><html><form>Please log in</form></html>",
            "Json.Syntax",
        ),
        ("{", "Json.Syntax"),
        (r#"{"jsonrpc":"2.0""#, "Json.Syntax"),
        ("{'jsonrpc':'2.0'}", "Json.Syntax"),
        ("nul", "Json.Syntax"),
        ("{}{}", "Json.TrailingData"),
    ] {
        faults.expect(body, lenient(body).await, (code, Outcome::Unknown));
    }
    for (value, code) in [
        ("NaN", "Json.Syntax"),
        ("Infinity", "Json.Syntax"),
        ("-Infinity", "Json.Syntax"),
        ("'x'", "Json.Syntax"),
        ("\"x\"/* comment */", "Json.Syntax"),
        ("\"x\"// comment\n", "Json.Syntax"),
        ("\"x\",", "Json.Syntax"),
        ("[1,]", "Json.Syntax"),
        ("+1", "Json.Syntax"),
        (".5", "Json.Syntax"),
        ("0x10", "Json.Syntax"),
        ("01", "Json.Syntax"),
        ("-", "Json.Syntax"),
        ("1.", "Json.Syntax"),
        ("1e", "Json.Syntax"),
        ("\"a\nb\"", "Json.Syntax"),
        ("\"\\x\"", "Json.Syntax"),
        ("undefined", "Json.Syntax"),
    ] {
        faults.expect(
            value,
            lenient(returned(value)).await,
            (code, Outcome::Unknown),
        );
    }
    for end in ["}", "]", "x", "\0", "{}", ","] {
        let body = returned("\"x\"") + end;
        faults.expect(
            end,
            lenient(body).await,
            ("Json.TrailingData", Outcome::Unknown),
        );
    }
    faults.assert_none();
}

#[tokio::test]
async fn text_that_is_no_unicode() {
    let mut faults = Faults::default();
    let values: [&[u8]; 9] = [
        b"\"\xff\"",
        b"\"\xc3\"",
        b"\"\xe2\x82\"",
        b"\"\x80\"",
        // Overlong forms, a surrogate in UTF-8, more than Unicode has.
        b"\"\xc0\xaf\"",
        b"\"\xe0\x80\xaf\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xf4\x90\x80\x80\"",
        b"\"\xf8\x88\x80\x80\x80\"",
    ];
    for value in values {
        let body = [
            br#"{"jsonrpc":"2.0","result":{"_ret_":"#,
            value,
            br#"},"id":ID}"#,
        ]
        .concat();
        let what = format!("{value:x?}");
        faults.expect(
            what,
            lenient(body).await,
            ("Json.Encoding", Outcome::Unknown),
        );
    }
    for value in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800\ud800""#,
        r#""\ud800x""#,
    ] {
        faults.expect(
            value,
            lenient(returned(value)).await,
            ("Json.Encoding", Outcome::Unknown),
        );
    }
    for (body, code) in [
        // UTF-16 and UTF-32, with and without the mark.
        (
            [b"\xff\xfe".to_vec(), utf16(&returned("\"x\""))].concat(),
            "Json.Encoding",
        ),
        (utf16(&returned("\"x\"")), "Json.Syntax"),
    ] {
        let what = format!("{:x?}", &body[..4]);
        let result = lenient(body).await;
        faults.expect_unknown(what, result, &[code, "Json.Encoding", "Json.Syntax"]);
    }
    faults.assert_none();
    let legal = [
        r#""\u0000""#,
        r#""\ud83d\ude00""#,
        "\"\u{1f600}\"",
        r#""\u00e4""#,
    ];
    for (value, text) in legal
        .into_iter()
        .zip(["\0", "\u{1f600}", "\u{1f600}", "\u{e4}"])
    {
        assert_eq!(lenient(returned(value)).await.expect(value), text);
    }
}

/// A text in UTF-16, little end first.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[tokio::test]
async fn a_byte_order_mark_is_told_or_borne() {
    let result = lenient(format!("\u{feff}{}", returned("\"x\""))).await;
    match result {
        Ok(text) => assert_eq!(text, "x"),
        Err(error) => {
            assert!(
                matches!(error.code(), "Json.Encoding" | "Json.Syntax"),
                "{error:?}"
            );
            assert_eq!(error.outcome(), Outcome::Unknown);
        }
    }
}

#[tokio::test]
async fn members_that_are_given_twice() {
    let mut faults = Faults::default();
    let unknown = ("Json.DuplicateKey", Outcome::Unknown);
    for body in [
        r#"{"jsonrpc":"2.0","result":{"_ret_":"a"},"result":{"_ret_":"b"},"id":ID}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":"a"},"result":null,"id":ID}"#,
        r#"{"jsonrpc":"2.0","id":ID,"result":{"_ret_":"a"},"id":ID}"#,
        r#"{"jsonrpc":"2.0","jsonrpc":"2.0","result":{"_ret_":"a"},"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":{"code":-32601},"error":{"code":-32601},"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":{"code":-32601,"code":-32601},"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":{"code":-32601,"message":"a","message":"b"},"id":ID}"#,
    ] {
        faults.expect(body, lenient(body).await, unknown);
    }
    let twice = whole(r#"{"_ret_":"a","_ret_":"b"}"#);
    faults.expect(
        "_ret_",
        lenient(twice).await,
        ("Json.DuplicateKey", Outcome::Executed),
    );
    faults.assert_none();
}

#[tokio::test]
async fn json_that_is_no_answer() {
    let mut faults = Faults::default();
    let long_id = "9".repeat(1_000_000);
    let huge_id = format!(r#"{{"jsonrpc":"2.0","result":{{"_ret_":"x"}},"id":{long_id}}}"#);
    for (body, code) in [
        ("null", "Envelope.NotObject"),
        ("true", "Envelope.NotObject"),
        ("17", "Envelope.NotObject"),
        ("\"text\"", "Envelope.NotObject"),
        ("[]", "Envelope.NotObject"),
        (
            r#"[{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":ID}]"#,
            "Envelope.NotObject",
        ),
        ("{}", "Envelope.IdMissing"),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"}}"#,
            "Envelope.IdMissing",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":null}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":"ID"}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":ID.0}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":-ID}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":ID0}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":[ID]}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":true}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{"code":-32601},"id":4711}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"1.0","result":{"_ret_":"x"},"id":ID}"#,
            "Envelope.VersionMismatch",
        ),
        (
            r#"{"jsonrpc":2.0,"result":{"_ret_":"x"},"id":ID}"#,
            "Envelope.VersionMismatch",
        ),
        (
            r#"{"jsonrpc":null,"result":{"_ret_":"x"},"id":ID}"#,
            "Envelope.VersionMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","id":ID}"#,
            "Envelope.NeitherResultNorError",
        ),
        (
            r#"{"jsonrpc":"2.0","error":null,"id":ID}"#,
            "Envelope.NeitherResultNorError",
        ),
        (
            r#"{"jsonrpc":"2.0","error":true,"id":ID}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":[],"id":ID}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":"no","id":ID}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{},"id":ID}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{"code":1.5},"id":ID}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{"code":"x"},"id":ID}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{"code":1180591620717411303424},"id":ID}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"error":{"code":-32601,"message":""},"id":ID}"#,
            "Envelope.ResultAndError",
        ),
        (&huge_id, "Envelope.IdMismatch"),
    ] {
        let what = format!("{body:.100}");
        let result = lenient(body).await;
        if body.len() > 1000 {
            faults.expect_unknown(what, result, &[code, "Json.NumberRange"]);
        } else {
            faults.expect(what, result, (code, Outcome::Unknown));
        }
    }
    faults.assert_none();
}

#[tokio::test]
async fn old_habits_beside_an_answer_are_borne() {
    for body in [
        r#"{"result":{"_ret_":"x"},"id":ID}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"error":null,"id":ID}"#,
        r#"{"id":ID,"error":null,"result":{"_ret_":"x"},"jsonrpc":"2.0"}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":ID,"time":7,"session":{}}"#,
        "\r\n{ \"jsonrpc\" : \"2.0\" , \"result\" : { \"_ret_\" : \"x\" } , \"id\" : ID }\r\n",
    ] {
        assert_eq!(lenient(body).await.expect(body), "x");
    }
    let body = r#"{"result":{"_ret_":"x"},"id":ID}"#;
    let strict = label(|agent| agent.strict(true), body.into()).await;
    let error = strict.expect_err("no version");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Envelope.VersionMissing", Outcome::Unknown)
    );
}

#[tokio::test]
async fn errors_of_the_device_and_what_they_say() {
    let mut faults = Faults::default();
    for (code, message, outcome) in [
        (-32700, "x", Outcome::NotExecuted),
        (-32600, "x", Outcome::NotExecuted),
        (-32601, "x", Outcome::NotExecuted),
        (-32602, "x", Outcome::NotExecuted),
        (-32001, "x", Outcome::NotExecuted),
        (
            5,
            "Insufficient privileges to perform request.",
            Outcome::NotExecuted,
        ),
        (-32603, "x", Outcome::Unknown),
        (5, "x", Outcome::Unknown),
        (0, "x", Outcome::Unknown),
    ] {
        for result in ["", r#""result":null,"#] {
            let error = format!(r#"{{"code":{code},"message":"{message}"}}"#);
            let body = format!(r#"{{"jsonrpc":"2.0",{result}"error":{error},"id":ID}}"#);
            let answer = lenient(body).await;
            if let Err(error) = &answer {
                assert_eq!(error.rpc_code(), Some(code), "{error:?}");
            }
            faults.expect((code, message, result), answer, ("Rpc", outcome));
        }
    }
    faults.assert_none();
    // The device could not read the request, so it knows no id.
    let unread = r#"{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}"#;
    let error = lenient(unread).await.expect_err("refused");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Rpc", Outcome::NotExecuted)
    );
    for message in [
        "null".to_owned(),
        format!("\"{}\"", "ä\\u0007".repeat(700_000)),
    ] {
        let body =
            format!(r#"{{"jsonrpc":"2.0","error":{{"code":5,"message":{message}}},"id":ID}}"#);
        let error = lenient(body).await.expect_err("an error");
        assert_eq!((error.code(), error.outcome()), ("Rpc", Outcome::Unknown));
        let line = error.to_string();
        assert!(
            line.len() < 1000 && !line.contains('\u{7}'),
            "{}",
            line.len()
        );
    }
}

#[tokio::test]
async fn the_type_of_the_content_does_not_matter() {
    for content in [
        "image/png",
        "text/html; charset=x",
        "application/octet-stream",
        "",
    ] {
        let result = answered(move |asked: &Asked| {
            let headers = format!("Content-Type: {content}\r\n");
            vec![Step::Send(http(
                200,
                &headers,
                asked.document(r#"{"_ret_":0}"#),
            ))]
        })
        .await;
        assert_eq!(result.expect(content).get(), r#"{"_ret_":0}"#);
    }
}
