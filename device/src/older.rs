//! What other firmware has in another way, and what is done about it: the adapters of this crate.
//!
//! Which calls need one follows from the published interface descriptions of all firmwares, `docs/any-firmware.md`. Calls that need one
//! and have none are refused before anything is sent (`Config.MajorMismatch`).

use xerus_api::pdumodel::Outlet;
use xerus_rpc::{Agent, Error, Interface, Object, Version, WireId};

/// A part that the device refers to, to be read, whatever its major version: what only reads is the same in all that were published.
pub(crate) fn to_read<T: Interface>(part: &Object) -> T {
    part.assume()
}

/// An outlet, to be switched. Between the major versions that were published, `getState`, `setPowerState` and `cyclePowerState` are the
/// same; of another one nobody knows what it would do.
///
/// # Errors
///
/// `Config.MajorMismatch` for a major version that is not known, another [`CastError`](xerus_rpc::CastError) for what is no outlet.
pub(crate) fn to_switch(outlet: &Outlet, agent: &Agent) -> Result<Outlet, Error> {
    const KNOWN: std::ops::RangeInclusive<u32> = 2..=3;
    let object = outlet.as_object().with_agent(agent);
    match object.wire_id() {
        Some(id)
            if id.scoped_name() == "pdumodel.Outlet" && KNOWN.contains(&id.version().major) =>
        {
            Ok(object.assume())
        }
        Some(_) => Ok(object.cast()?),
        // Made from a resource id: taken for what the program says.
        None => Ok(Outlet::from_object(object)),
    }
}

/// The type of an event in the version of the interface that is among these types: those of the object that raises it.
pub(crate) fn event_type(event: &WireId, chain: &[WireId]) -> Option<WireId> {
    if !has_interface(event) {
        return Some(event.clone());
    }
    let own = event.segments().next_back()?;
    let scope: Vec<&str> = event.segments().map(|segment| segment.name).collect();
    let scope = &scope[..scope.len() - 1];
    let interface = chain.iter().find(|id| {
        id.segments()
            .map(|segment| segment.name)
            .eq(scope.iter().copied())
    })?;
    let name = interface.scoped_name();
    let version = interface.version();
    // Names without a version are those of version 1.0.0.
    let scope = if version == Version::ONE {
        name.to_owned()
    } else {
        format!(
            "{name}_{}_{}_{}",
            version.major, version.submajor, version.minor
        )
    };
    WireId::new(format!("{scope}.{}:{}", own.name, own.version)).ok()
}

/// Whether the event is one of an interface: `pdumodel.Outlet.StateChangedEvent`, not `event.UserEvent`.
pub(crate) fn has_interface(event: &WireId) -> bool {
    event.segments().count() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_takes_the_version_of_its_interface() {
        let ids = |texts: &[&str]| -> Vec<WireId> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let changed = "pdumodel.Outlet_3_0_4.StateChangedEvent:1.0.0";
        for (event, chain, told) in [
            (
                changed,
                &["pdumodel.Outlet:2.1.5"][..],
                Some("pdumodel.Outlet_2_1_5.StateChangedEvent:1.0.0"),
            ),
            (
                changed,
                &["pdumodel.Outlet:1.0.0"],
                Some("pdumodel.Outlet.StateChangedEvent:1.0.0"),
            ),
            (
                "sensors.NumericSensor_5_0_0.ReadingChangedEvent:1.0.2",
                &[
                    "sensors.AccumulatingNumericSensor:2.0.6",
                    "sensors.NumericSensor:4.0.6",
                    "sensors.Sensor:4.0.5",
                ],
                Some("sensors.NumericSensor_4_0_6.ReadingChangedEvent:1.0.2"),
            ),
            (changed, &["pdumodel.Inlet:3.0.1"], None),
            (changed, &[], None),
            (
                "event.UserEvent:1.0.0",
                &["pdumodel.Inlet:3.0.1"],
                Some("event.UserEvent:1.0.0"),
            ),
        ] {
            let event: WireId = event.parse().unwrap();
            let adapted = event_type(&event, &ids(chain));
            assert_eq!(
                adapted.as_ref().map(WireId::as_str),
                told,
                "{event} {chain:?}"
            );
        }
    }

    #[test]
    fn an_outlet_is_switched_in_the_versions_that_are_known() {
        let outlet = |id: &str| Outlet::from_object(Object::detached("/o", id.parse().unwrap()));
        let agent = outlet("pdumodel.Outlet:3.0.4").agent().clone();
        for known in [
            "pdumodel.Outlet:2.0.0",
            "pdumodel.Outlet:2.1.9",
            "pdumodel.Outlet:3.0.9",
        ] {
            let adapted = to_switch(&outlet(known), &agent).unwrap();
            assert_ne!(
                adapted.compatibility(),
                xerus_rpc::Compatibility::MajorMismatch,
                "{known}"
            );
        }
        for unknown in ["pdumodel.Outlet:1.0.0", "pdumodel.Outlet:4.0.0"] {
            let error = to_switch(&outlet(unknown), &agent).unwrap_err();
            assert_eq!(error.code(), "Config.MajorMismatch", "{unknown}");
        }
        assert!(to_switch(&outlet("pdumodel.Inlet:3.0.0"), &agent).is_err());
    }
}
