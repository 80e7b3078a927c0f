//! An outlet as an object of the device.

use std::sync::Arc;

use xerus_rpc::server::{Context, Reply};

use crate::api::pdumodel::outlet::{self, PowerState};
use crate::api::pdumodel::{Controller, EDevice, Inlet, OverCurrentProtector, Pole, Waveform};
use crate::api::server::pdumodel as traits;
use crate::device::{Device, inlet, reference, refusal};

/// Serves one outlet.
pub(in crate::device) struct OutletServant {
    pub(in crate::device) device: Arc<Device>,
    pub(in crate::device) index: usize,
}

impl OutletServant {
    fn get<'a, T>(&self, value: Option<T>) -> Reply<'a, T> {
        Reply::ok(value.expect("only outlets of the device are served, and they do not go away"))
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

    fn set_power_state<'a>(&'a self, context: &'a Context, pstate: PowerState) -> Reply<'a, ()> {
        refusal::change(self.device.accounts(), context, |actor| {
            self.device.set_outlet_power(self.index, pstate, actor)
        })
    }

    fn cycle_power_state<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        refusal::change(self.device.accounts(), context, |actor| {
            self.device.cycle_outlet(self.index, actor)
        })
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::Settings> {
        self.get(self.device.outlet_settings(self.index))
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: outlet::Settings,
    ) -> Reply<'a, ()> {
        refusal::change(self.device.accounts(), context, |actor| {
            self.device
                .change_outlet_settings(self.index, settings, actor)
        })
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

    fn unstick<'a>(&'a self, _: &'a Context) -> Reply<'a, ()> {
        refusal::reply(Ok(()))
    }
}
