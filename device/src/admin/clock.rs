//! Clock and time zone.

mod update;

use std::time::{Instant, SystemTime};

use xerus_api::datetime::DateTime;
use xerus_api::datetime::date_time::{Cfg, NtpAuthKey, NtpAuthKeyType, Protocol, ZoneInfo};
use xerus_rpc::rt::{Marks, Method, single};
use xerus_rpc::{Agent, Call, Object, Time};

pub use self::update::{ClockChange, ClockUpdate};
use super::ask::explain;
use super::{AdminError, ClockReading, Drift, NtpFault, Refusal};

/// Clock, time zone and NTP servers of a device (`/datetime`), of any firmware.
#[derive(Clone, Debug)]
pub struct Clock {
    agent: Agent,
}

impl Clock {
    /// The clock of the device that this agent calls.
    #[must_use]
    pub fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
        }
    }

    fn clock(&self) -> DateTime {
        DateTime::well_known(&self.agent)
    }

    /// What the clock shows, and how far it is from that of this computer.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn read(&self) -> Result<ClockReading, AdminError> {
        let (begun, started) = (SystemTime::now(), Instant::now());
        let (zone, daylight_saving, utc_offset, time) = self.clock().get_time(true).await?;
        Ok(ClockReading {
            time,
            zone,
            daylight_saving,
            utc_offset,
            drift: Drift::between(begun, started.elapsed(), time),
        })
    }

    /// The settings. They may hold secrets, the keys for NTP: do not print them.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn settings(&self) -> Result<Cfg, AdminError> {
        Ok(self.clock().get_cfg().await?)
    }

    /// The time zones that can be chosen, named as in the IANA database.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn zones(&self) -> Result<Vec<ZoneInfo>, AdminError> {
        Ok(self.clock().get_zone_infos(true).await?)
    }

    /// The NTP servers in use: those of the settings, or of a DHCP server.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn active_ntp_servers(&self) -> Result<Vec<String>, AdminError> {
        Ok(self.clock().get_active_ntp_servers().await?)
    }

    /// Whether the device can use an NTP server. The clock is not set. With firmware before 4.4 the device says only yes or no.
    ///
    /// # Errors
    ///
    /// [`NtpServer`](Refusal::NtpServer) says why not.
    pub async fn check_ntp_server(&self, server: &str) -> Result<(), AdminError> {
        let object = Object::at(&self.agent, "/datetime").probe().await?;
        if object.wire_id().is_some_and(|id| id.version().major < 4) {
            return match check_before_4(&object, server).await {
                Ok(true) => Ok(()),
                Ok(false) => Err(AdminError::NtpUnusable(NtpFault::Unsaid)),
                Err(error) => Err(error.into()),
            };
        }
        // An empty key is none.
        let none = NtpAuthKey {
            r#type: NtpAuthKeyType::Sha256,
            ..NtpAuthKey::default()
        };
        let checked = self.clock().check_ntp_server(server, 0, &none).await;
        checked.map_err(|error| explain(error, Refusal::of_ntp))
    }

    /// Changes the settings. A [`device_time`](Cfg::device_time) that is left alone is not set back: the time goes on.
    ///
    /// # Errors
    ///
    /// [`Conflict`](AdminError::Conflict) when somebody else changed them meanwhile, and nothing was written; a refusal, for which the
    /// interface has no names.
    pub fn change<'a>(&self, change: impl FnOnce(&mut Cfg) + Send + 'a) -> ClockUpdate<'a> {
        ClockUpdate::new(self.clock(), change)
    }

    /// Chooses the time zone, by its name in the IANA database: `Europe/Berlin`.
    ///
    /// # Errors
    ///
    /// [`NoSuchZone`](AdminError::NoSuchZone) before anything is written; otherwise as [`change`](Self::change).
    pub async fn set_zone(&self, name: &str) -> Result<ClockChange, AdminError> {
        let calls = (
            self.clock().get_zone_infos(true),
            self.clock().get_zone_infos(false),
        );
        let (by_iana_name, by_own_name) = self.agent.bulk(calls).await?;
        let (iana, own) = (by_iana_name?, by_own_name?);
        let zone = iana.iter().chain(&own).find(|zone| zone.name == name);
        let id = zone
            .ok_or_else(|| AdminError::NoSuchZone(name.to_owned()))?
            .id;
        // In the settings stands the device's own name.
        let own = own.into_iter().find(|zone| zone.id == id);
        self.change(move |cfg| {
            cfg.zone_cfg.id = id;
            if let Some(own) = own {
                cfg.zone_cfg.name = own.name;
            }
        })
        .await
    }

    /// Takes the time from these NTP servers, one or two. With none, the device may get servers from DHCP. Keys stay as they are;
    /// servers get none.
    ///
    /// # Errors
    ///
    /// [`TooManyServers`](AdminError::TooManyServers) for more than two, before anything is sent; otherwise as
    /// [`change`](Self::change).
    pub async fn use_ntp<S: Into<String>>(
        &self,
        servers: impl IntoIterator<Item = S>,
    ) -> Result<ClockChange, AdminError> {
        let mut servers = servers.into_iter().map(Into::into);
        let (first, second) = (servers.next(), servers.next());
        if servers.next().is_some() {
            return Err(AdminError::TooManyServers);
        }
        let (first, second) = (first.unwrap_or_default(), second.unwrap_or_default());
        self.change(move |cfg| {
            cfg.protocol = Protocol::Ntp;
            let ntp = &mut cfg.ntp_cfg;
            // A server that stays keeps its key.
            if ntp.server1 != first {
                (ntp.server1, ntp.server1_auth_key_id) = (first, 0);
            }
            if ntp.server2 != second {
                (ntp.server2, ntp.server2_auth_key_id) = (second, 0);
            }
        })
        .await
    }

    /// Sets the clock by hand, and takes it from NTP no more.
    ///
    /// # Errors
    ///
    /// As [`change`](Self::change).
    pub async fn set_time(&self, time: Time) -> Result<ClockChange, AdminError> {
        let set = self.change(move |cfg| {
            cfg.protocol = Protocol::Static;
            cfg.device_time = time;
        });
        set.await
    }
}

/// `checkNtpServer` as it was before version 4 of the interface: whether the server can be used.
fn check_before_4(object: &Object, server: &str) -> Call<bool> {
    single(
        object,
        &Method {
            interface: "datetime.DateTime:3.0.3",
            name: "checkNtpServer",
            params: &["ntpServer"],
            results: &["_ret_"],
            marks: &Marks::REPEATABLE,
            ..Method::PLAIN
        },
        &[&server],
    )
}
