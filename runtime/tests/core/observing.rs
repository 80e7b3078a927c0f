//! What an observer is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use xerus_rpc::Agent;
use xerus_rpc::layer::metrics::{End, Metrics, Observer, Subject};
use xerus_rpc::wire::{Request, Transport, Values};

use crate::recordings::device::{Device, call};

#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Observer for Log {
    fn begin(&self, subject: &Subject<'_>) {
        let (usage, method) = (subject.usage, subject.method);
        self.0
            .lock()
            .unwrap()
            .push(format!("{usage} {method} {}", subject.target));
    }

    fn end(&self, subject: &Subject<'_>, end: &End) {
        assert_eq!(subject.origin, "https://rack4.example.com:8443");
        let cancelled = if end.cancelled { " cancelled" } else { "" };
        self.0.lock().unwrap().push(format!(
            "{} {} {:?} {} ms, {} attempts, {} bytes{cancelled}",
            subject.usage,
            end.code,
            end.outcome,
            end.elapsed.as_millis(),
            end.attempts,
            end.bytes
        ));
    }
}

impl Log {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn watched() -> (Arc<dyn Transport>, Agent, Arc<Log>) {
    let log = Arc::new(Log::default());
    let device: Arc<dyn Transport> =
        Arc::new(Metrics::new(Arc::new(Device::default()), Arc::clone(&log)));
    (Arc::clone(&device), Agent::with_transport(device), log)
}

#[tokio::test(start_paused = true)]
async fn each_call_begins_and_ends_once() {
    let (_, agent, log) = watched();
    call(&agent, "/outlet/1", "getState", "{}").await.unwrap();
    let answer = r#"{"id":9,"jsonrpc":"2.0","result":{"_ret_":{"powerState":1}}}"#;
    assert_eq!(
        log.take(),
        [
            "call getState /outlet/1".to_owned(),
            format!("call ok None 10 ms, 1 attempts, {} bytes", answer.len())
        ]
    );
    for (method, end) in [
        ("fail", "call Rpc Some(NotExecuted) 10 ms, 1 attempts, "),
        (
            "nothing",
            "call HttpStatus.NotFound Some(NotExecuted) 10 ms, 0 attempts, 0 bytes",
        ),
        (
            "break",
            "call ConnectionLost Some(Unknown) 0 ms, 0 attempts, 0 bytes",
        ),
        ("page", "call Json.Syntax Some(Unknown) 0 ms, 0 attempts, "),
    ] {
        call(&agent, "/x", method, "{}").await.unwrap_err();
        let told = log.take();
        assert_eq!(told.len(), 2);
        assert!(told[1].starts_with(end), "{}", told[1]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_dropped_is_told_as_cancelled() {
    let (_, agent, log) = watched();
    let hanging = call(&agent, "/x", "hang", "{}");
    tokio::time::timeout(Duration::from_secs(3), hanging)
        .await
        .unwrap_err();
    assert_eq!(
        log.take()[1],
        "call cancelled None 3000 ms, 0 attempts, 0 bytes cancelled"
    );
    let file = agent.download("/diag").await.unwrap();
    drop(file);
    assert_eq!(
        log.take(),
        [
            "download  /diag",
            "download cancelled None 0 ms, 0 attempts, 0 bytes cancelled"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn files_progress_and_notifications_are_seen_to_their_end() {
    let (device, agent, log) = watched();
    let file = agent.download("/diag").await.unwrap();
    assert_eq!(
        (file.length(), file.content_type()),
        (Some(10), Some("text/plain"))
    );
    assert_eq!(log.take(), ["download  /diag"]);
    assert_eq!(&file.bytes().await.unwrap()[..], b"some bytes");
    assert_eq!(log.take(), ["download ok None 0 ms, 0 attempts, 10 bytes"]);
    agent.download("/gone").await.unwrap_err();
    assert!(log.take()[1].starts_with("download HttpStatus.NotFound Some(NotExecuted)"));
    let _answer = agent.upload("/config").field("a", "b").await.unwrap();
    assert_eq!(log.take()[1], "upload ok None 0 ms, 0 attempts, 5 bytes");
    let request = Request::untyped("/x", "runTest", Values::none());
    assert_eq!(device.stream(request).count().await, 3);
    let told = log.take();
    assert_eq!(told[0], "stream runTest /x");
    assert!(
        told.len() == 2 && told[1].starts_with("stream ok None"),
        "{told:?}"
    );
    agent
        .call("/x", "ring", xerus_rpc::Json::EMPTY_OBJECT)
        .notify()
        .await
        .unwrap();
    assert_eq!(log.take()[1], "notify ok None 0 ms, 0 attempts, 0 bytes");
}
