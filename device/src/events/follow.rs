//! Following a device: a channel, polled again and again, and made anew when it is lost.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_core::Stream;
use futures_util::stream::unfold;
use tokio::time::Instant;
use xerus_api::event::Channel;
use xerus_rpc::{Agent, Error};

use super::demand::Demand;
use super::open::{give_back, open};
use super::pace::Pace;
use super::shared::Shared;
use super::trouble::Verdict;
use super::{EventsError, Gap, GapReason, Item, Trouble};

/// A channel that is not polled for so long is given up by the device.
const LIFE: Duration = Duration::from_secs(30);
/// A poll is held back for 30 s.
const LEAST_DEADLINE: Duration = Duration::from_secs(40);
/// When a channel was lost, a new one is waited for so long: the old one may be among those in use.
const PATIENCE: Duration = Duration::from_secs(60);
/// New channels in a row that the device declines to poll.
const DECLINED: u32 = 5;

/// What one step brought.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) items: Vec<Item>,
    pub(super) end: Option<EventsError>,
}

impl Batch {
    fn of(item: Item) -> Self {
        Self {
            items: vec![item],
            end: None,
        }
    }

    fn end(error: impl Into<EventsError>) -> Self {
        Self {
            items: Vec::new(),
            end: Some(error.into()),
        }
    }
}

/// One batch after another.
pub(super) type Pump = Pin<Box<dyn Stream<Item = Batch> + Send>>;

/// Follows one device.
pub(super) struct Follow {
    agent: Agent,
    demands: Vec<Demand>,
    /// Wait for a channel while all are in use.
    wait: bool,
    shared: Arc<Shared>,
    channel: Option<Channel>,
    /// A lost channel that the device may still have.
    stale: Option<Channel>,
    pace: Pace,
    started: bool,
    /// Nothing was left behind on the device at this time.
    complete: Instant,
    /// The channel was there at this time.
    seen: Instant,
    /// The channel has answered a poll.
    answered: bool,
    loss: Option<GapReason>,
    trouble: Option<Since>,
    in_use_since: Option<Instant>,
    declined: u32,
}

/// The beginning of trouble.
struct Since {
    first: EventsError,
    time: SystemTime,
    attempts: u32,
}

impl Follow {
    pub(super) fn new(agent: Agent, demands: Vec<Demand>, wait: bool, shared: Arc<Shared>) -> Self {
        let now = Instant::now();
        Self {
            agent,
            demands,
            wait,
            shared,
            channel: None,
            stale: None,
            pace: Pace::default(),
            started: false,
            complete: now,
            seen: now,
            answered: false,
            loss: None,
            trouble: None,
            in_use_since: None,
            declined: 0,
        }
    }

    pub(super) fn pump(self) -> Pump {
        Box::pin(unfold(Some(self), |follow| async move {
            let mut follow = follow?;
            let batch = follow.step().await;
            let ended = batch.end.is_some();
            Some((batch, (!ended).then_some(follow)))
        }))
    }

    async fn step(&mut self) -> Batch {
        if self.demands.is_empty() {
            return Batch::end(EventsError::NothingDemanded);
        }
        match self.channel.clone() {
            Some(channel) => self.poll(&channel).await,
            None => self.open().await,
        }
    }

    async fn poll(&mut self, channel: &Channel) -> Batch {
        let began = self.pace.turn().await;
        let unpolled = began - self.seen;
        if let Some(trouble) = &self.trouble
            && unpolled >= LIFE
        {
            // The device has given it up. It may have been started meanwhile, and have made a channel of the same name for
            // somebody else.
            let reason = GapReason::Away(trouble.first.clone());
            self.lose(reason, false);
            self.pace.at_once();
            return Batch::default();
        }
        let deadline = self.agent.settings().long_poll_timeout.max(LEAST_DEADLINE);
        match channel.poll_events().timeout(deadline).await {
            Ok((more, events)) => {
                self.seen = Instant::now();
                (self.answered, self.declined) = (true, 0);
                let recovered = self.trouble.take().map(|_| Item::Recovered);
                // What makes no sense is given, but a device that sends nothing else must not keep anybody busy.
                if events.iter().all(|event| event.unreadable().is_some()) {
                    self.pace.nothing();
                } else {
                    self.pace.something();
                }
                // A device that says "more" and gives nothing has nothing.
                if !more || events.is_empty() {
                    self.complete = self.seen;
                }
                let events = events.into_iter().map(Item::Event);
                Batch {
                    items: recovered.into_iter().chain(events).collect(),
                    end: None,
                }
            }
            Err(error) => self.poll_failed(error, unpolled),
        }
    }

    fn poll_failed(&mut self, error: Error, unpolled: Duration) -> Batch {
        match Verdict::of(&error) {
            Verdict::Refused => Batch::end(error),
            Verdict::Passing if !error.may_have_executed() => self.in_trouble(error),
            Verdict::Passing => {
                self.lose(GapReason::AnswerLost(error.clone()), true);
                self.in_trouble(error)
            }
            verdict => {
                if verdict == Verdict::Declined {
                    self.declined += 1;
                    if self.declined >= DECLINED {
                        return Batch::end(error);
                    }
                }
                // A channel that never worked is not made anew at once.
                if self.answered {
                    self.pace.not_at_once();
                } else {
                    self.pace.failed();
                }
                let reason = if unpolled >= LIFE {
                    GapReason::NotPolled(unpolled)
                } else {
                    GapReason::ChannelLost(error)
                };
                self.lose(reason, verdict == Verdict::Declined);
                Batch::default()
            }
        }
    }

    /// The channel is of no use any more.
    fn lose(&mut self, reason: GapReason, is_perhaps_there: bool) {
        self.loss.get_or_insert(reason);
        let lost = self.channel.take();
        self.shared.lock().channel = None;
        self.stale = lost.filter(|_| is_perhaps_there);
        self.answered = false;
    }

    fn in_trouble(&mut self, error: impl Into<EventsError>) -> Batch {
        let error = error.into();
        let retry_in = self.pace.failed();
        let since = self.trouble.get_or_insert_with(|| Since {
            first: error.clone(),
            time: SystemTime::now(),
            attempts: 0,
        });
        since.attempts = since.attempts.saturating_add(1);
        Batch::of(Item::Trouble(Trouble {
            since: since.time,
            attempts: since.attempts,
            error,
            retry_in,
        }))
    }

    async fn open(&mut self) -> Batch {
        self.pace.turn().await;
        if let Some(stale) = self.stale.take() {
            // Devices have few of them. Whether it works, nothing depends on.
            drop(give_back(&self.agent, &stale).await);
        }
        let mut made = None;
        let opened = open(&self.agent, &self.demands, self.started, |channel| {
            made = Some(channel.clone());
            self.shared.lock().channel = made.clone();
        });
        match opened.await {
            Ok(Some(channel)) => self.opened(channel),
            Ok(None) => self.all_in_use(),
            Err(error) => {
                // The device has it until it is given back.
                self.stale = made;
                match Verdict::of(&error) {
                    Verdict::Passing => self.in_trouble(error),
                    // While a device starts, not everything is there.
                    Verdict::NoObject if self.started => self.in_trouble(error),
                    _ => Batch::end(error),
                }
            }
        }
    }

    fn opened(&mut self, channel: Channel) -> Batch {
        let now = Instant::now();
        self.channel = Some(channel);
        self.pace.at_once();
        (self.trouble, self.in_use_since) = (None, None);
        let lasted = now - self.complete;
        (self.complete, self.seen) = (now, now);
        if !std::mem::replace(&mut self.started, true) {
            return Batch::of(Item::Started);
        }
        let Some(reason) = self.loss.take() else {
            return Batch::default();
        };
        Batch::of(Item::Gap(Gap {
            since: SystemTime::now()
                .checked_sub(lasted)
                .unwrap_or(SystemTime::UNIX_EPOCH),
            lasted,
            reason,
        }))
    }

    fn all_in_use(&mut self) -> Batch {
        let now = Instant::now();
        let since = *self.in_use_since.get_or_insert(now);
        let patience = if self.started {
            PATIENCE
        } else {
            Duration::ZERO
        };
        if !self.wait && now - since >= patience {
            return Batch::end(EventsError::ChannelsInUse);
        }
        self.in_trouble(EventsError::ChannelsInUse)
    }
}
