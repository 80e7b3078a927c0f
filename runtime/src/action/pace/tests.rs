use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::agent::Agent;
use crate::memory::MemoryTransport;
use crate::server::Router;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn ticket(plan: Plan) -> Ticket {
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
    Ticket::new(&agent, "/a", "b", plan)
}

/// The ticket as if it had been written so many seconds ago.
fn ago(ticket: &Ticket, seconds: u64) -> Ticket {
    let written = crate::time::Time::from_unix_seconds(
        ticket
            .started
            .unix_seconds()
            .saturating_sub_unsigned(seconds),
    );
    Ticket {
        written,
        ..ticket.clone()
    }
}

fn wait(pace: &Pace, now: Instant) -> Duration {
    match pace.next() {
        Next::Check(at) | Next::End(at) => at - now,
    }
}

#[tokio::test(start_paused = true)]
async fn a_ticket_whose_next_check_is_ahead_waits_for_it() {
    let now = Instant::now();
    let ticket = ticket(Plan::new().delay(seconds(60)).interval(seconds(5)));
    for (passed, expected) in [
        (0, 60),
        (1, 60),
        (11, 50),
        (59, 2),
        (60, 5),
        (61, 5),
        (1000, 5),
        (1 << 40, 5),
    ] {
        let pace = Pace::resumed(&ago(&ticket, passed), now);
        assert_eq!(wait(&pace, now), seconds(expected), "{passed}");
        assert!(
            matches!(pace.next(), Next::Check(_)),
            "one check in any case"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_check_after_the_end_has_its_time_and_is_the_last() {
    let start = Instant::now();
    let mut pace = Pace::resumed(&ago(&ticket(Plan::new()), 1 << 40), start);
    let now = start + seconds(5);
    assert_eq!(pace.next(), Next::Check(now));
    assert_eq!(pace.begin_check(now), now + seconds(10));
    pace.end_check(now);
    assert_eq!(pace.next(), Next::End(start));
}

#[tokio::test(start_paused = true)]
async fn a_check_has_no_more_time_than_is_left() {
    let start = Instant::now();
    let mut pace = Pace::begun(&Plan::new().delay(seconds(1)).timeout(seconds(14)), start);
    for (at, until) in [(1, 11), (11, 14)] {
        let now = start + seconds(at);
        assert_eq!(pace.begin_check(now), start + seconds(until));
        pace.end_check(now);
    }
    // Nobody looked for a while.
    assert_eq!(pace.begin_check(start + seconds(20)), start + seconds(30));
}

proptest! {
    /// Whatever the first process did until it was killed, the second asks no sooner than it would have.
    #[test]
    fn a_resumed_pace_is_never_faster(
        delay in 0u64..100, interval in 1u64..30, increase in 0u64..5, seen in 0usize..20, killed in 0u64..600,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let _entered = runtime.enter();
        let start = Instant::now();
        let plan = Plan::new().delay(seconds(delay)).interval(seconds(interval)).interval_increase(seconds(increase));
        let mut ticket = ticket(plan.clone());
        let mut pace = Pace::begun(&plan, start);
        let mut written = start;
        let mut checks: Vec<Instant> = Vec::new();
        // The ticket was taken after so many checks, the process lived on until it was killed.
        loop {
            if checks.len() <= seen {
                written = checks.last().copied().unwrap_or(start);
                pace.stamp(&mut ticket, written);
            }
            match pace.next() {
                Next::Check(at) if at <= start + seconds(killed) => {
                    pace.begin_check(at);
                    pace.end_check(at);
                    checks.push(at);
                }
                _ => break,
            }
        }
        let now = written.max(start + seconds(killed));
        let second = Pace::resumed(&ago(&ticket, (now - written).as_secs()), now);
        let due = now + wait(&second, now);
        let Next::Check(first) = pace.next() else { return Ok(()) };
        prop_assert!(first <= due, "{first:?} {due:?}");
        prop_assert!(pace.interval <= second.interval);
    }
}
