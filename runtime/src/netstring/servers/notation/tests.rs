use super::super::*;
use super::{NO_PRIORITY, WHOLE_LINE};

#[test]
fn the_seed_has_three_servers_and_the_highest_comes_first() {
    let text = "localhost:9999,2 10.10.0.1:9999,2 backup.server:9999,1";
    let servers = Servers::jsonrpcc(text).expect("servers");
    let ranks: Vec<_> = servers
        .iter()
        .map(|s| (s.name(), s.priority.rank()))
        .collect();
    assert_eq!(ranks[0], ("localhost:9999".to_owned(), -2));
    assert_eq!(ranks[2], ("backup.server:9999".to_owned(), -1));
}

#[test]
fn janssonrpcc_counts_the_other_way_and_names_groups() {
    let text = "conn=main;addr=a;port=1;priority=1;weight=30 conn=main;addr=::1;port=2;hwm=2 conn=main2;addr=c;port=3";
    let servers = Servers::janssonrpcc(text, "main").expect("servers");
    let all: Vec<_> = servers.iter().collect();
    assert_eq!(all.len(), 2);
    assert_eq!(
        (all[0].weight, all[0].priority),
        (30, Priority::LowerFirst(1))
    );
    assert_eq!(
        (all[1].name(), all[1].max_waiting),
        ("[::1]:2".to_owned(), 2)
    );
    assert!(all[1].priority.rank() < all[0].priority.rank());
}

#[test]
fn the_two_ways_to_count_are_never_mixed() {
    let mixed = Servers::new([
        Server::new("a", 1, Priority::HigherFirst(1)),
        Server::new("b", 1, Priority::LowerFirst(1)),
    ]);
    assert_eq!(mixed.expect_err("mixed").what, MIXED);
}

#[test]
fn n32_what_is_wrong_is_said_with_its_place() {
    for (text, position, what) in [
        ("", 0, NONE),
        ("a:1", 3, "a comma and a priority are missing"),
        ("a:1,2 b:1,x", 10, NO_PRIORITY),
        ("a:0,1", 2, NO_PORT),
        ("a:70000,1", 2, NO_PORT),
        ("a,1", 1, NO_PORT),
        ("a:1,1 A:1,2", 6, TWICE),
        ("::1:9,1", 0, NO_HOST),
        ("[::g]:9,1", 0, NO_HOST),
        (":9,1", 0, NO_HOST),
        (
            "modparam(\"jsonrpcc\", \"servers\", \"a:1,2\")",
            0,
            WHOLE_LINE,
        ),
    ] {
        let error = Servers::jsonrpcc(text).expect_err(text);
        assert_eq!((error.position, error.what), (position, what), "{text}");
    }
    for (text, position) in [
        ("conn=a;addr=b;port=0", 19),
        ("conn=a;addr=b;port=1;priority=x", 30),
        ("conn=a;addr=b;port=1;weight=-1", 28),
        ("conn=a;srv=_rpc._tcp.b;port=1", 23),
        ("conn=a;priority=1;srv=_rpc._tcp.b", 7),
        ("conn=a;srv=", 11),
        ("conn=a;srv=_rpc.._tcp", 11),
        ("conn=a;srv=_rpc._tcp.b conn=a;srv=_RPC._tcp.b", 23),
        ("conn=a;addr=b", 0),
        ("addr=b;port=1", 0),
        ("conn=a;adr=b;port=1", 7),
    ] {
        let error = Servers::janssonrpcc(text, "a").expect_err(text);
        assert_eq!(error.position, position, "{text}: {error}");
    }
    let other = Servers::jsonrpcc("conn=a;addr=b;port=1").expect_err("the other notation");
    assert!(other.what.contains("Servers::janssonrpcc"), "{other}");
    let none = Servers::janssonrpcc("conn=main2;addr=b;port=1", "main");
    assert_eq!(none.expect_err("no such group").what, NONE);
}

#[test]
fn srv_is_a_name_for_servers_also_beside_named_ones() {
    let text = "conn=main;srv=_rpc._tcp.example.com.;hwm=5;proto=TCP conn=main;addr=a;port=1;priority=9 conn=b;srv=_b._tcp.c";
    let servers = Servers::janssonrpcc(text, "main").expect("servers");
    let name = SrvName::new("_rpc._tcp.example.com.").with_max_waiting(5);
    assert_eq!(servers.srv_names(), [name]);
    assert_eq!(servers.iter().count(), 1);
    let only = Servers::janssonrpcc(text, "b").expect("servers");
    assert_eq!((only.srv_names().len(), only.iter().count()), (1, 0));
    assert_eq!(
        only,
        Servers::srv([SrvName::new("_b._tcp.c")]).expect("a name")
    );
}

#[test]
fn names_for_servers_are_checked() {
    let none = Servers::srv([]).expect_err("none");
    assert_eq!(none.what, NONE);
    let bad = Servers::srv([SrvName::new("_a._tcp.b"), SrvName::new("a b")]).expect_err("no name");
    assert_eq!(bad.position, 1);
}

#[test]
fn what_is_set_elsewhere_is_refused_with_the_place_for_it() {
    for (attribute, place) in [
        ("md5_password=x", "protect the way"),
        ("keep_alive=5", "leave it out"),
        ("min_srv_ttl=10", "NetstringBuilder::min_srv_ttl"),
        ("retry=2", "@idempotent"),
        ("retry_codes=-32000", "NetstringBuilder::retry_codes"),
        ("timeout=500", "Call::timeout"),
        ("route=R", "leave it out"),
        ("max_conn_attempts=-1", "NetstringBuilder::reconnect"),
        ("proto=udp", "leave proto out"),
        ("colour=red", "known are conn"),
    ] {
        let text = format!("conn=a;addr=b;port=1;{attribute}");
        let error = Servers::janssonrpcc(&text, "a").expect_err(attribute);
        assert!(error.what.contains(place), "{attribute}: {error}");
        assert!(error.position >= 21, "{attribute}: {error}");
    }
}
