//! What can go wrong, in the three classes of the manual.

use manual_tests::{USER, closed_port, device, trusting};
use xerus_api::pdumodel::{Inlet, Outlet, Pdu};
use xerus_rpc::error::ErrorClass;
use xerus_rpc::{Agent, Error};

use crate::{asked, at_work};

/// The class is the documented one, and the text says more.
fn is(error: &Error, class: ErrorClass, text: &str) {
    assert_eq!(error.class(), class, "{error}");
    assert!(error.to_string().contains(text), "{error}");
}

/// No method has an error among its results: it is the other side of every call.
#[tokio::test]
async fn errors_are_no_part_of_the_signature() {
    let (_device, agent) = at_work().await;
    let result: Result<String, Error> = async {
        let pdu = Pdu::at(&agent, "/model/pdu/0");
        Ok(pdu.get_nameplate().await?.manufacturer)
    }
    .await;
    assert_eq!(result.unwrap(), "xerus-sim");
}

#[tokio::test]
async fn an_unreachable_server_is_a_communication_error() {
    let taken = closed_port().unwrap();
    let url = format!("https://{}", taken.local_addr().unwrap());
    let error = asked(Agent::builder(url)).await.unwrap_err();
    is(&error, ErrorClass::Http, "connection refused");
}

#[tokio::test]
async fn a_failed_authentication_is_a_communication_error() {
    let device = device().await.unwrap();
    let wrong = trusting(&device).basic_auth(USER, "a wrong one");
    let error = asked(wrong).await.unwrap_err();
    is(&error, ErrorClass::Http, "check user name and password");
    assert!(!error.to_string().contains("a wrong one"));
}

#[tokio::test]
async fn an_error_of_the_server_is_told_with_its_text() {
    let (_device, agent) = at_work().await;
    // A method that the object does not have: the contract of client and server is broken.
    let error = Inlet::at(&agent, "/model/pdu/0")
        .get_poles()
        .await
        .unwrap_err();
    is(&error, ErrorClass::JsonRpc, "-32601");
    assert!(error.is_method_not_found());
}

#[tokio::test]
async fn a_state_that_forbids_the_call_is_an_error_of_the_server() {
    let (_device, agent) = at_work().await;
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    let mut settings = pdu.get_settings().await.unwrap();
    settings.inhibit_relay_control = true;
    pdu.set_settings(settings).await.unwrap();
    let outlet = Outlet::at(&agent, "/model/outlet/0");
    let refused = outlet.set_power_state(xerus_api::pdumodel::outlet::PowerState::PsOff);
    let error = refused.await.unwrap_err();
    is(&error, ErrorClass::JsonRpc, "ERR_RELAY_CONTROL_DISABLED");
}

#[tokio::test]
async fn an_answer_that_cannot_be_decoded_is_a_syntax_error() {
    let (device, agent) = at_work().await;
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    for (rule, text) in [
        ("html-page", "check what answers at this URL"),
        ("rewrite,from=\"SIM-8\",to=8", "nameplate"),
    ] {
        device.faults().clear();
        device
            .faults()
            .inject(rule.parse::<xerus_sim::FaultRule>().unwrap());
        let error = match rule {
            "html-page" => pdu.get_nameplate().await.unwrap_err(),
            _ => pdu.get_meta_data().await.unwrap_err(),
        };
        assert_eq!(error.class(), ErrorClass::JsonRpcSyntax, "{error}");
        assert!(
            error
                .to_string()
                .to_lowercase()
                .contains(&text.to_lowercase()),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_communication_error_is_caught() {
    let (device, agent) = at_work().await;
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    device.shutdown().await;
    let said = match pdu.get_nameplate().await {
        Ok(_) => "answered".to_owned(),
        Err(error) if error.class() == ErrorClass::Http => "communication".to_owned(),
        Err(error) => error.to_string(),
    };
    assert_eq!(said, "communication");
}
