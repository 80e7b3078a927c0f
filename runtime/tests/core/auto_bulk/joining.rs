//! Which calls share a request, and when.

use std::time::Duration;

use futures_util::future::join_all;
use xerus_rpc::rt::{self, Marks, Method};
use xerus_rpc::wire::Capabilities;
use xerus_rpc::{Call, Json, Object};

use super::device::{Device, When, assert_own};

#[tokio::test]
async fn fifty_reads_at_once_are_one_request() {
    let started = Device::echo(When::Polls(3)).start();
    let results = join_all((0..50).map(|number| started.read(number).into_future())).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_own(result, number);
    }
    assert_eq!(started.sizes(), [50]);
    let asked = &started.asked()[0];
    assert_eq!(asked.method, "performBulk");
    assert!(asked.repeatable);
}

#[tokio::test]
async fn fifty_tasks_that_know_nothing_of_each_other_send_one_request() {
    let started = Device::echo(When::After(Duration::from_millis(5))).start();
    let tasks: Vec<_> = (0..50)
        .map(|number| tokio::spawn(started.read(number).into_future()))
        .collect();
    for (number, task) in tasks.into_iter().enumerate() {
        assert_own(task.await.unwrap(), number);
    }
    assert_eq!(started.sizes(), [50]);
}

#[tokio::test]
async fn a_call_alone_goes_as_itself() {
    let started = Device::echo(When::Polls(0)).start();
    for number in 0..3 {
        assert_own(started.read(number).await, number);
    }
    assert_eq!(started.sizes(), [0, 0, 0]);
    assert_eq!(started.asked()[2].rid, "/o/2");
}

#[tokio::test(start_paused = true)]
async fn what_comes_while_a_request_is_under_way_goes_with_the_next() {
    let started = Device::echo(When::After(Duration::from_millis(100))).start();
    let late = |number: usize, after: u64| {
        let call = started.read(number);
        async move {
            tokio::time::sleep(Duration::from_millis(after)).await;
            call.await
        }
    };
    let calls = [
        late(0, 0),
        late(1, 10),
        late(2, 50),
        late(3, 99),
        late(4, 150),
    ];
    for (number, result) in join_all(calls).await.into_iter().enumerate() {
        assert_own(result, number);
    }
    // The first alone, those that waited for it together, the last alone again.
    assert_eq!(started.sizes(), [0, 3, 0]);
    assert_eq!(started.most_under_way(), 1);
}

#[tokio::test]
async fn what_changes_something_and_polls_never_join() {
    let started = Device::echo(When::Polls(1)).start();
    let poll = |number: usize| {
        let rid = format!("/o/{number}");
        started.agent.call(&rid, "pollEvents", Json::EMPTY_OBJECT)
    };
    let calls = (0..60).map(|number| match number % 3 {
        0 => started.read(number),
        1 => started.switch(number),
        _ => poll(number),
    });
    let results = join_all(calls.map(IntoFuture::into_future)).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_own(result, number);
    }
    let asked = started.asked();
    let bulks: Vec<_> = asked.iter().filter(|asked| asked.is_bulk()).collect();
    assert_eq!((bulks.len(), asked.len()), (1, 41));
    assert!(
        bulks[0]
            .calls
            .iter()
            .all(|(_, method, _)| method == "getLabel")
    );
    assert!(
        asked
            .iter()
            .filter(|asked| !asked.is_bulk())
            .all(|asked| asked.method != "getLabel")
    );
}

#[tokio::test]
async fn a_call_can_ask_to_join_and_not_to_join() {
    let started = Device::echo(When::Polls(1)).start();
    let calls = (0..8).map(|number| match number % 4 {
        0 => started.read(number),
        1 => started.read(number).auto_bulk(false),
        2 => started.switch(number).auto_bulk(true),
        _ => started.switch(number),
    });
    let results = join_all(calls.map(IntoFuture::into_future)).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_own(result, number);
    }
    let asked = started.asked();
    let bulks: Vec<_> = asked.iter().filter(|asked| asked.is_bulk()).collect();
    // What changes something is sent once, so it shares no request with what may be sent again.
    let methods = |index: usize| -> Vec<&str> {
        bulks[index]
            .calls
            .iter()
            .map(|(_, method, _)| &**method)
            .collect()
    };
    assert_eq!(bulks.len(), 2);
    assert_eq!(
        (methods(0), bulks[0].repeatable),
        (vec!["getLabel"; 2], true)
    );
    assert_eq!(
        (methods(1), bulks[1].repeatable),
        (vec!["setPowerState"; 2], false)
    );
    assert_eq!(asked.len(), 6);
}

#[tokio::test]
async fn calls_with_attributes_go_alone() {
    let started = Device::echo(When::Polls(1)).start();
    let calls = (0..4).map(|number| started.read(number).attribute("language", "de"));
    for (number, result) in join_all(calls.map(IntoFuture::into_future))
        .await
        .into_iter()
        .enumerate()
    {
        assert_own(result, number);
    }
    assert_eq!(started.sizes(), [0; 4]);
}

#[tokio::test]
async fn a_bulk_of_the_caller_passes_through() {
    let started = Device::echo(When::Polls(1)).start();
    let own = started
        .agent
        .bulk((0..3).map(|number| started.read(number)));
    let (bulk, single) = tokio::join!(own.into_future(), started.read(7).into_future());
    assert_eq!(bulk.unwrap().len(), 3);
    assert_own(single, 7);
    let mut sizes = started.sizes();
    sizes.sort_unstable();
    assert_eq!(sizes, [0, 3]);
}

#[tokio::test]
async fn a_wire_without_bulk_gets_single_calls() {
    let mut device = Device::echo(When::Polls(1));
    device.capabilities = Capabilities::NONE.with_pipeline(true);
    let started = device.start();
    let results = join_all((0..5).map(|number| started.read(number).into_future())).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_own(result, number);
    }
    assert_eq!(started.sizes(), [0; 5]);
    assert_eq!(started.most_under_way(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_tasks_on_several_threads_get_their_own_answers() {
    let started = Device::echo(When::After(Duration::from_millis(2))).start();
    let tasks: Vec<_> = (0..1000)
        .map(|number| tokio::spawn(started.read(number).into_future()))
        .collect();
    for (number, task) in tasks.into_iter().enumerate() {
        assert_own(task.await.unwrap(), number);
    }
    let sizes = started.sizes();
    // How few depends on how fast the tasks begin.
    assert!(sizes.len() < 500, "{sizes:?}");
    assert!(sizes.iter().all(|size| *size <= 100), "{sizes:?}");
    assert_eq!((started.most_under_way(), started.under_way()), (1, 0));
}

#[tokio::test]
async fn what_the_wire_tells_is_told_to_each_call() {
    let started = Device::echo(When::Polls(1)).start();
    let (first, second) = tokio::join!(started.read(1).with_meta(), started.read(2).with_meta());
    for (_, meta) in [first.unwrap(), second.unwrap()] {
        assert_eq!((meta.attempts, meta.status), (1, Some(200)));
        assert!(meta.elapsed.is_some());
    }
    assert_eq!(started.sizes(), [2]);
}

#[tokio::test]
async fn a_method_that_takes_longer_than_others_goes_alone_unless_asked() {
    const fn reading(marks: &'static Marks) -> Method {
        Method {
            interface: "misc.Meter:1.0.0",
            name: "measure",
            results: &["_ret_"],
            marks,
            ..Method::PLAIN
        }
    }
    static SLOW: Method = reading(&Marks {
        timeout_ms: Some(60_000),
        ..Marks::REPEATABLE
    });
    static FAST: Method = reading(&Marks {
        timeout_ms: Some(500),
        ..Marks::REPEATABLE
    });
    let started = Device::echo(When::Polls(1)).start();
    let call = |method: &'static Method| -> Call<String> {
        rt::single(&Object::at(&started.agent, "/meter"), method, &[])
    };
    let results = join_all([
        call(&SLOW).into_future(),
        call(&FAST).into_future(),
        call(&FAST).into_future(),
        call(&SLOW).auto_bulk(true).into_future(),
    ]);
    for result in results.await {
        assert_eq!(result.unwrap(), "/meter");
    }
    let mut sizes = started.sizes();
    sizes.sort_unstable();
    assert_eq!(sizes, [0, 3]);
}

#[tokio::test]
async fn polls_that_were_asked_to_join_share_no_request_with_reads() {
    let started = Device::echo(When::Polls(1)).start();
    let poll = |number: usize| {
        let rid = format!("/o/{number}");
        let poll = started.agent.call(&rid, "pollEvents", Json::EMPTY_OBJECT);
        poll.auto_bulk(true)
    };
    let calls = [started.read(0), poll(1), started.read(2), poll(3)];
    let results = join_all(calls.map(IntoFuture::into_future)).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_own(result, number);
    }
    for asked in started.asked() {
        let methods: Vec<_> = asked.calls.iter().map(|(_, method, _)| method).collect();
        assert!(methods.len() == 2 && methods[0] == methods[1], "{asked:?}");
    }
}
