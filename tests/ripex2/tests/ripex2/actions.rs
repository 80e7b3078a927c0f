//! Actions that go on after the answer.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xerus_ripex2_tests::api::ripex2::{SettingsState, Unit};
use xerus_rpc::action::{Action, ActionError, ActionEvent, Plan, Ticket};
use xerus_rpc::ripex2::{Details, FaultCode};
use xerus_rpc::{Agent, Error, Json, Outcome};

use crate::fake::{Asked, Fake, Say, error, result};

fn begun() -> Say {
    result(
        json!({"delay": 0.1, "interval": 0.1, "interval_increase": 0, "timeout": 3, "session_id": "s-1"}),
    )
}

fn saved() -> Value {
    json!({"config_data": {"a": 1}})
}

/// A fake whose checks are answered as `check` says; it gets how many came before.
async fn of(check: impl Fn(&Asked, usize) -> Say + Send + Sync + 'static) -> Fake {
    Fake::of(move |asked, number| match asked.method() {
        "settings_save_init" => begun(),
        _ => check(asked, number.saturating_sub(1)),
    })
    .await
}

async fn begin(fake: &Fake) -> Action<(), SettingsState> {
    begin_at(&fake.agent()).await.unwrap()
}

async fn begin_at(agent: &Agent) -> Result<Action<(), SettingsState>, Error> {
    Ok(Unit::at(agent, "")
        .settings_save_init(&Json::EMPTY_OBJECT)
        .await?)
}

#[tokio::test]
async fn r19_a_refusal_is_no_beginning() {
    let fake = Fake::of(|_, _| {
        Say::Json(json!({"result": {"config_data": {"a": 1}}, "error": {"code": "validation_error", "message_id": "m",
            "suberrors": [{"code": "validation_error", "message_id": "too_long", "seids": ["main.x"]}]}}))
    })
    .await;
    let refused = begin_at(&fake.agent()).await.unwrap_err();
    assert_eq!(refused.outcome(), Outcome::NotExecuted);
    assert_eq!(refused.as_rpc().unwrap().name, Some("Invalid"));
    assert_eq!(
        Details::of(&refused).unwrap().suberrors[0].seids,
        ["main.x"]
    );
    assert!(refused.as_rpc().unwrap().result.is_some());
    assert_eq!(fake.calls("settings_save_reconnect"), 0);
}

#[tokio::test]
async fn r20_a_unit_that_is_away_is_waited_for() {
    let fake = of(|_, number| match number {
        0 => Say::Cut(Vec::new()),
        1 => Say::Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"res".to_vec()),
        2 => Say::Status(503, "starting"),
        3 => Say::Status(200, "<html>starting</html>"),
        4 => Say::Status(200, ""),
        5 => Say::Json(json!({})),
        6 => Say::Status(502, ""),
        _ => result(saved()),
    })
    .await;
    let mut action = begin(&fake).await;
    let (mut away, mut unknown) = (0, 0);
    while let Some(event) = action.next().await {
        match event {
            ActionEvent::Away { .. } => away += 1,
            ActionEvent::Unknown { .. } => unknown += 1,
            ActionEvent::End(end) => assert_eq!(end.unwrap().config_data.get(), r#"{"a":1}"#),
            _ => {}
        }
    }
    // None is sent again before the interval is over.
    assert_eq!((away, unknown), (6, 1));
    assert_eq!(fake.calls("settings_save_init"), 1);
}

#[tokio::test]
async fn r21_not_now_is_waited_for() {
    let fake = of(|_, number| match number {
        0..=2 => error("rpc_temporarily_unavailable"),
        3 => error("rpc_async_action_in_progress"),
        _ => result(saved()),
    })
    .await;
    begin(&fake).await.await.unwrap();
    assert_eq!(fake.calls("settings_save_reconnect"), 5);
}

#[tokio::test]
async fn r22_a_session_lost_in_the_restart_is_renewed_and_the_action_the_same() {
    let fake = of(|asked, _| match asked.key.as_deref() {
        Some("token-1") => Say::Status(401, ""),
        _ => result(saved()),
    })
    .await;
    begin(&fake).await.await.unwrap();
    assert_eq!(fake.count("login.cgi"), 2);
    let checks: Vec<_> = fake
        .asked()
        .into_iter()
        .filter(|asked| asked.method() == "settings_save_reconnect")
        .collect();
    assert_eq!(checks.len(), 2);
    assert!(
        checks
            .iter()
            .all(|check| check.body["params"] == json!({"session_id": "s-1"}))
    );
}

#[tokio::test]
async fn r23_a_lost_action_is_told_as_lost() {
    let fake = of(|_, _| error("async_action_lost")).await;
    let end = begin(&fake).await.await.unwrap_err();
    let ActionError::Failed(error) = &end else {
        panic!("{end}")
    };
    assert_eq!(FaultCode::of(error), Some(FaultCode::ActionLost));
    assert!(
        error.to_string().contains("read the state of the device"),
        "{error}"
    );
    assert_eq!(end.outcome(), Outcome::Unknown);
    assert_eq!(fake.calls("settings_save_reconnect"), 1);
}

#[tokio::test]
async fn r24_an_end_with_something_small_beside_it_is_a_result() {
    let fake = of(|_, _| {
        Say::Json(json!({"result": saved(), "error": {"code": "async_action_end_minor", "log": "one radio is older"}, "warnings": [{"code": "odd"}]}))
    })
    .await;
    let mut action = begin(&fake).await;
    assert_eq!(action.wait().await.unwrap().config_data.get(), r#"{"a":1}"#);
    assert!(
        action.warnings()[0].contains("one radio is older"),
        "{:?}",
        action.warnings()
    );
    assert_eq!(action.warnings()[1], "odd");
}

#[tokio::test]
async fn r24_a_failure_keeps_the_result() {
    for code in [
        "async_action_end_error",
        "settings_save_error",
        "of_a_later_firmware",
    ] {
        let fake =
            of(move |_, _| Say::Json(json!({"result": saved(), "error": {"code": code}}))).await;
        let end = begin(&fake).await.await.unwrap_err();
        let ActionError::Failed(error) = end else {
            panic!("{end}")
        };
        assert_eq!(
            error.as_rpc().unwrap().result.as_ref().unwrap().get(),
            r#"{"config_data":{"a":1}}"#
        );
        assert_ne!(error.outcome(), Outcome::NotExecuted);
    }
}

#[tokio::test]
async fn a_check_that_is_refused_says_nothing_of_the_action() {
    let fake = of(|_, _| error("rpc_permission_denied")).await;
    let end = begin(&fake).await.await.unwrap_err();
    assert!(matches!(end, ActionError::Stopped { .. }), "{end}");
    assert_eq!(end.ticket().unwrap().id(), "s-1");
    assert_eq!(end.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn r25_time_that_is_over_leaves_a_ticket() {
    let fake = Fake::of(|asked, _| match asked.method() {
        "settings_save_init" => {
            result(json!({"delay": 0, "interval": 0.2, "timeout": 0.5, "session_id": "s-1"}))
        }
        _ => error("rpc_async_action_in_progress"),
    })
    .await;
    let start = Instant::now();
    let end = begin(&fake).await.await.unwrap_err();
    let ActionError::TimedOut { overdue, .. } = &end else {
        panic!("{end}")
    };
    assert_eq!(overdue.ticket.id(), "s-1");
    assert!(
        start.elapsed() >= Duration::from_millis(500) && start.elapsed() < Duration::from_secs(2)
    );
    assert!(fake.calls("settings_save_reconnect") <= 3);
}

#[tokio::test]
async fn r26_times_that_make_no_sense_are_replaced_and_told() {
    for (told, warnings) in [
        (
            json!({"delay": 0, "interval": 0, "timeout": 1, "session_id": "s"}),
            1,
        ),
        (
            json!({"delay": 0.1, "interval": -4, "timeout": 0.05, "session_id": "s"}),
            2,
        ),
        (
            json!({"delay": 0, "interval": 1e300, "timeout": 1, "session_id": "s"}),
            1,
        ),
        (
            json!({"delay": 0, "interval": "soon", "timeout": 1, "session_id": "s"}),
            1,
        ),
    ] {
        let fake = Fake::of(move |asked, _| match asked.method() {
            "settings_save_init" => result(told.clone()),
            _ => result(saved()),
        })
        .await;
        let mut action = begin(&fake).await;
        action.wait().await.unwrap();
        assert_eq!(action.warnings().len(), warnings, "{:?}", action.warnings());
        assert_eq!(fake.calls("settings_save_reconnect"), 1);
    }
}

#[tokio::test]
async fn r27_a_unit_with_a_new_address_is_asked_there() {
    let old = of(|_, _| Say::Cut(Vec::new())).await;
    let action = begin(&old).await;
    let new = of(|_, _| result(saved())).await;
    let ticket = action.into_ticket();
    let follow = |agent: &Agent, ticket: &Ticket| {
        Unit::at(agent, ticket.target()).settings_save_reconnect(ticket.id())
    };
    let wrong = Action::follow(&new.agent(), ticket.clone(), follow).unwrap_err();
    assert_eq!(wrong.code(), "Config.BadTicket");
    let moved = ticket.with_origin(new.url.clone());
    Action::follow(&new.agent(), moved, follow)
        .unwrap()
        .await
        .unwrap();
}

#[tokio::test]
async fn r28_a_check_that_is_late_is_made_again() {
    let fake = of(|_, number| match number {
        0 => Say::Late(Duration::from_secs(1), Box::new(result(saved()))),
        _ => result(saved()),
    })
    .await;
    let agent = fake.agent();
    let call = Unit::at(&agent, "").settings_save_init(&Json::EMPTY_OBJECT);
    let ticket = call.await.unwrap().into_ticket();
    let plan = Plan::new()
        .delay(Duration::ZERO)
        .interval(Duration::from_millis(100))
        .check_timeout(Duration::from_millis(200))
        .id(ticket.id());
    let ticket = Ticket::new(&agent, "", "settings_save_init", plan);
    let action = Action::follow(&agent, ticket, |agent, ticket| {
        Unit::at(agent, ticket.target()).settings_save_reconnect(ticket.id())
    });
    action.unwrap().await.unwrap();
    assert_eq!(fake.calls("settings_save_reconnect"), 2);
}

#[tokio::test]
async fn r29_a_beginning_without_an_answer_is_not_repeated() {
    let fake = Fake::of(|_, _| Say::Silence).await;
    let unit = Unit::at(&fake.agent(), "");
    let begin = unit
        .settings_save_init(&Json::EMPTY_OBJECT)
        .timeout(Duration::from_millis(300));
    let error = begin.await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(fake.calls("settings_save_init"), 1);
    // Lost with the connection.
    let fake = Fake::of(|_, _| Say::Cut(Vec::new())).await;
    let error = begin_at(&fake.agent()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(error.to_string().contains("read its state"), "{error}");
    assert_eq!(fake.calls("settings_save_init"), 1);
}

#[tokio::test]
async fn r30_a_second_action_is_refused_and_the_first_goes_on() {
    let fake = Fake::of(|asked, number| match (asked.method(), number) {
        ("settings_save_init", 0) => begun(),
        ("settings_save_init", _) => error("rpc_async_action_in_progress"),
        _ => result(saved()),
    })
    .await;
    let agent = fake.agent();
    let first = begin_at(&agent).await.unwrap();
    let second = begin_at(&agent).await.unwrap_err();
    assert_eq!(second.outcome(), Outcome::NotExecuted);
    first.await.unwrap();
    // Two at once are kept apart by their ids.
    let fake = Fake::of(|asked, number| match asked.method() {
        "settings_save_init" => result(
            json!({"delay": 0, "interval": 0.1, "timeout": 3, "session_id": format!("s-{number}")}),
        ),
        _ => result(json!({"config_data": asked.body["params"]["session_id"]})),
    })
    .await;
    let agent = fake.agent();
    let (one, two) = (
        begin_at(&agent).await.unwrap(),
        begin_at(&agent).await.unwrap(),
    );
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    assert_eq!(
        (one.config_data.get(), two.config_data.get()),
        ("\"s-0\"", "\"s-1\"")
    );
}

#[tokio::test]
async fn r31_a_remote_unit_that_restarts_is_waited_for() {
    let fake = of(|asked, number| match number {
        _ if asked.body["target"] != "10.9.9.9" => error("rpc_server_error"),
        0 | 1 => error("remote_call_error"),
        _ => result(saved()),
    })
    .await;
    let unit = Unit::at(&fake.agent(), "10.9.9.9");
    let mut action = unit.settings_save_init(&Json::EMPTY_OBJECT).await.unwrap();
    let away = action.check_once().await.unwrap();
    assert!(matches!(away, ActionEvent::Away { .. }), "{away:?}");
    assert_eq!(action.ticket().target(), "10.9.9.9");
    action.wait().await.unwrap();
}

#[tokio::test]
async fn r38_a_ticket_goes_on_in_another_process() {
    let fake = of(|_, number| match number {
        0 => error("rpc_async_action_in_progress"),
        _ => result(saved()),
    })
    .await;
    let mut action = begin(&fake).await;
    action.check_once().await.unwrap();
    let text = action.into_ticket().to_string();
    assert!(
        !text.contains("token-1") && !text.contains("mock-password"),
        "{text}"
    );
    let ticket: Ticket = text.parse().unwrap();
    let action = Action::follow(&fake.agent(), ticket, |agent, ticket| {
        Unit::at(agent, ticket.target()).settings_save_reconnect(ticket.id())
    });
    assert_eq!(
        action.unwrap().await.unwrap().config_data.get(),
        r#"{"a":1}"#
    );
    assert_eq!(fake.calls("settings_save_init"), 1);
}

#[tokio::test]
async fn an_answer_without_an_id_is_no_beginning_that_can_be_asked_after() {
    for answer in [
        json!({}),
        json!({"delay": 1}),
        json!({"session_id": ""}),
        json!({"session_id": null}),
    ] {
        let fake = Fake::of(move |_, _| result(answer.clone())).await;
        let error = begin_at(&fake.agent()).await.unwrap_err();
        assert_eq!(error.code(), "Decode.MissingField", "{error}");
        assert_ne!(error.outcome(), Outcome::NotExecuted);
        assert_eq!(fake.calls("settings_save_reconnect"), 0);
    }
}

#[tokio::test]
async fn the_unit_is_never_asked_faster_than_it_told() {
    let fake = Fake::of(|asked, number| match (asked.method(), number) {
        ("settings_save_init", _) => {
            result(json!({"delay": 0.3, "interval": 0.2, "interval_increase": 0.2, "timeout": 5, "session_id": "s"}))
        }
        (_, 3) => result(saved()),
        _ => error("rpc_async_action_in_progress"),
    })
    .await;
    let start = Instant::now();
    begin(&fake).await.await.unwrap();
    // 0.3 before the first check, then 0.2 and 0.4.
    assert!(
        start.elapsed() >= Duration::from_millis(900),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(fake.calls("settings_save_reconnect"), 3);
}

#[tokio::test]
async fn a_session_that_is_refused_at_once_does_not_end_the_checks() {
    let fake = of(|asked, _| match asked.key.as_deref() {
        Some("token-1" | "token-2") => Say::Status(401, ""),
        _ => result(saved()),
    })
    .await;
    let mut action = begin(&fake).await;
    action.wait().await.unwrap();
    assert_eq!(action.unknown_answers(), 1);
    assert_eq!(fake.calls("settings_save_init"), 1);
}

#[tokio::test]
async fn sessions_that_go_on_being_refused_do_not_end_the_checks() {
    let fake = of(|_, _| Say::Status(401, "")).await;
    let mut action = begin(&fake).await;
    let end = action.wait().await.unwrap_err();
    assert!(matches!(end, ActionError::TimedOut { .. }), "{end}");
    assert!(action.unknown_answers() > 3, "{}", action.unknown_answers());
    assert!(fake.count("login.cgi") <= 4, "{}", fake.count("login.cgi"));
}

#[tokio::test]
async fn a_result_that_cannot_be_read_is_the_end() {
    let fake = of(|_, _| result(json!("saved"))).await;
    let end = begin(&fake).await.await.unwrap_err();
    assert!(matches!(end, ActionError::Failed(_)), "{end}");
    assert_eq!(end.outcome(), Outcome::Executed);
    assert_eq!(fake.calls("settings_save_reconnect"), 1);
}

#[tokio::test]
async fn done_without_the_result_was_done_all_the_same() {
    let fake = of(|_, _| error("async_action_end_minor")).await;
    let end = begin(&fake).await.await.unwrap_err();
    assert!(matches!(end, ActionError::Failed(_)), "{end}");
    assert_eq!(end.outcome(), Outcome::Executed);
    assert_eq!(Error::from(end).outcome(), Outcome::Executed);
}

#[tokio::test]
async fn warnings_while_it_goes_on_are_told_once() {
    let fake = of(|_, number| match number {
        0..=2 => Say::Json(
            json!({"error": {"code": "rpc_async_action_in_progress"}, "warnings": ["slow"]}),
        ),
        _ => result(saved()),
    })
    .await;
    let mut action = begin(&fake).await;
    action.wait().await.unwrap();
    assert_eq!(action.warnings(), ["slow"]);
}

#[tokio::test]
async fn a_check_over_a_slow_link_may_be_given_more_time() {
    for (time, checks) in [(200, 2), (2000, 1)] {
        let fake = of(|_, number| match number {
            0 => Say::Late(Duration::from_millis(600), Box::new(result(saved()))),
            _ => result(saved()),
        })
        .await;
        let agent = fake.agent();
        let call = Unit::at(&agent, "10.9.9.9")
            .settings_save_init(&Json::EMPTY_OBJECT)
            .check_timeout(Duration::from_millis(time));
        call.await.unwrap().await.unwrap();
        assert_eq!(fake.calls("settings_save_reconnect"), checks);
    }
}

#[tokio::test]
async fn r33_a_check_over_the_radio_has_the_time_of_calls_there() {
    // By default 60 s, and 10 s for the unit that is connected.
    let fake = of(|_, _| result(saved())).await;
    let far = fake.builder().unit("10.9.9.9").build().unwrap();
    for (agent, unit, time) in [
        (fake.agent(), "", "10 s"),
        (fake.agent(), "10.9.9.9", "60 s"),
        (far, "", "60 s"),
    ] {
        let call = Unit::at(&agent, unit).settings_save_init(&Json::EMPTY_OBJECT);
        let ticket = call.await.unwrap().into_ticket().to_string();
        assert!(
            ticket.contains(&format!("check timeout: {time}")),
            "{ticket}"
        );
    }
    // What was set for calls over the radio counts for checks, too; never more than is left.
    let fake = of(|_, number| match number {
        0 => Say::Late(Duration::from_millis(900), Box::new(result(saved()))),
        _ => result(saved()),
    })
    .await;
    let short = Duration::from_millis(300);
    let builder = fake.builder().timeout(short).remote_timeout(short);
    let agent = builder.build().unwrap();
    let call = Unit::at(&agent, "10.9.9.9").settings_save_init(&Json::EMPTY_OBJECT);
    call.await.unwrap().await.unwrap();
    assert_eq!(fake.calls("settings_save_reconnect"), 2);
}

#[tokio::test]
async fn r37_a_clock_that_jumps_neither_hurries_nor_ends_an_action() {
    let at = |time: i64, mut answer: Value| {
        answer["device"] = json!({ "tstamp": time });
        Say::Json(answer)
    };
    let fake = Fake::of(move |asked, number| match (asked.method(), number) {
        ("settings_save_init", _) => at(
            4,
            json!({"result": {"delay": 0.3, "interval": 0.3, "timeout": 3, "session_id": "s"}}),
        ),
        (_, 1) => at(
            4_000_000_000,
            json!({"error": {"code": "rpc_async_action_in_progress"}}),
        ),
        (_, 2) => at(
            -4_000_000_000,
            json!({"error": {"code": "rpc_async_action_in_progress"}}),
        ),
        _ => at(5, json!({ "result": saved() })),
    })
    .await;
    let start = Instant::now();
    let mut action = begin(&fake).await;
    action.wait().await.unwrap();
    assert!(action.warnings().len() <= 1, "{:?}", action.warnings());
    assert_eq!(fake.calls("settings_save_reconnect"), 3);
    let elapsed = start.elapsed();
    assert!(
        (Duration::from_millis(900)..Duration::from_secs(3)).contains(&elapsed),
        "{elapsed:?}"
    );
}
