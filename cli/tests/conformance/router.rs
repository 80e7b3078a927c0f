//! Routers of WAMP.

use std::net::TcpListener;

use crate::dealer::{Dealer, Habits, TICKET};
use crate::simulated::Simulated;
use crate::support::{Done, xerus};
use crate::{is, no_row_is_lost, row, rows, verdicts};

fn test(url: &str, options: &[&str]) -> Done {
    let fixed = [
        "conformance",
        url,
        "--output",
        "json",
        "--realm",
        "com.example.realm",
    ];
    xerus([&fixed[..], options].concat())
}

#[test]
fn a_router_as_the_standard_has_it_meets_every_row_that_it_can() {
    let dealer = Dealer::start(Habits::default());
    let done = test(&dealer.url, &[]);
    let rows = rows(&done);
    for row in &rows {
        assert!(
            ["meets", "cannot"].contains(&row["verdict"].as_str().expect("a text")),
            "{row}"
        );
    }
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done:?}");
    no_row_is_lost("wamp", &rows);
    let cannot = rows.iter().filter(|row| row["verdict"] == "cannot");
    for row in cannot {
        assert!(
            row["seen"]
                .as_str()
                .expect("a text")
                .contains("is not announced"),
            "{row}"
        );
    }
    let timeout = row(&rows, "a timeout of 300, and one of 1 if that does nothing");
    assert!(
        timeout["seen"]
            .as_str()
            .expect("a text")
            .starts_with("means milliseconds, ERROR wamp.error.timeout"),
        "{timeout}"
    );
    assert_eq!(dealer.registered(), [""; 0]);
}

#[test]
fn a_user_who_may_not_register_is_not_the_routers_fault() {
    let dealer = Dealer::start(Habits {
        may_nobody_register: true,
        ..Habits::default()
    });
    let done = test(&dealer.url, &["--serializer", "json"]);
    let rows = rows(&done);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(verdicts(&rows), ["cannot", "meets", "not tried"].into());
    assert!(done.stderr.contains("rows were not tried"), "{done:?}");
    let own = row(&rows, "a call of the session's own procedure");
    assert!(
        own["seen"].as_str().expect("a text").contains("--prefix"),
        "{own}"
    );
}

#[test]
fn a_router_with_one_serializer_is_tested_in_that() {
    let dealer = Dealer::start(Habits {
        is_json_only: true,
        ..Habits::default()
    });
    let done = test(&dealer.url, &[]);
    let rows = rows(&done);
    assert_eq!(done.code, Some(0), "{done:?}");
    let spoken = row(
        &rows,
        "a handshake for wamp.2.json, and one for wamp.2.msgpack",
    );
    assert_eq!(
        (&spoken["verdict"], &spoken["seen"]),
        (
            &"cannot".into(),
            &"wamp.2.json, no wamp.2.msgpack: HTTP status 400".into()
        )
    );
    // A token in the URL is not repeated.
    let url = format!("{}?token=s3cret", dealer.url);
    let done = test(&url, &["--serializer", "msgpack"]);
    let told = format!("{} gave no session: HTTP status 400", dealer.url);
    is(&done, 3, "", &[&told]);
    assert!(!done.stderr.contains("s3cret"), "{done:?}");
}

#[test]
fn a_router_that_dies_is_found_out() {
    let dealer = Dealer::start(Habits {
        dies_of_nonsense: true,
        ..Habits::default()
    });
    let done = test(&dealer.url, &["--timeout", "1s", "--serializer", "json"]);
    assert_eq!(done.code, Some(6), "{done:?}");
    let rows = rows(&done);
    let before = row(&rows, "HELLO a second time");
    assert_eq!(before["verdict"], "meets");
    let nonsense = row(&rows, "a frame that is nothing in this serializer");
    assert_eq!(nonsense["seen"], "closed; the next call got no answer");
    let after = rows.iter().skip_while(|row| *row != nonsense);
    assert_eq!(
        verdicts(&after.cloned().collect::<Vec<_>>()),
        ["differs"].into()
    );
}

#[test]
fn a_careless_router_is_found_out() {
    let dealer = Dealer::start(Habits {
        is_careless: true,
        ..Habits::default()
    });
    let options = ["--timeout", "300ms", "--serializer", "json"];
    let done = test(&dealer.url, &options);
    assert_eq!(done.code, Some(6), "{done:?}");
    assert!(done.stderr.contains("rows are not as expected"), "{done:?}");
    let rows = rows(&done);
    for (case, seen) in [
        ("a procedure that nobody has registered", "RESULT"),
        ("CALL whose id is a text", "RESULT"),
        (
            "the same procedure registered by another session",
            "REGISTERED",
        ),
        ("a call of the session's own procedure", "nothing"),
        ("GOODBYE", "nothing"),
        ("CANCEL skip", "no INVOCATION but nothing"),
        ("lookup of a procedure that is not registered", "null"),
        ("2 000 calls at once", "0 answered"),
    ] {
        let row = row(&rows, case);
        let is_null = seen == "null";
        assert_eq!(row["verdict"] == "differs", !is_null, "{row}");
        assert_eq!(row["seen"], seen, "{row}");
    }
}

#[test]
fn a_user_joins_as_for_a_call() {
    let dealer = Dealer::start(Habits::default());
    let folder = tempfile::tempdir().expect("a directory");
    let file = folder.path().join("ticket");
    let test = |ticket: &str, more: &[&str]| {
        std::fs::write(&file, ticket).expect("a file");
        let file = file.to_str().expect("UTF-8");
        let options = [
            "--user",
            "tess",
            "--auth-method",
            "ticket",
            "--password-file",
            file,
        ];
        test(
            &dealer.url,
            &[&options[..], &["--prefix", "com.example.own"], more].concat(),
        )
    };
    let done = test(TICKET, &["--serializer", "msgpack"]);
    assert_eq!(
        (done.code, done.stdout.contains(TICKET)),
        (Some(0), false),
        "{done:?}"
    );
    let shown = dealer.secrets();
    // Who is refused and goes on may be locked out, in another serializer, too.
    let done = test("another", &[]);
    assert_eq!(dealer.secrets(), shown + 1);
    is(
        &done,
        3,
        "",
        &["ABORT wamp.error.not_authorized", "--realm"],
    );
    assert!(!done.stderr.contains("another"), "{done:?}");
}

#[test]
fn what_cannot_be_tested_is_said() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("ws://{}/ws", nobody.local_addr().expect("an address"));
    let done = test(&url, &["--timeout", "100ms"]);
    is(&done, 3, "", &["no WebSocket in time"]);
    drop(nobody);
    is(&test(&url, &[]), 3, "", &["connection refused: check"]);
    is(&xerus(["conformance", &url]), 2, "", &["--realm"]);
    is(&test("ws://user@host/", &[]), 2, "", &["user name"]);
    for prefix in ["", "a..b", "a b", "wamp.x"] {
        is(
            &test(&url, &["--prefix", prefix]),
            2,
            "",
            &["no beginning of a URI"],
        );
    }
    let dealer = Dealer::start(Habits::default());
    let done = xerus(["conformance", &dealer.url, "--realm", "com.example.nowhere"]);
    is(&done, 3, "", &["ABORT wamp.error.no_such_realm"]);
}

#[test]
fn a_router_over_tls_is_trusted_by_its_fingerprint() {
    let device = Simulated::start(&["--https"]);
    let url = device.url.replace("https://", "wss://");
    let print = device.fingerprint();
    let plain = print.replace(':', "").to_lowercase();
    is(&test(&url, &[]), 3, "", &[&plain, "--pin"]);
    // It is trusted, and then no router.
    is(
        &test(&url, &["--pin", &print]),
        3,
        "",
        &["gave no session: HTTP status"],
    );
    let wrong = "00".repeat(32);
    let done = test(&url, &["--pin", &wrong]);
    is(
        &done,
        3,
        "",
        &[
            "not the pinned one",
            "if you replaced the certificate yourself",
        ],
    );
    is(
        &test(&url, &["--pin", "12"]),
        2,
        "",
        &["bad value for --pin:"],
    );
    let done = test(&url, &["--ca", "Cargo.toml"]);
    is(&done, 2, "", &["no certificate in the PEM text"]);
}

/// Two runs with one prefix do not meet.
#[test]
fn runs_at_the_same_time_do_not_meet() {
    let dealer = Dealer::start(Habits::default());
    let options = ["--serializer", "json", "--prefix", "com.example.own"];
    let runs: Vec<Done> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| test(&dealer.url, &options)))
            .collect();
        runs.into_iter()
            .map(|run| run.join().expect("no panic"))
            .collect()
    });
    for done in runs {
        assert_eq!(done.code, Some(0), "{done:?}");
    }
}
