//! Spans around calls.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span;
use xerus_rpc::layer::trace::Trace;
use xerus_rpc::{Agent, Json};

use crate::recordings::device::{ADDRESS, Device, PASSWORD, TOKEN, call};

/// Writes down spans of this crate, with what is noted in them.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<String>>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }
}

impl Spans {
    fn change(&self, id: &span::Id, change: impl FnOnce(&mut String)) {
        let at = usize::try_from(id.into_u64()).unwrap() - 1;
        change(&mut self.0.lock().unwrap()[at]);
    }
}

impl tracing::Subscriber for Spans {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "xerus_rpc::call"
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let mut line = format!("{} ", attributes.metadata().name());
        attributes.record(&mut Line(&mut line));
        let mut all = self.0.lock().unwrap();
        all.push(line);
        span::Id::from_u64(all.len() as u64)
    }
    fn record(&self, id: &span::Id, values: &span::Record<'_>) {
        self.change(id, |line| values.record(&mut Line(line)));
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
    fn enter(&self, id: &span::Id) {
        self.change(id, |line| {
            if !line.contains("entered") {
                line.push_str("entered ");
            }
        });
    }
    fn exit(&self, _: &span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn each_call_is_a_span_without_what_it_carries() {
    let spans = Spans::default();
    // For the whole process: a subscriber of one thread misses what another thread has met first.
    tracing::subscriber::set_global_default(spans.clone()).expect("the only one");
    let agent = Agent::with_transport(Arc::new(Trace::new(Arc::new(Device::default()))));
    let password = format!("{{\"password\":\"{PASSWORD}\"}}");
    call(&agent, "/auth", "setPassword", &password)
        .await
        .unwrap();
    call(&agent, "/session", "newSession", "{}").await.unwrap();
    call(&agent, "/x", "fail", "{}").await.unwrap_err();
    call(&agent, "/x", "break", "{}").await.unwrap_err();
    let hanging = call(&agent, "/x", "hang", "{}");
    tokio::time::timeout(Duration::from_secs(1), hanging)
        .await
        .unwrap_err();
    agent
        .call("/x", "ring", Json::EMPTY_OBJECT)
        .notify()
        .await
        .unwrap();
    let download = agent.download("/gone").query("token", TOKEN).await;
    assert_eq!(download.unwrap_err().code(), "HttpStatus.NotFound");
    let origin = "origin=\"https://rack4.example.com:8443\"";
    let call = |rid: &str, method: &str, rest: &str| {
        format!("call {origin} rid=\"{rid}\" method=\"{method}\" entered {rest}")
    };
    let told = spans.0.lock().unwrap().clone();
    assert_eq!(
        told,
        [
            call("/auth", "setPassword", "attempts=1 outcome=\"ok\" "),
            call("/session", "newSession", "attempts=1 outcome=\"ok\" "),
            call("/x", "fail", "attempts=1 outcome=\"Rpc\" "),
            call("/x", "break", "outcome=\"ConnectionLost\" "),
            call("/x", "hang", ""),
            call("/x", "ring", "outcome=\"ok\" "),
            format!(
                "file {origin} path=\"/gone\" direction=\"download\" entered outcome=\"HttpStatus.NotFound\" "
            ),
        ]
    );
    let all = told.concat();
    assert!(
        ![PASSWORD, TOKEN, ADDRESS]
            .iter()
            .any(|secret| all.contains(secret))
    );
}
