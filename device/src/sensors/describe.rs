//! What the references lead to: the third round.

use std::collections::HashMap;

use xerus_api::sensors::numeric_sensor::{MetaData, Thresholds};
use xerus_api::sensors::sensor::TypeSpec;
use xerus_api::sensors::{
    AccumulatingNumericSensor, NumericSensor, Sensor as AnySensor, StateSensor,
};
use xerus_rpc::bulk::Handle;
use xerus_rpc::{CastError, Error, Interface, Object};

use super::sensor::{About, Kind, Sensor};
use super::walk::{Found, Walk};
use crate::older;

/// What the type of an object says.
enum Guess {
    Sensor(Kind),
    /// The bindings do not know the type: the object is asked.
    Unknown,
    NoSensor,
}

/// What an object is asked.
enum Asked {
    Numeric(Kind, Handle<MetaData>, Handle<Thresholds>),
    State(Handle<TypeSpec>),
    Unknown(Handle<TypeSpec>, Handle<MetaData>, Handle<Thresholds>),
}

/// Whether the object is a kind of `T`, whatever the version; `None` when its type is unknown.
fn is<T: Interface>(object: &Object) -> Option<bool> {
    match object.cast::<T>() {
        Ok(_) | Err(CastError::MajorMismatch(..)) => Some(true),
        Err(CastError::Unrelated(..)) => Some(false),
        Err(_) => None,
    }
}

fn guess(object: &Object) -> Guess {
    if object.unreadable().is_some() || object.rid().is_empty() {
        return Guess::NoSensor;
    }
    if is::<AccumulatingNumericSensor>(object) == Some(true) {
        Guess::Sensor(Kind::Accumulating)
    } else if is::<NumericSensor>(object) == Some(true) {
        Guess::Sensor(Kind::Numeric)
    } else if is::<StateSensor>(object) == Some(true) {
        Guess::Sensor(Kind::State)
    } else {
        match is::<AnySensor>(object) {
            Some(false) => Guess::NoSensor,
            // A sensor of a kind that came later, or something that came later.
            Some(true) | None => Guess::Unknown,
        }
    }
}

impl Walk<'_> {
    /// Asks what the references lead to. Those that lead to no sensor are left out.
    pub(super) async fn describe(&mut self) -> Result<Vec<Sensor>, Error> {
        let found = std::mem::take(&mut self.found);
        let mut batch = self.agent.batch();
        // Two members may refer to one sensor.
        let mut asked: HashMap<String, Option<(String, Asked)>> = HashMap::new();
        for one in &found {
            let object = one.object.with_agent(self.agent);
            let (any, numeric) = (
                older::to_read::<AnySensor>(&object),
                older::to_read::<NumericSensor>(&object),
            );
            asked.entry(object.rid().to_owned()).or_insert_with(|| {
                let questions = match guess(&object) {
                    Guess::NoSensor => return None,
                    Guess::Sensor(Kind::State) => Asked::State(batch.add(any.get_type_spec())),
                    Guess::Sensor(kind) => {
                        let meta_data = batch.add(numeric.get_meta_data());
                        Asked::Numeric(kind, meta_data, batch.add(numeric.get_thresholds()))
                    }
                    Guess::Unknown => Asked::Unknown(
                        batch.add(any.get_type_spec()),
                        batch.add(numeric.get_meta_data()),
                        batch.add(numeric.get_thresholds()),
                    ),
                };
                Some((one.path(), questions))
            });
        }
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let mut results = self.send(batch).await?;
        let mut known = HashMap::new();
        for (rid, asked) in asked {
            let Some((path, asked)) = asked else { continue };
            let about = match asked {
                Asked::State(type_spec) => Some(About {
                    kind: Kind::State,
                    type_spec: self.take(&mut results, type_spec, &path, "getTypeSpec")?,
                    meta_data: None,
                    thresholds: None,
                }),
                Asked::Numeric(kind, meta_data, thresholds) => Some(About {
                    kind,
                    type_spec: None,
                    meta_data: self.take(&mut results, meta_data, &path, "getMetaData")?,
                    thresholds: self.take(&mut results, thresholds, &path, "getThresholds")?,
                }),
                Asked::Unknown(type_spec, meta_data, thresholds) => {
                    let type_spec = self.take(&mut results, type_spec, &path, "getTypeSpec")?;
                    match type_spec {
                        // No sensor; noted, since nobody knows what it is.
                        None => None,
                        Some(spec) if spec.readingtype == AnySensor::NUMERIC => Some(About {
                            kind: Kind::Numeric,
                            type_spec: Some(spec),
                            meta_data: self.take(&mut results, meta_data, &path, "getMetaData")?,
                            thresholds: self.take(
                                &mut results,
                                thresholds,
                                &path,
                                "getThresholds",
                            )?,
                        }),
                        Some(spec) => Some(About {
                            kind: Kind::State,
                            type_spec: Some(spec),
                            meta_data: None,
                            thresholds: None,
                        }),
                    }
                }
            };
            known.extend(about.map(|about| (rid, about)));
        }
        // In the order of the device, and not in that of the map.
        self.missing
            .sort_by(|a, b| (&a.place, &a.what).cmp(&(&b.place, &b.what)));
        let agent = self.agent;
        let sensors = found.into_iter().filter_map(
            |Found {
                 place,
                 member,
                 object,
             }| {
                let about = known.get(object.rid())?.clone();
                Some(Sensor {
                    place,
                    member,
                    object: object.with_agent(agent),
                    about,
                })
            },
        );
        Ok(sensors.collect())
    }
}
