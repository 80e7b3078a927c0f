//! What errors say about the execution, against the book of the device.

use std::collections::BTreeMap;
use std::time::Duration;

use xerus_rpc::{Agent, Call, Checked, Error, Outcome};

use crate::bindings::pdumodel::Outlet;
use crate::bindings::pdumodel::outlet::PowerState;
use crate::deeds::{Book, Entry, Trickster};
use crate::device::{Device, Scheme, eventually};
use crate::dice::{Dice, seed};

/// What a caller learnt of one call.
struct Verdict {
    rid: String,
    repeatable: bool,
    result: Result<(), Error>,
}

/// Agents, each with a device of its own; how many with TLS.
const AGENTS: usize = 48;
const WITH_TLS: usize = 8;
/// Programs that share an agent.
const TASKS: usize = 4;
/// Single calls in all; the bulks come on top.
const SINGLE: usize = 10_000;
const EACH: usize = SINGLE / (AGENTS * TASKS) + 1;

fn switching(agent: &Agent, rid: &str) -> Call<(), Checked> {
    Outlet::at(agent, rid).set_power_state(PowerState::PsOn)
}

fn reading(agent: &Agent, rid: &str) -> Call<String> {
    Outlet::at(agent, rid).get_label()
}

/// A reading call must have got the answer that was made for it.
fn own(rid: &str, result: Result<String, Error>) -> Result<(), Error> {
    result.map(|label| assert_eq!(label, rid, "the answer to another call"))
}

async fn single(agent: &Agent, rid: String, dice: &mut Dice) -> Verdict {
    if dice.coin() {
        let result = own(&rid, reading(agent, &rid).await);
        return Verdict {
            rid,
            repeatable: true,
            result,
        };
    }
    // The caller may say that a switching call does no harm twice.
    let repeatable = dice.below(8) == 0;
    let call = switching(agent, &rid).repeatable(repeatable);
    let result = call.await;
    Verdict {
        rid,
        repeatable,
        result,
    }
}

/// A bulk of switching calls or of reading ones, in one request or in several.
async fn bulk(agent: &Agent, rids: Vec<String>, dice: &mut Dice) -> Vec<Verdict> {
    let chunk = 1 + dice.below(rids.len());
    let repeatable = dice.coin();
    let results: Result<Vec<Result<(), Error>>, Error> = if repeatable {
        let calls: Vec<_> = rids.iter().map(|rid| reading(agent, rid)).collect();
        let results = agent.bulk(calls).chunk(chunk).await;
        results.map(|results| {
            let pairs = rids.iter().zip(results);
            pairs.map(|(rid, result)| own(rid, result)).collect()
        })
    } else {
        let calls: Vec<_> = rids.iter().map(|rid| switching(agent, rid)).collect();
        let results = agent.bulk(calls).chunk(chunk).await;
        results.map(|results| results.into_iter().collect())
    };
    let results = results.unwrap_or_else(|error| rids.iter().map(|_| Err(error.clone())).collect());
    assert_eq!(results.len(), rids.len(), "a result for each call");
    let pairs = rids.into_iter().zip(results);
    pairs
        .map(|(rid, result)| Verdict {
            rid,
            repeatable,
            result,
        })
        .collect()
}

/// What one program does with an agent.
async fn program(agent: Agent, name: usize, mut dice: Dice) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for number in 0..EACH {
        verdicts.push(single(&agent, format!("/s/{name}/{number}"), &mut dice).await);
        if number % 4 == 0 {
            let rids = (0..1 + dice.below(6))
                .map(|part| format!("/b/{name}/{number}/{part}"))
                .collect();
            verdicts.extend(bulk(&agent, rids, &mut dice).await);
        }
    }
    verdicts
}

/// All faults of what the callers were told.
fn judge(
    book: &Book,
    verdicts: &[Verdict],
    count: &mut BTreeMap<&'static str, usize>,
) -> Vec<String> {
    let book = book.lock().expect("not poisoned");
    let mut faults = Vec::new();
    for Verdict {
        rid,
        repeatable,
        result,
    } in verdicts
    {
        let entry = book.get(rid).copied().unwrap_or_default();
        let Entry { executed, asked } = entry;
        let mut fault = |what: &str| {
            faults.push(format!(
                "{rid} asked {asked}, executed {executed}: {what}: {result:?}"
            ));
        };
        if !repeatable && executed > 1 {
            fault("executed more than once");
        }
        if asked > 2 {
            fault("asked more than twice");
        }
        let what = match result {
            Ok(()) => {
                if executed == 0 {
                    fault("succeeded without being executed");
                }
                "success"
            }
            Err(error) => match error.outcome() {
                Outcome::NotExecuted => {
                    if executed > 0 {
                        fault("said to be not executed");
                    }
                    "not executed"
                }
                Outcome::Executed => {
                    if executed == 0 {
                        fault("said to be executed");
                    }
                    "executed"
                }
                Outcome::Unknown => {
                    if error.is_retryable() && !repeatable {
                        fault("said to be fit for another attempt");
                    }
                    "unknown"
                }
            },
        };
        *count.entry(what).or_default() += 1;
    }
    faults
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_outcome_is_false_and_no_switching_call_runs_twice() {
    let seed = seed();
    let mut running = Vec::new();
    for number in 0..AGENTS {
        let scheme = if number < WITH_TLS {
            Scheme::Https
        } else {
            Scheme::Http
        };
        let (conduct, book) = Trickster::new(seed.wrapping_add(number as u64));
        let device = Device::start(scheme, conduct).await;
        let connections = 1 + number % 3;
        let agent = device
            .agent()
            .timeout(Duration::from_millis(1000))
            .max_connections(connections)
            .build()
            .expect("valid");
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| {
                let dice = Dice::new(&[seed, number as u64, task as u64]);
                tokio::spawn(program(agent.clone(), task, dice))
            })
            .collect();
        running.push((device, book, tasks));
    }
    let (mut faults, mut count) = (Vec::new(), BTreeMap::new());
    for (device, book, tasks) in running {
        let mut verdicts = Vec::new();
        for task in tasks {
            verdicts.extend(
                task.await
                    .expect("no call panics or gets the answer to another"),
            );
        }
        // What the device has not yet read or done by now, it still may do.
        eventually("all connections end with their agent", || {
            device.open_connections() == 0
        })
        .await;
        faults.extend(judge(&book, &verdicts, &mut count));
    }
    let shown = faults
        .iter()
        .take(20)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        faults.is_empty(),
        "XERUS_SEED={seed}: {} faults of {count:?}:\n{shown}",
        faults.len()
    );
    // Saying "unknown" all the time would be true as well.
    let all: usize = count.values().sum();
    assert!(all >= SINGLE, "{count:?}");
    for (what, least) in [
        ("success", 6),
        ("not executed", 12),
        ("executed", 40),
        ("unknown", 40),
    ] {
        let times = count.get(what).copied().unwrap_or_default();
        assert!(times >= all / least, "XERUS_SEED={seed}: {what}: {count:?}");
    }
}
