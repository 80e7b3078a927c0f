//! Which events are wanted, in the words of the device.

use xerus_api::event::channel::EventSelect;
use xerus_rpc::{Agent, Error, Object, Version, WireId};

use super::trouble::Verdict;

/// One kind of events that is wanted.
#[derive(Clone, Debug)]
pub(super) struct Demand {
    /// The type, as the bindings name it.
    pub(super) event: WireId,
    pub(super) of: Of,
}

/// Whose events are wanted.
#[derive(Clone, Debug)]
pub(super) enum Of {
    /// All objects that have such events.
    All,
    /// The same, of the version that the interface of this object has.
    AllLike(Object),
    /// This object.
    Only(Object),
}

impl Demand {
    fn object(&self) -> Option<&Object> {
        match &self.of {
            Of::All => None,
            Of::AllLike(object) | Of::Only(object) => Some(object),
        }
    }
}

/// All that is wanted, as the channel is told.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) types: Vec<WireId>,
    pub(super) selects: Vec<EventSelect>,
}

/// Says what is wanted with the versions that the device has. `again`: what it said of its types before may be out of date.
///
/// # Errors
///
/// When the device was asked for its types and is not there.
pub(super) async fn resolve(
    agent: &Agent,
    demands: &[Demand],
    again: bool,
) -> Result<Wanted, Error> {
    let unclear = |demand: &Demand| {
        let object = demand.object()?;
        let known = object
            .wire_id()
            .is_some_and(|id| !again && adapted(&demand.event, std::slice::from_ref(id)).is_some());
        (has_interface(&demand.event) && !known).then(|| object.get_type_info())
    };
    let told = match agent.bulk(demands.iter().map(unclear)).await {
        Ok(told) => told.into_vec(),
        Err(error) if Verdict::of(&error) == Verdict::Passing => return Err(error),
        Err(_) => Vec::new(),
    };
    let told = told.into_iter().chain(std::iter::repeat_with(|| None));
    let mut wanted = Wanted::default();
    for (demand, told) in demands.iter().zip(told) {
        let reported = demand.object().and_then(Object::wire_id);
        let chain = match &told {
            Some(Ok(info)) => info.chain(),
            // A device that does not tell its types is told those of the bindings.
            _ => reported.map(std::slice::from_ref).unwrap_or_default(),
        };
        let event = adapted(&demand.event, chain).unwrap_or_else(|| demand.event.clone());
        match &demand.of {
            Of::All | Of::AllLike(_) => wanted.types.push(event),
            Of::Only(object) => {
                let select = EventSelect {
                    r#type: event,
                    src: Some(object.clone()),
                    ..EventSelect::default()
                };
                wanted.selects.push(select);
            }
        }
    }
    Ok(wanted)
}

/// Whether the event is one of an interface: `pdumodel.Outlet.StateChangedEvent`, not `event.UserEvent`.
fn has_interface(event: &WireId) -> bool {
    event.segments().count() > 2
}

/// The type of the event in the version of the interface that is among these types.
pub(super) fn adapted(event: &WireId, chain: &[WireId]) -> Option<WireId> {
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
            let adapted = adapted(&event, &ids(chain));
            assert_eq!(
                adapted.as_ref().map(WireId::as_str),
                told,
                "{event} {chain:?}"
            );
        }
    }
}
