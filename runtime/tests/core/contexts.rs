//! What a servant learns of a call besides its arguments: caller, deadline, cancellation, who wants progress.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use xerus_rpc::server::{Context, Fault, Reply, Router};
use xerus_rpc::{Agent, MemoryTransport};

use crate::support::pdumodel::Outlet;
use crate::support::pdumodel::outlet::PowerState;
use crate::support::server::pdumodel as served;

/// Notes what it learns.
#[derive(Default)]
struct Curious {
    contexts: Mutex<Vec<Context>>,
    /// A call has come in.
    begun: Notify,
    /// Its caller has gone.
    gone: Arc<Notify>,
}

impl Curious {
    fn note(&self, context: &Context) {
        self.contexts.lock().unwrap().push(context.clone());
    }

    /// Waits for a call, whose caller is still there.
    async fn is_called(&self) {
        self.begun.notified().await;
        assert!(!self.last().is_cancelled());
    }

    fn last(&self) -> Context {
        self.contexts.lock().unwrap().last().unwrap().clone()
    }
}

/// The implementation under a resource id, and for the test.
struct Shared(Arc<Curious>);

impl served::EDevice for Shared {}

impl served::Outlet for Shared {
    fn get_label<'a>(&'a self, context: &'a Context) -> Reply<'a, String> {
        self.0.note(context);
        Reply::ok("web".into())
    }
    fn set_power_state<'a>(&'a self, context: &'a Context, _: PowerState) -> Reply<'a, ()> {
        self.0.note(context);
        Reply::ok(())
    }
    /// Never answers, and leaves work to others.
    fn wait_for_change<'a>(&'a self, context: &'a Context) -> Reply<'a, i32> {
        self.0.note(context);
        let (context, gone) = (context.clone(), Arc::clone(&self.0.gone));
        tokio::spawn(async move {
            context.cancelled().await;
            gone.notify_one();
        });
        Reply::future(async {
            self.0.begun.notify_one();
            std::future::pending().await
        })
    }
    fn run_test<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.0.note(context);
        Reply::future(async move {
            for percent in 0..200 {
                context.report(&percent).await?;
            }
            Ok(())
        })
    }
}

fn served_by(curious: &Arc<Curious>) -> Outlet {
    let router = Router::new();
    router.insert("/o", served::outlet(Shared(Arc::clone(curious))));
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(router)));
    Outlet::at(&agent, "/o")
}

fn remaining(context: &Context) -> Duration {
    let deadline = context.deadline.expect("a deadline");
    deadline.saturating_duration_since(Instant::now())
}

#[tokio::test]
async fn the_deadline_is_that_of_the_call() {
    let curious = Arc::default();
    let outlet = served_by(&curious);
    let seconds = Duration::from_secs;
    outlet.get_label().await.unwrap();
    assert!((seconds(20)..=seconds(30)).contains(&remaining(&curious.last())));
    assert_eq!(curious.last().transport, "memory");
    outlet.get_label().timeout(seconds(500)).await.unwrap();
    assert!((seconds(400)..=seconds(500)).contains(&remaining(&curious.last())));
    // No clock goes that far: then there is none.
    outlet.get_label().timeout(Duration::MAX).await.unwrap();
    assert_eq!(curious.last().deadline, None);
    // In a bulk, the time of the whole counts.
    let calls = (outlet.get_label(), outlet.get_label().timeout(seconds(700)));
    outlet.agent().bulk(calls).all().await.unwrap();
    assert!((seconds(600)..=seconds(700)).contains(&remaining(&curious.last())));
}

#[tokio::test]
async fn a_caller_who_gives_up_is_gone() {
    let curious: Arc<Curious> = Arc::default();
    let outlet = served_by(&curious);
    let call = outlet.wait_for_change().send();
    tokio::select! {
        result = call => panic!("answered: {result:?}"),
        () = curious.is_called() => {}
    }
    // The call was dropped.
    assert!(curious.last().is_cancelled());
    let gone = tokio::time::timeout(Duration::from_secs(20), curious.gone.notified());
    gone.await.expect("what was left to others learns of it");
}

#[tokio::test]
async fn a_call_in_a_bulk_is_given_up_with_the_bulk() {
    let curious: Arc<Curious> = Arc::default();
    let outlet = served_by(&curious);
    let bulk = outlet.agent().bulk([outlet.wait_for_change()]).send();
    tokio::select! {
        result = bulk => panic!("answered: {result:?}"),
        () = curious.is_called() => {}
    }
    assert!(curious.last().is_cancelled());
}

#[tokio::test]
async fn a_stream_that_is_dropped_gives_the_call_up() {
    let curious: Arc<Curious> = Arc::default();
    let outlet = served_by(&curious);
    let mut stream = outlet.run_test().stream();
    assert_eq!(stream.next().await.unwrap().unwrap(), 0);
    let context = curious.last();
    assert!(!context.is_cancelled() && context.wants_progress());
    drop(stream);
    assert!(context.is_cancelled());
    let late: Result<(), Fault> = context.report(&1).await;
    assert!(late.is_err());
}

#[tokio::test]
async fn progress_is_for_who_wants_it() {
    let curious: Arc<Curious> = Arc::default();
    let outlet = served_by(&curious);
    // More reports than wait for a slow caller.
    let mut stream = outlet.run_test().stream();
    let mut seen = Vec::new();
    while let Some(percent) = stream.next().await {
        seen.push(percent.unwrap());
        tokio::task::yield_now().await;
    }
    assert_eq!(seen, (0..200).collect::<Vec<_>>());
    stream.finish().await.unwrap();
    assert!(curious.last().wants_progress());
    // Whoever only waits for the result is told nothing, and the servant need not know.
    outlet.run_test().await.unwrap();
    assert!(!curious.last().wants_progress());
    outlet.run_test().stream().finish().await.unwrap();
    let bulk = outlet.agent().bulk([outlet.run_test().without_progress()]);
    bulk.all().await.unwrap();
    assert!(!curious.last().wants_progress());
}

#[tokio::test]
async fn a_call_without_bindings_may_report_progress() {
    let curious: Arc<Curious> = Arc::default();
    let agent = served_by(&curious).agent().clone();
    let call = || agent.call("/o", "runTest", "{}".parse().unwrap());
    let mut stream = call().reporting::<i32>().stream();
    for percent in 0..200 {
        assert_eq!(stream.next().await.unwrap().unwrap(), percent);
    }
    assert!(stream.next().await.is_none());
    stream.finish().await.unwrap();
    // What is said of the type is believed, and a value of another one is an error on the way.
    let mut stream = call().reporting::<String>().stream();
    assert!(stream.next().await.unwrap().is_err());
    stream.finish().await.unwrap();
}

#[tokio::test]
async fn the_context_of_the_device_is_kept_for_every_call() {
    let curious: Arc<Curious> = Arc::default();
    let router = Router::new();
    router.insert("/o", served::outlet(Shared(Arc::clone(&curious))));
    let off = xerus_rpc::server::CancellationToken::new();
    let context = Context::new()
        .with_user("admin")
        .with_transport("test")
        .with_attribute("token", "t")
        .with_cancellation(off.clone());
    let device = MemoryTransport::new(router).with_context(context);
    let agent = Agent::with_transport(Arc::new(device));
    Outlet::at(&agent, "/o").get_label().await.unwrap();
    let seen = curious.last();
    assert_eq!(
        (
            seen.user.as_deref(),
            &*seen.transport,
            seen.attribute("token")
        ),
        (Some("admin"), "test", Some("t"))
    );
    // A call that has ended cancels nothing but itself; a device that is switched off cancels all.
    assert!(!off.is_cancelled());
    let call = Outlet::at(&agent, "/o").wait_for_change().send();
    tokio::select! {
        result = call => panic!("answered: {result:?}"),
        () = async {
            curious.is_called().await;
            off.cancel();
            assert!(curious.last().is_cancelled());
        } => {}
    }
}
