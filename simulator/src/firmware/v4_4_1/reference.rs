//! Names of objects: opaque and well-known resource ids, and references to them.

use xerus_api::{
    assetmgrmodel, bulkcfg, cascading, datetime, event, firmware, logging, pdumodel, peripheral,
    rawcfg, sensors, usermgmt,
};
use xerus_rpc::Interface;

use crate::firmware::Name;
use crate::model::{
    Line, MakeUp, Place, Quantity, SensorId, Source, StateSensorId, TransferSensor,
};

/// The object that an event comes from.
pub(super) fn source(source: Source) -> Name {
    match source {
        Source::Pdu => pdu(),
        Source::Inlet(index) => inlet(index),
        Source::Ocp(index) => ocp(index),
        Source::Outlet(index) => outlet(index),
        Source::Slot(index) => slot(index),
        Source::Sensor(id) => sensor(id),
        Source::StateSensor(id) => state_sensor(id),
        Source::Users => Name::single::<usermgmt::UserManager>("/auth/user"),
        Source::Roles => Name::single::<usermgmt::RoleManager>("/auth/role"),
        Source::Groups => Name::single::<pdumodel::OutletGroupManager>("/model/outletgroup"),
        Source::Group(id) => group(id),
        Source::TransferSwitch => transfer_switch(),
        Source::Strip(index) => strip(index),
        Source::StripSettings(index) => strip_settings(index),
        Source::Cascade => Name::single::<cascading::CascadeManager>("/cascade"),
        Source::Firmware => Name::single::<firmware::Firmware>("/firmware"),
        Source::RawConfiguration => Name::single::<rawcfg::RawConfiguration>("/rawcfg"),
        Source::BulkConfiguration => Name::single::<bulkcfg::BulkConfiguration>("/bulkcfg"),
        Source::EventLog => Name::single::<logging::EventLog>("/eventlog"),
        Source::Clock => Name::single::<datetime::DateTime>("/datetime"),
        Source::Security => super::security::name(),
        Source::Snmp => super::snmp::name(),
        Source::DataPush => Name::single::<event::DataPushService>("/datapush"),
    }
}

pub(super) fn slot(slot: usize) -> Name {
    Name::new::<peripheral::DeviceSlot>(
        &format!("pDevSlot.{slot}"),
        vec![format!("/model/peripheraldeviceslot/{slot}")],
    )
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

pub(super) fn pdu() -> Name {
    Name::new::<pdumodel::Pdu>("pdu.0", on_pdu(""))
}

pub(super) fn outlet(index: usize) -> Name {
    Name::new::<pdumodel::Outlet>(
        &format!("outlet.{index}"),
        on_model(&format!("/outlet/{index}")),
    )
}

pub(super) fn inlet(index: usize) -> Name {
    Name::new::<pdumodel::Inlet>(
        &format!("inlet.{index}"),
        on_model(&format!("/inlet/{index}")),
    )
}

pub(super) fn group(id: i32) -> Name {
    Name::new::<pdumodel::OutletGroup>(
        &format!("outletgroup.{id}"),
        vec![format!("/model/outletgroup/{id}")],
    )
}

pub(super) fn transfer_switch() -> Name {
    Name::new::<pdumodel::TransferSwitch>("transferswitch.0", on_model("/transferswitch/0"))
}

pub(super) fn strip(index: usize) -> Name {
    Name::new::<assetmgrmodel::AssetStrip>(&format!("assetstrip.{index}"), Vec::new())
}

pub(super) fn strip_settings(index: usize) -> Name {
    Name::new::<assetmgrmodel::AssetStripConfig>(&format!("assetstripconfig.{index}"), Vec::new())
}

pub(super) fn ocp(index: usize) -> Name {
    Name::new::<pdumodel::OverCurrentProtector>(
        &format!("ocp.{index}"),
        on_model(&format!("/ocp/{index}")),
    )
}

/// A numeric sensor, with the most derived type for what it measures.
pub(super) fn sensor(id: SensorId) -> Name {
    let instance = match id.place {
        Place::Slot(slot) => format!("EXT{slot:02}N"),
        place => format!("{}{}", prefix(place), id.quantity.instance()),
    };
    let member = id.quantity.name();
    let well_known = match id.place {
        Place::Slot(slot) => vec![format!("/model/peripheraldeviceslot/{slot}/device")],
        Place::Pdu => on_pdu(&format!("/{member}")),
        Place::Inlet(inlet) => on_model(&format!("/inlet/{inlet}/{member}")),
        Place::LinePair(inlet, pair) => on_model(&format!(
            "/inlet/{inlet}/linePair/{}/{member}",
            pair.index()
        )),
        Place::Pole(inlet, line) => {
            on_model(&format!("/inlet/{inlet}/pole/{}/{member}", line.index()))
        }
        Place::Outlet(outlet) => on_model(&format!("/outlet/{outlet}/{member}")),
        Place::Group(group) => vec![format!("/model/outletgroup/{group}/{member}")],
        Place::Ocp(ocp) => on_model(&format!("/ocp/{ocp}/{member}")),
    };
    if id.quantity.accumulates() {
        Name::new::<sensors::AccumulatingNumericSensor>(&instance, well_known)
    } else if id.quantity == Quantity::ResidualCurrent {
        Name::new::<pdumodel::TypeBResidualCurrentNumericSensor>(&instance, well_known)
    } else {
        Name::new::<sensors::NumericSensor>(&instance, well_known)
    }
}

/// A reference to a numeric sensor, if `place` has one for `quantity`.
pub(super) fn sensor_at<I: Interface>(
    make_up: &MakeUp,
    place: Place,
    quantity: Quantity,
) -> Option<I> {
    if !make_up.measured(place).contains(&quantity) {
        return None;
    }
    sensor(SensorId::new(place, quantity)).to()
}

pub(super) fn state_sensor(id: StateSensorId) -> Name {
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
        StateSensorId::Transfer(sensor) => {
            let member = match sensor {
                TransferSensor::SelectedSource => "selectedSource",
                TransferSensor::Operation => "operationalState",
                TransferSensor::OverloadAlarm => "overloadAlarm",
                TransferSensor::PhaseSyncAlarm => "phaseSyncAlarm",
                TransferSensor::SwitchFault => "switchFault",
                TransferSensor::InstallFaultAlarm => "installFaultAlarm",
                TransferSensor::OutputStatus => "outputStatus",
            };
            Name::new::<sensors::StateSensor>(
                &format!("TS0{member}"),
                on_model(&format!("/transferswitch/0/{member}")),
            )
        }
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
        Place::Group(group) => format!("G{group}"),
        Place::LinePair(inlet, pair) => format!("I{inlet}LP{}", pair.index()),
        Place::Slot(slot) => format!("S{slot}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_those_of_real_devices() {
        let name = outlet(3);
        assert_eq!(name.opaque, "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.3");
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
            "/tfwopaque/sensors.AccumulatingNumericSensor:2.0.10/O3ActiveEnergy"
        );
        let pole = sensor(SensorId::new(Place::Pole(0, Line::L1), Quantity::Current));
        assert_eq!(
            pole.opaque,
            "/tfwopaque/sensors.NumericSensor:4.0.9/I0P0Current"
        );
        assert_eq!(pole.well_known[0], "/model/pdu/0/inlet/0/pole/0/current");
    }
}
