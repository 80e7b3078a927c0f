//! What the device refuses, as a program with bindings sees it: errors that name the constant.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::support::{Client, admin, builder};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use xerus_rpc::error::HttpStatusError;

use xerus_api::event::{Channel, Service};
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_api::sensors::{NumericSensor, numeric_sensor::Thresholds};
use xerus_api::session::SessionManager;
use xerus_rpc::wire::RequestId;
use xerus_rpc::wire::{BoxFuture, Capabilities, Reply, Request, Transport};
use xerus_rpc::{Agent, Error, ErrorKind, Outcome};
use xerus_sim::{Limits, Power, Running};

/// The raw client of these tests as a transport.
struct Raw(Mutex<Client>, AtomicU64);

impl Transport for Raw {
    fn origin(&self) -> &str {
        "raw"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_bulk(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let number = self.1.fetch_add(1, Ordering::Relaxed);
            let params: Value = serde_json::from_slice(request.args().by_name()).unwrap();
            let body = json!({"method": request.name(), "params": params, "id": number});
            let mut client = self.0.lock().await;
            let answer = client
                .post(request.target(), &[&admin()], &body.to_string())
                .await;
            match answer.status {
                200 => Ok(Reply::envelope(answer.body, RequestId::new(number))),
                status => Err(HttpStatusError::new(status, "").into()),
            }
        })
    }
}

async fn connect(device: &Running) -> Agent {
    let client = Client::connect(device.address()).await;
    Agent::with_transport(Arc::new(Raw(Mutex::new(client), AtomicU64::new(1))))
}

async fn device() -> (Running, Agent) {
    let device = builder().start().await.unwrap();
    let agent = connect(&device).await;
    (device, agent)
}

/// Code and names of a refusal, after which nobody need ask whether the device acted.
fn refusal(error: &Error) -> (i32, &'static [&'static str]) {
    assert!(matches!(error.kind(), ErrorKind::Application(_)), "{error}");
    assert_eq!(error.outcome(), Outcome::Executed);
    let refused = error.as_application().unwrap();
    (refused.code, refused.names)
}

#[tokio::test]
async fn an_outlet_that_is_shed() {
    let (device, agent) = device().await;
    let outlet = Outlet::at(&agent, "/model/pdu/0/outlet/3");
    let mut settings = outlet.get_settings().await.unwrap();
    settings.non_critical = true;
    outlet.set_settings(&settings).await.unwrap();
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    pdu.set_load_shedding_active(true).await.unwrap();

    let error = outlet.set_power_state(PowerState::PsOn).await.unwrap_err();
    assert_eq!(
        refusal(&error),
        (
            Outlet::ERR_LOAD_SHEDDING_ACTIVE,
            ["ERR_LOAD_SHEDDING_ACTIVE"].as_slice()
        )
    );
    let code = outlet.set_power_state(PowerState::PsOn).code().await;
    assert_eq!(code.unwrap(), Outlet::ERR_LOAD_SHEDDING_ACTIVE);
    let state = device.device().outlet_state(3).unwrap().power;
    assert_eq!(state, Power::Off);

    // In bulk, the others are switched and the first refusal is the error of all.
    let outlets = pdu.get_outlets().await.unwrap();
    let cycle = agent.bulk(outlets.iter().map(Outlet::cycle_power_state));
    let results = cycle.await.unwrap();
    let refused: Vec<_> = results.iter().map(Result::is_err).collect();
    let only_the_fourth: Vec<_> = (0..outlets.len()).map(|index| index == 3).collect();
    assert_eq!(refused, only_the_fourth);
    assert_eq!(refusal(&results.all().unwrap_err()).0, 2);
}

#[tokio::test]
async fn a_number_of_no_outlet() {
    let (_device, agent) = device().await;
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    let call = pdu.set_multiple_outlet_power_states(&[0, 8], PowerState::PsOff, false);
    assert_eq!(refusal(&call.await.unwrap_err()).0, Pdu::ERR_INVALID_PARAM);
}

#[tokio::test]
async fn thresholds_out_of_order() {
    let (_device, agent) = device().await;
    let sensor = NumericSensor::at(&agent, "/model/pdu/0/inlet/0/voltage");
    let before = sensor.get_thresholds().await.unwrap();
    let upside_down = Thresholds {
        upper_warning_active: true,
        upper_warning: 250.0,
        upper_critical_active: true,
        upper_critical: 240.0,
        ..before.clone()
    };
    let error = sensor.set_thresholds(&upside_down).await.unwrap_err();
    assert_eq!(
        refusal(&error),
        (
            NumericSensor::THRESHOLD_INVALID,
            ["THRESHOLD_INVALID"].as_slice()
        )
    );
    assert_eq!(sensor.get_thresholds().await.unwrap(), before);
}

#[tokio::test]
async fn a_channel_that_is_gone() {
    let (_device, agent) = device().await;
    let service = Service::at(&agent, "/eventservice");
    let channel: Channel = service.create_channel().await.unwrap().unwrap();
    service.destroy_channel(Some(&channel)).await.unwrap();
    let again = service.destroy_channel(Some(&channel)).await.unwrap_err();
    assert_eq!(
        refusal(&again),
        (Service::INVALID_CHANNEL, ["INVALID_CHANNEL"].as_slice())
    );
}

#[tokio::test]
async fn a_second_session_of_a_user_who_may_have_one() {
    let mut limits = Limits::default();
    limits.sessions = 1;
    let device = builder().limits(limits).start().await.unwrap();
    let agent = connect(&device).await;
    let sessions = SessionManager::at(&agent, "/session");
    let (session, token) = sessions.new_session().await.unwrap();
    assert_eq!((session.username.as_str(), token.len()), ("admin", 32));

    let error = sessions.new_session().await.unwrap_err();
    assert_eq!(
        refusal(&error),
        (
            SessionManager::ERR_ACTIVE_SESSION_EXCLUSIVE_FOR_USER,
            ["ERR_ACTIVE_SESSION_EXCLUSIVE_FOR_USER"].as_slice()
        )
    );
    // What stands beside the code is whole, as the official client wants it.
    let (code, session, token) = sessions.new_session().code().await.unwrap();
    assert_eq!(
        (code.value(), session.username.as_str(), token.as_str()),
        (1, "admin", "")
    );
    assert!(session.extra_.missing().is_empty());
}
