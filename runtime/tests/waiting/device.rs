//! A device that does what a test says, without a wire.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use xerus_rpc::action::{Action, ActionEvent, Begin, Check, Plan, Ticket};
use xerus_rpc::wire::{BoxFuture, Capabilities, Reply, Request, Transport};
use xerus_rpc::{Agent, Credentials, Error, Json};

/// What the device does with a call.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Answers with this.
    Say(&'static str),
    /// The call fails like this.
    Fail(fn() -> Error),
    /// Answers with this after a while.
    Later(Duration, &'static str),
    /// Never answers, whatever the call says of its time.
    Hang,
}

pub(crate) use Step::{Fail, Hang, Later, Say};

#[derive(Default)]
pub(crate) struct Device {
    begin: Mutex<Option<Step>>,
    /// The answers to checks, in order; the last is given again and again.
    script: Mutex<Vec<Step>>,
    logins: Mutex<Vec<Step>>,
    seen: Mutex<Vec<(String, Instant)>>,
    /// Methods of calls that might be sent twice.
    repeatable: Mutex<Vec<String>>,
}

impl Device {
    pub(crate) fn new(script: impl IntoIterator<Item = Step>) -> Arc<Self> {
        let device = Self::default();
        device.continues(script);
        Arc::new(device)
    }

    /// What the device does from now on.
    pub(crate) fn continues(&self, script: impl IntoIterator<Item = Step>) {
        let mut script: Vec<_> = script.into_iter().collect();
        script.reverse();
        *self.script.lock().unwrap() = script;
    }

    pub(crate) fn begins(&self, step: Step) {
        *self.begin.lock().unwrap() = Some(step);
    }

    pub(crate) fn logs_in(&self, script: impl IntoIterator<Item = Step>) {
        let mut script: Vec<_> = script.into_iter().collect();
        script.reverse();
        *self.logins.lock().unwrap() = script;
    }

    pub(crate) fn agent(self: &Arc<Self>) -> Agent {
        Agent::with_transport(Arc::new(Wire(Arc::clone(self))))
    }

    /// When calls of a method came in.
    pub(crate) fn times(&self, method: &str) -> Vec<Instant> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .filter(|(name, _)| name == method)
            .map(|(_, at)| *at)
            .collect()
    }

    pub(crate) fn count(&self, method: &str) -> usize {
        self.times(method).len()
    }

    /// Methods of calls that might be sent twice.
    pub(crate) fn repeatable(&self) -> Vec<String> {
        self.repeatable.lock().unwrap().clone()
    }

    async fn answer(&self, method: &str) -> Result<Reply, Error> {
        self.seen
            .lock()
            .unwrap()
            .push((method.to_owned(), Instant::now()));
        let step = match method {
            "begin" => self
                .begin
                .lock()
                .unwrap()
                .clone()
                .unwrap_or(Say(r#"{"id":"4711"}"#)),
            "login" => next(&self.logins),
            _ => next(&self.script),
        };
        match step {
            Say(text) => Ok(Reply::by_name(text)),
            Later(time, text) => {
                sleep(time).await;
                Ok(Reply::by_name(text))
            }
            Fail(error) => Err(error()),
            Hang => pending().await,
        }
    }
}

fn next(script: &Mutex<Vec<Step>>) -> Step {
    let mut script = script.lock().unwrap();
    if script.len() > 1 {
        script.pop()
    } else {
        script.last().cloned()
    }
    .unwrap()
}

struct Wire(Arc<Device>);

impl Transport for Wire {
    fn origin(&self) -> &str {
        "https://pdu.example.com"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_login(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        if request.is_repeatable() {
            self.0
                .repeatable
                .lock()
                .unwrap()
                .push(request.name().to_owned());
        }
        Box::pin(self.0.answer(request.name()))
    }

    fn login(&self, _: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async { self.0.answer("login").await.map(drop) })
    }
}

/// The plan of most tests: after 10 s, every 5 s, 60 s in all.
pub(crate) fn plan() -> Plan {
    Plan::new()
        .delay(seconds(10))
        .interval(seconds(5))
        .timeout(seconds(60))
}

pub(crate) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Asks how far it is: 100 is the end, less than 0 a failure, anything but a number makes no sense.
pub(crate) async fn check(agent: Agent, ticket: Ticket) -> Result<Check<i64, String>, Error> {
    let answer = agent
        .call(ticket.target(), "howFar", Json::EMPTY_OBJECT)
        .await?;
    let number = answer
        .get()
        .trim_start_matches(r#"{"_ret_":"#)
        .trim_end_matches('}');
    Ok(match number.parse() {
        Ok(100) => Check::Done(format!("{} done", ticket.id())),
        Ok(number) if number < 0 => Check::failed("broken", "the image is for another model"),
        Ok(number) => Check::Pending(number),
        Err(_) => Check::Unknown(answer.get().to_owned()),
    })
}

pub(crate) fn begin(agent: &Agent, plan: Plan) -> Begin<Json, i64, String> {
    Action::start(agent.call("/jobs", "begin", Json::EMPTY_OBJECT))
        .plan(move |begun| {
            assert_eq!(begun.get(), r#"{"id":"4711"}"#);
            plan.id("4711")
        })
        .check(check)
}

pub(crate) async fn begun(device: &Arc<Device>, plan: Plan) -> Action<i64, String> {
    begin(&device.agent(), plan).await.unwrap()
}

/// All that is told of an action, in words.
pub(crate) async fn story(action: &mut Action<i64, String>) -> Vec<String> {
    let mut story = Vec::new();
    while let Some(event) = action.next().await {
        story.push(words(&event));
    }
    story
}

pub(crate) fn words(event: &ActionEvent<i64, String>) -> String {
    match event {
        ActionEvent::Started => "started".to_owned(),
        ActionEvent::Progress(number) => format!("{number}"),
        ActionEvent::Away {
            since,
            attempts,
            error,
        } => {
            format!("away {attempts}, {} s: {}", since.as_secs(), error.code())
        }
        ActionEvent::Back { after } => format!("back after {} s", after.as_secs()),
        ActionEvent::SessionRenewed => "logged in".to_owned(),
        ActionEvent::Unknown { what, count } => format!("unknown {count}: {what}"),
        ActionEvent::Warning(text) => format!("warning: {text}"),
        ActionEvent::End(Ok(result)) => result.clone(),
        ActionEvent::End(Err(end)) => format!("end: {end}"),
        other => panic!("{other:?}"),
    }
}
