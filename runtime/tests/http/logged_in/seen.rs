//! What is seen by those who read logs.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span;
use xerus_rpc::Credentials;
use xerus_rpc::wire::{Request, Values};

use super::device::{Device, agent, read};
use crate::support::{GET_STATE, in_time};

/// Writes down all that is reported.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut Line(&mut self.0.lock().expect("not poisoned")));
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().expect("not poisoned")));
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut Line(&mut self.0.lock().expect("not poisoned")));
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn logs_name_the_calls_and_nothing_secret() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    for is_old in [false, true] {
        let (device, server) = Device::start().await;
        device.mind().is_old = is_old;
        let agent = agent(&server);
        in_time(read(&agent)).await.expect("read");
        device.forget();
        in_time(read(&agent)).await.expect("read");
        let wrong = Credentials::basic("admin", "s3cret-wrong");
        in_time(agent.login(wrong)).await.expect_err("refused");
        in_time(agent.change_password("admin", "raritan", "s3cret-new"))
            .await
            .expect("changed");
        in_time(agent.close()).await;
    }
    let log = log.0.lock().expect("not poisoned").clone();
    for method in [
        "newSession",
        "getCurrentSession",
        "setAccountPassword",
        "closeSession",
    ] {
        assert!(log.contains(method), "{method}: {log}");
    }
    for secret in ["raritan", "s3cret", "0000000000", "cmFyaXRhb", "YWRtaW46"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[test]
fn a_request_does_not_show_who_makes_it() {
    for user in [
        Credentials::basic("admin", "s3cret"),
        Credentials::token("s3cret"),
    ] {
        let arguments = Values::from_object(r#"{"password":"s3cret"}"#).expect("an object");
        let request = Request::new("/session", &GET_STATE, arguments).with_credentials(user);
        let shown = format!("{request:?}");
        assert!(
            shown.contains("/session") && !shown.contains("s3cret"),
            "{shown}"
        );
    }
}
