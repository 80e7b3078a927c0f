use super::output::KEPT;
use super::*;

const NOW: Duration = Duration::from_secs(1_000);

fn after(seconds: u64) -> Duration {
    NOW + Duration::from_secs(seconds)
}

fn with(source: &str) -> Scripts {
    let mut scripts = Scripts::default();
    let done = scripts.set(NOW, "a", source, ScriptOptions::default());
    assert_eq!(done, Ok(()));
    scripts
}

fn printed(scripts: &mut Scripts, now: Duration) -> String {
    scripts.output(now, "a", 0).expect("an address").text
}

#[test]
fn a_script_prints_its_lines_in_its_time_and_ends() {
    let mut scripts = with("print(\"one\")\nsleep(5)\nprint(ARGS[\"who\"])\nos.exit(3)\n");
    assert_eq!(scripts.state(NOW, "a"), Ok(ScriptState::New));
    let arguments = BTreeMap::from([("who".to_owned(), "rack".to_owned())]);
    assert_eq!(scripts.start(NOW, "a", Some(arguments)), Ok(()));
    assert_eq!(scripts.start(NOW, "a", None), Err(ScriptRefusal::Running));
    assert_eq!(printed(&mut scripts, after(4)), "one\n");
    assert_eq!(scripts.state(after(4), "a"), Ok(ScriptState::Running));
    let busy = scripts.set(after(4), "a", "", ScriptOptions::default());
    assert_eq!(busy, Err(ScriptRefusal::Running));
    assert_eq!(scripts.delete(after(4), "a"), Err(ScriptRefusal::Running));
    assert_eq!(printed(&mut scripts, after(5)), "one\nrack\n");
    let ended = ScriptState::Ended(End::Code(3));
    assert_eq!(scripts.state(after(5), "a"), Ok(ended));
    assert_eq!(
        scripts.terminate(after(5), "a"),
        Err(ScriptRefusal::NotRunning)
    );
    assert_eq!(scripts.delete(after(5), "a"), Ok(()));
    assert_eq!(scripts.source("a"), Err(ScriptRefusal::NoSuchScript));
}

#[test]
fn a_script_that_goes_on_is_terminated() {
    let mut scripts = with("print(\"x\")\nwhile true do\nend\nprint(\"never\")");
    scripts.start(NOW, "a", None).expect("it does not run");
    assert_eq!(scripts.state(after(9_999), "a"), Ok(ScriptState::Running));
    assert_eq!(scripts.terminate(after(9_999), "a"), Ok(()));
    let ended = ScriptState::Ended(End::Signal(15));
    assert_eq!(scripts.state(after(9_999), "a"), Ok(ended));
    assert_eq!(printed(&mut scripts, after(9_999)), "x\n");
}

#[test]
fn a_script_is_started_again_and_with_the_device() {
    let mut scripts = with("error(\"broken\")");
    let options = ScriptOptions {
        auto_restart: true,
        auto_start: true,
        ..ScriptOptions::default()
    };
    scripts.set_options("a", options).expect("it is there");
    scripts.start(NOW, "a", None).expect("it does not run");
    let restarting = ScriptState::Restarting(End::Code(1));
    assert_eq!(scripts.state(after(1), "a"), Ok(restarting));
    assert_eq!(printed(&mut scripts, after(61)), "broken\n".repeat(3));
    scripts.terminate(after(62), "a").expect("it would go on");
    assert_eq!(printed(&mut scripts, after(200)), "broken\n".repeat(3));
    scripts.boot(after(200));
    assert_eq!(scripts.output(after(214), "a", 0).expect("fits").text, "");
    let piece = scripts.output(after(215), "a", 0).expect("fits");
    assert_eq!((piece.first, &*piece.text), (21, "broken\n"));
}

#[test]
fn a_sleep_without_end_is_one() {
    let options = || ScriptOptions {
        auto_restart: true,
        ..ScriptOptions::default()
    };
    let source = "sleep(1e19)\nsleep(1e19)\nprint(\"never\")";
    let mut scripts = Scripts::default();
    assert_eq!(scripts.set(NOW, "a", source, options()), Ok(()));
    assert_eq!(scripts.start(NOW, "a", None), Ok(()));
    let state = scripts.state(crate::model::clock::END, "a");
    assert_eq!(state, Ok(ScriptState::Running));
    scripts.boot(after(1));
    assert_eq!(scripts.state(after(2), "a"), Ok(ScriptState::New));
}

#[test]
fn runs_of_years_are_not_run_through_one_by_one() {
    let restarting = |source: &str| {
        let mut scripts = with(source);
        let options = ScriptOptions {
            auto_restart: true,
            ..ScriptOptions::default()
        };
        scripts.set_options("a", options).expect("it is there");
        scripts.start(NOW, "a", None).expect("it does not run");
        scripts
    };
    for source in ["print(\"ä\")\nsleep(0.5)", "print(\"0123456789\")"] {
        // Looked at from time to time, and once.
        let (mut often, mut once) = (restarting(source), restarting(source));
        for seconds in (0..200_000).step_by(100) {
            assert!(often.state(after(seconds), "a").is_ok());
        }
        let last = after(200_000);
        assert_eq!(often.output(last, "a", 0), once.output(last, "a", 0));
        assert_eq!(often.state(last, "a"), once.state(last, "a"));
    }
    let end = crate::model::clock::END;
    for source in ["", "print(\"\")"] {
        let mut scripts = restarting(source);
        assert!(scripts.state(end, "a").is_ok());
    }
}

#[test]
fn what_was_printed_is_read_in_pieces_and_its_oldest_part_is_lost() {
    let line = format!("print(\"{}\")\n", "ä".repeat(200));
    let mut scripts = with(&line.repeat(12));
    scripts.start(NOW, "a", None).expect("it does not run");
    let total: i64 = 12 * 401;
    let (mut at, mut pieces, mut length) = (0, 0, 0);
    loop {
        let piece = scripts.output(NOW, "a", at).expect("an address");
        if pieces == 0 {
            assert!(piece.first >= total - i64::try_from(KEPT).expect("small"));
        } else {
            assert_eq!(piece.first, at);
        }
        at = piece.next;
        pieces += 1;
        length += piece.text.len();
        if !piece.more {
            break;
        }
    }
    assert_eq!((at, pieces > 3, length <= KEPT), (total, true, true));
    assert_eq!(
        scripts.output(NOW, "a", total + 1),
        Err(ScriptRefusal::InvalidAddress)
    );
    scripts.clear_output(NOW, "a").expect("it is there");
    let piece = scripts.output(NOW, "a", 0).expect("an address");
    assert_eq!((piece.first, piece.next), (total, total));
    assert!(scripts.output(NOW, "a", i64::MIN).is_ok());
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut scripts = Scripts::default();
    let mut set = |name: &str, source: &str, options| scripts.set(NOW, name, source, options);
    let none = ScriptOptions::default;
    for name in ["", "a b", "ä", "x/y", &"n".repeat(64)] {
        assert_eq!(set(name, "", none()), Err(ScriptRefusal::InvalidName));
    }
    let large = "-".repeat(MOST_BYTES + 1);
    assert_eq!(set("a", &large, none()), Err(ScriptRefusal::TooLarge));
    for name in ["a", "b"] {
        assert_eq!(set(name, &large[1..], none()), Ok(()));
    }
    assert_eq!(set("c", "x", none()), Err(ScriptRefusal::AllTooLarge));
    // In the place of the old one there is room.
    assert_eq!(set("a", "x", none()), Ok(()));
    for name in ["c", "d"] {
        assert_eq!(set(name, "x", none()), Ok(()));
    }
    assert_eq!(set("e", "x", none()), Err(ScriptRefusal::TooMany));
    let arguments = |count: usize, value: &str| ScriptOptions {
        arguments: (0..count)
            .map(|n| (n.to_string(), value.to_owned()))
            .collect(),
        ..ScriptOptions::default()
    };
    assert_eq!(set("a", "x", arguments(16, "")), Ok(()));
    let refused = set("a", "x", arguments(17, ""));
    assert_eq!(refused, Err(ScriptRefusal::TooManyArguments));
    let refused = set("a", "x", arguments(1, &"v".repeat(257)));
    assert_eq!(refused, Err(ScriptRefusal::InvalidArgument));
}
