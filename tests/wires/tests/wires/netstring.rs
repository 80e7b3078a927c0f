//! The wire of Kamailio under proxies and servants that know nothing of it.

use std::sync::Arc;

use xerus_rpc::netstring::{self, Netstring, NetstringServer, Priority, Server, Servers};
use xerus_rpc::server::Router;
use xerus_rpc::wire::{ArgumentStyle, Binding, NameStyle, ResultStyle, Transport};

use crate::aids::{Bench, all, until};
use crate::same::everything;

/// A transport over TCP to a server in front of a router.
fn connected(server: NetstringServer, binding: Binding) -> Arc<dyn Transport> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let serving = server.serve(listener).unwrap();
    let port = serving.address().port();
    // It serves as long as the test runs.
    tokio::spawn(async move {
        std::future::pending::<()>().await;
        drop(serving);
    });
    let server = Server::new("127.0.0.1", port, Priority::HigherFirst(1));
    let servers = Servers::new([server]).unwrap();
    let transport = Netstring::builder(servers).binding(binding).any_target();
    Arc::new(transport.build())
}

pub(crate) fn bench(server: impl FnOnce(Router) -> NetstringServer, binding: Binding) -> Bench {
    let served = binding.clone();
    Bench::new("netstring", move |router| {
        connected(server(router.clone()).with_binding(served), binding)
    })
}

#[tokio::test]
async fn netstrings_say_the_same_as_every_wire() {
    let expected = everything(&all()[0]).await;
    for server in [NetstringServer::new, NetstringServer::for_json_rpc] {
        let bench = bench(server, netstring::binding());
        assert_eq!(everything(&bench).await, expected);
    }
}

#[tokio::test]
async fn netstrings_say_the_same_in_every_layout() {
    let expected = everything(&all()[0]).await;
    for arguments in [ArgumentStyle::ByName, ArgumentStyle::ByPosition] {
        for results in [
            ResultStyle::ByName,
            ResultStyle::ByPosition,
            ResultStyle::Bare,
        ] {
            let binding = Binding::XERUS
                .with_names(NameStyle::Dotted)
                .with_arguments(arguments)
                .with_results(results);
            let shown = format!("{binding:?}");
            let bench = bench(NetstringServer::new, binding);
            assert_eq!(everything(&bench).await, expected, "{shown}");
        }
    }
}

#[tokio::test]
async fn a_call_without_an_answer_is_a_notification() {
    let bench = bench(NetstringServer::new, netstring::binding());
    bench.scale.knock("ann").notify().await.unwrap();
    until(|| bench.watched.knocks() == ["ann"]).await;
}
