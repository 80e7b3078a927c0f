//! Procedures behind a router of WAMP: `ws://HOST/PATH` and `wss://HOST/PATH`, with a realm.

use std::fs;
use std::sync::Arc;

use xerus_rpc::http::Tls;
use xerus_rpc::recording::Recorder;
use xerus_rpc::wamp::{Auth, Wamp};
use xerus_rpc::wire::Transport;
use xerus_rpc::{Agent, Settings};

use super::{failed, http, refuse};
use crate::args::Device;
use crate::failure::Failure;

/// Nothing is sent yet; the password may be asked for.
pub(super) fn agent(
    device: &Device,
    url: &str,
    recorder: Option<&Recorder>,
) -> Result<Agent, Failure> {
    let Some(realm) = &device.realm else {
        return Err(Failure::Usage(
            "a router has realms: say which one with --realm NAME".to_owned(),
        ));
    };
    refuse(
        "ws:// and wss://",
        &[(
            "--danger-accept-invalid-certs",
            device.danger_accept_invalid_certs,
        )],
    )?;
    let mut tls = Tls::new();
    for pin in &device.pin {
        tls = tls.pin_certificate_sha256(pin);
    }
    for pin in &device.pin_key {
        tls = tls.pin_public_key_sha256(pin);
    }
    for file in &device.ca {
        let pem = fs::read(file).map_err(|error| Failure::io("read", file, &error))?;
        tls = tls.root_certificate_pem(pem);
    }
    let builder = || {
        Wamp::builder(url, realm)
            .timeout(device.timeout)
            .connect_timeout(device.timeout)
    };
    // Nobody is asked for a password that cannot be used.
    let checked = builder().build();
    checked.map_err(|error| failed(error, device))?;
    let mut builder = builder().tls(tls);
    if let Some(user) = &device.user {
        let secret = http::password(user, device)?;
        let auth = match device.auth_method.as_deref() {
            Some("ticket") => Auth::ticket(user, secret),
            Some("cryptosign") => {
                Auth::cryptosign(user, secret).map_err(|error| failed(error, device))?
            }
            _ => Auth::wampcra(user, secret),
        };
        builder = builder.auth(auth);
    }
    let transport = builder.build().map_err(|error| failed(error, device))?;
    let mut transport: Arc<dyn Transport> = Arc::new(transport);
    if let Some(recorder) = recorder {
        transport = recorder.around(transport);
    }
    let mut settings = Settings::default();
    settings.timeout = device.timeout;
    Ok(Agent::with_settings(transport, settings))
}
