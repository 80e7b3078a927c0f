//! The wires of the runtime, each to a scale of its own, over TCP.

use std::sync::Arc;
use std::time::Duration;

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
}

impl Routed {
    pub(crate) const PLAIN: Self = Self {
        features: CROSSBAR,
        caller: Serializer::Json,
        callee: Serializer::Json,
        objects: Objects::Part,
        layout: Layout::ByPosition,
    };

    pub(crate) fn client(self, dealer: &Dealer, serializer: Serializer) -> WampBuilder {
        Wamp::builder(dealer.url(), "com.example.realm")
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
        let callee = self.client(&dealer, self.callee).build().unwrap();
        keep(Callee::new(router).serve(&callee).await.unwrap());
        self.client(&dealer, self.caller).build().unwrap()
    }

    pub(crate) async fn bench(self, wire: &'static str) -> Bench {
        let rid = match self.objects {
            Objects::None => "",
            _ => RID,
        };
        let (router, watched) = xerus_wires_tests::bench::router();
        let wamp = self.connect(router).await;
        let mut bench = Bench::over(wire, Arc::new(wamp), rid, watched);
        bench.has_types = self.objects == Objects::Part;
        bench
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

/// Every wire of the runtime that is not HTTP.
pub(crate) async fn real() -> Vec<Bench> {
    let plain = Routed::PLAIN;
    vec![
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
