//! A device with an event service and nothing else, which does what it is told, in the time of the runtime.

use std::collections::{BTreeMap, VecDeque};
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};
use xerus_rpc::error::{HttpStatusError, TimeoutError, TimeoutPhase};
use xerus_rpc::wire::{BoxFuture, Reply, Request, Transport};
use xerus_rpc::{Agent, Error};

pub(crate) use super::play::Play;
use super::play::{declined, lost};

#[derive(Default)]
struct Channel {
    events: VecDeque<String>,
    used: Option<Instant>,
}

#[derive(Default)]
pub(crate) struct World {
    channels: BTreeMap<String, Channel>,
    made: u32,
    /// What happens to the next requests for a method.
    plays: BTreeMap<&'static str, VecDeque<Play>>,
    /// What happens to all requests for a method.
    always: BTreeMap<&'static str, Play>,
    /// Channels of other programs.
    others: usize,
    /// All requests: when, target, method, arguments.
    pub(crate) requests: Vec<(Instant, String, String, String)>,
    /// Texts of events in answers that arrived.
    pub(crate) handed: u64,
    /// Answers that the device gives to `getTypeInfo`, by target.
    pub(crate) types: BTreeMap<String, String>,
}

/// Events in one answer at most.
const BATCH: usize = 100;
/// Events that a channel keeps at most.
pub(crate) const KEPT: usize = 2_000;
const LIFE: Duration = Duration::from_secs(30);
const CHANNELS: usize = 4;

#[derive(Clone, Default)]
pub(crate) struct Device(Arc<Inner>);

#[derive(Default)]
struct Inner {
    world: Mutex<World>,
    raised: Notify,
}

/// The text of an event with a number.
pub(crate) fn event(number: u64) -> String {
    format!(
        r#"{{"type":"event.UserEvent:1.0.0","value":{{"source":null,"actUserName":"{number}","actIpAddr":""}}}}"#
    )
}

impl Device {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn agent(&self) -> Agent {
        Agent::with_transport(Arc::new(self.clone()))
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap()
    }

    /// Something happens: all channels keep it.
    pub(crate) fn raise(&self, text: &str) {
        for channel in self.world().channels.values_mut() {
            channel.events.push_back(text.to_owned());
            if channel.events.len() > KEPT {
                channel.events.pop_front();
            }
        }
        self.0.raised.notify_waiters();
    }

    pub(crate) fn raise_numbers(&self, numbers: std::ops::Range<u64>) {
        numbers.for_each(|number| self.raise(&event(number)));
    }

    pub(crate) fn play(&self, method: &'static str, plays: impl IntoIterator<Item = Play>) {
        self.world().plays.entry(method).or_default().extend(plays);
        self.0.raised.notify_waiters();
    }

    pub(crate) fn always(&self, method: &'static str, play: impl Into<Option<Play>>) {
        match play.into() {
            Some(play) => drop(self.world().always.insert(method, play)),
            None => drop(self.world().always.remove(method)),
        }
    }

    /// The device starts anew.
    pub(crate) fn restart(&self) {
        self.world().channels.clear();
        self.0.raised.notify_waiters();
    }

    pub(crate) fn channels(&self) -> usize {
        self.world().channels.len()
    }

    pub(crate) fn use_channels(&self, others: usize) {
        self.world().others = others;
    }

    /// How often a method was called.
    pub(crate) fn calls(&self, method: &str) -> usize {
        self.times(method).len()
    }

    /// When a method was called.
    pub(crate) fn times(&self, method: &str) -> Vec<Instant> {
        let world = self.world();
        let calls = world.requests.iter().filter(|request| request.2 == method);
        calls.map(|request| request.0).collect()
    }

    /// The arguments with which a method was called.
    pub(crate) fn arguments(&self, method: &str) -> Vec<String> {
        let world = self.world();
        let calls = world.requests.iter().filter(|request| request.2 == method);
        calls.map(|request| request.3.clone()).collect()
    }

    async fn answer(&self, request: &Request) -> Result<Reply, Error> {
        let play = self.begin(request);
        match &play {
            Some(Play::Stall) => return pending().await,
            Some(Play::Forget) => drop(self.world().channels.remove(request.target())),
            Some(play) => play.error().map_or(Ok(()), Err)?,
            None => {}
        }
        let (text, events) = match request.name() {
            "createChannel" => (self.create(), 0),
            // What stands in for the answer comes at once.
            "pollEvents" if matches!(play, Some(Play::Text(_))) => {
                self.touch(request.target())?;
                (String::new(), 0)
            }
            "pollEvents" => self.poll(request.target()).await?,
            "destroyChannel" => (self.destroy(request), 0),
            "demandEventTypes" | "demandEvents" => {
                self.touch(request.target())?;
                ("{}".to_owned(), 0)
            }
            "getTypeInfo" => match self.world().types.get(request.target()) {
                Some(text) => (format!(r#"{{"_ret_":{text}}}"#), 0),
                None => return Err(HttpStatusError::new(404, "").into()),
            },
            _ => return Err(declined()),
        };
        match play {
            Some(Play::CutAfter) => Err(lost()),
            Some(Play::Text(text)) => Ok(Reply::by_name(text)),
            _ => {
                self.world().handed += events;
                Ok(Reply::by_name(text))
            }
        }
    }

    /// Notes the request, and tells what happens to it.
    fn begin(&self, request: &Request) -> Option<Play> {
        let mut world = self.world();
        let arguments = String::from_utf8(request.args().by_name().to_vec()).unwrap();
        world.requests.push((
            Instant::now(),
            request.target().to_owned(),
            request.name().to_owned(),
            arguments,
        ));
        let next = world
            .plays
            .get_mut(request.name())
            .and_then(VecDeque::pop_front);
        next.or_else(|| world.always.get(request.name()).cloned())
    }

    fn create(&self) -> String {
        let mut world = self.world();
        let now = Instant::now();
        world
            .channels
            .retain(|_, channel| channel.used.is_none_or(|used| now - used < LIFE));
        if world.channels.len() + world.others >= CHANNELS {
            return r#"{"_ret_":null}"#.to_owned();
        }
        world.made += 1;
        let rid = format!("/eventservice/channel/{}", world.made);
        let channel = Channel {
            used: Some(now),
            ..Channel::default()
        };
        world.channels.insert(rid.clone(), channel);
        format!(r#"{{"_ret_":{{"rid":"{rid}","type":"event.Channel:1.0.1"}}}}"#)
    }

    fn destroy(&self, request: &Request) -> String {
        let arguments = String::from_utf8(request.args().by_name().to_vec()).unwrap();
        let mut world = self.world();
        let rid = world
            .channels
            .keys()
            .find(|rid| arguments.contains(&format!("\"{rid}\"")));
        let code = match rid.cloned() {
            Some(rid) => {
                world.channels.remove(&rid);
                0
            }
            None => 1,
        };
        format!(r#"{{"_ret_":{code}}}"#)
    }

    fn touch(&self, rid: &str) -> Result<(), Error> {
        let mut world = self.world();
        let now = Instant::now();
        match world.channels.get_mut(rid) {
            Some(channel) if channel.used.is_none_or(|used| now - used < LIFE) => {
                channel.used = Some(now);
                Ok(())
            }
            _ => {
                world.channels.remove(rid);
                Err(HttpStatusError::new(404, "").into())
            }
        }
    }

    async fn poll(&self, rid: &str) -> Result<(String, u64), Error> {
        let end = Instant::now() + LIFE;
        loop {
            self.touch(rid)?;
            let raised = self.0.raised.notified();
            if let Some(channel) = self.world().channels.get_mut(rid) {
                let count = channel.events.len().min(BATCH);
                let taken: Vec<String> = channel.events.drain(..count).collect();
                if count > 0 {
                    return Ok(answer(&taken, !channel.events.is_empty()));
                }
            }
            let left = end.saturating_duration_since(Instant::now());
            if timeout(left, raised).await.is_err() {
                if let Some(channel) = self.world().channels.get_mut(rid) {
                    channel.used = Some(Instant::now());
                }
                return Ok(answer(&[], false));
            }
        }
    }
}

fn answer(taken: &[String], more: bool) -> (String, u64) {
    let text = format!(r#"{{"_ret_":{more},"events":[{}]}}"#, taken.join(","));
    (text, taken.len() as u64)
}

impl Transport for Device {
    fn origin(&self) -> &str {
        "test:device"
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let limit = request.timeout();
            let answer = timeout(limit, self.answer(request)).await;
            answer.unwrap_or_else(|_| Err(TimeoutError::new(TimeoutPhase::FirstByte, limit).into()))
        })
    }
}
