//! Where other clients lose an answer, take a wrong one, or do something twice: what agents do. `docs/behaviour.md` has the whole
//! table; rows that have a test elsewhere are not repeated here.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Builder;
use xerus_rpc::bulk::AutoBulk;
use xerus_rpc::rt::{self, Method};
use xerus_rpc::{Agent, Json, Object, Polymorphic};

use crate::bindings::event::UserEvent;
use crate::bindings::idl::Event;
use crate::device::{Asked, Device, Scheme, http, in_time, raw};
use crate::many::echo;

const THREADS: usize = 16;

/// A bulk of as many calls as given, each with a value of its own; counts the answers that are not those of the calls.
async fn wrong_answers(agent: &Agent, first: usize, calls: usize) -> usize {
    let call = |value: usize| {
        let params: Json = format!(r#"{{"value":{value}}}"#).parse().expect("JSON");
        agent.call("/model/pdu/0", "getState", params)
    };
    let values = first..first + calls;
    let results = agent
        .bulk(values.clone().map(call))
        .await
        .expect("an answer");
    assert_eq!(results.len(), calls);
    let right = |(value, result): (usize, Result<Json, _>)| {
        result.is_ok_and(|result| result.get() == format!(r#"{{"_ret_":{value}}}"#))
    };
    values
        .zip(results)
        .filter(|pair| !right((pair.0, pair.1.clone())))
        .count()
}

/// A runtime for each of so many threads, which do this at the same time; the sum of what they count.
fn on_threads(work: impl Fn(usize) -> usize + Sync) -> usize {
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..THREADS)
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        let counts = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        counts.sum()
    })
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// Devices on threads of their own, for as long as the runtime lives.
fn devices(scheme: Scheme, count: usize) -> (tokio::runtime::Runtime, Vec<Device>) {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let devices = runtime.block_on(async {
        let mut devices = Vec::new();
        for _ in 0..count {
            devices.push(Device::start(scheme, echo).await);
        }
        devices
    });
    (runtime, devices)
}

#[test]
fn sixteen_threads_that_share_an_agent_get_no_wrong_answer() {
    const ROUNDS: usize = 5;
    let (_running, devices) = devices(Scheme::Http, 1);
    for options in [None, Some(AutoBulk::new())] {
        let agent = devices[0].agent();
        let agent = match options {
            Some(options) => agent.auto_bulk(options),
            None => agent,
        };
        let agent = agent.build().expect("valid");
        let wrong = on_threads(|number| {
            let rounds = (0..ROUNDS).map(|round| (number * ROUNDS + round) * 100);
            let work = async {
                let mut wrong = 0;
                for first in rounds {
                    wrong += wrong_answers(&agent, first, 10).await;
                }
                wrong
            };
            runtime().block_on(in_time(work))
        });
        assert_eq!(wrong, 0);
    }
    assert_eq!(devices[0].requests(), 2 * THREADS * ROUNDS);
}

#[test]
fn sixteen_threads_with_agents_of_their_own_get_no_wrong_answer() {
    let (_running, devices) = devices(Scheme::Http, 200);
    let next = AtomicUsize::new(0);
    let wrong = on_threads(|_| {
        let work = async {
            let mut wrong = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(device) = devices.get(number) else {
                    return wrong;
                };
                let agent = device.agent().build().expect("valid");
                wrong += wrong_answers(&agent, number * 100, 20).await;
            }
        };
        runtime().block_on(in_time(work))
    });
    assert_eq!(wrong, 0);
    for device in &devices {
        assert_eq!((device.requests(), device.connections()), (1, 1));
    }
}

#[test]
fn two_hundred_devices_in_bulk_over_https_answer_on_one_connection_each() {
    use futures_util::stream::{self, StreamExt as _};
    let (_running, devices) = devices(Scheme::Https, 200);
    let agents: Vec<Agent> = devices
        .iter()
        .map(|device| device.agent().build().expect("valid"))
        .collect();
    let snapshot = |number: usize| {
        let agent = agents[number].clone();
        // Two requests for each device, one after the other.
        async move {
            let first = wrong_answers(&agent, number * 100, 30).await;
            first + wrong_answers(&agent, number * 100 + 50, 30).await
        }
    };
    let wrong: usize = runtime().block_on(in_time(async {
        let wrong = stream::iter(0..agents.len())
            .map(snapshot)
            .buffer_unordered(16);
        wrong.fold(0, |sum, wrong| async move { sum + wrong }).await
    }));
    assert_eq!(wrong, 0);
    for device in &devices {
        assert_eq!((device.requests(), device.connections()), (2, 1));
    }
}

#[tokio::test]
async fn an_event_of_an_unknown_type_keeps_its_data_and_loses_no_other() {
    static POLL: Method = Method::new(
        "event.Channel:1.0.1",
        "pollEvents",
        &[],
        &["_ret_", "events"],
    );
    let event = |id: &str, more: &str| {
        format!(
            r#"{{"type":"{id}","value":{{"source":null,"actUserName":"admin","actIpAddr":""{more}}}}}"#
        )
    };
    let known = event("event.UserEvent:1.0.0", "");
    let unknown = event("next.Firmware_2_0_0.ThingEvent:1.0.0", r#","thing":[7]"#);
    let result = format!(r#"{{"_ret_":false,"events":[{known},{unknown},{known}]}}"#);
    let device =
        Device::http(move |asked: &Asked| raw(http(200, "", asked.document(&result)))).await;
    let agent = device.agent().build().expect("valid");
    let poll = rt::tuple(&Object::at(&agent, "/channel"), &POLL, &[]);
    let (more, events): (bool, Vec<Polymorphic<Event>>) = in_time(poll).await.expect("events");
    assert!(!more);
    let users: Vec<bool> = events.iter().map(Polymorphic::is::<UserEvent>).collect();
    assert_eq!(users, [true, false, true]);
    let kept = &events[1];
    assert_eq!(
        kept.wire_id().as_str(),
        "next.Firmware_2_0_0.ThingEvent:1.0.0"
    );
    assert!(kept.base().is_some() && kept.raw().get().contains(r#""thing":[7]"#));
}

/// The tests that the page names: file and function.
fn named(page: &str) -> BTreeSet<(String, String)> {
    let row = |line: &str| {
        let cell = line
            .strip_prefix('|')?
            .strip_suffix('|')?
            .rsplit('|')
            .next()?;
        let tests = cell.split('`').skip(1).step_by(2).map(str::to_owned);
        Some(tests.collect::<Vec<_>>())
    };
    let tests = page.lines().filter_map(row).flatten();
    tests
        .map(|test| {
            let (file, name) = test.split_once("::").expect("FILE::NAME");
            (file.to_owned(), name.to_owned())
        })
        .collect()
}

#[test]
fn every_test_that_the_page_names_is_there() {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &Path| {
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let tests = named(&read(&crate_folder.join("../docs/behaviour.md")));
    assert!(tests.len() > 10, "{tests:?}");
    for (file, name) in tests {
        let text = read(&crate_folder.join("tests").join(&file));
        let declared = text.split(&format!("fn {name}()")).collect::<Vec<_>>();
        let [before, _] = declared.as_slice() else {
            panic!("{file} has no test {name}");
        };
        let attribute = before.trim_end_matches("async ").trim_end().lines().last();
        assert!(
            attribute.is_some_and(
                |line| line.starts_with("#[test]") || line.starts_with("#[tokio::test")
            ),
            "{name} is no test: {attribute:?}"
        );
    }
}
