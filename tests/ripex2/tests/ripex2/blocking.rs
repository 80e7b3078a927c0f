//! A unit from programs without `async`: from plain threads, and inside a runtime.

use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use xerus_ripex2_tests::api::ripex2::Unit;
use xerus_rpc::Json;

use crate::fake::{Fake, Say, error, result};

/// A fake on threads of its own: it refuses `users_get`, and has a stream of three parts.
fn fake() -> (Runtime, Fake) {
    let runtime = Runtime::new().unwrap();
    let fake = runtime.block_on(Fake::of(|asked, number| answer(asked.method(), number)));
    (runtime, fake)
}

fn answer(method: &str, number: usize) -> Say {
    match method {
        "users_get" => error("ERR_NO"),
        "icmp_ping_start" => {
            result(json!({"process_id": "p-1", "min_interval": 0.01, "max_interval": 0.01}))
        }
        "icmp_ping_poll" => result(json!({"lines": [number.to_string()], "is_last": number == 3})),
        _ => result(json!({})),
    }
}

#[test]
fn a_plain_thread_logs_in_calls_and_logs_out() {
    let (_unit, fake) = fake();
    let agent = fake.agent();
    let unit = Unit::at(&agent, "");
    unit.settings_get().send_blocking().unwrap();
    let refused = agent.call("", "users_get", Json::EMPTY_OBJECT);
    let refused = refused.send_blocking().unwrap_err();
    assert!(refused.to_string().contains("ERR_NO"), "{refused}");
    let notified = agent.call("", "device_ping", Json::EMPTY_OBJECT);
    let notified = notified.notify_blocking().unwrap_err();
    assert_eq!(notified.code(), "Config.Unsupported");
    agent.close_blocking().unwrap();
    assert_eq!((fake.count("login.cgi"), fake.count("logout.cgi")), (1, 1));
    unit.settings_get().send_blocking().unwrap();
    agent.logout().send_blocking().unwrap();
    assert_eq!((fake.count("login.cgi"), fake.count("logout.cgi")), (2, 2));
}

#[test]
fn a_bulk_from_a_plain_thread_has_the_outcome_of_each_call() {
    let (_unit, fake) = fake();
    let agent = fake.agent();
    let calls = ["settings_get", "users_get", "settings_get"];
    let calls = calls.map(|method| agent.call("", method, Json::EMPTY_OBJECT));
    let results = agent.bulk(calls).send_blocking().unwrap();
    let told = results.iter().map(|result| match result {
        Ok(answer) => answer.get().to_owned(),
        Err(error) => error.to_string(),
    });
    let told: Vec<_> = told.collect();
    assert_eq!((told.len(), &*told[0], &*told[2]), (3, "{}", "{}"));
    assert!(told[1].contains("ERR_NO"), "{told:?}");
    agent.close_blocking().unwrap();
    assert_eq!((fake.count("login.cgi"), fake.count("logout.cgi")), (1, 1));
}

#[test]
fn a_plain_thread_reads_a_stream_and_stops_it() {
    let (_unit, fake) = fake();
    let unit = Unit::at(&fake.agent(), "");
    let mut ping = unit.icmp_ping_start(3).send_blocking().unwrap();
    let mut lines = Vec::new();
    while let Some(part) = ping.next_blocking() {
        lines.extend(part.unwrap().lines);
    }
    assert_eq!(lines, ["1", "2", "3"]);
    assert_eq!(fake.calls("icmp_ping_stop"), 1);
    let ping = unit.icmp_ping_start(3).send_blocking().unwrap();
    ping.stop_blocking().unwrap();
    assert_eq!(fake.calls("icmp_ping_stop"), 2);
}

#[test]
fn a_stream_that_a_plain_thread_drops_is_stopped() {
    let (_unit, fake) = fake();
    let unit = Unit::at(&fake.agent(), "");
    drop(unit.icmp_ping_start(3).send_blocking().unwrap());
    let begun = std::time::Instant::now();
    while fake.calls("icmp_ping_stop") == 0 {
        assert!(begun.elapsed().as_secs() < 10, "it was never stopped");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn inside_async_code_on_one_thread_all_of_it_is_refused_and_nothing_is_sent() {
    let (_unit, fake) = fake();
    let agent = fake.agent();
    let unit = Unit::at(&agent, "");
    let mut begun = unit.icmp_ping_start(3).send_blocking().unwrap();
    let asked = fake.asked().len();
    let one = Builder::new_current_thread().enable_all().build().unwrap();
    one.block_on(async {
        let refused = [
            unit.settings_get().send_blocking().map(drop),
            unit.icmp_ping_start(3).send_blocking().map(drop),
            begun.next_blocking().unwrap().map(drop),
            agent.logout().send_blocking(),
            agent.close_blocking(),
        ];
        for refused in refused {
            let error = refused.unwrap_err();
            assert_eq!(error.code(), "Config.Unsupported");
            assert!(error.to_string().contains("spawn_blocking"), "{error}");
        }
    });
    assert_eq!(fake.asked().len(), asked);
    // What was begun goes on outside.
    assert!(begun.next_blocking().unwrap().is_ok());
}
