//! The changing of settings, statement by statement as the vendor explains it, against the unit of this crate.

use std::time::{Duration, Instant};

use serde_json::Value;
use xerus_ripex2_tests::api::ripex2::{SettingsState, Unit};
use xerus_ripex2_tests::options::{End, Options};
use xerus_ripex2_tests::unit;
use xerus_rpc::action::{Action, ActionEvent};
use xerus_rpc::ripex2::{Ripex2, Serving};
use xerus_rpc::{Agent, Json};

async fn serve(options: Options) -> (Serving, Agent) {
    let (serving, _) = unit::serve(&options).await.unwrap();
    let agent = Ripex2::builder(serving.url())
        .login("admin", unit::PASSWORD)
        .build()
        .unwrap();
    (serving, agent)
}

/// Reads the settings, changes one, and hands them in.
async fn save(agent: &Agent, target: &str) -> Action<(), SettingsState> {
    let unit = Unit::at(agent, target);
    let settings = unit.settings_get().await.unwrap();
    let mut config: Value = serde_json::from_str(settings.config_data.get()).unwrap();
    config["main"]["RR_StationDesc"] = "Test 123".into();
    let config: Json = config.to_string().parse().unwrap();
    unit.settings_save_init(&config).await.unwrap()
}

async fn description(agent: &Agent, target: &str) -> String {
    let settings = Unit::at(agent, target).settings_get().await.unwrap();
    let config: Value = serde_json::from_str(settings.config_data.get()).unwrap();
    config["main"]["RR_StationDesc"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn quick() -> Options {
    Options {
        busy: Duration::from_secs(1),
        ..Options::default()
    }
}

#[tokio::test]
async fn some_calls_take_several_steps_because_of_a_restart() {
    let options = Options {
        offline: Duration::from_secs(2),
        forget: true,
        busy: Duration::from_millis(500),
        ..Options::default()
    };
    let (_serving, agent) = serve(options).await;
    let mut action = save(&agent, "").await;
    let mut away = false;
    while let Some(event) = action.next().await {
        match event {
            ActionEvent::Away { .. } => away = true,
            ActionEvent::End(end) => drop(end.unwrap()),
            _ => {}
        }
    }
    assert!(away);
    assert_eq!(description(&agent, "").await, "Test 123");
}

#[tokio::test]
async fn the_token_of_the_login_goes_with_every_call() {
    let (serving, agent) = serve(quick()).await;
    Unit::at(&agent, "").settings_get().await.unwrap();
    let nobody = Ripex2::builder(serving.url())
        .token("0123")
        .build()
        .unwrap();
    let error = Unit::at(&nobody, "").settings_get().await.unwrap_err();
    assert_eq!(error.http_status(), Some(401));
}

#[tokio::test]
async fn a_status_other_than_200_is_an_error() {
    let (serving, _) = serve(quick()).await;
    let error = Agent::builder(serving.url())
        .build()
        .unwrap()
        .call("/nowhere", "x", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert_eq!(error.http_status(), Some(404));
}

#[tokio::test]
async fn the_settings_that_were_read_are_changed_and_saved() {
    let (_serving, agent) = serve(quick()).await;
    assert_eq!(description(&agent, "").await, "mock");
    let saved = save(&agent, "").await.await.unwrap();
    assert!(saved.config_data.get().contains("Test 123"));
    assert_eq!(description(&agent, "").await, "Test 123");
}

#[tokio::test]
async fn the_first_check_waits_for_the_delay() {
    let (_serving, agent) = serve(Options {
        told: [2, 1, 0, 20],
        busy: Duration::from_millis(400),
        ..Options::default()
    })
    .await;
    let action = save(&agent, "").await;
    let start = Instant::now();
    action.await.unwrap();
    assert!(
        start.elapsed() >= Duration::from_millis(1900),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn checks_keep_to_the_interval_until_time_is_over() {
    let (_serving, agent) = serve(Options {
        told: [1, 1, 0, 3],
        never: true,
        ..Options::default()
    })
    .await;
    let mut action = save(&agent, "").await;
    let (start, mut checks) = (Instant::now(), 0);
    while let Some(event) = action.next().await {
        match event {
            ActionEvent::Progress(()) => checks += 1,
            ActionEvent::End(end) => {
                assert_eq!(end.unwrap_err().ticket().unwrap().checks(), checks);
            }
            _ => {}
        }
    }
    assert_eq!(checks, 2);
    assert!(start.elapsed() >= Duration::from_secs(3));
    assert_eq!(description(&agent, "").await, "mock");
}

#[tokio::test]
async fn intervals_of_remote_units_are_theirs() {
    let (_serving, agent) = serve(quick()).await;
    let action = save(&agent, unit::BEHIND).await;
    assert_eq!(action.ticket().target(), unit::BEHIND);
    action.await.unwrap();
    assert_eq!(description(&agent, unit::BEHIND).await, "Test 123");
    assert_eq!(description(&agent, "").await, "mock");
}

#[tokio::test]
async fn in_progress_goes_on_another_error_ends_and_none_is_done() {
    let (_serving, agent) = serve(Options {
        busy: Duration::from_secs(2),
        ..Options::default()
    })
    .await;
    let mut action = save(&agent, "").await;
    assert!(matches!(
        action.check_once().await,
        Some(ActionEvent::Progress(()))
    ));
    action.wait().await.unwrap();
    let (_serving, agent) = serve(Options {
        end: End::Error,
        ..quick()
    })
    .await;
    let end = save(&agent, "").await.await.unwrap_err();
    assert!(end.error().unwrap().as_rpc().unwrap().result.is_some());
}
