use super::*;

const NOW: Duration = Duration::from_secs(1_000);

fn is_role(id: i32) -> bool {
    id <= 3
}

fn users() -> Users {
    let mut users = Users::default();
    users.put("admin", "old password".to_owned(), UserInfo::default());
    assert!(users.lock("admin"));
    let eve = users.create(
        "eve",
        "eve's password".to_owned(),
        UserInfo::default(),
        is_role,
    );
    assert_eq!(eve, Ok(AccountChange::Added("eve".to_owned())));
    users
}

#[test]
fn a_user_signs_in_with_the_password_while_enabled() {
    let mut users = users();
    assert_eq!(users.login("eve", "eve's password", NOW), Login::Accepted);
    assert_eq!(users.login("eve", "another", NOW), Login::Refused);
    assert_eq!(users.login("mallory", "", NOW), Login::Refused);
    let info = UserInfo {
        enabled: false,
        ..UserInfo::default()
    };
    assert!(users.update("eve", String::new(), info, is_role).is_ok());
    assert_eq!(users.login("eve", "eve's password", NOW), Login::Refused);
}

#[test]
fn a_blocked_user_does_not_get_in_with_the_right_password_either() {
    let mut users = users();
    users.blocking = BlockRules {
        failures: 2,
        block: Duration::from_secs(60),
        memory: Duration::from_secs(60),
    };
    assert_eq!(users.login("eve", "x", NOW), Login::Refused);
    assert_eq!(users.login("eve", "x", NOW), Login::BlockedNow);
    assert_eq!(users.login("eve", "eve's password", NOW), Login::Blocked);
    assert!(users.is_blocked("eve", NOW) && !users.is_blocked("admin", NOW));
    let later = NOW + Duration::from_secs(60);
    assert_eq!(users.login("eve", "eve's password", later), Login::Accepted);
}

#[test]
fn a_new_password_ends_the_demand_for_one() {
    let mut users = users();
    assert!(users.demand_password_change("admin"));
    assert!(!users.demand_password_change("nobody"));
    let refused = users.set_password("admin", "short".to_owned());
    let too_short = AccountRefusal::Password(PasswordRefusal::TooShort);
    assert_eq!(refused, Err(too_short));
    assert!(users.get("admin").unwrap().info.must_change_password);
    let changed = users.set_password("admin", "new password".to_owned());
    assert_eq!(
        changed,
        Ok(AccountChange::PasswordChanged("admin".to_owned()))
    );
    assert!(!users.get("admin").unwrap().info.must_change_password);
    assert_eq!(users.login("admin", "old password", NOW), Login::Refused);
    assert_eq!(users.login("admin", "new password", NOW), Login::Accepted);
}

#[test]
fn former_passwords_are_refused_when_strong_ones_are_demanded() {
    let mut users = users();
    users.passwords.strong = true;
    for password in ["First-Password-1", "Second-Password-2"] {
        assert!(users.set_password("eve", password.to_owned()).is_ok());
    }
    let again = users.set_password("eve", "First-Password-1".to_owned());
    let in_history = AccountRefusal::Password(PasswordRefusal::InHistory);
    assert_eq!(again, Err(in_history));
}

#[test]
fn users_are_refused_for_a_reason() {
    let mut users = users();
    let with = |edit: fn(&mut UserInfo)| {
        let mut info = UserInfo::default();
        edit(&mut info);
        info
    };
    let (empty, short) = (PasswordRefusal::Empty, PasswordRefusal::TooShort);
    for (name, password, info, refusal) in [
        (
            "eve",
            "long enough",
            with(|_| ()),
            AccountRefusal::AlreadyExists,
        ),
        (
            "e:ve",
            "long enough",
            with(|_| ()),
            AccountRefusal::NameInvalid,
        ),
        ("bob", "", with(|_| ()), AccountRefusal::Password(empty)),
        (
            "bob",
            "short",
            with(|_| ()),
            AccountRefusal::Password(short),
        ),
        (
            "bob",
            "long enough",
            with(|info| info.roles = vec![4]),
            AccountRefusal::Invalid,
        ),
        (
            "bob",
            "long enough",
            with(|info| info.snmp.level = 3),
            AccountRefusal::Invalid,
        ),
        (
            "bob",
            "long enough",
            with(|info| info.ssh_key = "x y".to_owned()),
            AccountRefusal::SshKey(SshKeyRefusal::Invalid),
        ),
    ] {
        let refused = users.create(name, password.to_owned(), info, is_role);
        assert_eq!(refused, Err(refusal), "{name}");
    }
    assert_eq!(users.all().len(), 2);
}

#[test]
fn an_update_is_all_or_nothing() {
    let mut users = users();
    let info = UserInfo {
        full_name: "Eve".to_owned(),
        roles: vec![2],
        ..UserInfo::default()
    };
    let refused = users.update("eve", "short".to_owned(), info.clone(), is_role);
    assert!(refused.is_err());
    assert_eq!(users.get("eve").unwrap().info, UserInfo::default());
    let changes = users.update("eve", "another password".to_owned(), info.clone(), is_role);
    assert_eq!(changes.map(|changes| changes.len()), Ok(2));
    assert_eq!(users.get("eve").unwrap().info, info);
    assert_eq!(
        users.update("eve", String::new(), info, is_role),
        Ok(Vec::new())
    );
}

#[test]
fn the_administrator_of_the_device_stays() {
    let mut users = users();
    assert_eq!(users.delete("admin"), Err(AccountRefusal::NotDeletable));
    assert_eq!(
        users.rename("admin", "root"),
        Err(AccountRefusal::NotDeletable)
    );
    let disabled = UserInfo {
        enabled: false,
        ..UserInfo::default()
    };
    assert_eq!(
        users.update("admin", String::new(), disabled, is_role),
        Err(AccountRefusal::Invalid)
    );
    assert!(users.delete("eve").is_ok());
    assert_eq!(users.delete("eve"), Err(AccountRefusal::DoesNotExist));
    assert!(users.take("admin"));
}

#[test]
fn a_renamed_user_keeps_the_password() {
    let mut users = users();
    assert_eq!(
        users.rename("eve", "admin"),
        Err(AccountRefusal::NewNameExists)
    );
    assert_eq!(users.rename("eve", "e/e"), Err(AccountRefusal::NameInvalid));
    assert!(users.rename("eve", "eva").is_ok());
    assert_eq!(users.login("eva", "eve's password", NOW), Login::Accepted);
    assert_eq!(users.login("eve", "eve's password", NOW), Login::Refused);
}

#[test]
fn neither_passwords_nor_secrets_are_shown() {
    let mut users = users();
    let mut info = UserInfo::default();
    info.snmp.authentication_secret = Some("hush hush".to_owned());
    assert!(users.update("eve", String::new(), info, is_role).is_ok());
    let shown = format!("{users:?}");
    assert!(
        !shown.contains("hush") && !shown.contains("password\""),
        "{shown}"
    );
}
