//! The calls of a metrics exporter, found again from the answers.
//!
//! It asks in a fixed order, each time for all of a list: inlets, outlets and slots; what is known of each; the sensors of each;
//! what is known of each sensor; and then the readings, again and again. So the form of an answer tells the method, and its
//! place in the list, which is its id, the object.

use serde_json::Value;

use super::Found;
use super::raw::{Response, elements, members};

const PDU: &str = "/model/pdu/0";
const SLOTS: &str = "/model/peripheraldevicemanager";

/// Types that have readings which are numbers.
const NUMERIC: [&str; 3] = [
    "sensors.NumericSensor:",
    "sensors.AccumulatingNumericSensor:",
    "pdumodel.TypeBResidualCurrentNumericSensor:",
];

/// What is known of a device so far.
#[derive(Default)]
pub(super) struct Exporter {
    inlets: Vec<String>,
    outlets: Vec<String>,
    slots: Vec<String>,
    /// Sensors, each with the name of the member that they were found in.
    of_inlets: Vec<Sensor>,
    of_outlets: Vec<Sensor>,
    of_poles: Vec<Sensor>,
    of_slots: Vec<Sensor>,
    /// Those that are read, once that is known.
    read: Vec<Sensor>,
}

#[derive(Clone)]
struct Sensor {
    rid: String,
    member: String,
}

/// What a batch of answers is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    MetaData,
    Settings,
    Poles,
    Sensors,
    SensorMetaData,
    Reading,
}

impl Exporter {
    /// The calls that these are the answers to, in their order.
    pub(super) fn find(&mut self, responses: &[Response<'_>]) -> Result<Vec<Found>, String> {
        if responses.is_empty() {
            return Err("an answer to no calls".to_owned());
        }
        if responses
            .iter()
            .any(|response| response.value["json"]["id"].is_string())
        {
            return self.lists(responses);
        }
        let places = responses.iter().map(|response| {
            let id = response.value["json"]["id"].as_u64();
            id.and_then(|id| usize::try_from(id).ok())
                .ok_or("an answer has an id that is no place in a list")
        });
        let places: Vec<usize> = places.collect::<Result<_, _>>()?;
        match form(responses)? {
            Form::MetaData => self.connectors(&places, false, "getMetaData"),
            Form::Settings => self.connectors(&places, true, "getSettings"),
            Form::Poles => {
                let found = at(&self.inlets, &places, "inlets")?;
                self.learn_poles(responses);
                Ok(calls(found, "getPoles"))
            }
            Form::Sensors => self.sensors(&places, responses),
            Form::SensorMetaData => {
                self.read = self.which_sensors(&places, responses)?;
                self.of_read(&places, "getMetaData")
            }
            Form::Reading => self.of_read(&places, "getReading"),
        }
    }

    /// The lists that everything begins with.
    fn lists(&mut self, responses: &[Response<'_>]) -> Result<Vec<Found>, String> {
        // A device that is asked from the start again.
        *self = Self::default();
        let mut found = Vec::new();
        for response in responses {
            let rids = response.returned().as_array();
            let rids = rids.into_iter().flatten();
            let rids: Vec<String> = rids
                .filter_map(|reference| reference["rid"].as_str())
                .map(str::to_owned)
                .collect();
            let (list, rid, method) = match response.value["json"]["id"].as_str() {
                Some("inlet") => (&mut self.inlets, PDU, "getInlets"),
                Some("outlet") => (&mut self.outlets, PDU, "getOutlets"),
                Some("device") => (&mut self.slots, SLOTS, "getDeviceSlots"),
                _ => return Err("an answer has an id that says nothing".to_owned()),
            };
            *list = rids;
            found.push(Found {
                rid: rid.to_owned(),
                method,
            });
        }
        Ok(found)
    }

    /// Inlets and outlets, and slots where they are asked too.
    fn connectors(
        &self,
        places: &[usize],
        with_slots: bool,
        method: &'static str,
    ) -> Result<Vec<Found>, String> {
        let mut all: Vec<String> = [&self.inlets[..], &self.outlets].concat();
        if with_slots {
            all.extend_from_slice(&self.slots);
        }
        Ok(calls(at(&all, places, "inlets and outlets")?, method))
    }

    fn sensors(
        &mut self,
        places: &[usize],
        responses: &[Response<'_>],
    ) -> Result<Vec<Found>, String> {
        let all = [&self.inlets[..], &self.outlets, &self.slots].concat();
        let rids = at(&all, places, "inlets, outlets and slots")?;
        let (inlets, outlets) = (self.inlets.len(), self.outlets.len());
        let mut found = Vec::new();
        for ((rid, place), response) in rids.into_iter().zip(places).zip(responses) {
            let value = response.returned();
            let method = if *place < inlets + outlets {
                let list = if *place < inlets {
                    &mut self.of_inlets
                } else {
                    &mut self.of_outlets
                };
                list.extend(numeric(response.returned_text()));
                "getSensors"
            } else {
                if let Some(sensor) = sensor("", &value["value"]["device"]) {
                    self.of_slots.push(sensor);
                }
                "getDevice"
            };
            found.push(Found { rid, method });
        }
        Ok(found)
    }

    fn learn_poles(&mut self, responses: &[Response<'_>]) {
        let poles = responses
            .iter()
            .filter_map(Response::returned_text)
            .flat_map(elements);
        self.of_poles = poles.flat_map(|pole| numeric(Some(pole))).collect();
    }

    /// Which sensors are asked, and in which order: exporters differ. The number has to be right, and what each says of itself has
    /// to go with where it was found.
    fn which_sensors(
        &self,
        places: &[usize],
        responses: &[Response<'_>],
    ) -> Result<Vec<Sensor>, String> {
        let (inlets, outlets) = (&self.of_inlets[..], &self.of_outlets[..]);
        let (poles, slots) = (&self.of_poles[..], &self.of_slots[..]);
        let orders: [&[&[Sensor]]; 10] = [
            &[inlets, outlets, poles, slots],
            &[inlets, poles, outlets, slots],
            &[poles, inlets, outlets, slots],
            &[inlets, outlets, slots, poles],
            &[inlets, outlets, slots],
            &[inlets, poles, slots],
            &[poles, inlets, slots],
            &[inlets, slots],
            &[inlets, outlets],
            &[inlets],
        ];
        let count = places.iter().max().map_or(0, |last| last + 1);
        let fitting = orders.iter().map(|order| order.concat()).find(|sensors| {
            sensors.len() == count
                && places.iter().zip(responses).all(|(place, response)| {
                    let meta = response.returned();
                    sensors
                        .get(*place)
                        .is_some_and(|sensor| sensor.can_be(meta))
                })
        });
        fitting.ok_or_else(|| {
            format!(
                "answers of {count} sensors, which do not go with those that were found: {} of inlets, {} of poles, {} of outlets, \
                 {} in slots",
                inlets.len(),
                poles.len(),
                outlets.len(),
                slots.len()
            )
        })
    }

    fn of_read(&self, places: &[usize], method: &'static str) -> Result<Vec<Found>, String> {
        let rids: Vec<String> = self.read.iter().map(|sensor| sensor.rid.clone()).collect();
        Ok(calls(at(&rids, places, "sensors")?, method))
    }
}

impl Sensor {
    /// Whether a sensor found in this member can say this of itself.
    fn can_be(&self, meta: &Value) -> bool {
        /// What the vendor's numbers for what is measured mean.
        const MEANT: [(&str, u64); 8] = [
            ("voltage", 1),
            ("current", 2),
            ("activePower", 4),
            ("apparentPower", 4),
            ("powerFactor", 5),
            ("activeEnergy", 6),
            ("apparentEnergy", 6),
            ("peakCurrent", 2),
        ];
        let expected = MEANT.iter().find(|(member, _)| *member == self.member);
        let told = meta["type"]["type"].as_u64();
        expected.is_none_or(|(_, number)| told == Some(*number))
    }
}

/// The sensors with numbers among the members of an object, in the order in which they stand.
fn numeric(object: Option<&str>) -> Vec<Sensor> {
    let members = object.map(members).unwrap_or_default();
    let found = members.iter().filter_map(|(name, text)| {
        let reference: Value = serde_json::from_str(text).ok()?;
        sensor(name, &reference)
    });
    found.collect()
}

fn sensor(member: &str, reference: &Value) -> Option<Sensor> {
    let (rid, kind) = (reference["rid"].as_str()?, reference["type"].as_str()?);
    let is_numeric = NUMERIC.iter().any(|known| kind.starts_with(known));
    is_numeric.then(|| Sensor {
        rid: rid.to_owned(),
        member: member.to_owned(),
    })
}

/// What the answers of a batch are of, by the members of the first that has some.
fn form(responses: &[Response<'_>]) -> Result<Form, String> {
    let forms = responses.iter().filter_map(|response| {
        let value = response.returned();
        let has = |name: &str| value.get(name).is_some();
        match value {
            Value::Array(poles) => poles
                .first()
                .is_some_and(|pole| pole.get("nodeId").is_some())
                .then_some(Form::Poles),
            Value::Object(_) if has("timestamp") && has("valid") => Some(Form::Reading),
            Value::Object(_) if has("range") || has("decdigits") => Some(Form::SensorMetaData),
            Value::Object(_) if has("label") => Some(Form::MetaData),
            Value::Object(_) if has("name") => Some(Form::Settings),
            // A device in a slot.
            Value::Object(_) if has("value") && has("type") => Some(Form::Sensors),
            Value::Object(members) => members
                .values()
                .all(|value| value.is_null() || value.get("rid").is_some())
                .then_some(Form::Sensors),
            _ => None,
        }
    });
    let mut forms = forms.peekable();
    let first = forms.peek().copied();
    let first = first.ok_or("nothing tells what the answers are of")?;
    if forms.any(|form| form != first) {
        return Err("answers of several methods in one batch".to_owned());
    }
    Ok(first)
}

fn at(list: &[String], places: &[usize], what: &str) -> Result<Vec<String>, String> {
    let each = places.iter().map(|place| list.get(*place).cloned());
    each.collect::<Option<_>>().ok_or_else(|| {
        format!(
            "an answer of more {what} than the {} that are known",
            list.len()
        )
    })
}

fn calls(rids: Vec<String>, method: &'static str) -> Vec<Found> {
    let call = |rid| Found { rid, method };
    rids.into_iter().map(call).collect()
}
