//! Roles and their privileges.

use xerus_device::admin::{AdminError, Refusal, Roles, Users, privilege};
use xerus_sim::Firmware;

use crate::{agent, device};

const NONE: [&str; 0] = [];

#[tokio::test]
async fn a_role_is_made_given_taken_and_deleted() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        let (roles, users) = (Roles::of(&admin), Users::of(&admin));
        let third = privilege("switchOutlet", ["3"]);
        roles
            .create("Lab", "switches one outlet", [third.clone()])
            .await
            .unwrap();
        let info = roles.get("Lab").await.unwrap();
        assert_eq!(info.description, "switches one outlet", "{firmware}");
        assert_eq!(info.privileges, [third], "{firmware}");

        let granted = roles
            .grant("Lab", privilege("switchOutlet", ["3", "4"]))
            .await;
        assert!(granted.unwrap().sent, "{firmware}");
        let again = roles
            .grant("Lab", privilege("switchOutlet", ["3", "4"]))
            .await;
        assert!(!again.unwrap().sent, "{firmware}");
        let _ = roles
            .grant("Lab", privilege("viewLog", NONE))
            .await
            .unwrap();
        let info = roles.get("Lab").await.unwrap();
        assert_eq!(info.privileges.len(), 2, "{firmware}");
        assert_eq!(info.privileges[0].args, ["3", "4"], "{firmware}");
        let revoked = roles.revoke("Lab", "viewLog").await.unwrap();
        assert!(revoked.sent && roles.get("Lab").await.unwrap().privileges.len() == 1);

        users
            .create("eve", "long enough")
            .roles(["Lab"])
            .await
            .unwrap();
        assert_eq!(roles.users("Lab").await.unwrap(), ["eve"], "{firmware}");
        let in_use = roles.delete("Lab").await;
        assert!(
            matches!(&in_use, Err(AdminError::RoleInUse { role, users }) if role == "Lab" && users == &["eve"]),
            "{firmware}: {in_use:?}"
        );
        assert_eq!(device.calls().of("deleteRole").count(), 0, "{firmware}");
        let _ = users.set_roles("eve", ["Viewer"]).await.unwrap();
        roles.delete("Lab").await.unwrap();
        let gone = roles.get("Lab").await.unwrap_err();
        assert_eq!(gone.refusal(), Some(&Refusal::NoSuchRole), "{firmware}");

        roles.create("Short", "", []).await.unwrap();
        let _ = users.set_roles("eve", ["Short"]).await.unwrap();
        roles.delete_even_in_use("Short").await.unwrap();
        assert_eq!(users.roles_of("eve").await.unwrap(), NONE, "{firmware}");
    }
}

#[tokio::test]
async fn the_device_says_what_is_wrong_with_a_role() {
    for firmware in Firmware::ALL {
        let (_device, admin) = device(firmware).await;
        let roles = Roles::of(&admin);
        for (name, wanted, refusal) in [
            ("Admin", privilege("viewLog", NONE), Refusal::RoleExists),
            (
                "Pilot",
                privilege("flyToTheMoon", NONE),
                Refusal::InvalidValue,
            ),
            (
                "Pilot",
                privilege("switchOutlet", NONE),
                Refusal::InvalidValue,
            ),
            ("a/b", privilege("viewLog", NONE), Refusal::InvalidValue),
        ] {
            let error = roles.create(name, "", [wanted]).await.unwrap_err();
            assert_eq!(error.refusal(), Some(&refusal), "{firmware}: {name}");
        }
        let locked = roles.grant("Admin", privilege("viewLog", NONE)).await;
        assert_eq!(locked.unwrap_err().refusal(), Some(&Refusal::InvalidValue));
        let kept = roles.delete("Pilot").await.unwrap_err();
        assert_eq!(kept.refusal(), Some(&Refusal::NoSuchRole), "{firmware}");
        let own = roles.delete_even_in_use("Admin").await.unwrap_err();
        assert_eq!(
            own.refusal(),
            Some(&Refusal::RoleNotDeletable),
            "{firmware}"
        );
        assert_eq!(own.names(), ["ERR_ROLE_NOT_DELETABLE"], "{firmware}");
    }
}

#[tokio::test]
async fn privileges_are_listed_with_what_they_take() {
    let (device, admin) = device(Firmware::V4_4_1).await;
    let all = Roles::of(&admin).privileges().await.unwrap();
    let switch = all.iter().find(|one| one.name == "switchOutlet").unwrap();
    assert_eq!(switch.args.len(), 1);
    assert!(all.iter().all(|one| !one.desc.is_empty()));
    // Each of them can be granted.
    let roles = Roles::of(&admin);
    let every = all.iter().map(|one| {
        let arguments = one.args.iter().map(|_| "all");
        privilege(&one.name, arguments)
    });
    roles.create("Everything", "", every).await.unwrap();
    let users = Users::of(&admin);
    users
        .create("guest", "long enough")
        .roles(["Everything"])
        .await
        .unwrap();
    let guest = agent(&device, "guest", "long enough");
    assert!(Roles::of(&guest).list().await.is_ok());
}
