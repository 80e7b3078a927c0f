//! Questions to a name server that plays what name servers do.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use xerus_rpc::netstring::{
    Dns, DnsError, Netstring, NetstringServer, NoServer, Resolve as _, ResolveSrv as _, SrvRecord,
    SrvRecords,
};
use xerus_rpc::server::{Fault, Incoming, Reply, Router, Servant};
use xerus_rpc::{Json, TypeInfo};

use crate::dns_server::{A, NameServer, SRV, Say, srv};
use crate::script::LONG;

const NAME: &str = "_rpc._tcp.example.com";

fn dns(server: &NameServer) -> Dns {
    Dns::server(server.address).timeout(Duration::from_millis(300))
}

async fn records(say: Say) -> Result<SrvRecords, DnsError> {
    let server = NameServer::start(move |_| say.clone()).await;
    let records = dns(&server).records(NAME).await;
    assert!(server.asked().iter().all(|asked| asked.kind == SRV));
    records
}

#[tokio::test]
async fn records_come_with_the_shortest_of_their_times() {
    let answer = records(Say::Records(vec![
        (SRV, 300, srv(10, 60, 9999, "a.example.com")),
        (SRV, 7, srv(20, 0, 9998, "B.example.com")),
    ]));
    let expected = vec![
        SrvRecord::new(10, 60, 9999, "a.example.com."),
        SrvRecord::new(20, 0, 9998, "B.example.com."),
    ];
    assert_eq!(
        answer.await,
        Ok(SrvRecords::new(expected, Duration::from_secs(7)))
    );
}

#[tokio::test]
async fn n31_what_a_name_server_says_instead_of_servers_is_told_apart() {
    for (say, error) in [
        (Say::Code(3), DnsError::NoSuchName),
        (Say::Records(vec![]), DnsError::NoRecords),
        (Say::Code(2), DnsError::Failed(2)),
        (Say::Code(5), DnsError::Failed(5)),
        (Say::Garbage, DnsError::NotUnderstood),
        (Say::Nothing, DnsError::TimedOut),
    ] {
        assert_eq!(records(say.clone()).await, Err(error), "{say:?}");
    }
}

#[tokio::test]
async fn n31_the_dot_is_handed_on_and_no_server() {
    let dot = Say::Records(vec![(SRV, 60, srv(0, 0, 0, "."))]);
    let answer = records(dot.clone()).await.expect("a record");
    assert_eq!(answer.records, [SrvRecord::new(0, 0, 0, ".")]);
    let server = NameServer::start(move |_| dot.clone()).await;
    let agent = Netstring::srv(NAME, dns(&server))
        .timeout(LONG)
        .build()
        .agent();
    let error = agent.call("", "a", Json::EMPTY_OBJECT).await.unwrap_err();
    let source = std::error::Error::source(&error).expect("the causes");
    let causes = &source
        .downcast_ref::<NoServer>()
        .expect("the causes")
        .causes;
    assert_eq!(causes[0].dns, Some(DnsError::NotOffered));
}

#[tokio::test]
async fn an_answer_that_is_cut_short_is_asked_for_over_tcp() {
    let many: Vec<_> = (0..200)
        .map(|port| (SRV, 60, srv(1, 1, 1000 + port, "server.example.com")))
        .collect();
    let server = NameServer::start(move |_| Say::Cut(many.clone())).await;
    let answer = dns(&server).records(NAME).await.expect("the whole answer");
    assert_eq!(answer.records.len(), 200);
    let ways: Vec<_> = server.asked().iter().map(|asked| asked.over_tcp).collect();
    assert_eq!(ways, [false, true]);
}

#[tokio::test]
async fn an_answer_that_is_cut_short_over_tcp_too_or_not_to_be_had_there_is_an_error() {
    let server = NameServer::without_tcp(|_| Say::Cut(vec![])).await;
    let error = dns(&server)
        .records(NAME)
        .await
        .expect_err("nothing over TCP");
    assert_eq!(error, DnsError::Truncated);
}

#[tokio::test]
async fn nobody_at_the_address_and_no_name_are_errors() {
    let nobody = Dns::server(crate::script::nowhere()).timeout(Duration::from_millis(100));
    let error = nobody.records(NAME).await.expect_err("nobody");
    assert!(
        matches!(error, DnsError::Unreachable | DnsError::TimedOut),
        "{error:?}"
    );
    let long = "a".repeat(64);
    for name in ["", ".", "a b", "ü.example.com", "a..b", &long] {
        assert_eq!(
            nobody.records(name).await,
            Err(DnsError::BadName),
            "{name:?}"
        );
        let error = nobody.addresses(name, 1).await.expect_err("no name");
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{name:?}");
    }
}

#[tokio::test]
async fn names_are_complete_and_addresses_need_no_question() {
    let server = NameServer::start(|asked| match asked.kind {
        A => Say::Records(vec![(A, 60, vec![192, 0, 2, 7])]),
        _ => Say::Records(vec![]),
    })
    .await;
    let dns = dns(&server);
    let found = dns.addresses("host", 9).await.expect("an address");
    assert_eq!(found, [SocketAddr::from(([192, 0, 2, 7], 9))]);
    assert!(server.asked().iter().all(|asked| asked.name == "host."));
    let asked = server.asked().len();
    for address in ["192.0.2.1", "2001:db8::1"] {
        let found = dns.addresses(address, 9).await.expect("itself");
        assert_eq!(found, [SocketAddr::new(address.parse().unwrap(), 9)]);
    }
    assert_eq!(server.asked().len(), asked);
}

#[tokio::test]
async fn the_name_server_of_the_system_is_asked() {
    // Whether there is one, and what it says, is a matter of where this runs; it ends, with an answer or an error of ours.
    let dns = Dns::system().timeout(Duration::from_millis(200));
    let answer = dns.records("_xerus-rpc-test._tcp.invalid").await;
    match answer {
        Ok(records) => assert!(
            records
                .records
                .iter()
                .all(|record| !record.target.is_empty())
        ),
        Err(error) => assert!(error.to_string().contains(": "), "{error}"),
    }
}

#[test]
fn calls_go_to_the_servers_of_dns_in_one_runtime_after_the_other() {
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let serving = runtime();
    let (server, back_end) = serving.block_on(async {
        let info = TypeInfo::new("acme.Named:1.0.0".parse().unwrap(), []);
        let servant = Servant::of_type(info, (), |(), call: &Incoming<'_>| match call.method() {
            "name" => Ok(Reply::ok("found".to_owned()).single()),
            _ => Err(Fault::method_not_found()),
        });
        let router = Router::new();
        router.insert("/named", servant);
        let back_end = NetstringServer::new(router)
            .bind("127.0.0.1:0")
            .await
            .unwrap();
        let port = back_end.address().port();
        let server = NameServer::start(move |asked| match (asked.kind, &*asked.name) {
            (SRV, "_rpc._tcp.example.com.") => {
                Say::Records(vec![(SRV, 0, srv(1, 0, port, "only.here.example.com"))])
            }
            (A, "only.here.example.com.") => {
                Say::Records(vec![(A, 0, Ipv4Addr::LOCALHOST.octets().to_vec())])
            }
            (_, "only.here.example.com.") => Say::Records(vec![]),
            _ => Say::Code(3),
        });
        (server.await, back_end)
    });
    let dns = dns(&server);
    let to = Netstring::srv(NAME, dns.clone()).resolve(dns);
    let agent = to.timeout(LONG).build().agent();
    for _ in 0..2 {
        let name = runtime().block_on(async { agent.call("", "name", Json::EMPTY_OBJECT).await });
        assert_eq!(name.expect("the server").get(), "\"found\"");
    }
    drop(back_end);
}
