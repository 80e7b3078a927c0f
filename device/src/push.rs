//! What devices push: they send sensor readings and logs to a URL by themselves, with `POST`.
//!
//! A [`Receiver`] is a `tower` service for any HTTP server in Rust. It refuses who is not known, takes no more than was said, answers
//! at once, and hands each message over to a stream of [`Messages`].
//!
//! ```
//! use futures_util::StreamExt;
//! use xerus_device::push::Receiver;
//!
//! # fn example(password: &str) -> axum::Router {
//! let (receiver, mut messages) = Receiver::with_basic_auth("pdu", password).build();
//! let work = async move {
//!     while let Some(message) = messages.next().await {
//!         match message.sensor_log() {
//!             Ok(Some(log)) => {
//!                 for (time, sensor, record) in log.readings() {
//!                     println!("{time:?} {} {}: {:?}", sensor.device.label, sensor.id, record.average);
//!                 }
//!             }
//!             Ok(None) => println!("something else: {}", message.text()),
//!             Err(error) => println!("{error}"),
//!         }
//!     }
//! };
//! # drop(work);
//! // In a task of its own: `work`. The server, here axum:
//! axum::Router::new().route_service("/push", receiver)
//! # }
//! ```
//!
//! On the device, an entry of `event.DataPushService` says where to push what: its `url`, with `useAuth`, `username` and `password`.
//! Passwords go over the network as they are: give the device an `https` URL, and the certificate of the server's authority.

mod authentication;
mod message;
mod receiver;
mod sensor_log;

pub use message::{Message, MessageError};
pub use receiver::{Messages, Receiver, ReceiverBuilder};
pub use sensor_log::{DeviceKind, Logged, LoggedDevice, LoggedSensor, Record, Row, SensorLog};
