//! What the manual of the vendor's Python client promises, tried with this client against a simulated device over HTTPS with
//! the certificate that it signed itself. [The list](../README.md) has a line for each sentence of that manual.

use tokio::net::TcpSocket;
use xerus_rpc::{Agent, AgentBuilder, Error};
use xerus_sim::{Clock, Running, Simulator, SimulatorBuilder, StartError};

/// A port where nobody listens, and nobody else will, as long as this is kept.
///
/// # Errors
///
/// When the system has no port.
pub fn closed_port() -> std::io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    Ok(socket)
}

/// The user of the devices.
pub const USER: &str = "admin";

/// Their password, which is hard to write down.
pub const PASSWORD: &str = "pa:ss wörd";

/// A device with four outlets whose time stands still.
pub fn frozen(clock: &Clock) -> SimulatorBuilder {
    Simulator::builder()
        .outlets(4)
        .user(USER, PASSWORD)
        .https(true)
        .record(100)
        .clock(clock.clone())
}

/// The same, started.
///
/// # Errors
///
/// When it does not start.
pub async fn device() -> Result<Running, StartError> {
    frozen(&Clock::frozen_at(1_700_000_000)).start().await
}

/// An agent that trusts the certificate of a device, without a user.
pub fn trusting(device: &Running) -> AgentBuilder {
    let builder = Agent::builder(device.url());
    match device.certificate_sha256() {
        Some(sha256) => builder.pin_certificate_sha256(sha256.to_string()),
        None => builder,
    }
}

/// An agent of the administrator.
///
/// # Errors
///
/// When it cannot be built.
pub fn agent(device: &Running) -> Result<Agent, Error> {
    trusting(device).basic_auth(USER, PASSWORD).build()
}
