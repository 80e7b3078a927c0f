//! Looks after the settings of a device with firmware 4.0.20: what `xerus diff --used-by` has to tell of a program that is
//! touched in many ways. `cli/tests/used_by.rs` compiles it against two firmwares.

mod xerus {
    #![allow(warnings)]
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

use std::error::Error;

use xerus::auth::LdapManager;
use xerus::auth::ldap_manager::{SecurityProtocol, ServerSettings};
use xerus::cert;
use xerus::datetime::{DateTime, date_time as clock};
use xerus::pdumodel::{Pdu, TransferSwitch};
use xerus::peripheral::GatewaySensorManager;
use xerus_rpc::{Agent, Polymorphic};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A name that a type of the API has, too: this one is ours.
struct Settings {
    ntp: [String; 2],
    ldap: String,
}

/// Sets the time servers, after asking them.
async fn set_clock(agent: &Agent, settings: &Settings) -> Result<()> {
    let clock = DateTime::at(agent, "/datetime");
    for server in &settings.ntp {
        if !clock.check_ntp_server(server).await? {
            return Err(format!("{server} does not answer").into());
        }
    }
    let mut cfg = clock.get_cfg().await?;
    let [server1, server2] = settings.ntp.clone();
    cfg.protocol = clock::Protocol::Ntp;
    cfg.ntp_cfg = clock::NtpCfg {
        server1,
        server2,
        extra_: cfg.ntp_cfg.extra_,
    };
    clock.set_cfg(&cfg).await?;
    Ok(())
}

/// Adds a directory server.
async fn add_directory(agent: &Agent, settings: &Settings) -> Result<()> {
    let manager = LdapManager::at(agent, "/auth/ldap");
    let mut servers = manager.get_ldap_servers().await?;
    if servers.iter().any(|known| known.server == settings.ldap) {
        return Ok(());
    }
    servers.push(ServerSettings {
        id: "2".to_owned(),
        server: settings.ldap.clone(),
        sec_proto: SecurityProtocol::SecProtoStarttls,
        ..ServerSettings::default()
    });
    manager.set_ldap_servers(&servers).await?;
    Ok(())
}

/// Prints what the certificate is.
async fn show_certificate(agent: &Agent) -> Result<()> {
    let info = cert::ServerSslCert::at(agent, "/server_ssl_cert").get_info().await?;
    let active = info.active_cert_info;
    println!(
        "{}: {} bit, until {}",
        active.subject.common_name, active.rsa_key_length, active.invalid_after
    );
    Ok(())
}

/// Asks the device whether it sees a host.
async fn ping(agent: &Agent, host: &str) -> Result<Vec<String>> {
    let diagnostics = xerus::net::Diagnostics::at(agent, "/net/diagnostics");
    Ok(diagnostics.ping(host, 3).await?)
}

/// Which source a transfer switch bypasses to.
async fn show_bypass(switch: &TransferSwitch) -> Result<()> {
    let sensors = switch.get_sensors().await?;
    let state = match &sensors.selected_bypass_source {
        Some(sensor) => sensor.get_state().await?.value,
        None => -1,
    };
    println!("bypass: {state}");
    Ok(())
}

/// What is shown on the display when nobody touches it.
async fn show_view(agent: &Agent) -> Result<()> {
    let display = xerus::display::DisplayControl::at(agent, "/display");
    println!("view: {}", display.get_default_view().await?);
    Ok(())
}

/// Prints who was changed.
fn show_change(event: &Polymorphic<xerus::idl::Event>) {
    if let Some(event) = event.downcast::<xerus::usermgmt::AccountChanged>() {
        println!("{}: enabled {}", event.username, event.new_settings.enabled);
    }
}

/// Which number stands for the name of a Modbus product.
fn product_name() -> i32 {
    GatewaySensorManager::MODBUS_PRODUCT_NAME
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let agent = Agent::builder("https://pdu.example.com").build()?;
    let settings = Settings {
        ntp: ["0.example.com".to_owned(), "1.example.com".to_owned()],
        ldap: "ldap.example.com".to_owned(),
    };
    set_clock(&agent, &settings).await?;
    add_directory(&agent, &settings).await?;
    show_certificate(&agent).await?;
    for line in ping(&agent, "gateway.example.com").await? {
        println!("{line}");
    }
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    println!("{}", pdu.get_settings().await?.name);
    for outlet in pdu.get_outlets().await? {
        println!("{}", outlet.get_meta_data().await?.label);
    }
    for switch in pdu.get_transfer_switches().await? {
        show_bypass(&switch).await?;
    }
    show_view(&agent).await?;
    println!("{}", product_name());
    let channel = xerus::event::Service::at(&agent, "/event").create_channel().await?;
    if let Some(channel) = channel {
        let (_, events) = channel.poll_events_nb().await?;
        events.iter().for_each(show_change);
    }
    Ok(())
}
