//! A layer that records and one that plays again lose nothing.

use std::sync::Arc;

use xerus_rpc::wire::{Layer as _, Transport};
use xerus_rpc::{Agent, Credentials, Json};
use xerus_wires_tests::api::bench::{Mode, Scale};
use xerus_wires_tests::bench::{RID, reading, router};
use xerus_wires_tests::layers::{Plain, Record, Replay, Tape};
use xerus_wires_tests::session::Door;

use crate::aids::{memory, positional, session, wrapped};
use crate::real::{Routed, ripex2};

/// Everything that a program may see of a wire.
async fn visit(agent: &Agent, rid: &str) -> Vec<String> {
    let scale = Scale::at(agent, rid);
    let can = agent.capabilities();
    let mut seen = vec![format!("{can:?} {}", agent.origin())];
    if can.login {
        agent
            .login(Credentials::basic("ann", "secret"))
            .await
            .unwrap();
    }
    let (sum, mut meta) = scale.add(1, 2).with_meta().await.unwrap();
    assert!(meta.attempts == 1);
    meta.elapsed = None;
    seen.push(format!("{sum} {meta:?}"));
    for result in agent
        .bulk([scale.set_mode(Mode::Low), scale.set_mode(Mode::High)])
        .await
        .unwrap()
    {
        seen.push(format!("{result:?}"));
    }
    let error = scale.fail("broken").await.unwrap_err();
    let rpc = error.as_rpc().unwrap();
    seen.push(format!(
        "{error:?} {:?} {:?} {:?}",
        rpc.name,
        rpc.data,
        error.meta()
    ));
    seen.push(format!("{:?}", scale.knock("ann").notify().await));
    let mut stream = scale.weigh(3).stream();
    while let Some(report) = stream.next().await {
        seen.push(format!("{report:?}"));
    }
    let end = stream.finish_with_meta().await;
    seen.push(format!("{end:?}"));
    agent.close().await;
    seen
}

#[tokio::test]
async fn what_was_recorded_plays_the_same() {
    let (router, watched) = router();
    let door = Door::new(router.clone(), &[("ann", "secret")]);
    let routed = Routed::PLAIN.connect(router.clone()).await;
    for (wire, rid) in [
        (memory(&router), RID),
        (positional(&router, true), RID),
        (session(&door), RID),
        (Arc::new(routed) as Arc<dyn Transport>, RID),
        (ripex2(router.clone(), false).await, ""),
    ] {
        let tape = Tape::default();
        let recorder = Record::new(wrapped(Arc::clone(&wire)), Arc::clone(&tape));
        let first = visit(&Agent::with_transport(wrapped(Arc::new(recorder))), rid).await;
        assert!(first.len() > 6, "{first:?}");
        let done = watched.done().len();

        let player = Arc::new(Replay::new(Arc::clone(&wire), &tape));
        let agent = Agent::with_transport(wrapped(player));
        assert_eq!(visit(&agent, rid).await, first, "{}", wire.origin());
        assert_eq!(
            watched.done().len(),
            done,
            "nothing reached the scale again"
        );

        // What is not on the tape is refused.
        let error = Scale::at(&agent, rid).clear().await.unwrap_err();
        assert_eq!(error.code(), "Config.Unsupported");
    }
}

#[tokio::test]
async fn layers_pass_on_what_they_do_not_change() {
    let (router, _) = router();
    let inner = session(&Door::new(router, &[("ann", "secret")]));
    let outer = Arc::new(Plain(wrapped(Arc::clone(&inner))));
    assert_eq!(Transport::origin(&*outer), inner.origin());
    assert_eq!(Transport::capabilities(&*outer), inner.capabilities());
    assert!(Transport::check_target(&*outer, "").is_ok());
    assert_eq!(outer.inner().origin(), inner.origin());
    let agent = Agent::with_transport(outer);
    agent
        .login(Credentials::basic("ann", "secret"))
        .await
        .unwrap();
    let scale = Scale::at(&agent, RID);
    let user = scale.who_am_i().attribute("language", "cs").await.unwrap();
    assert_eq!(user, ["ann", "session", "cs"]);
    assert_eq!(scale.weigh(2).stream().finish().await.unwrap(), reading(2));
    let untyped = agent.call(RID, "clear", Json::EMPTY_OBJECT).await.unwrap();
    assert_eq!(untyped.get(), "{}");
    agent.close().await;
}
