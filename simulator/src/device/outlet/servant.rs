//! An outlet as an object of the device.

use std::sync::Arc;

use xerus_rpc::server::{Context, Fault, Reply};

use crate::api::pdumodel::outlet::{self, PowerState};
use crate::api::pdumodel::{Controller, EDevice, Inlet, OverCurrentProtector, Pole, Waveform};
use crate::api::server::pdumodel as traits;
use crate::device::accounts::Actor;
use crate::device::{Device, inlet, reference};

/// Serves one outlet.
pub(in crate::device) struct OutletServant {
    pub(in crate::device) device: Arc<Device>,
    pub(in crate::device) index: usize,
}

impl OutletServant {
    /// The outlet was there when the servant was made, and outlets do not go away.
    fn get<'a, T>(&self, value: Option<T>) -> Reply<'a, T> {
        value
            .ok_or_else(|| Fault::internal("no such outlet"))
            .into()
    }

    fn inlet(&self) -> usize {
        self.device.make_up().inlet_of(self.index)
    }
}

impl traits::EDevice for OutletServant {
    fn get_parents<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        let parent = match self.device.make_up().ocp_of(self.index) {
            Some(ocp) => reference::ocp(ocp),
            None => reference::inlet(self.inlet()),
        };
        Reply::ok(vec![parent.element()])
    }

    fn get_children<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        Reply::ok(Vec::new())
    }
}

impl traits::Outlet for OutletServant {
    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::MetaData> {
        self.get(self.device.outlet_meta_data(self.index))
    }

    fn get_sensors<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::Sensors> {
        self.get(self.device.outlet_sensors(self.index))
    }

    fn get_state<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::State> {
        self.get(self.device.outlet_state(self.index))
    }

    fn set_power_state<'a>(&'a self, context: &'a Context, pstate: PowerState) -> Reply<'a, i32> {
        let may = self.device.accounts().may_change(context);
        may.map(|()| {
            self.device
                .set_outlet_power(self.index, pstate, &Actor::of(context))
        })
        .into()
    }

    fn cycle_power_state<'a>(&'a self, context: &'a Context) -> Reply<'a, i32> {
        let may = self.device.accounts().may_change(context);
        may.map(|()| self.device.cycle_outlet(self.index, &Actor::of(context)))
            .into()
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::Settings> {
        self.get(self.device.outlet_settings(self.index))
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: outlet::Settings,
    ) -> Reply<'a, i32> {
        let may = self.device.accounts().may_change(context);
        may.map(|()| {
            self.device
                .change_outlet_settings(self.index, settings, &Actor::of(context))
        })
        .into()
    }

    fn get_iop<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, (Option<Inlet>, Option<OverCurrentProtector>, Vec<Pole>)> {
        let make_up = self.device.make_up();
        let inlet = self.inlet();
        let ocp = make_up
            .ocp_of(self.index)
            .and_then(|ocp| reference::ocp(ocp).to());
        let poles = inlet::poles(make_up, inlet, &[make_up.line_of(self.index)]);
        Reply::ok((reference::inlet(inlet).to(), ocp, poles))
    }

    fn get_controller<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<Controller>> {
        Reply::ok(None)
    }

    fn get_inrush_waveform<'a>(&'a self, _: &'a Context) -> Reply<'a, Waveform> {
        Reply::ok(Waveform::default())
    }

    fn unstick<'a>(&'a self, _: &'a Context) -> Reply<'a, i32> {
        Reply::ok(0)
    }
}
