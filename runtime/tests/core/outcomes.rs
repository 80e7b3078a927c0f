//! What an error says of the call is never surer than what came over the wire.

use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::error::{ErrorKind, ErrorMeaning, RpcError};
use xerus_rpc::wire::{
    BoxFuture, BoxStream, Capabilities, Item, Reply, Request, RequestId, Transport,
};
use xerus_rpc::{Agent, Error, Outcome};

use crate::aids::{agent, answering};
use crate::bulk::{entry, ids, outer};
use crate::support::pdumodel::Outlet;
use crate::support::pdumodel::outlet::PowerState;

#[tokio::test]
async fn a_fault_of_the_envelope_does_not_say_that_the_call_was_executed() {
    for body in [
        // The device refused; it said so twice.
        r#"{"jsonrpc":"2.0","error":{"code":1,"code":2},"id":7}"#,
        r#"{"jsonrpc":"2.0","error":{"code":1},"error":{"code":2},"id":7}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"result":{"_ret_":1},"id":7}"#,
        r#"{"jsonrpc":"2.0","id":7,"id":8,"result":{"_ret_":0}}"#,
    ] {
        let agent = agent(|_, _| Ok(body.to_owned()));
        let call = Outlet::at(&agent, "/o").set_power_state(PowerState::PsOff);
        let error = call.await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{body}: {error:?}");
        assert!(!error.is_retryable());
    }
    // Results that cannot be read are results.
    let agent = answering(r#"{"_ret_":"x"}"#);
    let call = Outlet::at(&agent, "/o").set_power_state(PowerState::PsOff);
    assert_eq!(call.await.unwrap_err().outcome(), Outcome::Executed);
}

#[tokio::test]
async fn a_bulk_answer_that_cannot_be_read_does_not_say_that_its_calls_were_executed() {
    for body in [
        r#"{"jsonrpc":"2.0","result":{},"id":7}"#,
        r#"{"jsonrpc":"2.0","result":null,"id":7}"#,
        r#"{"jsonrpc":"2.0","result":{"responses":null},"id":7}"#,
        r#"{"jsonrpc":"2.0","result":{"responses":[],"responses":[]},"id":7}"#,
    ] {
        let agent = agent(|_, _| Ok(body.to_owned()));
        let call = Outlet::at(&agent, "/o").set_power_state(PowerState::PsOff);
        let error = agent.bulk([call]).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{body}: {error:?}");
    }
    // Neither in a later request, where each call has the error.
    let agent = agent(|request, id| {
        let ids = ids(request);
        if ids[0].is_multiple_of(2) {
            Ok(r#"{"jsonrpc":"2.0","result":{},"id":7}"#.to_owned())
        } else {
            outer(id, &entry(ids[0], "0"))
        }
    });
    let outlet = Outlet::at(&agent, "/o");
    let calls = [0; 3].map(|_| outlet.set_power_state(PowerState::PsOff));
    let results = agent.bulk(calls).chunk(1).await;
    let failed = match results {
        Err(error) => vec![error],
        Ok(results) => results.into_iter().filter_map(Result::err).collect(),
    };
    assert!(!failed.is_empty());
    for error in failed {
        assert_ne!(error.outcome(), Outcome::Executed, "{error:?}");
    }
}

#[tokio::test]
async fn an_entry_that_is_none_does_not_say_that_its_call_was_executed() {
    for bad in [
        "null",
        "{}",
        r#"{"json":{}}"#,
        r#"{"statcode":200}"#,
        r#"{"statcode":"200","json":{}}"#,
        r#"{"statcode":200,"statcode":200}"#,
    ] {
        let agent = agent(|_, id| outer(id, bad));
        let call = Outlet::at(&agent, "/o").set_power_state(PowerState::PsOff);
        let results = agent.bulk([call]).await.unwrap();
        let error = results.into_iter().next().unwrap().unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{bad}: {error:?}");
    }
}

/// A wire without bulk and with a pipeline: nobody is logged in when the first call comes; the connection breaks under the
/// second.
struct Breaking;

impl Transport for Breaking {
    fn origin(&self) -> &str {
        "breaking"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_pipeline(true).with_stream(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let late = u64::from(request.target() != "/o/0");
            tokio::time::sleep(Duration::from_millis(1 + 20 * late)).await;
            Err(if late == 0 {
                let error = RpcError::new(5, "").with_meaning(ErrorMeaning::NotLoggedIn);
                Error::from(error).with_sent(true, true)
            } else {
                Error::new(ErrorKind::ConnectionLost).with_sent(true, request.is_repeatable())
            })
        })
    }

    fn stream(self: Arc<Self>, _: Request) -> BoxStream<'static, Result<Item, Error>> {
        let unreadable = Item::Progress(Reply::bare(r#""half""#));
        Box::pin(futures_util::stream::iter([Ok(unreadable)]))
    }
}

#[tokio::test]
async fn the_error_for_a_whole_bulk_is_not_surer_than_that_of_any_of_its_calls() {
    let agent = Agent::with_transport(Arc::new(Breaking));
    let calls =
        (0..3).map(|n| Outlet::at(&agent, &format!("/o/{n}")).set_power_state(PowerState::PsOff));
    let error = agent.bulk(calls).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_report_that_cannot_be_read_does_not_say_that_the_call_was_executed() {
    let agent = Agent::with_transport(Arc::new(Breaking));
    let mut stream = Outlet::at(&agent, "/o").run_test().stream();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
}

#[tokio::test]
async fn a_refusal_keeps_what_the_wire_knows_besides() {
    struct Warning;
    impl Transport for Warning {
        fn origin(&self) -> &str {
            "warning"
        }
        fn call<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
            let body = r#"{"jsonrpc":"2.0","result":{"_ret_":2},"id":7}"#;
            let reply = Reply::envelope(body, RequestId::new(7)).with_warning("hot");
            Box::pin(std::future::ready(Ok(reply)))
        }
    }
    let agent = Agent::with_transport(Arc::new(Warning));
    let call = Outlet::at(&agent, "/o").set_power_state(PowerState::PsOff);
    let error = call.await.unwrap_err();
    assert_eq!(error.return_code(), Some(2));
    assert_eq!(error.meta().unwrap().warnings, ["hot"]);
}
