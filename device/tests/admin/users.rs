//! Users: added, changed, renamed, deleted, and what the device says to it.

use xerus_api::usermgmt::{SnmpV3AuthProto, SnmpV3PrivProto, SnmpV3SecLevel};
use xerus_device::admin::{AdminError, PasswordRule, Refusal, SnmpV3, SshKeyFault, Users};
use xerus_rpc::Outcome;
use xerus_sim::{FACTORY_PASSWORD, FACTORY_USER, Firmware, Simulator};

use crate::{PASSWORD, agent, device};

#[tokio::test]
async fn a_user_comes_changes_and_goes() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        let users = Users::of(&admin);
        let new = users
            .create("olga", "olga's password")
            .full_name("Olga")
            .e_mail("olga@example.com")
            .roles(["Operator"]);
        new.await.unwrap();
        assert_eq!(users.roles_of("olga").await.unwrap(), ["Operator"]);
        let all = users.list().await.unwrap();
        let olga = all.iter().find(|account| account.name == "olga").unwrap();
        assert_eq!(olga.info.aux_info.fullname, "Olga", "{firmware}");
        assert!(olga.info.enabled, "{firmware}");

        let roles = ["Operator", "Viewer"];
        let changed = users.set_roles("olga", roles).await.unwrap();
        assert!(changed.sent, "{firmware}");
        let swapped = users
            .set_roles("olga", ["Viewer", "Operator", "Viewer"])
            .await;
        assert!(
            !swapped.unwrap().sent,
            "{firmware}: the order means nothing"
        );
        assert_eq!(device.calls().of("updateAccountFull").count(), 1);
        let unknown = users.set_roles("olga", ["Operator", "Pilot"]).await;
        assert!(
            matches!(&unknown, Err(AdminError::NoSuchRole(role)) if role == "Pilot"),
            "{unknown:?}"
        );

        let own = agent(&device, "olga", "olga's password");
        Users::of(&own)
            .set_own_password("another one of hers")
            .await
            .unwrap();
        assert!(
            Users::of(&own)
                .set_own_password("a third one")
                .await
                .is_err()
        );
        let own = agent(&device, "olga", "another one of hers");
        Users::of(&own)
            .set_own_password("a third one")
            .await
            .unwrap();

        let off = users.set_enabled("olga", false).verify().await.unwrap();
        assert!(off.sent && off.verified, "{firmware}");
        assert!(!users.set_enabled("olga", false).await.unwrap().sent);
        assert!(!users.get("olga").await.unwrap().enabled, "{firmware}");

        users.delete("olga").await.unwrap();
        let gone = users.get("olga").await.unwrap_err();
        assert_eq!(gone.refusal(), Some(&Refusal::NoSuchUser), "{firmware}");
        let gone = users.delete("olga").await.unwrap_err();
        assert_eq!(gone.refusal(), Some(&Refusal::NoSuchUser), "{firmware}");
        assert_eq!(gone.names(), ["ERR_USER_DOESNT_EXIST"], "{firmware}");
    }
}

#[tokio::test]
async fn users_get_other_names_where_the_firmware_can_do_that() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let users = Users::of(&admin);
        users.create("bob", "bob's password").await.unwrap();
        let renamed = users.rename("bob", "rob").await;
        if firmware == Firmware::V3_6_80 {
            assert!(
                matches!(renamed, Err(AdminError::NotThere(_))),
                "{renamed:?}"
            );
            assert!(users.get("bob").await.is_ok());
            continue;
        }
        renamed.unwrap();
        assert!(users.get("rob").await.is_ok());
        for (old, new, refusal) in [
            ("bob", "bert", Refusal::NoSuchUser),
            ("rob", "admin", Refusal::UserExists),
            ("rob", "a/b", Refusal::InvalidUserName),
            ("admin", "root", Refusal::UserNotDeletable),
        ] {
            let error = users.rename(old, new).await.unwrap_err();
            assert_eq!(error.refusal(), Some(&refusal), "{old} {new}");
        }
    }
}

#[tokio::test]
async fn the_device_says_what_is_wrong_with_a_new_user() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let users = Users::of(&admin);
        let password = Refusal::Password;
        for (name, secret, refusal) in [
            ("admin", "long enough", Refusal::UserExists),
            ("a:b", "long enough", Refusal::InvalidUserName),
            ("eve", "", password(PasswordRule::Empty)),
            ("eve", "short", password(PasswordRule::TooShort)),
            ("eve", &"x".repeat(100), password(PasswordRule::TooLong)),
            (
                "eve",
                "control\u{7}character",
                password(PasswordRule::ControlCharacters),
            ),
        ] {
            let error = users.create(name, secret).await.unwrap_err();
            assert_eq!(error.refusal(), Some(&refusal), "{firmware}: {name}");
            assert_eq!(error.outcome(), Outcome::Executed);
            assert!(!error.names().is_empty());
        }
        let key = users
            .create("eve", "long enough")
            .ssh_public_key("no key")
            .await;
        assert_eq!(
            key.unwrap_err().refusal(),
            Some(&Refusal::SshKey(SshKeyFault::Invalid))
        );
        assert_eq!(users.list().await.unwrap().len(), 1, "{firmware}");

        users.create("eve", "long enough").await.unwrap();
        for (secret, rule) in [
            ("long enough", PasswordRule::Unchanged),
            ("short", PasswordRule::TooShort),
        ] {
            let error = users.set_password("eve", secret).await.unwrap_err();
            assert_eq!(error.refusal(), Some(&password(rule)), "{firmware}");
        }
        let nobody = users.set_password("nobody", "long enough").await;
        assert_eq!(nobody.unwrap_err().refusal(), Some(&Refusal::NoSuchUser));
        let own = users.delete("admin").await.unwrap_err();
        assert_eq!(own.refusal(), Some(&Refusal::UserNotDeletable));
        assert_eq!(own.names(), ["ERR_USER_NOT_DELETABLE"]);
    }
}

#[tokio::test]
async fn snmp_v3_of_a_user_is_set_and_its_secrets_stay() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        let users = Users::of(&admin);
        let snmp = SnmpV3::encrypted(SnmpV3AuthProto::Sha1, SnmpV3PrivProto::Aes128)
            .auth_passphrase("authentication")
            .priv_passphrase("encryption");
        users
            .create("nms", "long enough")
            .snmp_v3(snmp)
            .await
            .unwrap();
        let info = users.get("nms").await.unwrap();
        let read = info.snmp_v3_settings;
        assert!(read.enabled && read.have_auth_passphrase && read.have_priv_passphrase);
        assert_eq!(read.sec_level, SnmpV3SecLevel::AuthPriv, "{firmware}");
        assert_eq!(read.auth_passphrase, "", "{firmware}: it is not told");

        // Another change keeps them.
        let change = users.change("nms", |info| info.aux_info.telephone = "1".to_owned());
        assert!(change.await.unwrap().sent);
        let read = users.get("nms").await.unwrap().snmp_v3_settings;
        assert!(
            read.have_auth_passphrase && read.have_priv_passphrase,
            "{firmware}"
        );

        let plain = SnmpV3::authenticated(SnmpV3AuthProto::Sha1);
        let _ = users.set_snmp_v3("nms", plain).await.unwrap();
        let read = users.get("nms").await.unwrap().snmp_v3_settings;
        assert!(read.use_password_as_auth_passphrase && !read.have_auth_passphrase);
        let _ = users.set_snmp_v3("nms", SnmpV3::disabled()).await.unwrap();
        assert!(!users.get("nms").await.unwrap().snmp_v3_settings.enabled);
        assert_eq!(
            device.calls().of("updateAccountFull").count(),
            3,
            "{firmware}"
        );
    }
}

#[tokio::test]
async fn whoever_may_not_is_told_so_and_nothing_happens() {
    let (device, admin) = device(Firmware::V4_4_1).await;
    let users = Users::of(&admin);
    users
        .create("guest", "long enough")
        .roles(["Viewer"])
        .await
        .unwrap();
    let guest = Users::of(&agent(&device, "guest", "long enough"));
    for error in [
        guest.list().await.unwrap_err(),
        guest.create("friend", "long enough").await.unwrap_err(),
        guest.delete("admin").await.unwrap_err(),
    ] {
        assert!(error.as_call().unwrap().is_permission_denied(), "{error}");
        assert!(error.refusal().is_none());
    }
    assert_eq!(users.list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_first_password_of_a_new_device_is_changed() {
    for firmware in Firmware::ALL {
        let device = Simulator::builder()
            .firmware(firmware)
            .factory()
            .start()
            .await
            .unwrap();
        let first = agent(&device, FACTORY_USER, FACTORY_PASSWORD);
        assert!(Users::of(&first).list().await.is_err(), "{firmware}");
        Users::of(&first)
            .set_password(FACTORY_USER, PASSWORD)
            .await
            .unwrap();
        let admin = agent(&device, FACTORY_USER, PASSWORD);
        assert_eq!(
            Users::of(&admin).list().await.unwrap().len(),
            1,
            "{firmware}"
        );
    }
}
