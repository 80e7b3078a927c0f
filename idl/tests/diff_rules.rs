//! Rules of the comparison that few pairs of firmwares show: what looks the same on the wire, who follows whose version,
//! and what counts as a habit.

mod support;

use support::load_with;
use xerus_idl::diff::{Class, Comparison, Habit, Step, TypeDiff, compare};
use xerus_idl::lint::Lints;

fn compared(old: &str, new: &str) -> Comparison {
    let [old, new] = [old, new].map(|body| {
        let text = format!("module m {{ {body} }}\n");
        let loaded = load_with([("M.idl", text)], Lints::all());
        let errors = loaded.diagnostics.iter().filter(|d| d.is_error()).count();
        assert_eq!(errors, 0, "{body}");
        loaded.model
    });
    compare(&old, &new)
}

fn of<'c>(comparison: &'c Comparison, path: &str) -> Option<&'c TypeDiff> {
    comparison.types.iter().find(|ty| ty.path == path)
}

/// Whether the answer of `A.f` is another one on the wire when the structure that it returns moves into the interface.
fn travels_otherwise(old: &str, new: &str) -> bool {
    let comparison = compared(
        &format!("structure S {{ {old} x; }}; interface A {{ S f(); }};"),
        &format!("interface A_1_0_1 {{ structure S {{ {new} x; }}; S f(); }};"),
    );
    let changes = &of(&comparison, "m.A").unwrap().changes;
    changes
        .iter()
        .any(|change| change.member == "f" && change.class == Class::Breaking)
}

#[test]
fn vectors_and_maps_are_compared_to_their_ends() {
    let types = [
        "vector<int>",
        "vector<string>",
        "vector<vector<int>>",
        "map<int, int>",
        "map<string, int>",
        "map<int, string>",
        "map<int, vector<int>>",
        "map<int, vector<string>>",
        "int",
    ];
    for old in types {
        for new in types {
            assert_eq!(travels_otherwise(old, new), old != new, "{old} -> {new}");
        }
    }
}

/// An event names the object that sent it, and keeps its version when that object gets a method.
#[test]
fn an_event_does_not_follow_what_it_is_nested_in() {
    let comparison = compared(
        "interface A { valueobject Ev_2_0_0 { A who; }; void f(); };",
        "interface A_1_0_1 { valueobject Ev_2_0_0 { A_1_0_1 who; }; void f(); void g(); };",
    );
    let outer = of(&comparison, "m.A").unwrap();
    assert_eq!((outer.demanded, outer.taken), (Step::Minor, Step::Minor));
    let event = of(&comparison, "m.A.Ev");
    assert!(
        event.is_none_or(|event| event.demanded == Step::None),
        "{event:?}"
    );
    // A structure beside it does follow.
    let comparison = compared(
        "interface A { void f(); }; structure Ev_2_0_0 { A who; };",
        "interface A_1_0_1 { void f(); void g(); }; structure Ev_2_0_1 { A_1_0_1 who; };",
    );
    assert_eq!(of(&comparison, "m.Ev").unwrap().demanded, Step::Minor);
}

/// The habit of a whole step is one of structures and enumerations.
#[test]
fn a_whole_step_is_a_habit_of_values_alone() {
    let habit = |old: &str, new: &str| of(&compared(old, new), "m.T").unwrap().habit;
    let pairs = [
        (
            "structure T { int x; };",
            "structure T_2_0_0 { int x; int y; };",
            Some(Habit::WholeStep),
        ),
        (
            "enumeration T { X };",
            "enumeration T_2_0_0 { X, Y };",
            Some(Habit::WholeStep),
        ),
        (
            "valueobject T { int x; };",
            "valueobject T_2_0_0 { int x; int y; };",
            None,
        ),
        (
            "interface T { void f(); };",
            "interface T_2_0_0 { void f(); void g(); };",
            None,
        ),
    ];
    for (old, new, expected) in pairs {
        assert_eq!(habit(old, new), expected, "{old}");
    }
}
