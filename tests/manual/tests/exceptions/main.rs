//! The same faults before the vendor's client and ours: the exception there, the class here.
//!
//! The manual knows three exceptions. Where the client raises one of them, the class of our error is the same; where it raises
//! something that the manual does not mention, or notices nothing, our error has the class that the manual's words demand.

#![allow(clippy::unwrap_used)] // helpers of tests

mod faults;
mod python;

use std::time::Duration;

use manual_tests::{PASSWORD, USER, closed_port, device, trusting};
use xerus_api::pdumodel::{Inlet, Pdu};
use xerus_rpc::error::ErrorClass;
use xerus_rpc::files::DIAGNOSTICS;
use xerus_rpc::{Agent, AgentBuilder, Error};
use xerus_sim::FaultRule;

use faults::{FAULTS, Kind};
use python::Python;

/// The clients that are asked.
const RELEASES: [&str; 2] = ["4.4.1.53217", "4.0.20.49038"];

/// How long a call may take that ends by itself.
const PATIENCE: Duration = Duration::from_secs(20);

fn build(builder: AgentBuilder, patience: Duration) -> Result<Agent, Error> {
    builder.basic_auth(USER, PASSWORD).timeout(patience).build()
}

/// What our client makes of it.
async fn ours(agent: Result<Agent, Error>, kind: Kind) -> Result<(), Error> {
    let agent = agent?;
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    match kind {
        Kind::Single | Kind::Verify => pdu.get_nameplate().await.map(drop),
        Kind::Method => {
            let inlet = Inlet::at(&agent, "/model/pdu/0");
            inlet.get_poles().await.map(drop)
        }
        Kind::Part => {
            let calls = (pdu.get_nameplate(), pdu.get_settings());
            agent.bulk(calls).all().await.map(drop)
        }
        Kind::Download => {
            let file = agent.download(DIAGNOSTICS).await?;
            file.bytes().await.map(drop)
        }
    }
}

fn class(result: &Result<(), Error>) -> Option<ErrorClass> {
    result.as_ref().err().map(Error::class)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_fault_is_the_same_exception() {
    let device = device().await.unwrap();
    let mut clients: Vec<Python> = RELEASES.into_iter().filter_map(Python::start).collect();
    let mut wrong = Vec::new();
    for row in FAULTS {
        let (fault, kind, patience) = (row.fault, row.kind, row.patience());
        device.faults().clear();
        if !fault.is_empty() {
            device.faults().inject(fault.parse::<FaultRule>().unwrap());
        }
        let result = ours(build(trusting(&device), patience), kind).await;
        if class(&result) != row.ours {
            wrong.push(format!("{fault} {kind:?}: ours is {result:?}"));
        }
        for client in &mut clients {
            let raised = client
                .raised(&device.address().to_string(), kind, patience)
                .await;
            if !row.python.contains(&raised.as_str()) {
                wrong.push(format!(
                    "{fault} {kind:?}: {} raised {raised}",
                    client.release
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_reached_is_an_http_exception() {
    let taken = closed_port().unwrap();
    let closed = taken.local_addr().unwrap().to_string();
    let device = device().await.unwrap();
    let untrusted = device.address().to_string();
    for (host, kind) in [
        (closed.as_str(), Kind::Single),
        ("pdu.invalid", Kind::Single),
        (untrusted.as_str(), Kind::Verify),
    ] {
        let agent = build(Agent::builder(format!("https://{host}")), PATIENCE);
        let result = ours(agent, kind).await;
        assert_eq!(class(&result), Some(ErrorClass::Http), "{host}: {result:?}");
        for release in RELEASES {
            if let Some(mut client) = Python::start(release) {
                assert_eq!(
                    client.raised(host, kind, PATIENCE).await,
                    "HttpException",
                    "{host}"
                );
            }
        }
    }
}

/// Where the manual's exceptions are raised, the name of the class is that of the exception: but for the rows that say why not.
#[test]
fn the_table_differs_only_where_it_says_so() {
    let documented = [
        "HttpException",
        "JsonRpcErrorException",
        "JsonRpcSyntaxException",
    ];
    let mut different = Vec::new();
    for row in FAULTS {
        let own = row.ours.and_then(ErrorClass::exception);
        for raised in row.python {
            if documented.contains(raised) && own != Some(*raised) {
                different.push(row.fault);
            }
        }
    }
    assert_eq!(different, faults::DIFFERENT);
}
