//! Our own bindings of firmware 4.4.1, driven through the same steps as the vendor's clients.

mod parts;
mod switching;
mod upkeep;

use serde_json::{Value, json};
use xerus_api::pdumodel::{Inlet, Outlet, Pdu};
use xerus_rpc::value::Encode;
use xerus_rpc::{Agent, Error};
use xerus_sim::Firmware;

use crate::AREAS;
use crate::files::Files;

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
            "inventory" => parts::inventory(&parts, steps).await,
            "metadata" => parts::metadata(&parts, steps).await,
            "settings" => parts::settings(&parts, steps).await,
            "sensors" => parts::sensors(&parts, steps).await,
            "readings" => parts::readings(&parts, steps).await,
            "thresholds" => parts::thresholds(&parts, steps).await,
            "switch" => switching::switch(&parts, steps).await,
            "cycle" => switching::cycle(&parts, steps).await,
            "groups" => upkeep::groups(&parts, steps).await,
            "bulk" => switching::bulk(&parts, steps).await,
            "session" => switching::session(&parts, steps).await,
            "events" => switching::events(&parts, steps).await,
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
