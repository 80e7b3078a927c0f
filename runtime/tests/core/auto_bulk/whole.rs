//! What each call learns when the request that it shares fails as a whole.

use futures_util::future::join_all;
use xerus_rpc::error::{AuthError, ConnectError, ErrorClass, HttpStatusError};
use xerus_rpc::{Error, ErrorKind, Outcome};

use super::device::{Device, When, assert_own};
use super::errors::four;

#[tokio::test]
async fn a_request_that_fails_as_a_whole_is_an_error_of_each_call() {
    let lost = || Error::new(ErrorKind::ConnectionLost).with_sent(true, true);
    for (make, outcome, class) in [
        (
            Box::new(|| AuthError::Unauthorized.into()) as Box<dyn Fn() -> Error + Send + Sync>,
            Outcome::NotExecuted,
            ErrorClass::Http,
        ),
        (
            Box::new(|| AuthError::Forbidden.into()),
            Outcome::NotExecuted,
            ErrorClass::Http,
        ),
        (
            Box::new(|| AuthError::PasswordChangeRequired.into()),
            Outcome::NotExecuted,
            ErrorClass::Http,
        ),
        (
            Box::new(|| ConnectError::Refused.into()),
            Outcome::NotExecuted,
            ErrorClass::Http,
        ),
        (Box::new(lost), Outcome::Unknown, ErrorClass::Http),
        (
            Box::new(|| HttpStatusError::new(503, "busy").into()),
            Outcome::Unknown,
            ErrorClass::Http,
        ),
    ] {
        let code = make().code();
        let started = Device::new(move |_, _| (When::Polls(1), Err(make()))).start();
        for (number, result) in four(&started).await.into_iter().enumerate() {
            let error = result.unwrap_err();
            assert_eq!(
                (error.code(), error.outcome(), error.class()),
                (code, outcome, class)
            );
            assert_eq!(error.rid(), Some(&*format!("/o/{number}")));
            assert_eq!(
                (error.method(), error.origin()),
                (Some("getLabel"), Some("scripted"))
            );
            assert!(error.to_string().contains("getLabel on /o/"), "{error}");
            assert!(!error.to_string().contains("performBulk"), "{error}");
        }
        assert_eq!(started.sizes(), [4], "{code}: asked once");
    }
}

#[tokio::test]
async fn an_answer_that_is_none_is_an_error_of_each_call() {
    for result in ["null", "7", "[]", "{}", r#"{"responses":7}"#] {
        let started = Device::new(move |_, _| (When::Polls(0), Ok(result.into()))).start();
        for (number, result) in four(&started).await.into_iter().enumerate() {
            let error = result.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
            assert_eq!(error.rid(), Some(&*format!("/o/{number}")));
        }
    }
}

#[tokio::test]
async fn too_large_an_answer_is_an_error_of_each_call() {
    let mut settings = xerus_rpc::Settings::default();
    settings.max_response_bytes = 300;
    let started =
        Device::echo(When::Polls(0)).start_with(xerus_rpc::bulk::AutoBulk::new(), settings);
    for result in four(&started).await {
        assert_eq!(result.unwrap_err().code(), "ResponseTooLarge");
    }
    assert_own(started.read(0).await, 0);
}

const NOT_FOUND: &str =
    r#"{"error":{"code":-32601,"message":"Method not found"},"jsonrpc":"2.0","id":ID}"#;

#[tokio::test]
async fn a_device_without_bulk_gets_single_calls_from_then_on() {
    for status in [false, true] {
        let started = Device::new(move |asked, _| {
            let answer = match (asked.is_bulk(), status) {
                (true, true) => Err(HttpStatusError::new(404, "").into()),
                (true, false) => Ok(NOT_FOUND.into()),
                (false, _) => Ok(asked.echo()),
            };
            (When::Polls(1), answer)
        })
        .start();
        for round in 1..3 {
            for (number, result) in four(&started).await.into_iter().enumerate() {
                assert_own(result, number);
            }
            let bulks = started
                .asked()
                .iter()
                .filter(|asked| asked.is_bulk())
                .count();
            assert_eq!((bulks, started.sizes().len()), (1, 1 + 4 * round));
        }
        // Another firmware may be there after that.
        started.agent.close().await;
        four(&started).await;
        assert_eq!(
            started
                .asked()
                .iter()
                .filter(|asked| asked.is_bulk())
                .count(),
            2
        );
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_at_all_is_no_device_without_bulk() {
    let started = Device::new(|asked, number| {
        let answer = if number < 5 {
            Err(HttpStatusError::new(404, "").into())
        } else {
            Ok(asked.echo())
        };
        (When::Polls(1), answer)
    })
    .start();
    for result in four(&started).await {
        assert!(result.unwrap_err().is_object_not_found());
    }
    four(&started).await;
    assert_eq!(started.sizes(), [4, 0, 0, 0, 0, 4], "asked again");
}

#[tokio::test]
async fn a_lost_attempt_that_may_have_been_executed_is_not_made_again() {
    let started = Device::new(|_, _| {
        let error = Error::from(HttpStatusError::new(404, "")).with_outcome(Outcome::Unknown);
        (When::Polls(0), Err(error))
    })
    .start();
    let calls = (0..2).map(|number| started.switch(number).auto_bulk(true).into_future());
    for result in join_all(calls).await {
        assert_eq!(result.unwrap_err().outcome(), Outcome::Unknown);
    }
    assert_eq!(started.sizes(), [2]);
}
