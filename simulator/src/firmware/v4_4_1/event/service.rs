//! The event service: makes channels and ends them.

use std::sync::{Arc, Weak};

use xerus_rpc::server::{Context, Reply, Router};
use xerus_rpc::{Interface as _, Object};

use super::channel::{Channel, PATIENCE};
use crate::api::event::{self, Service};
use crate::api::server::event as traits;
use crate::device::Device;
use crate::device::aliases::Aliases;
use crate::device::reference::Name;
use crate::device::refusal::{self, Refusal};

/// Serves `/eventservice`.
pub(crate) struct EventService {
    pub(crate) device: Arc<Device>,
    pub(crate) aliases: Arc<Aliases>,
    /// Weak: the router owns this service.
    pub(crate) router: Weak<Router>,
}

fn name(number: u64) -> Name {
    Name::new::<event::Channel>(&format!("channel.{number}"), Vec::new())
}

impl EventService {
    fn create(&self) -> Option<event::Channel> {
        let router = self
            .router
            .upgrade()
            .expect("a call is answered by a router that is there");
        let number = self.device.events().open(self.device.clock().now())?;
        let channel = Channel {
            device: Arc::clone(&self.device),
            aliases: Arc::clone(&self.aliases),
            number,
        };
        let name = name(number);
        router.insert(&name.opaque, traits::channel(channel));
        let (device, router) = (Arc::clone(&self.device), Weak::clone(&self.router));
        self.device.spawn(expire(device, router, number));
        name.to()
    }

    fn destroy(&self, channel: &Object) -> Result<(), Refusal> {
        let number = channel
            .rid()
            .rsplit_once("channel.")
            .and_then(|(_, number)| number.parse().ok());
        match number {
            Some(number)
                if name(number).opaque == channel.rid()
                    && close(&self.device, &self.router, number) =>
            {
                Ok(())
            }
            _ => Err(Refusal::new(Service::INVALID_CHANNEL)),
        }
    }
}

fn close(device: &Device, router: &Weak<Router>, number: u64) -> bool {
    if let Some(router) = router.upgrade() {
        router.remove(&name(number).opaque);
    }
    device.events().close(number)
}

/// Ends a channel that nobody has used for its lifetime.
async fn expire(device: Arc<Device>, router: Weak<Router>, number: u64) {
    while let Some(expiry) = device
        .events()
        .expiry(number, device.clock().now(), PATIENCE)
    {
        if expiry <= device.clock().now() {
            close(&device, &router, number);
            return;
        }
        device.clock().sleep_until(expiry).await;
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
            None => Err(Refusal::new(Service::INVALID_CHANNEL)),
        };
        refusal::reply(done)
    }
}
