//! What the device consists of, its settings and sensors.

use xerus_api::jsonrpc::NameService;
use xerus_api::pdumodel::outlet::StartupState;
use xerus_api::peripheral::DeviceManager;
use xerus_api::sensors::NumericSensor;
use xerus_rpc::Error;

use super::{Parts, Step, Steps};

pub(super) async fn inventory<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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

pub(super) async fn metadata<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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

pub(super) async fn settings<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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

pub(super) async fn sensors<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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

pub(super) async fn readings<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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
            .and_then(xerus_rpc::BulkResults::all);
        s.step(format!("inlet.{index}.pole_currents"), currents)
            .await;
    }
    Ok(())
}

pub(super) async fn thresholds<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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
