//! An agent that is used from more than one runtime, and without any.

use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use xerus_rpc::{Agent, Error, Json};

use crate::device::{Asked, BOTH, Device, Scheme, switch};

/// Far less than the time of a call, far more than one takes.
const SOON: Duration = Duration::from_secs(3);

fn current_thread() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// A device that runs on threads of its own for as long as it is held.
struct Elsewhere {
    device: Device,
    _runtime: Runtime,
}

impl Elsewhere {
    fn start(scheme: Scheme) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let device = runtime.block_on(Device::start(scheme, |asked: &Asked| asked.returns("0")));
        Self {
            device,
            _runtime: runtime,
        }
    }

    fn agent(&self) -> Agent {
        self.device.agent().build().expect("valid")
    }
}

/// The call succeeds, and without waiting for anything but the device.
#[track_caller]
fn assert_soon(what: &str, call: impl FnOnce() -> Result<Json, Error>) {
    let start = Instant::now();
    let result = call();
    assert!(result.is_ok(), "{what}: {result:?}");
    assert!(start.elapsed() < SOON, "{what}: {:?}", start.elapsed());
}

#[test]
fn a_second_runtime_does_not_wait_for_one_that_rests() {
    for scheme in BOTH {
        let elsewhere = Elsewhere::start(scheme);
        let agent = elsewhere.agent();
        let (first, second) = (current_thread(), current_thread());
        for round in 0..3 {
            assert_soon(&format!("first {round}"), || first.block_on(switch(&agent)));
            assert_soon(&format!("second {round}"), || {
                second.block_on(switch(&agent))
            });
        }
        let other = agent.clone();
        let thread = std::thread::spawn(move || {
            assert_soon("thread", || current_thread().block_on(switch(&other)));
        });
        thread.join().expect("as described");
        assert_eq!(elsewhere.device.requests(), 7);
    }
}

#[test]
fn a_runtime_that_is_gone_takes_nothing_along() {
    for scheme in BOTH {
        let elsewhere = Elsewhere::start(scheme);
        let agent = elsewhere.agent();
        for round in 0..5 {
            let runtime = current_thread();
            assert_soon(&format!("{round}"), || runtime.block_on(switch(&agent)));
        }
        assert_eq!(elsewhere.device.requests(), 5);
    }
}

#[test]
fn a_runtime_that_is_gone_leaves_no_connection_open() {
    for scheme in BOTH {
        let elsewhere = Elsewhere::start(scheme);
        let agent = elsewhere.device.agent().max_connections(6);
        let agent = agent.build().expect("valid");
        let runtime = current_thread();
        runtime.block_on(async {
            let calls = (0..6).map(|_| switch(&agent));
            for result in futures_util::future::join_all(calls).await {
                result.expect("an answer");
            }
        });
        drop(runtime);
        // Far sooner than an idle connection is closed, and the agent lives on.
        let start = Instant::now();
        while elsewhere.device.open_connections() > 0 {
            let left = elsewhere.device.open_connections();
            assert!(start.elapsed() < SOON, "{scheme:?}: {left} remain");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_soon("later", || current_thread().block_on(switch(&agent)));
    }
}

#[test]
fn runtimes_that_run_side_by_side_share_an_agent() {
    for scheme in BOTH {
        let elsewhere = Elsewhere::start(scheme);
        let agent = elsewhere.agent();
        let threads: Vec<_> = (0..3)
            .map(|thread| {
                let agent = agent.clone();
                std::thread::spawn(move || {
                    let runtime = current_thread();
                    for round in 0..20 {
                        let what = format!("{scheme:?} {thread} {round}");
                        assert_soon(&what, || runtime.block_on(switch(&agent)));
                        if round % 5 == 0 {
                            std::thread::sleep(Duration::from_millis(3));
                        }
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("as described");
        }
        assert_eq!(elsewhere.device.requests(), 60);
    }
}

#[test]
fn a_call_given_up_with_its_runtime_keeps_no_place_in_the_queue() {
    let elsewhere = Elsewhere::start(Scheme::Http);
    let agent = elsewhere.agent();
    for _ in 0..5 {
        let runtime = current_thread();
        let other = agent.clone();
        // It has the only place, or waits for it, when its runtime goes.
        runtime.spawn(async move { switch(&other).await });
        runtime.block_on(tokio::task::yield_now());
        drop(runtime);
        let runtime = current_thread();
        assert_soon("after it", || runtime.block_on(switch(&agent)));
    }
}

#[test]
fn without_a_runtime_a_call_says_what_it_needs() {
    let elsewhere = Elsewhere::start(Scheme::Http);
    let agent = elsewhere.agent();
    let call = agent.call("/x", "setPowerState", Json::EMPTY_OBJECT).send();
    let mut call = std::pin::pin!(call);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(result) = call.as_mut().poll(&mut context) else {
        panic!("waits for a runtime that is not there")
    };
    let error = result.expect_err("no runtime");
    assert_eq!(error.code(), "Config.Unsupported", "{error:?}");
    assert_eq!(error.outcome(), xerus_rpc::Outcome::NotExecuted);
    assert_eq!(elsewhere.device.requests(), 0);
}

#[cfg(feature = "blocking")]
mod blocking {
    use xerus_rpc::Outcome;

    use super::*;

    fn blocking(agent: &Agent) -> Result<Json, Error> {
        agent
            .call("/model/pdu/0", "setPowerState", Json::EMPTY_OBJECT)
            .send_blocking()
    }

    #[test]
    fn blocking_and_other_calls_take_turns() {
        for scheme in BOTH {
            let elsewhere = Elsewhere::start(scheme);
            let agent = elsewhere.agent();
            let runtime = current_thread();
            for round in 0..3 {
                assert_soon(&format!("blocking {round}"), || blocking(&agent));
                assert_soon(&format!("other {round}"), || {
                    runtime.block_on(switch(&agent))
                });
            }
            assert_eq!(elsewhere.device.requests(), 6);
        }
    }

    #[test]
    fn a_blocking_call_that_would_starve_its_runtime_says_so_at_once() {
        let elsewhere = Elsewhere::start(Scheme::Http);
        let agent = elsewhere.agent();
        let runtime = current_thread();
        let start = Instant::now();
        let error = runtime
            .block_on(async { blocking(&agent) })
            .expect_err("it would starve");
        assert!(start.elapsed() < SOON);
        assert_eq!(
            (error.code(), error.outcome()),
            ("Config.Unsupported", Outcome::NotExecuted),
            "{error:?}"
        );
        assert_eq!(elsewhere.device.requests(), 0);
        // Where blocking is permitted it works, inside a runtime as well.
        let agent = elsewhere.agent();
        let other = agent.clone();
        let result =
            runtime.block_on(async { tokio::task::spawn_blocking(move || blocking(&other)).await });
        result.expect("joined").expect("an answer");
        let several = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let result = several.block_on(async { tokio::task::block_in_place(|| blocking(&agent)) });
        result.expect("an answer");
    }
}
