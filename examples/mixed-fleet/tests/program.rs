//! The program against a mixed fleet: two firmwares, and devices that nobody understands or reaches.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::time::Duration;

use mixed_fleet::v3::pdumodel::outlet::PowerState;
use mixed_fleet::{old_device, v4};
use tokio::process::Command;
use xerus_rpc::Agent;
use xerus_sim::{Fault, Firmware, Power, Running, Serving, Simulator, SimulatorBuilder};

const PASSWORD: &str = "correct horse";

/// Exit code, standard output and standard error of the program.
async fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mixed-fleet"));
    command
        .args(arguments)
        .env("XERUS_PASSWORD", PASSWORD)
        .kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_secs(60), command.output())
        .await
        .expect("no end within a minute")
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Ports differ from run to run.
fn without_ports(text: &str) -> String {
    let mut parts = text.split("127.0.0.1:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("127.0.0.1:PORT");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

fn new() -> SimulatorBuilder {
    Simulator::builder()
        .firmware(Firmware::V4_0_20)
        .outlets(2)
        .user("admin", PASSWORD)
        .record(100)
}

async fn old() -> (Serving, old_device::Relays) {
    let (objects, relays) = old_device::objects(2);
    let serving = xerus_sim::serve(objects)
        .user("admin", PASSWORD)
        .record(100)
        .start()
        .await
        .unwrap();
    (serving, relays)
}

/// A device whose types have other versions than they used to have.
async fn disguised(from: &str, to: &str) -> Running {
    let (from, to) = (from.to_owned(), to.to_owned());
    new()
        .fault(Fault::Rewrite { from, to })
        .start()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_arguments() {
    let (code, stdout, stderr) = run(&[]).await;
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(without_ports(&stdout));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mixed_fleet() {
    let (new, (old, relays)) = (new().start().await.unwrap(), old().await);
    let future = disguised("pdumodel.Pdu:6.1.2", "pdumodel.Pdu:99.0.0").await;
    let other = disguised("pdumodel.Pdu:6.1.2", "greenhouse.Valve:1.0.0").await;
    let newer_outlets = disguised("pdumodel.Outlet:3.0.1", "pdumodel.Outlet:4.0.0").await;
    let newer_minor = disguised("pdumodel.Pdu:6.1.2", "pdumodel.Pdu:6.2.7").await;
    // Bound, so that nobody else gets the port, but not listening.
    let gone = tokio::net::TcpSocket::new_v4().unwrap();
    gone.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let gone_url = format!("http://{}", gone.local_addr().unwrap());

    let urls = [
        &gone_url,
        new.url(),
        future.url(),
        old.url(),
        other.url(),
        newer_outlets.url(),
        newer_minor.url(),
    ];
    let mut arguments: Vec<&str> = urls.iter().flat_map(|url| ["--url", url]).collect();
    arguments.extend(["--switch", "2"]);
    let (code, stdout, stderr) = run(&arguments).await;
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    assert!(!stdout.contains(PASSWORD));
    insta::assert_snapshot!(without_ports(&stdout));

    // Those that are understood were switched, each through its own bindings.
    let is_on = |device: &Running| {
        let state = device.device().outlet_state(1).unwrap();
        state.power == Power::On
    };
    assert!(!is_on(&new) && !is_on(&newer_minor));
    assert_eq!(relays.get(1), Some(PowerState::PsOff));
    // The others were only asked what they are; nothing else was sent.
    for stranger in [&future, &other] {
        assert!(is_on(stranger));
        assert!(stranger.device().latest_events().is_empty());
        insta::assert_snapshot!("only_the_question", log(stranger));
    }
    // Here the PDU is understood and its outlets are not, so no call goes to an outlet.
    assert!(is_on(&newer_outlets));
    assert!(newer_outlets.device().latest_events().is_empty());
    assert!(!log(&newer_outlets).contains("/outlet"));
}

/// What came to a device, one request a line. The ids count up over all devices, in no certain order.
fn log(device: &Running) -> String {
    let line = |seen: xerus_sim::Recorded| {
        let (body, _) = seen.body.rsplit_once(r#","id":"#).unwrap();
        format!("{} {body}", seen.rid)
    };
    let lines: Vec<_> = device.requests().into_iter().map(line).collect();
    lines.join("\n")
}

/// A device that refuses says why, and the program passes that on.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_by_name() {
    let device = new().start().await.unwrap();
    let agent = Agent::builder(device.url()).basic_auth("admin", PASSWORD);
    let pdu = v4::pdumodel::Pdu::at(&agent.build().unwrap(), "/model/pdu/0");
    let outlets = pdu.get_outlets().await.unwrap();
    let mut settings = outlets[0].get_settings().await.unwrap();
    settings.non_critical = true;
    outlets[0].set_settings(&settings).await.unwrap();
    pdu.set_load_shedding_active(true).await.unwrap();

    let (code, stdout, _) = run(&["--url", device.url(), "--switch", "1"]).await;
    assert_eq!(code, Some(1), "{stdout}");
    let line = stdout.lines().find(|line| line.contains("not switched"));
    let told = "the device refused: ERR_LOAD_SHEDDING_ACTIVE (2)";
    assert!(line.is_some_and(|line| line.contains(told)), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_devices_are_only_switched_when_asked() {
    let (new, (old, relays)) = (new().start().await.unwrap(), old().await);
    let (code, stdout, _) = run(&["--url", new.url(), "--url", old.url()]).await;
    assert_eq!(code, Some(0), "{stdout}");
    assert!(new.device().latest_events().is_empty());
    assert_eq!(relays.get(0), Some(PowerState::PsOn));
    let sent: String = old.requests().into_iter().map(|seen| seen.body).collect();
    assert!(!sent.contains("setPowerState"), "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_end_the_program_in_one_line() {
    let (code, stdout, stderr) = run(&["--url", "pdu.example.com"]).await;
    let line =
        "mixed-fleet: pdu.example.com: bad device URL: expected https://host or http://host\n";
    assert_eq!(
        (code, stdout.as_str(), stderr.as_str()),
        (Some(1), "", line)
    );
    let (code, stdout, stderr) = run(&["--switch", "none"]).await;
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("--switch <N>"), "{stderr}");
    let (code, stdout, _) = run(&["--help"]).await;
    assert_eq!(code, Some(0));
    assert!(stdout.contains("--at-once <N>"));
}
