//! Changes that may cut the connection which they are made over.

use std::collections::BTreeSet;
use std::fmt;
use std::future::IntoFuture;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use xerus_api::net::{Net, ServiceSettings, Services, Settings};
use xerus_rpc::error::Difference;
use xerus_rpc::rt::Encode;
use xerus_rpc::update::{Update, Updated};
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Agent, Call, Checked, Error, Interface as _, Object, Outcome, update};

use super::Network;
use crate::admin::AdminError;
use crate::admin::known::{Known, majors};

/// So often a device that is away is asked.
const PAUSE: Duration = Duration::from_secs(1);
/// No question to it takes longer.
const LONGEST: Duration = Duration::from_secs(10);

/// A value of the network that is read and written back, here and at another address.
pub trait Kept: Encode + Clone + PartialEq + Send + Sync + Sized + 'static {
    /// The object that has it, and the major versions that are known.
    fn known(agent: &Agent) -> (Object, RangeInclusive<u32>);
    /// The call that reads it.
    fn read_at(agent: &Agent) -> Call<Self>;
    /// The call that writes it.
    fn write_at(agent: &Agent, value: &Self) -> Call<(), Checked>;
}

impl Kept for Settings {
    fn known(agent: &Agent) -> (Object, RangeInclusive<u32>) {
        let net = Net::well_known(agent);
        (net.as_object().clone(), majors::NET)
    }

    fn read_at(agent: &Agent) -> Call<Self> {
        Net::well_known(agent).get_settings()
    }

    fn write_at(agent: &Agent, value: &Self) -> Call<(), Checked> {
        Net::well_known(agent).set_settings(value)
    }
}

impl Kept for Vec<ServiceSettings> {
    fn known(agent: &Agent) -> (Object, RangeInclusive<u32>) {
        let services = Services::well_known(agent);
        (services.as_object().clone(), majors::SERVICES)
    }

    fn read_at(agent: &Agent) -> Call<Self> {
        Services::well_known(agent).get_settings()
    }

    fn write_at(agent: &Agent, value: &Self) -> Call<(), Checked> {
        Services::well_known(agent).set_settings(value)
    }
}

/// A change of the network that has not begun. Its future gives a [`NetworkChange`].
#[must_use = "a change begins when it is awaited"]
pub struct NetworkUpdate<'a, T> {
    network: Network,
    update: Update<'a, T, ()>,
    written: Written<T>,
    explain: fn(Error) -> AdminError,
    dry_run: bool,
}

/// What is to be written, as the update made it.
type Written<T> = Arc<Mutex<Option<T>>>;

fn lock<T>(written: &Written<T>) -> MutexGuard<'_, Option<T>> {
    written.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a, T: Kept> NetworkUpdate<'a, T> {
    pub(super) fn new(
        network: Network,
        change: impl FnOnce(&mut T) + Send + 'a,
        explain: fn(Error) -> AdminError,
    ) -> Self {
        let written = Written::default();
        let kept = Arc::clone(&written);
        let change = move |value: &mut T| {
            change(value);
            *lock(&kept) = Some(value.clone());
        };
        let agent = network.agent.clone();
        let write = move |value: T| T::write_at(&agent, &value);
        Self {
            update: update(T::read_at(&network.agent), change, write),
            network,
            written,
            explain,
            dry_run: false,
        }
    }

    /// Reads and says what would be changed; writes nothing.
    pub fn dry_run(mut self) -> Self {
        (self.update, self.dry_run) = (self.update.dry_run(), true);
        self
    }

    async fn run(self) -> Result<NetworkChange<T>, AdminError> {
        let (object, known) = T::known(&self.network.agent);
        Known::new(&object, known).check(self.explain).await?;
        // Who it is has to be known before it may be elsewhere.
        let macs = if self.dry_run {
            BTreeSet::new()
        } else {
            macs(self.network.net()).await?
        };
        match self.update.await {
            Ok(updated) if updated.sent => Ok(NetworkChange::Done(updated)),
            Ok(updated) => Ok(NetworkChange::NotSent(updated)),
            Err(error) if is_unanswered(&error) => match lock(&self.written).take() {
                Some(written) => Ok(NetworkChange::Unanswered(Unanswered {
                    written,
                    macs,
                    error,
                })),
                None => Err((self.explain)(error)),
            },
            Err(error) => Err((self.explain)(error)),
        }
    }
}

impl<'a, T: Kept> IntoFuture for NetworkUpdate<'a, T> {
    type Output = Result<NetworkChange<T>, AdminError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T> fmt::Debug for NetworkUpdate<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NetworkUpdate").field(&self.update).finish()
    }
}

/// Whether it may have been made, and the device said nothing of it.
fn is_unanswered(error: &Error) -> bool {
    error.outcome() == Outcome::Unknown && error.as_rpc().is_none()
}

/// What a change of the network came to.
#[derive(Debug)]
#[must_use = "it says whether the change was made"]
#[non_exhaustive]
pub enum NetworkChange<T> {
    /// Nothing was sent: in a dry run, or because there was nothing to change.
    NotSent(Updated<T>),
    /// The device took it.
    Done(Updated<T>),
    /// It was sent, and no answer came: it is not known whether the device took it.
    Unanswered(Unanswered<T>),
}

/// A change that was sent, and whose answer was lost; perhaps since it cut the connection.
#[must_use = "it is not known whether the change was made: confirm it"]
pub struct Unanswered<T> {
    written: T,
    macs: BTreeSet<String>,
    error: Error,
}

impl<T: Kept> Unanswered<T> {
    /// What became of the call.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// Asks the device at the address where it should be, until it has what was written, or `within` is over. It sends nothing that changes
    /// something.
    ///
    /// # Errors
    ///
    /// [`AnotherDevice`](AdminError::AnotherDevice) when a device answers that has none of the MAC addresses; a device that tells none is
    /// known by its settings alone. [`NotKept`](AdminError::NotKept) when it has other settings than those that were written until `within`
    /// is over; the error of the last question when it does not answer.
    pub async fn confirm_at(&self, agent: &Agent, within: Duration) -> Result<(), AdminError> {
        let deadline = Instant::now() + within;
        loop {
            let found = self.look(agent).await;
            let passes = match &found {
                Err(AdminError::Call(error)) => error.is_retryable(),
                // The device may still be at it.
                Err(AdminError::NotKept(_)) => true,
                _ => false,
            };
            if !passes || Instant::now() + PAUSE >= deadline {
                return found;
            }
            sleep(PAUSE).await;
        }
    }

    async fn look(&self, agent: &Agent) -> Result<(), AdminError> {
        let theirs = macs(Net::well_known(agent)).await?;
        let known = !self.macs.is_empty() && !theirs.is_empty();
        if known && self.macs.is_disjoint(&theirs) {
            return Err(AdminError::AnotherDevice(theirs.into_iter().collect()));
        }
        let found = self.difference(agent).await?;
        if found.iter().any(|change| !change.is_hidden()) {
            return Err(AdminError::NotKept(found));
        }
        Ok(())
    }

    /// From what it has to what was written.
    async fn difference(&self, agent: &Agent) -> Result<Difference, AdminError> {
        let read = T::read_at(agent).timeout(LONGEST);
        // A dry run of what was written tells the difference, and writes nothing.
        let compared = update(
            read,
            |value| *value = self.written.clone(),
            |value| T::write_at(agent, &value),
        );
        Ok(compared.dry_run().allow_defaults().await?.changed)
    }
}

/// Without the settings: they may hold secrets.
impl<T> fmt::Debug for Unanswered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unanswered")
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// The MAC addresses of a device.
async fn macs(net: Net) -> Result<BTreeSet<String>, AdminError> {
    let info = net.get_info().timeout(LONGEST).await?;
    let macs = info
        .if_map
        .into_values()
        .map(|interface| interface.mac_addr);
    Ok(macs
        .filter(|mac| !mac.is_empty())
        .map(|mac| mac.to_ascii_lowercase())
        .collect())
}
