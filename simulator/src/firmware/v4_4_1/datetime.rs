//! Clock and time zone.

use std::sync::Arc;

use xerus_api::datetime::DateTime;
use xerus_api::datetime::date_time::{
    Cfg, NtpAuthKey, NtpAuthKeyType, NtpCfg, Protocol, ZoneCfg, ZoneInfo,
};
use xerus_api::server::datetime as traits;
use xerus_rpc::Time;
use xerus_rpc::server::{Context, Reply};

use super::answer;
use crate::model::Device;
use crate::model::datetime::{
    ClockSettings, DeviceClock, NtpCheck, NtpKey, NtpKeyKind, NtpServer, TimeSource, ZONES, Zone,
};

/// Serves `/datetime`.
pub(super) struct ClockServant(pub(super) Arc<Device>);

/// What [`setCfg`](traits::DateTime::set_cfg) answers to settings that are not possible.
const REFUSED: i32 = 1;

impl traits::DateTime for ClockServant {
    fn get_zone_infos<'a>(&'a self, _: &'a Context, olson: bool) -> Reply<'a, Vec<ZoneInfo>> {
        let zones = (0..).zip(&ZONES);
        Reply::ok(zones.map(|(id, zone)| zone_info(id, zone, olson)).collect())
    }

    fn check_ntp_server<'a>(
        &'a self,
        context: &'a Context,
        server: String,
        key_id: i32,
        key: NtpAuthKey,
    ) -> Reply<'a, ()> {
        answer::change(&self.0, context, |_| {
            let key = (!key.data_hex.is_empty()).then(|| read_key(key));
            let invalid = DateTime::ERR_NTP_CHECK_INVALID_ARGUMENT;
            let key = key.map(|key| key.ok_or(invalid)).transpose()?;
            let clock = &self.0.maintenance().clock;
            match clock.check_server(&server, key_id, key.as_ref()) {
                NtpCheck::Usable => Ok(()),
                NtpCheck::InvalidArgument => Err(invalid),
                NtpCheck::NoAddress => Err(DateTime::ERR_NTP_CHECK_ADDRESS_RESOLVE_ERROR),
                NtpCheck::KeyUnknown => Err(DateTime::ERR_NTP_CHECK_AUTH_KEY_ID_UNKNOWN),
                NtpCheck::NoResponse => Err(DateTime::ERR_NTP_CHECK_NO_RESPONSE),
            }
        })
    }

    fn get_active_ntp_servers<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<String>> {
        Reply::ok(self.0.maintenance().clock.active_servers())
    }

    fn get_cfg<'a>(&'a self, _: &'a Context) -> Reply<'a, Cfg> {
        let now = self.0.clock().now();
        let maintenance = self.0.maintenance();
        let clock = &maintenance.clock;
        Reply::ok(cfg(clock, clock.time(now)))
    }

    fn set_cfg<'a>(&'a self, context: &'a Context, cfg: Cfg) -> Reply<'a, ()> {
        answer::change(&self.0, context, |_| {
            let time = cfg.device_time.unix_seconds();
            let settings = read(cfg).ok_or(REFUSED)?;
            self.0
                .set_clock(settings, time)
                .then_some(())
                .ok_or(REFUSED)
        })
    }

    fn get_time<'a>(
        &'a self,
        _: &'a Context,
        olson: bool,
    ) -> Reply<'a, (ZoneInfo, bool, i32, Time)> {
        let now = self.0.clock().now();
        let maintenance = self.0.maintenance();
        let clock = &maintenance.clock;
        let zone = zone_info(clock.settings().zone, clock.zone(), olson);
        Reply::ok((
            zone,
            clock.settings().daylight_saving,
            clock.utc_offset(now),
            Time::from_unix_seconds(clock.time(now)),
        ))
    }
}

fn zone_info(id: i32, zone: &Zone, olson: bool) -> ZoneInfo {
    ZoneInfo {
        id,
        name: if olson { zone.olson } else { zone.name }.to_owned(),
        has_dst_info: zone.has_daylight_saving(),
        extra_: Default::default(),
    }
}

fn cfg(clock: &DeviceClock, time: i64) -> Cfg {
    let settings = clock.settings();
    let [first, second] = settings.servers.clone();
    Cfg {
        zone_cfg: ZoneCfg {
            id: settings.zone,
            name: clock.zone().name.to_owned(),
            enable_auto_dst: settings.daylight_saving,
            extra_: Default::default(),
        },
        protocol: match settings.source {
            TimeSource::Static => Protocol::Static,
            TimeSource::Ntp => Protocol::Ntp,
        },
        device_time: Time::from_unix_seconds(time),
        ntp_cfg: NtpCfg {
            server1: first.name,
            server1_auth_key_id: first.key,
            server2: second.name,
            server2_auth_key_id: second.key,
            auth_keys: settings
                .keys
                .iter()
                .map(|(id, key)| (*id, sent_key(key)))
                .collect(),
            extra_: Default::default(),
        },
        extra_: Default::default(),
    }
}

/// `None`: something in it is of a kind that nobody knows.
fn read(cfg: Cfg) -> Option<ClockSettings> {
    let ntp = cfg.ntp_cfg;
    let server = |name, key| NtpServer { name, key };
    let keys = ntp.auth_keys.into_iter();
    Some(ClockSettings {
        zone: cfg.zone_cfg.id,
        daylight_saving: cfg.zone_cfg.enable_auto_dst,
        source: match cfg.protocol {
            Protocol::Static => TimeSource::Static,
            Protocol::Ntp => TimeSource::Ntp,
            _ => return None,
        },
        servers: [
            server(ntp.server1, ntp.server1_auth_key_id),
            server(ntp.server2, ntp.server2_auth_key_id),
        ],
        keys: keys
            .map(|(id, key)| Some((id, read_key(key)?)))
            .collect::<Option<_>>()?,
    })
}

fn read_key(key: NtpAuthKey) -> Option<NtpKey> {
    let kind = match key.r#type {
        NtpAuthKeyType::Sha256 => NtpKeyKind::Sha256,
        NtpAuthKeyType::Sha512 => NtpKeyKind::Sha512,
        NtpAuthKeyType::Aes128cmac => NtpKeyKind::Aes128Cmac,
        NtpAuthKeyType::Aes256cmac => NtpKeyKind::Aes256Cmac,
        _ => return None,
    };
    Some(NtpKey {
        kind,
        hex: key.data_hex,
    })
}

fn sent_key(key: &NtpKey) -> NtpAuthKey {
    NtpAuthKey {
        r#type: match key.kind {
            NtpKeyKind::Sha256 => NtpAuthKeyType::Sha256,
            NtpKeyKind::Sha512 => NtpAuthKeyType::Sha512,
            NtpKeyKind::Aes128Cmac => NtpAuthKeyType::Aes128cmac,
            NtpKeyKind::Aes256Cmac => NtpAuthKeyType::Aes256cmac,
        },
        data_hex: key.hex.clone(),
        extra_: Default::default(),
    }
}
