//! Saying which events are wanted.

use xerus_api::idl;
use xerus_rpc::{Agent, Extends, Object, ValueObject, WireId};

use super::demand::{Demand, Of};
use super::follow::Follow;
use super::shared::Shared;
use super::{Buffer, EventDriver, EventStream};

/// Which events are wanted, before the device is told.
///
/// A type stands for all types that extend it: `demand::<xerus_api::idl::Event>()` is for everything that happens.
///
/// # Versions
///
/// The type of an event has the version of its interface in it, and it is not known whether devices compare versions. Where an
/// object is named, the version is the one that the device reports for it; where none is, that of the bindings. For a device
/// with older firmware, name one object of the kind: [`demand_like`](Self::demand_like).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before the stream is read"]
#[doc(alias("createChannel", "pollEvents", "demandEventType", "subscribe"))]
pub struct Events {
    agent: Agent,
    demands: Vec<Demand>,
    buffer: Buffer,
    wait: bool,
}

impl Events {
    /// Events of the device that this agent calls.
    pub fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
            demands: Vec::new(),
            buffer: Buffer::default(),
            wait: false,
        }
    }

    fn add(mut self, event: WireId, of: Of) -> Self {
        self.demands.push(Demand { event, of });
        self
    }

    /// Wants events of this type, whoever raises them.
    pub fn demand<E: ValueObject + Extends<idl::Event>>(self) -> Self {
        self.add(id::<E>(), Of::All)
    }

    /// Wants events of this type, whoever raises them, in the version that the interface of `object` has on the device.
    pub fn demand_like<E: ValueObject + Extends<idl::Event>>(self, object: &Object) -> Self {
        let object = object.with_agent(&self.agent);
        self.add(id::<E>(), Of::AllLike(object))
    }

    /// Wants events of this type from one object.
    ///
    /// ```
    /// # use xerus_api::pdumodel::{Outlet, outlet::StateChangedEvent};
    /// # use xerus_device::Events;
    /// # fn example(agent: &xerus_rpc::Agent) -> Events {
    /// let fourth = Outlet::well_known(agent, 0, 3);
    /// Events::of(agent).demand_from::<StateChangedEvent>(&fourth)
    /// # }
    /// ```
    pub fn demand_from<E: ValueObject + Extends<idl::Event>>(self, object: &Object) -> Self {
        let object = object.with_agent(&self.agent);
        self.add(id::<E>(), Of::Only(object))
    }

    /// Wants events of a type that the bindings do not know, whoever raises them.
    pub fn demand_type(self, event: WireId) -> Self {
        self.add(event, Of::All)
    }

    /// Wants events of a type that the bindings do not know from one object. The version of the interface is the one that the
    /// device reports for the object.
    pub fn demand_type_from(self, event: WireId, object: &Object) -> Self {
        let object = object.with_agent(&self.agent);
        self.add(event, Of::Only(object))
    }

    /// What lies between the device and a reader who takes his time. Default: 1024 items, of which the oldest give way.
    pub fn buffer(mut self, buffer: Buffer) -> Self {
        self.buffer = buffer;
        self
    }

    /// Says whether to wait while all channels of the device are in use, which is then an [`Item::Trouble`](super::Item::Trouble).
    /// Default: no, the stream ends with [`ChannelsInUse`](super::EventsError::ChannelsInUse). When a channel was lost, a new one
    /// is waited for in any case, for one minute: the old one may be among those in use.
    pub fn wait_for_channel(mut self, wait: bool) -> Self {
        self.wait = wait;
        self
    }

    /// The events. The device is polled while the stream is read.
    pub fn stream(self) -> EventStream {
        let (shared, pump, agent) = self.parts();
        EventStream::new(agent, shared, Some(pump))
    }

    /// The events, and a future that polls the device. It has to be polled as long as the stream is read; it ends when the
    /// stream was dropped or closed, or has ended with an error.
    ///
    /// ```
    /// # use futures_util::StreamExt;
    /// # use xerus_api::idl::Event;
    /// # use xerus_device::Events;
    /// # async fn example(agent: &xerus_rpc::Agent) {
    /// let (mut events, driver) = Events::of(agent).demand::<Event>().with_driver();
    /// let read = async move {
    ///     while let Some(item) = events.next().await {
    ///         // What is done here may take its time.
    /// #       drop(item);
    ///     }
    /// };
    /// // Or, in a runtime that has tasks: spawn the driver.
    /// futures_util::future::join(driver, read).await;
    /// # }
    /// ```
    pub fn with_driver(self) -> (EventStream, EventDriver) {
        let (shared, pump, agent) = self.parts();
        let driver = EventDriver::new(shared.clone(), pump);
        (EventStream::new(agent, shared, None), driver)
    }

    fn parts(self) -> (std::sync::Arc<Shared>, super::follow::Pump, Agent) {
        let shared = Shared::new(self.buffer);
        let follow = Follow::new(self.agent.clone(), self.demands, self.wait, shared.clone());
        (shared, follow.pump(), self.agent)
    }
}

fn id<E: ValueObject>() -> WireId {
    WireId::new(E::TYPE_ID).expect("generated code holds wire ids")
}
