use super::*;

const NOW: Duration = Duration::from_secs(1_700_000_000);

fn zone(olson: &str) -> &'static Zone {
    ZONES.iter().find(|zone| zone.olson == olson).unwrap()
}

#[test]
fn clocks_change_when_they_do() {
    // The last second before and the first of daylight saving time, and of standard time again.
    for (olson, begin, end) in [
        // 2024-03-31 01:00 UTC, 2024-10-27 01:00 UTC
        ("Europe/Berlin", 1_711_846_800, 1_729_990_800),
        ("Europe/London", 1_711_846_800, 1_729_990_800),
        // 2024-03-10 10:00 UTC, 2024-11-03 09:00 UTC
        ("America/Los_Angeles", 1_710_064_800, 1_730_624_400),
        // 2024-03-10 07:00 UTC, 2024-11-03 06:00 UTC
        ("America/New_York", 1_710_054_000, 1_730_613_600),
    ] {
        let zone = zone(olson);
        let standard = zone.offset(begin - 1, true);
        assert_eq!(zone.offset(begin, true), standard + 3_600, "{olson}");
        assert_eq!(zone.offset(end - 1, true), standard + 3_600, "{olson}");
        assert_eq!(zone.offset(end, true), standard, "{olson}");
        assert_eq!(zone.offset(begin, false), standard, "{olson}");
    }
    // 2024-04-06 16:00 UTC and 2024-10-05 16:00 UTC
    let sydney = zone("Australia/Sydney");
    for (time, hours) in [
        (1_712_419_199, 11),
        (1_712_419_200, 10),
        (1_728_143_999, 10),
        (1_728_144_000, 11),
        // The first second of a year by local time.
        (1_735_649_999, 11),
        (1_735_650_000, 11),
    ] {
        assert_eq!(sydney.offset(time, true), hours * 3_600, "{time}");
    }
    assert_eq!(zone("Asia/Kolkata").offset(1_720_000_000, true), 19_800);
    for zone in ZONES {
        for time in [0, 1, i64::from(u32::MAX), 253_402_300_799] {
            assert!(zone.offset(time, true).abs() <= 14 * 3_600);
        }
    }
}

#[test]
fn the_clock_is_set_by_hand_and_goes_on() {
    let mut clock = DeviceClock::default();
    assert_eq!(clock.time(NOW), 1_700_000_000);
    let settings = ClockSettings {
        zone: 8,
        ..ClockSettings::default()
    };
    let change = clock.set(NOW, settings.clone(), 1_600_000_000).unwrap();
    assert!(change.settings);
    assert_eq!(change.time, Some((1_700_000_000, 1_600_000_000)));
    assert_eq!(clock.time(NOW + Duration::from_secs(9)), 1_600_000_009);
    // September in Berlin.
    assert_eq!(clock.utc_offset(NOW), 7_200);
    // The same again changes nothing, and NTP sets it right.
    let again = clock.set(NOW, settings.clone(), 1_600_000_000).unwrap();
    assert_eq!(again, ClockChange::default());
    let ntp = ClockSettings {
        source: TimeSource::Ntp,
        servers: [
            NtpServer {
                name: "ntp.example.com".to_owned(),
                key: 0,
            },
            NtpServer::default(),
        ],
        ..settings
    };
    assert_eq!(clock.active_servers(), [""; 0]);
    let change = clock.set(NOW, ntp, 5).unwrap();
    assert_eq!(change.time, Some((1_600_000_000, 1_700_000_000)));
    assert_eq!(clock.active_servers(), ["ntp.example.com"]);
}

#[test]
fn settings_that_are_not_possible_change_nothing() {
    let mut clock = DeviceClock::default();
    let usual = ClockSettings::default;
    let key = |kind, hex: &str| NtpKey {
        kind,
        hex: hex.to_owned(),
    };
    let with_key = |key| ClockSettings {
        keys: [(1, key)].into(),
        ..usual()
    };
    let mut unknown_key = usual();
    unknown_key.servers[0].key = 3;
    let mut blank = usual();
    blank.servers[1].name = "two words".to_owned();
    for (settings, time) in [
        (
            ClockSettings {
                zone: 16,
                ..usual()
            },
            1,
        ),
        (
            ClockSettings {
                zone: -1,
                ..usual()
            },
            1,
        ),
        (usual(), -1),
        (usual(), LAST + 1),
        (unknown_key, 1),
        (blank, 1),
        (with_key(key(NtpKeyKind::Sha256, "")), 1),
        (with_key(key(NtpKeyKind::Sha256, "abc")), 1),
        (with_key(key(NtpKeyKind::Sha512, "xy")), 1),
        (with_key(key(NtpKeyKind::Aes128Cmac, "00")), 1),
    ] {
        assert_eq!(clock.set(NOW, settings.clone(), time), None, "{settings:?}");
    }
    assert_eq!(clock.settings(), &usual());
    assert_eq!(clock.time(NOW), 1_700_000_000);
    let good = key(NtpKeyKind::Aes128Cmac, &"0f".repeat(16));
    assert!(!format!("{good:?}").contains("0f0f"));
    assert!(clock.set(NOW, with_key(good), 1_700_000_000).is_some());
}

#[test]
fn servers_are_judged_by_their_names() {
    let clock = DeviceClock::default();
    let good = NtpKey {
        kind: NtpKeyKind::Sha256,
        hex: "00ff".to_owned(),
    };
    for (name, key, by_hand, result) in [
        ("", 0, None, NtpCheck::InvalidArgument),
        ("ntp.example.com", 0, None, NtpCheck::Usable),
        ("ntp.invalid", 0, None, NtpCheck::NoAddress),
        ("192.0.2.7", 0, None, NtpCheck::NoResponse),
        ("ntp.example.com", 4, None, NtpCheck::KeyUnknown),
        ("ntp.example.com", 4, Some(&good), NtpCheck::Usable),
    ] {
        assert_eq!(clock.check_server(name, key, by_hand), result, "{name}");
    }
}
