//! Switching, many calls at once, sessions, events.

use serde_json::{Value, json};
use xerus_api::event::{self, UserEvent};
use xerus_api::idl;
use xerus_api::pdumodel::outlet::{PowerState, StateChangedEvent};
use xerus_api::pdumodel::{Inlet, Outlet};
use xerus_api::sensors::state_sensor;
use xerus_api::session::SessionManager;
use xerus_api::session::session_manager::CloseReason;
use xerus_rpc::{
    Compatibility, Credentials, Error, Interface as _, Object, Polymorphic, ValueObject as _,
    WireId,
};

use super::{Parts, Step, Steps, null};
use crate::PASSWORD;

pub(super) async fn switch<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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

pub(super) async fn cycle<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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

pub(super) async fn bulk<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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

pub(super) async fn session<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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
pub(super) async fn events<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
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
