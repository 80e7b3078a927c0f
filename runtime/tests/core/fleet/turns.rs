//! Who has a turn when, and in which order results come.

use super::*;

#[tokio::test(start_paused = true)]
async fn no_more_than_the_cap_are_under_way_and_they_begin_in_order() {
    let (gauge, begun) = (Gauge::default(), Arc::new(Mutex::new(Vec::new())));
    let (inside, log) = (gauge.clone(), begun.clone());
    let run = fleet(100).cap(7).run(move |device| {
        let inside = inside.enter();
        log.lock().unwrap().push(*device.key());
        async move {
            sleep(ms(100 - device.index() as u64)).await;
            drop(inside);
            Ok::<_, Error>(*device.key())
        }
    });
    is_send(&run);
    let results = run.collect_all().await;
    assert_eq!(gauge.most(), 7);
    assert_eq!(*begun.lock().unwrap(), (0..100).collect::<Vec<_>>());
    for (place, (key, result)) in results.into_iter().enumerate() {
        assert_eq!((key, result.unwrap()), (place, place));
    }
}

#[tokio::test(start_paused = true)]
async fn results_come_as_devices_end_or_in_order() {
    let slow_first = |device: xerus_rpc::fleet::Device<usize>| async move {
        sleep(ms(if device.index() == 0 { 50 } else { 1 })).await;
        Ok::<_, Error>(())
    };
    let keys = |in_order| async move {
        let mut run = fleet(40).run(slow_first);
        if in_order {
            run = run.in_order();
        }
        let mut keys = Vec::new();
        while let Some((key, _)) = run.next().await {
            keys.push(key);
        }
        keys
    };
    let as_they_end = keys(false).await;
    assert_eq!(as_they_end.last(), Some(&0), "the slow one held nobody up");
    assert_eq!(as_they_end.len(), 40);
    assert_eq!(keys(true).await, (0..40).collect::<Vec<_>>());
}

/// Sixteen places, one of which never gets free.
#[tokio::test(start_paused = true)]
async fn a_device_that_hangs_takes_its_own_place_only() {
    let start = Instant::now();
    let mut run = fleet(301).run(|device| async move {
        if device.index() == 5 {
            pending::<()>().await;
        }
        sleep(ms(10)).await;
        Ok::<_, Error>(())
    });
    for _ in 0..300 {
        let (key, result) = run.next().await.unwrap();
        assert!(key != 5 && result.is_ok());
    }
    // 300 devices on 15 places, 10 ms each.
    assert_eq!(start.elapsed(), ms(200));
    let counts = run.progress().counts();
    assert_eq!((counts.under_way, counts.done, counts.left), (1, 300, 0));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_takes_nothing_stops_the_beginning() {
    let begun = Arc::new(AtomicUsize::new(0));
    let count = begun.clone();
    let mut run = fleet(1000).cap(4).run(move |_| {
        count.fetch_add(1, SeqCst);
        async { Ok::<_, Error>([0_u8; 1000]) }
    });
    let progress = run.progress();
    assert_eq!(begun.load(SeqCst), 0, "nothing before it is awaited");
    for taken in 1..=100 {
        run.next().await.unwrap().1.unwrap();
        assert!(begun.load(SeqCst) <= taken + 4);
        assert_eq!(progress.counts().total(), 1000);
    }
    drop(run);
    let counts = progress.counts();
    assert_eq!(counts.under_way, 0);
    assert_eq!(counts.left + counts.done + counts.failed, 1000);
}

#[tokio::test(start_paused = true)]
async fn the_work_goes_on_while_a_result_is_handled() {
    let (gauge, begun) = (Gauge::default(), Arc::new(AtomicUsize::new(0)));
    let (inside, count) = (gauge.clone(), begun.clone());
    let run = fleet(100).cap(5).run(move |_| {
        count.fetch_add(1, SeqCst);
        let inside = inside.enter();
        async move {
            sleep(ms(10)).await;
            drop(inside);
            Ok::<_, Error>(())
        }
    });
    let mut handled = 0;
    let start = Instant::now();
    let most = Mutex::new(0);
    let counts = run
        .for_each(|_, result| {
            result.unwrap();
            handled += 1;
            let waiting = begun.load(SeqCst) - handled;
            let mut most = most.lock().unwrap();
            *most = waiting.max(*most);
            // Nothing is under way any more after that, and the results wait.
            sleep(ms(15))
        })
        .await;
    assert_eq!((counts.done, counts.ended(), handled), (100, 100, 100));
    assert!(*most.lock().unwrap() <= 5, "begun and not taken");
    // The handling alone, but for the first device.
    assert_eq!(start.elapsed(), ms(10 + 100 * 15));
}

#[tokio::test]
async fn a_thousand_devices() {
    let made = Arc::new(AtomicUsize::new(0));
    let count = made.clone();
    let alive = Arc::new(AtomicUsize::new(0));
    let (living, most) = (alive.clone(), Arc::new(AtomicUsize::new(0)));
    let peak = most.clone();
    struct Counted(MemoryTransport, Arc<AtomicUsize>);
    impl Drop for Counted {
        fn drop(&mut self) {
            self.1.fetch_sub(1, SeqCst);
        }
    }
    impl xerus_rpc::wire::Transport for Counted {
        fn origin(&self) -> &str {
            self.0.origin()
        }
        fn call<'a>(
            &'a self,
            request: &'a xerus_rpc::wire::Request,
        ) -> xerus_rpc::wire::BoxFuture<'a, Result<xerus_rpc::wire::Reply, Error>> {
            self.0.call(request)
        }
    }
    let fleet = Fleet::lazy(0..1000, move |_| {
        count.fetch_add(1, SeqCst);
        peak.fetch_max(living.fetch_add(1, SeqCst) + 1, SeqCst);
        let device = Counted(MemoryTransport::new(Router::new()), living.clone());
        Ok(Agent::with_transport(Arc::new(device)))
    });
    assert_eq!((fleet.len(), made.load(SeqCst)), (1000, 0));
    let mut run = fleet.run(|device| async move {
        let nowhere = device.agent().call("/o", "getState", Json::EMPTY_OBJECT);
        nowhere.await
    });
    let mut seen = BTreeSet::new();
    while let Some((key, result)) = run.next().await {
        let FleetError::Failed(error) = result.unwrap_err() else {
            panic!("the work failed");
        };
        assert_eq!(error.http_status(), Some(404));
        assert!(seen.insert(key));
    }
    assert_eq!((seen.len(), made.load(SeqCst)), (1000, 1000));
    assert!(most.load(SeqCst) <= 16, "agents at once");
    assert_eq!(alive.load(SeqCst), 0);
}
