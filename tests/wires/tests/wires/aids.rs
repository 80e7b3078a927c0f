//! Agents over each wire to a scale of their own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use xerus_rpc::server::{Context, Router};
use xerus_rpc::wire::Transport;
use xerus_rpc::{Agent, MemoryTransport};
use xerus_wires_tests::api::bench::Scale;
use xerus_wires_tests::bench::{RID, Watched, router};
use xerus_wires_tests::layers::Plain;
use xerus_wires_tests::positional::{self, Positional};
use xerus_wires_tests::session::{Door, Session};

/// Bytes on their way: less than many messages have, so that writers have to wait.
const ON_THE_WAY: usize = 512;

fn origin(wire: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{wire}:{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn positional(router: &Router, pipeline: bool) -> Arc<dyn Transport> {
    let router = router.clone();
    let connect = move || {
        let (near, far) = tokio::io::duplex(ON_THE_WAY);
        tokio::spawn(positional::serve(router.clone(), Some("ann".into()), far));
        Ok(near)
    };
    Arc::new(Positional::new(origin("positional"), pipeline, connect))
}

pub(crate) fn session(door: &Arc<Door>) -> Arc<dyn Transport> {
    let door = Arc::clone(door);
    let connect = move || {
        let (near, far) = tokio::io::duplex(ON_THE_WAY);
        tokio::spawn(Arc::clone(&door).serve(far));
        Ok(near)
    };
    Arc::new(Session::new(origin("session"), connect))
}

pub(crate) fn memory(router: &Router) -> Arc<dyn Transport> {
    let context = Context::new().with_transport("memory").with_user("ann");
    Arc::new(MemoryTransport::new(router.clone()).with_context(context))
}

/// Three layers that change nothing.
pub(crate) fn wrapped(transport: Arc<dyn Transport>) -> Arc<dyn Transport> {
    (0..3).fold(transport, |inner, _| Arc::new(Plain(inner)))
}

/// A wire with a scale behind it.
pub(crate) struct Bench {
    pub(crate) wire: &'static str,
    pub(crate) agent: Agent,
    pub(crate) scale: Scale,
    /// What the scale is called there: nothing where the wire names no objects.
    pub(crate) rid: &'static str,
    /// Whether objects can be asked for their types.
    pub(crate) has_types: bool,
    pub(crate) watched: Arc<Watched>,
}

impl Bench {
    pub(crate) fn new(
        wire: &'static str,
        open: impl FnOnce(&Router) -> Arc<dyn Transport>,
    ) -> Self {
        let (router, watched) = router();
        Self::over(wire, open(&router), RID, watched)
    }

    /// Over this transport, to what it calls by this resource id.
    pub(crate) fn over(
        wire: &'static str,
        transport: Arc<dyn Transport>,
        rid: &'static str,
        watched: Arc<Watched>,
    ) -> Self {
        let agent = Agent::with_transport(transport);
        let scale = Scale::at(&agent, rid);
        Self {
            wire,
            agent,
            scale,
            rid,
            has_types: true,
            watched,
        }
    }
}

/// Every wire once, and some once more inside three layers.
pub(crate) async fn all() -> Vec<Bench> {
    let mut all = made_here();
    all.extend(crate::real::real().await);
    all
}

/// The wires that are made here, and that of the memory.
pub(crate) fn made_here() -> Vec<Bench> {
    vec![
        Bench::new("memory", memory),
        Bench::new("one by one", |router| positional(router, false)),
        Bench::new("pipelined", |router| positional(router, true)),
        Bench::new("session", |router| session(&Door::new(router.clone(), &[]))),
        Bench::new("memory in layers", |router| wrapped(memory(router))),
        Bench::new("positional in layers", |router| {
            wrapped(positional(router, true))
        }),
        Bench::new("session in layers", |router| {
            wrapped(session(&Door::new(router.clone(), &[])))
        }),
    ]
}

/// Waits for what happens on the other side, for a while.
pub(crate) async fn until(happened: impl Fn() -> bool) {
    for _ in 0..400 {
        if happened() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it did not happen");
}

/// What a peer does with the first bytes it gets: answers with these, and closes or stays.
pub(crate) fn peer(
    answer: &'static [u8],
    stay: bool,
) -> impl Fn() -> io::Result<DuplexStream> + Send + Sync + 'static {
    move || {
        let (near, mut far) = tokio::io::duplex(1 << 10);
        tokio::spawn(async move {
            let mut some = [0; 4096];
            let _ = far.read(&mut some).await;
            let _ = far.write_all(answer).await;
            if stay {
                // Reads, and says nothing more.
                while far.read(&mut some).await.is_ok_and(|read| read > 0) {}
            }
        });
        Ok(near)
    }
}
