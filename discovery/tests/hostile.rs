//! What anybody in a network can announce: made by hand, on the loopback interface of a network of its own.

#[path = "support/packet.rs"]
mod packet;
#[path = "support/shelter.rs"]
mod shelter;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use packet::{HYPHEN, Packet, UNDERSCORE};
use shelter::is_inside;
use xerus_discovery::{AddressDoubt, Blocking, Builder, Device, Discovery, Doubt, Error, Event};

/// Not that of multicast DNS: nobody else is there.
const PORT: u16 = 5454;

/// How long anything may take.
const LONG: Duration = Duration::from_secs(30);

fn builder() -> Builder {
    Discovery::builder().loopback().port(PORT).timeout(LONG)
}

fn start() -> Blocking {
    builder().start().expect("a start").into_iter()
}

/// Announces again and again, because the first may come before somebody listens.
struct Announcer {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Announcer {
    fn start(packets: Vec<Packet>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let work = move || {
            while !stopped.load(Ordering::Relaxed) {
                for packet in &packets {
                    packet.send(PORT);
                }
                thread::sleep(Duration::from_millis(50));
            }
        };
        Self {
            stop,
            thread: Some(thread::spawn(work)),
        }
    }
}

impl Drop for Announcer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the announcer ends");
        }
    }
}

/// The devices that were found, by name, when so many were.
fn found(discovery: &mut Blocking, count: usize) -> Vec<Device> {
    let mut devices: Vec<Device> = Vec::new();
    while devices.len() < count {
        match discovery.next().expect("no end").expect("no error") {
            Event::Found(device) => devices.push(device),
            Event::Changed { before, after, .. } => {
                devices.retain(|device| *device != before);
                devices.push(after);
            }
            other => panic!("{other:?}"),
        }
    }
    devices.sort_by(|a, b| a.name().cmp(b.name()));
    devices
}

#[test]
fn addresses_that_mislead_are_flagged_and_no_url() {
    if !is_inside("addresses_that_mislead_are_flagged_and_no_url") {
        return;
    }
    use AddressDoubt as D;
    let cases = [
        ("0.0.0.0", 443, Some(D::Unspecified)),
        ("224.0.0.251", 443, Some(D::Multicast)),
        ("255.255.255.255", 443, Some(D::Reserved)),
        ("127.0.0.5", 0, Some(D::PortZero)),
        ("192.0.2.1", 443, Some(D::OtherNetwork)),
        ("::", 443, Some(D::Unspecified)),
        ("ff02::1", 443, Some(D::Multicast)),
        ("::ffff:192.0.2.1", 443, Some(D::Mapped)),
        ("127.0.0.5", 443, None), // announced inside this computer, and asked for there
    ];
    let packets = cases.iter().enumerate().map(|(number, (ip, port, _))| {
        let (name, host) = (format!("PX4-{number}"), format!("pdu-{number}.local"));
        Packet::new()
            .name(&name, HYPHEN)
            .place(&name, HYPHEN, &host, *port)
            .txt(&name, HYPHEN, &[b"rr_fw=4.4.1"])
            .address(&host, ip)
    });
    let mut discovery = start();
    let _announcer = Announcer::start(packets.collect());
    let devices = found(&mut discovery, cases.len());
    for (device, (ip, port, doubt)) in devices.iter().zip(cases) {
        assert_eq!(device.address_doubt(), doubt, "{ip} {port}");
        assert_eq!(device.url().is_none(), doubt.is_some(), "{device:?}");
        assert_eq!(device.urls().count(), usize::from(doubt.is_none()));
        let is_flagged = device.doubts().contains(&Doubt::NoGoodAddress);
        assert_eq!(is_flagged, doubt.is_some(), "{device:?}");
        assert_eq!(device.addresses()[0].ip().to_string(), ip);
    }
}

#[test]
fn a_bad_address_beside_a_good_one_is_flagged() {
    if !is_inside("a_bad_address_beside_a_good_one_is_flagged") {
        return;
    }
    let host = "pdu.local";
    let packet = Packet::new()
        .device("PX4", host, 8443, "0.0.0.0")
        .address(host, "127.0.0.9");
    let mut discovery = start();
    let _announcer = Announcer::start(vec![packet.address(host, "::1")]);
    let device = loop {
        let device = found(&mut discovery, 1).remove(0);
        if device.addresses().len() == 3 {
            break device;
        }
    };
    let urls: Vec<_> = device.urls().collect();
    assert_eq!(urls, ["https://127.0.0.9:8443", "https://[::1]:8443"]);
    assert_eq!(device.doubts(), [Doubt::BadAddress]);
    assert_eq!(
        device.addresses()[2].doubt(),
        Some(AddressDoubt::Unspecified)
    );
}

#[test]
fn names_and_texts_are_safe_to_show() {
    if !is_inside("names_and_texts_are_safe_to_show") {
        return;
    }
    let label = "PX4\u{1b}[2J\u{202e}.local\u{7}";
    let text: &[&[u8]] = &[
        b"rr_fw=4.4\x1b[31m",
        b"rr_serial=\xff\xfe7",
        b"odd",
        b"=x",
        b"",
    ];
    let packet = Packet::new()
        .name(label, HYPHEN)
        .place(label, HYPHEN, "a\nb.local", 443)
        .txt(label, HYPHEN, text)
        .address("a\nb.local", "127.0.0.1");
    let mut discovery = start();
    let _announcer = Announcer::start(vec![packet]);
    let device = found(&mut discovery, 1).remove(0);
    assert_eq!(device.name(), "PX4\\u{1b}[2J\\u{202e}.local\\u{7}");
    assert_eq!(device.raw_name(), label);
    assert_eq!(device.host(), "a\\u{a}b.local");
    assert_eq!(device.firmware(), Some("4.4\\u{1b}[31m"));
    assert_eq!(device.serial(), Some("\u{fffd}\u{fffd}7"));
    assert_eq!(device.txt().get("rr_serial"), Some(&b"\xff\xfe7"[..]));
    assert!(device.txt().contains("odd"));
    assert!(device.doubts().contains(&Doubt::MisleadingName));
    let debug = format!("{device:?}");
    assert!(!debug.chars().any(char::is_control), "{debug}");
}

#[test]
fn entries_without_txt_are_told_and_those_without_a_place_are_not() {
    if !is_inside("entries_without_txt_are_told_and_those_without_a_place_are_not") {
        return;
    }
    let packets = vec![
        Packet::new().name("PX4 nowhere", HYPHEN),
        Packet::new().name("PX4 unresolved", HYPHEN).place(
            "PX4 unresolved",
            HYPHEN,
            "absent.local",
            443,
        ),
        Packet::new()
            .name("PRO4X bare", UNDERSCORE)
            .place("PRO4X bare", UNDERSCORE, "bare.local", 443)
            .address("bare.local", "127.0.0.1"),
    ];
    let discovery = builder()
        .timeout(Duration::from_secs(3))
        .start()
        .expect("a start");
    let _announcer = Announcer::start(packets);
    let events: Vec<_> = discovery
        .into_iter()
        .map(|event| event.expect("no error"))
        .collect();
    assert_eq!(events.len(), 1, "{events:?}");
    let device = events[0].device();
    assert_eq!(device.name(), "PRO4X bare");
    assert_eq!((device.firmware(), device.serial()), (None, None));
    assert_eq!(device.doubts(), [Doubt::NoTxt]);
    assert_eq!(device.url().as_deref(), Some("https://127.0.0.1"));
}

#[test]
fn a_farewell_is_told() {
    if !is_inside("a_farewell_is_told") {
        return;
    }
    let mut discovery = start();
    let announcer = Announcer::start(vec![Packet::new().device(
        "PX4",
        "pdu.local",
        443,
        "127.0.0.1",
    )]);
    let device = found(&mut discovery, 1).remove(0);
    drop(announcer);
    Packet::farewell()
        .device("PX4", "pdu.local", 443, "127.0.0.1")
        .send(PORT);
    let gone = discovery.find_map(|event| match event.expect("no error") {
        Event::Removed(device) => Some(device),
        _ => None,
    });
    assert_eq!(gone.expect("a farewell").name(), device.name());
}

/// 100 000 entries: the discovery ends with an error, soon and with bounded memory, and tells what it had before.
#[test]
fn a_flood_of_names_ends_the_discovery() {
    if !is_inside("a_flood_of_names_ends_the_discovery") {
        return;
    }
    let began = Instant::now();
    let discovery = builder().limit(500).start().expect("a start");
    let flood = thread::spawn(|| {
        for packet in 0..5_000 {
            let mut flood = Packet::new();
            for number in 0..20 {
                let name = format!("PX4-{packet}-{number}");
                flood = flood.device(&name, &format!("{name}.local"), 443, "127.0.0.1");
            }
            flood.send(PORT);
        }
    });
    let mut found = 0;
    let mut end = None;
    for item in discovery {
        match item {
            Ok(_) => found += 1,
            Err(error) => end = Some(error),
        }
    }
    flood.join().expect("the flood ends");
    assert!(found <= 1_000, "{found}");
    let end = end.expect("an error");
    assert!(
        matches!(end, Error::TooMany { limit: 500, .. } | Error::Overrun),
        "{end:?}"
    );
    assert!(end.to_string().contains("floods"), "{end}");
    assert!(began.elapsed() < LONG, "{:?}", began.elapsed());
}

/// Records that belong to no name are told to nobody, and must not fill the memory.
#[test]
fn a_flood_of_addresses_ends_the_discovery() {
    if !is_inside("a_flood_of_addresses_ends_the_discovery") {
        return;
    }
    let mut discovery = builder().limit(10).start().expect("a start").into_iter();
    let packets = (0..40).map(|packet| {
        (0..100).fold(Packet::new(), |flood, number| {
            flood.address(&format!("host-{packet}-{number}.local"), "127.0.0.1")
        })
    });
    let _announcer = Announcer::start(packets.collect());
    let end = discovery.next().expect("an item").expect_err("an error");
    assert!(matches!(end, Error::TooMany { .. }), "{end:?}");
    assert!(discovery.next().is_none());
}

#[test]
fn more_addresses_than_a_device_has_are_cut() {
    if !is_inside("more_addresses_than_a_device_has_are_cut") {
        return;
    }
    let device = Packet::new().device("PX4", "pdu.local", 443, "127.0.0.1");
    let many = (2..200).fold(device, |packet, last| {
        packet.address("pdu.local", &format!("127.0.0.{last}"))
    });
    let mut discovery = start();
    let _announcer = Announcer::start(vec![many]);
    let device = loop {
        let device = found(&mut discovery, 1).remove(0);
        if device.doubts().contains(&Doubt::TooManyAddresses) {
            break device;
        }
    };
    assert_eq!(device.addresses().len(), 32);
}

#[test]
fn noise_is_passed_over() {
    if !is_inside("noise_is_passed_over") {
        return;
    }
    let mut discovery = start();
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let noise = Packet::new().device("PX3", "noise.local", 443, "127.0.0.1");
    let bytes = noise.bytes();
    for position in 0..bytes.len() {
        let _ = socket.send_to(&bytes[..position], ("127.0.0.1", PORT));
        for flipped in [0x01, 0x80, 0xff] {
            let mut broken = bytes.clone();
            broken[position] ^= flipped;
            let _ = socket.send_to(&broken, ("127.0.0.1", PORT));
        }
    }
    // Whatever came of that, a device of another name is found.
    let whole = Packet::new().device("PX4", "pdu.local", 443, "127.0.0.1");
    let _announcer = Announcer::start(vec![whole]);
    let found = discovery.find(|event| {
        let device = event.as_ref().expect("no error").device();
        device.name() == "PX4" && device.host() == "pdu.local"
    });
    assert!(found.is_some());
}

#[test]
fn what_cannot_be_listened_to_is_said() {
    if !is_inside("what_cannot_be_listened_to_is_said") {
        return;
    }
    let error = Discovery::builder().start().expect_err("no network");
    assert!(matches!(error, Error::NoInterface), "{error:?}");
    let error = Discovery::builder()
        .interface("eth\u{1b}7")
        .start()
        .expect_err("no such interface");
    assert!(
        matches!(&error, Error::UnknownInterface { known, .. } if known == &["lo"]),
        "{error:?}"
    );
    assert!(error.to_string().contains("eth\\u{1b}7"), "{error}");
    let v4 = std::net::UdpSocket::bind(("0.0.0.0", PORT)).expect("a socket");
    // The socket of IPv6 takes the place of IPv4 as well, so one is enough for both.
    let v6 = std::net::UdpSocket::bind(("::", PORT));
    let error = builder().start();
    if v6.is_ok() {
        assert!(
            matches!(error, Err(Error::Port { port: PORT, .. })),
            "{error:?}"
        );
    }
    drop((v4, v6));
    assert!(builder().interface("lo").start().is_ok());
}
