//! The wires of the runtime, each to a scale of its own, over TCP.

use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::Agent;
use xerus_rpc::netstring::{self, Netstring, NetstringServer, Priority, Server, Servers};
use xerus_rpc::ripex2::{Ripex2, Ripex2Server, Role};
use xerus_rpc::server::Router;
use xerus_rpc::wamp::{Callee, Layout, Objects, Serializer, Wamp, WampBuilder};
use xerus_rpc::wire::{Binding, Transport};
use xerus_wires_tests::bench::RID;
use xerus_wires_tests::dealer::{BONDY, CROSSBAR, Dealer, Features};

use crate::aids::Bench;

/// Keeps what serves for as long as the test runs.
fn keep<T: Send + 'static>(serving: T) {
    tokio::spawn(async move {
        std::future::pending::<()>().await;
        drop(serving);
    });
}

/// A transport over TCP to a server in front of a router.
fn netstring(server: NetstringServer, binding: Binding) -> Arc<dyn Transport> {
    let serving = server.serve(listener()).unwrap();
    let port = serving.address().port();
    keep(serving);
    let server = Server::new("127.0.0.1", port, Priority::HigherFirst(1));
    let servers = Servers::new([server]).unwrap();
    Arc::new(Netstring::builder(servers).binding(binding).build())
}

fn listener() -> tokio::net::TcpListener {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    tokio::net::TcpListener::from_std(listener).unwrap()
}

/// How two clients of a router talk to each other.
#[derive(Clone, Copy)]
pub(crate) struct Routed {
    pub(crate) features: Features,
    pub(crate) caller: Serializer,
    pub(crate) callee: Serializer,
    pub(crate) objects: Objects,
    pub(crate) layout: Layout,
    /// How the callee lays out its results, where that is another way.
    pub(crate) results: Option<Layout>,
}

impl Routed {
    pub(crate) const PLAIN: Self = Self {
        features: CROSSBAR,
        caller: Serializer::Json,
        callee: Serializer::Json,
        objects: Objects::Part,
        layout: Layout::ByPosition,
        results: None,
    };

    pub(crate) fn client(self, dealer: &Dealer, serializer: Serializer) -> WampBuilder {
        self.client_at(dealer.url(), serializer)
    }

    pub(crate) fn client_at(self, url: &str, serializer: Serializer) -> WampBuilder {
        Wamp::builder(url, "com.example.realm")
            .prefix("com.example")
            .serializer(serializer)
            .objects(self.objects)
            .layout(self.layout)
            .timeout(Duration::from_secs(20))
            .reconnect(Duration::from_millis(10), Duration::from_millis(100))
    }

    /// A caller, and a callee in front of a router on a session of its own.
    pub(crate) async fn connect(self, router: Router) -> Wamp {
        let dealer = Dealer::start(self.features).unwrap();
        self.connect_at(dealer.url(), router).await.0
    }

    /// The caller, and the callee.
    async fn connect_at(self, url: &str, router: Router) -> (Wamp, Wamp) {
        let callee = self.client_at(url, self.callee).build().unwrap();
        let mut served = Callee::new(router);
        if let Some(layout) = self.results {
            served = served.layout(layout);
        }
        keep(served.serve(&callee).await.unwrap());
        (self.client_at(url, self.caller).build().unwrap(), callee)
    }

    pub(crate) async fn bench(self, wire: &'static str) -> Bench {
        let dealer = Dealer::start(self.features).unwrap();
        self.bench_with_callee_at(dealer.url(), wire).await.0
    }

    /// Over a router that runs already.
    pub(crate) async fn bench_with_callee_at(self, url: &str, wire: &'static str) -> (Bench, Wamp) {
        let rid = match self.objects {
            Objects::None => "",
            _ => RID,
        };
        let (router, watched) = xerus_wires_tests::bench::router();
        let (caller, callee) = self.connect_at(url, router).await;
        let mut bench = Bench::over(wire, Arc::new(caller), rid, watched);
        bench.has_types = self.objects == Objects::Part;
        (bench, callee)
    }
}

/// A unit and a client that is logged in as who may do everything.
pub(crate) async fn ripex2(router: Router, tls: bool) -> Arc<dyn Transport> {
    let mut server = Ripex2Server::new(router).user("ann", "secret", Role::Admin);
    let mut pin = None;
    if tls {
        let own = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let pem = own.cert.pem();
        server = server.tls(&pem, own.signing_key.serialize_pem()).unwrap();
        pin = Some(pem);
    }
    let serving = server.serve(listener()).unwrap();
    let mut client = Ripex2::builder(serving.url()).login("ann", "secret");
    if let Some(pem) = pin {
        client = client.root_certificate_pem(pem);
    }
    keep(serving);
    Arc::new(client.build_transport().unwrap())
}

async fn unit(wire: &'static str, tls: bool) -> Bench {
    let (router, watched) = xerus_wires_tests::bench::router();
    let transport = ripex2(router, tls).await;
    // Objects are units, and this is the one that is connected.
    Bench::over(wire, transport, "", watched)
}

pub(crate) fn netstrings(
    server: impl FnOnce(Router) -> NetstringServer,
    binding: Binding,
) -> Bench {
    let (router, watched) = xerus_wires_tests::bench::router();
    let server = server(router).with_binding(binding.clone());
    // This wire names no objects.
    Bench::over("netstring", netstring(server, binding), "", watched)
}

/// HTTP as the devices speak it.
async fn http() -> Bench {
    let (router, watched) = xerus_wires_tests::bench::router();
    let serving = xerus_sim::serve(router).start().await.unwrap();
    let agent = Agent::builder(serving.url()).build().unwrap();
    keep(serving);
    Bench::with("HTTP", agent, RID, watched)
}

/// Every wire of the runtime.
pub(crate) async fn real() -> Vec<Bench> {
    let plain = Routed::PLAIN;
    vec![
        http().await,
        netstrings(NetstringServer::new, netstring::binding()),
        netstrings(NetstringServer::for_json_rpc, netstring::binding()),
        plain.bench("WAMP").await,
        Routed {
            caller: Serializer::MessagePack,
            callee: Serializer::MessagePack,
            layout: Layout::ByName,
            ..plain
        }
        .bench("WAMP in MessagePack")
        .await,
        Routed {
            caller: Serializer::MessagePack,
            features: BONDY,
            objects: Objects::Argument,
            layout: Layout::Mixed(1),
            ..plain
        }
        .bench("WAMP from MessagePack to JSON without progress")
        .await,
        Routed {
            callee: Serializer::MessagePack,
            objects: Objects::None,
            ..plain
        }
        .bench("WAMP without objects")
        .await,
        unit("RipEX2", false).await,
        unit("RipEX2 with TLS", true).await,
    ]
}
