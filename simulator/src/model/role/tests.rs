use super::*;

fn info(privilege: Privilege) -> RoleInfo {
    RoleInfo {
        grants: vec![Grant::whole(privilege)],
        ..RoleInfo::default()
    }
}

fn may(roles: &Roles, name: &str, privilege: Privilege) -> bool {
    let ids = [roles.id(name).unwrap()];
    roles
        .grants(&ids)
        .any(|grant| grant.allows(privilege, Some(0)))
}

#[test]
fn the_roles_of_the_device_differ_in_what_they_may() {
    let roles = Roles::default();
    for (role, switch, view, update) in [
        (ADMIN, true, true, true),
        (OPERATOR, true, true, false),
        (VIEWER, false, true, false),
    ] {
        assert_eq!(may(&roles, role, Privilege::SwitchOutlet), switch, "{role}");
        assert_eq!(may(&roles, role, Privilege::ViewLog), view, "{role}");
        assert_eq!(
            may(&roles, role, Privilege::UpdateFirmware),
            update,
            "{role}"
        );
    }
}

#[test]
fn the_administrator_role_stays_as_it_is() {
    let mut roles = Roles::default();
    assert_eq!(roles.delete(ADMIN), Err(RoleRefusal::NotDeletable));
    assert_eq!(
        roles.change(ADMIN, info(Privilege::ViewLog)),
        Err(RoleRefusal::Invalid)
    );
    assert!(may(&roles, ADMIN, Privilege::Reset));
}

#[test]
fn roles_come_change_and_go() {
    let mut roles = Roles::default();
    let ids: Vec<i32> = roles.all().map(|(_, id, _)| id).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(
        roles.create("lab", info(Privilege::ViewLog)),
        Ok(RoleChange::Added("lab".to_owned()))
    );
    assert_eq!(
        roles.create("lab", info(Privilege::ViewLog)),
        Err(RoleRefusal::AlreadyExists)
    );
    assert_eq!(roles.change("lab", info(Privilege::ViewLog)), Ok(None));
    assert!(matches!(
        roles.change("lab", info(Privilege::Reset)),
        Ok(Some(RoleChange::Changed { old, .. })) if old == info(Privilege::ViewLog)
    ));
    assert!(may(&roles, "lab", Privilege::Reset));
    let id = roles.id("lab").unwrap();
    assert!(roles.has(id));
    assert!(roles.delete("lab").is_ok());
    assert_eq!(roles.delete("lab"), Err(RoleRefusal::DoesNotExist));
    assert!(roles.create("lab", info(Privilege::ViewLog)).is_ok());
    assert_ne!(roles.id("lab"), Some(id), "a number is not given twice");
}

#[test]
fn names_have_to_fit_into_a_resource_id_and_a_login() {
    for bad in ["", " a", "a:b", "a/b", "a\tb", &"x".repeat(33)] {
        assert!(!is_name(bad), "{bad}");
    }
    for good in ["a", "Jörg Müller", &"x".repeat(32)] {
        assert!(is_name(good), "{good}");
    }
    assert_eq!(
        Roles::default().create("a/b", RoleInfo::default()),
        Err(RoleRefusal::Invalid)
    );
}
