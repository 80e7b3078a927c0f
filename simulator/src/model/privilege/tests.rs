use super::*;

#[test]
fn every_privilege_is_found_by_its_name() {
    for privilege in Privilege::ALL {
        assert_eq!(Privilege::named(privilege.name()), Some(privilege));
        assert!(!privilege.description().is_empty());
    }
    assert_eq!(Privilege::named("switchoutlet"), None);
}

#[test]
fn an_administrator_may_do_everything() {
    let all = Grant::whole(Privilege::Administrator);
    for privilege in Privilege::ALL {
        assert!(all.allows(privilege, Some(3)), "{privilege:?}");
    }
}

#[test]
fn who_sees_everything_changes_nothing() {
    let see = Grant::whole(Privilege::ViewEverything);
    assert!(see.allows(Privilege::ViewUsers, None) && see.allows(Privilege::ViewLog, None));
    for privilege in Privilege::ALL.into_iter().filter(|one| !one.only_shows()) {
        assert!(!see.allows(privilege, None), "{privilege:?}");
    }
}

#[test]
fn switching_can_be_limited_to_outlets() {
    let some = Grant::named("switchOutlet", vec!["2".to_owned(), "5".to_owned()]).unwrap();
    let allowed: Vec<usize> = (0..8)
        .filter(|&outlet| some.allows(Privilege::SwitchOutlet, Some(outlet)))
        .collect();
    assert_eq!(allowed, [1, 4]);
    assert!(!some.allows(Privilege::SwitchOutlet, None));
    assert!(!some.allows(Privilege::ChangePdu, Some(1)));
    let every = Grant::whole(Privilege::SwitchOutlet);
    assert!(every.allows(Privilege::SwitchOutlet, Some(400)));
}

#[test]
fn unknown_names_and_arguments_are_no_privilege() {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    for (name, arguments) in [
        ("flyToTheMoon", &[] as &[&str]),
        ("switchOutlet", &[]),
        ("switchOutlet", &["0"]),
        ("switchOutlet", &["all", "x"]),
        ("viewLog", &["all"]),
    ] {
        assert_eq!(
            Grant::named(name, words(arguments)),
            None,
            "{name} {arguments:?}"
        );
    }
}
