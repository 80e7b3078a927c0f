//! What the vendor's Python clients read after each change that `xerus_device::admin` makes, and what it reads after theirs: each firmware with the
//! clients that were made for it.
//!
//! A client that is not installed is skipped by name, unless the variable `XERUS_PEERS` is `required`.

#![allow(clippy::unwrap_used)] // helpers of tests

#[path = "matrix/agree.rs"]
mod agree;

use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;
use xerus_api::devsettings::Snmp as SnmpInterface;
use xerus_api::net::Net;
use xerus_api::usermgmt::{SnmpV3AuthProto, SnmpV3PrivProto};
use xerus_device::admin::{
    AccessRules, AdminError, Clock, Network, NetworkChange, Roles, Sessions, Snmp, SnmpV3, Users,
    privilege,
};
use xerus_rpc::Agent;
use xerus_rpc::value::Encode;
use xerus_sim::{Clock as Time, Firmware, Running, Simulator};

use agree::difference;

const PASSWORD: &str = "pa:ss wörd";
/// No answer takes longer.
const LONGEST: Duration = Duration::from_secs(60);

/// The releases of the package `raritan` that know the API of a firmware.
fn releases(firmware: Firmware) -> &'static [&'static str] {
    match firmware {
        Firmware::V3_6_80 => &["3.6.0.46486"],
        Firmware::V4_0_20 => &["4.0.20.49038"],
        _ => &["4.4.1.53217", "4.3.0.51180"],
    }
}

fn place(release: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/peers")
        .join(format!("raritan-{release}"))
}

fn is_installed(release: &str) -> bool {
    let installed = place(release).join("complete").exists();
    if !installed {
        assert!(
            std::env::var_os("XERUS_PEERS").is_none_or(|value| value != "required"),
            "XERUS_PEERS=required, but raritan {release} is not installed (run tests/peers/install.sh)"
        );
        // Not through `eprintln!`, which the test harness keeps to itself while all is well.
        let line = format!("skipped: Python {release} (run tests/peers/install.sh)\n");
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
    installed
}

/// The vendor's client at work.
struct Vendor {
    _child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Vendor {
    fn start(release: &str, device: &Running) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/administration.py");
        let (scheme, host) = device.url().split_once("://").unwrap();
        let mut child = Command::new(place(release).join("bin/python"))
            .arg(script)
            .args([scheme, host, "admin"])
            .env("XERUS_PASSWORD", PASSWORD)
            .env("PYTHONIOENCODING", "utf-8")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            stdin: child.stdin.take().unwrap(),
            lines: BufReader::new(child.stdout.take().unwrap()).lines(),
            _child: child,
        }
    }

    async fn ask(&mut self, what: &str) -> Value {
        self.stdin
            .write_all(format!("{what}\n").as_bytes())
            .await
            .unwrap();
        let line = timeout(LONGEST, self.lines.next_line()).await;
        let line = line.expect("an answer in time").unwrap();
        serde_json::from_str(&line.expect("the script goes on")).unwrap()
    }
}

/// Our side.
struct Ours {
    agent: Agent,
    users: Users,
    roles: Roles,
    sessions: Sessions,
    clock: Clock,
    rules: AccessRules,
    network: Network,
    snmp: Snmp,
}

fn sent(value: &impl Encode) -> Value {
    let text = xerus_rpc::rt::encode(value).unwrap();
    serde_json::from_str(text.get()).unwrap()
}

impl Ours {
    fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
            users: Users::of(agent),
            roles: Roles::of(agent),
            sessions: Sessions::of(agent),
            clock: Clock::of(agent),
            rules: AccessRules::of(agent),
            network: Network::of(agent),
            snmp: Snmp::of(agent),
        }
    }

    /// Everything, by the names of the script.
    async fn read(&self, firmware: Firmware) -> Result<Value, AdminError> {
        let state = self.network.read().await?;
        let lock_out = self.rules.lock_out().await?;
        // A client of 3.6.80 shows two numbers.
        let lock_out = match lock_out.memory_minutes {
            None => json!([lock_out.block_minutes, lock_out.failures]),
            Some(memory) => json!({
                "maxFailedLogins": lock_out.failures,
                "blockTimeout": lock_out.block_minutes,
                "failedLoginTimeout": memory,
            }),
        };
        assert_eq!(lock_out.is_array(), firmware == Firmware::V3_6_80);
        let snmp = SnmpInterface::well_known(&self.agent)
            .get_configuration()
            .await?;
        Ok(json!({
            "users": sent(&self.users.list().await?),
            "roles": sent(&self.roles.list().await?),
            "privileges": sent(&self.roles.privileges().await?),
            "sessions": sent(&self.sessions.list().await?),
            "clock": sent(&self.clock.settings().await?),
            "lock_out": lock_out,
            "passwords": sent(&self.rules.passwords().await?),
            "idle": self.rules.idle_minutes().await?,
            "single": self.rules.single_login().await?,
            "agreement": sent(&self.rules.service_agreement().await?),
            "ssh": sent(&self.rules.ssh().await?),
            "settings": sent(&state.settings),
            "info": sent(&state.info),
            "services": sent(&state.services),
            "snmp": sent(&snmp),
            "engine_id": self.snmp.engine_id().await?,
        }))
    }
}

/// Both sides read the same.
async fn agree(step: &str, firmware: Firmware, ours: &Ours, vendor: &mut Vendor) -> Value {
    let theirs = vendor.ask("read").await;
    let read = ours.read(firmware).await.unwrap();
    assert_eq!(
        theirs.as_object().unwrap().len(),
        read.as_object().unwrap().len()
    );
    if let Some(difference) = difference(&theirs, &read) {
        panic!("{firmware}, {step}: {difference}");
    }
    theirs
}

async fn all_steps(firmware: Firmware, release: &str) -> Result<(), AdminError> {
    let device = Simulator::builder()
        .firmware(firmware)
        .user("admin", PASSWORD)
        .clock(Time::frozen_at(1_700_000_000))
        .start()
        .await
        .unwrap();
    let agent = Agent::builder(device.url())
        .basic_auth("admin", PASSWORD)
        .build()?;
    let ours = Ours::of(&agent);
    let mut vendor = Vendor::start(release, &device);
    let vendor = &mut vendor;
    agree("at first", firmware, &ours, vendor).await;

    let snmp = SnmpV3::encrypted(SnmpV3AuthProto::Sha1, SnmpV3PrivProto::Aes128)
        .auth_passphrase("a long secret");
    ours.users
        .create("eve", "eve's password")
        .full_name("Eve")
        .roles(["Operator"])
        .snmp_v3(snmp)
        .await?;
    let read = agree("a user", firmware, &ours, vendor).await;
    assert_eq!(
        read["users"][1]["info"]["auxInfo"]["fullname"], "Eve",
        "{firmware}"
    );
    let _ = ours.users.set_roles("eve", ["Viewer"]).await?;
    let _ = ours.users.set_enabled("eve", false).await?;
    let read = agree("a changed user", firmware, &ours, vendor).await;
    assert_eq!(read["users"][1]["info"]["enabled"], false, "{firmware}");

    ours.roles
        .create(
            "Lab",
            "switches one outlet",
            [privilege("switchOutlet", ["3"])],
        )
        .await?;
    let _ = ours
        .roles
        .grant("Lab", privilege("viewLog", [""; 0]))
        .await?;
    let read = agree("a role", firmware, &ours, vendor).await;
    let args = &read["roles"][3]["info"]["privileges"][0]["args"];
    assert_eq!(args, &json!(["3"]), "{firmware}");

    ours.clock.use_ntp(["ntp.example.com"]).await?;
    ours.clock.set_zone("Europe/Berlin").await?;
    let read = agree("the clock", firmware, &ours, vendor).await;
    assert_eq!(
        read["clock"]["ntpCfg"]["server1"], "ntp.example.com",
        "{firmware}"
    );

    let rules = &ours.rules;
    rules
        .change_lock_out(|rules| (rules.failures, rules.block_minutes) = (7, 15))
        .await?;
    let _ = rules
        .change_passwords(|rules| rules.min_pw_length = 9)
        .await?;
    let _ = rules
        .change_service_agreement(|agreement| agreement.enabled = true)
        .await?;
    let _ = rules.set_idle_minutes(33).await?;
    let read = agree("rules", firmware, &ours, vendor).await;
    assert_eq!(read["idle"], 33, "{firmware}");

    let address = Ipv4Addr::new(10, 1, 2, 3);
    let moved = ours
        .network
        .set_static_ipv4("eth1", address, 24, None)
        .await?;
    assert!(matches!(moved, NetworkChange::Done(_)), "{firmware}");
    let moved = ours.network.set_service("SSH", false, 2_222).await?;
    assert!(matches!(moved, NetworkChange::Done(_)), "{firmware}");
    let read = agree("the network", firmware, &ours, vendor).await;
    let ip = &read["settings"]["ifMap"][0]["value"]["ipv4"]["staticAddrCidr"];
    assert_eq!(ip["addr"], "10.1.2.3", "{firmware}");
    assert_eq!(
        read["info"]["ifMap"][0]["value"]["ipv4"]["addrsCidr"][0]["addr"],
        "10.1.2.3"
    );

    let community = |settings: &mut xerus_device::admin::SnmpSettings| {
        settings.v1_and_v2c = true;
        settings.read_community = "read-me".to_owned();
    };
    let _ = ours.snmp.change(community).await?;
    let read = agree("SNMP", firmware, &ours, vendor).await;
    assert_eq!(read["snmp"]["readComm"], "read-me", "{firmware}");

    // And the other way round.
    let written = vendor.ask("write").await;
    // The client 3.6.0 does not know `mtu`, which 3.6.80 has: it sends settings without it.
    let settings = if release.starts_with("3.6.0") {
        Net::ERR_ETH_IF_INVALID_MTU
    } else {
        0
    };
    assert_eq!(written, json!([0, 0, 0, settings]), "{firmware}");
    agree("the vendor's changes", firmware, &ours, vendor).await;
    assert!(ours.users.get("vendor").await.is_ok() && ours.users.get("eve").await.is_err());
    let name = ours.snmp.settings().await?.name;
    assert_eq!(name, "named by the vendor's client", "{firmware}");
    let domains = ours
        .network
        .read()
        .await?
        .settings
        .common
        .dns
        .search_suffixes;
    let kept: &[&str] = if settings == 0 {
        &["vendor.example"]
    } else {
        &[]
    };
    assert_eq!(domains, kept, "{firmware}");
    Ok(())
}

#[tokio::test]
async fn the_vendor_s_clients_read_what_is_changed_here_and_the_other_way_round() {
    let mut driven = 0;
    for firmware in Firmware::ALL {
        for release in releases(firmware)
            .iter()
            .filter(|release| is_installed(release))
        {
            if let Err(error) = all_steps(firmware, release).await {
                panic!("{firmware} with {release}: {error}");
            }
            driven += 1;
        }
    }
    println!("{driven} clients");
    let missing = Firmware::ALL
        .into_iter()
        .flat_map(releases)
        .any(|release| !is_installed(release));
    assert!(missing || driven == 4, "{driven}");
}
