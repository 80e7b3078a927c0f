//! The forms in which a caller can drop a return code by accident: in each a refusal comes up as an error. What cannot be
//! written at all is in `tests/ui`.

use std::sync::Arc;

use xerus_rpc::server::{Context, Fault, Reply, Router};
use xerus_rpc::{Agent, Call, Checked, Error, MemoryTransport, Outcome};

use crate::aids::assert_refused;
use crate::support::pdumodel::Outlet;
use crate::support::pdumodel::outlet::{PowerState, State};
use crate::support::server::pdumodel as served;

/// An outlet that refuses whatever returns a code.
struct Stubborn;

impl served::EDevice for Stubborn {}

impl served::Outlet for Stubborn {
    fn get_label<'a>(&'a self, _: &'a Context) -> Reply<'a, String> {
        Reply::ok("web".into())
    }
    fn set_power_state<'a>(&'a self, _: &'a Context, _: PowerState) -> Reply<'a, ()> {
        Reply::refused(2)
    }
    fn open<'a>(
        &'a self,
        _: &'a Context,
        _: String,
        _: Option<xerus_rpc::Object>,
    ) -> Reply<'a, (State, String)> {
        Reply::refused(1)
    }
    fn lock<'a>(&'a self, _: &'a Context, _: String) -> Reply<'a, i32> {
        Reply::refused_with(1, 7)
    }
    fn run_test<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        Reply::future(async move {
            context.report(&10).await?;
            context.report(&50).await?;
            Err(Fault::refused(1))
        })
    }
}

fn outlet() -> Outlet {
    let router = Router::new();
    router.insert("/o", served::outlet(Stubborn));
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(router)));
    Outlet::at(&agent, "/o")
}

fn switch(outlet: &Outlet) -> Call<(), Checked> {
    outlet.set_power_state(PowerState::PsOff)
}

#[track_caller]
fn assert_shed<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert_refused(result, 2, &["ERR_LOAD_SHEDDING_ACTIVE"]);
}

#[tokio::test]
async fn a_question_mark() {
    async fn program(outlet: &Outlet) -> Result<(), Error> {
        switch(outlet).await?;
        Ok(())
    }
    assert_shed(program(&outlet()).await);
}

#[tokio::test]
#[expect(
    clippy::let_unit_value,
    reason = "that there is nothing left to drop is the point"
)]
async fn an_underscore() {
    async fn program(outlet: &Outlet) -> Result<(), Error> {
        let _ = switch(outlet).await?;
        Ok(())
    }
    assert_shed(program(&outlet()).await);
}

#[tokio::test]
async fn out_parameters_beside_the_code() {
    async fn program(outlet: &Outlet) -> Result<String, Error> {
        let (_, token) = outlet.open("u", None).await?;
        Ok(token)
    }
    assert_refused(program(&outlet()).await, 1, &["ERR_OUTLET_NOT_SWITCHABLE"]);
    // Also when the device sends values that look good.
    let cookie = outlet().lock("u").await;
    assert_refused(cookie, 1, &["ERR_IN_USE", "ERR_TEST_RUNNING"]);
}

#[tokio::test]
#[expect(clippy::nonminimal_bool, reason = "as callers write it")]
async fn questions_about_the_result() {
    let outlet = outlet();
    assert!(!switch(&outlet).await.is_ok());
    assert!(switch(&outlet).await.is_err());
    assert_eq!(switch(&outlet).await.ok(), None);
    if let Ok(()) = switch(&outlet).await {
        panic!("switched");
    }
}

#[tokio::test]
#[expect(clippy::bind_instead_of_map, reason = "as callers write it")]
async fn combinators() {
    let outlet = outlet();
    assert_shed(switch(&outlet).await.map(drop));
    assert_shed(switch(&outlet).await.and_then(|()| Ok("switched")));
    let (first, second) = (outlet.get_label().await, switch(&outlet).await);
    assert_shed(first.and(second));
    assert_shed(
        [switch(&outlet).await]
            .into_iter()
            .collect::<Result<Vec<_>, _>>(),
    );
    assert_shed(tokio::try_join!(
        outlet.get_label().send(),
        switch(&outlet).send()
    ));
}

#[tokio::test]
async fn a_list() {
    let outlet = outlet();
    let results = outlet.agent().bulk((0..3).map(|_| switch(&outlet)));
    let results = results.await.unwrap();
    assert_eq!(results.len(), 3);
    results.into_iter().for_each(assert_shed);
}

#[tokio::test]
async fn rows() {
    let outlet = outlet();
    let rows = (0..3).map(|_| (outlet.get_label(), switch(&outlet)));
    for (label, switched) in outlet.agent().bulk(rows).await.unwrap() {
        assert_eq!(label.unwrap(), "web");
        assert_shed(switched);
    }
}

#[tokio::test]
async fn calls_that_may_be_absent() {
    let outlet = outlet();
    let calls = [None, Some(switch(&outlet)), None];
    let results = outlet.agent().bulk(calls).await.unwrap().into_vec();
    let [None, Some(result), None] = <[_; 3]>::try_from(results).unwrap() else {
        panic!("another shape");
    };
    assert_shed(result);
}

#[tokio::test]
async fn a_tuple_of_calls() {
    let outlet = outlet();
    let calls = (outlet.get_label(), switch(&outlet), outlet.lock("u"));
    let (label, switched, cookie) = outlet.agent().bulk(calls).await.unwrap();
    assert_eq!(label.unwrap(), "web");
    assert_shed(switched);
    assert_refused(cookie, 1, &["ERR_IN_USE", "ERR_TEST_RUNNING"]);
}

#[tokio::test]
async fn all_values_of_a_bulk() {
    let outlet = outlet();
    let agent = outlet.agent();
    let one = || switch(&outlet);
    assert_shed(agent.bulk([one(), one()]).all().await);
    assert_shed(agent.bulk([(outlet.get_label(), one())]).all().await);
    assert_shed(agent.bulk([None, Some(one())]).all().await);
    assert_shed(agent.bulk((outlet.get_label(), one())).all().await);
    assert_shed(agent.bulk((vec![one()], outlet.get_label())).all().await);
    assert_shed(agent.bulk([one()]).await.unwrap().all());
}

#[tokio::test]
async fn a_batch() {
    let outlet = outlet();
    let mut batch = outlet.agent().batch();
    let label = batch.add(outlet.get_label());
    let switched = batch.add(switch(&outlet));
    let cookie = batch.add(outlet.lock("u"));
    let mut results = batch.await.unwrap();
    assert_shed(results.check());
    assert_eq!(results.take(label).unwrap(), "web");
    assert_shed(results.take(switched));
    assert_refused(results.check(), 1, &["ERR_IN_USE", "ERR_TEST_RUNNING"]);
    assert_refused(results.take(cookie), 1, &["ERR_IN_USE", "ERR_TEST_RUNNING"]);
    results.check().unwrap();
}

#[cfg(feature = "blocking")]
#[test]
fn programs_without_an_async_runtime() {
    let outlet = outlet();
    let agent = outlet.agent();
    assert_shed(switch(&outlet).send_blocking());
    let results = agent.bulk([switch(&outlet)]).send_blocking().unwrap();
    results.into_iter().for_each(assert_shed);
    assert_shed(agent.bulk([switch(&outlet)]).all().send_blocking());
    let mut batch = agent.batch();
    let switched = batch.add(switch(&outlet));
    assert_shed(batch.send_blocking().unwrap().take(switched));
    assert_eq!(switch(&outlet).code().send_blocking().unwrap(), 2);
}

#[tokio::test]
async fn what_the_wire_knows_besides() {
    assert_shed(switch(&outlet()).with_meta().await);
}

const TEST: [&str; 2] = ["ERR_IN_USE", "ERR_TEST_RUNNING"];

#[tokio::test]
async fn a_call_that_reports_progress() {
    let outlet = outlet();
    assert_refused(outlet.run_test().await, 1, &TEST);
    assert_refused(outlet.run_test().stream().finish().await, 1, &TEST);
    assert_eq!(
        outlet.run_test().without_progress().code().await.unwrap(),
        1
    );

    // A loop over what is reported meets the refusal as its last item.
    async fn watch(outlet: &Outlet, seen: &mut Vec<i32>) -> Result<(), Error> {
        let stream = outlet.run_test();
        // A double takes any room.
        let mut stream = stream.room(1, xerus_rpc::wire::Overflow::Wait).stream();
        while let Some(percent) = stream.next().await {
            seen.push(percent?);
        }
        Ok(())
    }
    let mut seen = Vec::new();
    assert_refused(watch(&outlet, &mut seen).await, 1, &TEST);
    assert_eq!(seen, [10, 50]);

    // Both: who reads the stream to its end gets the same from its end.
    let mut stream = outlet.run_test().stream();
    let mut last = None;
    while let Some(item) = stream.next().await {
        last = Some(item);
    }
    assert_refused(last.unwrap(), 1, &TEST);
    assert!(stream.next().await.is_none());
    assert_refused(stream.finish().await, 1, &TEST);
}

#[tokio::test]
async fn a_notification_is_not_sent_where_nobody_would_learn_of_the_refusal() {
    let error = switch(&outlet()).notify().await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Config.Unsupported", Outcome::NotExecuted)
    );
}

#[tokio::test]
async fn the_code_itself_in_every_shape() {
    let outlet = outlet();
    let code = || switch(&outlet).code();
    let agent = outlet.agent();
    assert_eq!(code().await.unwrap(), 2);
    let (code_of_open, _, token) = outlet.open("u", None).code().await.unwrap();
    assert_eq!((code_of_open.value(), &*token), (1, ""));
    let (code_of_lock, cookie) = outlet.lock("u").code().await.unwrap();
    assert_eq!((code_of_lock.value(), cookie), (1, 7));
    assert_eq!(agent.bulk([code()]).all().await.unwrap()[0], 2);
    let rows = agent.bulk([(code(), Some(code()))]).all().await.unwrap();
    assert!(
        rows.iter()
            .all(|(one, other)| *one == 2 && other.unwrap() == 2)
    );
    let (one, label) = agent.bulk((code(), outlet.get_label())).await.unwrap();
    assert!(one.unwrap() == 2 && label.unwrap() == "web");
    let mut batch = agent.batch();
    let handle = batch.add(code());
    assert_shed(batch.await.unwrap().take(handle).unwrap().check());
}
