//! Simulated devices are found, change and go, on the loopback interface of a network of their own.

#[path = "support/shelter.rs"]
mod shelter;

use std::future::poll_fn;
use std::pin::Pin;
use std::time::{Duration, Instant};

use shelter::is_inside;
use xerus_discovery::{Device, Discovery, Error, Event, ServiceType};
use xerus_rpc::Agent;
use xerus_sim::{Announce, Firmware, MakeUp, Running, Simulator};

/// How long anything may take.
const LONG: Duration = Duration::from_secs(20);

async fn next(discovery: &mut Discovery) -> Option<Result<Event, Error>> {
    use futures_core::Stream as _;
    let next = poll_fn(|context| Pin::new(&mut *discovery).poll_next(context));
    tokio::time::timeout(LONG, next).await.expect("in time")
}

async fn until<T>(discovery: &mut Discovery, wanted: impl Fn(Event) -> Option<T>) -> T {
    loop {
        let event = next(discovery).await.expect("no end").expect("no error");
        if let Some(found) = wanted(event) {
            return found;
        }
    }
}

/// A device as it is when both its announcements have come.
fn whole(event: Event) -> Option<Device> {
    match event {
        Event::Found(device) | Event::Changed { after: device, .. } => {
            (device.services().len() == 2).then_some(device)
        }
        _ => None,
    }
}

async fn device(announce: &Announce) -> Running {
    let simulator = Simulator::builder().https(true).announce(announce.clone());
    simulator.start().await.expect("a device")
}

#[tokio::test]
async fn a_device_comes_changes_its_firmware_and_goes() {
    if !is_inside("a_device_comes_changes_its_firmware_and_goes") {
        return;
    }
    let simulated = device(&Announce::new()).await;
    let mut discovery = Discovery::builder()
        .loopback()
        .endless()
        .start()
        .expect("a start");
    let found = until(&mut discovery, whole).await;
    assert_eq!(found.name(), "SIM-8 SIM0000001");
    assert_eq!(found.host(), "sim-8-sim0000001.local");
    assert_eq!(found.serial(), Some("SIM0000001"));
    assert_eq!(found.firmware(), Some("4.4.1.5-53217"));
    assert_eq!(found.services(), ServiceType::ALL);
    assert_eq!(found.doubts(), []);
    assert_eq!(found.url().as_deref(), Some(simulated.url()));
    assert_eq!(found.addresses()[0].socket_addr(), simulated.address());
    assert_eq!(found.txt().get("RR_FW"), Some(&b"4.4.1.5-53217"[..]));

    // The URL is what an agent takes.
    let print = simulated.certificate_sha256().expect("a certificate");
    let agent = Agent::builder(&found.url().expect("a URL"))
        .pin_certificate_sha256(&print.to_string())
        .build()
        .expect("an agent");
    let rid = "/firmware";
    let version = agent
        .call(rid, "getVersion", xerus_rpc::Json::EMPTY_OBJECT)
        .await;
    let version = version.expect("an answer").to_string();
    assert!(
        version.contains(found.firmware().expect("a version")),
        "{version}"
    );

    simulated.device().install_firmware(Firmware::V4_0_20);
    let after = until(&mut discovery, |event| match event {
        Event::Changed { after, .. } if after.firmware() == Some("4.0.20.5-49038") => Some(after),
        _ => None,
    });
    assert_eq!(after.await.serial(), found.serial());

    let dropped = Instant::now();
    drop(simulated);
    assert!(
        dropped.elapsed() < Duration::from_secs(2),
        "{:?}",
        dropped.elapsed()
    );
    let gone = until(&mut discovery, |event| match event {
        Event::Removed(device) => Some(device),
        _ => None,
    });
    assert_eq!(gone.await.name(), found.name());
}

#[tokio::test]
async fn many_devices_share_a_responder_and_go_one_by_one() {
    if !is_inside("many_devices_share_a_responder_and_go_one_by_one") {
        return;
    }
    let announce = Announce::new();
    let mut devices = Vec::new();
    for number in 0..12 {
        let named = announce.clone().name(format!("PX4-{number}"));
        let mut make_up = MakeUp::default();
        make_up.serial = format!("SIM{number}");
        let simulator = Simulator::builder().make_up(make_up).https(true);
        let device = simulator.announce(named).start().await;
        devices.push(device.expect("a device"));
    }
    let mut discovery = Discovery::builder()
        .loopback()
        .endless()
        .products(["PX4-1"])
        .start()
        .expect("a start");
    let mut found = Vec::new();
    while found.len() < 3 {
        let device = until(&mut discovery, whole).await;
        if !found.contains(&device.name().to_owned()) {
            found.push(device.name().to_owned());
        }
    }
    found.sort();
    assert_eq!(found, ["PX4-1", "PX4-10", "PX4-11"]);
    devices.remove(10);
    let gone = until(&mut discovery, |event| match event {
        Event::Removed(device) => Some(device),
        _ => None,
    });
    assert_eq!(gone.await.name(), "PX4-10");
}

/// The tasks of tokio are not needed: a blocking iterator, and the end of its time.
#[test]
fn a_blocking_iterator_ends_with_its_time() {
    if !is_inside("a_blocking_iterator_ends_with_its_time") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let simulated = runtime.block_on(device(&Announce::new()));
    let began = Instant::now();
    let discovery = Discovery::builder()
        .loopback()
        .timeout(Duration::from_secs(3))
        .start();
    let found: Vec<_> = discovery
        .expect("a start")
        .into_iter()
        .map(|event| event.expect("no error"))
        .collect();
    assert!(began.elapsed() >= Duration::from_secs(3) && began.elapsed() < LONG);
    assert!(
        matches!(&found[0], Event::Found(device) if device.firmware().is_some()),
        "{found:?}"
    );
    drop(simulated);
}
