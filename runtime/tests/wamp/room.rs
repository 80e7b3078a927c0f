//! Progress that is read too slowly: what is lost, where that is told, and who waits for nobody.

use std::time::Duration;

use serde_json::json;
use xerus_rpc::wamp::{Serializer, Wamp};
use xerus_rpc::wire::Overflow;
use xerus_rpc::{CallStream, Error, ErrorKind, Json, Outcome, ProgressCall};

use crate::router::{CROSSBAR, LONG, Peer, Router, call, done};

const SERIALIZERS: [Serializer; 2] = [Serializer::Json, Serializer::MessagePack];

fn count(wamp: &Wamp) -> ProgressCall<i32, Json> {
    let agent = wamp.agent();
    let call = agent.call("", "com.example.count", Json::EMPTY_OBJECT);
    call.timeout(LONG).reporting::<i32>()
}

/// What is read, each with how many were lost before it; the end with the result or the error.
async fn read(stream: &mut CallStream<i32, Json>) -> (Vec<(u64, i32)>, u64, Option<Error>) {
    let mut seen = Vec::new();
    loop {
        match stream.next().await {
            Some(Ok(value)) => seen.push((stream.missed(), value)),
            Some(Err(error)) => return (seen, stream.missed(), Some(error)),
            None => return (seen, stream.missed(), None),
        }
    }
}

/// A call under way of which the first value was read, and then nobody reads.
async fn asleep(
    router: &Router,
    serializer: Serializer,
    room: Option<(usize, Overflow)>,
) -> (Wamp, Peer, serde_json::Value, CallStream<i32, Json>) {
    let client = router.client().serializer(serializer);
    let wamp = client.progress_room(4, Overflow::DropOldest);
    let wamp = wamp.build().unwrap();
    let call = count(&wamp);
    let call = match room {
        Some((values, overflow)) => call.room(values, overflow),
        None => call,
    };
    let mut stream = call.stream();
    let first = tokio::spawn(async move {
        let first = stream.next().await;
        (stream, first)
    });
    let mut peer = router.session_in(serializer, CROSSBAR).await;
    let message = peer.takes(48).await;
    progress(&mut peer, &message, 0..1).await;
    let (stream, first) = first.await.unwrap();
    assert_eq!(first.unwrap().unwrap(), 0);
    (wamp, peer, message, stream)
}

async fn progress(peer: &mut Peer, call: &serde_json::Value, values: std::ops::Range<i32>) {
    for number in values {
        let details = json!({"progress": true});
        peer.send(json!([50, call[1], details, [number]])).await;
    }
}

/// Another call on the same session is answered, so all before it was taken.
async fn goes_on(wamp: &Wamp, peer: &mut Peer) {
    let other = call(&wamp.agent(), "com.example.add", "{}");
    let message = peer.takes(48).await;
    peer.result(&message, json!([1])).await;
    assert!(done(other).await.is_ok());
}

#[tokio::test]
async fn w21_the_oldest_are_dropped_and_counted_where_they_are_missing() {
    for serializer in SERIALIZERS {
        for room in [None, Some((4, Overflow::DropOldest))] {
            let router = Router::start().await;
            let (wamp, mut peer, call, mut stream) = asleep(&router, serializer, room).await;
            progress(&mut peer, &call, 1..1001).await;
            goes_on(&wamp, &mut peer).await;
            peer.result(&call, json!([1000])).await;
            let seen = vec![(996, 997), (0, 998), (0, 999), (0, 1000)];
            let (read, missed, error) = read(&mut stream).await;
            assert_eq!((read, missed, error.is_none()), (seen, 0, true));
            let (result, meta) = stream.finish_with_meta().await.unwrap();
            assert_eq!(result.get(), "1000");
            assert!(meta.warnings[0].contains("996 reported values were dropped"));
        }
    }
}

#[tokio::test]
async fn w21_the_newest_are_dropped_and_counted_where_they_are_missing() {
    for serializer in SERIALIZERS {
        for ends_well in [true, false] {
            let router = Router::start().await;
            let room = Some((2, Overflow::DropNewest));
            let (wamp, mut peer, call, mut stream) = asleep(&router, serializer, room).await;
            progress(&mut peer, &call, 1..6).await;
            goes_on(&wamp, &mut peer).await;
            for expected in 1..3 {
                assert_eq!(stream.next().await.unwrap().unwrap(), expected);
                assert_eq!(stream.missed(), 0);
            }
            progress(&mut peer, &call, 6..10).await;
            goes_on(&wamp, &mut peer).await;
            if ends_well {
                peer.result(&call, json!([9])).await;
            } else {
                let uri = "com.example.error.broken";
                peer.error(&call, uri, json!([])).await;
            }
            let (read, missed, error) = read(&mut stream).await;
            assert_eq!((read, missed), (vec![(3, 6), (0, 7)], 2));
            assert_eq!(error.is_none(), ends_well);
            match stream.finish_with_meta().await {
                Ok((_, meta)) => assert_eq!(meta.missed, 2),
                Err(error) => assert_eq!(error.meta().unwrap().missed, 2),
            }
        }
    }
}

#[tokio::test]
async fn w21_where_nothing_may_be_lost_the_call_is_cancelled_and_the_loss_is_the_error() {
    for serializer in SERIALIZERS {
        for too_late in [false, true] {
            let router = Router::start().await;
            let room = Some((3, Overflow::Fail));
            let (wamp, mut peer, call, mut stream) = asleep(&router, serializer, room).await;
            progress(&mut peer, &call, 1..5).await;
            // At once, and not when somebody reads.
            let cancel = peer.takes(49).await;
            assert_eq!(cancel[1], call[1]);
            progress(&mut peer, &call, 5..8).await;
            if too_late {
                peer.result(&call, json!([7])).await;
            } else {
                peer.error(&call, "wamp.error.canceled", json!([])).await;
            }
            goes_on(&wamp, &mut peer).await;
            let (seen, missed, error) = read(&mut stream).await;
            assert_eq!((seen, missed), (vec![(0, 1), (0, 2), (0, 3)], 4));
            let error = error.unwrap();
            let ErrorKind::Overflow(told) = error.kind() else {
                panic!("{error:?}");
            };
            assert_eq!((told.lost, told.room, error.code()), (4, 3, "Overflow"));
            let outcome = match too_late {
                true => Outcome::Executed,
                false => Outcome::Unknown,
            };
            assert_eq!((error.outcome(), error.is_retryable()), (outcome, false));
            assert_eq!(error.method(), Some("com.example.count"));
            assert!(stream.next().await.is_none());
            assert_eq!(stream.finish().await.unwrap_err().code(), "Overflow");
            assert!(peer.is_silent(Duration::from_millis(50)).await);
            assert_eq!(wamp.status().waiting, 0);
        }
    }
}

#[tokio::test]
async fn w21_a_failed_stream_that_is_dropped_is_not_cancelled_twice() {
    let router = Router::start().await;
    let room = Some((1, Overflow::Fail));
    let (wamp, mut peer, call, stream) = asleep(&router, Serializer::Json, room).await;
    progress(&mut peer, &call, 1..4).await;
    peer.takes(49).await;
    drop(stream);
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    assert_eq!(wamp.status().waiting, 0);
}

#[tokio::test]
async fn w21_nobody_can_be_made_to_wait_over_a_router() {
    let router = Router::start().await;
    let refused = router.client().progress_room(4, Overflow::Wait).build();
    assert_eq!(refused.unwrap_err().code(), "Config.Unsupported");
    let wamp = router.client().build().unwrap();
    let mut stream = count(&wamp).room(4, Overflow::Wait).stream();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Config.Unsupported", Outcome::NotExecuted)
    );
    assert!(error.to_string().contains("take Overflow::Fail"), "{error}");
    let options = xerus_rpc::wamp::SubscribeOptions::new().with_room(4, Overflow::Wait);
    let refused = wamp.subscribe("com.example.topic", options).await;
    assert_eq!(refused.unwrap_err().code(), "Config.Unsupported");
    assert!(!router.is_tried(Duration::from_millis(50)).await);
}
