//! The same work on many devices, over transports in memory, with a clock that the tests move.

use std::collections::BTreeSet;
use std::future::{pending, poll_fn};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use xerus_rpc::error::ConfigError;
use xerus_rpc::fleet::{Fleet, FleetError, Run, Stop};
use xerus_rpc::server::Router;
use xerus_rpc::{Agent, Error, ErrorKind, Json, MemoryTransport, Outcome};

mod sharing;
mod stopping;
mod turns;

fn memory() -> Agent {
    Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())))
}

/// A fleet of devices 0, 1, 2, …
fn fleet(devices: usize) -> Fleet<usize> {
    Fleet::new((0..devices).map(|key| (key, memory())))
}

fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}

/// A failure that the work of a test has.
fn failure() -> Error {
    Error::new(ErrorKind::ConnectionLost)
}

/// How many are under way, and how many were at most.
#[derive(Clone, Default)]
struct Gauge(Arc<[AtomicUsize; 2]>);

struct Inside(Gauge);

impl Gauge {
    fn enter(&self) -> Inside {
        let now = self.0[0].fetch_add(1, SeqCst) + 1;
        self.0[1].fetch_max(now, SeqCst);
        Inside(self.clone())
    }

    fn now(&self) -> usize {
        self.0[0].load(SeqCst)
    }

    fn most(&self) -> usize {
        self.0[1].load(SeqCst)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.0[0].fetch_sub(1, SeqCst);
    }
}

/// Lets a run go on as far as it can without giving a result.
async fn once<K: Clone, T, E>(run: &mut Run<K, T, E>) -> bool {
    let mut next = std::pin::pin!(run.next());
    poll_fn(|context| Poll::Ready(next.as_mut().poll(context).is_ready())).await
}

fn is_send<T: Send + Unpin>(_: &T) {}
