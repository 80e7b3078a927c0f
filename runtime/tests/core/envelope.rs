use xerus_rpc::{Agent, Error, ErrorKind, Json, Outcome, Settings};

use crate::aids::{agent, agent_with};

/// Sends a call with request id 7 that gets this body; the `_ret_` text, or what went wrong.
async fn exchange(body: &str, strict: bool) -> Result<String, Error> {
    let body = body.to_owned();
    let mut settings = Settings::default();
    settings.strict = strict;
    let agent: Agent = agent_with(settings, move |_, _| Ok(body.clone()));
    crate::support::pdumodel::Outlet::at(&agent, "/o")
        .get_label()
        .await
}

#[tokio::test]
async fn answers_that_are_good() {
    for body in [
        r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":7}"#,
        r#"{"id":7,"result":{"_ret_":"x"},"jsonrpc":"2.0"}"#,
        r#"{"jsonrpc":"2.0","id":7,"extra":{"result":1},"result":{"more":null,"_ret_":"x"}}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":7,"error":null}"#,
        r#"{"\u006asonrpc":"2.0","result":{"\u005fret_":"x"},"id":7}"#,
        " \r\n{ \"jsonrpc\" : \"2.0\" , \"result\" : { \"_ret_\" : \"x\" } , \"id\" : 7 }\n",
        "\u{feff}{\"jsonrpc\":\"2.0\",\"result\":{\"_ret_\":\"x\"},\"id\":7}",
    ] {
        for strict in [false, true] {
            assert_eq!(exchange(body, strict).await.unwrap(), "x", "{body}");
        }
    }
}

#[tokio::test]
async fn answers_that_are_not() {
    for (body, code) in [
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"}}"#,
            "Envelope.IdMissing",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{"code":1,"message":"m"}}"#,
            "Envelope.IdMissing",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":null}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":8}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":"7"}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":7.0}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":-7}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":99999999999999999999999}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":[7]}"#,
            "Envelope.IdMismatch",
        ),
        (
            r#"{"jsonrpc":"1.0","result":{"_ret_":"x"},"id":7}"#,
            "Envelope.VersionMismatch",
        ),
        (
            r#"{"jsonrpc":2.0,"result":{"_ret_":"x"},"id":7}"#,
            "Envelope.VersionMismatch",
        ),
        (
            r#"{"jsonrpc":null,"result":{"_ret_":"x"},"id":7}"#,
            "Envelope.VersionMismatch",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":7,"error":{"code":1,"message":"m"}}"#,
            "Envelope.ResultAndError",
        ),
        (
            r#"{"jsonrpc":"2.0","result":null,"id":7,"error":{"code":1,"message":"m"}}"#,
            "Rpc",
        ),
        (
            r#"{"jsonrpc":"2.0","result":null,"error":{"code":1,"message":"m"},"id":8}"#,
            "Envelope.IdMismatch",
        ),
        // The device could not even read the request.
        (
            r#"{"jsonrpc":"2.0","result":null,"error":{"code":-32700,"message":"m"},"id":null}"#,
            "Rpc",
        ),
        (
            r#"{"jsonrpc":"2.0","result":null,"error":true,"id":7}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","result":null,"error":null,"id":7}"#,
            "Envelope.NeitherResultNorError",
        ),
        (
            r#"{"jsonrpc":"2.0","error":null,"result":null,"id":7}"#,
            "Envelope.NeitherResultNorError",
        ),
        (
            r#"{"jsonrpc":"2.0","id":7}"#,
            "Envelope.NeitherResultNorError",
        ),
        (
            r#"{"jsonrpc":"2.0","error":null,"id":7}"#,
            "Envelope.NeitherResultNorError",
        ),
        (
            r#"{"jsonrpc":"2.0","error":true,"id":7}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":[],"id":7}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":"no","id":7}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{},"id":7}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{"code":"x","message":"m"},"id":7}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{"code":1.5,"message":"m"},"id":7}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{"code":1180591620717411303424,"message":"m"},"id":7}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{"code":1,"message":5},"id":7}"#,
            "Envelope.BadErrorObject",
        ),
        (
            r#"{"jsonrpc":"2.0","error":{"code":1,"code":2},"id":7}"#,
            "Json.DuplicateKey",
        ),
        (
            r#"[{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":7}]"#,
            "Envelope.NotObject",
        ),
        ("null", "Envelope.NotObject"),
        ("5", "Envelope.NotObject"),
        ("\"x\"", "Envelope.NotObject"),
        ("{}", "Envelope.IdMissing"),
        ("", "Json.Empty"),
        ("  ", "Json.Empty"),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":7}xx"#,
            "Json.TrailingData",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":7}{}"#,
            "Json.TrailingData",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"a"},"result":{"_ret_":"b"},"id":7}"#,
            "Json.DuplicateKey",
        ),
        (
            r#"{"jsonrpc":"2.0","jsonrpc":"2.0","result":{"_ret_":"a"},"id":7}"#,
            "Json.DuplicateKey",
        ),
        (
            r#"{"jsonrpc":"2.0","id":7,"id":7,"result":{"_ret_":"a"}}"#,
            "Json.DuplicateKey",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"a","_ret_":"b"},"id":7}"#,
            "Json.DuplicateKey",
        ),
        ("{'jsonrpc':'2.0'}", "Json.Syntax"),
        (
            r#"{"jsonrpc":"2.0",/*c*/"result":{"_ret_":"x"},"id":7}"#,
            "Json.Syntax",
        ),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":7,}"#,
            "Json.Syntax",
        ),
        ("<html><body>login</body></html>", "Json.Syntax"),
        (
            r#"{"jsonrpc":"2.0","result":{"_ret_":"x"},"id":7"#,
            "Json.Syntax",
        ),
    ] {
        let error = exchange(body, false).await.unwrap_err();
        assert_eq!(error.code(), code, "{body}");
        let name = match error.kind() {
            ErrorKind::Envelope(_) => "Envelope.",
            ErrorKind::Json(_) => "Json.",
            ErrorKind::Rpc(_) => "Rpc",
            other => panic!("{body}: {other:?}"),
        };
        assert!(error.code().starts_with(name), "{body}: {error:?}");
        // Of a result that names a member twice it is known that it is one, and of -32700 that nothing was read.
        let outcome = match error.path().as_deref() {
            Some("_ret_") => Outcome::Executed,
            _ if error.rpc_code() == Some(-32700) => Outcome::NotExecuted,
            _ => Outcome::Unknown,
        };
        assert_eq!(error.outcome(), outcome, "{body}");
        assert_eq!(
            (error.method(), error.rid(), error.origin()),
            (Some("getLabel"), Some("/o"), Some("canned"))
        );
    }
}

#[tokio::test]
async fn the_version_may_only_be_missing_in_lenient_mode() {
    let body = r#"{"result":{"_ret_":"x"},"id":7}"#;
    assert_eq!(exchange(body, false).await.unwrap(), "x");
    assert_eq!(
        exchange(body, true).await.unwrap_err().code(),
        "Envelope.VersionMissing"
    );
}

#[tokio::test]
async fn errors_of_the_device() {
    let error = exchange(
        r#"{"jsonrpc":"2.0","error":{"data":{"a":1.50},"message":"Method not found","code":-32601},"id":7}"#,
        false,
    )
    .await
    .unwrap_err();
    assert!(error.is_method_not_found());
    let xerus_rpc::ErrorKind::Rpc(rpc) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(
        (rpc.message.as_str(), rpc.data.as_ref().map(Json::get)),
        ("Method not found", Some(r#"{"a":1.50}"#))
    );

    for body in [
        r#"{"jsonrpc":"2.0","error":{"code":5},"id":7}"#,
        r#"{"jsonrpc":"2.0","error":{"code":5,"message":null},"id":7}"#,
        // The device could not read the request, so it knows no id.
        r#"{"jsonrpc":"2.0","error":{"code":5,"message":""},"id":null}"#,
    ] {
        let error = exchange(body, false).await.unwrap_err();
        assert_eq!((error.code(), error.rpc_code()), ("Rpc", Some(5)), "{body}");
    }
    let long = format!(
        r#"{{"jsonrpc":"2.0","error":{{"code":5,"message":"{}\u0007"}},"id":7}}"#,
        "ä".repeat(3_000_000)
    );
    let line = exchange(&long, false).await.unwrap_err().to_string();
    assert!(line.len() < 1000 && !line.contains('\u{7}'));
}

#[tokio::test]
async fn a_stale_answer_is_told_from_a_bad_one() {
    // The result does not fit either, but it is not ours.
    let error = exchange(r#"{"jsonrpc":"2.0","result":{"_ret_":[1]},"id":6}"#, false)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Envelope.IdMismatch");
    // A fault in the text comes first: nothing else in it can be trusted.
    let error = exchange(r#"{"jsonrpc":"2.0","result":{"_ret_":[1]},"id":6"#, false)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Json.Syntax");
    let error = exchange(r#"{"jsonrpc":"2.0","result":{"_ret_":[1]},"id":7}"#, false)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.path()),
        ("Decode.WrongType", Some("_ret_".into()))
    );
    assert_eq!(error.outcome(), Outcome::Executed);
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_refused() {
    let mut settings = Settings::default();
    settings.max_response_bytes = 100;
    let agent = agent_with(settings, |_, _| Ok(" ".repeat(101)));
    let error = agent
        .call("/x", "getX", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "ResponseTooLarge");
}

#[tokio::test]
async fn requests_carry_what_the_call_says() {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let agent = agent(move |request, id| {
        log.lock().unwrap().push(format!(
            "{} {} {} {:?} {}",
            request.target(),
            request.name(),
            String::from_utf8_lossy(request.args().by_name()),
            request.timeout(),
            request.is_repeatable()
        ));
        Ok(format!(
            r#"{{"jsonrpc":"2.0","result":{{"_ret_":0}},"id":{id}}}"#
        ))
    });
    agent
        .call("/x", "getX", Json::EMPTY_OBJECT)
        .timeout(Duration::from_secs(3))
        .await
        .unwrap();
    agent
        .call("/x", "addX", r#" {"a": 1}"#.parse().unwrap())
        .await
        .unwrap();
    agent
        .call("/x", "addX", Json::EMPTY_OBJECT)
        .repeatable(true)
        .await
        .unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        [
            "/x getX {} 3s true",
            "/x addX {\"a\": 1} 30s false",
            "/x addX {} 30s true"
        ]
    );
    let error = agent.call("/x", "getX", Json::NULL).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotExecuted);
}
