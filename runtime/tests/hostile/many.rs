//! Many calls at once, and many agents.

use std::collections::BTreeSet;

use xerus_rpc::{Agent, Json};

use crate::device::{Asked, BOTH, Device, Scheme, eventually, in_time};

pub(crate) fn echo(asked: &Asked) -> Vec<crate::device::Step> {
    let params = &asked.json()["params"];
    match params["requests"].as_array() {
        None => asked.returns(&params["value"].to_string()),
        Some(requests) => {
            let entries: Vec<String> = requests
                .iter()
                .map(|part| {
                    let (value, id) = (&part["json"]["params"]["value"], &part["json"]["id"]);
                    let json =
                        format!(r#"{{"jsonrpc":"2.0","result":{{"_ret_":{value}}},"id":{id}}}"#);
                    format!(r#"{{"json":{json},"statcode":200}}"#)
                })
                .collect();
            let result = format!(r#"{{"responses":[{}]}}"#, entries.join(","));
            let document = asked.document(&result);
            crate::device::raw(crate::device::http(200, "", document))
        }
    }
}

fn params(value: usize) -> Json {
    format!(r#"{{"value":{value}}}"#).parse().expect("JSON")
}

async fn call(agent: Agent, value: usize) {
    let method = if value.is_multiple_of(2) {
        "getState"
    } else {
        "setPowerState"
    };
    let result = agent.call("/model/pdu/0", method, params(value)).await;
    let own = format!(r#"{{"_ret_":{value}}}"#);
    assert_eq!(result.expect("an answer").get(), own);
}

async fn bulk(agent: Agent, value: usize) {
    let calls =
        (0..5).map(|part| agent.call("/model/pdu/0", "setPowerState", params(value + part)));
    let results = agent.bulk(calls).await.expect("an answer");
    for (part, result) in results.into_iter().enumerate() {
        let own = format!(r#"{{"_ret_":{}}}"#, value + part);
        assert_eq!(result.expect("an answer").get(), own);
    }
}

/// A thousand calls that are all under way before the first is answered, some of them bulks of five.
async fn a_thousand_at_once(scheme: Scheme) {
    let device = Device::start(scheme, echo).await;
    let agent = device.agent().build().expect("valid");
    let tasks: Vec<_> = (0..1000)
        .map(|number| {
            let agent = agent.clone();
            tokio::spawn(async move {
                if number % 10 == 0 {
                    bulk(agent, number * 10).await;
                } else {
                    call(agent, number * 10).await;
                }
            })
        })
        .collect();
    in_time(async {
        for task in tasks {
            task.await.expect("each caller gets its own answer");
        }
    })
    .await;
    assert_eq!((device.requests(), device.connections()), (1000, 1));
    let ids: BTreeSet<u64> = device
        .asked()
        .iter()
        .filter_map(|asked| asked.json()["id"].as_u64())
        .collect();
    assert_eq!(ids.len(), 1000, "every id once");
}

#[tokio::test]
async fn a_thousand_calls_at_once_share_one_connection() {
    for scheme in BOTH {
        a_thousand_at_once(scheme).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_at_once_share_one_connection_on_several_threads() {
    for scheme in BOTH {
        a_thousand_at_once(scheme).await;
    }
}

/// As many agents for the same device, each used by several tasks at once.
async fn agents_at_once(scheme: Scheme, count: usize) {
    let device = Device::start(scheme, echo).await;
    let agents: Vec<Agent> = (0..count)
        .map(|_| device.agent().build().expect("valid"))
        .collect();
    let tasks: Vec<_> = agents
        .iter()
        .enumerate()
        .flat_map(|(number, agent)| {
            (0..4).map(move |part| tokio::spawn(call(agent.clone(), number * 10 + part)))
        })
        .collect();
    in_time(async {
        for task in tasks {
            task.await.expect("each caller gets its own answer");
        }
    })
    .await;
    assert_eq!(
        (device.requests(), device.connections()),
        (4 * count, count)
    );
    let own: BTreeSet<usize> = device
        .asked()
        .iter()
        .map(|asked| asked.connection)
        .collect();
    assert_eq!(own.len(), count, "no connection without a call");
    drop(agents);
    eventually("no connection outlives its agent", || {
        device.open_connections() == 0
    })
    .await;
}

#[tokio::test]
async fn three_hundred_agents_at_once_have_one_connection_each() {
    agents_at_once(Scheme::Http, 300).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_agents_at_once_have_one_connection_each_with_tls_and_several_threads() {
    agents_at_once(Scheme::Https, 300).await;
}

#[tokio::test]
async fn more_connections_are_opened_when_permitted_and_no_more_than_that() {
    let device = Device::http(|asked: &Asked| {
        let mut steps = vec![crate::device::Step::Wait(std::time::Duration::from_millis(
            5,
        ))];
        steps.extend(echo(asked));
        steps
    })
    .await;
    let agent = device.agent().max_connections(3).build().expect("valid");
    let tasks: Vec<_> = (0..60)
        .map(|value| tokio::spawn(call(agent.clone(), value)))
        .collect();
    in_time(async {
        for task in tasks {
            task.await.expect("each caller gets its own answer");
        }
    })
    .await;
    assert_eq!((device.requests(), device.connections()), (60, 3));
}
