use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_rpc::{Object, Time};

use crate::aids::{agent, answering, answering_strict, assert_refused, call_fault};
use crate::support::pdumodel::outlet::{PowerState, Settings};
use crate::support::pdumodel::{EDevice, Outlet};

const STATE: &str =
    r#"{"available":true,"powerState":1,"lastPowerStateChange":5,"isSuspended":false}"#;

fn outlet(result: &str) -> Outlet {
    Outlet::at(&answering(result), "/o")
}

fn strict_outlet(result: &str) -> Outlet {
    Outlet::at(&answering_strict(result), "/o")
}

#[tokio::test]
async fn void_results() {
    for result in ["null", "{}", r#"{"extra":1}"#] {
        outlet(result).reset().await.unwrap();
        strict_outlet(result).reset().await.unwrap();
    }
    outlet("5").reset().await.unwrap();
    assert_eq!(
        call_fault(strict_outlet("5").reset().await),
        ("Decode.WrongType", "result".into())
    );
}

#[tokio::test]
async fn single_results() {
    assert_eq!(
        outlet(r#"{"_ret_":"4.4.1"}"#).get_label().await.unwrap(),
        "4.4.1"
    );
    assert_eq!(
        outlet(r#"{"x":[{}],"_ret_":"a","y":1}"#)
            .get_label()
            .await
            .unwrap(),
        "a"
    );
    assert_eq!(outlet(r#"{"limit":1.5}"#).get_limit().await.unwrap(), 1.5);
    for (result, code, path) in [
        ("null", "Decode.NullNotAllowed", "result"),
        ("[]", "Decode.WrongType", "result"),
        ("\"x\"", "Decode.WrongType", "result"),
        ("{}", "Decode.MissingField", "_ret_"),
        (r#"{"ret":"x"}"#, "Decode.MissingField", "_ret_"),
        (r#"{"_ret_":null}"#, "Decode.NullNotAllowed", "_ret_"),
        (r#"{"_ret_":5}"#, "Decode.WrongType", "_ret_"),
    ] {
        assert_eq!(
            call_fault(outlet(result).get_label().await),
            (code, path.into()),
            "{result}"
        );
    }
    let broken = STATE.replace("\"isSuspended\":false", "\"isSuspended\":0");
    let error = outlet(&format!(r#"{{"_ret_":{broken}}}"#))
        .get_state()
        .await
        .unwrap_err();
    assert_eq!(error.path().unwrap(), "_ret_.isSuspended");
    assert_eq!(error.as_decode().unwrap().expected(), "true or false");
    assert_eq!(error.as_decode().unwrap().found(), "a number");
}

#[tokio::test]
async fn a_structure_without_its_wrapper_is_taken_leniently() {
    let state = outlet(STATE).get_state().await.unwrap();
    assert_eq!(state.last_change, Time::from_unix_seconds(5));
    let partly = outlet(r#"{"available":true}"#).get_state().await.unwrap();
    assert!(partly.available && partly.extra_.missing().len() == 3);
    assert_eq!(
        call_fault(strict_outlet(STATE).get_state().await),
        ("Decode.MissingField", "_ret_".into())
    );
    // Nothing of the structure is there, or it is no structure at all.
    assert_eq!(
        call_fault(outlet(r#"{"other":1}"#).get_state().await),
        ("Decode.MissingField", "_ret_".into())
    );
    let reference = outlet(r#"{"rid":"/r","type":"pdumodel.EDevice:1.0.1"}"#);
    let call = reference
        .agent()
        .call("/o", "getX", xerus_rpc::Json::EMPTY_OBJECT);
    assert!(call.await.unwrap().get().contains("rid"));
    assert_eq!(
        call_fault(reference.get_parents().await).0,
        "Decode.MissingField"
    );
    // A return value that does not fit is not mended by what stands beside it.
    let both = outlet(&STATE.replacen('{', r#"{"_ret_":7,"#, 1));
    assert_eq!(
        call_fault(both.get_state().await),
        ("Decode.WrongType", "_ret_".into())
    );
}

#[tokio::test]
async fn several_results_in_any_order() {
    let sensor = r#"{"rid":"/s","type":"sensors.NumericSensor:4.0.5"}"#;
    let (inlet, sensors) = outlet(&format!(r#"{{"s":[{sensor},null],"i":null}}"#))
        .get_io()
        .await
        .unwrap();
    assert_eq!(inlet, None);
    assert_eq!(sensors[0].as_ref().map(|sensor| sensor.rid()), Some("/s"));
    assert_eq!(sensors[1], None);
    assert_eq!(
        call_fault(outlet(r#"{"i":null}"#).get_io().await),
        ("Decode.MissingField", "s".into())
    );
    assert_eq!(
        call_fault(outlet(r#"{"i":null,"s":5}"#).get_io().await),
        ("Decode.WrongType", "s".into())
    );
    assert_eq!(
        call_fault(outlet(r#"{"i":null,"i":null,"s":[]}"#).get_io().await),
        ("Json.DuplicateKey", "i".into())
    );
    assert_eq!(
        call_fault(outlet("null").get_io().await),
        ("Decode.NullNotAllowed", "result".into())
    );
}

#[tokio::test]
async fn references_in_results_use_the_agent_of_the_call() {
    let outlet = outlet(r#"{"_ret_":[{"rid":"/a","type":"pdumodel.Inlet:3.0.0"}]}"#);
    let parents: Vec<EDevice> = outlet.get_parents().await.unwrap();
    assert!(parents[0].agent().ptr_eq(outlet.agent()));
}

#[tokio::test]
async fn return_codes() {
    let refused = r#"{"_ret_":2}"#;
    for outlet in [outlet(refused), strict_outlet(refused)] {
        let switch = outlet.set_power_state(PowerState::PsOff);
        assert_refused(switch.clone().await, 2, &["ERR_LOAD_SHEDDING_ACTIVE"]);
        let code = switch.code().await.unwrap();
        assert_eq!((code.value(), code.is_success()), (2, false));
        assert_eq!(code.names(), ["ERR_LOAD_SHEDDING_ACTIVE"]);
        assert_eq!(code.to_string(), "ERR_LOAD_SHEDDING_ACTIVE (2)");
        assert_refused(code.check(), 2, &["ERR_LOAD_SHEDDING_ACTIVE"]);
    }
    let done = outlet(r#"{"_ret_":0}"#).set_power_state(PowerState::PsOff);
    done.clone().await.unwrap();
    let code = done.code().await.unwrap();
    assert!(code == 0 && code.is_success() && code.names().is_empty());
    code.check().unwrap();
    // A code without a constant.
    let unknown = outlet(r#"{"_ret_":-7}"#).set_power_state(PowerState::PsOff);
    assert_refused(unknown.clone().await, -7, &[]);
    assert_eq!(unknown.code().await.unwrap().to_string(), "-7");
    // One code, two constants that nothing tells apart.
    let both = outlet(r#"{"_ret_":1,"cookie":0}"#).lock("u");
    assert_refused(both.await, 1, &["ERR_IN_USE", "ERR_TEST_RUNNING"]);
    for (result, code) in [
        (r#"{"_ret_":"0"}"#, "Decode.WrongType"),
        (r#"{"_ret_":null}"#, "Decode.NullNotAllowed"),
        (r#"{}"#, "Decode.MissingField"),
        (r#"{"_ret_":2147483648}"#, "Decode.OutOfRange"),
    ] {
        let switch = outlet(result).set_power_state(PowerState::PsOn);
        let expected = (code, "_ret_".to_owned());
        assert_eq!(call_fault(switch.clone().await), expected, "{result}");
        assert_eq!(call_fault(switch.code().await), expected, "{result}");
    }
}

#[tokio::test]
async fn placeholders_beside_an_error_code_do_no_harm() {
    let ok = format!(r#"{{"_ret_":0,"state":{STATE},"token":"t"}}"#);
    let (state, token) = outlet(&ok).open("u", None).await.unwrap();
    assert_eq!((state.power_state, &*token), (PowerState::PsOn, "t"));
    let (code, state, token) = outlet(&ok).open("u", None).code().await.unwrap();
    assert_eq!(
        (code.value(), state.power_state, &*token),
        (0, PowerState::PsOn, "t")
    );
    for (result, expected) in [
        (r#"{"_ret_":1,"state":null,"token":""}"#, 1),
        (r#"{"state":null,"token":"","_ret_":1}"#, 1),
        (r#"{"state":[{"deep":[1]}],"_ret_":-3,"token":""}"#, -3),
        (r#"{"_ret_":1,"token":""}"#, 1),
        (r#"{"_ret_":1}"#, 1),
    ] {
        let names: &[&str] = match expected {
            1 => &["ERR_OUTLET_NOT_SWITCHABLE"],
            _ => &[],
        };
        for outlet in [outlet(result), strict_outlet(result)] {
            // However strictly it is read, no out-parameter hides a refusal.
            assert_refused(outlet.open("u", None).await, expected, names);
        }
        let (code, state, token) = outlet(result).open("u", None).code().await.unwrap();
        assert!(code == expected && token.is_empty());
        assert_eq!(state, Default::default(), "{result}");
        // Who wants to see the out-parameters beside the code wants them whole.
        assert!(
            strict_outlet(result).open("u", None).code().await.is_err(),
            "{result}"
        );
    }
    // Without an error code they are missed.
    for (result, code, path) in [
        (
            r#"{"_ret_":0,"state":null,"token":""}"#,
            "Decode.NullNotAllowed",
            "state",
        ),
        (
            r#"{"state":null,"token":"","_ret_":0}"#,
            "Decode.NullNotAllowed",
            "state",
        ),
        (r#"{"_ret_":0,"token":""}"#, "Decode.MissingField", "state"),
        (
            r#"{"_ret_":null,"state":null,"token":""}"#,
            "Decode.NullNotAllowed",
            "_ret_",
        ),
    ] {
        let expected = (code, path.to_owned());
        for outlet in [outlet(result), strict_outlet(result)] {
            let open = outlet.open("u", None);
            assert_eq!(call_fault(open.clone().await), expected, "{result}");
            assert_eq!(call_fault(open.code().await), expected, "{result}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_encoded_is_not_sent() {
    let agent = crate::aids::agent(|_, _| panic!("nothing may be sent"));
    let outlet = Outlet::at(&agent, "/o");
    let error = outlet
        .set_settings(Settings {
            name: "a".into(),
            ..Default::default()
        })
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.path()),
        ("Encode.Unset", Some("settings.startupState".into()))
    );
    assert_eq!(error.outcome(), xerus_rpc::Outcome::NotExecuted);
    let source = Object::detached("/x", Default::default());
    let call = outlet.open("ä", Some(&source));
    assert_eq!(
        std::str::from_utf8(call.args().unwrap().by_name()).unwrap(),
        r#"{"user":"ä","source":{"rid":"/x","type":"idl.Object:1.0.0"}}"#
    );
    assert_eq!((call.method(), call.rid()), ("open", "/o"));
    assert_eq!(format!("{call:?}"), "Call(open on /o)");
}

#[tokio::test]
async fn notifications_need_a_transport_that_has_them() {
    let error = outlet("null").reset().notify().await.unwrap_err();
    assert_eq!(error.code(), "Config.Unsupported");
}

#[cfg(feature = "blocking")]
#[test]
fn programs_without_an_async_runtime() {
    let outlet = outlet(r#"{"_ret_":"web"}"#);
    assert_eq!(outlet.get_label().send_blocking().unwrap(), "web");
    let error = outlet.get_state().send_blocking().unwrap_err();
    assert_eq!(error.path().as_deref(), Some("_ret_"));
    // The canned answer is no bulk answer.
    let bulk = outlet.agent().bulk([outlet.get_label()]);
    assert_eq!(
        call_fault(bulk.send_blocking()),
        ("Decode.MissingField", "responses".into())
    );
}

#[tokio::test]
async fn a_call_can_be_made_again() {
    let (count, seen) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(Mutex::new(Vec::new())),
    );
    let (counter, log) = (count.clone(), seen.clone());
    let agent = agent(move |request, id| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        log.lock()
            .unwrap()
            .push((request.timeout(), request.is_repeatable()));
        Ok(format!(
            r#"{{"jsonrpc":"2.0","result":{{"_ret_":"{number}"}},"id":{id}}}"#
        ))
    });
    let time = Duration::from_secs(3);
    let call = Outlet::at(&agent, "/o").get_label().timeout(time);
    let copy = call.clone().repeatable(false);
    assert_eq!((copy.rid(), copy.method()), ("/o", "getLabel"));
    // The parameters are shared, not copied.
    let (one, two) = (call.args().unwrap(), copy.args().unwrap());
    assert_eq!(one.by_name().as_ptr(), two.by_name().as_ptr());
    assert_eq!(copy.await.unwrap(), "0");
    for n in 1..4 {
        assert_eq!(call.clone().await.unwrap(), n.to_string());
    }
    let expected = [false, true, true, true].map(|repeatable| (time, repeatable));
    assert_eq!(*seen.lock().unwrap(), expected);
    assert_eq!(count.load(Ordering::SeqCst), 4);
}
