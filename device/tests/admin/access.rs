//! Rules of access.

use xerus_device::admin::{AccessRules, PasswordRule, Refusal, Users};
use xerus_sim::Firmware;

use crate::device;

#[tokio::test]
async fn lock_outs_are_read_and_changed_in_the_form_of_each_firmware() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        let rules = AccessRules::of(&admin);
        let sent = rules.change_lock_out(|rules| {
            (rules.failures, rules.block_minutes) = (3, 10);
            rules.memory_minutes = rules.memory_minutes.map(|_| 20);
        });
        assert!(sent.await.unwrap(), "{firmware}");
        let read = rules.lock_out().await.unwrap();
        assert_eq!((read.failures, read.block_minutes), (3, 10), "{firmware}");
        let memory = (firmware != Firmware::V3_6_80).then_some(20);
        assert_eq!(read.memory_minutes, memory, "{firmware}");
        let same = rules.change_lock_out(|rules| rules.failures = 3);
        assert!(!same.await.unwrap(), "{firmware}");
        assert_eq!(
            device.calls().of("setBlockSettings").count(),
            1,
            "{firmware}"
        );
        let bad = rules
            .change_lock_out(|rules| rules.block_minutes = -1)
            .await;
        let bad = bad.unwrap_err();
        assert_eq!(bad.refusal(), Some(&Refusal::InvalidValue), "{firmware}");
        assert_eq!(bad.names(), ["ERR_INVALID_VALUE"], "{firmware}");
    }
}

#[tokio::test]
async fn rules_for_passwords_count_from_then_on() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let rules = AccessRules::of(&admin);
        let changed = rules.change_passwords(|rules| {
            rules.enable_strong_req = true;
            rules.min_pw_length = 10;
            rules.enforce_numeric = true;
        });
        let changed = changed.verify().await.unwrap();
        assert!(changed.sent && changed.verified, "{firmware}");
        assert_eq!(rules.passwords().await.unwrap().min_pw_length, 10);
        let users = Users::of(&admin);
        for (password, rule) in [
            ("Short-1", PasswordRule::TooShort),
            ("LONG-ENOUGH-1", PasswordRule::NeedsLower),
            ("long-enough-1", PasswordRule::NeedsUpper),
            ("Long-enough", PasswordRule::NeedsDigit),
            ("Longenough1", PasswordRule::NeedsSpecial),
        ] {
            let error = users.create("eve", password).await.unwrap_err();
            assert_eq!(
                error.refusal(),
                Some(&Refusal::Password(rule)),
                "{firmware}"
            );
        }
        users.create("eve", "Long-enough-1").await.unwrap();
        users.set_password("eve", "Long-enough-2").await.unwrap();
        let before = users
            .set_password("eve", "Long-enough-1")
            .await
            .unwrap_err();
        let used = Refusal::Password(PasswordRule::UsedBefore);
        assert_eq!(before.refusal(), Some(&used), "{firmware}");
        let bad = rules
            .change_passwords(|rules| rules.min_pw_length = 0)
            .await;
        assert_eq!(bad.unwrap_err().refusal(), Some(&Refusal::InvalidValue));
    }
}

#[tokio::test]
async fn rules_for_sessions_are_changed() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let rules = AccessRules::of(&admin);
        assert!(rules.set_idle_minutes(25).await.unwrap().sent, "{firmware}");
        assert!(
            !rules.set_idle_minutes(25).await.unwrap().sent,
            "{firmware}"
        );
        assert_eq!(rules.idle_minutes().await.unwrap(), 25, "{firmware}");
        let bad = rules.set_idle_minutes(0).await.unwrap_err();
        assert_eq!(bad.refusal(), Some(&Refusal::InvalidValue), "{firmware}");
        assert!(
            rules.set_single_login(true).await.unwrap().sent,
            "{firmware}"
        );
        assert!(rules.single_login().await.unwrap(), "{firmware}");
    }
}

#[tokio::test]
async fn the_text_that_users_agree_to_and_ssh_are_changed() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let rules = AccessRules::of(&admin);
        let changed = rules.change_service_agreement(|agreement| {
            agreement.enabled = true;
            agreement.banner = "Only for those who may.".to_owned();
        });
        assert!(changed.verify().await.unwrap().verified, "{firmware}");
        let agreement = rules.service_agreement().await.unwrap();
        assert_eq!(agreement.banner, "Only for those who may.", "{firmware}");
        let empty = rules
            .change_service_agreement(|agreement| agreement.banner.clear())
            .await;
        assert_eq!(empty.unwrap_err().refusal(), Some(&Refusal::InvalidValue));
        let ssh = rules
            .change_ssh(|ssh| ssh.allow_password_auth = false)
            .verify()
            .await;
        assert!(ssh.unwrap().verified, "{firmware}");
        assert!(
            !rules.ssh().await.unwrap().allow_password_auth,
            "{firmware}"
        );
    }
}
