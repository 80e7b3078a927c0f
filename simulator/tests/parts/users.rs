use std::time::Duration;

use xerus_api::pdumodel::Outlet;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::security::Security;
use xerus_api::sensors::{AccumulatingNumericSensor, NumericSensor};
use xerus_api::session::SessionManager;
use xerus_api::session::session_manager::CloseReason;
use xerus_api::usermgmt::role::{self, Privilege};
use xerus_api::usermgmt::{RoleManager, User, UserInfo, UserManager};
use xerus_rpc::Agent;
use xerus_sim::{Profile, Role, Simulator};

use crate::{agent, device, start};

const USERS: &str = "/auth/user";

/// A role that may switch some outlets, by their labels.
async fn switcher(agent: &Agent, labels: &[&str]) -> i32 {
    let roles = RoleManager::at(agent, "/auth/role");
    let info = role::Info {
        description: "switches some outlets".to_owned(),
        privileges: vec![Privilege {
            name: "switchOutlet".to_owned(),
            args: labels.iter().map(|&label| label.to_owned()).collect(),
            ..Privilege::default()
        }],
        ..role::Info::default()
    };
    let created = roles.create_role_full("switcher", &info).await;
    created.expect("no refusal");
    let roles = roles.get_all_roles().await.expect("roles");
    let role = roles.into_iter().find(|role| role.name == "switcher");
    role.expect("the role").id
}

#[tokio::test]
async fn a_role_decides_which_outlets_its_users_switch() {
    let (admin, device, _) = device(Profile::Px3ThreePhase).await;
    let role = switcher(&admin, &["3"]).await;
    let info = UserInfo {
        role_ids: vec![role],
        ..User::at(&admin, "/auth/user/admin")
            .get_info()
            .await
            .expect("a user")
    };
    let users = UserManager::at(&admin, USERS);
    let created = users
        .create_account_full("eve", "eve's password", &info)
        .await;
    created.expect("no refusal");

    let eve = agent(&device, "eve", "eve's password");
    let third = Outlet::at(&eve, "/model/outlet/2");
    let off = third.set_power_state(PowerState::PsOff).await;
    off.expect("she may");
    let fourth = Outlet::at(&eve, "/model/outlet/3");
    let refused = fourth.set_power_state(PowerState::PsOff).await.unwrap_err();
    assert!(refused.to_string().contains("-32001"), "{refused}");
    let settings = third.get_settings().await.expect("settings");
    assert!(third.set_settings(&settings).await.is_err());
    assert!(
        UserManager::at(&eve, USERS)
            .get_all_accounts()
            .await
            .is_err()
    );
    let own = User::at(&eve, "/auth/currentUser")
        .get_info_and_privileges()
        .await;
    let (info, privileges) = own.expect("her own");
    assert_eq!((info.role_ids, privileges.len()), (vec![role], 1));
}

#[tokio::test]
async fn users_come_change_and_go() {
    let (admin, device, _) = device(Profile::Px3ThreePhase).await;
    let users = UserManager::at(&admin, USERS);
    let short = users.create_account("bob", "short").code().await;
    assert_eq!(short.expect("a code"), UserManager::ERR_PASSWORD_TOO_SHORT);
    users
        .create_account("bob", "bob's password")
        .await
        .expect("no refusal");
    let user = User::at(&admin, "/auth/user/bob");
    let mut info = user.get_info().await.expect("a user");
    info.aux_info.fullname = "Robert".to_owned();
    info.snmp_v3_settings.have_auth_passphrase = true;
    info.snmp_v3_settings.auth_passphrase = "a long secret".to_owned();
    user.update_account_full("", &info)
        .await
        .expect("no refusal");
    let info = user.get_info().await.expect("a user");
    assert_eq!(info.aux_info.fullname, "Robert");
    assert!(info.snmp_v3_settings.have_auth_passphrase);
    assert_eq!(
        info.snmp_v3_settings.auth_passphrase, "",
        "secrets are not told"
    );
    let same = user.set_account_password("bob's password").code().await;
    assert_eq!(same.expect("a code"), User::ERR_PASSWORD_UNCHANGED);

    users
        .rename_account("bob", "rob")
        .await
        .expect("no refusal");
    assert!(user.get_info().await.is_err(), "the old name is gone");
    let rob = agent(&device, "rob", "bob's password");
    let info = User::at(&rob, "/auth/currentUser").get_info().await;
    assert_eq!(info.expect("himself").aux_info.fullname, "Robert");
    let names = users.get_account_names().await.expect("names");
    assert_eq!(names, ["admin", "rob"]);
    let kept = users.delete_account("admin").code().await;
    assert_eq!(kept.expect("a code"), UserManager::ERR_USER_NOT_DELETABLE);
    users.delete_account("rob").await.expect("no refusal");
    assert!(
        User::at(&rob, "/auth/currentUser")
            .get_info()
            .await
            .is_err()
    );
}

#[tokio::test]
async fn wrong_passwords_lock_a_user_out_for_a_time() {
    let (admin, device, clock) = device(Profile::Px3ThreePhase).await;
    device.device().accounts().set("eve", "right", Role::Viewer);
    let security = Security::at(&admin, "/security");
    let mut settings = security.get_block_settings().await.expect("settings");
    settings.max_failed_logins = 3;
    settings.block_timeout = 10;
    settings.failed_login_timeout = 60;
    security
        .set_block_settings(&settings)
        .await
        .expect("no refusal");

    let outlet = |password| Outlet::at(&agent(&device, "eve", password), "/model/outlet/0");
    for _ in 0..3 {
        assert!(outlet("wrong").get_state().await.is_err());
    }
    assert!(outlet("right").get_state().await.is_err(), "she is blocked");
    clock.advance(Duration::from_secs(600));
    outlet("right").get_state().await.expect("she may again");
}

#[tokio::test]
async fn sessions_follow_the_rules_of_the_device() {
    let (admin, _device, clock) = device(Profile::Px3ThreePhase).await;
    let security = Security::at(&admin, "/security");
    security
        .set_single_login_limitation(true)
        .await
        .expect("set");
    security
        .set_idle_timeout_settings(1)
        .await
        .expect("no refusal");
    let manager = SessionManager::at(&admin, "/session");
    let (session, _token) = manager.new_session().await.expect("a session");
    assert_eq!(session.timeout, 60);
    let (code, ..) = manager.new_session().code().await.expect("a code");
    assert_eq!(code, SessionManager::ERR_ACTIVE_SESSION_EXCLUSIVE_FOR_USER);
    clock.advance(Duration::from_secs(60));
    assert!(manager.get_sessions().await.expect("sessions").is_empty());

    let (session, _token) = manager.new_session().await.expect("another session");
    manager
        .close_session(session.session_id, CloseReason::CloseReasonForcedDisconnect)
        .await
        .expect("closed");
    assert!(manager.get_sessions().await.expect("sessions").is_empty());
    let history = manager.get_session_history().await.expect("a history");
    assert_eq!(history.len(), 2);
}

#[tokio::test]
async fn an_operator_switches_and_does_not_administrate() {
    let builder = Simulator::builder().account("olga", "olga", Role::Operator);
    let device = start(builder).await;
    let olga = agent(&device, "olga", "olga");
    let outlet = Outlet::at(&olga, "/model/outlet/0");
    outlet.cycle_power_state().await.expect("she may");
    let created = UserManager::at(&olga, USERS).create_account("bob", "bob's password");
    assert!(created.await.is_err());
}

/// Who may set thresholds may reset what the sensor remembers, too; who may look, neither.
#[tokio::test]
async fn operators_reset_sensors() {
    let builder = Simulator::builder()
        .account("olga", "olga", Role::Operator)
        .account("vera", "vera", Role::Viewer);
    let device = builder.in_process();
    for (user, may) in [("olga", true), ("vera", false)] {
        let agent = device.agent_as(user);
        let energy = AccumulatingNumericSensor::at(&agent, "/model/pdu/0/outlet/0/activeEnergy");
        let voltage = NumericSensor::at(&agent, "/model/pdu/0/inlet/0/voltage");
        let thresholds = voltage.get_thresholds().await.expect("thresholds");
        assert_eq!(energy.reset_value().await.is_ok(), may, "{user}");
        assert_eq!(voltage.reset_min_max().await.is_ok(), may, "{user}");
        assert_eq!(
            voltage.set_thresholds(&thresholds).await.is_ok(),
            may,
            "{user}"
        );
    }
}
