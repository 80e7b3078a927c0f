//! The transfer switch of a device.

use std::time::Duration;

use super::accounts::Actor;
use super::device::Device;
use super::event::{Changed, Event};
use super::make_up::MakeUp;
use super::sensor::StateReading;
use super::sensor_id::{StateSensorId, TransferSensor};
use super::state::State;
use super::transfer_switch::{
    Transfer, TransferReadings, TransferReason, TransferRefusal, TransferSettings,
    TransferStatistics, TransferSwitch,
};

impl Device {
    /// What the sensors of the transfer switch show; `None` on a device without one.
    #[must_use]
    pub fn transfer_readings(&self) -> Option<TransferReadings> {
        self.state().transfer.as_ref().map(TransferSwitch::readings)
    }

    /// The last transfers, oldest first.
    #[must_use]
    pub fn transfer_log(&self) -> Vec<Transfer> {
        let state = self.state();
        let log = state.transfer.iter().flat_map(TransferSwitch::log);
        log.copied().collect()
    }

    /// Settings of the transfer switch; `None` on a device without one.
    #[must_use]
    pub fn transfer_settings(&self) -> Option<TransferSettings> {
        let state = self.state();
        state.transfer.as_ref().map(|now| now.settings().clone())
    }

    /// Counters of the transfer switch, and why it changed the source last.
    #[must_use]
    pub fn transfer_statistics(&self) -> Option<(TransferStatistics, TransferReason)> {
        let state = self.state();
        let switch = state.transfer.as_ref();
        switch.map(|switch| (switch.statistics(), switch.last_reason()))
    }

    /// The power of a source (0 or 1) of the transfer switch fails or comes back. The answer says whether there is such
    /// a source.
    pub fn set_source_power(&self, source: usize, powered: bool) -> bool {
        let there = self.make_up().transfer_switch && source < TransferSwitch::SOURCES;
        there
            && self
                .edit_transfer(|switch, now| {
                    switch.set_powered(source, powered, now);
                    Ok(())
                })
                .is_ok()
    }

    /// The load of the transfer switch is too much, or no longer. The answer says whether there is a transfer switch.
    pub fn set_transfer_overload(&self, overload: bool) -> bool {
        self.edit_transfer(|switch, _| {
            switch.set_overload(overload);
            Ok(())
        })
        .is_ok()
    }

    /// By how many degrees the second source of the transfer switch lags behind the first; from 30 on they are out of step.
    /// The answer says whether there is a transfer switch.
    pub fn set_phase_angle(&self, degrees: f64) -> bool {
        self.edit_transfer(|switch, _| {
            switch.set_phase_angle(degrees);
            Ok(())
        })
        .is_ok()
    }

    /// Changes the source because somebody asks for it; `in_spite` of alarms.
    pub(crate) fn transfer_to(&self, source: usize, in_spite: bool) -> Result<(), TransferRefusal> {
        self.edit_transfer(|switch, now| switch.transfer(source, in_spite, now).map(drop))
    }

    pub(crate) fn change_transfer_settings(
        &self,
        edit: impl FnOnce(&mut TransferSettings) -> Result<(), TransferRefusal>,
        actor: &Actor,
    ) -> Result<(), TransferRefusal> {
        let mut settings = None;
        self.edit_transfer(|switch, now| {
            let mut new = switch.settings().clone();
            edit(&mut new)?;
            let old = switch.change(new.clone(), now)?;
            settings = old.map(|old| Changed::new(old, new));
            Ok(())
        })?;
        if let Some(settings) = settings {
            self.publish(Event::TransferSettingsChanged {
                actor: actor.clone(),
                settings: Box::new(settings),
            });
        }
        Ok(())
    }

    /// Lets `edit` change the switch, tells what its sensors show then, and waits for a way back.
    fn edit_transfer(
        &self,
        edit: impl FnOnce(&mut TransferSwitch, Duration) -> Result<(), TransferRefusal>,
    ) -> Result<(), TransferRefusal> {
        let now = self.clock().now();
        let (changes, done, back) = {
            let mut state = self.state();
            let state = &mut *state;
            // Meters count with the sources that there were until now.
            state.meter(self.make_up(), now);
            let Some(switch) = &mut state.transfer else {
                return Err(TransferRefusal::InvalidParam);
            };
            let before = switch.readings();
            let done = edit(switch, now);
            let changes = changes(before, switch.readings(), super::clock::whole_seconds(now));
            state.transfer_task += 1;
            let back = switch.retransfer_at().map(|at| (at, state.transfer_task));
            state.meter(self.make_up(), now);
            (changes, done, back)
        };
        for (sensor, state) in changes {
            self.publish(Event::SensedStateChanged {
                sensor: StateSensorId::Transfer(sensor),
                state,
            });
        }
        if let Some((at, number)) = back {
            self.wait_for_way_back(at, number);
        }
        done
    }

    fn wait_for_way_back(&self, at: Duration, number: u64) {
        let (clock, device) = (self.clock().clone(), self.handle());
        self.spawn(async move {
            clock.sleep_until(at).await;
            // Something happened in between: then another task waits.
            let Some(device) = device.filter(|device| device.state().transfer_task == number)
            else {
                return;
            };
            let done = device.edit_transfer(|switch, now| {
                switch.advance(now);
                Ok(())
            });
            debug_assert!(done.is_ok(), "the switch does not go away");
        });
    }
}

impl State {
    /// The inlet that feeds an outlet now.
    pub(super) fn inlet_of(&self, make_up: &MakeUp, outlet: usize) -> usize {
        match &self.transfer {
            Some(switch) => switch.selected(),
            None => make_up.inlet_of(outlet),
        }
    }

    /// What a sensor of the transfer switch shows.
    pub(super) fn transfer_sensor(&self, sensor: TransferSensor) -> i32 {
        let readings = self.transfer.as_ref().map(TransferSwitch::readings);
        readings.map_or(0, |readings| shown(sensor, &readings))
    }
}

fn shown(sensor: TransferSensor, readings: &TransferReadings) -> i32 {
    match sensor {
        TransferSensor::SelectedSource => i32::try_from(readings.selected).unwrap_or(i32::MAX),
        TransferSensor::Operation => readings.operation as i32,
        TransferSensor::OverloadAlarm => readings.overload.into(),
        TransferSensor::PhaseSyncAlarm => readings.phase_fault.into(),
        TransferSensor::OutputStatus => readings.powered.into(),
        // Nothing is broken or wired wrongly.
        TransferSensor::SwitchFault | TransferSensor::InstallFaultAlarm => 0,
    }
}

fn changes(
    before: TransferReadings,
    after: TransferReadings,
    timestamp: i64,
) -> Vec<(TransferSensor, Changed<StateReading>)> {
    let reading = |value| StateReading {
        timestamp,
        available: true,
        value,
    };
    let sensors = TransferSensor::ALL.into_iter();
    let values = sensors.map(|sensor| (sensor, shown(sensor, &before), shown(sensor, &after)));
    values
        .filter(|(_, old, new)| old != new)
        .map(|(sensor, old, new)| (sensor, Changed::new(reading(old), reading(new))))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::limits::Limits;
    use crate::model::{Clock, Place, Profile, Quantity, SensorId};

    async fn advance(clock: &Clock, seconds: u64) {
        assert!(clock.advance(Duration::from_secs(seconds)));
        for _ in 0..16 {
            tokio::task::yield_now().await;
        }
    }

    fn watts(device: &Arc<Device>, place: Place) -> f64 {
        let reading = device.reading(SensorId::new(place, Quantity::ActivePower));
        reading.value
    }

    #[tokio::test]
    async fn the_load_follows_the_selected_source() {
        let clock = Clock::frozen_at(1_000);
        let make_up = Profile::TransferSwitch.make_up();
        let device = Device::new(make_up, clock.clone(), &Limits::default());
        let inlets = |device: &Arc<Device>| {
            let mut powers = [0, 1].map(|inlet| watts(device, Place::Inlet(inlet)));
            powers.iter_mut().for_each(|watts| *watts = watts.round());
            powers
        };
        let whole = watts(&device, Place::Pdu).round();
        assert!(whole > 500.0);
        assert_eq!(inlets(&device), [whole, 0.0]);
        assert!(device.set_source_power(0, false));
        assert_eq!(inlets(&device), [0.0, whole]);
        assert!(device.set_source_power(0, true));
        advance(&clock, 20).await;
        assert_eq!(inlets(&device), [whole, 0.0]);
        assert!(device.set_source_power(1, false) && device.set_source_power(0, false));
        assert_eq!(inlets(&device), [0.0, 0.0]);
        assert_eq!(watts(&device, Place::Outlet(3)), 0.0);
        let reasons: Vec<_> = device.transfer_log().iter().map(|t| t.reason).collect();
        assert_eq!(
            reasons,
            [TransferReason::PowerFailure, TransferReason::AutoRetransfer]
        );
    }

    #[tokio::test]
    async fn sensors_tell_what_changes() {
        let clock = Clock::frozen_at(1_000);
        let make_up = Profile::TransferSwitch.make_up();
        let device = Device::new(make_up, clock, &Limits::default());
        assert!(device.set_transfer_overload(true));
        assert_eq!(
            device.transfer_to(1, false),
            Err(TransferRefusal::Prevented)
        );
        assert_eq!(device.transfer_to(1, true), Ok(()));
        let told: Vec<_> = device
            .latest_events()
            .into_iter()
            .filter_map(|event| match event {
                Event::SensedStateChanged { sensor, state } => Some((sensor, state.new.value)),
                _ => None,
            })
            .collect();
        let sensor = StateSensorId::Transfer;
        assert_eq!(
            told,
            [
                (sensor(TransferSensor::OverloadAlarm), 1),
                (sensor(TransferSensor::SelectedSource), 1),
                (sensor(TransferSensor::Operation), 2),
            ]
        );
    }

    #[tokio::test]
    async fn a_device_without_a_transfer_switch_has_no_sources() {
        let make_up = Profile::Px4_48.make_up();
        let device = Device::new(make_up, Clock::frozen_at(1_000), &Limits::default());
        assert!(!device.set_source_power(0, false) && !device.set_transfer_overload(true));
        assert_eq!(device.transfer_readings(), None);
    }
}
