//! Which devices there are, and which of it is still to be told. Pure: no clock, no network.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use crate::answer::Answer;
use crate::device::Device;
use crate::event::Event;
use crate::service::ServiceType;

/// The full name of an instance in its service.
type Name = (ServiceType, String);

/// A number that a device has here, and nowhere else.
type Number = u64;

/// What is known, and what of it was told.
///
/// Whoever listens may be slow: what changes is only noted, once for each device, and looked up when it is told. So the memory depends
/// on the number of devices, and not on how often they change.
#[derive(Debug)]
pub(crate) struct State {
    limit: usize,
    /// Every name seen and not withdrawn, resolved or not.
    names: HashSet<Name>,
    answers: HashMap<Name, (Number, Answer)>,
    devices: BTreeMap<Number, Known>,
    serials: HashMap<String, BTreeSet<Number>>,
    changed: VecDeque<Number>,
    next: Number,
}

#[derive(Debug, Default)]
struct Known {
    /// In the order in which they came.
    answers: Vec<Name>,
    told: Option<Device>,
    is_noted: bool,
}

/// There are more names than wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl State {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            names: HashSet::new(),
            answers: HashMap::new(),
            devices: BTreeMap::new(),
            serials: HashMap::new(),
            changed: VecDeque::new(),
            next: 0,
        }
    }

    /// A name was announced, and nothing else is known of it.
    pub(crate) fn named(&mut self, service: ServiceType, name: &str) -> Result<(), Full> {
        if self.names.len() >= self.limit {
            let name = (service, name.to_owned());
            return if self.names.contains(&name) {
                Ok(())
            } else {
                Err(Full)
            };
        }
        self.names.insert((service, name.to_owned()));
        Ok(())
    }

    /// A name was resolved, for the first time or again.
    pub(crate) fn resolved(&mut self, name: &str, answer: Answer) -> Result<(), Full> {
        self.named(answer.service, name)?;
        let name = (answer.service, name.to_owned());
        if self
            .answers
            .get(&name)
            .is_some_and(|(_, known)| *known == answer)
        {
            return Ok(());
        }
        let number = self.number_of(&name, &answer);
        let serial = answer.serial.clone();
        let device = self.devices.entry(number).or_default();
        if !device.answers.contains(&name) {
            device.answers.push(name.clone());
        }
        let before = self.answers.insert(name.clone(), (number, answer));
        // That a device went is told before another comes at its place.
        if let Some((previous, _)) = before.as_ref().filter(|(other, _)| *other != number) {
            self.leave(*previous, &name);
        }
        self.note(number);
        let before = before.and_then(|(previous, before)| Some((previous, before.serial?)));
        if let Some((previous, serial)) = before {
            self.claim(previous, serial);
        }
        if let Some(serial) = serial {
            self.claim(number, serial);
        }
        Ok(())
    }

    /// A name was withdrawn, or its time is up.
    pub(crate) fn removed(&mut self, service: ServiceType, name: &str) {
        let name = (service, name.to_owned());
        self.names.remove(&name);
        let Some((number, answer)) = self.answers.remove(&name) else {
            return;
        };
        self.leave(number, &name);
        if let Some(serial) = answer.serial {
            self.claim(number, serial);
        }
    }

    /// What is to be told next.
    pub(crate) fn next(&mut self) -> Option<Event> {
        while let Some(number) = self.changed.pop_front() {
            let now = self.device(number);
            let Some(known) = self.devices.get_mut(&number) else {
                continue;
            };
            known.is_noted = false;
            let before = known.told.take();
            known.told.clone_from(&now);
            if now.is_none() {
                self.devices.remove(&number);
            }
            match (before, now) {
                (None, Some(device)) => return Some(Event::Found(device)),
                (Some(device), None) => return Some(Event::Removed(device)),
                (Some(before), Some(after)) if before != after => {
                    return Some(Event::Changed { before, after });
                }
                _ => {}
            }
        }
        None
    }

    /// Which device an answer is about. A name goes over to another device when what it says now fits that one only: two devices that
    /// come at the same time first take the same name, and one of them then changes its own.
    fn number_of(&mut self, name: &Name, answer: &Answer) -> Number {
        let own = self.answers.get(name).map(|(number, _)| *number);
        let same: BTreeSet<Number> = self
            .answers
            .iter()
            .filter(|(known, (_, other))| *known != name && other.is_of_same_device(answer))
            .map(|(_, (number, _))| *number)
            .collect();
        let is_alone = |number: &Number| {
            let device = self.devices.get(number);
            device.is_some_and(|device| device.answers == [name.clone()])
        };
        let stays = own.filter(|own| same.contains(own));
        let alone = || own.filter(is_alone);
        if let Some(number) = stays.or_else(|| same.first().copied()).or_else(alone) {
            return number;
        }
        self.next += 1;
        self.next
    }

    /// A name is no longer one of a device.
    fn leave(&mut self, number: Number, name: &Name) {
        if let Some(device) = self.devices.get_mut(&number) {
            device.answers.retain(|known| known != name);
        }
        self.note(number);
    }

    fn device(&self, number: Number) -> Option<Device> {
        let names = &self.devices.get(&number)?.answers;
        let answers = names.iter().filter_map(|name| self.answers.get(name));
        let answers: Vec<_> = answers.map(|(_, answer)| answer).collect();
        let is_claimed_elsewhere = answers
            .iter()
            .filter_map(|answer| answer.serial.as_ref())
            .any(|serial| {
                let claims = self.serials.get(serial);
                claims.is_some_and(|claims| claims.iter().any(|claim| *claim != number))
            });
        Device::merged(&answers, is_claimed_elsewhere)
    }

    fn note(&mut self, number: Number) {
        if let Some(device) = self.devices.get_mut(&number)
            && !device.is_noted
        {
            device.is_noted = true;
            self.changed.push_back(number);
        }
    }

    /// Looks again whether a device has a serial number. If it is the second one, or leaves but one, that other is told anew.
    fn claim(&mut self, number: Number, serial: String) {
        let names = self
            .devices
            .get(&number)
            .map_or(&[][..], |device| &device.answers);
        let mut answers = names.iter().filter_map(|name| self.answers.get(name));
        let has = answers.any(|(_, answer)| answer.serial.as_ref() == Some(&serial));
        let claims = self.serials.entry(serial.clone()).or_default();
        let turns = if has {
            claims.insert(number) && claims.len() == 2
        } else {
            claims.remove(&number) && claims.len() == 1
        };
        let other = claims.iter().copied().find(|claim| *claim != number);
        if claims.is_empty() {
            self.serials.remove(&serial);
        }
        if let Some(other) = other.filter(|_| turns) {
            self.note(other);
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
