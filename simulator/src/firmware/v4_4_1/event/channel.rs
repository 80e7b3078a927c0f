//! An event channel as an object of the device.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use xerus_api::event::channel::EventSelect;
use xerus_api::idl::Event;
use xerus_api::server::event as traits;
use xerus_rpc::server::{Context, Fault, Reply};
use xerus_rpc::{Object, Polymorphic, WireId};

use super::demand::Demand;
use super::hub::{Batch, Hub, Undemanded};
use crate::firmware::Objects;
use crate::model::Clock;

/// How long `pollEvents` waits for an event, and how long a channel lives that nobody uses.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Serves one channel.
pub(super) struct Channel {
    pub(super) clock: Clock,
    pub(super) objects: Weak<Objects>,
    pub(super) hub: Arc<Hub>,
    pub(super) number: u64,
}

type Polled = (bool, Vec<Polymorphic<Event>>);

impl Channel {
    /// The name under which the source of an event is known here.
    fn source(&self, object: &Object) -> String {
        match self.objects.upgrade() {
            Some(objects) => objects.opaque(object.rid()),
            None => object.rid().to_owned(),
        }
    }

    fn demands(&self, wanted: impl IntoIterator<Item = (WireId, Option<Object>)>) -> Vec<Demand> {
        wanted
            .into_iter()
            .map(|(event, source)| Demand::new(&event, source.map(|object| self.source(&object))))
            .collect()
    }

    fn demand(
        &self,
        wanted: impl IntoIterator<Item = (WireId, Option<Object>)>,
    ) -> Result<(), Fault> {
        let demands = self.demands(wanted);
        self.hub
            .demand(self.number, self.clock.now(), &demands)
            .map_err(|refusal| match refusal {
                Undemanded::Gone => gone(),
                Undemanded::TooMany => too_many(),
            })
    }

    fn cancel(
        &self,
        wanted: impl IntoIterator<Item = (WireId, Option<Object>)>,
    ) -> Result<(), Fault> {
        let demands = self.demands(wanted);
        self.hub
            .cancel(self.number, self.clock.now(), &demands)
            .ok_or_else(gone)
    }

    fn take(&self) -> Result<Batch, Fault> {
        self.hub
            .take(self.number, self.clock.now())
            .ok_or_else(gone)
    }

    /// Waits for an event, at most until the caller waits no more.
    async fn wait(&self, caller: Option<Instant>) -> Result<Polled, Fault> {
        let clock = &self.clock;
        let waiting = Waiting::begin(self)?;
        let deadline = clock.now() + PATIENCE;
        loop {
            // Armed before the look into the queue: an event in between is not missed.
            let arrived = waiting.arrived.notified();
            let batch = self.take()?;
            let is_over = caller.is_some_and(|end| Instant::now() >= end);
            if !batch.events.is_empty() || clock.now() >= deadline || is_over {
                return Ok(polled(batch));
            }
            let caller = async {
                match caller {
                    Some(end) => tokio::time::sleep_until(end.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = arrived => {}
                () = clock.sleep_until(deadline) => {}
                () = caller => {}
            }
        }
    }
}

/// Keeps the channel alive while a poll waits in it, also when the client goes away in between.
struct Waiting<'a> {
    channel: &'a Channel,
    arrived: Arc<tokio::sync::Notify>,
}

impl<'a> Waiting<'a> {
    fn begin(channel: &'a Channel) -> Result<Self, Fault> {
        let arrived = channel
            .hub
            .begin_poll(channel.number, channel.clock.now())
            .ok_or_else(gone)?;
        Ok(Self { channel, arrived })
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let channel = self.channel;
        channel.hub.end_poll(channel.number, channel.clock.now());
    }
}

fn polled(batch: Batch) -> Polled {
    (batch.more, batch.events)
}

fn too_many() -> Fault {
    let most = Hub::DEMANDS;
    Fault::invalid_params(format_args!(
        "a channel has at most {most} demands: demand the events of every source"
    ))
}

fn gone() -> Fault {
    Fault::internal("the event channel is closed")
}

impl traits::Channel for Channel {
    fn demand_event_type<'a>(&'a self, _: &'a Context, r#type: WireId) -> Reply<'a, ()> {
        self.demand([(r#type, None)]).into()
    }

    fn cancel_event_type<'a>(&'a self, _: &'a Context, r#type: WireId) -> Reply<'a, ()> {
        self.cancel([(r#type, None)]).into()
    }

    fn demand_event_types<'a>(&'a self, _: &'a Context, types: Vec<WireId>) -> Reply<'a, ()> {
        self.demand(types.into_iter().map(|event| (event, None)))
            .into()
    }

    fn cancel_event_types<'a>(&'a self, _: &'a Context, types: Vec<WireId>) -> Reply<'a, ()> {
        self.cancel(types.into_iter().map(|event| (event, None)))
            .into()
    }

    fn demand_event<'a>(
        &'a self,
        _: &'a Context,
        r#type: WireId,
        src: Option<Object>,
    ) -> Reply<'a, ()> {
        self.demand([(r#type, src)]).into()
    }

    fn cancel_event<'a>(
        &'a self,
        _: &'a Context,
        r#type: WireId,
        src: Option<Object>,
    ) -> Reply<'a, ()> {
        self.cancel([(r#type, src)]).into()
    }

    fn demand_events<'a>(&'a self, _: &'a Context, events: Vec<EventSelect>) -> Reply<'a, ()> {
        self.demand(events.into_iter().map(|select| (select.r#type, select.src)))
            .into()
    }

    fn cancel_events<'a>(&'a self, _: &'a Context, events: Vec<EventSelect>) -> Reply<'a, ()> {
        self.cancel(events.into_iter().map(|select| (select.r#type, select.src)))
            .into()
    }

    fn poll_events<'a>(&'a self, context: &'a Context) -> Reply<'a, Polled> {
        Reply::future(self.wait(context.deadline))
    }

    fn poll_events_nb<'a>(&'a self, _: &'a Context) -> Reply<'a, Polled> {
        self.take().map(polled).into()
    }
}
