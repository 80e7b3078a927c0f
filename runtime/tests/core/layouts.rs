//! Results as wires lay them out: by name, by position, one alone, nothing; read leniently and strictly.

use std::sync::Arc;

use xerus_rpc::wire::{BoxFuture, Reply, Request, Transport};
use xerus_rpc::{Agent, Error, Settings};

use crate::aids::{assert_refused, call_fault};
use crate::support::pdumodel::Outlet;
use crate::support::pdumodel::outlet::PowerState;

const STATE: &str =
    r#"{"available":true,"powerState":1,"lastPowerStateChange":5,"isSuspended":false}"#;

/// A wire that brings the same reply to every request.
struct Fixed(Reply);

impl Transport for Fixed {
    fn origin(&self) -> &str {
        "fixed"
    }

    fn call<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

fn read(reply: &Reply, strict: bool) -> Outlet {
    let mut settings = Settings::default();
    settings.strict = strict;
    let transport = Arc::new(Fixed(reply.clone()));
    Outlet::at(&Agent::with_settings(transport, settings), "/o")
}

/// Leniently and strictly.
fn both(reply: &Reply) -> [Outlet; 2] {
    [false, true].map(|strict| read(reply, strict))
}

#[tokio::test]
async fn one_result() {
    for reply in [
        Reply::by_name(r#"{"_ret_":"web"}"#),
        Reply::by_position(r#"["web"]"#),
        Reply::by_position(r#" [ "web" , {"more":1} ] "#),
        Reply::bare("\"web\""),
    ] {
        for outlet in both(&reply) {
            assert_eq!(outlet.get_label().await.unwrap(), "web", "{reply:?}");
        }
    }
    for (reply, code, path) in [
        (Reply::by_name("[\"web\"]"), "Decode.WrongType", "result"),
        (Reply::by_position("[]"), "Decode.MissingField", "_ret_"),
        (Reply::by_position("\"web\""), "Decode.WrongType", ""),
        (
            Reply::by_position("[null]"),
            "Decode.NullNotAllowed",
            "_ret_",
        ),
        (Reply::by_position("[\"web\""), "Json.Syntax", ""),
        (Reply::by_position("[\"web\"] x"), "Json.TrailingData", ""),
        (Reply::bare("7"), "Decode.WrongType", "_ret_"),
        (Reply::bare(""), "Json.Empty", ""),
        (Reply::nothing(), "Decode.NullNotAllowed", "result"),
    ] {
        for outlet in both(&reply) {
            let result = outlet.get_label().await;
            assert_eq!(call_fault(result), (code, path.into()), "{reply:?}");
        }
    }
}

#[tokio::test]
async fn a_structure_is_only_unwrapped_where_names_are_expected() {
    let state = read(&Reply::bare(STATE), true).get_state().await.unwrap();
    assert_eq!(state.power_state, PowerState::PsOn);
    let by_position = Reply::by_position(format!("[{STATE}]"));
    assert!(read(&by_position, true).get_state().await.is_ok());
    // Leniently, a structure may stand where its wrapper should, but not in place of a list.
    assert!(
        read(&Reply::by_name(STATE), false)
            .get_state()
            .await
            .is_ok()
    );
    assert!(
        read(&Reply::by_name(STATE), true)
            .get_state()
            .await
            .is_err()
    );
    for outlet in both(&Reply::by_position(STATE)) {
        assert_eq!(call_fault(outlet.get_state().await).0, "Decode.WrongType");
    }
}

#[tokio::test]
async fn several_results() {
    let sensors = r#"[null,{"rid":"/s","type":"sensors.NumericSensor:4.0.5"}]"#;
    for reply in [
        Reply::by_name(format!(r#"{{"s":{sensors},"i":null}}"#)),
        Reply::by_position(format!("[null,{sensors}]")),
        Reply::by_position(format!("[null,{sensors},0,0]")),
    ] {
        for outlet in both(&reply) {
            let (inlet, sensors) = outlet.get_io().await.unwrap();
            assert!(inlet.is_none() && sensors.len() == 2, "{reply:?}");
        }
    }
    for outlet in both(&Reply::by_position("[null]")) {
        let expected = ("Decode.MissingField", "s".into());
        assert_eq!(call_fault(outlet.get_io().await), expected);
    }
    for outlet in both(&Reply::by_position("[null,7]")) {
        let expected = ("Decode.WrongType", "s".into());
        assert_eq!(call_fault(outlet.get_io().await), expected);
    }
}

#[tokio::test]
async fn no_result() {
    for reply in [
        Reply::by_name("{}"),
        Reply::by_name("null"),
        Reply::by_position("[]"),
        Reply::bare("null"),
        Reply::nothing(),
    ] {
        for outlet in both(&reply) {
            outlet.reset().await.unwrap();
        }
    }
}

#[tokio::test]
async fn codes() {
    for (done, refused) in [
        (
            Reply::by_name(r#"{"_ret_":0}"#),
            Reply::by_name(r#"{"_ret_":2}"#),
        ),
        (Reply::by_position("[0]"), Reply::by_position("[2]")),
        (Reply::bare("0"), Reply::bare("2")),
    ] {
        for (done, refused) in both(&done).into_iter().zip(both(&refused)) {
            let (done, refused) = (
                done.set_power_state(PowerState::PsOn),
                refused.set_power_state(PowerState::PsOn),
            );
            done.clone().await.unwrap();
            assert_eq!(done.code().await.unwrap(), 0);
            assert_refused(refused.clone().await, 2, &["ERR_LOAD_SHEDDING_ACTIVE"]);
            assert_eq!(refused.code().await.unwrap(), 2);
        }
    }
}

#[tokio::test]
async fn a_refusal_beside_what_cannot_be_read() {
    const NAMES: [&str; 1] = ["ERR_OUTLET_NOT_SWITCHABLE"];
    for reply in [
        Reply::by_name(r#"{"_ret_":1,"state":null,"token":7}"#),
        Reply::by_name(r#"{"token":7,"_ret_":1}"#),
        Reply::by_position("[1,null,7]"),
        Reply::by_position("[1,null]"),
        Reply::by_position("[1]"),
        Reply::bare("1"),
    ] {
        for outlet in both(&reply) {
            assert_refused(outlet.open("u", None).await, 1, &NAMES);
        }
        let (code, state, token) = read(&reply, false).open("u", None).code().await.unwrap();
        assert!(code == 1 && token.is_empty(), "{reply:?}");
        assert_eq!(state, Default::default());
        assert!(read(&reply, true).open("u", None).code().await.is_err());
    }
    // Whole out-parameters are given, however it is read.
    let whole = Reply::by_position(format!("[1,{STATE},\"t\"]"));
    for outlet in both(&whole) {
        let (code, state, token) = outlet.open("u", None).code().await.unwrap();
        assert!(code == 1 && state.available && token == "t");
    }
    // Beside a success they are missed.
    for (reply, code, path) in [
        (
            Reply::by_position("[0,null,\"t\"]"),
            "Decode.NullNotAllowed",
            "state",
        ),
        (Reply::by_position("[0]"), "Decode.MissingField", "state"),
        (Reply::bare("0"), "Decode.MissingField", "state"),
    ] {
        for outlet in both(&reply) {
            let open = outlet.open("u", None);
            assert_eq!(call_fault(open.clone().await), (code, path.into()));
            assert_eq!(call_fault(open.code().await), (code, path.into()));
        }
    }
    // A text that breaks off is no refusal: nothing in it can be trusted.
    for outlet in both(&Reply::by_position("[1,nul")) {
        assert_eq!(call_fault(outlet.open("u", None).await).0, "Json.Syntax");
    }
}

#[tokio::test]
async fn what_the_wire_says_besides() {
    let reply = Reply::bare("\"web\"")
        .with_peer("rack 4")
        .with_attempts(2)
        .with_warning("fan slow")
        .with_warning("door open");
    let (label, meta) = read(&reply, true).get_label().with_meta().await.unwrap();
    assert_eq!(label, "web");
    assert_eq!(meta.peer.as_deref(), Some("rack 4"));
    assert_eq!((meta.attempts, meta.status, meta.elapsed), (2, None, None));
    assert_eq!(meta.warnings, ["fan slow", "door open"]);
}
