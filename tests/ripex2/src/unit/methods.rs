//! What each method answers.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use xerus_rpc::Json;
use xerus_rpc::error::ErrorCode;
use xerus_rpc::ripex2::{Details, FaultCode};
use xerus_rpc::server::{Context, Fault, Reply};

use super::{Unit, as_json, begun, state};
use crate::api;
use crate::api::ripex2::{
    Constants, File, Firmware, Keyring, PollInit, PublicInfo, SettingsState, StreamInit, StreamPart,
};

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
            return Reply::fault(FaultCode::TemporarilyUnavailable);
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
        Reply::ok(as_json(
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
        self.settings_save_init(context, as_json(&settings))
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
        Reply::ok(as_json(&json!({"users": [{"username": "admin"}]})))
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
        Reply::ok(Some(as_json(&json!({"done": true}))))
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
