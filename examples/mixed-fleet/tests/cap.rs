//! Not all devices at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use mixed_fleet::fleet::{Device, visit};
use xerus_rpc::wire::{BoxFuture, Reply, Request, Transport};
use xerus_rpc::{Agent, Error, ErrorKind};

/// Devices that are being asked, now and at most.
#[derive(Default)]
struct Gauge {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// A device that takes a moment to be unreachable.
struct Dead(Arc<Gauge>);

impl Transport for Dead {
    fn origin(&self) -> &str {
        "dead"
    }

    fn call<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let now = self.0.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.0.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(5)).await;
            self.0.now.fetch_sub(1, Ordering::SeqCst);
            Err(Error::from(ErrorKind::ConnectionLost))
        })
    }
}

async fn most(devices: usize, at_once: usize) -> usize {
    let gauge = Arc::new(Gauge::default());
    let device = |_| Device {
        agent: Agent::with_transport(Arc::new(Dead(Arc::clone(&gauge)))),
        rid: "/model/pdu/0".to_owned(),
    };
    let visits: Vec<_> = visit((0..devices).map(device).collect(), at_once, Some(0))
        .collect()
        .await;
    assert_eq!(visits.len(), devices);
    assert!(
        visits
            .iter()
            .all(|visit| visit.failed() && visit.switched.is_none())
    );
    gauge.most.load(Ordering::SeqCst)
}

#[tokio::test]
async fn the_cap_holds() {
    assert_eq!(most(20, 4).await, 4);
    assert_eq!(most(3, 8).await, 3);
    assert_eq!(most(2, 0).await, 1);
}
