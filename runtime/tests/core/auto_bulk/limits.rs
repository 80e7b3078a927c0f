//! How many calls a request takes, and how long it waits for them.

use std::time::Duration;

use futures_util::future::join_all;
use xerus_rpc::bulk::AutoBulk;
use xerus_rpc::{Json, Settings};

use super::device::{Device, When, assert_own};

#[tokio::test]
async fn requests_keep_to_the_limits_of_calls() {
    let mut settings = Settings::default();
    settings.bulk_calls = 20;
    let started = Device::echo(When::Polls(2)).start_with(AutoBulk::new(), settings);
    let results = join_all((0..50).map(|number| started.read(number).into_future())).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_own(result, number);
    }
    assert_eq!(started.sizes(), [20, 20, 10]);
}

#[tokio::test]
async fn requests_keep_to_the_limit_of_bytes_and_a_large_call_goes_alone() {
    let mut settings = Settings::default();
    settings.bulk_bytes = 2000;
    let started = Device::echo(When::Polls(2)).start_with(AutoBulk::new(), settings);
    let large: Json = format!(r#"{{"text":"{}"}}"#, "x".repeat(5000))
        .parse()
        .unwrap();
    let calls = (0..40).map(|number| match number {
        20 => started.agent.call("/o/20", "getLabel", large.clone()),
        _ => started.read(number),
    });
    let results = join_all(calls.map(IntoFuture::into_future)).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_own(result, number);
    }
    for asked in started.asked() {
        assert!(asked.bytes <= 2000 || asked.rid == "/o/20", "{asked:?}");
    }
    assert_eq!(started.sizes().iter().filter(|size| **size == 0).count(), 1);
    assert!(started.sizes().len() <= 6, "{:?}", started.sizes());
}

#[tokio::test(start_paused = true)]
async fn a_window_waits_for_calls_that_come_one_after_the_other() {
    let options = AutoBulk::new().window(Duration::from_millis(20));
    let started = Device::echo(When::Polls(0)).start_with(options, Settings::default());
    let begin = tokio::time::Instant::now();
    let late = |number: usize| {
        let call = started.read(number);
        async move {
            tokio::time::sleep(Duration::from_millis(5 * number as u64)).await;
            let result = call.await;
            (result, begin.elapsed())
        }
    };
    let results = join_all((0..6).map(late)).await;
    let times: Vec<_> = results.iter().map(|(_, time)| time.as_millis()).collect();
    for (number, (result, _)) in results.into_iter().enumerate() {
        assert_own(result, number);
    }
    // Those of the first 20 ms, and the rest. The one that comes as the window ends may be in either.
    let sizes = started.sizes();
    assert!(sizes == [4, 2] || sizes == [5, 0], "{sizes:?}");
    assert!(
        times[..4].iter().all(|time| (20..=22).contains(time)),
        "{times:?}"
    );
    assert!(times[5] >= 40, "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_full_request_waits_for_no_window() {
    let options = AutoBulk::new().window(Duration::from_secs(5));
    let mut settings = Settings::default();
    settings.bulk_calls = 4;
    let started = Device::echo(When::Polls(0)).start_with(options, settings);
    let begin = tokio::time::Instant::now();
    let results = join_all((0..4).map(|number| started.read(number).into_future())).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_own(result, number);
    }
    assert_eq!(started.sizes(), [4]);
    assert!(begin.elapsed() < Duration::from_millis(100));
}
