//! The vendor's Python client looks for devices in the local network, and finds the simulated one that we find.

#[path = "../../../discovery/tests/support/shelter.rs"]
mod shelter;

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use peer_tests::python;
use shelter::is_inside;
use tokio::process::Command;
use xerus_discovery::{Discovery, Event};
use xerus_sim::{Announce, MakeUp, Simulator};

/// What the client prints last: address, port and firmware of each device, one a line.
const PROGRAM: &str = "
from raritan import zeroconf
for pdu in zeroconf.discover():
    print('found', pdu['ip'], pdu['port'], pdu['fw'])
";

#[tokio::test]
async fn the_vendors_client_finds_what_we_find() {
    let Some(python) = python("4.4.1.53217") else {
        return;
    };
    if !is_inside("the_vendors_client_finds_what_we_find") {
        return;
    }
    // It shows product lines that it knows, by what names begin with.
    let mut make_up = MakeUp::default();
    make_up.model = "PX3-5190R".to_owned();
    let device = Simulator::builder()
        .make_up(make_up)
        .https(true)
        .announce(Announce::new())
        .start()
        .await
        .expect("a device");

    let mut discovery = Discovery::builder()
        .loopback()
        .endless()
        .start()
        .expect("a network");
    let ours = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            match discovery.next().await.expect("no end").expect("no error") {
                Event::Found(found) | Event::Changed { after: found, .. }
                    if found.url().is_some() =>
                {
                    return found;
                }
                _ => {}
            }
        }
    });
    let ours = ours.await.expect("a device");
    assert_eq!(ours.url().as_deref(), Some(device.url()));

    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers/zeroconf");
    let mut client = Command::new(python);
    client
        .args(["-c", PROGRAM])
        .env("PYTHONPATH", library)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_secs(60), client.output());
    let output = output.await.expect("it ends").expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let found: Vec<_> = said
        .lines()
        .filter(|line| line.starts_with("found"))
        .collect();
    let port = device.url().rsplit(':').next().expect("a port");
    let expected = format!(
        "found 127.0.0.1 {port} {}",
        ours.firmware().expect("a firmware")
    );
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(found, [expected.as_str()], "{said}{told}");
}
