use std::time::Duration;

use xerus_api::pdumodel::Outlet;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::servermon::ServerMonitor;
use xerus_api::servermon::server_monitor::{
    ServerPowerSettings, ServerPowerState, ServerReachability, sparse_::ServerSettings,
};
use xerus_rpc::Interface as _;
use xerus_sim::{Clock, Firmware, Running, Simulator};

fn named(host: &str) -> ServerSettings {
    ServerSettings {
        host: Some(host.to_owned()),
        ..ServerSettings::default()
    }
}

async fn device(firmware: Firmware, clock: &Clock) -> Running {
    let device = Simulator::builder().firmware(firmware);
    let device = device.clock(clock.clone()).start().await;
    device.expect("a device")
}

#[tokio::test]
async fn servers_are_watched_and_switched_with_their_outlet() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = device(Firmware::V4_4_1, &clock).await;
    let agent = device.agent();
    let monitor = ServerMonitor::well_known(&agent);
    let outlet = Outlet::well_known(&agent, 0, 2);

    let id = monitor.add_server(named("web")).await.expect("a number");
    let twice = monitor.add_server(named("WEB")).code().await;
    assert_eq!(
        twice.expect("a code").0,
        ServerMonitor::ERR_DUPLICATE_HOSTNAME
    );
    let (code, _) = monitor.get_server(9).code().await.expect("a code");
    assert_eq!(code, ServerMonitor::ERR_NO_SUCH_ID);

    clock.advance(Duration::from_secs(10));
    let server = monitor.get_server(id).await.expect("a server");
    assert_eq!(server.status.reachable, ServerReachability::Reachable);
    assert_eq!(
        (server.status.requests, server.status.power_state),
        (3, ServerPowerState::Unknown)
    );
    let refused = monitor.power_control(id, false).code().await;
    assert_eq!(
        refused.expect("a code"),
        ServerMonitor::ERR_INVALID_SETTINGS
    );

    // What is left out stays as it is; the password is kept and never told.
    let power = ServerPowerSettings {
        enabled: true,
        target: Some(outlet.as_object().clone()),
        timeout: 30,
        password: "secret".to_owned(),
        ssh_port: 22,
        ..server.settings.power_settings.clone()
    };
    let change = ServerSettings {
        power_settings: Some(power),
        ..ServerSettings::default()
    };
    monitor.modify_server(id, change).await.expect("changed");
    monitor.power_control(id, false).await.expect("switched");
    let servers = monitor.list_servers().await.expect("servers");
    let server = &servers[&id];
    assert_eq!(server.settings.host, "web");
    assert_eq!(server.settings.power_settings.password, "");
    assert_eq!(server.status.power_state, ServerPowerState::Off);
    let state = outlet.get_state().await.expect("a state");
    assert_eq!(state.power_state, PowerState::PsOff);

    monitor.delete_server(id).await.expect("deleted");
    assert!(monitor.list_servers().await.expect("servers").is_empty());
}

#[tokio::test]
async fn older_firmwares_have_them_too() {
    for firmware in [Firmware::V3_6_80, Firmware::V4_0_20] {
        let clock = Clock::frozen_at(1_700_000_000);
        let device = device(firmware, &clock).await;
        let agent = device.agent();
        let monitor = ServerMonitor::well_known(&agent);
        let id = monitor.add_server(named("web")).await.expect("a number");
        let server = monitor.get_server(id).await.expect("a server");
        assert_eq!(server.settings.ping_interval, 5, "{firmware}");
    }
}
