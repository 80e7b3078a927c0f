//! Answers that are lost, and changes of somebody else.

use xerus_device::admin::{Roles, Users};
use xerus_rpc::Outcome;
use xerus_sim::{Fault, FaultRule, Firmware};

use crate::device;

#[tokio::test]
async fn after_a_lost_answer_nothing_is_claimed_and_nothing_is_sent_again() {
    for firmware in Firmware::ALL {
        for fault in [
            Fault::CloseAfterExecution,
            Fault::TruncateBody,
            Fault::EmptyBody,
        ] {
            let (device, admin) = device(firmware).await;
            let (users, roles) = (Users::of(&admin), Roles::of(&admin));
            let lose = |method: &str| {
                let rule = FaultRule::new(fault.clone()).method(method).times(1);
                device.faults().inject(rule);
            };
            lose("createAccountFull");
            let error = users.create("eve", "long enough").await.unwrap_err();
            assert_ne!(
                error.outcome(),
                Outcome::NotExecuted,
                "{firmware}, {fault:?}"
            );
            assert!(error.refusal().is_none(), "{firmware}, {fault:?}");
            assert_eq!(device.calls().of("createAccountFull").count(), 1);
            assert!(
                users.get("eve").await.is_ok(),
                "{firmware}: it was executed"
            );

            lose("updateAccountFull");
            let error = users.set_enabled("eve", false).await.unwrap_err();
            assert_ne!(
                error.outcome(),
                Outcome::NotExecuted,
                "{firmware}, {fault:?}"
            );
            assert_eq!(device.calls().of("updateAccountFull").count(), 1);
            lose("setAccountPassword");
            let error = users.set_password("eve", "another one").await.unwrap_err();
            assert_ne!(
                error.outcome(),
                Outcome::NotExecuted,
                "{firmware}, {fault:?}"
            );
            lose("deleteAccount");
            assert!(users.delete("eve").await.is_err());
            assert_eq!(device.calls().of("deleteAccount").count(), 1, "{firmware}");
            lose("createRoleFull");
            let error = roles.create("Lab", "", []).await.unwrap_err();
            assert_ne!(
                error.outcome(),
                Outcome::NotExecuted,
                "{firmware}, {fault:?}"
            );
            assert_eq!(device.calls().of("createRoleFull").count(), 1);
        }
    }
}

#[tokio::test]
async fn what_did_not_leave_was_not_executed() {
    let (device, admin) = device(Firmware::V4_4_1).await;
    let users = Users::of(&admin);
    drop(device);
    let error = users.create("eve", "long enough").await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotExecuted, "{error}");
}

#[tokio::test]
async fn a_change_of_somebody_else_is_not_written_over() {
    let (device, admin) = device(Firmware::V4_4_1).await;
    let users = Users::of(&admin);
    users.create("eve", "long enough").await.unwrap();
    let change = users.change("eve", |info| {
        // Meanwhile, somebody else.
        assert!(device.device().accounts().demand_password_change("eve"));
        info.aux_info.fullname = "Eve".to_owned();
    });
    let error = change.await.unwrap_err();
    assert_eq!(error.code(), "Update.Conflict", "{error}");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!(users.get("eve").await.unwrap().aux_info.fullname, "");
    assert_eq!(device.calls().of("updateAccountFull").count(), 0);
}
