use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::memory::MemoryTransport;
use crate::server::Router;

fn ticket() -> Ticket {
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
    let plan = Plan::new()
        .delay(Duration::from_millis(1500))
        .interval_increase(Duration::from_nanos(1))
        .id(" =\\ \u{202e}a\r\nid: 5")
        .note("a = b", " \u{e9}")
        .note("version", "4.4.1.5");
    Ticket::new(&agent, "/firmware", "firmware update", plan)
}

#[test]
fn is_read_as_it_was_written() {
    let ticket = ticket();
    let text = ticket.to_string();
    assert_eq!(text.parse::<Ticket>().expect("valid"), ticket);
    assert_eq!(ticket.note("a = b"), Some(" \u{e9}"));
    let aside = text.replace('\n', "\r\n\r\n# kept by hand\r\n   ") + "\nof a later version: 5\n";
    assert_eq!(aside.parse::<Ticket>().expect("valid"), ticket);
}

#[test]
fn no_line_can_be_left_out_or_be_nonsense() {
    let text = ticket().to_string();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with("note") {
            continue;
        }
        let without: String = text
            .lines()
            .enumerate()
            .filter(|(at, _)| *at != number)
            .map(|(_, line)| format!("{line}\n"))
            .collect();
        let error = without.parse::<Ticket>().expect_err(line);
        assert_eq!(error.code(), "Config.BadTicket", "{line}");
        let name = line.split(':').next().expect("a name");
        if matches!(name, "origin" | "target" | "action" | "id") {
            continue;
        }
        for value in [
            "",
            "-1 s",
            "NaN s",
            "1e3 s",
            "5",
            "99999999 s",
            "1.2.3 s",
            "1s1 s",
        ] {
            let wrong = text.replace(line, &format!("{name}: {value}"));
            if name == "checks made" && value == "5" {
                continue;
            }
            let error = wrong.parse::<Ticket>().expect_err(&wrong);
            assert_eq!(error.code(), "Config.BadTicket", "{name}: {value}");
        }
    }
}

#[test]
fn what_is_no_ticket_is_refused() {
    let text = ticket().to_string();
    for wrong in [
        String::new(),
        "<html>".to_owned(),
        text.replace("ticket 1", "ticket 2"),
        text.clone() + "rest: 5 s\n",
        text.clone() + "no name\n",
        text.replace("interval: 5 s", "interval: 0 s"),
        text.replace("/firmware", "\\u{d800}"),
        text.replace("/firmware", "\\n"),
        text.clone() + &"#\n".repeat(64 << 10),
    ] {
        let error = wrong.parse::<Ticket>().expect_err("refused");
        assert_eq!(error.code(), "Config.BadTicket");
    }
}

#[test]
fn the_pace_cannot_be_made_faster_by_hand() {
    let text = ticket()
        .to_string()
        .replace("then every: 5 s", "then every: 0 s");
    let read: Ticket = text.parse().expect("valid");
    assert_eq!(read.interval, Duration::from_secs(5));
}

#[cfg(feature = "serde")]
#[test]
fn serde_has_the_same_text() {
    let ticket = ticket();
    let json = serde_json::to_string(&ticket).expect("text");
    assert_eq!(
        json,
        serde_json::to_string(&ticket.to_string()).expect("text")
    );
    assert_eq!(
        serde_json::from_str::<Ticket>(&json).expect("valid"),
        ticket
    );
    assert!(serde_json::from_str::<Ticket>("\"no ticket\"").is_err());
}

proptest! {
    /// Whatever is done to a ticket, it is read or refused.
    #[test]
    fn what_was_changed_is_read_or_refused(at in 0usize..600, length in 0usize..60, text in "[ -~\\n\u{e9}]{0,20}") {
        let mut lines: Vec<char> = ticket().to_string().chars().collect();
        let at = at.min(lines.len());
        let end = (at + length).min(lines.len());
        lines.splice(at..end, text.chars());
        let changed: String = lines.into_iter().collect();
        match changed.parse::<Ticket>() {
            Ok(read) => prop_assert_eq!(read.to_string().parse::<Ticket>().expect("valid"), read),
            Err(error) => prop_assert_eq!(error.code(), "Config.BadTicket"),
        }
    }
}
