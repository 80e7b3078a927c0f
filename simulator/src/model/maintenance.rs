//! What keeps a device going besides power: firmware updates, configurations, certificates, logs, clock, data push, scripts.

mod configure;
mod files;
mod identity;
mod metrics;
mod places;
mod push_body;
mod pushing;
mod reset;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use xerus_rpc::FirmwareVersion;
use xerus_rpc::files::CertificateFile;

use super::access::Access;
use super::accounts::Actor;
use super::certificates::{CertificateError, Certificates, KeyPair};
use super::configuration::bulk::BulkConfiguration;
use super::configuration::raw::RawConfiguration;
use super::datetime::DeviceClock;
use super::device::Device;
use super::event::Event;
use super::firmware::Firmware;
use super::image::Installed;
use super::log::Log;
use super::log_level::LogLevels;
use super::make_up::MakeUp;
use super::manager::ManagerSettings;
use super::network::{Network, Services};
use super::presence::Presence;
use super::push::DataPush;
use super::scripts::Scripts;
use super::snmp::SnmpSettings;
use super::update::{Happened, UpdateEvent, UpdateFlags, UpdatePlan, Updater};

pub(crate) use self::files::ImageUpload;
use self::words::words;

/// Entries that each log keeps.
const LOG_ENTRIES: usize = 2_000;

/// State of all that, behind one lock. It is never held while the device publishes an event.
pub(crate) struct Maintenance {
    pub(crate) updater: Updater,
    pub(crate) raw: RawConfiguration,
    pub(crate) bulk: BulkConfiguration,
    /// Made when somebody asks.
    certificates: Option<Certificates>,
    pub(crate) event_log: Log,
    pub(crate) debug_log: Log,
    pub(crate) log_levels: LogLevels,
    pub(crate) clock: DeviceClock,
    pub(crate) push: DataPush,
    pub(crate) access: Access,
    pub(crate) network: Network,
    pub(crate) services: Services,
    pub(crate) snmp: SnmpSettings,
    pub(crate) manager: ManagerSettings,
    pub(crate) scripts: Scripts,
    /// Who began what goes on.
    updating: Actor,
    configuring: Actor,
    /// When a task will look for what is due.
    alarm: Option<Duration>,
}

/// What the network side must obey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// What the device answers.
    pub(crate) presence: Presence,
    /// Changes with the certificate of the HTTPS service.
    pub(crate) certificate: u64,
}

impl Maintenance {
    pub(super) fn new(make_up: &MakeUp, now: Duration) -> Self {
        let installed = Installed {
            version: make_up.firmware.version(),
            min_downgrade: None,
            product: identity::PRODUCT.to_owned(),
            platform: identity::PLATFORM.to_owned(),
            oem: identity::OEM.to_owned(),
            hardware: identity::HARDWARE.to_owned(),
            model: make_up.model.clone(),
        };
        Self {
            updater: Updater::new(installed, UpdatePlan::new()),
            raw: RawConfiguration::default(),
            bulk: BulkConfiguration::default(),
            certificates: None,
            event_log: Log::new(LOG_ENTRIES, now),
            debug_log: Log::new(LOG_ENTRIES, now),
            log_levels: LogLevels::default(),
            clock: DeviceClock::default(),
            push: DataPush::default(),
            access: Access::default(),
            network: Network::new(&make_up.mac),
            services: Services::default(),
            snmp: SnmpSettings::default(),
            manager: ManagerSettings::default(),
            scripts: Scripts::default(),
            updating: Actor::device(),
            configuring: Actor::device(),
            alarm: None,
        }
    }

    /// The certificates; the first question makes a pair.
    fn certificates(&mut self, now: Duration) -> Result<&mut Certificates, CertificateError> {
        if self.certificates.is_none() {
            let pair = identity::first_pair(now)?;
            self.certificates = Some(Certificates::new(pair));
        }
        self.certificates.as_mut().ok_or(CertificateError::NotMade)
    }

    fn due(&self) -> Option<Duration> {
        let due = [self.updater.due(), self.raw.due(), self.bulk.due()];
        due.into_iter().flatten().min()
    }
}

impl Device {
    /// The version that the device tells, which after an update need not be that of a [`Firmware`].
    #[must_use]
    pub fn firmware_version(&self) -> FirmwareVersion {
        self.maintenance().updater.installed().version
    }

    /// How firmware updates that begin later go, and how long the device is away when it restarts.
    pub fn set_update_plan(&self, plan: UpdatePlan) {
        self.maintenance().updater.set_plan(plan);
    }

    /// How firmware updates that begin later go.
    pub fn update_plan(&self) -> UpdatePlan {
        self.maintenance().updater.plan().clone()
    }

    /// What the device answers now: everything, nothing but how an update goes, or nothing at all.
    #[must_use]
    pub fn presence(&self) -> Presence {
        self.maintenance().updater.presence(self.clock().now())
    }

    /// Brings a device back that does not come back from an update by itself; with the old firmware. The answer says whether
    /// there was an update to end.
    pub fn rescue(self: &Arc<Self>) -> bool {
        let now = self.clock().now();
        let happened = self.maintenance().updater.rescue(now);
        let ended = !happened.is_empty();
        self.act(happened);
        ended
    }

    /// Restarts the device, which takes the time of the [`UpdatePlan`].
    pub fn restart(self: &Arc<Self>, actor: &Actor) {
        let now = self.clock().now();
        let happened = {
            let mut maintenance = self.maintenance();
            maintenance.updating = actor.clone();
            maintenance.updater.restart(now)
        };
        self.act(happened);
    }

    pub(crate) fn start_update(self: &Arc<Self>, flags: UpdateFlags, actor: &Actor) {
        let now = self.clock().now();
        let happened = {
            let mut maintenance = self.maintenance();
            maintenance.updating = actor.clone();
            maintenance.updater.start(now, flags)
        };
        self.act(happened);
    }

    /// Tells of presence and certificate, and of every change of them.
    pub(crate) fn reach(&self) -> watch::Receiver<Reach> {
        self.reach_sender().subscribe()
    }

    /// Uses this pair for HTTPS.
    pub(crate) fn use_certificate(&self, pair: KeyPair) {
        let mut maintenance = self.maintenance();
        match &mut maintenance.certificates {
            Some(certificates) => certificates.activate(pair),
            place => *place = Some(Certificates::new(pair)),
        }
        drop(maintenance);
        self.tell_reach();
    }

    /// Changes with the pair in use for HTTPS.
    pub(crate) fn certificate_generation(&self) -> u64 {
        let maintenance = self.maintenance();
        let certificates = maintenance.certificates.as_ref();
        certificates.map_or(0, Certificates::generation)
    }

    /// The pair in use for HTTPS; `None` when none can be made.
    #[must_use]
    pub fn certificate(&self) -> Option<KeyPair> {
        self.with_certificates(|certificates| certificates.active().clone())
            .ok()
    }

    /// A certificate, key or request, as PEM.
    #[must_use]
    pub fn certificate_file(&self, which: CertificateFile) -> Option<String> {
        self.with_certificates(|certificates| certificates.file(which).map(str::to_owned))
            .ok()?
    }

    /// Works on the certificates; whoever serves HTTPS hears of a new one.
    pub(crate) fn with_certificates<T>(
        &self,
        work: impl FnOnce(&mut Certificates) -> T,
    ) -> Result<T, CertificateError> {
        let now = self.clock().now();
        let done = self.maintenance().certificates(now).map(work);
        self.tell_reach();
        done
    }

    /// Lets everything happen that is due, and looks again when more is.
    pub(crate) fn pass_maintenance(self: &Arc<Self>) {
        let now = self.clock().now();
        let happened = self.maintenance().updater.pass(now);
        self.act(happened);
        self.put_in_force(now);
    }

    /// Acts on what the firmware came to.
    pub(super) fn act(self: &Arc<Self>, happened: Vec<Happened>) {
        for (_, event) in happened {
            match &event {
                UpdateEvent::CertificateLost => self.lose_certificate(),
                UpdateEvent::StartedUp => {
                    self.end_sessions();
                    let now = self.clock().now();
                    self.maintenance().scripts.boot(now);
                    self.boot_into(self.firmware());
                }
                UpdateEvent::Completed { new, .. } => self.boot_into(Firmware::nearest(*new)),
                _ => {}
            }
            let actor = self.maintenance().updating.clone();
            self.publish(Event::FirmwareUpdate {
                actor,
                update: event,
            });
        }
        self.tell_reach();
        self.set_alarm();
    }

    fn lose_certificate(&self) {
        let now = self.clock().now();
        let renewed = self.with_certificates(|certificates| certificates.renew(now));
        if renewed.and_then(|renewed| renewed).is_err() {
            tracing::warn!("no new certificate can be made: the old one stays");
        }
    }

    fn tell_reach(&self) {
        let now = self.clock().now();
        let maintenance = self.maintenance();
        let reach = Reach {
            presence: maintenance.updater.presence(now),
            certificate: maintenance
                .certificates
                .as_ref()
                .map_or(0, Certificates::generation),
        };
        self.reach_sender().send_if_modified(|old| {
            let changed = *old != reach;
            *old = reach;
            changed
        });
    }

    /// A task looks again when the next thing is due.
    pub(super) fn set_alarm(self: &Arc<Self>) {
        let due = {
            let mut maintenance = self.maintenance();
            let Some(due) = maintenance.due() else {
                return;
            };
            if maintenance.alarm.is_some_and(|alarm| alarm <= due) {
                return;
            }
            maintenance.alarm = Some(due);
            due
        };
        let device = Arc::clone(self);
        self.spawn(async move {
            device.clock().sleep_until(due).await;
            {
                let mut maintenance = device.maintenance();
                if maintenance.alarm == Some(due) {
                    maintenance.alarm = None;
                }
            }
            device.pass_maintenance();
        });
    }

    pub(super) fn write_log(&self, event: &Event) {
        let now = self.clock().now();
        if let Some((class, text)) = words(event) {
            self.maintenance().event_log.write(now, class, &text);
        }
    }
}
