//! The side that is called: a counter, and four doors in front of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xerus_rpc::Agent;
use xerus_rpc::netstring::{Netstring, NetstringServer, Servers};
use xerus_rpc::ripex2::{Ripex2, Ripex2Server, Role};
use xerus_rpc::server::{Context, Fault, Reply, Router};
use xerus_rpc::wamp::{Callee, CalleeServing, Wamp, WampBuilder};

use crate::Failed;
use crate::api::lab::{Count, Negative};
use crate::api::server::lab as server;

/// A counter. Whoever calls, over whichever wire, adds to the same one.
#[derive(Clone, Default)]
struct Counter(Arc<Mutex<Count>>);

impl Counter {
    fn count(&self) -> MutexGuard<'_, Count> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl server::Counter for Counter {
    fn add<'a>(&'a self, _: &'a Context, number: i32) -> Reply<'a, i32> {
        if number < 0 {
            return Reply::fault(Negative {
                text: "only 0 or more can be added".to_owned(),
                number,
                total: self.count().total,
                ..Default::default()
            });
        }
        let mut count = self.count();
        count.total += i64::from(number);
        count.additions += 1;
        match i32::try_from(count.total) {
            Ok(total) => Reply::ok(total),
            Err(_) => Reply::fault(Fault::new(1001, "the counter is full")),
        }
    }

    fn read<'a>(&'a self, _: &'a Context) -> Reply<'a, Count> {
        Reply::ok(self.count().clone())
    }
}

/// Everything through which the counter is reached.
pub(crate) struct Doors {
    counter: Counter,
    http: xerus_sim::Serving,
    netstring: xerus_rpc::netstring::Serving,
    ripex2: xerus_rpc::ripex2::Serving,
    wamp: Option<(Wamp, CalleeServing)>,
}

impl Doors {
    /// Opens all doors; the one to a router only when there is one.
    pub(crate) async fn open(with_router: bool) -> Result<Self, Failed> {
        let counter = Counter::default();
        let router = Router::new();
        router.insert("/", server::counter(counter.clone()));
        let wamp = match with_router {
            true => {
                let wamp = WampBuilder::from_env()?.build()?;
                let callee = Callee::new(router.clone()).serve(&wamp).await?;
                Some((wamp, callee))
            }
            false => None,
        };
        Ok(Self {
            http: xerus_sim::serve(router.clone()).start().await?,
            netstring: NetstringServer::for_json_rpc(router.clone())
                .bind("127.0.0.1:0")
                .await?,
            ripex2: Ripex2Server::new(router)
                .user("guest", "guest", Role::Guest)
                .bind("127.0.0.1:0")
                .await?,
            counter,
            wamp,
        })
    }

    /// An agent for each door, and what its wire is called.
    pub(crate) fn agents(&self) -> Result<Vec<(&'static str, Agent)>, Failed> {
        let servers = Servers::jsonrpcc(&format!("{},1", self.netstring.address()))?;
        let mut agents = vec![
            ("HTTP", Agent::builder(self.http.url()).build()?),
            ("netstrings", Netstring::builder(servers).build().agent()),
            (
                "RipEX2",
                Ripex2::builder(self.ripex2.url())
                    .login("guest", "guest")
                    .build()?,
            ),
        ];
        if self.wamp.is_some() {
            // A session of its own, as another program has it.
            agents.push(("WAMP", WampBuilder::from_env()?.build()?.agent()));
        }
        Ok(agents)
    }

    /// Everything that was added.
    pub(crate) fn total(&self) -> i64 {
        self.counter.count().total
    }

    pub(crate) async fn close(self) {
        self.netstring.shutdown().await;
        self.ripex2.shutdown().await;
        if let Some((wamp, callee)) = self.wamp {
            callee.shutdown().await;
            wamp.leave().await;
        }
    }
}
