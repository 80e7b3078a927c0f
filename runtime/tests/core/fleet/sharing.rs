//! Several runs on one fleet.

use super::*;

type Log = Arc<Mutex<Vec<(&'static str, usize)>>>;

/// A run whose devices take 10 ms each, and note when they begin.
fn noted(
    fleet: &Fleet<usize>,
    name: &'static str,
    gauge: &Gauge,
    log: &Log,
) -> Run<usize, (), Error> {
    let (gauge, log) = (gauge.clone(), log.clone());
    fleet.run(move |device| {
        let inside = gauge.enter();
        log.lock().unwrap().push((name, device.index()));
        async move {
            sleep(ms(10)).await;
            drop(inside);
            Ok(())
        }
    })
}

#[tokio::test(start_paused = true)]
async fn runs_share_the_places_in_turn() {
    let (fleet, gauge, log) = (fleet(60).cap(6), Gauge::default(), Log::default());
    let one = noted(&fleet, "one", &gauge, &log).collect_all();
    let other = async {
        sleep(ms(15)).await;
        noted(&fleet.clone(), "other", &gauge, &log)
            .collect_all()
            .await
    };
    let (one, other) = tokio::join!(one, other);
    assert_eq!((one.len(), other.len(), gauge.most()), (60, 60, 6));
    let log = log.lock().unwrap();
    let first = log.iter().position(|(name, _)| *name == "other").unwrap();
    assert!(first <= 18, "it had a place soon: {first}");
    // While both had devices left, each got half.
    let window = &log[first..first + 40];
    let share = window.iter().filter(|(name, _)| *name == "other").count();
    assert!((15..=25).contains(&share), "{share} of 40: {window:?}");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_ends_gives_its_turn_away() {
    let fleet = fleet(20).cap(1);
    let mut holder = fleet.run(|device| async move {
        if device.index() == 0 {
            sleep(ms(100)).await;
        }
        Ok::<_, Error>(())
    });
    assert!(!once(&mut holder).await);
    // Waits for a place until its time is over, and must not be given one after that.
    let mut late = fleet
        .run(|_| async { Ok::<_, Error>(()) })
        .run_timeout(ms(50));
    let (_, first) = late.next().await.unwrap();
    assert!(first.unwrap_err().is_not_begun());
    let results = holder.collect_all().await;
    assert!(results.iter().all(|(_, one)| one.is_ok()));
    assert_eq!(late.collect_all().await.len(), 19);
}

#[tokio::test(start_paused = true)]
async fn halves_share_the_places() {
    let (fleet, gauge, log) = (fleet(40).cap(4), Gauge::default(), Log::default());
    let halves = [0, 1].map(|half| fleet.filter(|key| key % 2 == half));
    let runs = halves.map(|half| noted(&half, "half", &gauge, &log));
    let [even, odd] = runs.map(|run| tokio::spawn(run.collect_all()));
    let (even, odd) = (even.await.unwrap(), odd.await.unwrap());
    assert_eq!(gauge.most(), 4);
    let keys = even.iter().chain(&odd).map(|(key, _)| *key);
    assert_eq!(keys.collect::<BTreeSet<_>>().len(), 40);
    assert!(even.iter().all(|(key, one)| key % 2 == 0 && one.is_ok()));
}

#[test]
fn the_cap_has_bounds() {
    for (asked, got) in [(0, 1), (1, 1), (16, 16), (1024, 1024), (5000, 1024)] {
        let shown = format!("{:?}", fleet(1).cap(asked));
        assert!(shown.contains(&format!("cap: {got},")), "{shown}");
    }
}

/// One run waits for a place while another, which nobody awaits, has a claim to it: it must neither spin nor be forgotten.
#[tokio::test(start_paused = true)]
async fn a_run_that_waits_is_woken_when_it_may_go_on() {
    let fleet = fleet(30).cap(2);
    let ten = |_| async {
        sleep(ms(10)).await;
        Ok::<_, Error>(())
    };
    let mut long = fleet.run(ten);
    assert!(!once(&mut long).await);
    let mut idle = fleet.run(ten);
    assert!(!once(&mut idle).await, "waits for a place");
    // Its share is one of the two places; the rest goes on with the other.
    for _ in 0..10 {
        assert!(long.next().await.unwrap().1.is_ok());
    }
    assert_eq!(idle.progress().counts().left, 30);
    let start = Instant::now();
    drop(idle);
    let rest = long.collect_all().await;
    assert_eq!(rest.len(), 20);
    assert!(start.elapsed() <= ms(110), "both places again");
}

/// Wherever a run is given up, nothing of it is left: no work, and no place.
#[tokio::test(start_paused = true)]
async fn a_run_can_be_dropped_anywhere() {
    let fleet = fleet(9).cap(3);
    let gauge = Gauge::default();
    for polls in 0..40 {
        let (mut one, mut other) = [(); 2]
            .map(|()| {
                let inside = gauge.clone();
                fleet.run(move |device| {
                    let inside = inside.enter();
                    async move {
                        for _ in 0..device.index() % 4 {
                            tokio::task::yield_now().await;
                        }
                        drop(inside);
                        Ok::<_, Error>(())
                    }
                })
            })
            .into();
        for _ in 0..polls {
            once(&mut one).await;
            once(&mut other).await;
            // Wakes those that yielded.
            tokio::task::yield_now().await;
        }
        drop(one);
        assert!(gauge.now() <= 3);
        let rest = other.collect_all().await;
        assert!(rest.iter().all(|(_, result)| result.is_ok()));
        assert_eq!(gauge.now(), 0);
    }
    let all = fleet
        .run(|_| async { Ok::<_, Error>(()) })
        .collect_all()
        .await;
    assert_eq!((all.len(), gauge.most()), (9, 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_on_two_threads_keep_to_the_cap_together() {
    let (fleet, gauge) = (fleet(600).cap(8), Gauge::default());
    let tasks = [0, 1, 2].map(|third| {
        let inside = gauge.clone();
        let run = fleet.filter(|key| key % 3 == third).run(move |device| {
            let inside = inside.enter();
            async move {
                let nowhere = device.agent().call("/o", "getState", Json::EMPTY_OBJECT);
                let result = nowhere.await;
                tokio::task::yield_now().await;
                drop(inside);
                result
            }
        });
        tokio::spawn(run.collect_all())
    });
    for task in tasks {
        let results = task.await.unwrap();
        assert_eq!(results.len(), 200);
        let statuses = results.iter().filter_map(|(_, result)| {
            let error = result.as_ref().err()?.failure()?;
            error.http_status()
        });
        assert!(statuses.eq([404; 200]));
    }
    assert!(gauge.most() <= 8, "{}", gauge.most());
}
