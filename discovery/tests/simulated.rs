//! Simulated devices are found, change and go, on the loopback interface of a network of their own.

#[path = "support/shelter.rs"]
mod shelter;

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use futures_core::Stream as _;

use shelter::is_inside;
use xerus_discovery::{Device, Discovery, Error, Event, ServiceType};
use xerus_rpc::Agent;
use xerus_sim::{Announce, Firmware, MakeUp, Running, Simulator};

/// How long anything may take.
const LONG: Duration = Duration::from_secs(20);

async fn next(discovery: &mut Discovery) -> Option<Result<Event, Error>> {
    let next = tokio::time::timeout(LONG, discovery.next());
    next.await.expect("in time")
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
    let agent = Agent::builder(found.url().expect("a URL"))
        .pin_certificate_sha256(print.to_string())
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

/// As an iterator, as a list, and as a stream that a waker of one's own drives: each ends with its time.
#[test]
fn no_async_runtime_is_needed() {
    if !is_inside("no_async_runtime_is_needed") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let simulated = runtime.block_on(device(&Announce::new()));
    // Whoever announces itself asks first whether somebody else has its name; after that it answers at once.
    let mut first = Discovery::builder()
        .loopback()
        .endless()
        .start()
        .expect("a start");
    runtime.block_on(until(&mut first, whole));
    drop(first);
    let start = || {
        let builder = Discovery::builder()
            .loopback()
            .timeout(Duration::from_secs(3));
        (Instant::now(), builder.start().expect("a start"))
    };
    let in_time = |began: Instant| {
        let took = began.elapsed();
        assert!(took >= Duration::from_secs(3) && took < LONG, "{took:?}");
    };

    let (began, discovery) = start();
    let events: Vec<_> = discovery.into_iter().collect();
    assert!(
        matches!(&events[0], Ok(Event::Found(found)) if found.firmware().is_some()),
        "{events:?}"
    );
    in_time(began);

    let (began, discovery) = start();
    let devices = discovery.into_iter().devices().expect("no error");
    let urls: Vec<_> = devices.iter().flat_map(Device::urls).collect();
    assert_eq!(urls, [simulated.url()]);
    in_time(began);

    let (began, discovery) = start();
    let mut stream = pin!(discovery);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut count = 0;
    loop {
        match stream.as_mut().poll_next(&mut context) {
            Poll::Ready(Some(event)) => count += usize::from(event.is_ok()),
            Poll::Ready(None) => break,
            Poll::Pending => thread::park_timeout(LONG),
        }
    }
    assert!(count >= 1);
    in_time(began);
    drop(simulated);
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// It goes wherever a program wants to have it.
#[test]
fn a_discovery_may_be_sent_to_other_threads() {
    fn assert_sent<T: Send + Sync + Unpin + 'static>(_: fn() -> T) {}
    assert_sent::<Discovery>(|| unreachable!());
    assert_sent::<xerus_discovery::Blocking>(|| unreachable!());
    assert_sent::<Event>(|| unreachable!());
    let error = Discovery::builder()
        .interface("absent0")
        .start()
        .expect_err("no such interface");
    let sent = thread::spawn(move || error.to_string())
        .join()
        .expect("no panic");
    assert!(sent.contains("absent0"), "{sent}");
}

/// An endless discovery that is dropped gives back its thread and its sockets.
#[test]
fn a_discovery_that_is_dropped_ends() {
    if !is_inside("a_discovery_that_is_dropped_ends") {
        return;
    }
    let threads = || std::fs::read_dir("/proc/self/task").expect("Linux").count();
    let before = threads();
    for _ in 0..5 {
        drop(
            Discovery::builder()
                .loopback()
                .endless()
                .start()
                .expect("a start"),
        );
    }
    let began = Instant::now();
    while threads() > before {
        assert!(began.elapsed() < LONG, "{} threads", threads());
        thread::sleep(Duration::from_millis(10));
    }
}
