//! Many devices at a time, but not all at once.

use futures_util::{Stream, StreamExt as _, stream};
use xerus_rpc::{Agent, Error};

use crate::pdu::{self, Survey, Switched};

/// A device to visit.
#[derive(Clone, Debug)]
pub struct Device {
    /// How to reach it.
    pub agent: Agent,
    /// Where its PDU stands: `/model/pdu/0`.
    pub rid: String,
}

/// What was found at a device.
#[derive(Debug)]
pub struct Visit {
    /// The device as it was given.
    pub device: Device,
    /// What it said, or why it could not be read.
    pub survey: Result<Survey, Error>,
    /// What came of switching; `None` when that was not asked for, or the device could not be read.
    pub switched: Option<Result<Switched, Error>>,
}

impl Visit {
    /// Whether something did not work.
    #[must_use]
    pub fn failed(&self) -> bool {
        let outlet_failed = |survey: &Survey| survey.outlets.iter().any(Result::is_err);
        let switched = !matches!(self.switched, None | Some(Ok(Switched::Now(_))));
        switched || self.survey.as_ref().map_or(true, outlet_failed)
    }
}

/// Visits devices, at most `at_once` at a time, and gives what was found in the order of the devices. One that cannot be
/// reached, or that nobody understands, keeps none of the others waiting longer than its own time limit.
pub fn visit(
    devices: Vec<Device>,
    at_once: usize,
    switch: Option<usize>,
) -> impl Stream<Item = Visit> {
    stream::iter(devices)
        .map(move |device| visit_one(device, switch))
        .buffered(at_once.max(1))
}

async fn visit_one(device: Device, switch: Option<usize>) -> Visit {
    let mut switched = None;
    let survey = async {
        let pdu = pdu::open(&device.agent, &device.rid).await?;
        let survey = pdu.survey().await?;
        if let Some(outlet) = switch {
            switched = Some(pdu.switch(outlet).await);
        }
        Ok(survey)
    }
    .await;
    Visit {
        device,
        survey,
        switched,
    }
}
