//! The thread that listens.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::thread;
use std::time::{Duration, Instant};

use flume::{Receiver, RecvError, Selector};
use mdns_sd::{Metrics, ServiceDaemon, ServiceEvent};
use socket2::{Domain, Socket, Type};

use crate::answer::{Answer, instance};
use crate::discovery::{Discovery, Stop};
use crate::doubt::Network;
use crate::error::Error;
use crate::interfaces::{Choice, networks};
use crate::service::ServiceType;
use crate::shared::Shared;
use crate::state::Full;

/// How often it is looked at what is kept beside the names, and which networks there are.
const LOOK: Duration = Duration::from_secs(1);

/// How many records may be kept for each name: those of a device, and some of its neighbours.
const RECORDS: usize = 16;

/// How long the end of the daemon is waited for.
const END: Duration = Duration::from_secs(1);

/// What is looked for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) timeout: Option<Duration>,
    pub(crate) products: Vec<String>,
    pub(crate) limit: usize,
    pub(crate) port: u16,
}

impl Wanted {
    fn wants(&self, name: &str) -> bool {
        self.products.is_empty()
            || self
                .products
                .iter()
                .any(|product| name.starts_with(product))
    }
}

/// Starts to listen.
pub(crate) fn start(wanted: Wanted, names: &[String], loopback: bool) -> Result<Discovery, Error> {
    let choice = Choice::new(names, loopback)?;
    check_port(wanted.port)?;
    let daemon = ServiceDaemon::new_with_port(wanted.port).map_err(|_| Error::System)?;
    let services = choice
        .apply(&daemon)
        .and_then(|()| {
            let browse = |service: ServiceType| Ok((service, daemon.browse(service.domain())?));
            ServiceType::ALL
                .into_iter()
                .map(browse)
                .collect::<mdns_sd::Result<Vec<_>>>()
        })
        .map_err(|_| {
            let _ = daemon.shutdown();
            Error::System
        })?;
    let shared = Shared::new(wanted.limit);
    let (stop, stopped) = flume::bounded(1);
    let keeper = Keeper {
        ends: wanted
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout)),
        wanted,
        daemon: Daemon(daemon),
        services,
        stopped,
        shared: Shared::clone(&shared),
        networks: networks(),
        kept: None,
    };
    thread::Builder::new()
        .name("xerus-discovery".to_owned())
        .spawn(move || keeper.run())
        .map_err(|_| Error::System)?;
    Ok(Discovery::new(shared, Stop::new(stop)))
}

/// The daemon opens its sockets in its own thread and does not say when it cannot.
fn check_port(port: u16) -> Result<(), Error> {
    let bind = |address: SocketAddr| -> io::Result<()> {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, None)?;
        socket.set_reuse_address(true)?;
        // Systems that do not know it do without.
        #[cfg(unix)]
        let _ = socket.set_reuse_port(true);
        socket.bind(&address.into())
    };
    let v4 = bind((Ipv4Addr::UNSPECIFIED, port).into());
    let v6 = || bind((Ipv6Addr::UNSPECIFIED, port).into());
    match v4 {
        Err(error) if v6().is_err() => Err(Error::Port { port, error }),
        _ => Ok(()),
    }
}

/// Ends with what owns it.
struct Daemon(ServiceDaemon);

impl Drop for Daemon {
    fn drop(&mut self) {
        // The queue of the daemon may be full for a moment.
        for _ in 0..10 {
            match self.0.shutdown() {
                Ok(done) => {
                    let _ = done.recv_timeout(END);
                    return;
                }
                Err(mdns_sd::Error::Again) => thread::sleep(Duration::from_millis(20)),
                Err(_) => return,
            }
        }
    }
}

struct Keeper {
    ends: Option<Instant>,
    wanted: Wanted,
    daemon: Daemon,
    services: Vec<(ServiceType, Receiver<ServiceEvent>)>,
    stopped: Receiver<()>,
    shared: Shared,
    networks: Vec<Network>,
    /// Where the daemon answers how much it keeps.
    kept: Option<Receiver<Metrics>>,
}

/// What woke the thread.
enum Woken {
    Event(ServiceType, Result<ServiceEvent, RecvError>),
    Kept(Result<Metrics, RecvError>),
    Stopped,
}

impl Keeper {
    fn run(mut self) {
        let end = self.listen();
        // What was found is told before the end is, and the network is left before that.
        drop(self.daemon);
        self.shared.end(end);
    }

    fn listen(&mut self) -> Result<(), Error> {
        let mut look = Instant::now() + LOOK;
        loop {
            let now = Instant::now();
            if self.ends.is_some_and(|end| end <= now) {
                return Ok(());
            }
            if look <= now {
                look = now + LOOK;
                self.look();
            }
            let until = self.ends.map_or(look, |end| end.min(look));
            match self.wait(until) {
                None => {}
                Some(Woken::Stopped) => return Ok(()),
                Some(Woken::Kept(kept)) => {
                    self.kept = None;
                    self.check(&kept.unwrap_or_default())?;
                }
                Some(Woken::Event(service, Ok(event))) => self.take(service, event)?,
                // The daemon drops a listener whose queue is full.
                Some(Woken::Event(_, Err(RecvError::Disconnected))) => {
                    return Err(match self.daemon.0.get_metrics() {
                        Err(mdns_sd::Error::DaemonShutdown) => Error::Ended,
                        _ => Error::Overrun,
                    });
                }
            }
        }
    }

    fn wait(&self, until: Instant) -> Option<Woken> {
        let selector = Selector::new().recv(&self.stopped, |_| Woken::Stopped);
        let selector = match &self.kept {
            Some(kept) => selector.recv(kept, Woken::Kept),
            None => selector,
        };
        let selector = self
            .services
            .iter()
            .fold(selector, |selector, (service, events)| {
                selector.recv(events, |event| Woken::Event(*service, event))
            });
        selector.wait_deadline(until).ok()
    }

    fn take(&self, service: ServiceType, event: ServiceEvent) -> Result<(), Error> {
        let taken = match event {
            ServiceEvent::ServiceFound(_, name) => {
                self.shared.change(|state| state.named(service, &name))
            }
            ServiceEvent::ServiceResolved(found) => {
                if !self.wanted.wants(instance(&found.fullname, service)) {
                    return Ok(());
                }
                let answer = Answer::new(service, &found, &self.networks);
                self.shared
                    .change(|state| state.resolved(&found.fullname, answer))
            }
            ServiceEvent::ServiceRemoved(_, name) => self.shared.change(|state| {
                state.removed(service, &name);
                Ok(())
            }),
            _ => Ok(()),
        };
        taken.map_err(|Full| Error::TooMany {
            limit: self.wanted.limit,
        })
    }

    /// Looks which networks there are, and asks the daemon what it keeps. Its answer is not waited for: while it is busy, it sends
    /// what has to be taken.
    fn look(&mut self) {
        self.networks = networks();
        if self.kept.is_none() {
            self.kept = self.daemon.0.get_metrics().ok();
        }
    }

    /// Records that belong to no name are kept by the daemon and told to nobody; a flood of them would fill the memory.
    fn check(&self, kept: &Metrics) -> Result<(), Error> {
        let kept = kept.iter().filter(|(name, _)| name.starts_with("cached-"));
        let kept: i64 = kept.map(|(_, count)| *count).sum();
        let limit = self.wanted.limit;
        let most = limit.saturating_mul(RECORDS).max(1024);
        if usize::try_from(kept).is_ok_and(|kept| kept > most) {
            return Err(Error::TooMany { limit });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Wanted;
    use crate::service::PRODUCTS_OF_PYTHON_CLIENT;

    #[test]
    fn products_are_what_names_begin_with() {
        let mut wanted = Wanted {
            timeout: Some(Duration::ZERO),
            products: Vec::new(),
            limit: 1,
            port: 0,
        };
        let names = ["PX3-5190R", "PX4-5190R", "PRO4X", "BCM2-9", "px3", ""];
        assert!(
            names.iter().all(|name| wanted.wants(name)),
            "all by default"
        );
        wanted.products = PRODUCTS_OF_PYTHON_CLIENT.map(str::to_owned).to_vec();
        let shown: Vec<_> = names
            .into_iter()
            .filter(|name| wanted.wants(name))
            .collect();
        assert_eq!(shown, ["PX3-5190R", "BCM2-9"]);
    }
}
