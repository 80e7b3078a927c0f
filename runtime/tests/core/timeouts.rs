//! How long a call may take, and who says so.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_rpc::{Agent, Call, Json, Settings};

use crate::aids::agent_with;
use crate::support::pdumodel::Outlet;

/// An agent that fails every call, and the times that its requests were given, in seconds.
fn recorder(settings: Settings) -> (Agent, Arc<Mutex<Vec<u64>>>) {
    let times = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&times);
    let agent = agent_with(settings, move |request, id| {
        log.lock().unwrap().push(request.timeout().as_secs());
        Ok(format!(
            r#"{{"jsonrpc":"2.0","result":{{"responses":[]}},"id":{id}}}"#
        ))
    });
    (agent, times)
}

async fn times_with(timeout: Option<u64>, long_poll_timeout: Option<u64>) -> Vec<u64> {
    let mut settings = Settings::default();
    settings.timeout = timeout.map_or(settings.timeout, Duration::from_secs);
    settings.long_poll_timeout =
        long_poll_timeout.map_or(settings.long_poll_timeout, Duration::from_secs);
    let (agent, times) = recorder(settings);
    let outlet = Outlet::at(&agent, "/o");
    outlet.get_label().await.unwrap_err();
    outlet.wait_for_change().await.unwrap_err();
    outlet.measure().await.unwrap_err();
    agent.call("/o", "getX", Json::EMPTY_OBJECT).await.unwrap();
    agent.call("/o", "pollX", Json::EMPTY_OBJECT).await.unwrap();
    times.lock().unwrap().clone()
}

#[tokio::test]
async fn the_agent_says_and_a_method_of_its_own_time_says_otherwise() {
    // A reader, a long poll, one with a time of its own; then by name only a reader and a long poll.
    assert_eq!(times_with(None, None).await, [30, 45, 90, 30, 45]);
    assert_eq!(times_with(Some(5), None).await, [5, 45, 90, 5, 45]);
    assert_eq!(times_with(Some(60), None).await, [60, 60, 90, 60, 60]);
    assert_eq!(times_with(Some(5), Some(8)).await, [5, 8, 90, 5, 8]);
    assert_eq!(times_with(None, Some(8)).await, [30, 30, 90, 30, 30]);
}

#[tokio::test]
async fn a_call_has_the_last_word() {
    let (agent, times) = recorder(Settings::default());
    let outlet = Outlet::at(&agent, "/o");
    let time = Duration::from_secs(3);
    outlet.get_label().timeout(time).await.unwrap_err();
    outlet.wait_for_change().timeout(time).await.unwrap_err();
    outlet.measure().timeout(time).await.unwrap_err();
    outlet.run_test().timeout(time).await.unwrap_err();
    let switch = outlet.lock("u").timeout(time);
    switch.clone().await.unwrap_err();
    switch.code().await.unwrap_err();
    assert_eq!(*times.lock().unwrap(), [3; 6]);
}

#[tokio::test]
async fn a_bulk_has_the_longest_time_of_its_calls() {
    let (agent, times) = recorder(Settings::default());
    let outlet = Outlet::at(&agent, "/o");
    let short = || outlet.get_label().timeout(Duration::from_secs(4));
    let labels: [fn(&Outlet) -> Call<String>; 1] = [Outlet::get_label];
    let missing = agent
        .bulk(labels.map(|label| label(&outlet)))
        .await
        .unwrap();
    assert!(missing[0].is_err());
    let missing = agent.bulk([short(), short()]).await.unwrap();
    assert_eq!(missing.iter().filter(|one| one.is_err()).count(), 2);
    let rows = agent
        .bulk((short(), outlet.wait_for_change()))
        .await
        .unwrap();
    assert!(rows.0.is_err() && rows.1.is_err());
    let rows = agent.bulk((short(), outlet.measure()));
    assert!(rows.all().await.is_err());
    let said = agent.bulk((short(), outlet.measure()));
    assert!(said.timeout(Duration::from_secs(7)).all().await.is_err());
    let mut batch = agent.batch().timeout(Duration::from_secs(6));
    let handle = batch.add(outlet.measure());
    assert!(batch.await.unwrap().take(handle).is_err());
    assert_eq!(*times.lock().unwrap(), [30, 4, 45, 90, 7, 6]);
}
