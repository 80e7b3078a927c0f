//! What a bulk takes, and that its results have the shape of the calls.

use std::sync::Arc;

use xerus_rpc::error::BulkError;
use xerus_rpc::server::{Context, Reply, Router};
use xerus_rpc::wire::{BoxFuture, Capabilities, Layer, Transport};
use xerus_rpc::{Agent, Call, Error, ErrorKind, MemoryTransport, Outcome};

use crate::support::pdumodel::Outlet;
use crate::support::pdumodel::outlet::{PowerState, State};
use crate::support::server::pdumodel as served;

/// The outlet with this number.
struct Numbered(usize);

impl served::EDevice for Numbered {}

impl served::Outlet for Numbered {
    fn get_label<'a>(&'a self, _: &'a Context) -> Reply<'a, String> {
        Reply::ok(self.0.to_string())
    }
    fn get_state<'a>(&'a self, _: &'a Context) -> Reply<'a, State> {
        Reply::ok(State {
            power_state: PowerState::PsOn,
            available: self.0.is_multiple_of(2),
            ..State::default()
        })
    }
    /// Every third one has no relay.
    fn set_power_state<'a>(&'a self, _: &'a Context, _: PowerState) -> Reply<'a, ()> {
        match self.0 % 3 {
            0 => Reply::refused(Outlet::ERR_OUTLET_NOT_SWITCHABLE),
            _ => Reply::ok(()),
        }
    }
    fn reset<'a>(&'a self, _: &'a Context) -> Reply<'a, ()> {
        Reply::ok(())
    }
}

const OUTLETS: usize = 250;

fn device() -> Arc<MemoryTransport> {
    let router = Router::new();
    for number in 0..OUTLETS {
        router.insert(&format!("/o/{number}"), served::outlet(Numbered(number)));
    }
    Arc::new(MemoryTransport::new(router))
}

fn outlets(agent: &Agent) -> Vec<Outlet> {
    (0..OUTLETS)
        .map(|number| Outlet::at(agent, &format!("/o/{number}")))
        .collect()
}

/// A wire without bulk, that can have several calls under way or one.
struct WithoutBulk(Arc<dyn Transport>, bool);

impl Layer for WithoutBulk {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.0
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_pipeline(self.1)
    }
    fn call<'a>(
        &'a self,
        request: &'a xerus_rpc::wire::Request,
    ) -> BoxFuture<'a, Result<xerus_rpc::wire::Reply, Error>> {
        assert_ne!(request.target(), "/bulk", "this wire has none");
        self.0.call(request)
    }
}

/// The same device over a wire with bulk, with single calls, and with single calls in a pipeline.
fn wires() -> Vec<(Agent, Arc<MemoryTransport>)> {
    let (bulk, one, many) = (device(), device(), device());
    vec![
        (Agent::with_transport(bulk.clone()), bulk),
        (
            Agent::with_transport(Arc::new(WithoutBulk(one.clone(), false))),
            one,
        ),
        (
            Agent::with_transport(Arc::new(WithoutBulk(many.clone(), true))),
            many,
        ),
    ]
}

#[tokio::test]
async fn lists() {
    for (agent, _) in wires() {
        let outlets = outlets(&agent);
        let three = &outlets[..3];
        let expected = ["0", "1", "2"];
        let iterator = agent.bulk(three.iter().map(Outlet::get_label));
        assert_eq!(iterator.all().await.unwrap(), expected);
        let vector: Vec<Call<String>> = three.iter().map(Outlet::get_label).collect();
        assert_eq!(agent.bulk(vector).all().await.unwrap(), expected);
        let array = [&outlets[0], &outlets[1], &outlets[2]].map(Outlet::get_label);
        let results = agent.bulk(array).await.unwrap();
        assert_eq!(results.len(), 3);
        assert_eq!((&results).into_iter().filter(|one| one.is_ok()).count(), 3);
        assert_eq!(results.clone().all().unwrap(), expected);
        let labels: Result<Vec<_>, _> = results.into_iter().collect();
        assert_eq!(labels.unwrap(), expected);
    }
}

#[tokio::test]
async fn nothing_to_send() {
    for (agent, device) in wires() {
        let none: [Call<String>; 0] = [];
        assert!(agent.bulk(none).await.unwrap().is_empty());
        assert!(
            agent
                .bulk(Vec::<Call<()>>::new())
                .all()
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            agent
                .bulk(std::iter::empty::<Call<()>>())
                .await
                .unwrap()
                .is_empty()
        );
        let absent = agent
            .bulk([None::<Call<String>>, None])
            .all()
            .await
            .unwrap();
        assert_eq!(absent, [None, None]);
        let lists = agent.bulk((Vec::<Call<()>>::new(), None::<Call<String>>));
        let (list, absent) = lists.await.unwrap();
        assert!(list.is_empty() && absent.is_none());
        let batch = agent.batch();
        assert!(batch.is_empty());
        batch.await.unwrap().check().unwrap();
        assert_eq!(device.calls(), 0);
    }
}

#[tokio::test]
async fn rows_across_chunks() {
    for chunk in [1, 2, 7, 100, 200] {
        let device = device();
        let agent = Agent::with_transport(device.clone());
        let outlets = outlets(&agent);
        // Three calls each, so that no chunk but that of one ends with a row.
        let rows = outlets
            .iter()
            .map(|outlet| (outlet.get_label(), outlet.get_state(), outlet.reset()));
        let rows = agent.bulk(rows).chunk(chunk).await.unwrap();
        assert_eq!(rows.len(), OUTLETS);
        for (number, (label, state, reset)) in rows.into_iter().enumerate() {
            assert_eq!(label.unwrap(), number.to_string());
            assert_eq!(state.unwrap().available, number % 2 == 0);
            reset.unwrap();
        }
        assert_eq!(device.calls(), (3 * OUTLETS).div_ceil(chunk) as u64);
    }
}

#[tokio::test]
async fn what_is_absent_stays_absent_in_its_place() {
    for (agent, _) in wires() {
        let outlets = outlets(&agent);
        let present = |number: &usize| !number.is_multiple_of(4) && *number < 240;
        let calls = (0..OUTLETS).map(|n| present(&n).then(|| outlets[n].get_label()));
        let labels = agent.bulk(calls).chunk(9).all().await.unwrap();
        assert_eq!(labels.len(), OUTLETS);
        for (number, label) in labels.into_iter().enumerate() {
            let expected = present(&number).then(|| number.to_string());
            assert_eq!(label, expected);
        }
        // In a row, beside calls that are there.
        let rows = (0..OUTLETS).map(|n| {
            let outlet = &outlets[n];
            (present(&n).then(|| outlet.get_state()), outlet.get_label())
        });
        let rows = agent.bulk(rows).chunk(11).all().await.unwrap();
        for (number, (state, label)) in rows.into_iter().enumerate() {
            assert_eq!(label, number.to_string());
            let state = state.map(|state| state.available);
            assert_eq!(state, present(&number).then_some(number % 2 == 0));
        }
    }
}

#[tokio::test]
async fn tuples_of_lists() {
    for (agent, _) in wires() {
        let outlets = outlets(&agent);
        let (labels, one, states, absent, last) = agent
            .bulk((
                outlets.iter().take(30).map(Outlet::get_label),
                outlets[7].get_label(),
                outlets
                    .iter()
                    .skip(1)
                    .take(2)
                    .map(Outlet::get_state)
                    .collect::<Vec<_>>(),
                None::<Call<String>>,
                [Some(outlets[9].get_label()), None],
            ))
            .chunk(8)
            .all()
            .await
            .unwrap();
        assert_eq!(labels, (0..30).map(|n| n.to_string()).collect::<Vec<_>>());
        assert_eq!((one.as_str(), absent), ("7", None));
        let states: Vec<bool> = states.iter().map(|state| state.available).collect();
        assert_eq!(states, [false, true]);
        assert_eq!(last, [Some("9".to_owned()), None]);
    }
}

#[tokio::test]
async fn rows_in_rows() {
    let agent = Agent::with_transport(device());
    let outlets = outlets(&agent);
    let rows = outlets.iter().take(40).map(|outlet| {
        let inner = (
            outlet.get_label(),
            (outlet.reset(), Some(outlet.get_state())),
        );
        (inner, outlet.get_label())
    });
    let rows = agent.bulk(rows).chunk(3).all().await.unwrap();
    for (number, ((label, (_, state)), again)) in rows.into_iter().enumerate() {
        assert_eq!(label, number.to_string());
        assert_eq!(label, again);
        assert_eq!(state.unwrap().available, number % 2 == 0);
    }
    // Nested in a tuple of lists as well, and up to twelve in one.
    let label = || outlets[5].get_label();
    let (rows, ((one, two), three)) = agent
        .bulk((
            [(label(), (label(), label()))],
            ((label(), label()), label()),
        ))
        .all()
        .await
        .unwrap();
    assert_eq!(rows[0].0, rows[0].1.1);
    assert_eq!([one, two, three], ["5", "5", "5"]);
    let twelve = agent.bulk((
        label(),
        label(),
        label(),
        label(),
        label(),
        label(),
        label(),
        label(),
        label(),
        label(),
        label(),
        outlets[6].get_label(),
    ));
    assert_eq!(twelve.all().await.unwrap().11, "6");
}

#[tokio::test]
async fn the_first_error_in_the_order_of_the_calls() {
    for (agent, device) in wires() {
        let outlets = outlets(&agent);
        let switch = |n: usize| outlets[n].set_power_state(PowerState::PsOn);
        let ghost = Outlet::at(&agent, "/ghost");
        let calls = || {
            [
                switch(1),
                ghost.set_power_state(PowerState::PsOn),
                switch(3),
            ]
        };
        let error = agent.bulk(calls()).all().await.unwrap_err();
        assert_eq!(
            (error.rid(), error.http_status()),
            (Some("/ghost"), Some(404))
        );
        let results = agent.bulk(calls()).await.unwrap();
        let good: Vec<bool> = results.iter().map(Result::is_ok).collect();
        assert_eq!(good, [true, false, false]);
        assert_eq!(results.all().unwrap_err().rid(), Some("/ghost"));
        let error = agent
            .bulk([switch(1), switch(3), switch(6)])
            .all()
            .await
            .unwrap_err();
        assert_eq!((error.rid(), error.return_code()), (Some("/o/3"), Some(1)));
        // In a tuple the parts count in their order.
        let parts = agent.bulk(([switch(2), switch(9)], switch(6)));
        assert_eq!(parts.all().await.unwrap_err().rid(), Some("/o/9"));
        assert!(device.calls() > 0);
    }
}

#[tokio::test]
async fn a_batch_has_a_handle_for_each_call() {
    for (agent, _) in wires() {
        let outlets = outlets(&agent);
        let mut batch = agent.batch().chunk(4);
        let labels: Vec<_> = outlets
            .iter()
            .take(21)
            .map(|outlet| batch.add(outlet.get_label()))
            .collect();
        let state = batch.add(outlets[2].get_state());
        let switched = batch.add(outlets[3].set_power_state(PowerState::PsOff));
        let code = batch.add(outlets[3].set_power_state(PowerState::PsOff).code());
        assert_eq!(batch.len(), 24);
        let mut results = batch.await.unwrap();
        assert_eq!(results.check().unwrap_err().return_code(), Some(1));
        // In any order.
        assert_eq!(results.take(code).unwrap(), 1);
        assert!(results.take(state).unwrap().available);
        for (number, label) in labels.into_iter().enumerate().rev() {
            assert_eq!(results.take(label).unwrap(), number.to_string());
        }
        assert_eq!(results.take(switched).unwrap_err().return_code(), Some(1));
    }
}

#[tokio::test]
async fn a_handle_belongs_to_its_batch() {
    let agent = Agent::with_transport(device());
    let outlet = Outlet::at(&agent, "/o/1");
    let (mut one, mut other) = (agent.batch(), agent.batch());
    let ours = one.add(outlet.get_label());
    let foreign = other.add(outlet.get_label());
    let mut results = one.await.unwrap();
    let error = results.take(foreign).unwrap_err();
    assert_eq!(error.code(), "Bulk.ForeignHandle");
    assert!(matches!(
        error.kind(),
        ErrorKind::Bulk(BulkError::ForeignHandle)
    ));
    assert_eq!(results.take(ours).unwrap(), "1");
    // A call of another device spoils nothing.
    let stranger = Agent::with_transport(device());
    let mut batch = agent.batch();
    let good = batch.add(outlet.get_label());
    let bad = batch.add(Outlet::at(&stranger, "/o/1").get_label());
    let mut results = batch.await.unwrap();
    assert_eq!(results.take(good).unwrap(), "1");
    let error = results.take(bad).unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Bulk.ForeignAgent", Outcome::NotExecuted)
    );
}

#[tokio::test]
async fn a_wire_without_bulk_stops_where_the_connection_breaks() {
    use xerus_rpc::memory::Injected;
    for pipelined in [false, true] {
        let device = device();
        let transport = Arc::new(WithoutBulk(device.clone(), pipelined));
        let agent = Agent::with_transport(transport);
        let outlets = outlets(&agent);
        let calls = || outlets.iter().take(6).map(Outlet::get_label);
        let lost = || Error::new(ErrorKind::ConnectionLost).with_sent(true, false);
        device.inject(move |request, _| {
            (request.target() == "/o/2").then(|| Injected::Error(lost()))
        });
        let results = agent.bulk(calls()).chunk(2).await.unwrap();
        assert_eq!(results[0].as_ref().unwrap(), "0");
        let error = results[2].as_ref().unwrap_err();
        assert_eq!(
            (error.code(), error.outcome()),
            ("ConnectionLost", Outcome::Unknown)
        );
        let last = results[5].as_ref().unwrap_err();
        assert_eq!(
            (last.rid(), last.outcome()),
            (Some("/o/5"), Outcome::NotExecuted)
        );
        assert!(device.calls() < 6);
        // The first of all: the error is for the whole, as with a bulk.
        device.inject(move |_, _| Some(Injected::Error(lost())));
        let error = agent.bulk(calls()).await.unwrap_err();
        assert_eq!(error.code(), "ConnectionLost");
    }
}
