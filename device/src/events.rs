//! What happens in a device, as a stream.
//!
//! A device keeps events for a *channel*, which dies when it is not polled for 30 s. [`Events`] makes one, says what is wanted,
//! polls it, and makes it anew when it is lost. Each time that something may have been missed, the stream says so in its place:
//! a [`Gap`] is what the device had and nobody got, an [`Overflow`] what came and was not read in time.
//!
//! ```
//! use futures_util::StreamExt;
//! use xerus_api::pdumodel::outlet::StateChangedEvent;
//! use xerus_device::events::{Events, EventsError, Item};
//! use xerus_rpc::Agent;
//!
//! async fn watch(agent: &Agent) -> Result<(), EventsError> {
//!     let mut events = Events::of(agent).demand::<StateChangedEvent>().stream();
//!     while let Some(item) = events.next().await {
//!         match item? {
//!             // From here on nothing is missed: now read the present state.
//!             Item::Started => println!("listening"),
//!             Item::Event(event) => {
//!                 if let Some(changed) = event.downcast::<StateChangedEvent>() {
//!                     println!("{:?} is {:?}", changed.source, changed.new_state.power_state);
//!                 }
//!             }
//!             // Read the present state again.
//!             Item::Gap(gap) => println!("{gap}"),
//!             Item::Overflow(overflow) => println!("{overflow}"),
//!             other => println!("{other:?}"),
//!         }
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # Who polls
//!
//! Nothing runs in the background, and no task is spawned. [`Events::stream`] polls the device while it is read; a program that
//! does something else for 30 s loses the channel and finds a [`Gap`]. [`Events::with_driver`] gives a future beside the stream,
//! which polls the device while the program does something else: spawn it, or join it with what else runs.
//!
//! # Who reads slowly
//!
//! Between device and reader is a [`Buffer`]. By default it holds 1024 items and 8 MiB; when it is full, the oldest are thrown
//! away and an [`Overflow`] in their place says how many events they were. So the channel stays alive, memory stays flat,
//! and what is read is recent. [`Buffer::drop_newest`] keeps the oldest instead; [`Buffer::wait`] throws nothing away and
//! stops polling, so that the device has to keep the events: as long as it has room, and 30 s at most.
//!
//! # Connections
//!
//! The poll that the device holds back for half a minute never shares a connection with calls: an agent has connections of
//! their own for long polls, four of them. More streams than that on one agent would wait for each other until their channels
//! die: put what is wanted into one stream, or use a further agent.

mod buffer;
mod demand;
mod driver;
mod error;
mod follow;
mod item;
mod open;
mod pace;
mod shared;
mod stream;
mod subscribe;
mod trouble;

use xerus_api::idl;
use xerus_rpc::Polymorphic;

pub use buffer::Buffer;
pub use driver::EventDriver;
pub use error::EventsError;
pub use item::{Gap, GapReason, Item, Overflow, Trouble};
pub use stream::EventStream;
pub use subscribe::Events;

/// An event: type, source and text as the device sent them.
///
/// [`downcast`](Polymorphic::downcast) gives the members of a type that the bindings know. An event of a type that they do not
/// know, or that cannot be read, is here as well: [`raw`](Polymorphic::raw) is its text.
pub type Event = Polymorphic<idl::Event>;
