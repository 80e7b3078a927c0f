//! The transfer switch as an object of the device.

use std::sync::Arc;

use xerus_api::pdumodel::transfer_switch::{
    self, MetaData, Sensors, Settings, Statistics, TransferLogEntry, sparse_,
};
use xerus_api::pdumodel::{EDevice, ThrowPole, TransferSwitch, Waveform};
use xerus_api::server::pdumodel as traits;
use xerus_rpc::Time;
use xerus_rpc::server::{Context, Fault, Reply};

use super::answer::{self, ReturnCode};
use super::{parts, reference};
use crate::firmware::Name;
use crate::model::{
    Device, Line, Nameplate, Privilege, Rating, StateSensorId, Transfer, TransferReason,
    TransferRefusal, TransferSensor, TransferSettings, TransferStatistics,
};

impl ReturnCode for TransferRefusal {
    fn code(self) -> i32 {
        match self {
            Self::InvalidParam => TransferSwitch::ERR_INVALID_PARAM,
            Self::Prevented => TransferSwitch::ERR_SWITCH_PREVENTED,
            Self::Failed => TransferSwitch::ERR_SWITCH_FAILED,
        }
    }
}

fn reason(reason: TransferReason) -> transfer_switch::TransferReason {
    use transfer_switch::TransferReason as Sent;
    match reason {
        TransferReason::Startup => Sent::ReasonStartup,
        TransferReason::Manual => Sent::ReasonManualTransfer,
        TransferReason::AutoRetransfer => Sent::ReasonAutoRetransfer,
        TransferReason::PowerFailure => Sent::ReasonPowerFailure,
    }
}

fn number(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

pub(super) fn settings(settings: TransferSettings) -> Settings {
    Settings {
        name: settings.name,
        preferred_source: number(settings.preferred),
        auto_retransfer: settings.auto_retransfer,
        no_auto_retransfer_if_phase_fault: settings.not_if_phase_fault,
        auto_retransfer_wait_time: i32::try_from(settings.wait).unwrap_or(i32::MAX),
        manual_transfer_enabled: settings.manual_transfer,
        phase_sync_sensor_enabled: settings.phase_sync_sensor,
        extra_: Default::default(),
    }
}

/// Members that are absent stay as they are: the request form is sparse.
fn merge(now: &mut TransferSettings, new: sparse_::Settings) -> Result<(), TransferRefusal> {
    fn set<T>(member: &mut T, new: Option<T>) {
        if let Some(new) = new {
            *member = new;
        }
    }
    set(&mut now.name, new.name);
    if let Some(source) = new.preferred_source {
        now.preferred = usize::try_from(source).map_err(|_| TransferRefusal::InvalidParam)?;
    }
    set(&mut now.auto_retransfer, new.auto_retransfer);
    set(
        &mut now.not_if_phase_fault,
        new.no_auto_retransfer_if_phase_fault,
    );
    if let Some(wait) = new.auto_retransfer_wait_time {
        now.wait = u32::try_from(wait).map_err(|_| TransferRefusal::InvalidParam)?;
    }
    set(&mut now.manual_transfer, new.manual_transfer_enabled);
    set(&mut now.phase_sync_sensor, new.phase_sync_sensor_enabled);
    Ok(())
}

fn statistics(statistics: TransferStatistics) -> Statistics {
    Statistics {
        transfer_count: statistics.transfers,
        power_fail_detect_time: statistics.detect_time,
        relay_open_time: statistics.relay_open_time,
        total_transfer_time: statistics.total_time,
        overload_count: statistics.overloads,
        switch_overcurrent_count: 0,
        extra_: Default::default(),
    }
}

fn log_entry(transfer: Transfer) -> TransferLogEntry {
    TransferLogEntry {
        timestamp: Time::from_unix_seconds(
            i64::try_from(transfer.at.as_secs()).unwrap_or(i64::MAX),
        ),
        old_inlet: number(transfer.from),
        new_inlet: number(transfer.to),
        reason: reason(transfer.reason),
        waveform: Waveform::default(),
        statistics: statistics(transfer.statistics),
        switch_fault: 0,
        extra_: Default::default(),
    }
}

fn sensors() -> Sensors {
    let at = |sensor: TransferSensor| -> Name {
        reference::state_sensor(StateSensorId::Transfer(sensor))
    };
    Sensors {
        selected_source: at(TransferSensor::SelectedSource).to(),
        operational_state: at(TransferSensor::Operation).to(),
        overload_alarm: at(TransferSensor::OverloadAlarm).to(),
        phase_sync_alarm: at(TransferSensor::PhaseSyncAlarm).to(),
        switch_fault: at(TransferSensor::SwitchFault).to(),
        install_fault_alarm: at(TransferSensor::InstallFaultAlarm).to(),
        output_status: at(TransferSensor::OutputStatus).to(),
        ..Default::default()
    }
}

/// Serves the transfer switch of a device that has one.
pub(super) struct TransferServant(pub(super) Arc<Device>);

impl TransferServant {
    fn get<'a, T, U>(&self, value: Option<T>, as_sent: impl FnOnce(T) -> U) -> Reply<'a, U> {
        value
            .map(as_sent)
            .ok_or_else(Fault::object_not_found)
            .into()
    }
}

impl traits::EDevice for TransferServant {
    fn get_parents<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        let inlets = 0..self.0.make_up().inlets;
        Reply::ok(
            inlets
                .map(|inlet| reference::inlet(inlet).element())
                .collect(),
        )
    }

    fn get_children<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        let make_up = self.0.make_up();
        let children: Vec<EDevice> = match make_up.overcurrent_protectors {
            0 => (0..make_up.outlets)
                .map(|outlet| reference::outlet(outlet).element())
                .collect(),
            protectors => (0..protectors)
                .map(|ocp| reference::ocp(ocp).element())
                .collect(),
        };
        Reply::ok(children)
    }
}

impl traits::TransferSwitch for TransferServant {
    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, MetaData> {
        let make_up = self.0.make_up();
        Reply::ok(MetaData {
            label: "TS1".to_owned(),
            name_plate: parts::nameplate(Nameplate::new(make_up, "")),
            rating: parts::rating(Rating::of(make_up.inlet_amperes)),
            r#type: transfer_switch::Type::Hts,
            source_count: number(make_up.inlets),
            extra_: Default::default(),
        })
    }

    fn get_sensors<'a>(&'a self, _: &'a Context) -> Reply<'a, Sensors> {
        Reply::ok(sensors())
    }

    fn get_poles<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<ThrowPole>> {
        let make_up = self.0.make_up();
        let mut lines = make_up.lines().to_vec();
        lines.push(Line::Neutral);
        let poles = lines.into_iter().zip(1..).map(|(line, node)| ThrowPole {
            label: String::new(),
            line: parts::line(line),
            // The nodes of the same line of each inlet.
            in_node_ids: vec![node; make_up.inlets],
            out_node_id: 100 + node,
            extra_: Default::default(),
        });
        Reply::ok(poles.collect())
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, Settings> {
        self.get(self.0.transfer_settings(), settings)
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: sparse_::Settings,
    ) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::ChangePdu, |actor| {
            self.0
                .change_transfer_settings(|now| merge(now, settings), actor)
        })
    }

    fn get_statistics<'a>(&'a self, _: &'a Context) -> Reply<'a, Statistics> {
        self.get(self.0.transfer_statistics(), |(counters, _)| {
            statistics(counters)
        })
    }

    fn transfer_to_source<'a>(
        &'a self,
        context: &'a Context,
        source: i32,
        fault_override: bool,
    ) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::SwitchTransferSwitch, |_| {
            let source = usize::try_from(source).map_err(|_| TransferRefusal::InvalidParam)?;
            self.0.transfer_to(source, fault_override)
        })
    }

    fn get_last_transfer_reason<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, transfer_switch::TransferReason> {
        self.get(self.0.transfer_statistics(), |(_, last)| reason(last))
    }

    fn get_last_transfer_waveform<'a>(&'a self, _: &'a Context) -> Reply<'a, Waveform> {
        Reply::ok(Waveform::default())
    }

    fn get_transfer_log<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<TransferLogEntry>> {
        Reply::ok(self.0.transfer_log().into_iter().map(log_entry).collect())
    }

    fn get_parameters<'a>(&'a self, _: &'a Context) -> Reply<'a, transfer_switch::Parameters> {
        Reply::ok(Default::default())
    }

    fn set_parameters<'a>(
        &'a self,
        context: &'a Context,
        parameters: transfer_switch::Parameters,
    ) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::ChangePdu, |_| {
            let none = parameters.is_empty();
            none.then_some(()).ok_or(TransferRefusal::InvalidParam)
        })
    }
}
