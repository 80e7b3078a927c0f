//! Many calls in one request.

use xerus_api::firmware::Firmware;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_api::session::SessionManager;
use xerus_rpc::error::ErrorClass;
use xerus_sim::Running;

use crate::at_work;

/// How many bulk requests came over HTTP, and how many others.
fn requests(device: &Running) -> (usize, usize) {
    let all = device.requests();
    let bulk = all.iter().filter(|request| request.rid == "/bulk").count();
    (bulk, all.len() - bulk)
}

#[tokio::test]
async fn many_calls_are_one_http_request() {
    let (device, agent) = at_work().await;
    let outlets: Vec<Outlet> = (0..4)
        .map(|index| Outlet::well_known(&agent, 0, index))
        .collect();
    let states = agent
        .bulk(outlets.iter().map(Outlet::get_state))
        .await
        .unwrap();
    assert_eq!(states.into_iter().filter(Result::is_ok).count(), 4);
    assert_eq!(requests(&device), (1, 0));
}

#[tokio::test]
async fn calls_are_collected_and_executed_by_a_helper() {
    let (device, agent) = at_work().await;
    let mut helper = agent.batch();
    let version = helper.add(Firmware::well_known(&agent).get_version());
    let outlets = helper.add(Pdu::well_known(&agent, 0).get_outlets());
    assert_eq!((helper.len(), requests(&device)), (2, (0, 0)));
    let mut results = helper.await.unwrap();
    assert_eq!(results.take(version).unwrap(), "4.4.1.5-53217");
    assert_eq!(results.take(outlets).unwrap().len(), 4);
    assert_eq!(requests(&device), (1, 0));
}

/// Nothing for a method without results, a value for one, a tuple for several.
#[tokio::test]
async fn each_call_has_an_entry_of_its_type() {
    let (_device, agent) = at_work().await;
    let switch = Outlet::well_known(&agent, 0, 0).set_power_state(PowerState::PsOff);
    let calls = (
        switch,
        Firmware::well_known(&agent).get_version(),
        SessionManager::well_known(&agent).new_session(),
    );
    let (switched, version, session) = agent.bulk(calls).await.unwrap();
    assert_eq!(switched.unwrap(), ());
    assert_eq!(version.unwrap(), "4.4.1.5-53217");
    let (session, token) = session.unwrap();
    assert_eq!(
        (session.username.as_str(), token.is_empty()),
        ("admin", false)
    );
}

#[tokio::test]
async fn a_call_that_failed_has_its_error_in_its_place() {
    let (_device, agent) = at_work().await;
    let calls = [0, 99, 1].map(|index| Outlet::well_known(&agent, 0, index).get_state());
    let results = agent.bulk(calls).await.unwrap().into_vec();
    assert_eq!(results.len(), 3);
    assert!(results[0].is_ok() && results[2].is_ok());
    let error = results[1].as_ref().unwrap_err();
    assert_eq!(error.class(), ErrorClass::Http);
    assert!(error.is_object_not_found(), "{error}");
}

#[tokio::test]
async fn the_first_failure_is_the_error_of_all_when_asked_for() {
    let (device, agent) = at_work().await;
    let calls = [0, 99, 1].map(|index| Outlet::well_known(&agent, 0, index).get_state());
    let error = agent.bulk(calls).all().await.unwrap_err();
    assert!(error.is_object_not_found(), "{error}");
    // The others were made nevertheless.
    assert_eq!(device.calls().of("getState").accepted().count(), 2);

    let mut helper = agent.batch();
    let missing = helper.add(Outlet::well_known(&agent, 0, 99).get_state());
    let there = helper.add(Outlet::well_known(&agent, 0, 0).get_state());
    let mut results = helper.await.unwrap();
    assert!(results.check().unwrap_err().is_object_not_found());
    assert!(results.take(there).is_ok() && results.take(missing).is_err());
}

#[tokio::test]
async fn the_wrapper_takes_a_list_of_calls() {
    let (device, agent) = at_work().await;
    let outlets = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
    let calls = outlets.iter().map(Outlet::get_meta_data);
    let labels: Vec<_> = agent.bulk(calls).all().await.unwrap();
    let labels: Vec<_> = labels.into_iter().map(|about| about.label).collect();
    assert_eq!(labels, ["1", "2", "3", "4"]);
    assert_eq!(requests(&device), (1, 1));
}
