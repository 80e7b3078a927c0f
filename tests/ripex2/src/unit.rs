//! The servants of the unit.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use xerus_rpc::Json;
use xerus_rpc::error::ErrorCode;
use xerus_rpc::ripex2::{Actions, Details, FaultCode, Power, Ripex2Server, Role, Serving, Started};
use xerus_rpc::server::{Context, Fault, Reply, Router};

use crate::api;
use crate::api::ripex2::{
    Constants, File, Firmware, Keyring, PollInit, PublicInfo, SettingsState, StreamInit, StreamPart,
};
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

fn json(value: &Value) -> Json {
    value.to_string().parse().unwrap_or(Json::NULL)
}

fn state(settings: &Value) -> SettingsState {
    SettingsState {
        config_data: json(settings),
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
        let kept = json(&json!({ "config_data": data }));
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
                let result = json(&json!({ "config_data": data }));
                Err(Fault::from(code).with_result(result))
            }
        }
    }
}

impl api::server::ripex2::Unit for Unit {
    fn device_ping<'a>(&'a self, _: &'a Context) -> Reply<'a, ()> {
        Reply::ok(())
    }

    fn device_info_get_public<'a>(&'a self, _: &'a Context) -> Reply<'a, PublicInfo> {
        Reply::ok(PublicInfo {
            product: "mock".to_owned(),
            ..PublicInfo::default()
        })
    }

    fn device_constants_get<'a>(&'a self, _: &'a Context) -> Reply<'a, Constants> {
        let seconds = self.options.inactivity.as_secs();
        Reply::ok(Constants {
            web_session_inact_timeout: i32::try_from(seconds).unwrap_or(i32::MAX),
            ..Constants::default()
        })
    }

    fn settings_get<'a>(&'a self, _: &'a Context) -> Reply<'a, SettingsState> {
        let settings = self.settings.lock();
        Reply::ok(state(&settings.unwrap_or_else(PoisonError::into_inner)))
    }

    fn settings_package_get<'a>(&'a self, _: &'a Context) -> Reply<'a, File> {
        Reply::ok(File {
            base64: "UEs=".repeat(1000),
            extension: "zip".to_owned(),
            ..File::default()
        })
    }

    fn settings_save_init<'a>(
        &'a self,
        context: &'a Context,
        config_data: Json,
    ) -> Reply<'a, PollInit> {
        Reply::future(async move {
            let data: Value = serde_json::from_str(config_data.get())
                .map_err(|_| Fault::from(FaultCode::InvalidParameter))?;
            if !data.is_object() {
                return Err(FaultCode::InvalidParameter.into());
            }
            Self::validate(&data)?;
            let work = Self::save(
                self.options.clone(),
                self.power.clone(),
                Arc::clone(&self.settings),
                data,
            );
            let started = begun(self.saving.begin(work))?;
            if self.options.warn {
                let unusual = Details::new(FaultCode::ValidationError);
                context
                    .report(&unusual.with_message_id("msg_unusual_value"))
                    .await?;
            }
            Ok(started)
        })
    }

    fn settings_save_reconnect<'a>(
        &'a self,
        _: &'a Context,
        session_id: String,
    ) -> Reply<'a, SettingsState> {
        let found = self.saving.check(&session_id);
        let goes_on = matches!(&found, Err(fault) if fault.error().is_some_and(|error| {
            error.code == ErrorCode::from(FaultCode::ActionInProgress)
        }));
        let less = |left: u32| left.checked_sub(1);
        if !goes_on
            && self
                .put_off
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
                .is_ok()
        {
            return Reply::fault(FaultCode::TemporarilyUnavailable.into());
        }
        found.into()
    }

    fn reboot_init<'a>(&'a self, _: &'a Context) -> Reply<'a, PollInit> {
        let (power, options) = (self.power.clone(), self.options.clone());
        let work = async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            power.restart(options.offline, true).await;
            Ok(())
        };
        begun(self.rebooting.begin(work)).into()
    }

    fn reboot_reconnect<'a>(&'a self, _: &'a Context, session_id: String) -> Reply<'a, ()> {
        self.rebooting.check(&session_id).into()
    }

    fn messages_get<'a>(&'a self, _: &'a Context) -> Reply<'a, Json> {
        Reply::ok(json(
            &json!({"msg_validation_error": "Some value is not allowed."}),
        ))
    }

    fn settings_package_save_init<'a>(
        &'a self,
        context: &'a Context,
        base64: String,
        _passphrase: Option<String>,
    ) -> Reply<'a, PollInit> {
        let settings = json!({"main": {"RR_StationDesc": format!("{} bytes", base64.len())}});
        self.settings_save_init(context, json(&settings))
    }

    fn firmware_upload_init<'a>(&'a self, _: &'a Context) -> Reply<'a, PollInit> {
        let work = async { Ok(Firmware::default()) };
        begun(self.upload.begin(work)).into()
    }

    fn firmware_upload_reconnect<'a>(&'a self, _: &'a Context, id: String) -> Reply<'a, Firmware> {
        self.upload.check(&id).into()
    }

    fn firmware_activate_init<'a>(&'a self, context: &'a Context) -> Reply<'a, PollInit> {
        self.reboot_init(context)
    }

    fn firmware_activate_reconnect<'a>(&'a self, _: &'a Context, id: String) -> Reply<'a, ()> {
        self.short
            .check(&id)
            .or_else(|_| self.rebooting.check(&id))
            .into()
    }

    fn firmware_module_activate_init<'a>(&'a self, _: &'a Context) -> Reply<'a, PollInit> {
        begun(self.short.begin(async { Ok(()) })).into()
    }

    fn firmware_module_activate_reconnect<'a>(
        &'a self,
        _: &'a Context,
        id: String,
    ) -> Reply<'a, ()> {
        self.short.check(&id).into()
    }

    fn keyring_backup_restore_init<'a>(&'a self, _: &'a Context) -> Reply<'a, PollInit> {
        self.change_keyring()
    }

    fn keyring_secret_generate_init<'a>(&'a self, _: &'a Context) -> Reply<'a, PollInit> {
        self.change_keyring()
    }

    fn keyring_secret_upload_init<'a>(&'a self, _: &'a Context) -> Reply<'a, PollInit> {
        self.change_keyring()
    }

    fn keyring_secret_update_init<'a>(&'a self, _: &'a Context) -> Reply<'a, PollInit> {
        self.change_keyring()
    }

    fn keyring_reconnect<'a>(&'a self, _: &'a Context, id: String) -> Reply<'a, Keyring> {
        self.keyring.check(&id).into()
    }

    fn keyring_backup_get<'a>(&'a self, _: &'a Context) -> Reply<'a, File> {
        file("zip")
    }

    fn keyring_secret_download<'a>(&'a self, _: &'a Context) -> Reply<'a, File> {
        file("pem")
    }

    fn keyring_key_csr_download<'a>(&'a self, _: &'a Context) -> Reply<'a, File> {
        file("csr")
    }

    fn users_get<'a>(&'a self, _: &'a Context) -> Reply<'a, Json> {
        Reply::ok(json(&json!({"users": [{"username": "admin"}]})))
    }

    fn users_backup_get<'a>(&'a self, _: &'a Context) -> Reply<'a, File> {
        file("bin")
    }

    fn tamper_reset_init<'a>(&'a self, _: &'a Context) -> Reply<'a, PollInit> {
        begun(self.short.begin(async { Ok(()) })).into()
    }

    fn tamper_reset_reconnect<'a>(&'a self, _: &'a Context, id: String) -> Reply<'a, ()> {
        self.short.check(&id).into()
    }

    fn icmp_ping_start<'a>(&'a self, _: &'a Context, count: i32) -> Reply<'a, StreamInit> {
        Reply::ok(self.streams.start("ping-1", count))
    }

    fn icmp_ping_poll<'a>(&'a self, _: &'a Context, id: String) -> Reply<'a, StreamPart> {
        self.streams.poll(&id).into()
    }

    fn icmp_ping_stop<'a>(&'a self, _: &'a Context, id: String) -> Reply<'a, ()> {
        self.streams.stop(&id).into()
    }

    fn rss_ping_start<'a>(&'a self, _: &'a Context) -> Reply<'a, StreamInit> {
        Reply::ok(self.streams.start("rss-1", 1))
    }

    fn rss_ping_poll<'a>(&'a self, _: &'a Context, id: String) -> Reply<'a, StreamPart> {
        self.streams.poll(&id).into()
    }

    fn rss_ping_stop<'a>(&'a self, _: &'a Context, id: String) -> Reply<'a, ()> {
        self.streams.stop(&id).into()
    }

    fn log_stream_start<'a>(&'a self, _: &'a Context) -> Reply<'a, StreamInit> {
        Reply::ok(self.streams.start("log-1", 1))
    }

    fn log_stream_poll<'a>(&'a self, _: &'a Context, id: String) -> Reply<'a, StreamPart> {
        self.streams.poll(&id).into()
    }

    fn log_stream_stop<'a>(&'a self, _: &'a Context, id: String) -> Reply<'a, ()> {
        self.streams.stop(&id).into()
    }

    fn diagnostic_package_start<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<Json>> {
        Reply::ok(None)
    }

    fn diagnostic_package_status_get<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<Json>> {
        Reply::ok(Some(json(&json!({"done": true}))))
    }

    fn diagnostic_package_file_get<'a>(&'a self, _: &'a Context) -> Reply<'a, File> {
        file("zip")
    }
}

fn file(extension: &str) -> Reply<'static, File> {
    Reply::ok(File {
        base64: "QUJD".to_owned(),
        extension: extension.to_owned(),
        ..File::default()
    })
}
