//! Streams that are started, fetched and stopped.

use std::time::{Duration, Instant};

use serde_json::json;
use xerus_ripex2_tests::api::ripex2::Unit;

use crate::fake::{Fake, Say, error, result};

fn started() -> Say {
    result(
        json!({"process_id": "p-1", "min_interval": 0.1, "max_interval": 0.3, "min_interval_threshold": 5, "max_interval_threshold": 20}),
    )
}

/// A fake whose fetches are answered as `fetch` says; it gets how many came before.
async fn of(fetch: impl Fn(usize) -> Say + Send + Sync + 'static) -> Fake {
    Fake::of(move |asked, number| match asked.method() {
        "icmp_ping_start" => started(),
        "icmp_ping_poll" => fetch(number - 1),
        _ => result(json!({})),
    })
    .await
}

#[tokio::test]
async fn a_stream_ends_with_its_last_part_and_is_stopped() {
    let fake =
        of(|number| result(json!({"lines": [format!("reply {number}")], "is_last": number == 2})))
            .await;
    let mut ping = Unit::at(&fake.agent(), "")
        .icmp_ping_start(3)
        .await
        .unwrap();
    let start = Instant::now();
    let mut all = Vec::new();
    while let Some(part) = ping.next().await {
        all.extend(part.unwrap().lines);
    }
    assert_eq!(all, ["reply 0", "reply 1", "reply 2"]);
    assert!(
        start.elapsed() >= Duration::from_millis(300),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(
        (fake.calls("icmp_ping_poll"), fake.calls("icmp_ping_stop")),
        (3, 1)
    );
    let stop = fake.asked().pop().unwrap();
    assert_eq!(stop.body["params"], json!({"process_id": "p-1"}));
    drop(ping);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(fake.calls("icmp_ping_stop"), 1);
}

#[tokio::test]
async fn r34_a_fetch_that_fails_ends_the_stream_and_stops_it() {
    let fake = of(|number| match number {
        0 => result(json!({"lines": ["a"]})),
        _ => error("rpc_server_error"),
    })
    .await;
    let mut ping = Unit::at(&fake.agent(), "")
        .icmp_ping_start(3)
        .await
        .unwrap();
    ping.next().await.unwrap().unwrap();
    let failed = ping.next().await.unwrap().unwrap_err();
    assert_eq!(failed.code(), "Rpc");
    assert!(ping.next().await.is_none());
    assert_eq!(fake.calls("icmp_ping_stop"), 1);
}

#[tokio::test]
async fn r34_a_stream_that_is_dropped_is_stopped() {
    let fake = of(|_| result(json!({"lines": ["a"]}))).await;
    let agent = fake.agent();
    let mut ping = Unit::at(&agent, "10.9.9.9")
        .icmp_ping_start(3)
        .await
        .unwrap();
    ping.next().await.unwrap().unwrap();
    drop(ping);
    let ping = Unit::at(&agent, "").icmp_ping_start(3).await.unwrap();
    ping.stop().await.unwrap();
    for _ in 0..50 {
        if fake.calls("icmp_ping_stop") == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(fake.calls("icmp_ping_stop"), 2);
    let targets = fake
        .asked()
        .iter()
        .filter(|asked| asked.body["target"] == "10.9.9.9")
        .count();
    assert_eq!(targets, 3);
}

#[tokio::test]
async fn r35_a_stream_without_an_end_has_a_longest_time() {
    let fake = of(|_| result(json!({"lines": ["a"]}))).await;
    let unit = Unit::at(&fake.agent(), "");
    let mut ping = unit
        .icmp_ping_start(3)
        .max_duration(Duration::from_millis(350))
        .await
        .unwrap();
    let mut parts = 0;
    let end = loop {
        match ping.next().await.unwrap() {
            Ok(_) => parts += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(end.code(), "Timeout.Action");
    assert!((1..=3).contains(&parts), "{parts}");
    assert!(ping.next().await.is_none());
    assert_eq!(fake.calls("icmp_ping_stop"), 1);
}

#[tokio::test]
async fn a_start_without_an_id_is_no_stream() {
    let fake = Fake::of(|_, _| result(json!({"min_interval": 1}))).await;
    let error = Unit::at(&fake.agent(), "")
        .icmp_ping_start(3)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Decode.MissingField");
    assert_eq!(fake.count("rpc.cgi"), 1);
}

#[tokio::test]
async fn the_last_part_does_not_wait_for_the_stop_which_is_made_in_any_case() {
    let fake = Fake::of(|asked, _| match asked.method() {
        "icmp_ping_start" => started(),
        "icmp_ping_poll" => result(json!({"lines": ["a"], "is_last": true})),
        _ => Say::Silence,
    })
    .await;
    let mut ping = Unit::at(&fake.agent(), "")
        .icmp_ping_start(3)
        .await
        .unwrap();
    let last = tokio::time::timeout(Duration::from_secs(2), ping.next()).await;
    assert_eq!(last.unwrap().unwrap().unwrap().lines, ["a"]);
    assert_eq!(fake.calls("icmp_ping_stop"), 0);
    // Dropped while the stop is under way.
    let end = tokio::time::timeout(Duration::from_millis(300), ping.next()).await;
    assert!(end.is_err());
    assert_eq!(fake.calls("icmp_ping_stop"), 1);
    drop(ping);
    for _ in 0..50 {
        if fake.calls("icmp_ping_stop") == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(fake.calls("icmp_ping_stop"), 2);
}

#[tokio::test]
async fn a_fetch_whose_answer_was_lost_is_not_sent_again() {
    let fake = of(|number| match number {
        0 => Say::Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"res".to_vec()),
        _ => result(json!({"lines": ["b"]})),
    })
    .await;
    let mut ping = Unit::at(&fake.agent(), "")
        .icmp_ping_start(3)
        .await
        .unwrap();
    assert!(ping.next().await.unwrap().is_err());
    assert!(ping.next().await.is_none());
    assert_eq!(
        (fake.calls("icmp_ping_poll"), fake.calls("icmp_ping_stop")),
        (1, 1)
    );
}

#[tokio::test]
async fn warnings_beside_the_parts_are_kept() {
    let fake = Fake::of(|asked, number| match asked.method() {
        "icmp_ping_start" => Say::Json(
            json!({"result": {"process_id": "p", "min_interval": 0.1}, "warnings": ["old"]}),
        ),
        "icmp_ping_poll" => Say::Json(
            json!({"result": {"lines": ["a"], "is_last": number == 3}, "warnings": ["slow"]}),
        ),
        _ => result(json!({})),
    })
    .await;
    let mut ping = Unit::at(&fake.agent(), "")
        .icmp_ping_start(3)
        .await
        .unwrap();
    while let Some(part) = ping.next().await {
        part.unwrap();
    }
    assert_eq!(fake.calls("icmp_ping_poll"), 3);
    assert_eq!(ping.warnings(), ["old", "slow"]);
}
