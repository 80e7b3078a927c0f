//! The API of RACOM RipEX2 radio modems: JSON over HTTPS, with sessions, codes that are words, and actions that go on for minutes.
//!
//! [`Ripex2`] is the calling side. [`Ripex2Server`] answers like such a unit from a [`Router`](crate::server::Router): for tests, and for
//! programs that others call as if they were one.
//!
//! An object is a unit: `""` is the one that is connected, and the address of another one is reached through it.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use xerus_rpc::ripex2::Ripex2;
//!
//! let agent = Ripex2::builder("https://192.0.2.7")
//!     .login("admin", std::env::var("RIPEX_PASSWORD")?)
//!     .pin_certificate_sha256(std::env::var("RIPEX_PIN")?)
//!     .build()?;
//! let settings = agent.call("", "settings_get", "{}".parse()?).await?;
//! let behind = agent.call("10.9.9.9", "settings_get", "{}".parse()?).await?; // over the radio
//! # Ok(())
//! # }
//! ```
//!
//! Needs the feature `ripex2`. [What goes over the wire](https://github.com/xerus-rs/xerus-rs/blob/main/docs/protocol/ripex2.md).

mod answer;
mod builder;
mod code;
mod details;
mod forbidden;
mod gzip;
mod login;
mod number;
mod server;
mod session;
mod transport;
mod unit;

pub use builder::Ripex2Builder;
pub use code::FaultCode;
pub use details::Details;
pub use server::{Actions, Power, Ripex2Server, Role, Serving, Started};
pub use transport::Ripex2;

/// The [attribute of an answer](crate::wire::Meta::attribute) with the time of the device's clock, in seconds since 1970 as the device
/// wrote it. Nothing here goes by that clock.
pub const DEVICE_TIME: &str = "device_time";

/// The [attribute of an answer](crate::wire::Meta::attribute) with its warnings as the device sent them: a JSON array.
pub const WARNINGS: &str = "warnings";

/// The [attribute of a call](crate::Call::attribute) with the language of the texts that the device answers with: `en`.
pub const LANGUAGE: &str = "language_code";

/// The methods that need no session.
const PUBLIC: [&str; 3] = ["device_ping", "device_info_get_public", "messages_get"];

/// The bytes of a file that a unit sent as text.
///
/// ```
/// assert_eq!(xerus_rpc::ripex2::from_base64("UEs=")?, b"PK");
/// # Ok::<(), xerus_rpc::Error>(())
/// ```
///
/// # Errors
///
/// `Protocol` for text that is no base64.
pub fn from_base64(text: &str) -> Result<Vec<u8>, crate::Error> {
    use base64::Engine as _;
    let decoded = base64::engine::general_purpose::STANDARD.decode(text);
    decoded.map_err(|error| {
        let what = crate::error::ProtocolError::new("the text of a file is no base64");
        crate::Error::from(what).with_source(error)
    })
}
