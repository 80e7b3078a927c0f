use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex};

use xerus_rpc::memory::Injected;
use xerus_rpc::server::{Context, Fault, Reply, Router};
use xerus_rpc::{Agent, Error, Interface, MemoryTransport, Object, Outcome, Time};

use crate::aids::call_fault;
use crate::support::pdumodel::outlet::{PowerState, Settings, State, sparse_};
use crate::support::pdumodel::{EDevice, Inlet, Outlet};
use crate::support::sensors::NumericSensor;
use crate::support::server::pdumodel as served;

/// A simple outlet.
struct Device {
    power: AtomicI32,
    settings: Mutex<Settings>,
}

impl Device {
    fn new() -> Self {
        let settings = Settings {
            name: "web".into(),
            startup_state: PowerState::PsOn,
            cycle_delay: 10,
            ..Default::default()
        };
        Self {
            power: AtomicI32::new(0),
            settings: Mutex::new(settings),
        }
    }
}

fn reference<T: Interface>(rid: &str) -> T {
    T::from_object(Object::detached(rid, T::TYPE_ID.parse().unwrap()))
}

impl served::EDevice for Device {
    fn get_parents<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        Reply::ok(vec![reference::<Inlet>("/tfwopaque/inlet.0").assume()])
    }
}

impl served::Outlet for Device {
    fn get_state<'a>(&'a self, _: &'a Context) -> Reply<'a, State> {
        Reply::future(async move {
            tokio::task::yield_now().await;
            use xerus_rpc::Enumeration as _;
            Ok(State {
                available: true,
                power_state: PowerState::from_index(self.power.load(Ordering::SeqCst)),
                last_change: Time::from_unix_seconds(5),
                ..Default::default()
            })
        })
    }
    fn get_label<'a>(&'a self, context: &'a Context) -> Reply<'a, String> {
        Reply::ok(format!(
            "{}/{}/{}",
            context.user.as_deref().unwrap_or("nobody"),
            context.transport,
            context.attribute("token").unwrap_or("-")
        ))
    }
    fn set_power_state<'a>(&'a self, context: &'a Context, pstate: PowerState) -> Reply<'a, ()> {
        use xerus_rpc::Enumeration as _;
        if context.user.as_deref() != Some("admin") {
            return Reply::fault(Fault::not_permitted());
        }
        self.power.store(pstate.index(), Ordering::SeqCst);
        Reply::ok(())
    }
    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, Settings> {
        Reply::ok(self.settings.lock().unwrap().clone())
    }
    fn set_settings<'a>(&'a self, _: &'a Context, settings: sparse_::Settings) -> Reply<'a, ()> {
        let mut ours = self.settings.lock().unwrap();
        ours.name = settings.name.unwrap_or(std::mem::take(&mut ours.name));
        ours.cycle_delay = settings.cycle_delay.unwrap_or(ours.cycle_delay);
        Reply::ok(())
    }
    fn get_io<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, (Option<Inlet>, Vec<Option<NumericSensor>>)> {
        Ok((
            Some(reference("/tfwopaque/inlet.0")),
            vec![None, Some(reference("/s"))],
        ))
        .into()
    }
    fn get_limit<'a>(&'a self, _: &'a Context) -> Reply<'a, f64> {
        Reply::ok(f64::NAN)
    }
    fn open<'a>(
        &'a self,
        _: &'a Context,
        user: String,
        source: Option<Object>,
    ) -> Reply<'a, (State, String)> {
        let state = State {
            power_state: PowerState::PsOff,
            ..Default::default()
        };
        Reply::ok((
            state,
            format!(
                "{user} from {:?}",
                source.map(|object| object.rid().to_owned())
            ),
        ))
    }
    fn reset<'a>(&'a self, _: &'a Context) -> Reply<'a, ()> {
        Reply::ok(())
    }
}

fn router() -> Router {
    let router = Router::new();
    let servant = served::outlet(Device::new());
    router.insert("/model/pdu/0/outlet/0", servant.clone());
    router.insert("/tfwopaque/pdumodel.Outlet:3.0.1/outlet.0", servant);
    router
}

async fn raw(rid: &str, body: &str) -> (u16, String) {
    let outcome = router()
        .handle(rid, body.as_bytes(), Context::new().with_user("admin"))
        .await;
    (outcome.status, String::from_utf8(outcome.body).unwrap())
}

const OUTLET: &str = "/model/pdu/0/outlet/0";

#[tokio::test]
async fn generated_client_and_server_understand_each_other() {
    let context = Context::new()
        .with_user("admin")
        .with_transport("test")
        .with_attribute("token", "t");
    let transport = Arc::new(MemoryTransport::new(router()).with_context(context));
    let agent = Agent::with_transport(transport.clone());
    let outlet = Outlet::at(&agent, OUTLET);

    assert_eq!(
        outlet.get_state().await.unwrap().power_state,
        PowerState::PsOff
    );
    let switch = outlet.set_power_state(PowerState::PsOn);
    switch.clone().await.unwrap();
    assert_eq!(switch.code().await.unwrap(), 0);
    assert_eq!(
        outlet.get_state().await.unwrap().power_state,
        PowerState::PsOn
    );
    assert_eq!(outlet.get_label().await.unwrap(), "admin/test/t");
    outlet.reset().await.unwrap();

    let (inlet, sensors) = outlet.get_io().await.unwrap();
    assert_eq!(inlet.unwrap().rid(), "/tfwopaque/inlet.0");
    assert_eq!(sensors.len(), 2);
    let parents = outlet.get_parents().await.unwrap();
    assert_eq!(
        parents[0].cast::<Inlet>().unwrap().rid(),
        "/tfwopaque/inlet.0"
    );
    let open = outlet.open("u", Some(&outlet));
    let (_, token) = open.clone().await.unwrap();
    assert_eq!(token, "u from Some(\"/model/pdu/0/outlet/0\")");
    let (code, _, same) = open.code().await.unwrap();
    assert_eq!((code.value(), same), (0, token));

    outlet
        .set_settings(sparse_::Settings {
            name: Some("db".into()),
            ..Default::default()
        })
        .await
        .unwrap();
    let mut settings = outlet.get_settings().await.unwrap();
    assert_eq!((settings.name.as_str(), settings.cycle_delay), ("db", 10));
    settings.cycle_delay = 3;
    outlet.set_settings(settings).await.unwrap();
    assert_eq!(outlet.get_settings().await.unwrap().cycle_delay, 3);

    let info = outlet.get_type_info().await.unwrap();
    assert_eq!(
        info.chain()
            .iter()
            .map(xerus_rpc::WireId::as_str)
            .collect::<Vec<_>>(),
        ["pdumodel.Outlet:3.0.1", "pdumodel.EDevice:1.0.1"]
    );

    // A value that JSON cannot hold is the servant's fault.
    assert_eq!(
        outlet.get_limit().await.unwrap_err().rpc_code(),
        Some(-32603)
    );
    let before = transport.calls();
    let results = agent
        .bulk((outlet.get_label(), outlet.get_state()))
        .await
        .unwrap();
    assert!(results.0.is_ok() && results.1.is_ok());
    assert_eq!(transport.calls(), before + 1);
}

#[tokio::test]
async fn requests_of_all_known_clients_are_understood() {
    for (body, id) in [
        (r#"{"method": "getLabel", "params": {}, "id": 6}"#, "6"),
        (
            r#"{"jsonrpc":"2.0","method":"getLabel","params":null,"id":0}"#,
            "0",
        ),
        (
            r#"{"jsonrpc":"2.0","method":"getLabel","id":"inlet"}"#,
            "\"inlet\"",
        ),
        (
            r#"{"jsonrpc":"2.0","method":"getLabel","params":[],"id":1.50}"#,
            "1.50",
        ),
        (
            r#"{"jsonrpc":"2.0","method":"get\u004cabel","params":{"more":1},"id":null}"#,
            "null",
        ),
        (
            r#"{"id":"\u00e4","params":{},"method":"getLabel"}"#,
            r#""\u00e4""#,
        ),
        (r#"{"method":"getLabel"}"#, "null"),
        ("\u{feff} {\"method\":\"getLabel\",\"id\":1} ", "1"),
    ] {
        let (status, answer) = raw(OUTLET, body).await;
        assert_eq!(status, 200);
        assert_eq!(
            answer,
            format!(r#"{{"jsonrpc":"2.0","result":{{"_ret_":"admin//-"}},"id":{id}}}"#),
            "{body}"
        );
    }
    for rid in [
        "//model/pdu/0/outlet/0",
        "/model/pdu/0/outlet/0/",
        "model/pdu/0/outlet/0",
        "/tfwopaque/pdumodel.Outlet:3.0.1/outlet.0",
    ] {
        assert_eq!(
            raw(rid, r#"{"method":"reset","id":1}"#).await,
            (200, r#"{"jsonrpc":"2.0","result":null,"id":1}"#.into())
        );
    }
}

#[tokio::test]
async fn bad_requests_get_the_error_that_belongs_to_them() {
    for (body, code, id) in [
        ("", -32700, "null"),
        ("{", -32700, "null"),
        ("{\"method\":\"getLabel\",\"id\":5} x", -32700, "null"),
        ("[{\"method\":\"getLabel\",\"id\":5}]", -32600, "null"),
        ("5", -32600, "null"),
        (r#"{"id":5}"#, -32600, "5"),
        (r#"{"method":7,"id":5}"#, -32600, "5"),
        (r#"{"method":"getLabel","id":{}}"#, -32600, "null"),
        (r#"{"method":"getLabel","id":1e616}"#, -32600, "null"),
        (r#"{"method":"getLabel","id":"\ud800"}"#, -32700, "null"),
        (r#"{"method":"a","method":"b","id":5}"#, -32600, "null"),
        (r#"{"method":"nothing","id":5}"#, -32601, "5"),
        (
            r#"{"method":"setPowerState","params":[],"id":5}"#,
            -32602,
            "5",
        ),
        (
            r#"{"method":"setPowerState","params":"x","id":5}"#,
            -32602,
            "5",
        ),
        (
            r#"{"method":"setPowerState","params":{},"id":5}"#,
            -32602,
            "5",
        ),
        (
            r#"{"method":"setPowerState","params":{"pstate":"on"},"id":5}"#,
            -32602,
            "5",
        ),
        (
            r#"{"method":"setPowerState","params":{"pstate":1,"pstate":0},"id":5}"#,
            -32602,
            "5",
        ),
    ] {
        let (status, answer) = raw(OUTLET, body).await;
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(
            (status, answer["error"]["code"].as_i64()),
            (200, Some(code)),
            "{body}"
        );
        assert_eq!(answer["id"].to_string(), id, "{body}");
        assert!(answer.get("result").is_none());
    }
    let many: String = (0..300).map(|n| format!(",\"p{n}\":1")).collect();
    let (_, answer) = raw(
        OUTLET,
        &format!(r#"{{"method":"reset","params":{{{}}},"id":5}}"#, &many[1..]),
    )
    .await;
    assert!(answer.contains("-32602"));
    let (status, answer) = raw("/nowhere", r#"{"method":"getLabel","id":"x"}"#).await;
    assert_eq!(status, 404);
    assert!(answer.contains(r#""id":"x""#) && answer.contains("\"error\""));
}

#[tokio::test]
async fn privileges_are_up_to_the_servant() {
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(router())));
    let error = Outlet::at(&agent, OUTLET)
        .set_power_state(PowerState::PsOn)
        .await
        .unwrap_err();
    assert!(error.is_permission_denied());
    assert_eq!(error.outcome(), Outcome::NotExecuted);
}

fn bulk(method: &str, requests: &str, more: &str) -> String {
    format!(r#"{{"method":"{method}","params":{{"requests":[{requests}]{more}}},"id":9}}"#)
}

#[tokio::test]
async fn bulk_requests() {
    let requests = [
        format!(r#"{{"rid":"{OUTLET}","json":{{"jsonrpc":"2.0","method":"reset","params":{{}},"id":11}}}}"#),
        r#"{"rid":"/nowhere","json":{"method":"reset","id":"b"}}"#.to_owned(),
        format!(r#"{{"json":{{"method":"nothing","id":13}},"rid":"{OUTLET}"}}"#),
        format!(r#"{{"rid":"/bulk","json":{}}}"#, bulk("performBulk", "", "")),
        format!(r#"{{"rid":"{OUTLET}","json":null}}"#),
    ]
    .join(",");
    let (status, answer) = raw("/bulk", &bulk("performBulk", &requests, "")).await;
    assert_eq!(status, 200);
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let responses = answer["result"]["responses"].as_array().unwrap();
    let shown: Vec<(i64, String, String)> = responses
        .iter()
        .map(|one| {
            let json = &one["json"];
            assert_eq!(json["jsonrpc"], "2.0");
            (
                one["statcode"].as_i64().unwrap(),
                json["id"].to_string(),
                json["error"]["code"].to_string(),
            )
        })
        .collect();
    let expected = [
        (200, "11", "null"),
        (404, "\"b\"", "-32601"),
        (200, "13", "-32601"),
        (200, "9", "-32600"),
        (200, "null", "-32600"),
    ];
    assert_eq!(
        shown,
        expected.map(|(status, id, code)| (status, id.to_owned(), code.to_owned()))
    );
    assert_eq!(answer["id"], 9);

    for params in [
        "",
        r#""requests":5"#,
        r#""requests":[{}]"#,
        r#""requests":[{"rid":"/x"}]"#,
    ] {
        let (_, answer) = raw(
            "/bulk",
            &format!(r#"{{"method":"performBulk","params":{{{params}}},"id":9}}"#),
        )
        .await;
        assert!(answer.contains("-32602"), "{answer}");
    }
    let (status, answer) = raw("/bulk", r#"{"method":"other","id":1}"#).await;
    assert!(status == 200 && answer.contains("-32601"));
}

/// The bulk object is an object like any other: it says what it is, alone and inside of a bulk.
#[tokio::test]
async fn the_bulk_object_says_its_type() {
    let own = r#"{"_ret_":{"id":"bulkrpc.BulkRequest:1.0.2","base":null}}"#;
    let request = r#"{"method":"getTypeInfo","id":7}"#;
    for rid in ["/bulk", "//bulk/"] {
        let (status, answer) = raw(rid, request).await;
        assert_eq!(status, 200, "{rid}");
        assert_eq!(
            answer,
            format!(r#"{{"jsonrpc":"2.0","result":{own},"id":7}}"#),
            "{rid}"
        );
    }
    let part = format!(r#"{{"rid":"/bulk","json":{request}}}"#);
    let (_, answer) = raw("/bulk", &bulk("performBulk", &part, "")).await;
    assert_eq!(
        answer,
        format!(
            r#"{{"jsonrpc":"2.0","result":{{"responses":[{{"json":{{"jsonrpc":"2.0","result":{own},"id":7}},"statcode":200}}]}},"id":9}}"#
        )
    );
}

#[tokio::test]
async fn the_other_forms_of_bulk_requests() {
    let inner = r#"{\"jsonrpc\":\"2.0\",\"method\":\"reset\",\"params\":null,\"id\":0}"#;
    let request = format!(r#"{{"rid":"{OUTLET}","json":"{inner}"}}"#);
    let (_, answer) = raw("/bulk", &bulk("performRequest", &request, "")).await;
    assert_eq!(
        answer,
        r#"{"jsonrpc":"2.0","result":{"responses":[{"json":"{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":0}","statcode":200}]},"id":9}"#
    );
    let request = format!(r#"{{"rid":"{OUTLET}","json":{{"method":"reset","id":1}}}}"#);
    let (_, answer) = raw(
        "/bulk",
        &bulk("performBulkTimeout", &request, ",\"timeoutMs\":0"),
    )
    .await;
    assert_eq!(
        answer,
        r#"{"jsonrpc":"2.0","result":{"responses":[]},"id":9}"#
    );
    let (_, answer) = raw(
        "/bulk",
        &bulk("performBulkTimeout", &request, ",\"timeoutMs\":60000"),
    )
    .await;
    assert!(answer.contains("\"statcode\":200"));
}

#[tokio::test]
async fn servants_come_and_go() {
    let router = router();
    assert_eq!(
        router.rids(),
        [OUTLET, "/tfwopaque/pdumodel.Outlet:3.0.1/outlet.0"]
    );
    assert_eq!(
        router.servant(OUTLET).unwrap().type_id().as_str(),
        "pdumodel.Outlet:3.0.1"
    );
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(router.clone())));
    assert!(router.remove("//model/pdu/0/outlet/0/"));
    assert!(!router.remove(OUTLET));
    let error = Outlet::at(&agent, OUTLET).get_label().await.unwrap_err();
    assert_eq!(error.http_status(), Some(404));
    router.insert(OUTLET, served::outlet(Device::new()));
    assert!(Outlet::at(&agent, OUTLET).get_label().await.is_ok());
}

#[tokio::test]
async fn faults_can_be_injected() {
    let transport =
        Arc::new(MemoryTransport::new(router()).with_context(Context::new().with_user("admin")));
    let agent = Agent::with_transport(transport.clone());
    let outlet = Outlet::at(&agent, OUTLET);
    let lost = || Error::new(xerus_rpc::ErrorKind::ConnectionLost).with_sent(true, false);

    transport.inject(move |request, _| {
        (request.name() == "setPowerState").then(|| Injected::LoseAnswer(lost()))
    });
    let error = outlet.set_power_state(PowerState::PsOn).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(
        outlet.get_state().await.unwrap().power_state,
        PowerState::PsOn,
        "it was executed all the same"
    );

    transport.inject(|_, id| {
        Some(Injected::Body(
            format!(r#"{{"jsonrpc":"2.0","result":null,"id":{}}}"#, id.get() + 1).into(),
        ))
    });
    assert_eq!(call_fault(outlet.reset().await).0, "Envelope.IdMismatch");
    transport.inject(|_, _| {
        Some(Injected::ReplaceAnswer(|body| {
            body[..body.len() / 2].to_vec()
        }))
    });
    assert_eq!(call_fault(outlet.get_state().await).0, "Json.Syntax");
    transport.inject(move |_, _| Some(Injected::Error(lost())));
    assert_eq!(call_fault(outlet.get_state().await).0, "ConnectionLost");
    transport.inject(|_, _| None);
    assert!(outlet.get_state().await.is_ok());
    assert_eq!(transport.calls(), 6);
}
