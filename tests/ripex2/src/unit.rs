//! The servants of the unit.

mod methods;

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use xerus_rpc::Json;
use xerus_rpc::ripex2::{Actions, Details, FaultCode, Power, Ripex2Server, Role, Serving, Started};
use xerus_rpc::server::{Fault, Reply, Router};

use crate::api;
use crate::api::ripex2::{Firmware, Keyring, PollInit, SettingsState};
use crate::options::{End, Options};
use crate::streams::Streams;

/// The password of the user `admin`.
pub const PASSWORD: &str = "mock-password";
/// The password of the user `guest`.
pub const GUEST_PASSWORD: &str = "mock-guest";
/// The address of the unit that is reached over the radio.
pub const BEHIND: &str = "10.9.9.9";
/// The longest description of a station.
const LONGEST: usize = 40;

/// A unit.
pub struct Unit {
    options: Options,
    settings: Arc<Mutex<Value>>,
    saving: Actions<SettingsState>,
    rebooting: Actions<()>,
    keyring: Actions<Keyring>,
    upload: Actions<Firmware>,
    put_off: AtomicU32,
    power: Power,
    /// What ends at once and without a result.
    short: Actions<()>,
    streams: Streams,
}

/// Serves a unit, and one behind it. With TLS, its certificate as PEM comes beside it.
///
/// # Errors
///
/// When it cannot listen.
pub async fn serve(
    options: &Options,
) -> Result<(Serving, Option<String>), Box<dyn std::error::Error + Send + Sync>> {
    let local = Router::new();
    let mut server = Ripex2Server::new(local.clone())
        .user("admin", PASSWORD, Role::Admin)
        .user("guest", GUEST_PASSWORD, Role::Guest)
        .session_time(options.inactivity);
    let behind = Router::new();
    let power = server.power();
    local.insert("/unit", servant(options, &power, "mock"));
    behind.insert("/unit", servant(options, &power, "behind"));
    server = server.unit(BEHIND.parse()?, behind);
    let mut certificate = None;
    if options.tls {
        let own = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()])?;
        let pem = own.cert.pem();
        server = server.tls(&pem, own.signing_key.serialize_pem())?;
        certificate = Some(pem);
    }
    let serving = server.bind(("127.0.0.1", options.port)).await?;
    Ok((serving, certificate))
}

fn servant(options: &Options, power: &Power, name: &str) -> xerus_rpc::server::Servant {
    let [delay, interval, increase, timeout] = options.told.map(Duration::from_secs);
    let saving = Actions::new()
        .delay(delay)
        .interval(interval)
        .interval_increase(increase)
        .timeout(timeout);
    let settings = json!({"main": {
        "RR_StationDesc": name,
        "RR_Baudrate": 83,
        "LanInterfaces": [{"LanIface_Name": "LAN1", "LanIface_Enabled": true}],
    }});
    api::server::ripex2::unit(Unit {
        put_off: AtomicU32::new(options.unavailable),
        options: options.clone(),
        settings: Arc::new(Mutex::new(settings)),
        saving,
        rebooting: Actions::new().interval(interval).timeout(timeout),
        keyring: Actions::new().interval(interval).timeout(timeout),
        upload: Actions::new().interval(interval).timeout(timeout),
        power: power.clone(),
        short: Actions::new().interval(interval).timeout(timeout),
        streams: Streams::default(),
    })
}

fn as_json(value: &Value) -> Json {
    value.to_string().parse().unwrap_or(Json::NULL)
}

fn state(settings: &Value) -> SettingsState {
    SettingsState {
        config_data: as_json(settings),
        config_meta: Json::EMPTY_OBJECT,
        config_tree: Json::EMPTY_OBJECT,
        ..SettingsState::default()
    }
}

fn begun(started: Result<Started, Fault>) -> Result<PollInit, Fault> {
    let whole = |seconds: u32| i32::try_from(seconds).unwrap_or(i32::MAX);
    let started = started?;
    Ok(PollInit {
        delay: whole(started.delay),
        interval: whole(started.interval),
        interval_increase: whole(started.interval_increase),
        timeout: whole(started.timeout),
        session_id: started.session_id,
        ..PollInit::default()
    })
}

impl Unit {
    /// Refuses a description that is too long, and gives back what was to be saved.
    fn validate(data: &Value) -> Result<(), Fault> {
        let description = data["main"]["RR_StationDesc"].as_str().unwrap_or_default();
        if description.len() <= LONGEST {
            return Ok(());
        }
        let place = Details::new(FaultCode::ValidationError)
            .with_message_id("too_long")
            .with_seid("main.RR_StationDesc");
        let refused = Details::new(FaultCode::ValidationError).with_suberror(place);
        let kept = as_json(&json!({ "config_data": data }));
        Err(Fault::from(refused).with_result(kept))
    }

    fn change_keyring(&self) -> Reply<'_, PollInit> {
        begun(self.keyring.begin(async { Ok(Keyring::default()) })).into()
    }

    /// What goes on behind a saving.
    async fn save(
        options: Options,
        power: Power,
        settings: Arc<Mutex<Value>>,
        data: Value,
    ) -> Result<SettingsState, Fault> {
        tokio::time::sleep(Duration::from_millis(300)).await;
        if !options.offline.is_zero() {
            power.restart(options.offline, options.forget).await;
        } else if options.forget {
            power.forget_sessions().await;
        }
        tokio::time::sleep(options.busy.saturating_sub(Duration::from_millis(300))).await;
        if options.never {
            std::future::pending::<()>().await;
        }
        let code = match options.end {
            End::Lost => return Err(FaultCode::ActionLost.into()),
            End::Good => None,
            End::Minor => Some(FaultCode::ActionEndMinor),
            End::Error => Some(FaultCode::ActionEndError),
        };
        settings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&data);
        match code {
            None => Ok(state(&data)),
            Some(code) => {
                let result = as_json(&json!({ "config_data": data }));
                Err(Fault::from(code).with_result(result))
            }
        }
    }
}
