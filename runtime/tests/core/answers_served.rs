//! What servants take and give: arguments by position, errors with codes of any kind, refusals with and without values.

use std::sync::Arc;

use xerus_rpc::error::{ErrorCode, ErrorMeaning};
use xerus_rpc::server::{Context, Fault, Incoming, Reply, Router};
use xerus_rpc::wire::{Arguments, Binding, ResultStyle};
use xerus_rpc::{Agent, MemoryTransport, Object, Outcome};

use crate::aids::assert_refused;
use crate::support::pdumodel::Outlet;
use crate::support::pdumodel::outlet::{PowerState, State, sparse_};
use crate::support::server::pdumodel as served;

/// Answers as its user says.
struct Obedient;

impl served::EDevice for Obedient {}

impl served::Outlet for Obedient {
    fn open<'a>(
        &'a self,
        _: &'a Context,
        user: String,
        source: Option<Object>,
    ) -> Reply<'a, (State, String)> {
        let state = State {
            available: true,
            power_state: PowerState::PsOn,
            ..State::default()
        };
        match &*user {
            "later" => Reply::future(async { Err(Fault::refused(2)) }),
            "bare" => Reply::refused(1),
            "whole" => Reply::refused_with(1, (state, "held".into())),
            _ => Reply::ok((
                state,
                format!("{user} {:?}", source.map(|at| at.rid().to_owned())),
            )),
        }
    }
    fn lock<'a>(&'a self, _: &'a Context, user: String) -> Reply<'a, i32> {
        match &*user {
            "nothing" => Reply::refused(0),
            "bare" => Reply::refused(1),
            "whole" => Reply::refused_with(1, 7),
            _ => Reply::ok(5),
        }
    }
    fn get_secret<'a>(&'a self, _: &'a Context, pin: String) -> Reply<'a, String> {
        match &*pin {
            "text" => Reply::fault(Fault::new(ErrorCode::Text("locked".into()), "try later")),
            "uri" => Reply::fault(Fault::new(ErrorCode::Uri("com.example.locked".into()), "")),
            "number" => Reply::fault(Fault::new(-32001, "")),
            "refused" => Reply::refused(3),
            "refused with" => Reply::refused_with(3, "secret".into()),
            _ => Reply::ok("secret".into()),
        }
    }
    fn set_settings<'a>(&'a self, _: &'a Context, _: sparse_::Settings) -> Reply<'a, ()> {
        Reply::refused_with(2, ())
    }
    fn reset<'a>(&'a self, _: &'a Context) -> Reply<'a, ()> {
        Reply::refused(4)
    }
}

fn router() -> Router {
    let router = Router::new();
    router.insert("/o", served::outlet(Obedient));
    router
}

fn outlet() -> Outlet {
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(router())));
    Outlet::at(&agent, "/o")
}

async fn served_with(method: &str, arguments: &str, style: ResultStyle) -> Result<String, Fault> {
    let arguments = Arguments::parse(arguments).unwrap();
    let router = router();
    let values = router
        .call("/o", method, &arguments, &Context::new())
        .await?;
    let text = Binding::XERUS.with_results(style).lay_out_results(&values);
    Ok(String::from_utf8(text.to_vec()).unwrap())
}

#[tokio::test]
async fn arguments_by_name_and_by_position() {
    let source = r#"{"rid":"/s","type":"idl.Object:1.0.0"}"#;
    let state = r#"{"available":true,"powerState":1,"lastPowerStateChange":0,"isSuspended":false}"#;
    for (arguments, token) in [
        (
            format!(r#"{{"source":{source},"user":"u"}}"#),
            r#"u Some(\"/s\")"#,
        ),
        (format!(r#"["u",{source}]"#), r#"u Some(\"/s\")"#),
        (
            r#"{"user":"u","source":null,"more":1}"#.to_owned(),
            "u None",
        ),
        (r#"["u",null,"more"]"#.to_owned(), "u None"),
    ] {
        for (style, expected) in [
            (
                ResultStyle::ByName,
                format!(r#"{{"_ret_":0,"state":{state},"token":"{token}"}}"#),
            ),
            (ResultStyle::ByPosition, format!(r#"[0,{state},"{token}"]"#)),
        ] {
            let answer = served_with("open", &arguments, style).await.unwrap();
            assert_eq!(answer, expected, "{arguments}");
        }
    }
    for (arguments, told) in [
        (r#"["u"]"#, "source is missing"),
        (r#"{"user":"u"}"#, "source is missing"),
        ("[]", "user is missing"),
        ("null", "user is missing"),
        ("[1,null]", "user: expected a string"),
        (r#"{"user":"u","source":7}"#, "source: expected"),
    ] {
        let fault = served_with("open", arguments, ResultStyle::ByName)
            .await
            .unwrap_err();
        let error = fault.error().unwrap();
        assert_eq!(error.code, -32602);
        assert_eq!(error.meaning, Some(ErrorMeaning::InvalidArguments));
        assert!(error.message.contains(told), "{}", error.message);
    }
    let arguments = Arguments::parse(r#"["u",2]"#).unwrap();
    let (context, method) = (Context::new(), "any");
    let call = Incoming::new(method, &arguments, &context);
    assert_eq!(call.argument::<i32>(1, "whatever").unwrap(), 2);
    assert!(call.argument::<i32>(2, "user").is_err());
}

#[tokio::test]
async fn the_http_door_takes_both() {
    for params in [r#"{"user":"u"}"#, r#"["u"]"#] {
        let body = format!(r#"{{"jsonrpc":"2.0","method":"lock","params":{params},"id":1}}"#);
        let answer = router().handle("/o", body.as_bytes(), Context::new()).await;
        assert_eq!(
            String::from_utf8(answer.body).unwrap(),
            r#"{"jsonrpc":"2.0","result":{"_ret_":0,"cookie":5},"id":1}"#
        );
    }
}

#[tokio::test]
async fn codes_of_any_kind() {
    let outlet = outlet();
    let told = async |pin: &str| outlet.get_secret(pin).await.unwrap_err();

    let error = told("number").await;
    assert!(error.is_permission_denied() && error.rpc_code() == Some(-32001));

    let error = told("text").await;
    let rpc = error.as_rpc().unwrap();
    assert_eq!(rpc.code, ErrorCode::Text("locked".into()));
    assert_eq!((rpc.message.as_str(), rpc.meaning), ("try later", None));
    assert_eq!(
        (error.rpc_code(), error.outcome()),
        (None, Outcome::Unknown)
    );
    assert!(
        error.to_string().contains("error locked: try later"),
        "{error}"
    );
    let error = told("uri").await;
    let rpc = error.as_rpc().unwrap();
    assert_eq!(rpc.code, ErrorCode::Uri("com.example.locked".into()));

    // A door of another wire gives them on as they are.
    for (pin, code) in [
        ("text", ErrorCode::Text("locked".into())),
        ("uri", ErrorCode::Uri("com.example.locked".into())),
    ] {
        let arguments = format!("[{pin:?}]");
        let fault = served_with("getSecret", &arguments, ResultStyle::ByName).await;
        assert_eq!(fault.unwrap_err().error().unwrap().code, code);
    }
}

#[tokio::test]
async fn refusals() {
    let outlet = outlet();
    let lenient = |user: &'static str| outlet.open(user, None);
    assert_refused(lenient("bare").await, 1, &["ERR_OUTLET_NOT_SWITCHABLE"]);
    assert_refused(lenient("later").await, 2, &["ERR_LOAD_SHEDDING_ACTIVE"]);
    assert_refused(lenient("whole").await, 1, &["ERR_OUTLET_NOT_SWITCHABLE"]);
    let (code, state, token) = lenient("whole").code().await.unwrap();
    assert!(code == 1 && state.available && token == "held");
    let (code, state, token) = lenient("bare").code().await.unwrap();
    assert!(code == 1 && token.is_empty() && state == State::default());
    lenient("u").await.unwrap();

    let (code, cookie) = outlet.lock("bare").code().await.unwrap();
    assert_eq!((code.value(), cookie), (1, 0));
    let (code, cookie) = outlet.lock("whole").code().await.unwrap();
    assert_eq!((code.value(), cookie), (1, 7));
    assert_eq!(outlet.lock("u").await.unwrap(), 5);
    let settings = outlet.set_settings(sparse_::Settings::default());
    assert_refused(settings.await, 2, &["ERR_LOAD_SHEDDING_ACTIVE"]);
}

#[tokio::test]
async fn what_a_refusal_looks_like() {
    let open = |user: &'static str| {
        let arguments = format!(r#"["{user}",null]"#);
        async move {
            served_with("open", &arguments, ResultStyle::ByPosition)
                .await
                .unwrap()
        }
    };
    // The default state has an enumeration that was never set, which cannot be sent: it is left out with all behind it.
    assert_eq!(open("bare").await, "[1]");
    assert_eq!(open("later").await, "[2]");
    assert_eq!(
        open("whole").await,
        r#"[1,{"available":true,"powerState":1,"lastPowerStateChange":0,"isSuspended":false},"held"]"#
    );
    let lock = served_with("lock", r#"["bare"]"#, ResultStyle::ByName).await;
    assert_eq!(lock.unwrap(), r#"{"_ret_":1,"cookie":0}"#);
}

#[tokio::test]
async fn a_code_of_a_method_that_has_none_is_a_fault_of_the_servant() {
    let outlet = outlet();
    for result in [
        outlet.get_secret("refused").await,
        outlet.get_secret("refused with").await,
        outlet.reset().await.map(|()| String::new()),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.rpc_code(), Some(-32603));
        assert!(error.to_string().contains("return code"), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn servants_tell_their_methods() {
    let servant = served::outlet(Obedient);
    let names: Vec<_> = servant.methods().map(|method| method.name).collect();
    // Own ones, those of the base, and the one that every object has.
    assert_eq!(names.first(), Some(&"getState"));
    assert!(
        names.ends_with(&["reset", "getParents", "getTypeInfo"]),
        "{names:?}"
    );
    let open = servant.method("open").unwrap();
    assert_eq!(open.results, ["_ret_", "state", "token"]);
    assert_eq!(open.code_names(1), ["ERR_OUTLET_NOT_SWITCHABLE"]);
    assert!(servant.method("getState").unwrap().marks.repeatable);
    assert!(servant.method("nothing").is_none());
}

#[tokio::test]
async fn a_refusal_with_code_0_is_no_success() {
    let error = outlet().lock("nothing").await.unwrap_err();
    assert_eq!(
        (error.code(), error.rpc_code(), error.outcome()),
        ("Rpc", Some(-32603), Outcome::Unknown)
    );
}
