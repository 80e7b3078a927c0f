use super::super::{BONDY, CROSSBAR};
use super::*;

/// A call with progress and a time, from session 1 to session 2: the router, the invocation and its details.
fn under_way(features: Features) -> (Calls, u64, Value) {
    let mut calls = Calls::new(features);
    calls.take(2, &json!([64, 1, {}, "com.example.add"]));
    let options = json!({"timeout": 300, "receive_progress": true});
    let out = calls.take(1, &json!([48, 7, options, "com.example.add"]));
    let [(2, invocation)] = &out[..] else {
        panic!("{out:?}");
    };
    let id = invocation[1].as_u64().expect("an id");
    (calls, id, invocation[3].clone())
}

#[test]
fn a_router_that_announces_no_progress_passes_none_on() {
    let (mut calls, id, details) = under_way(BONDY);
    assert!(details["receive_progress"].is_null(), "{details}");
    let progress = json!([70, id, {"progress": true}, [1]]);
    assert_eq!(calls.take(2, &progress), []);
    let (mut calls, id, details) = under_way(CROSSBAR);
    assert_eq!(details["receive_progress"], true);
    let progress = json!([70, id, {"progress": true}, [1]]);
    assert_eq!(calls.take(2, &progress).len(), 1);
}

#[test]
fn a_router_that_announces_it_counts_the_time_of_calls() {
    let (calls, ..) = under_way(CROSSBAR);
    assert_eq!(calls.limited, []);
    let (mut calls, id, _) = under_way(BONDY);
    assert_eq!(calls.limited, [(id, Duration::from_millis(300))]);
    let out = calls.expire(id);
    let [(2, interrupt), (1, error)] = &out[..] else {
        panic!("{out:?}");
    };
    assert_eq!((&interrupt[0], &interrupt[1]), (&json!(69), &json!(id)));
    assert_eq!(*error, json!([8, 48, 7, {}, "wamp.error.timeout"]));
    assert_eq!(calls.expire(id), [], "the caller has its answer");
    let late = json!([70, id, {}, [1]]);
    assert_eq!(calls.take(2, &late), [], "the caller has its answer");
}
