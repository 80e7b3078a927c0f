//! What a unit says beside or instead of a result.

use serde_json::json;
use xerus_ripex2_tests::api::ripex2::Unit;
use xerus_rpc::error::ErrorMeaning;
use xerus_rpc::ripex2::{DEVICE_TIME, Details, FaultCode};
use xerus_rpc::{Json, Outcome};

use crate::fake::{Fake, Say, error, result};

async fn told(say: fn() -> Say) -> (Fake, xerus_rpc::Error) {
    let fake = Fake::of(move |_, _| say()).await;
    let error = fake
        .agent()
        .call("", "anything", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    (fake, error)
}

#[tokio::test]
async fn r6_a_missing_role_is_named() {
    let fake = Fake::of(|_, _| error("rpc_permission_denied")).await;
    let unit = Unit::at(&fake.agent(), "");
    let denied = unit.reboot_init().await.unwrap_err();
    let denied = denied.error();
    assert!(denied.is_permission_denied());
    assert_eq!(denied.outcome(), Outcome::NotExecuted);
    assert!(
        denied
            .to_string()
            .contains("the method needs the role Tech"),
        "{denied}"
    );
}

#[tokio::test]
async fn r7_a_result_beside_an_error_is_kept() {
    let (_, told) = told(|| {
        Say::Json(json!({
            "result": {"config_data": {"a": 1}},
            "error": {"code": "settings_save_error", "message_id": "m", "message_params": {"n": "7"}, "log": "as it is",
                "suberrors": [{"code": "validation_error", "message_id": "too_long", "seids": ["main.LanInterfaces.2.LanIface_Name"]}]},
            "warnings": [{"code": "validation_error", "message_id": "odd"}],
            "device": {"tstamp": 1_700_000_123},
        }))
    })
    .await;
    assert_eq!(FaultCode::of(&told), Some(FaultCode::SettingsSaveError));
    let rpc = told.as_rpc().unwrap();
    assert_eq!(
        rpc.result.as_ref().unwrap().get(),
        r#"{"config_data":{"a":1}}"#
    );
    let details = Details::of(&told).unwrap();
    assert_eq!(details.text(), "as it is");
    assert_eq!(details.message_params, [("n".to_owned(), "7".to_owned())]);
    assert_eq!(
        details.suberrors[0].seids,
        ["main.LanInterfaces.2.LanIface_Name"]
    );
    let meta = told.meta().unwrap();
    assert_eq!(meta.warnings, ["validation_error: odd"]);
    assert_eq!(Details::of_warnings(meta)[0].message_id, "odd");
    assert_eq!(meta.attribute(DEVICE_TIME), Some("1700000123"));
    assert_eq!(told.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn r8_warnings_do_not_make_an_error() {
    let fake = Fake::of(|_, _| {
        Say::Json(json!({"result": 1, "warnings": [{"code": "odd", "log": "look at it"}, "plain"]}))
    })
    .await;
    let call = fake.agent().call("", "anything", Json::EMPTY_OBJECT);
    let (answer, meta) = call.with_meta().await.unwrap();
    assert_eq!(answer.get(), "1");
    assert_eq!(meta.warnings, ["odd: look at it", "plain"]);
}

#[tokio::test]
async fn r9_neither_result_nor_error_is_enough_for_nothing_only() {
    for empty in [json!({}), json!({"result": null, "error": null})] {
        let fake = Fake::of(move |_, _| Say::Json(empty.clone())).await;
        let unit = Unit::at(&fake.agent(), "");
        unit.device_ping().await.unwrap();
        let error = unit.settings_get().await.unwrap_err();
        assert!(error.code().starts_with("Decode."), "{error}");
    }
}

#[tokio::test]
async fn r10_unknown_codes_are_kept_and_codes_that_are_none_refused() {
    let (_, unknown) = told(|| error("of_a_later_firmware")).await;
    assert_eq!(
        FaultCode::of(&unknown),
        Some(FaultCode::Other("of_a_later_firmware".into()))
    );
    assert_eq!(unknown.as_rpc().unwrap().meaning, None);
    for say in [
        || Say::Json(json!({"error": {"message_id": "m"}})),
        || Say::Json(json!({"error": {"code": 7}})),
        || Say::Json(json!({"error": "text"})),
        || Say::Json(json!({"error": []})),
    ] {
        let (_, broken) = told(say).await;
        assert_eq!(broken.code(), "Protocol", "{broken}");
        assert_eq!(broken.outcome(), Outcome::Unknown);
    }
}

#[tokio::test]
async fn codes_have_their_meanings() {
    for (say, meaning, outcome) in [
        (
            (|| error("rpc_invalid_request")) as fn() -> Say,
            ErrorMeaning::InvalidRequest,
            Outcome::NotExecuted,
        ),
        (
            || error("rpc_invalid_parameter"),
            ErrorMeaning::InvalidArguments,
            Outcome::NotExecuted,
        ),
        (
            || error("rpc_method_not_found"),
            ErrorMeaning::MethodNotFound,
            Outcome::NotExecuted,
        ),
        (
            || error("rpc_temporarily_unavailable"),
            ErrorMeaning::Unavailable,
            Outcome::NotExecuted,
        ),
        (
            || error("remote_call_error"),
            ErrorMeaning::UnitUnreachable,
            Outcome::Unknown,
        ),
        (
            || error("async_action_lost"),
            ErrorMeaning::ActionLost,
            Outcome::Unknown,
        ),
    ] {
        let (_, told) = told(say).await;
        assert_eq!(told.as_rpc().unwrap().meaning, Some(meaning));
        assert_eq!(told.outcome(), outcome, "{told}");
    }
}

#[tokio::test]
async fn r11_results_at_the_top_are_read_there() {
    let top = json!({"base64": "UEs=", "extension": "zip", "device": {"tstamp": 1}});
    let under = json!({"result": {"base64": "UEs=", "extension": "zip"}});
    for answer in [top, under] {
        let fake = Fake::of(move |_, _| Say::Json(answer.clone())).await;
        let file = Unit::at(&fake.agent(), "")
            .settings_package_get()
            .await
            .unwrap();
        assert_eq!((&*file.base64, &*file.extension), ("UEs=", "zip"));
    }
}

#[tokio::test]
async fn r12_what_is_missing_or_null_is_empty() {
    for answer in [
        json!({}),
        json!({"lines": null, "is_last": null}),
        json!({"lines": [], "extra": {"a": [1]}}),
    ] {
        let fake = Fake::of(move |_, _| result(answer.clone())).await;
        let part = Unit::at(&fake.agent(), "")
            .icmp_ping_poll("p")
            .await
            .unwrap();
        assert_eq!((part.lines.len(), part.is_last), (0, false));
    }
}

#[tokio::test]
async fn r13_condensed_data_is_passed_on_as_it_came() {
    let fake = Fake::of(|_, _| {
        Say::Json(json!({"result": {"config_data": {"main": {"list": [1, null, [null, 2]]}}}}))
    })
    .await;
    let settings = Unit::at(&fake.agent(), "").settings_get().await.unwrap();
    assert_eq!(
        settings.config_data.get(),
        r#"{"main":{"list":[1,null,[null,2]]}}"#
    );
    assert!(settings.config_meta.is_null());
}

#[tokio::test]
async fn r14_a_forbidden_character_is_refused_before_it_is_sent() {
    let fake = Fake::of(|_, _| result(json!({}))).await;
    let unit = Unit::at(&fake.agent(), "");
    let config: Json = r#"{"main":{"LanInterfaces":[{"LanIface_Name":"a$b"}]}}"#
        .parse()
        .unwrap();
    let error = unit.settings_save_init(&config).await.unwrap_err();
    let error = error.error();
    assert_eq!(error.code(), "Encode.ForbiddenCharacter");
    assert_eq!(
        error.path().as_deref(),
        Some("config_data.main.LanInterfaces[0].LanIface_Name")
    );
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(!error.to_string().contains("a$b"));
    assert!(fake.asked().is_empty());
}

#[tokio::test]
async fn however_many_warnings_and_parts_there_are_none_is_lost() {
    let many = |what: &str| -> Vec<_> { (0..400).map(|i| json!(format!("{what}{i}"))).collect() };
    let parts: Vec<_> = (0..400).map(|_| json!({"code": "x"})).collect();
    let fake = Fake::of(move |_, _| {
        Say::Json(json!({"warnings": many("w"), "error": {"code": "validation_error", "seids": many("s"), "suberrors": parts}}))
    })
    .await;
    let call = fake.agent().call("", "settings_get", Json::EMPTY_OBJECT);
    let error = call.await.unwrap_err();
    let warnings = &error.meta().unwrap().warnings;
    assert_eq!((warnings.len(), &*warnings[399]), (400, "w399"));
    let details = Details::of(&error).unwrap();
    assert_eq!((details.seids.len(), details.suberrors.len()), (400, 400));
}
