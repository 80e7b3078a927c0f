use std::net::IpAddr;

use super::{Full, State};
use crate::address::{Address, Interface};
use crate::answer::Answer;
use crate::device::{Device, Doubt};
use crate::doubt::AddressDoubt;
use crate::event::Event;
use crate::service::ServiceType::{self, Hyphen, Underscore};
use crate::txt::Txt;

/// An announcement of a device at an address, with its serial number unless that is empty.
fn answer(service: ServiceType, host: &str, serial: &str, ip: &str) -> Answer {
    let ip: IpAddr = ip.parse().expect("an address");
    let serial = (!serial.is_empty()).then(|| serial.to_owned());
    let entry = serial
        .clone()
        .map(|serial| ("rr_serial".to_owned(), Some(serial.into())));
    Answer {
        service,
        name: format!("PX4 {host}"),
        host: host.to_owned(),
        port: 443,
        addresses: vec![Address::new(ip, 443, vec![Interface::new(2, "eth0")], &[])],
        has_more_addresses: false,
        serial,
        txt: Txt::new(entry),
    }
}

fn state() -> State {
    State::new(100)
}

fn found(state: &mut State) -> Device {
    match state.next() {
        Some(Event::Found(device)) => device,
        other => panic!("{other:?}"),
    }
}

fn changed(state: &mut State) -> (Device, Device) {
    match state.next() {
        Some(Event::Changed { before, after }) => (before, after),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_device_is_told_once_when_it_comes_changes_and_goes() {
    let mut state = state();
    let first = answer(Hyphen, "a.local", "1", "192.0.2.1");
    state.named(Hyphen, "a").expect("room");
    assert_eq!(state.next(), None, "a name alone is no device");
    state.resolved("a", first.clone()).expect("room");
    let device = found(&mut state);
    assert_eq!((device.serial(), device.doubts()), (Some("1"), &[][..]));
    state.resolved("a", first).expect("room");
    assert_eq!(state.next(), None, "nothing has changed");

    let moved = answer(Hyphen, "a.local", "1", "192.0.2.9");
    state.resolved("a", moved).expect("room");
    let (before, after) = changed(&mut state);
    assert_eq!(before, device);
    assert_eq!(after.url().as_deref(), Some("https://192.0.2.9"));

    state.removed(Hyphen, "a");
    assert_eq!(state.next(), Some(Event::Removed(after)));
    state.removed(Hyphen, "a");
    assert_eq!(state.next(), None);
}

#[test]
fn whoever_asks_late_is_told_the_latest() {
    let mut state = state();
    for last in 1..=200 {
        let ip = format!("192.0.2.{last}");
        let answer = answer(Hyphen, "a.local", "1", &ip);
        state.resolved("a", answer).expect("room");
    }
    assert_eq!(
        found(&mut state).url().as_deref(),
        Some("https://192.0.2.200")
    );
    assert_eq!(state.next(), None);

    // Gone and back is nothing, come and gone is nothing either.
    let late = answer(Hyphen, "late.local", "2", "192.0.2.2");
    state.resolved("late", late).expect("room");
    state.removed(Hyphen, "late");
    assert_eq!(state.next(), None);
    assert!(state.changed.is_empty() && state.devices.len() == 1);
}

#[test]
fn both_services_of_a_device_are_one_device() {
    for serial in ["1", ""] {
        let mut state = state();
        let of = |service| answer(service, "a.local", serial, "192.0.2.1");
        state.resolved("a", of(Underscore)).expect("room");
        state.resolved("a", of(Hyphen)).expect("room");
        assert_eq!(found(&mut state).services(), [Hyphen, Underscore]);
        assert_eq!(state.next(), None);

        state.removed(Underscore, "a");
        let (_, after) = changed(&mut state);
        assert_eq!(after.services(), [Hyphen]);
        state.removed(Hyphen, "a");
        assert!(matches!(state.next(), Some(Event::Removed(_))));
    }
}

#[test]
fn the_second_service_completes_the_first() {
    let mut state = state();
    let bare = answer(Underscore, "a.local", "", "192.0.2.1");
    state.resolved("a", bare).expect("room");
    assert_eq!(found(&mut state).doubts(), [Doubt::NoTxt]);
    let mut full = answer(Hyphen, "A.local", "1", "2001:db8::1");
    full.addresses
        .extend(answer(Hyphen, "", "", "192.0.2.1").addresses);
    state.resolved("a", full).expect("room");
    let (_, after) = changed(&mut state);
    assert_eq!((after.serial(), after.doubts()), (Some("1"), &[][..]));
    let urls: Vec<_> = after.urls().collect();
    assert_eq!(urls, ["https://192.0.2.1", "https://[2001:db8::1]"]);
}

/// Whoever repeats a serial number does not get addresses into the entry of the device.
#[test]
fn a_serial_number_that_two_hosts_claim_is_flagged() {
    let mut state = state();
    let honest = answer(Hyphen, "a.local", "1", "192.0.2.1");
    state.resolved("a", honest).expect("room");
    assert_eq!(found(&mut state).doubts(), []);
    let other = answer(Hyphen, "b.local", "1", "192.0.2.66");
    state.resolved("b", other).expect("room");
    let (mut both, mut doubts) = (Vec::new(), 0);
    while let Some(event) = state.next() {
        doubts += usize::from(event.device().doubts() == [Doubt::SerialTwice]);
        both.extend(event.device().url());
    }
    both.sort();
    assert_eq!(both, ["https://192.0.2.1", "https://192.0.2.66"]);
    assert_eq!(doubts, 2);

    // When one of them is gone the other is beyond doubt again.
    state.removed(Hyphen, "b");
    let events: Vec<_> = std::iter::from_fn(|| state.next()).collect();
    assert_eq!(events.len(), 2);
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Removed(_)))
    );
    assert!(
        events.iter().any(
            |event| matches!(event, Event::Changed { after, .. } if after.doubts().is_empty())
        )
    );
    assert_eq!(state.serials.len(), 1);
}

/// Two simulated devices on one computer, say.
#[test]
fn two_ports_of_a_host_are_two_devices() {
    for serial in ["1", ""] {
        let mut state = state();
        let one = answer(Hyphen, "a.local", serial, "192.0.2.1");
        let mut other = one.clone();
        other.port = 8443;
        state.resolved("a", one).expect("room");
        state.resolved("b", other).expect("room");
        let both = [found(&mut state), found(&mut state)];
        for device in both {
            let is_flagged = device.doubts().contains(&Doubt::SerialTwice);
            assert_eq!(is_flagged, !serial.is_empty(), "{device:?}");
        }
        assert_eq!(state.next(), None);
    }
}

#[test]
fn a_device_that_is_replaced_at_the_same_place_has_changed() {
    let mut state = state();
    let old = answer(Hyphen, "a.local", "1", "192.0.2.1");
    state.resolved("a", old).expect("room");
    found(&mut state);
    let new = answer(Hyphen, "a.local", "2", "192.0.2.1");
    state.resolved("a", new).expect("room");
    let (before, after) = changed(&mut state);
    assert_eq!((before.serial(), after.serial()), (Some("1"), Some("2")));
    assert_eq!(state.serials.len(), 1, "the old number is nobody's");
}

/// Two devices come at the same time under one name, and the services of the name are resolved to one and to the other. One of the
/// devices takes another name then, as it must.
#[test]
fn a_name_that_two_devices_took_is_of_one_in_the_end() {
    let at = |service, port| {
        let mut answer = answer(service, "a.local", "1", "192.0.2.1");
        answer.port = port;
        let ip = answer.addresses[0].ip();
        answer.addresses = vec![Address::new(ip, port, Vec::new(), &[])];
        answer
    };
    let name = "PX4 a";
    for first in [[8443, 443], [443, 8443], [8443, 8443]] {
        for is_told in [false, true] {
            let mut state = state();
            let mut listed = std::collections::BTreeMap::new();
            let mut tell = |state: &mut State| {
                while let Some(event) = state.next() {
                    let url = |device: &Device| device.url().expect("a good address");
                    match event {
                        Event::Found(device) => {
                            assert!(listed.insert(url(&device), device).is_none());
                        }
                        Event::Removed(device) => assert!(listed.remove(&url(&device)).is_some()),
                        Event::Changed { before, after } => {
                            assert!(listed.remove(&url(&before)).is_some());
                            assert!(listed.insert(url(&after), after).is_none());
                        }
                    }
                }
                listed.len()
            };
            for (service, port) in ServiceType::ALL.into_iter().zip(first) {
                state.resolved(name, at(service, port)).expect("room");
            }
            if is_told {
                tell(&mut state);
            }
            for service in ServiceType::ALL {
                state.resolved(name, at(service, 443)).expect("room");
                let second = at(service, 8443);
                state.resolved("PX4 a (2)", second).expect("room");
            }
            assert_eq!(tell(&mut state), 2, "{first:?}");
            assert_eq!(state.devices.len(), 2);
            for device in listed.values() {
                assert_eq!(device.services(), ServiceType::ALL);
                assert_eq!(device.doubts(), [Doubt::SerialTwice]);
            }
        }
    }
}

#[test]
fn names_are_counted_whether_they_are_resolved_or_not() {
    let mut state = State::new(3);
    state.named(Hyphen, "a").expect("room");
    let b = answer(Hyphen, "b.local", "", "192.0.2.2");
    state.resolved("b", b.clone()).expect("room");
    state.named(Underscore, "b").expect("another service");
    state.named(Hyphen, "a").expect("known");
    state.resolved("b", b).expect("known");
    assert_eq!(state.named(Hyphen, "c"), Err(Full));
    let c = answer(Hyphen, "c.local", "", "192.0.2.3");
    assert_eq!(state.resolved("c", c.clone()), Err(Full));
    state.removed(Hyphen, "a");
    state.resolved("c", c).expect("room again");
    assert_eq!(state.names.len(), 3);
}

#[test]
fn a_device_without_a_good_address_has_no_url() {
    let mut state = state();
    let bad = answer(Hyphen, "a.local", "1", "127.0.0.1");
    state.resolved("a", bad).expect("room");
    let device = found(&mut state);
    assert_eq!(device.url(), None);
    assert_eq!(device.doubts(), [Doubt::NoGoodAddress, Doubt::BadAddress]);
    assert_eq!(
        device.address_doubt().map(AddressDoubt::name),
        Some("loopback")
    );
}
