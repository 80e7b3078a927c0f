//! Procedures behind a router of WAMP: `ws://HOST/PATH` and `wss://HOST/PATH`, with a realm.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use xerus_rpc::http::Tls;
use xerus_rpc::recording::Recorder;
use xerus_rpc::wamp::{Auth, Wamp};

use super::tls::tls;
use super::{Line, failed, http, over, refuse};
use crate::args::Device;
use crate::failure::Failure;

/// Nothing is sent yet; the password may be asked for.
pub(super) fn line(
    device: &Device,
    url: &str,
    recorder: Option<&Recorder>,
) -> Result<Line, Failure> {
    let realm = realm(device)?;
    let tls = tls(device)?;
    let builder = || {
        Wamp::builder(url, realm)
            .timeout(device.time())
            .connect_timeout(device.time_to_connect())
    };
    // Nobody is asked for a password that cannot be used.
    let checked = builder().build();
    checked.map_err(|error| failed(error, device))?;
    let mut builder = builder().tls(tls);
    if let Some(auth) = auth(device)? {
        builder = builder.auth(auth);
    }
    // A call is sent in a session, one that is there or one that has ended.
    let has_left = Arc::new(AtomicBool::new(false));
    let note = Arc::clone(&has_left);
    let builder = builder.on_leave(move |_| note.store(true, Ordering::Relaxed));
    let wamp = builder.build().map_err(|error| failed(error, device))?;
    let agent = over(Arc::new(wamp.clone()), device, recorder);
    let has_begun = move || has_left.load(Ordering::Relaxed) || wamp.status().session.is_some();
    Ok(Line::new(agent, has_begun))
}

/// What is needed to join a realm without a client. The URL is known to be one of a router.
pub(crate) struct Access {
    pub(crate) realm: String,
    pub(crate) auth: Auth,
    pub(crate) tls: Tls,
}

/// Nothing is sent yet; the password may be asked for.
pub(crate) fn access(device: &Device, url: &str) -> Result<Access, Failure> {
    let realm = realm(device)?.to_owned();
    let checked = Wamp::builder(url, &realm).build();
    checked.map_err(|error| failed(error, device))?;
    Ok(Access {
        tls: tls(device)?,
        auth: auth(device)?.unwrap_or_default(),
        realm,
    })
}

fn realm(device: &Device) -> Result<&str, Failure> {
    refuse(
        "ws:// and wss://",
        &[(
            "--danger-accept-invalid-certs",
            device.danger_accept_invalid_certs,
        )],
    )?;
    device.realm.as_deref().ok_or_else(|| {
        Failure::Usage("a router has realms: say which one with --realm NAME".to_owned())
    })
}

/// Whom the options name; the password may be asked for.
fn auth(device: &Device) -> Result<Option<Auth>, Failure> {
    let Some(user) = &device.user else {
        return Ok(None);
    };
    let secret = http::password(user, device)?;
    let auth = match device.auth_method.as_deref() {
        Some("ticket") => Auth::ticket(user, secret),
        Some("cryptosign") => {
            Auth::cryptosign(user, secret).map_err(|error| failed(error, device))?
        }
        _ => Auth::wampcra(user, secret),
    };
    Ok(Some(auth))
}
