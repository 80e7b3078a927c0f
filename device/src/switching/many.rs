//! Groups and sequences.

use xerus_api::pdumodel::{Outlet, OutletGroup, Pdu};
use xerus_rpc::Interface;

use super::goal::Goal;
use super::order::Order;
use super::switched::Report;
use super::{SwitchError, Switching};

impl Switching {
    /// Switches the members of an outlet group, with a result for each. When all of them have to be switched, it is one call to the
    /// group; otherwise those that differ get calls of their own.
    ///
    /// # Errors
    ///
    /// When the members of the group cannot be read.
    pub async fn switch_group(
        &self,
        group: &OutletGroup,
        on: bool,
    ) -> Result<Vec<Report>, SwitchError> {
        self.group(group, Goal::of(on)).await
    }

    /// Cycles the members of an outlet group that are on, with a result for each.
    ///
    /// # Errors
    ///
    /// As [`switch_group`](Self::switch_group).
    pub async fn cycle_group(&self, group: &OutletGroup) -> Result<Vec<Report>, SwitchError> {
        self.group(group, Goal::Cycle).await
    }

    /// Switches outlets of a unit in the order, and with the delays, of the PDU's sequence. Outlets have numbers from 0, in the order
    /// of `getOutlets`; units 0 and 1 are the primary one, 2 to 8 link units. It is one call, for those that differ.
    ///
    /// # Errors
    ///
    /// When the outlets of the unit cannot be read, or there is no outlet with such a number; nothing was sent then.
    pub async fn switch_in_sequence(
        &self,
        unit: u32,
        numbers: &[u32],
        on: bool,
    ) -> Result<Vec<Report>, SwitchError> {
        self.sequence(unit, numbers, Goal::of(on)).await
    }

    /// Cycles outlets of a unit that are on; they go on again in the order of the PDU's sequence. Otherwise as
    /// [`switch_in_sequence`](Self::switch_in_sequence).
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn cycle_in_sequence(
        &self,
        unit: u32,
        numbers: &[u32],
    ) -> Result<Vec<Report>, SwitchError> {
        self.sequence(unit, numbers, Goal::Cycle).await
    }

    async fn group(&self, group: &OutletGroup, goal: Goal) -> Result<Vec<Report>, SwitchError> {
        let group = OutletGroup::from_object(group.as_object().with_agent(&self.agent));
        let members = group
            .get_settings()
            .await
            .map_err(SwitchError::Call)?
            .members;
        Ok(self.carry_out(&members, goal, Order::Group(&group)).await)
    }

    async fn sequence(
        &self,
        unit: u32,
        numbers: &[u32],
        goal: Goal,
    ) -> Result<Vec<Report>, SwitchError> {
        let pdu = Pdu::well_known(&self.agent, unit);
        let all = pdu.get_outlets().await.map_err(SwitchError::Call)?;
        let mut outlets: Vec<Outlet> = Vec::new();
        let mut indexes: Vec<i32> = Vec::new();
        for &number in numbers {
            let no_outlet = SwitchError::NoOutlet(number);
            let index = i32::try_from(number).map_err(|_| no_outlet.clone())?;
            let outlet = all.get(number as usize).ok_or(no_outlet)?;
            if !indexes.contains(&index) {
                indexes.push(index);
                outlets.push(outlet.clone());
            }
        }
        let order = Order::Sequence(&pdu, &indexes);
        Ok(self.carry_out(&outlets, goal, order).await)
    }
}
