//! A device of the time before 4.0: one router for all interfaces, and other names of members.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use xerus_device::admin::{AdminError, Network, NetworkChange};
use xerus_rpc::server::{Answer, Fault, Incoming, Router, Servant};
use xerus_rpc::wire::Values;
use xerus_rpc::{Agent, MemoryTransport, Outcome, TypeInfo};

const SETTINGS: &str = r#"{"common":{"dns":{"serverAddrs":[],"searchSuffixes":[],"resolverPrefersIPv6":false},
"routing":{"ipv4":{"defaultGatewayAddr":"10.0.0.254","staticRoutes":[]},"ipv6":{"defaultGatewayAddr":"","staticRoutes":[]}},
"portForwarding":{"enabled":false,"role":0,"masterDownstreamIfName":"eth2"}},
"ifMap":[{"key":"eth1","value":{"enabled":true,
"ipv4":{"enabled":true,"configMethod":1,"staticAddrCidr":{"addr":"","prefixLen":24},"dhcpPreferredHostname":"pdu"},
"ipv6":{"enabled":false,"configMethod":2,"staticAddrCidr":{"addr":"","prefixLen":64},"dhcpPreferredHostname":""}}}],
"ethMap":[],"wlanMap":[]}"#;

const INFO: &str = r#"{"common":{},"ifMap":[{"key":"eth1","value":{"name":"eth1","label":"ETH 1","type":0,"enabled":true,
"masterIfName":"br0","state":3,"macAddr":"02:00:00:00:00:01","mtu":1500,
"ipv4":{"enabled":true,"configMethod":1,"addrsCidr":[{"addr":"192.0.2.7","prefixLen":24}],"dhcpServerAddr":"","dhcpPreferredHostname":"pdu"},
"ipv6":{"enabled":false,"configMethod":2,"addrsCidr":[],"dhcpServerId":"","dhcpPreferredHostname":"","raManaged":false,"raOtherConf":false}}}],
"ethMap":[],"wlanMap":[]}"#;

struct Old {
    kept: Arc<Mutex<String>>,
    info: String,
}

fn dispatch<'a>(old: &'a Old, call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
    let text = match call.method() {
        "getSettings" => format!("{{\"_ret_\":{}}}", old.kept.lock().unwrap()),
        "getInfo" => format!("{{\"_ret_\":{}}}", old.info),
        "setSettings" => {
            let settings = call.arguments().get(0, "settings");
            let settings = settings.ok_or_else(|| Fault::invalid_params("settings"))?;
            if settings.contains("out of order") {
                return Err(Fault::internal("out of order"));
            }
            *old.kept.lock().unwrap() = settings.to_owned();
            r#"{"_ret_":0}"#.to_owned()
        }
        _ => return Err(Fault::method_not_found()),
    };
    let values = Values::from_object(text).map_err(|_| Fault::internal("no JSON"));
    Ok(values.into())
}

fn no_services<'a>(_: &'a (), call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
    if call.method() != "getSettings" {
        return Err(Fault::method_not_found());
    }
    let values = Values::from_object("{\"servicesSettings\":[]}".to_owned());
    let values = values.map_err(|_| Fault::internal("no JSON"));
    Ok(values.into())
}

fn without_spaces(text: &str) -> String {
    text.replace('\n', "")
}

/// A device with this version of `/net`, and what it keeps.
fn device(version: &str) -> (Arc<Mutex<String>>, Agent) {
    device_with(version, INFO.to_owned())
}

fn device_with(version: &str, info: String) -> (Arc<Mutex<String>>, Agent) {
    let kept = Arc::new(Mutex::new(without_spaces(SETTINGS)));
    let of_type = TypeInfo::new(version.parse().unwrap(), []);
    let router = Router::new();
    let old = Old {
        kept: Arc::clone(&kept),
        info,
    };
    router.insert("/net", Servant::of_type(of_type, old, dispatch));
    let services = TypeInfo::new("net.Services:1.0.0".parse().unwrap(), []);
    let services = Servant::of_type(services, (), no_services);
    router.insert("/net/services", services);
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(router)));
    (kept, agent)
}

#[tokio::test]
async fn the_largest_packet_is_told_by_newer_ones_only() {
    let older = INFO.replace("\"mtu\":1500,", "");
    for (info, mtu) in [(INFO.to_owned(), Some(1500)), (older, None)] {
        let (_kept, agent) = device_with("net.Net:6.0.0", info);
        let state = Network::of(&agent).read().await.unwrap();
        let interface = &state.interfaces()[0];
        assert_eq!(interface.mtu, mtu);
        assert_eq!(interface.bridge.as_deref(), Some("br0"));
    }
}

#[tokio::test]
async fn the_router_of_all_interfaces_is_set_and_everything_else_goes_back_as_it_came() {
    let (kept, agent) = device("net.Net:6.0.0");
    let (address, way_out) = (Ipv4Addr::new(10, 0, 0, 7), Ipv4Addr::new(10, 0, 0, 1));
    let set = Network::of(&agent)
        .set_static_ipv4("eth1", address, 16, Some(way_out))
        .await;
    let set = set.unwrap();
    let NetworkChange::Done(updated) = set else {
        panic!("{set:?}");
    };
    assert_eq!(updated.changed.len(), 4, "{}", updated.changed);
    let expected = without_spaces(SETTINGS)
        .replace("10.0.0.254", "10.0.0.1")
        .replace(
            r#""configMethod":1,"staticAddrCidr":{"addr":"","prefixLen":24}"#,
            r#""configMethod":0,"staticAddrCidr":{"addr":"10.0.0.7","prefixLen":16}"#,
        );
    let text = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
    assert_eq!(text(&kept.lock().unwrap()), text(&expected));
}

#[tokio::test]
async fn the_router_of_all_interfaces_stays_when_none_is_given() {
    let (kept, agent) = device("net.Net:6.0.0");
    let address = Ipv4Addr::new(10, 0, 0, 7);
    let network = Network::of(&agent);
    let set = network.set_static_ipv4("eth1", address, 16, None);
    let set = set.await.unwrap();
    assert!(matches!(set, NetworkChange::Done(_)), "{set:?}");
    let kept = kept.lock().unwrap();
    assert!(
        kept.contains(r#""staticAddrCidr":{"addr":"10.0.0.7""#),
        "{kept}"
    );
    assert!(
        kept.contains(r#""defaultGatewayAddr":"10.0.0.254""#),
        "{kept}"
    );
}

#[tokio::test]
async fn an_error_that_the_device_answers_is_no_lost_answer() {
    let (_kept, agent) = device("net.Net:6.0.0");
    let network = Network::of(&agent);
    let set = network.set_dns([""; 0], ["out of order"]);
    let error = set.await.unwrap_err();
    assert!(matches!(&error, AdminError::Call(error) if error.as_rpc().is_some()));
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
}

#[tokio::test]
async fn a_version_that_nobody_knows_is_left_alone() {
    for version in ["net.Net:9.0.0", "net.Net:4.0.0"] {
        let (kept, agent) = device(version);
        let network = Network::of(&agent);
        let set = network.set_dns(["10.0.0.53"], [""; 0]).await.unwrap_err();
        assert!(
            matches!(&set, AdminError::UnknownVersion(id) if id.as_str() == version),
            "{set}"
        );
        assert_eq!(set.outcome(), Outcome::NotExecuted);
        assert_eq!(*kept.lock().unwrap(), without_spaces(SETTINGS));
    }
}
