//! What happens when the bindings do not fit: references inside answers, and the way to the bindings that do.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::sync::Arc;

use mixed_fleet::pdu::{Power, Switched};
use mixed_fleet::{old_device, pdu, v3, v4};
use xerus_rpc::{Agent, Compatibility, MemoryTransport, Outcome, Settings};

/// A device with firmware 3.6.80 and three outlets, and what was sent to it.
fn old() -> (Agent, old_device::Relays, Arc<MemoryTransport>) {
    let (objects, relays) = old_device::objects(3);
    let transport = Arc::new(MemoryTransport::new(objects));
    let mut settings = Settings::default();
    // Bindings that fit need no leniency.
    settings.strict = true;
    let agent = Agent::with_settings(transport.clone(), settings);
    (agent, relays, transport)
}

#[tokio::test]
async fn references_of_another_major_version_are_not_called() {
    let (agent, relays, transport) = old();
    // Somebody takes it for granted that this is a new device. The question is understood by the old one, too.
    let outlets = v4::pdumodel::Pdu::at(&agent, "/model/pdu/0")
        .get_outlets()
        .await
        .unwrap();
    assert_eq!((outlets.len(), transport.calls()), (3, 1));

    let outlet = &outlets[0];
    assert_eq!(outlet.compatibility(), Compatibility::MajorMismatch);
    assert_eq!(outlet.wire_id().unwrap().as_str(), "pdumodel.Outlet:2.1.9");
    let off = v4::pdumodel::outlet::PowerState::PsOff;
    let error = outlet.set_power_state(off).await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Config.MajorMismatch", Outcome::NotExecuted)
    );
    assert!(
        error
            .to_string()
            .contains("the object is a pdumodel.Outlet:2.1.9"),
        "{error}"
    );
    // In bulk as well: each is refused, and there is nothing left to send.
    let results = agent
        .bulk(outlets.iter().map(|outlet| outlet.set_power_state(off)))
        .await
        .unwrap();
    for result in results {
        assert_eq!(result.unwrap_err().code(), "Config.MajorMismatch");
    }
    assert_eq!(transport.calls(), 1, "something was sent");
    let on = v3::pdumodel::outlet::PowerState::PsOn;
    assert!((0..3).all(|outlet| relays.get(outlet) == Some(on)));
}

#[tokio::test]
async fn such_a_reference_can_be_cast_to_the_bindings_that_fit() {
    let (agent, relays, transport) = old();
    let outlets = v4::pdumodel::Pdu::at(&agent, "/model/pdu/0")
        .get_outlets()
        .await
        .unwrap();
    let outlet: v3::pdumodel::Outlet = outlets[1].cast().unwrap();
    assert_eq!(outlet.compatibility(), Compatibility::Compatible);
    assert_eq!(outlet.get_settings().await.unwrap().name, "Shelf 2");
    let off = v3::pdumodel::outlet::PowerState::PsOff;
    outlet.set_power_state(off).await.unwrap();
    assert_eq!(relays.get(1), Some(off));
    assert_eq!(transport.calls(), 3);
    // Back again it does not fit.
    assert!(outlet.cast::<v4::pdumodel::Outlet>().is_err());
}

#[tokio::test]
async fn the_program_finds_the_bindings_that_fit() {
    let (agent, relays, transport) = old();
    let pdu = pdu::open(&agent, "/model/pdu/0").await.unwrap();
    let survey = pdu.survey().await.unwrap();
    assert_eq!(survey.types.bindings, v3::pdumodel::Pdu::TYPE_ID);
    // Members that 4.0 renamed and that it added.
    assert_eq!(survey.bus_errors, 6);
    assert_eq!(survey.outlets.len(), 3);
    for outlet in survey.outlets {
        let outlet = outlet.unwrap();
        assert_eq!((outlet.power, outlet.suspended), (Power::On, None));
        assert_eq!(outlet.types.bindings, v3::pdumodel::Outlet::TYPE_ID);
    }
    assert_eq!(transport.calls(), 3);
    assert_eq!(pdu.switch(2).await.unwrap(), Switched::Now(Power::Off));
    assert_eq!(pdu.switch(2).await.unwrap(), Switched::Now(Power::On));
    assert_eq!(pdu.switch(3).await.unwrap(), Switched::NoSuchOutlet);
    let on = v3::pdumodel::outlet::PowerState::PsOn;
    assert_eq!(relays.get(2), Some(on));
}

/// The differences are real: the bindings of the other firmware do not read what this one sends.
#[tokio::test]
async fn the_wrong_bindings_do_not_do() {
    let (agent, _, _) = old();
    let taken_for_new = v4::pdumodel::Pdu::at(&agent, "/model/pdu/0");
    let error = taken_for_new.get_statistic().await.unwrap_err();
    assert_eq!(
        (error.code(), error.path().as_deref()),
        (
            "Decode.MissingField",
            Some("_ret_.ctrlStats[0].mainCSumErrCnt")
        )
    );
    // Read leniently it would be worse: no errors on the bus, where there are six.
    let lenient = Agent::with_transport(Arc::new(MemoryTransport::new(old_device::objects(1).0)));
    let statistic = v4::pdumodel::Pdu::at(&lenient, "/model/pdu/0")
        .get_statistic()
        .await
        .unwrap();
    let first = &statistic.ctrl_stats[0];
    assert_eq!(first.main_c_sum_err_cnt, 0);
    assert!(first.extra_.is_missing("mainCSumErrCnt"));
    let unknown: Vec<_> = first.extra_.unknown().map(|(name, _)| name).collect();
    assert_eq!(unknown, ["masterCSumErrCnt", "slaveCSumErrCnt"]);
}
