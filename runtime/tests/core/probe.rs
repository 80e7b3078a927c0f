//! From a resource id to the proxy that fits: asking an object what it is, and choosing among bindings.

use std::sync::{Arc, Mutex};

use xerus_rpc::rt::{ReaderOptions, Registry, TypeEntry, decode};
use xerus_rpc::{
    Agent, CastError, Compatibility, Error, Interface, Object, Outcome, Version, WireId,
};

use crate::aids::{agent, answering, call_fault};
use crate::support::pdumodel::{EDevice, Inlet, Outlet};

/// Bindings of an older firmware: the same outlet in another major version.
mod old {
    use super::*;

    static REGISTRY: Registry = Registry::new(
        &[TypeEntry::interface(
            "pdumodel.Outlet",
            "pdumodel.Outlet:2.1.9",
            Version::new(2, 1, 9),
            None,
        )],
        &[],
    );

    #[derive(Clone)]
    pub(super) struct Outlet(Object);

    impl Interface for Outlet {
        const TYPE_ID: &'static str = "pdumodel.Outlet:2.1.9";
        const VERSION: Version = Version::new(2, 1, 9);

        fn registry() -> &'static Registry {
            &REGISTRY
        }

        fn from_object(object: Object) -> Self {
            Self(object)
        }

        fn as_object(&self) -> &Object {
            &self.0
        }
    }
}

/// The `result` of `getTypeInfo` for a chain of types.
fn type_info(chain: &[&str]) -> String {
    let info = chain.iter().rev().fold("null".to_owned(), |base, id| {
        format!(r#"{{"id":"{id}","base":{base}}}"#)
    });
    format!(r#"{{"_ret_":{info}}}"#)
}

async fn probed(chain: &[&str]) -> Object {
    let agent = answering(&type_info(chain));
    Object::at(&agent, "/r").probe().await.unwrap()
}

#[tokio::test]
async fn an_object_that_was_asked_knows_what_it_is() {
    let agent = answering(&type_info(&[
        "pdumodel.Outlet:3.0.4",
        "pdumodel.EDevice:1.0.1",
    ]));
    let asked = Object::at(&agent, "/model/pdu/0/outlet/3");
    assert_eq!((asked.wire_id(), asked.type_info()), (None, None));
    assert_eq!(asked.cast::<Outlet>().unwrap_err(), CastError::NotReported);

    let object = asked.probe().await.unwrap();
    assert_eq!(object, asked);
    assert_eq!(object.wire_id().unwrap().as_str(), "pdumodel.Outlet:3.0.4");
    let chain = object.type_info().unwrap().chain();
    assert_eq!(
        chain.iter().map(WireId::as_str).collect::<Vec<_>>(),
        ["pdumodel.Outlet:3.0.4", "pdumodel.EDevice:1.0.1"]
    );
    assert_eq!(
        format!("{object:?}"),
        "pdumodel.Outlet:3.0.4(/model/pdu/0/outlet/3)"
    );
    let outlet: Outlet = object.cast().unwrap();
    assert_eq!(outlet.compatibility(), Compatibility::Compatible);
    // The proxy talks to the same device.
    assert!(outlet.agent().origin() == agent.origin());
}

#[tokio::test]
async fn the_question_is_a_call_like_any_other() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let agent = agent(move |request, id| {
        let text = String::from_utf8_lossy(request.args().by_name()).into_owned();
        log.lock()
            .unwrap()
            .push((request.target().to_owned(), request.name().to_owned()));
        let ids: Vec<&str> = text
            .split("\"id\":")
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .collect();
        let item = |index: usize, type_id: &str| {
            let result = type_info(&[type_id]);
            let number = ids[index];
            format!(
                r#"{{"json":{{"jsonrpc":"2.0","result":{result},"id":{number}}},"statcode":200}}"#
            )
        };
        let responses = [item(0, "pdumodel.Outlet:3.0.1"), item(1, "x.Y:1.0.0")].join(",");
        Ok(format!(
            r#"{{"jsonrpc":"2.0","result":{{"responses":[{responses}]}},"id":{id}}}"#
        ))
    });
    let call = Object::at(&agent, "/a").probe();
    assert_eq!((call.rid(), call.method()), ("/a", "getTypeInfo"));
    let objects = agent
        .bulk(["/a", "/b"].map(|rid| Object::at(&agent, rid).probe()))
        .await
        .unwrap();
    let shown: Vec<String> = objects
        .into_iter()
        .map(|object| format!("{:?}", object.unwrap()))
        .collect();
    assert_eq!(shown, ["pdumodel.Outlet:3.0.1(/a)", "x.Y:1.0.0(/b)"]);
    assert_eq!(
        *seen.lock().unwrap(),
        [("/bulk".to_owned(), "performBulk".to_owned())]
    );
}

#[tokio::test]
async fn a_device_too_old_for_the_question() {
    let agent = agent(|_, id| {
        Ok(format!(
            r#"{{"jsonrpc":"2.0","error":{{"code":-32601,"message":"Method not found."}},"id":{id}}}"#
        ))
    });
    let error = Object::at(&agent, "/model/pdu/0")
        .probe()
        .await
        .unwrap_err();
    assert!(error.is_method_not_found());
    let line = error.to_string();
    assert!(
        line.contains("firmware up to 2.2 cannot say what its objects are")
            && line.ends_with("(getTypeInfo on /model/pdu/0)"),
        "{line}"
    );
    // Any other missing method is not about types.
    let error = Outlet::at(&agent, "/r").get_label().await.unwrap_err();
    assert!(!error.to_string().contains("firmware up to"), "{error}");
}

#[tokio::test]
async fn what_the_device_says_it_extends_counts() {
    // Nobody knows the type, but the device says what it extends.
    let fancy = probed(&[
        "pdumodel.FancyOutlet:1.0.0",
        "pdumodel.Outlet:3.0.4",
        "pdumodel.EDevice:1.0.0",
    ])
    .await;
    let outlet: Outlet = fancy.cast().unwrap();
    assert_eq!(outlet.compatibility(), Compatibility::Compatible);
    assert_eq!(
        outlet.wire_id().unwrap().as_str(),
        "pdumodel.FancyOutlet:1.0.0"
    );
    let device: EDevice = fancy.cast().unwrap();
    assert_eq!(device.compatibility(), Compatibility::OlderMinor);
    assert!(matches!(
        fancy.cast::<Inlet>(),
        Err(CastError::UnknownType(_))
    ));

    // An outlet of the future is no outlet that we know, but still a device that we know.
    let future = probed(&["pdumodel.Outlet:9.0.0", "pdumodel.EDevice:1.7.1"]).await;
    assert_eq!(
        future.cast::<Outlet>().unwrap_err(),
        CastError::MajorMismatch("pdumodel.Outlet:9.0.0".parse().unwrap(), Outlet::TYPE_ID)
    );
    assert_eq!(
        future.cast::<EDevice>().unwrap().compatibility(),
        Compatibility::Compatible
    );

    // It is the version of the base that differs, so that is what is named.
    let fancy = probed(&["pdumodel.FancyOutlet:1.0.0", "pdumodel.Outlet:2.1.9"]).await;
    let line = fancy.cast::<Outlet>().unwrap_err().to_string();
    let facts = "the object is a pdumodel.Outlet:2.1.9, the bindings are made for pdumodel.Outlet:3.0.1: cast it";
    assert!(line.starts_with(facts), "{line}");
    // A device that names no bases: what the bindings know of the type has to do.
    let short = probed(&["pdumodel.Outlet:3.0.1"]).await;
    assert!(short.cast::<EDevice>().is_ok());
    assert!(matches!(
        short.cast::<Inlet>(),
        Err(CastError::Unrelated(..))
    ));
}

fn generation(object: &Object) -> Result<&'static str, CastError> {
    object
        .choose()
        .when(|_: Outlet| "new")
        .when(|_: old::Outlet| "old")
        .finish()
}

#[tokio::test]
async fn the_first_candidate_that_fits_is_taken() {
    for (id, chosen) in [
        ("pdumodel.Outlet:3.0.1", "new"),
        ("pdumodel.Outlet:3.0.0", "new"),
        ("pdumodel.Outlet:2.0.0", "old"),
        ("pdumodel.Outlet:2.9.9", "old"),
    ] {
        assert_eq!(generation(&probed(&[id]).await), Ok(chosen), "{id}");
    }
    let both = probed(&["pdumodel.Outlet:3.0.1"]).await;
    let chosen = both
        .choose()
        .when(|device: EDevice| device.as_object().clone())
        .when(|_: Outlet| unreachable!("the first one fits"))
        .finish();
    assert_eq!(chosen, Ok(both.clone()));
}

#[tokio::test]
async fn none_fits() {
    let future = probed(&["pdumodel.Outlet:99.0.0"]).await;
    let error = generation(&future).unwrap_err();
    let line = "pdumodel.Outlet:99.0.0 fits none of pdumodel.Outlet:3.0.1, pdumodel.Outlet:2.1.9";
    for way_out in [line, "choose picks", "assume it is the same"] {
        assert!(error.to_string().contains(way_out), "{error}");
    }
    let told = error.to_string();
    let error = Error::from(error);
    assert_eq!(error.to_string(), told, "nothing is lost on the way");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Config.MajorMismatch", Outcome::NotExecuted)
    );
    assert!(error.to_string().contains(line), "{error}");

    let other = probed(&["x.Y:1.0.0"]).await;
    let error = Error::from(generation(&other).unwrap_err());
    assert_eq!(
        (error.code(), error.outcome()),
        ("Decode.IncompatibleType", Outcome::NotExecuted)
    );
    assert!(
        error.to_string().contains(
            "expected one of pdumodel.Outlet:3.0.1, pdumodel.Outlet:2.1.9, found x.Y:1.0.0"
        ),
        "{error}"
    );

    let made = Object::at(&answering("null"), "/r");
    assert_eq!(generation(&made), Err(CastError::NotReported));
}

#[tokio::test]
async fn asking_is_possible_whatever_a_reference_claims_to_be() {
    let bound = |agent: &Agent| {
        let options = ReaderOptions::for_agent(agent);
        let text = br#"{"rid":"/r","type":"pdumodel.Outlet:9.0.0"}"#;
        decode::<Outlet>(text, &options).unwrap()
    };
    let outlet = bound(&answering(&type_info(&["pdumodel.Outlet:3.0.1"])));
    assert_eq!(outlet.compatibility(), Compatibility::MajorMismatch);
    let object = outlet.probe().await.unwrap();
    assert_eq!(object.compatibility(), Compatibility::Unchecked);
    assert!(object.cast::<Outlet>().is_ok());

    let outlet = bound(&answering("null"));
    assert_eq!(call_fault(outlet.probe().await).0, "Decode.NullNotAllowed");
}
