//! The parts of a PDU: two rounds, after which all references are known.

use xerus_api::pdumodel::{OutletGroupManager, Pdu};
use xerus_api::peripheral::{DeviceManager, DeviceSlot};
use xerus_rpc::bulk::Batch;
use xerus_rpc::object::CastError;
use xerus_rpc::{Error, Interface};

use super::part::{Part, Then};
use super::walk::Walk;
use super::{Place, PlaceKind};
use crate::older;

/// The primary unit is both 0 and 1.
const PRIMARY: u32 = 1;

impl Walk<'_> {
    /// Finds the parts, and the references in them.
    pub(super) async fn parts(&mut self, unit: u32) -> Result<(), Error> {
        let agent = self.agent;
        let pdu = Pdu::well_known(agent, unit);
        // Groups and peripheral devices belong to the primary unit, wherever their parts are.
        let primary = unit <= PRIMARY;
        let mut batch = agent.batch();
        let sensors = batch.add(pdu.get_sensors());
        let settings = batch.add(pdu.get_settings());
        let inlets = batch.add(pdu.get_inlets());
        let outlets = batch.add(pdu.get_outlets());
        let protectors = batch.add(pdu.get_over_current_protectors());
        let switches = batch.add(pdu.get_transfer_switches());
        let slots = primary.then(|| batch.add(DeviceManager::well_known(agent).get_device_slots()));
        let groups =
            primary.then(|| batch.add(OutletGroupManager::well_known(agent).get_all_groups()));
        let mut results = self.send(batch).await?;

        let sensors = results.take(sensors);
        let settings = self.take(&mut results, settings, &PlaceKind::Pdu, "getSettings")?;
        let name = settings.map(|settings| settings.name).unwrap_or_default();
        let place = Place::new(PlaceKind::Pdu, String::new(), name, &pdu);
        match sensors {
            // Without a PDU nothing makes sense.
            Err(error) if error.is_object_not_found() => return Err(error),
            sensors => {
                if let Some(sensors) = self.known(sensors, &place, "getSensors")? {
                    self.search(&place, &sensors);
                }
            }
        }

        let mut batch = agent.batch();
        let mut then = Vec::new();
        let inlets = self.take(&mut results, inlets, &place, "getInlets")?;
        self.ask(inlets.unwrap_or_default(), &mut batch, &mut then);
        let outlets = self.take(&mut results, outlets, &place, "getOutlets")?;
        self.ask(outlets.unwrap_or_default(), &mut batch, &mut then);
        let protectors = self.take(&mut results, protectors, &place, "getOverCurrentProtectors")?;
        self.ask(protectors.unwrap_or_default(), &mut batch, &mut then);
        let switches = self.take(&mut results, switches, &place, "getTransferSwitches")?;
        self.ask(switches.unwrap_or_default(), &mut batch, &mut then);
        if let Some(groups) = groups {
            let groups = self.take(
                &mut results,
                groups,
                &PlaceKind::OutletGroup,
                "getAllGroups",
            )?;
            let groups = groups.unwrap_or_default().into_values();
            self.ask(groups.collect(), &mut batch, &mut then);
        }
        if let Some(slots) = slots {
            let slots = self.take(
                &mut results,
                slots,
                &PlaceKind::PeripheralSlot,
                "getDeviceSlots",
            )?;
            for (number, slot) in self.usable(PlaceKind::PeripheralSlot, slots.unwrap_or_default())
            {
                then.push(ask_slot(&slot, number, &mut batch));
            }
        }
        if batch.is_empty() {
            return Ok(());
        }
        let mut results = self.send(batch).await?;
        then.into_iter()
            .try_for_each(|then| then(self, &mut results))
    }

    /// Asks the parts of one kind.
    fn ask<T: Part>(&mut self, parts: Vec<T>, batch: &mut Batch, then: &mut Vec<Then>) {
        for (number, part) in self.usable(T::KIND, parts) {
            then.push(part.ask(number, batch));
        }
    }

    /// The objects of one kind, with their numbers from 1. What is no usable reference is noted.
    fn usable<T: Interface>(&mut self, kind: PlaceKind, parts: Vec<T>) -> Vec<(usize, T)> {
        let mut usable = Vec::new();
        for (index, part) in parts.into_iter().enumerate() {
            let object = part.as_object();
            match object.unreadable() {
                None => usable.push((index + 1, older::to_read(object))),
                Some(element) => {
                    let error = CastError::Unreadable(element.error().clone()).into();
                    self.note(&format_args!("{kind} {}", index + 1), "reference", error);
                }
            }
        }
        usable
    }
}

/// Asks a slot for its device.
fn ask_slot(slot: &DeviceSlot, number: usize, batch: &mut Batch) -> Then {
    let device = batch.add(slot.get_device());
    let settings = batch.add(slot.get_settings());
    let slot = slot.as_object().clone();
    Box::new(move |walk, results| {
        let at = format!("{} {number}", PlaceKind::PeripheralSlot);
        let settings = walk.take(results, settings, &at, "getSettings")?;
        let name = settings.map(|settings| settings.name).unwrap_or_default();
        let place = Place::new(PlaceKind::PeripheralSlot, number.to_string(), name, &slot);
        let Some(device) = walk.take(results, device, &place, "getDevice")?.flatten() else {
            return Ok(());
        };
        match (device.base(), device.base_error()) {
            (Some(device), _) => walk.search(&place, device),
            (None, Some(error)) => walk.note(&place, "device", error.clone().into()),
            (None, None) => {}
        }
        Ok(())
    })
}
