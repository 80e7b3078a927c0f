//! Factory defaults.

use std::sync::Arc;

use crate::model::accounts::{Actor, FACTORY_PASSWORD, FACTORY_USER, Role};
use crate::model::device::Device;
use crate::model::maintenance::Maintenance;
use crate::model::state::State;

impl Device {
    /// Sets all settings back and restarts. What outlets do, what was measured, and the firmware stay. Where there were
    /// accounts, the one of the factory takes their place, whose password must be changed.
    pub(crate) fn factory_reset(self: &Arc<Self>, actor: &Actor) {
        let now = self.clock().now();
        {
            let mut state = self.state();
            let fresh = State::new(self.make_up(), now);
            for (outlet, new) in state.outlets.iter_mut().zip(fresh.outlets) {
                outlet.settings = new.settings;
            }
            state.pdu_settings = fresh.pdu_settings;
            state.inlet_names = fresh.inlet_names;
            state.ocp_names = fresh.ocp_names;
            state.slot_settings = fresh.slot_settings;
            state.thresholds = fresh.thresholds;
        }
        {
            let mut maintenance = self.maintenance();
            let fresh = Maintenance::new(self.make_up(), now);
            maintenance.raw = fresh.raw;
            maintenance.bulk = fresh.bulk;
            maintenance.log_levels = fresh.log_levels;
            maintenance.clock = fresh.clock;
            maintenance.push = fresh.push;
            maintenance.scripts = fresh.scripts;
        }
        let accounts = self.accounts();
        if !accounts.is_open() {
            accounts.set(FACTORY_USER, FACTORY_PASSWORD, Role::Administrator);
            accounts.demand_password_change(FACTORY_USER);
            for user in accounts.users() {
                if user != FACTORY_USER {
                    accounts.remove(&user);
                }
            }
        }
        self.lose_certificate();
        self.restart(actor);
    }
}
