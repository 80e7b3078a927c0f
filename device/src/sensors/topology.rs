//! The sensors of a PDU, kept.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use xerus_api::sensors::numeric_sensor;
use xerus_api::sensors::{NumericSensor, StateSensor};
use xerus_rpc::reading::ReadSet;
use xerus_rpc::{Agent, Error};

use super::readings::{Asked, Reading, Readings};
use super::sensor::{Kind, Sensor};
use super::walk::{Missing, Walk, is_of_this_call};
use super::{SensorsError, Stale};
use crate::older;

/// The sensors of a PDU, as they were found: keep it and read it again and again.
///
/// A walk takes three rounds of bulk requests, a reading one, of 100 calls each by default.
#[derive(Clone)]
pub struct Topology {
    agent: Agent,
    unit: u32,
    sensors: Arc<[Sensor]>,
    missing: Vec<Missing>,
    rounds: u32,
    calls: usize,
}

impl Topology {
    /// Finds all sensors of the PDU, with the peripheral devices and outlet groups of the device.
    ///
    /// What the device does not have, because of its model or its firmware, is [named](Self::missing) and no error.
    ///
    /// # Errors
    ///
    /// When the device cannot be reached, refuses the login, or has no PDU.
    pub async fn walk(agent: &Agent) -> Result<Self, SensorsError> {
        Self::walk_unit(agent, 0).await
    }

    /// Finds all sensors of a link unit, by its number, 2 to 8; 0 and 1 are the primary unit. Peripheral devices and outlet groups are
    /// with the primary unit.
    ///
    /// # Errors
    ///
    /// As [`walk`](Self::walk); an error with [`is_object_not_found`](Error::is_object_not_found) when there is no such unit.
    pub async fn walk_unit(agent: &Agent, unit: u32) -> Result<Self, SensorsError> {
        let mut walk = Walk::new(agent);
        walk.parts(unit).await?;
        let sensors = walk.describe().await?;
        Ok(Self {
            agent: agent.clone(),
            unit,
            sensors: sensors.into(),
            missing: walk.missing,
            rounds: walk.rounds,
            calls: walk.calls,
        })
    }

    /// Finds the sensors anew: after devices were plugged in, a group was made, or the firmware was updated.
    ///
    /// # Errors
    ///
    /// As [`walk`](Self::walk); the sensors stay as they were then.
    pub async fn walk_again(&mut self) -> Result<(), SensorsError> {
        *self = Self::walk_unit(&self.agent, self.unit).await?;
        Ok(())
    }

    /// The sensors, in the order of the device: PDU, inlets, outlets, overcurrent protectors, transfer switches, outlet groups,
    /// peripheral slots.
    #[must_use]
    pub fn sensors(&self) -> &[Sensor] {
        &self.sensors
    }

    /// The sensor with this [path](Sensor::path): `outlet 3 / activePower`. The first, if there are several.
    #[must_use]
    pub fn sensor(&self, path: &str) -> Option<&Sensor> {
        self.sensors.iter().find(|sensor| sensor.path() == path)
    }

    /// What was asked for and the device does not have: methods that older firmware lacks, objects that the model lacks, what the
    /// user may not read.
    #[must_use]
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// How many rounds the walk took: each waits for the answers of the one before.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        self.rounds
    }

    /// How many calls the walk took.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls
    }

    /// Reads all sensors in one bulk.
    ///
    /// A sensor that cannot be read has its error in its [`Reading`].
    ///
    /// # Errors
    ///
    /// When the device does not answer; [`Stale`](SensorsError::Stale), with the other readings, when sensors are not there any
    /// more. [`read_or_walk`](Self::read_or_walk) finds them anew instead.
    pub async fn read(&self) -> Result<Readings, SensorsError> {
        let readings = self.read_all().await?;
        let is_stale = readings.stale().next().is_some();
        if is_stale {
            return Err(SensorsError::Stale(Stale::new(readings)));
        }
        Ok(readings)
    }

    /// Reads all sensors in one bulk. When some are not there any more, it finds the sensors anew and reads those, once.
    ///
    /// # Errors
    ///
    /// When the device does not answer.
    pub async fn read_or_walk(&mut self) -> Result<Readings, SensorsError> {
        match self.read().await {
            Err(SensorsError::Stale(_)) => {
                self.walk_again().await?;
                // What is away just now again has its error in its reading.
                Ok(self.read_all().await?)
            }
            other => other,
        }
    }

    /// The calls that read all sensors with numbers, by their place in [`sensors`](Self::sensors): for
    /// [`xerus_rpc::reading::Readings`], which reads them at an interval.
    #[must_use]
    pub fn read_set(&self) -> ReadSet<usize, numeric_sensor::Reading> {
        let mut set = ReadSet::new();
        for (index, sensor) in self.sensors.iter().enumerate() {
            if sensor.kind() != Kind::State {
                set.add(
                    index,
                    older::to_read::<NumericSensor>(&sensor.object).get_reading(),
                );
            }
        }
        set
    }

    async fn read_all(&self) -> Result<Readings, Error> {
        let mut batch = self.agent.batch();
        let mut asked = HashMap::new();
        for sensor in &*self.sensors {
            let object = &sensor.object;
            asked
                .entry(object.rid())
                .or_insert_with(|| match sensor.kind() {
                    Kind::State => {
                        Asked::State(batch.add(older::to_read::<StateSensor>(object).get_state()))
                    }
                    _ => Asked::Number(
                        batch.add(older::to_read::<NumericSensor>(object).get_reading()),
                    ),
                });
        }
        if batch.is_empty() {
            return Ok(Readings::new(Arc::clone(&self.sensors), Vec::new()));
        }
        let mut results = batch.await?;
        let mut read = HashMap::new();
        for (rid, asked) in asked {
            let reading = match asked {
                Asked::Number(handle) => results.take(handle).map(Reading::of_number),
                Asked::State(handle) => results.take(handle).map(Reading::of_state),
            };
            let reading = match reading {
                Ok(reading) => reading,
                Err(error) if is_of_this_call(&error) => Reading::failed(error),
                Err(error) => return Err(error),
            };
            read.insert(rid, reading);
        }
        let readings = self.sensors.iter().map(|sensor| {
            let reading = read.get(sensor.object.rid());
            reading.cloned().unwrap_or_default()
        });
        let readings = readings.collect();
        Ok(Readings::new(Arc::clone(&self.sensors), readings))
    }
}

impl fmt::Debug for Topology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Topology")
            .field("origin", &self.agent.origin())
            .field("unit", &self.unit)
            .field("sensors", &self.sensors.len())
            .field("missing", &self.missing.len())
            .finish_non_exhaustive()
    }
}
