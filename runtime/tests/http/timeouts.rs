//! One place for timeouts: the agent gives each request its time, and the wire keeps to it.

use std::time::Duration;

use xerus_rpc::{Agent, Json, rt};

use crate::support::{Answer, POLL, Server, in_time};

#[tokio::test]
async fn a_short_timeout_leaves_long_polls_their_time() {
    let seconds = Duration::from_secs;
    let agent = |change: fn(xerus_rpc::AgentBuilder) -> xerus_rpc::AgentBuilder| {
        change(Agent::builder("http://127.0.0.1"))
            .build()
            .expect("valid")
    };
    let times = |agent: &Agent| (agent.settings().timeout, agent.settings().long_poll_timeout);
    assert_eq!(times(&agent(|device| device)), (seconds(30), seconds(45)));
    let short = agent(|device| device.timeout(Duration::from_secs(5)));
    assert_eq!(times(&short), (seconds(5), seconds(45)));
    let both = |device: xerus_rpc::AgentBuilder| {
        device
            .timeout(Duration::from_secs(5))
            .long_poll_timeout(Duration::from_secs(8))
    };
    assert_eq!(times(&agent(both)), (seconds(5), seconds(8)));
}

#[tokio::test]
async fn silence_ends_calls_and_not_long_polls() {
    let server = Server::http(|_| Answer::Begin(String::new())).await;
    let agent = server
        .agent()
        .timeout(Duration::from_millis(100))
        .build()
        .expect("valid");
    let get = agent.call("/model/pdu/0", "getState", Json::EMPTY_OBJECT);
    let error = in_time(get).await.expect_err("silence");
    assert_eq!(error.code(), "Timeout.FirstByte");
    let object = xerus_rpc::Object::at(&agent, "/event/0");
    let poll = || rt::single::<i32>(&object, &POLL, &[]);
    let patient = tokio::time::timeout(Duration::from_millis(600), poll().send());
    assert!(patient.await.is_err(), "still waiting");
    let error = in_time(poll().timeout(Duration::from_millis(100))).await;
    let error = error.expect_err("the call said so");
    assert!(
        error.to_string().contains("timed out after 100ms"),
        "{error}"
    );
}
