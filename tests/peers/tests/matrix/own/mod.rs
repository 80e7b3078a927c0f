//! Our own bindings of firmware 4.4.1, driven through the same steps as the vendor's clients.

mod upkeep;

use serde_json::{Value, json};
use xerus_api::event::{self, UserEvent};
use xerus_api::idl;
use xerus_api::jsonrpc::NameService;
use xerus_api::pdumodel::outlet::{PowerState, StartupState, StateChangedEvent};
use xerus_api::pdumodel::{Inlet, Outlet, Pdu};
use xerus_api::peripheral::DeviceManager;
use xerus_api::sensors::{NumericSensor, state_sensor};
use xerus_api::session::SessionManager;
use xerus_api::session::session_manager::CloseReason;
use xerus_rpc::value::Encode;
use xerus_rpc::{
    Agent, Compatibility, Credentials, Error, Interface as _, Object, Polymorphic,
    ValueObject as _, WireId,
};

use xerus_sim::Firmware;

use crate::files::Files;
use crate::{AREAS, PASSWORD};

/// What a step gave. A value whose members the device did not all send may not be written again: then there is none.
pub(crate) type Step = (&'static str, String, Result<Option<Value>, Error>);

/// The steps as they come, each to be judged before the next.
pub(crate) struct Steps<F> {
    area: &'static str,
    judge: F,
}

impl<F: AsyncFnMut(Step)> Steps<F> {
    pub(crate) fn new(judge: F) -> Self {
        Self { area: "", judge }
    }

    /// A step; its value if it succeeded.
    async fn step<T: Encode>(
        &mut self,
        name: impl Into<String>,
        result: Result<T, Error>,
    ) -> Option<T> {
        let shown = match &result {
            Ok(value) => Ok(xerus_rpc::rt::encode(value)
                .ok()
                .map(|text| serde_json::from_str(text.get()).unwrap())),
            Err(_) => Ok(None),
        };
        let (shown, value) = match result {
            Ok(value) => (shown, Some(value)),
            Err(error) => (Err(error), None),
        };
        (self.judge)((self.area, name.into(), shown)).await;
        value
    }

    /// A step whose method returns a code, 0 for success.
    async fn code<T>(&mut self, name: impl Into<String>, result: Result<T, Error>) {
        let shown = match result {
            Ok(_) => Ok(json!(0)),
            Err(error) => match error.return_code() {
                Some(code) => Ok(json!(code)),
                None => Err(error),
            },
        };
        self.show(name, shown).await;
    }

    /// Asks for time to pass.
    async fn advance(&mut self, seconds: u64) {
        (self.judge)((self.area, "advance".to_owned(), Ok(Some(json!(seconds))))).await;
    }

    /// A step that shows something of what was returned, or a refusal.
    async fn show(&mut self, name: impl Into<String>, result: Result<Value, Error>) {
        (self.judge)((self.area, name.into(), result.map(Some))).await;
    }
}

fn null(result: Result<(), Error>) -> Result<Value, Error> {
    result.map(|()| Value::Null)
}

/// What the areas begin with.
struct Parts {
    agent: Agent,
    pdu: Pdu,
    outlets: Vec<Outlet>,
    inlets: Vec<Inlet>,
}

/// Drives all areas. What they begin with works on every firmware.
pub(crate) async fn drive<F: AsyncFnMut(Step)>(
    agent: &Agent,
    firmware: Firmware,
    files: &Files,
    steps: &mut Steps<F>,
) -> Result<(), Error> {
    let pdu = Pdu::at(agent, "/model/pdu/0");
    let parts = Parts {
        agent: agent.clone(),
        outlets: pdu.get_outlets().await?,
        inlets: pdu.get_inlets().await?,
        pdu,
    };
    for (area, _) in AREAS {
        steps.area = area;
        let ended = match *area {
            "inventory" => inventory(&parts, steps).await,
            "metadata" => metadata(&parts, steps).await,
            "settings" => settings(&parts, steps).await,
            "sensors" => sensors(&parts, steps).await,
            "readings" => readings(&parts, steps).await,
            "thresholds" => thresholds(&parts, steps).await,
            "switch" => switch(&parts, steps).await,
            "cycle" => cycle(&parts, steps).await,
            "groups" => upkeep::groups(&parts, steps).await,
            "bulk" => bulk(&parts, steps).await,
            "session" => session(&parts, steps).await,
            "events" => events(&parts, steps).await,
            "raw_configuration" => upkeep::raw_configuration(&parts, steps).await,
            "bulk_configuration" => upkeep::bulk_configuration(&parts, steps).await,
            "certificates" => upkeep::certificates(&parts, files, steps).await,
            "diagnostics" => upkeep::diagnostics(&parts, steps).await,
            "firmware_update" => {
                upkeep::firmware_update(&parts, files.image(firmware), steps).await
            }
            other => panic!("nobody drives {other}"),
        };
        if let Err(error) = ended {
            steps.show("area", Err(error)).await;
        }
    }
    Ok(())
}

async fn inventory<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    s.step("outlets", parts.pdu.get_outlets().await).await;
    s.step("inlets", parts.pdu.get_inlets().await).await;
    for (index, inlet) in parts.inlets.iter().enumerate() {
        s.step(format!("inlet.{index}.poles"), inlet.get_poles().await)
            .await;
        s.step(format!("inlet.{index}.enabled"), inlet.is_enabled().await)
            .await;
    }
    let protectors = s
        .step("ocps", parts.pdu.get_over_current_protectors().await)
        .await;
    for (index, protector) in protectors.unwrap_or_default().iter().enumerate() {
        s.step(format!("ocp.{index}.poles"), protector.get_poles().await)
            .await;
        s.step(format!("ocp.{index}.inlet"), protector.get_inlet().await)
            .await;
    }
    let manager = DeviceManager::at(&parts.agent, "/model/peripheraldevicemanager");
    let slots = s.step("slots", manager.get_device_slots().await).await;
    for (index, slot) in slots.unwrap_or_default().iter().enumerate() {
        s.step(format!("slot.{index}.device"), slot.get_device().await)
            .await;
    }
    s.step("manager.devices", manager.get_discovered_devices().await)
        .await;
    s.step("pdu.controllers", parts.pdu.get_controllers().await)
        .await;
    let firmware = xerus_api::firmware::Firmware::at(&parts.agent, "/firmware");
    s.step("firmware", firmware.get_version().await).await;
    let names = NameService::at(&parts.agent, "/ns");
    s.step("lookup", names.lookup("/model/pdu/0/outlet/0").await)
        .await;
    Ok(())
}

async fn metadata<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    s.step("pdu.meta_data", parts.pdu.get_meta_data().await)
        .await;
    s.step("pdu.nameplate", parts.pdu.get_nameplate().await)
        .await;
    s.step("pdu.statistic", parts.pdu.get_statistic().await)
        .await;
    for (index, outlet) in parts.outlets.iter().enumerate() {
        s.step(
            format!("outlet.{index}.meta_data"),
            outlet.get_meta_data().await,
        )
        .await;
    }
    for (index, inlet) in parts.inlets.iter().enumerate() {
        s.step(
            format!("inlet.{index}.meta_data"),
            inlet.get_meta_data().await,
        )
        .await;
    }
    let protectors = parts.pdu.get_over_current_protectors().await?;
    for (index, protector) in protectors.iter().enumerate() {
        s.step(
            format!("ocp.{index}.meta_data"),
            protector.get_meta_data().await,
        )
        .await;
    }
    Ok(())
}

async fn settings<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    s.step("pdu.settings", parts.pdu.get_settings().await).await;
    for (index, outlet) in parts.outlets.iter().enumerate() {
        s.step(
            format!("outlet.{index}.settings"),
            outlet.get_settings().await,
        )
        .await;
    }
    let manager = DeviceManager::at(&parts.agent, "/model/peripheraldevicemanager");
    for (index, slot) in manager.get_device_slots().await?.iter().enumerate() {
        s.step(format!("slot.{index}.settings"), slot.get_settings().await)
            .await;
    }
    s.step("manager.settings", manager.get_settings().await)
        .await;

    let outlet = &parts.outlets[1];
    let mut settings = outlet.get_settings().await?;
    "driven ü 🔌".clone_into(&mut settings.name);
    settings.cycle_delay = 7;
    settings.startup_state = StartupState::SsLastknown;
    s.code(
        "outlet.1.set_settings",
        outlet.set_settings(&settings).await,
    )
    .await;
    s.step("outlet.1.new_settings", outlet.get_settings().await)
        .await;
    let mut settings = parts.pdu.get_settings().await?;
    "driven".clone_into(&mut settings.name);
    settings.outlet_power_state_sequence.reverse();
    s.code("pdu.set_settings", parts.pdu.set_settings(&settings).await)
        .await;
    s.step("pdu.new_settings", parts.pdu.get_settings().await)
        .await;
    Ok(())
}

async fn sensors<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    s.step("pdu.sensors", parts.pdu.get_sensors().await).await;
    for (index, outlet) in parts.outlets.iter().enumerate() {
        s.step(
            format!("outlet.{index}.sensors"),
            outlet.get_sensors().await,
        )
        .await;
    }
    for (index, inlet) in parts.inlets.iter().enumerate() {
        s.step(format!("inlet.{index}.sensors"), inlet.get_sensors().await)
            .await;
    }
    for (name, sensor) in named(parts).await? {
        s.step(format!("{name}.type"), sensor.get_type_spec().await)
            .await;
        s.step(format!("{name}.meta_data"), sensor.get_meta_data().await)
            .await;
    }
    Ok(())
}

/// Two sensors of the first outlet.
async fn named(parts: &Parts) -> Result<Vec<(&'static str, NumericSensor)>, Error> {
    let found = parts.outlets[0].get_sensors().await?;
    let both = [("voltage", found.voltage), ("energy", found.active_energy)];
    Ok(both
        .into_iter()
        .filter_map(|(name, sensor)| Some((name, sensor?)))
        .collect())
}

async fn readings<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    for (index, outlet) in parts.outlets.iter().enumerate() {
        let found = outlet.get_sensors().await?;
        if let (Some(state), Some(current)) = (found.outlet_state, found.current) {
            s.step(
                format!("outlet.{index}.outlet_state"),
                state.get_state().await,
            )
            .await;
            s.step(
                format!("outlet.{index}.current"),
                current.get_reading().await,
            )
            .await;
        }
    }
    for (name, sensor) in named(parts).await? {
        s.step(format!("{name}.reading"), sensor.get_reading().await)
            .await;
        s.step(format!("{name}.extremes"), sensor.get_min_max().await)
            .await;
    }
    for (index, inlet) in parts.inlets.iter().enumerate() {
        let poles = inlet.get_poles().await?;
        let calls = poles
            .iter()
            .filter_map(|pole| Some(pole.current.as_ref()?.get_reading()));
        let currents = parts
            .agent
            .bulk(calls)
            .await
            .and_then(|answers| answers.all());
        s.step(format!("inlet.{index}.pole_currents"), currents)
            .await;
    }
    Ok(())
}

async fn thresholds<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    for (name, sensor) in named(parts).await? {
        let Some(mut thresholds) = s
            .step(format!("{name}.thresholds"), sensor.get_thresholds().await)
            .await
        else {
            continue;
        };
        if name == "voltage" {
            (thresholds.upper_warning_active, thresholds.upper_warning) = (true, 100.0);
            s.code(
                "voltage.set_thresholds",
                sensor.set_thresholds(&thresholds).await,
            )
            .await;
            s.step("voltage.new_thresholds", sensor.get_thresholds().await)
                .await;
            s.step("voltage.warned_reading", sensor.get_reading().await)
                .await;
            thresholds.upper_warning = 1e9;
            s.code(
                "voltage.bad_thresholds",
                sensor.set_thresholds(&thresholds).await,
            )
            .await;
        }
    }
    Ok(())
}

async fn switch<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    for (index, outlet) in parts.outlets.iter().enumerate() {
        s.step(format!("outlet.{index}.state"), outlet.get_state().await)
            .await;
    }
    let outlet = &parts.outlets[2];
    s.code(
        "outlet.2.set_power_state",
        outlet.set_power_state(PowerState::PsOff).await,
    )
    .await;
    s.step("outlet.2.new_state", outlet.get_state().await).await;
    let unknown = Outlet::at(&parts.agent, "/model/pdu/0/outlet/999");
    s.step("unknown_rid", unknown.get_state().await).await;
    let unknown = Inlet::at(&parts.agent, outlet.rid());
    s.step("unknown_method", unknown.get_poles().await).await;
    Ok(())
}

async fn cycle<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    let outlet = &parts.outlets[4];
    s.code("outlet.4.cycle", outlet.cycle_power_state().await)
        .await;
    let state = outlet.get_state().await?;
    s.show(
        "outlet.4.off_meanwhile",
        Ok(json!(i32::from(state.power_state == PowerState::PsOn))),
    )
    .await;
    s.show("outlet.4.in_progress", Ok(json!(state.cycle_in_progress)))
        .await;
    s.advance(60).await;
    let mut state = outlet.get_state().await?;
    for _ in 0..1_000 {
        if !state.cycle_in_progress {
            break;
        }
        state = outlet.get_state().await?;
    }
    s.show(
        "outlet.4.on_again",
        Ok(json!(i32::from(state.power_state == PowerState::PsOn))),
    )
    .await;
    s.step("outlet.4.after", outlet.get_state().await).await;
    Ok(())
}

async fn bulk<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    let (settings, nameplate, switched, cancelled, rid, method) = parts
        .agent
        .bulk((
            parts
                .outlets
                .iter()
                .map(Outlet::get_settings)
                .collect::<Vec<_>>(),
            parts.pdu.get_nameplate(),
            parts.outlets[0].set_power_state(PowerState::PsOn),
            parts.pdu.cancel_outlet_sequence(),
            Outlet::at(&parts.agent, "/model/pdu/0/outlet/999").get_state(),
            Inlet::at(&parts.agent, parts.outlets[0].rid()).get_poles(),
        ))
        .await?;
    let mut failed: Vec<bool> = settings.iter().map(Result::is_err).collect();
    failed.extend([
        nameplate.is_err(),
        switched.is_err(),
        cancelled.is_err(),
        rid.is_err(),
        method.is_err(),
    ]);
    let names: Vec<String> = settings
        .all()?
        .into_iter()
        .map(|settings| settings.name)
        .collect();
    s.show("bulk.names", Ok(json!(names))).await;
    s.show("bulk.failed", Ok(json!(failed))).await;
    Ok(())
}

async fn session<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    let manager = SessionManager::at(&parts.agent, "/session");
    let (opened, token) = manager.new_session().await?;
    let opened: Value = serde_json::from_str(xerus_rpc::rt::encode(&opened)?.get()).unwrap();
    s.show("session.new", Ok(json!([0, opened, token.len()])))
        .await;
    parts.agent.login(Credentials::token(token)).await?;
    s.step("session.current", manager.get_current_session().await)
        .await;
    s.step("session.all", manager.get_sessions().await).await;
    let firmware = xerus_api::firmware::Firmware::at(&parts.agent, "/firmware");
    s.step("session.version", firmware.get_version().await)
        .await;
    let touched = manager.touch_current_session(true).await;
    s.show("session.touch", touched.map(|()| Value::Null)).await;
    let closed = manager
        .close_current_session(CloseReason::CloseReasonLogout)
        .await;
    s.show("session.close", closed.map(|()| Value::Null)).await;
    s.step("session.after", manager.get_sessions().await).await;
    parts.agent.login(Credentials::basic("admin", "no")).await?;
    s.step("wrong_password", parts.pdu.get_meta_data().await)
        .await;
    parts
        .agent
        .login(Credentials::basic("admin", PASSWORD))
        .await?;
    Ok(())
}

/// Whether there are more, and the events, as the scripts show them.
fn polled(result: Result<(bool, Vec<Polymorphic<idl::Event>>), Error>) -> Result<Value, Error> {
    let (more, events) = result?;
    let events: Value = serde_json::from_str(xerus_rpc::rt::encode(&events)?.get()).unwrap();
    Ok(json!([more, events]))
}

/// Demanded by the types of these bindings, whatever versions the device has that the device has: a reference tells.
async fn events<F: AsyncFnMut(Step)>(parts: &Parts, s: &mut Steps<F>) -> Result<(), Error> {
    let outlet = &parts.outlets[3];
    let service = event::Service::at(&parts.agent, "/eventservice");
    let mut channels = Vec::new();
    for _ in 0..3 {
        channels.extend(service.create_channel().await?);
    }
    let [by_type, by_source, by_base] = channels.as_slice() else {
        return Ok(());
    };
    let id = |text: &str| -> WireId { text.parse().unwrap() };
    let types = [
        id(StateChangedEvent::TYPE_ID),
        id(state_sensor::StateChangedEvent::TYPE_ID),
    ];
    s.show(
        "events.demand_types",
        null(by_type.demand_event_types(&types).await),
    )
    .await;
    let source: &Object = outlet.as_object();
    let demanded = by_source
        .demand_event(&id(idl::Event::TYPE_ID), Some(source))
        .await;
    s.show("events.demand_source", null(demanded)).await;
    s.show(
        "events.demand_base",
        null(by_base.demand_event_type(&id(UserEvent::TYPE_ID)).await),
    )
    .await;
    s.code(
        "outlet.3.set_power_state",
        outlet.set_power_state(PowerState::PsOff).await,
    )
    .await;
    if outlet.compatibility() == Compatibility::MajorMismatch {
        // It was not switched.
        return Ok(());
    }
    s.show("events.by_type", polled(by_type.poll_events_nb().await))
        .await;
    s.show("events.by_source", polled(by_source.poll_events().await))
        .await;
    s.show("events.by_base", polled(by_base.poll_events_nb().await))
        .await;
    s.code(
        "events.destroyed",
        service.destroy_channel(Some(by_type)).await,
    )
    .await;
    s.code(
        "events.destroyed_again",
        service.destroy_channel(Some(by_type)).await,
    )
    .await;
    s.show("events.after", polled(by_type.poll_events_nb().await))
        .await;
    Ok(())
}
