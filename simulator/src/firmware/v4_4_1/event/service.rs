//! The event service: makes channels and ends them.

use std::sync::{Arc, Weak};

use xerus_api::event::{self, Service};
use xerus_api::server::event as traits;
use xerus_rpc::server::{Context, Reply};
use xerus_rpc::{Interface as _, Object};

use super::super::answer;
use super::channel::{Channel, PATIENCE};
use super::hub::Hub;
use crate::firmware::{Name, Objects};
use crate::model::{Clock, Device};

/// Serves `/eventservice`.
pub(crate) struct EventService {
    pub(crate) device: Arc<Device>,
    /// Weak: the objects own this service.
    pub(crate) objects: Weak<Objects>,
    pub(crate) hub: Arc<Hub>,
}

fn name(number: u64) -> Name {
    Name::new::<event::Channel>(&format!("channel.{number}"), Vec::new())
}

impl EventService {
    /// `None` when all channels are taken, or the device runs another firmware by now.
    fn create(&self) -> Option<event::Channel> {
        let objects = self.objects.upgrade()?;
        let clock = self.device.clock();
        let number = self.hub.open(clock.now())?;
        let channel = Channel {
            clock: clock.clone(),
            objects: Weak::clone(&self.objects),
            hub: Arc::clone(&self.hub),
            number,
        };
        let name = name(number);
        objects.add(name.clone(), traits::channel(channel));
        let life = Life {
            objects: Weak::clone(&self.objects),
            hub: Arc::downgrade(&self.hub),
            number,
        };
        self.device.spawn(life.expire(clock.clone()));
        name.to()
    }

    fn destroy(&self, channel: &Object) -> Result<(), i32> {
        let number = channel
            .rid()
            .rsplit_once("channel.")
            .and_then(|(_, number)| number.parse().ok());
        match (number, self.objects.upgrade()) {
            (Some(number), Some(objects))
                if name(number).opaque == objects.opaque(channel.rid())
                    && close(&objects, &self.hub, number) =>
            {
                Ok(())
            }
            _ => Err(Service::INVALID_CHANNEL),
        }
    }
}

/// The answer says whether the channel was there.
fn close(objects: &Objects, hub: &Hub, number: u64) -> bool {
    objects.remove(&name(number).opaque);
    hub.close(number)
}

/// What ends a channel that nobody has used for its lifetime.
struct Life {
    objects: Weak<Objects>,
    hub: Weak<Hub>,
    number: u64,
}

impl Life {
    async fn expire(self, clock: Clock) {
        while let Some(expiry) = self.expiry(&clock) {
            if expiry <= clock.now() {
                if let (Some(objects), Some(hub)) = (self.objects.upgrade(), self.hub.upgrade()) {
                    close(&objects, &hub, self.number);
                }
                return;
            }
            clock.sleep_until(expiry).await;
        }
    }

    /// `None`: the channel is gone.
    fn expiry(&self, clock: &Clock) -> Option<std::time::Duration> {
        let hub = self.hub.upgrade()?;
        hub.expiry(self.number, clock.now(), PATIENCE)
    }
}

impl traits::Service for EventService {
    fn create_channel<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<event::Channel>> {
        Reply::ok(self.create())
    }

    fn destroy_channel<'a>(
        &'a self,
        _: &'a Context,
        channel: Option<event::Channel>,
    ) -> Reply<'a, ()> {
        let done = match channel {
            Some(channel) => self.destroy(channel.as_object()),
            None => Err(Service::INVALID_CHANNEL),
        };
        answer::reply(done)
    }
}
