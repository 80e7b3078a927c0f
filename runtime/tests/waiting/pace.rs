//! The device is never asked faster than it told.

use std::time::Duration;

use proptest::prelude::*;
use tokio::time::{Instant, sleep, timeout};
use xerus_rpc::action::Plan;
use xerus_rpc::error::ErrorKind;

use crate::device::{Device, Fail, Hang, Later, Say, Step, begun, seconds};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        Just(Say(r#"{"_ret_":1}"#)),
        Just(Say("{}")),
        Just(Say("<html>")),
        Just(Fail(|| ErrorKind::ConnectionLost.into())),
        Just(Hang),
        (0u64..20).prop_map(|time| Later(seconds(time), r#"{"_ret_":2}"#)),
    ];
    proptest::collection::vec(step, 1..12)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

/// That each check comes at least so long after the one before, and the first after the delay.
fn assert_pace(began: Instant, checks: &[Instant], told: (u64, u64, u64)) {
    let (delay, interval, increase) = told;
    assert!(checks[0] >= began + seconds(delay));
    let mut least = seconds(interval);
    for pair in checks.windows(2) {
        assert!(
            pair[1] - pair[0] >= least,
            "{:?} of {least:?}",
            pair[1] - pair[0]
        );
        least += seconds(increase);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn never_faster_than_told(
        script in steps(), delay in 0u64..30, interval in 1u64..20, increase in 0u64..4, total in 31u64..200,
    ) {
        run(async {
            let device = Device::new(script);
            let plan = Plan::new()
                .delay(seconds(delay))
                .interval(seconds(interval))
                .interval_increase(seconds(increase))
                .timeout(seconds(total));
            let began = Instant::now();
            let end = begun(&device, plan).await.wait().await;
            assert!(end.is_err());
            // The first check has its 10 s in any case.
            assert!(began.elapsed() <= seconds(total.max(delay + 10)), "{:?}", began.elapsed());
            assert_pace(began, &device.times("howFar"), (delay, interval, increase));
        });
    }

    /// Neither when whoever waits looks away, gives up, and comes back, again and again.
    #[test]
    fn nor_when_its_futures_are_dropped(
        script in steps(), looks in proptest::collection::vec((1u64..7000, 0u64..9000), 1..40),
    ) {
        run(async {
            let device = Device::new(script);
            let plan = Plan::new().delay(seconds(3)).interval(seconds(4)).timeout(seconds(120));
            let began = Instant::now();
            let mut action = begun(&device, plan).await;
            for (look, away) in looks {
                let ends = timeout(Duration::from_millis(look), action.wait()).await.is_ok();
                if ends {
                    break;
                }
                sleep(Duration::from_millis(away)).await;
            }
            if let [_, ..] = &device.times("howFar")[..] {
                assert_pace(began, &device.times("howFar"), (3, 4, 0));
            }
            assert_eq!(device.count("begin"), 1);
        });
    }
}

/// An action outlives the runtime in which somebody waited for it.
#[test]
fn another_runtime_may_go_on() {
    let device = Device::new([Say(r#"{"_ret_":1}"#), Say(r#"{"_ret_":100}"#)]);
    let plan = Plan::new()
        .delay(Duration::from_millis(100))
        .interval(Duration::from_millis(100));
    let mut action = run(begun(&device, plan));
    for _ in 0..5 {
        // Dropped with its runtime, while it sleeps.
        let waited = run(async { timeout(Duration::from_millis(1), action.wait()).await });
        assert!(waited.is_err());
    }
    assert_eq!(run(async { action.wait().await }).unwrap(), "4711 done");
}

/// A check that outlasts many looks is not begun anew by each.
#[tokio::test(start_paused = true)]
async fn a_check_under_way_goes_on() {
    let device = Device::new([Later(seconds(8), r#"{"_ret_":100}"#)]);
    let mut action = begun(&device, Plan::new().delay(seconds(1))).await;
    let mut looks = 0;
    let result = loop {
        match timeout(Duration::from_millis(500), action.wait()).await {
            Ok(result) => break result,
            Err(_) => looks += 1,
        }
    };
    assert_eq!(result.unwrap(), "4711 done");
    assert_eq!((looks >= 16, device.count("howFar")), (true, 1));
}
