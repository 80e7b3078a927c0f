//! Clock, time zone and NTP servers.

use std::time::Duration;

use xerus_api::datetime::date_time::{NtpAuthKey, NtpAuthKeyType, Protocol};
use xerus_device::admin::{AdminError, Clock, NtpFault, Refusal};
use xerus_rpc::Time;
use xerus_sim::Firmware;

use crate::device;

#[tokio::test]
async fn the_clock_is_read_set_and_compared_with_ours() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let clock = Clock::of(&admin);
        let read = clock.read().await.unwrap();
        assert!(
            !read.drift.exceeds(Duration::from_secs(1)),
            "{firmware}: {}",
            read.drift
        );
        let past = Time::from_unix_seconds(1_000_000_000);
        let set = clock.set_time(past).await.unwrap();
        assert!(
            set.sent && set.after.protocol == Protocol::Static,
            "{firmware}"
        );
        let read = clock.read().await.unwrap();
        assert!(
            read.drift.exceeds(Duration::from_secs(86_400)),
            "{firmware}"
        );
        assert!(read.drift.seconds < 0.0 && read.time >= past, "{firmware}");
        clock.set_time(Time::now()).await.unwrap();
        let read = clock.read().await.unwrap();
        assert!(
            !read.drift.exceeds(Duration::from_secs(2)),
            "{firmware}: {}",
            read.drift
        );
    }
}

#[tokio::test]
async fn a_zone_is_chosen_by_name_and_the_time_goes_on() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        let clock = Clock::of(&admin);
        let set = clock.set_zone("Europe/Berlin").await.unwrap();
        assert!(set.sent, "{firmware}");
        let read = clock.read().await.unwrap();
        assert_eq!(read.zone.name, "Europe/Berlin", "{firmware}");
        assert!(
            !read.drift.exceeds(Duration::from_secs(2)),
            "{firmware}: {}",
            read.drift
        );
        let again = clock.set_zone("Europe/Berlin").await.unwrap();
        assert!(!again.sent, "{firmware}");
        assert_eq!(device.calls().of("setCfg").count(), 1, "{firmware}");
        let none = clock.set_zone("Moon/Tranquility").await;
        assert!(
            matches!(none, Err(AdminError::NoSuchZone(_))),
            "{firmware}: {none:?}"
        );
        let zones = clock.zones().await.unwrap();
        assert!(zones.iter().any(|zone| zone.name == "Europe/Berlin"));
    }
}

#[tokio::test]
async fn ntp_servers_are_set_and_checked() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let clock = Clock::of(&admin);
        let servers = ["ntp.example.com", "10.0.0.1"];
        assert!(clock.use_ntp(servers).await.unwrap().sent, "{firmware}");
        assert_eq!(
            clock.active_ntp_servers().await.unwrap(),
            servers,
            "{firmware}"
        );
        assert_eq!(clock.settings().await.unwrap().protocol, Protocol::Ntp);
        assert!(!clock.use_ntp(servers).await.unwrap().sent, "{firmware}");
        let many = clock.use_ntp(["a", "b", "c"]).await;
        assert!(
            matches!(many, Err(AdminError::TooManyServers)),
            "{firmware}"
        );

        clock.check_ntp_server("ntp.example.com").await.unwrap();
        let bad = clock.check_ntp_server("nowhere.invalid").await.unwrap_err();
        match firmware {
            Firmware::V4_4_1 => assert_eq!(
                bad.refusal(),
                Some(&Refusal::NtpServer(NtpFault::NoAddress))
            ),
            _ => assert!(
                matches!(bad, AdminError::NtpUnusable(NtpFault::Unsaid)),
                "{firmware}: {bad:?}"
            ),
        }
    }
}

#[tokio::test]
async fn keys_stay_when_something_else_is_changed() {
    let (_device, admin) = device(Firmware::V4_4_1).await;
    let clock = Clock::of(&admin);
    let key = NtpAuthKey {
        r#type: NtpAuthKeyType::Sha256,
        data_hex: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff".to_owned(),
        ..NtpAuthKey::default()
    };
    let stored = clock.change(|cfg| {
        cfg.protocol = Protocol::Ntp;
        cfg.ntp_cfg.server1 = "ntp.example.com".to_owned();
        cfg.ntp_cfg.server1_auth_key_id = 7;
        cfg.ntp_cfg.auth_keys.insert(7, key);
    });
    let stored = stored.await.unwrap();
    assert!(stored.sent && !format!("{stored:?}").contains("0011"));
    clock
        .use_ntp(["ntp.example.com", "10.0.0.1"])
        .await
        .unwrap();
    let ntp = clock.settings().await.unwrap().ntp_cfg;
    assert_eq!((ntp.server1_auth_key_id, ntp.server2_auth_key_id), (7, 0));
    assert_eq!(ntp.auth_keys.len(), 1);
    let dry = clock
        .change(|cfg| cfg.ntp_cfg.auth_keys.clear())
        .dry_run()
        .await
        .unwrap();
    assert!(!dry.sent && dry.after.ntp_cfg.auth_keys.is_empty());
    assert_eq!(clock.settings().await.unwrap().ntp_cfg.auth_keys.len(), 1);
    let refused = clock.change(|cfg| cfg.zone_cfg.id = -5).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Refusal::Other));
}
