//! Events that wait for the program.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::event::{Delivery, Event};
use crate::error::{Error, OverflowError};
use crate::wire::Overflow;

/// Bytes of events that may wait.
const BYTES: usize = 16 << 20;

/// Events that wait for one reader; what does not fit is counted and told in its place.
pub(super) struct Sink {
    room: usize,
    overflow: Overflow,
    /// Whether it asked for what the router kept.
    pub(super) retained: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<(Delivery, usize)>,
    events: usize,
    bytes: usize,
    /// How many were lost since that is the end.
    lost: u64,
    end: Option<Option<Error>>,
    waker: Option<Waker>,
}

impl Sink {
    pub(super) fn new(room: usize, overflow: Overflow) -> Self {
        Self {
            room: room.max(1),
            overflow,
            retained: false,
            state: Mutex::default(),
        }
    }

    /// The same for what the router kept as well, if that is wanted.
    pub(super) fn with_retained(mut self, retained: bool) -> Self {
        self.retained = retained;
        self
    }

    /// Takes an event that holds about this many bytes.
    pub(super) fn push(&self, event: Event, bytes: usize) {
        let mut state = self.state();
        if state.end.is_some() {
            return;
        }
        let fits = |state: &State| state.events < self.room && state.bytes + bytes <= BYTES;
        match self.overflow {
            Overflow::DropNewest if !fits(&state) => state.miss_at_end(),
            // One alone is kept, however large.
            Overflow::Fail if state.lost > 0 || (!fits(&state) && state.events > 0) => {
                state.lost += 1;
            }
            // Nobody can wait here: who asked for that was refused.
            _ => {
                while !fits(&state) && state.drop_oldest() {}
                state.waiting.push_back((Delivery::Event(event), bytes));
                state.events += 1;
                state.bytes += bytes;
            }
        }
        state.wake();
    }

    /// Notes that events may be missing here.
    pub(super) fn restored(&self) {
        let mut state = self.state();
        state.forget_refusal();
        let behind = state.waiting.iter().rev();
        let mut behind = behind.take_while(|(delivery, _)| !is_event(delivery));
        let is_told = behind.any(|(delivery, _)| matches!(delivery, Delivery::Restored));
        if state.end.is_none() && state.lost == 0 && !is_told {
            state.waiting.push_back((Delivery::Restored, 0));
            state.wake();
        }
    }

    /// Notes that the router refuses to go on, and is asked again after this long. Only the last of these waits.
    pub(super) fn not_restored(&self, error: &Error, again: Duration) {
        let mut state = self.state();
        if state.end.is_none() && state.lost == 0 {
            state.forget_refusal();
            let told = Delivery::NotRestored {
                error: error.clone(),
                again,
            };
            state.waiting.push_back((told, 0));
            state.wake();
        }
    }

    /// Nothing comes any more; `why` is told last.
    pub(super) fn end(&self, why: Option<Error>) {
        let mut state = self.state();
        state.end.get_or_insert(why);
        state.wake();
    }

    pub(super) fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Delivery, Error>>> {
        let mut state = self.state();
        if let Some((delivery, bytes)) = state.waiting.pop_front() {
            if is_event(&delivery) {
                state.events -= 1;
                state.bytes -= bytes;
            }
            return Poll::Ready(Some(Ok(delivery)));
        }
        if state.lost > 0 && state.end.is_none() {
            let error = Error::from(OverflowError::new(state.lost, self.room));
            state.end = Some(Some(error.with_sent(true, false)));
        }
        match &mut state.end {
            Some(why) => Poll::Ready(why.take().map(Err)),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_event(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::Event(_))
}

impl State {
    /// Drops the oldest event and tells so before those that are left, in one with what is told there already; whether there was one.
    fn drop_oldest(&mut self) -> bool {
        if self.events == 0 {
            return false;
        }
        let (mut missed, mut restored) = (1, false);
        while let Some((delivery, bytes)) = self.waiting.pop_front() {
            match delivery {
                Delivery::Missed(count) => missed += count,
                Delivery::Restored => restored = true,
                // It stands behind all events.
                Delivery::NotRestored { .. } => {}
                Delivery::Event(_) => {
                    self.events -= 1;
                    self.bytes -= bytes;
                    break;
                }
            }
        }
        if restored {
            self.waiting.push_front((Delivery::Restored, 0));
        }
        self.waiting.push_front((Delivery::Missed(missed), 0));
        true
    }

    /// Takes away what nobody has read of a refusal, which holds no more.
    fn forget_refusal(&mut self) {
        if let Some((Delivery::NotRestored { .. }, _)) = self.waiting.back() {
            self.waiting.pop_back();
        }
    }

    fn miss_at_end(&mut self) {
        match self.waiting.back_mut() {
            Some((Delivery::Missed(count), _)) => *count += 1,
            _ => self.waiting.push_back((Delivery::Missed(1), 0)),
        }
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wamp::message::{Object, Payload};

    fn event(number: u64) -> Event {
        Event::new("t", number, &Object::new("{}".into()), Payload::NONE)
    }

    fn read(sink: &Sink) -> Vec<String> {
        let mut context = Context::from_waker(Waker::noop());
        let mut all = Vec::new();
        while let Poll::Ready(Some(Ok(delivery))) = sink.poll(&mut context) {
            all.push(match delivery {
                Delivery::Event(event) => event.publication.to_string(),
                Delivery::Missed(count) => format!("-{count}"),
                Delivery::Restored => "again".to_owned(),
                Delivery::NotRestored { again, .. } => format!("not for {again:?}"),
            });
        }
        all
    }

    #[test]
    fn w21_what_is_not_read_is_counted_where_it_is_missing() {
        let oldest = Sink::new(2, Overflow::DropOldest);
        let newest = Sink::new(2, Overflow::DropNewest);
        for sink in [&oldest, &newest] {
            (1..=5).for_each(|number| sink.push(event(number), 1));
        }
        assert_eq!(read(&oldest), ["-3", "4", "5"]);
        assert_eq!(read(&newest), ["1", "2", "-3"]);
        oldest.push(event(6), 1);
        assert_eq!(read(&oldest), ["6"]);
    }

    #[test]
    fn w21_where_nothing_may_be_lost_the_loss_is_the_end() {
        let mut context = Context::from_waker(Waker::noop());
        let sink = Sink::new(2, Overflow::Fail);
        (1..=4).for_each(|number| sink.push(event(number), 1));
        sink.restored();
        let mut next = || match sink.poll(&mut context) {
            Poll::Ready(Some(Ok(Delivery::Event(event)))) => event.publication.to_string(),
            Poll::Ready(Some(Err(error))) => format!("{} {error}", error.code()),
            Poll::Ready(None) => "over".to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!((next(), next()), ("1".to_owned(), "2".to_owned()));
        sink.push(event(5), 1);
        assert!(next().starts_with("Overflow 3 values came faster"));
        sink.push(event(6), 1);
        assert_eq!(next(), "over");
        // One alone is kept, however large.
        let sink = Sink::new(2, Overflow::Fail);
        sink.push(event(1), BYTES * 2);
        assert_eq!(read(&sink), ["1"]);
    }

    #[test]
    fn w21_the_bytes_that_wait_are_limited() {
        let sink = Sink::new(1000, Overflow::DropOldest);
        (1..=3).for_each(|number| sink.push(event(number), BYTES / 2));
        assert_eq!(read(&sink), ["-1", "2", "3"]);
    }

    #[test]
    fn a_gap_is_told_before_what_is_left() {
        let sink = Sink::new(2, Overflow::DropOldest);
        sink.push(event(1), 1);
        sink.restored();
        sink.restored();
        (2..=4).for_each(|number| sink.push(event(number), 1));
        assert_eq!(read(&sink), ["-2", "again", "3", "4"]);
        sink.end(None);
        sink.push(event(5), 1);
        assert_eq!(read(&sink), Vec::<String>::new());
    }

    fn refusal() -> Error {
        crate::wamp::session::lost()
    }

    #[test]
    fn of_refusals_the_last_is_told_and_none_that_holds_no_more() {
        let sink = Sink::new(2, Overflow::DropOldest);
        let refused = |seconds| sink.not_restored(&refusal(), Duration::from_secs(seconds));
        (1..=3).for_each(|number| sink.push(event(number), 1));
        refused(10);
        refused(20);
        assert_eq!(read(&sink), ["-1", "2", "3", "not for 20s"]);
        refused(40);
        sink.restored();
        refused(10);
        sink.restored();
        assert_eq!(read(&sink), ["again"]);
        sink.end(None);
        refused(10);
        assert_eq!(read(&sink), Vec::<String>::new());
    }

    #[test]
    fn w21_sessions_that_come_and_go_cost_a_reader_that_sleeps_nothing() {
        for overflow in [Overflow::DropOldest, Overflow::DropNewest] {
            let sink = Sink::new(2, overflow);
            for number in 0..10_000 {
                sink.push(event(number), 1);
                sink.not_restored(&refusal(), Duration::from_secs(10));
                sink.restored();
            }
            let waiting = sink.state().waiting.len();
            assert!(waiting < 8, "{overflow:?}: {waiting}");
        }
    }
}
