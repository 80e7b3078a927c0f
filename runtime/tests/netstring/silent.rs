//! Servers that take calls and say nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use xerus_rpc::netstring::Netstring;
use xerus_rpc::wire::Transport as _;
use xerus_rpc::{ErrorKind, Outcome};

use crate::script::{LONG, Wire, listen, request, setup};

/// What a server does, and what was asked of it.
#[derive(Default)]
struct State {
    frozen: AtomicBool,
    asked: AtomicUsize,
}

/// Answers all, except while it is frozen: then it takes connections and requests, as the system does for a process that stands still.
fn serve(listener: TcpListener, state: &Arc<State>) -> JoinHandle<()> {
    let state = Arc::clone(state);
    tokio::spawn(async move {
        let mut wires = tokio::task::JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let state = Arc::clone(&state);
            wires.spawn(async move {
                let mut wire = Wire(stream);
                while let Some(body) = wire.body().await {
                    state.asked.fetch_add(1, Ordering::SeqCst);
                    let request: serde_json::Value = serde_json::from_str(&body).unwrap();
                    if !state.frozen.load(Ordering::SeqCst) {
                        wire.answer(request["id"].as_u64().unwrap(), "1").await;
                    }
                }
            });
        }
    })
}

/// Which server answered, or none did in time.
async fn who(to: &Netstring, repeatable: bool) -> Option<String> {
    let one = request("who").with_timeout(Duration::from_millis(500));
    let reply = to.call(&one.with_repeatable(repeatable)).await.ok()?;
    reply.meta().peer.as_deref().map(str::to_owned)
}

#[tokio::test]
async fn n5_n25_a_server_that_freezes_is_passed_over_until_it_answers() {
    let ((better, at_better), (worse, at_worse)) = (listen().await, listen().await);
    let (first, second) = (Arc::<State>::default(), Arc::<State>::default());
    let _serving = (serve(better, &first), serve(worse, &second));
    let to = setup(&[&[at_better], &[at_worse]]).build();
    assert_eq!(who(&to, false).await, Some(at_better.to_string()));
    first.frozen.store(true, Ordering::SeqCst);
    // It still takes connections, so only its silence tells.
    for _ in 0..2 {
        assert_eq!(who(&to, false).await, None);
    }
    let (mut lost, start) = (0, Instant::now());
    for _ in 0..100 {
        match who(&to, false).await {
            Some(name) => assert_eq!(name, at_worse.to_string()),
            None => lost += 1,
        }
    }
    // One call at a time finds out whether it answers again, after pauses.
    assert!(lost <= 30 && (lost as u128) <= start.elapsed().as_millis() / 500);
    let asked = first.asked.load(Ordering::SeqCst);
    assert!(asked <= 3 + lost, "{asked}");
    first.frozen.store(false, Ordering::SeqCst);
    let start = Instant::now();
    while who(&to, false).await != Some(at_better.to_string()) {
        assert!(start.elapsed() < LONG);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!to.status()[0].is_silent);
}

#[tokio::test]
async fn n5_what_may_be_repeated_loses_nothing_by_finding_out() {
    let ((better, at_better), (worse, at_worse)) = (listen().await, listen().await);
    let (first, second) = (Arc::<State>::default(), Arc::<State>::default());
    let _serving = (serve(better, &first), serve(worse, &second));
    let to = setup(&[&[at_better], &[at_worse]]).build();
    assert_eq!(who(&to, true).await, Some(at_better.to_string()));
    first.frozen.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        assert_eq!(who(&to, true).await, None);
    }
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(2) {
        assert_eq!(who(&to, true).await, Some(at_worse.to_string()));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // Somebody did find out.
    assert!(first.asked.load(Ordering::SeqCst) > 3);
}

#[tokio::test]
async fn a_server_that_is_busy_with_a_long_call_is_passed_over_and_its_answer_still_comes() {
    let ((better, at_better), (worse, at_worse)) = (listen().await, listen().await);
    let second = Arc::<State>::default();
    let _serving = serve(worse, &second);
    let to = Arc::new(setup(&[&[at_better], &[at_worse]]).build());
    let long = tokio::spawn({
        let to = Arc::clone(&to);
        async move { to.call(&request("long")).await }
    });
    let mut wire = crate::script::accept(&better).await;
    let id = wire.id().await;
    for _ in 0..2 {
        assert_eq!(who(&to, false).await, None);
    }
    assert!(to.status()[0].is_silent);
    assert_eq!(who(&to, false).await, None); // finds out
    assert_eq!(who(&to, false).await, Some(at_worse.to_string()));
    wire.answer(id, "5").await;
    let reply = long.await.unwrap().expect("its answer comes");
    assert_eq!(reply.meta().peer, Some(at_better.to_string().into()));
    assert!(!to.status()[0].is_silent);
}

#[tokio::test]
async fn silence_is_no_fault_where_nobody_else_is_or_it_is_not_counted() {
    for servers in [1, 2] {
        let mut listening = Vec::new();
        for _ in 0..servers {
            listening.push(listen().await);
        }
        let at: Vec<_> = listening.iter().map(|(_, at)| *at).collect();
        let groups: Vec<_> = at.iter().map(std::slice::from_ref).collect();
        let mut to = setup(&groups);
        if servers == 2 {
            to = to.silent_after(0);
        }
        let to = to.build();
        for _ in 0..4 {
            assert_eq!(who(&to, true).await, None);
        }
        let status = &to.status()[0];
        assert_eq!((status.is_up, status.is_silent), (true, false));
        assert_eq!(status.failed, 4);
    }
}

#[tokio::test]
async fn n1_servers_that_are_all_silent_are_named_with_that_cause() {
    let ((first, at_first), (second, at_second)) = (listen().await, listen().await);
    let (one, two) = (Arc::<State>::default(), Arc::<State>::default());
    one.frozen.store(true, Ordering::SeqCst);
    two.frozen.store(true, Ordering::SeqCst);
    let _serving = (serve(first, &one), serve(second, &two));
    let to = setup(&[&[at_first], &[at_second]])
        .reconnect(LONG, LONG)
        .build();
    let start = Instant::now();
    loop {
        let one = request("who").with_timeout(Duration::from_millis(500));
        let error = to.call(&one).await.expect_err("nobody answers");
        if let ErrorKind::Connect(_) = error.kind() {
            assert_eq!(error.outcome(), Outcome::NotExecuted);
            let text = std::error::Error::source(&error).unwrap().to_string();
            assert_eq!(error.code(), "Connect.Silent");
            let said = text.matches("takes calls and answers none").count();
            assert_eq!(said, 2, "{text}");
            break;
        }
        assert!(start.elapsed() < LONG);
    }
    assert!(to.status().iter().all(|server| server.is_silent));
}
