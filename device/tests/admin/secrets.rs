//! Passwords and other secrets are in no text of ours.

use std::fmt::Debug;

use xerus_api::usermgmt::{SnmpV3AuthProto, SnmpV3PrivProto};
use xerus_device::admin::{SnmpV3, Users};
use xerus_sim::{Fault, FaultRule, Firmware};

use crate::device;

const SECRETS: [&str; 3] = ["the secret one", "the secret two", "the secret three"];

#[track_caller]
fn hides(what: &impl Debug) {
    let text = format!("{what:?} {what:#?}");
    assert!(
        SECRETS.iter().all(|secret| !text.contains(secret)),
        "{text}"
    );
}

#[tokio::test]
async fn no_secret_is_in_a_text() {
    let (device, admin) = device(Firmware::V4_4_1).await;
    let users = Users::of(&admin);
    let snmp = || {
        SnmpV3::encrypted(SnmpV3AuthProto::Sha256, SnmpV3PrivProto::Aes256)
            .auth_passphrase(SECRETS[1])
            .priv_passphrase(SECRETS[2])
    };
    hides(&snmp());
    let new = users.create("eve", SECRETS[0]).snmp_v3(snmp());
    hides(&new);
    new.await.unwrap();
    let again = users
        .create("eve", SECRETS[0])
        .snmp_v3(snmp())
        .await
        .unwrap_err();
    hides(&again);
    assert!(!again.to_string().contains("secret one"));
    hides(&users.set_snmp_v3("eve", snmp()));
    let changed = users.set_snmp_v3("eve", snmp()).await.unwrap();
    hides(&changed);
    let text = changed.changed.to_string();
    assert!(changed.sent && !text.contains("secret"), "{text}");
    for fault in [Fault::HtmlPage, Fault::CloseAfterExecution, Fault::WrongId] {
        let rule = FaultRule::new(fault).method("setAccountPassword").times(1);
        device.faults().inject(rule);
        let error = users.set_password("eve", SECRETS[1]).await.unwrap_err();
        hides(&error);
        assert!(!error.to_string().contains(SECRETS[1]));
    }
}
