//! Devices that close the connection after an answer without having said so.
//!
//! The first answer is on its way before anybody can know it, so one call may meet the end of the connection. After that
//! the agent has seen it: every call that must not be made twice goes out on a fresh connection.

use std::time::Duration;

use xerus_rpc::Agent;

use crate::device::{Asked, Device, Scheme, Step, get, switch};

/// How such a device ends its connections.
#[derive(Clone, Debug)]
struct Habit {
    /// How long after the answer.
    after: Duration,
    end: Step,
}

impl Habit {
    const fn new(micros: u64, end: Step) -> Self {
        Self {
            after: Duration::from_micros(micros),
            end,
        }
    }

    async fn device(self, scheme: Scheme) -> Device {
        Device::start(scheme, move |asked: &Asked| {
            let mut steps = asked.returns(&asked.number.to_string());
            if !self.after.is_zero() {
                steps.push(Step::Wait(self.after));
            }
            steps.push(self.end.clone());
            steps
        })
        .await
    }
}

/// Makes one call, and waits until the next call will see the end of its connection.
async fn meet_one_end(agent: &Agent, habit: &Habit) {
    switch(agent).await.expect("nothing was in its way");
    tokio::time::sleep(habit.after + Duration::from_millis(50)).await;
}

/// Back-to-back calls after the first end: not one may fail, and each is made once.
async fn assert_no_failure(scheme: Scheme, habit: Habit, calls: usize) {
    let device = habit.clone().device(scheme).await;
    let agent = device.agent().build().expect("valid");
    meet_one_end(&agent, &habit).await;
    for number in 0..calls {
        let result = switch(&agent).await;
        let value =
            result.unwrap_or_else(|error| panic!("{scheme:?} {habit:?} {number}: {error:?}"));
        assert_eq!(value.get(), format!(r#"{{"_ret_":{}}}"#, number + 1));
    }
    assert_eq!(device.requests(), calls + 1, "{scheme:?} {habit:?}");
}

const HABITS: [Habit; 8] = [
    Habit::new(0, Step::Close),
    Habit::new(0, Step::Reset),
    Habit::new(20, Step::Close),
    Habit::new(100, Step::Close),
    Habit::new(300, Step::Fin),
    Habit::new(1000, Step::Close),
    Habit::new(100, Step::Reset),
    Habit::new(3000, Step::Close),
];

#[tokio::test]
async fn a_device_seen_to_close_makes_no_switching_call_fail() {
    // Those with the long delays get fewer calls; 4 000 in all.
    for (habit, calls) in HABITS
        .into_iter()
        .zip([700, 600, 700, 700, 500, 300, 400, 100])
    {
        assert_no_failure(Scheme::Http, habit, calls).await;
    }
}

#[tokio::test]
async fn a_device_with_tls_seen_to_close_makes_no_switching_call_fail() {
    for habit in HABITS {
        assert_no_failure(Scheme::Https, habit.clone(), 40).await;
        // An end without `close_notify` is an end, too.
        let end = Step::Fin;
        assert_no_failure(Scheme::Https, Habit { end, ..habit }, 20).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_several_threads_it_is_the_same() {
    for (habit, calls) in HABITS
        .into_iter()
        .zip([300, 300, 300, 300, 200, 100, 200, 50])
    {
        assert_no_failure(Scheme::Http, habit, calls).await;
    }
}

#[tokio::test]
async fn without_a_pause_one_call_may_meet_the_end_and_none_after_it() {
    for scheme in crate::device::BOTH {
        for habit in HABITS {
            let device = habit.clone().device(scheme).await;
            let agent = device.agent().build().expect("valid");
            switch(&agent).await.expect("nothing was in its way");
            // Either it met the end or the end was seen before.
            let second = switch(&agent).await;
            if let Err(error) = &second {
                assert_eq!(
                    error.code(),
                    "ConnectionLost",
                    "{scheme:?} {habit:?}: {error:?}"
                );
            }
            for number in 0..30 {
                let result = switch(&agent).await;
                assert!(
                    result.is_ok(),
                    "{scheme:?} {habit:?} {number}: {second:?}, {result:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn callers_at_once_and_reading_calls_between_do_not_change_that() {
    for scheme in crate::device::BOTH {
        let habit = Habit::new(100, Step::Close);
        let device = habit.clone().device(scheme).await;
        let agent = device.agent().build().expect("valid");
        meet_one_end(&agent, &habit).await;
        let tasks: Vec<_> = (0..50)
            .map(|number| {
                let agent = agent.clone();
                tokio::spawn(async move {
                    if number % 3 == 0 {
                        get(&agent).await
                    } else {
                        switch(&agent).await
                    }
                })
            })
            .collect();
        for task in tasks {
            let result = task.await.expect("no panic");
            assert!(result.is_ok(), "{scheme:?}: {result:?}");
        }
        assert_eq!(device.requests(), 51, "{scheme:?}");
    }
}

#[tokio::test]
async fn a_device_that_keeps_its_connections_is_not_taken_for_one_that_closes() {
    for scheme in crate::device::BOTH {
        let device = Device::start(scheme, |asked: &Asked| asked.returns("1")).await;
        let agent = device.agent().build().expect("valid");
        for number in 0..200 {
            if number % 2 == 0 {
                switch(&agent).await.expect("an answer");
            } else {
                get(&agent).await.expect("an answer");
            }
        }
        assert_eq!((device.requests(), device.connections()), (200, 1));
    }
}
