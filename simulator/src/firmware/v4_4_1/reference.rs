//! Names of objects: opaque and well-known resource ids, and references to them.

use xerus_rpc::{Interface, Object, WireId};

use super::make_up::MakeUp;
use super::measured::measured;
use super::place::{Line, Place};
use super::quantity::Quantity;
use super::sensor_id::{SensorId, StateSensorId};
use crate::api::{pdumodel, sensors};

/// One object of the device: what it is called and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The resource id that references carry.
    pub(crate) opaque: String,
    /// The most derived type.
    pub(crate) type_id: &'static str,
    /// Resource ids that documentation names.
    pub(crate) well_known: Vec<String>,
}

impl Name {
    /// Names an object of type `I`, the `instance` of its kind.
    pub(crate) fn new<I: Interface>(instance: &str, well_known: Vec<String>) -> Self {
        Self {
            opaque: format!("/tfwopaque/{}/{instance}", I::TYPE_ID),
            type_id: I::TYPE_ID,
            well_known,
        }
    }

    /// Every resource id that the object answers to.
    pub(crate) fn all(&self) -> impl Iterator<Item = &String> {
        self.well_known.iter().chain([&self.opaque])
    }

    /// A reference to the object.
    pub(crate) fn object(&self) -> Object {
        let wire_id: WireId = self
            .type_id
            .parse()
            .expect("the type id of a generated interface is a wire id");
        Object::detached(&self.opaque, wire_id)
    }

    /// A reference of a declared type.
    pub(crate) fn to<I: Interface>(&self) -> Option<I> {
        Some(I::from_object(self.object()))
    }

    /// A reference of a declared type, as element of a vector.
    pub(crate) fn element<I: Interface>(&self) -> I {
        I::from_object(self.object())
    }
}

/// The primary unit answers to 0 and to 1.
fn on_pdu(path: &str) -> Vec<String> {
    vec![format!("/model/pdu/0{path}"), format!("/model/pdu/1{path}")]
}

/// As [`on_pdu`], and without the unit.
fn on_model(path: &str) -> Vec<String> {
    let mut names = on_pdu(path);
    names.push(format!("/model{path}"));
    names
}

pub(crate) fn pdu() -> Name {
    Name::new::<pdumodel::Pdu>("pdu.0", on_pdu(""))
}

pub(crate) fn outlet(index: usize) -> Name {
    Name::new::<pdumodel::Outlet>(
        &format!("outlet.{index}"),
        on_model(&format!("/outlet/{index}")),
    )
}

pub(crate) fn inlet(index: usize) -> Name {
    Name::new::<pdumodel::Inlet>(
        &format!("inlet.{index}"),
        on_model(&format!("/inlet/{index}")),
    )
}

pub(crate) fn ocp(index: usize) -> Name {
    Name::new::<pdumodel::OverCurrentProtector>(
        &format!("ocp.{index}"),
        on_model(&format!("/ocp/{index}")),
    )
}

/// A numeric sensor, with the most derived type for what it measures.
pub(crate) fn sensor(id: SensorId) -> Name {
    let facts = id.quantity.facts();
    let instance = match id.place {
        Place::Slot(slot) => format!("EXT{slot:02}N"),
        place => format!("{}{}", prefix(place), facts.instance),
    };
    let member = facts.member;
    let well_known = match id.place {
        Place::Slot(slot) => vec![format!("/model/peripheraldeviceslot/{slot}/device")],
        Place::Pdu => on_pdu(&format!("/{member}")),
        Place::Inlet(inlet) => on_model(&format!("/inlet/{inlet}/{member}")),
        Place::Pole(inlet, line) => {
            on_model(&format!("/inlet/{inlet}/pole/{}/{member}", line.index()))
        }
        Place::Outlet(outlet) => on_model(&format!("/outlet/{outlet}/{member}")),
        Place::Ocp(ocp) => on_model(&format!("/ocp/{ocp}/{member}")),
    };
    if facts.accumulates {
        Name::new::<sensors::AccumulatingNumericSensor>(&instance, well_known)
    } else if id.quantity == Quantity::ResidualCurrent {
        Name::new::<pdumodel::TypeBResidualCurrentNumericSensor>(&instance, well_known)
    } else {
        Name::new::<sensors::NumericSensor>(&instance, well_known)
    }
}

/// A reference to a numeric sensor, if `place` has one for `quantity`.
pub(crate) fn sensor_at<I: Interface>(
    make_up: &MakeUp,
    place: Place,
    quantity: Quantity,
) -> Option<I> {
    if !measured(make_up, place).contains(&quantity) {
        return None;
    }
    sensor(SensorId::new(place, quantity)).to()
}

pub(crate) fn state_sensor(id: StateSensorId) -> Name {
    match id {
        StateSensorId::OutletState(outlet) => Name::new::<sensors::StateSensor>(
            &format!("O{outlet}OutletState"),
            on_model(&format!("/outlet/{outlet}/outletState")),
        ),
        StateSensorId::Trip(ocp) => Name::new::<pdumodel::OverCurrentProtectorTripSensor>(
            &format!("C{ocp}Trip"),
            on_model(&format!("/ocp/{ocp}/trip")),
        ),
        StateSensorId::ResidualCurrent(inlet) => Name::new::<pdumodel::ResidualCurrentStateSensor>(
            &format!("I{inlet}ResidualCurrentState"),
            on_model(&format!("/inlet/{inlet}/residualCurrentStatus")),
        ),
        StateSensorId::PowerSupply(index) => {
            Name::new::<sensors::StateSensor>(&format!("PowerSupply{index}Status"), Vec::new())
        }
    }
}

fn prefix(place: Place) -> String {
    match place {
        Place::Pdu => "Pdu".to_owned(),
        Place::Inlet(inlet) => format!("I{inlet}"),
        Place::Pole(inlet, Line::Neutral) => format!("I{inlet}N"),
        Place::Pole(inlet, line) => format!("I{inlet}P{}", line.index()),
        Place::Outlet(outlet) => format!("O{outlet}"),
        Place::Ocp(ocp) => format!("C{ocp}"),
        Place::Slot(slot) => format!("S{slot}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_those_of_real_devices() {
        let name = outlet(3);
        assert_eq!(name.opaque, "/tfwopaque/pdumodel.Outlet:3.0.1/outlet.3");
        assert_eq!(
            name.well_known,
            [
                "/model/pdu/0/outlet/3",
                "/model/pdu/1/outlet/3",
                "/model/outlet/3"
            ]
        );
        let energy = sensor(SensorId::new(Place::Outlet(3), Quantity::ActiveEnergy));
        assert_eq!(
            energy.opaque,
            "/tfwopaque/sensors.AccumulatingNumericSensor:2.0.6/O3ActiveEnergy"
        );
        let pole = sensor(SensorId::new(Place::Pole(0, Line::L1), Quantity::Current));
        assert_eq!(
            pole.opaque,
            "/tfwopaque/sensors.NumericSensor:4.0.6/I0P0Current"
        );
        assert_eq!(pole.well_known[0], "/model/pdu/0/inlet/0/pole/0/current");
    }
}
