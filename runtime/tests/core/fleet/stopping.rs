//! Devices that fail, times that are over, runs that are stopped.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_failure_is_that_of_its_device_alone() {
    let results = fleet(50)
        .run(|device| async move {
            if device.index() % 10 == 3 {
                return Err(failure());
            }
            Ok(device.index())
        })
        .collect_all()
        .await;
    for (key, result) in results {
        match result {
            Ok(index) => assert_eq!(index, key),
            Err(FleetError::Failed(error)) => {
                assert_eq!((key % 10, error.code()), (3, "ConnectionLost"));
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_cannot_be_made_fails_its_device() {
    let fleet = Fleet::lazy(0..100, |key| {
        if *key % 2 == 0 {
            return Err(Error::new(ErrorKind::Config(ConfigError::Unsupported(
                "even",
            ))));
        }
        Ok(memory())
    });
    let run = fleet.cap(1).run(|_| async { Ok::<_, Error>(()) });
    let progress = run.progress();
    for (key, result) in run.collect_all().await {
        match result {
            Ok(()) => assert_eq!(key % 2, 1),
            Err(error) => {
                assert!(matches!(&error, FleetError::NoAgent(_)), "{error}");
                assert!(error.is_not_begun());
                assert_eq!(error.outcome(), Outcome::NotExecuted);
                assert!(error.to_string().contains("nothing was sent"), "{error}");
            }
        }
    }
    let counts = progress.counts();
    assert_eq!((counts.done, counts.failed), (50, 50));
}

#[tokio::test(start_paused = true)]
async fn a_device_has_its_time() {
    let gauge = Gauge::default();
    let inside = gauge.clone();
    let start = Instant::now();
    let results = fleet(32)
        .run(move |device| {
            let inside = inside.enter();
            async move {
                if device.index() == 0 {
                    pending::<()>().await;
                }
                drop(inside);
                Ok::<_, Error>(())
            }
        })
        .device_timeout(ms(500))
        .in_order()
        .collect_all()
        .await;
    assert_eq!((start.elapsed(), gauge.now()), (ms(500), 0));
    let error = results[0].1.as_ref().unwrap_err();
    let FleetError::Dropped(Stop::DeviceTimeout(limit)) = error else {
        panic!("{error}");
    };
    assert_eq!((*limit, error.outcome()), (ms(500), Outcome::Unknown));
    assert!(!error.is_not_begun());
    assert!(results[1..].iter().all(|(_, result)| result.is_ok()));
}

#[tokio::test(start_paused = true)]
async fn a_run_has_its_time_and_says_what_it_left() {
    let gauge = Gauge::default();
    let inside = gauge.clone();
    let mut run = fleet(100)
        .cap(10)
        .run(move |device| {
            let inside = inside.enter();
            async move {
                // The first ten end just in time.
                sleep(ms(if device.index() < 10 { 100 } else { 1000 })).await;
                drop(inside);
                Ok::<_, Error>(())
            }
        })
        .run_timeout(ms(100));
    let progress = run.progress();
    // The time begins when it is awaited.
    sleep(ms(3000)).await;
    let start = Instant::now();
    let (mut done, mut dropped, mut left) = (Vec::new(), Vec::new(), Vec::new());
    while let Some((key, result)) = run.next().await {
        match result {
            Ok(()) => done.push(key),
            Err(error @ FleetError::Dropped(Stop::RunTimeout(_))) => {
                assert_eq!(error.outcome(), Outcome::Unknown);
                dropped.push(key);
            }
            Err(error @ FleetError::NotBegun(Stop::RunTimeout(_))) => {
                assert_eq!(error.outcome(), Outcome::NotExecuted);
                left.push(key);
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((start.elapsed(), gauge.now()), (ms(100), 0));
    assert_eq!(done, (0..10).collect::<Vec<_>>());
    assert!(dropped.len() <= 10);
    assert_eq!(left, (10 + dropped.len()..100).collect::<Vec<_>>());
    let counts = progress.counts();
    assert_eq!(
        (counts.failed, counts.not_begun, counts.left),
        (dropped.len(), left.len(), 0)
    );
    assert!(run.next().await.is_none(), "and stays at its end");
}

#[tokio::test(start_paused = true)]
async fn after_some_failures_no_more_are_begun() {
    let mut run = fleet(100)
        .cap(4)
        .run(|device| async move {
            sleep(ms(10 + device.index() as u64)).await;
            match device.index() {
                20 | 21 => Err(failure()),
                index => Ok(index),
            }
        })
        .stop_after(2);
    let (mut done, mut failed, mut left) = (0, 0, Vec::new());
    while let Some((key, result)) = run.next().await {
        match result {
            Ok(_) => done += 1,
            Err(FleetError::Failed(_)) => failed += 1,
            Err(error) => {
                assert!(
                    matches!(error, FleetError::NotBegun(Stop::Failures(2))),
                    "{error}"
                );
                assert!(error.to_string().contains("2 devices failed"), "{error}");
                left.push(key);
            }
        }
    }
    // Those under way went on to their end.
    assert_eq!((done, failed), (23, 2));
    assert_eq!(left, (25..100).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn canaries_go_first() {
    let run = |bad: usize| {
        let gauge = Gauge::default();
        let inside = gauge.clone();
        let run = fleet(50).run(move |device| {
            let inside = inside.enter();
            async move {
                sleep(ms(10)).await;
                drop(inside);
                if device.index() == bad {
                    return Err(failure());
                }
                Ok(())
            }
        });
        (run.canary(3), gauge)
    };
    let (mut sound, gauge) = run(40);
    for _ in 0..3 {
        assert!(sound.next().await.unwrap().1.is_ok());
        assert!(gauge.most() <= 3);
    }
    let results = sound.collect_all().await;
    assert_eq!(gauge.most(), 16);
    assert_eq!(results.len(), 47);
    assert_eq!(results.iter().filter(|(_, one)| one.is_err()).count(), 1);

    let (failing, gauge) = run(1);
    let results = failing.collect_all().await;
    assert_eq!(gauge.most(), 3);
    for (key, result) in results {
        match key {
            1 => assert!(matches!(result, Err(FleetError::Failed(_)))),
            0 | 2 => assert!(result.is_ok()),
            _ => assert!(matches!(
                result,
                Err(FleetError::NotBegun(Stop::Failures(1)))
            )),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_run_leaves_nothing_behind() {
    let gauge = Gauge::default();
    let inside = gauge.clone();
    let fleet = fleet(100);
    let mut run = fleet.run(move |_| {
        let inside = inside.enter();
        async move {
            pending::<()>().await;
            drop(inside);
            Ok::<_, Error>(())
        }
    });
    assert!(!once(&mut run).await);
    assert_eq!(gauge.now(), 16);
    let progress = run.progress();
    drop(run);
    assert_eq!(gauge.now(), 0);
    let counts = progress.counts();
    assert_eq!((counts.failed, counts.left, counts.under_way), (16, 84, 0));
    // And all places are free again.
    let next = fleet.run(|_| async { Ok::<_, Error>(()) });
    assert!(next.collect_all().await.iter().all(|(_, one)| one.is_ok()));
}

#[test]
fn what_is_shown_holds_no_keys() {
    let fleet = Fleet::new([("secret", memory())]);
    let run = fleet.run(|_| async { Ok::<_, Error>(()) });
    let shown = format!("{fleet:?} {run:?}");
    assert!(!shown.contains("secret"), "{shown}");
    assert_eq!(fleet.keys().collect::<Vec<_>>(), [&"secret"]);
}

#[cfg(feature = "blocking")]
#[test]
fn all_results_without_async() {
    let run = fleet(30).run(|device| async move { Ok::<_, Error>(device.index()) });
    let results = run.collect_all_blocking().unwrap();
    let values: Vec<_> = results.into_iter().map(|(_, one)| one.unwrap()).collect();
    assert_eq!(values, (0..30).collect::<Vec<_>>());
}
