//! Network and SNMP.

use std::net::Ipv4Addr;
use std::time::Duration;

use xerus_api::net::{EthAuthType, IpConfigMethod, Settings};
use xerus_device::admin::{AdminError, Network, NetworkChange, Refusal, Snmp, Unanswered};
use xerus_rpc::Outcome;
use xerus_sim::{Fault, FaultRule, Firmware, MakeUp, Running, Simulator};

use crate::{PASSWORD, agent, device};

#[tokio::test]
async fn everything_about_the_network_is_read() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        let state = Network::of(&admin).read().await.unwrap();
        let interfaces = state.interfaces();
        assert_eq!(interfaces.len(), 1, "{firmware}");
        let eth = &interfaces[0];
        assert_eq!((eth.name.as_str(), eth.label.as_str()), ("eth1", "ETH 1"));
        assert_eq!(eth.mac, device.device().make_up().mac, "{firmware}");
        assert_eq!(eth.bridge, None, "{firmware}");
        assert_eq!(eth.addresses.len(), 2, "{firmware}: {:?}", eth.addresses);
        let https = state.services.iter().find(|one| one.service == "HTTPS");
        assert_eq!(https.unwrap().port, 443, "{firmware}");
        assert_eq!(state.settings.if_map.len(), 1, "{firmware}");
    }
}

#[tokio::test]
async fn addresses_and_names_are_changed() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        let network = Network::of(&admin);
        let address = Ipv4Addr::new(10, 1, 2, 3);
        let set = || network.set_static_ipv4("eth1", address, 24, None);
        assert!(
            matches!(set().await.unwrap(), NetworkChange::Done(_)),
            "{firmware}"
        );
        assert!(
            matches!(set().await.unwrap(), NetworkChange::NotSent(_)),
            "{firmware}"
        );
        let state = network.read().await.unwrap();
        assert_eq!(
            state.interfaces()[0].addresses[0].addr,
            "10.1.2.3",
            "{firmware}"
        );

        let dns = network
            .set_dns(["10.0.0.53"], ["example.com"])
            .await
            .unwrap();
        assert!(matches!(dns, NetworkChange::Done(_)), "{firmware}");
        let dhcp = network.use_dhcp_ipv4("eth1", "pdu-7").await.unwrap();
        assert!(matches!(dhcp, NetworkChange::Done(_)), "{firmware}");
        let settings = network.read().await.unwrap().settings;
        let eth = &settings.if_map["eth1"].ipv4;
        assert_eq!(eth.config_method, IpConfigMethod::Dhcp, "{firmware}");
        assert_eq!(eth.dhcp_preferred_hostname, "pdu-7", "{firmware}");
        assert_eq!(
            eth.static_addr_cidr.addr, "10.1.2.3",
            "{firmware}: it stays for later"
        );
        assert_eq!(settings.common.dns.search_suffixes, ["example.com"]);
        assert_eq!(device.calls().of("setSettings").count(), 3, "{firmware}");

        let none = network.use_dhcp_ipv4("eth9", "").await;
        assert!(
            matches!(&none, Err(AdminError::NoSuchInterface { known, .. }) if known == &["eth1"]),
            "{firmware}: {none:?}"
        );
    }
}

#[tokio::test]
async fn the_router_stands_with_the_interface() {
    let (_device, admin) = device(Firmware::V4_4_1).await;
    let network = Network::of(&admin);
    let (address, router) = (Ipv4Addr::new(10, 1, 2, 3), Ipv4Addr::new(10, 1, 2, 1));
    let set = network
        .set_static_ipv4("eth1", address, 24, Some(router))
        .await;
    assert!(matches!(set.unwrap(), NetworkChange::Done(_)));
    let settings = network.read().await.unwrap().settings;
    let ip = &settings.if_map["eth1"].ipv4;
    assert_eq!(ip.static_default_gateway_addr, "10.1.2.1");
}

#[tokio::test]
async fn faults_have_their_names() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let network = Network::of(&admin);
        let bad = network.set_dns(["nowhere"], [""; 0]).await.unwrap_err();
        assert_eq!(bad.refusal(), Some(&Refusal::Network), "{firmware}");
        assert_eq!(bad.names(), ["ERR_DNS_INVALID_SERVER"], "{firmware}");
        let bad = network.change(|settings| {
            let ip = &mut settings.if_map.get_mut("eth1").unwrap().ipv6;
            ip.config_method = IpConfigMethod::Dhcp;
        });
        let bad = bad.await.unwrap_err();
        assert_eq!(
            bad.names(),
            ["ERR_IF_IPV6_INVALID_CONFIG_METHOD"],
            "{firmware}"
        );
        assert!(
            bad.to_string()
                .contains("ERR_IF_IPV6_INVALID_CONFIG_METHOD"),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn secrets_of_the_network_stay_and_are_not_shown() {
    let (_device, admin) = device(Firmware::V4_4_1).await;
    let network = Network::of(&admin);
    let sign_in = network.change(|settings| {
        let eth = settings.eth_map.get_mut("eth1").unwrap();
        eth.auth_type = EthAuthType::EthAuthEap;
        eth.eap.identity = "pdu".to_owned();
        eth.eap.password = "a secret word".to_owned();
    });
    let NetworkChange::Done(updated) = sign_in.await.unwrap() else {
        panic!("it was sent");
    };
    assert!(!updated.changed.to_string().contains("a secret word"));
    assert!(!format!("{updated:?}").contains("a secret word"));
    // PEAP without a password would be refused: it is still there.
    let other = network.change(|settings| {
        settings.eth_map.get_mut("eth1").unwrap().lldp_enabled = false;
    });
    assert!(matches!(other.await.unwrap(), NetworkChange::Done(_)));
    let clear = network.change(|settings| {
        settings.eth_map.get_mut("eth1").unwrap().eap.clear_password = true;
    });
    let refused = clear.await.unwrap_err();
    assert_eq!(refused.names(), ["ERR_IF_EAP_INVALID_PASSWORD"]);
}

#[tokio::test]
async fn a_change_that_cuts_the_connection_is_confirmed_at_the_new_address() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        let network = Network::of(&admin);
        let cut = FaultRule::new(Fault::CloseAfterExecution)
            .on("/net")
            .method("setSettings");
        device.faults().inject(cut.times(1));
        let address = Ipv4Addr::new(10, 9, 8, 7);
        let change = network
            .set_static_ipv4("eth1", address, 16, None)
            .await
            .unwrap();
        let NetworkChange::Unanswered(unanswered) = change else {
            panic!("{firmware}: {change:?}");
        };
        assert_eq!(unanswered.error().outcome(), Outcome::Unknown, "{firmware}");
        assert_eq!(device.calls().on("/net").of("setSettings").count(), 1);
        let within = Duration::from_secs(10);
        unanswered
            .confirm_at(&agent(&device, "admin", PASSWORD), within)
            .await
            .unwrap();

        // Another device.
        let mut make_up = MakeUp::default();
        make_up.mac = "02:00:00:00:99:99".to_owned();
        let other = Simulator::builder().make_up(make_up).firmware(firmware);
        let other = other.user("admin", PASSWORD).start().await.unwrap();
        let error = unanswered
            .confirm_at(&agent(&other, "admin", PASSWORD), within)
            .await;
        assert!(
            matches!(&error, Err(AdminError::AnotherDevice(_))),
            "{firmware}: {error:?}"
        );
        assert_eq!(error.unwrap_err().outcome(), Outcome::Unknown);

        // Not executed.
        let cut = FaultRule::new(Fault::CloseUnanswered)
            .on("/net")
            .method("setSettings");
        device.faults().inject(cut.times(1));
        let change = network.set_dns(["10.0.0.53"], [""; 0]).await.unwrap();
        let NetworkChange::Unanswered(unanswered) = change else {
            panic!("{firmware}: {change:?}");
        };
        let soon = Duration::from_millis(100);
        let error = unanswered.confirm_at(&admin, soon).await.unwrap_err();
        assert!(
            matches!(&error, AdminError::NotKept(found) if found.len() == 1),
            "{error}"
        );
        assert!(error.to_string().contains("10.0.0.53"), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{firmware}");

        // Nobody answers.
        let nobody = agent(&device, "admin", PASSWORD);
        drop(device);
        let error = unanswered
            .confirm_at(&nobody, Duration::from_millis(100))
            .await;
        assert!(
            matches!(error, Err(AdminError::Call(_))),
            "{firmware}: {error:?}"
        );
    }
}

async fn lost_dns(device: &Running, network: &Network) -> Unanswered<Settings> {
    let cut = FaultRule::new(Fault::CloseUnanswered)
        .on("/net")
        .method("setSettings");
    device.faults().inject(cut.times(1));
    match network.set_dns(["10.0.0.53"], [""; 0]).await.unwrap() {
        NetworkChange::Unanswered(unanswered) => unanswered,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_device_that_is_still_at_it_is_asked_again() {
    let (device, admin) = device(Firmware::V4_4_1).await;
    let network = Network::of(&admin);
    let unanswered = lost_dns(&device, &network).await;
    let confirmed = unanswered.confirm_at(&admin, Duration::from_secs(30));
    let (confirmed, ()) = tokio::join!(confirmed, async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let set = network.set_dns(["10.0.0.53"], [""; 0]).await.unwrap();
        assert!(matches!(set, NetworkChange::Done(_)), "{set:?}");
    });
    confirmed.unwrap();
}

#[tokio::test]
async fn a_device_that_tells_no_mac_address_is_not_called_another() {
    let (device, admin) = device(Firmware::V4_4_1).await;
    let network = Network::of(&admin);
    let unanswered = lost_dns(&device, &network).await;
    let without = Fault::Rewrite {
        from: device.device().make_up().mac.clone(),
        to: String::new(),
    };
    let without = FaultRule::new(without).on("/net").method("getInfo");
    device.faults().inject(without);
    let soon = Duration::from_millis(100);
    let error = unanswered.confirm_at(&admin, soon).await.unwrap_err();
    assert!(matches!(error, AdminError::NotKept(_)), "{error}");
}

#[tokio::test]
async fn services_are_moved() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let network = Network::of(&admin);
        let set = network.set_service("SSH", false, 2_222).await.unwrap();
        assert!(matches!(set, NetworkChange::Done(_)), "{firmware}");
        let services = network.read().await.unwrap().services;
        let ssh = services.iter().find(|one| one.service == "SSH").unwrap();
        assert_eq!((ssh.enable, ssh.port), (false, 2_222), "{firmware}");
        let taken = network.set_service("SSH", true, 443).await.unwrap_err();
        assert_eq!(taken.refusal(), Some(&Refusal::InvalidValue), "{firmware}");
        let none = network.set_service("GOPHER", true, 70).await;
        assert!(
            matches!(none, Err(AdminError::NoSuchService(_))),
            "{firmware}"
        );
        let dry = network
            .change_services(|services| services[0].port = 8_080)
            .dry_run();
        let NetworkChange::NotSent(dry) = dry.await.unwrap() else {
            panic!("{firmware}: a dry run");
        };
        assert_eq!(dry.changed.len(), 1, "{firmware}");
    }
}

#[tokio::test]
async fn snmp_is_changed_and_communities_are_secrets() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let snmp = Snmp::of(&admin);
        let changed = snmp.change(|settings| {
            settings.v1_and_v2c = true;
            settings.read_community = "hush-hush".to_owned();
            settings.location = "rack 7".to_owned();
        });
        let changed = changed.await.unwrap();
        assert!(changed.sent, "{firmware}");
        let text = format!("{} {changed:?}", changed.changed);
        assert!(
            !text.contains("hush") && text.contains("rack 7"),
            "{firmware}: {text}"
        );
        let settings = snmp.settings().await.unwrap();
        assert_eq!(settings.read_community, "hush-hush", "{firmware}");
        assert!(!format!("{settings:?}").contains("hush"), "{firmware}");
        let bad = snmp
            .change(|settings| settings.read_community.clear())
            .await;
        let bad = bad.unwrap_err();
        assert_eq!(bad.refusal(), Some(&Refusal::InvalidValue), "{firmware}");
        assert_eq!(bad.names(), ["ERR_INVALID_PARAMS"], "{firmware}");
        assert!(!snmp.engine_id().await.unwrap().is_empty(), "{firmware}");
    }
}
