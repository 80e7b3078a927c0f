//! Which ids of a Kamailio may be answered.
//!
//! Its modules keep calls in 500 places, by the id; the end of the older call in a place makes the module forget the newer one, and an answer to
//! a forgotten call kills `jsonrpcc`.

use std::collections::HashMap;

use tokio::time::Instant;

const PLACES: u64 = 500;

/// Where a call is kept over there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Number(u64),
    /// An id that is no number.
    Text(String),
}

impl Place {
    pub(super) fn of(id: &str) -> Self {
        match id.parse::<u64>() {
            Ok(number) => Self::Number(number % PLACES),
            Err(_) => Self::Text(id.to_owned()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    /// Its answer is on its way out.
    Answered,
    /// Was not answered in time, and the peer may still wait for it until then.
    Late(Instant),
}

/// What to do with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Serve,
    /// Answer with an error before anything else.
    Refuse,
    /// Send nothing: the answer to the older call would come first.
    Silence,
}

/// The ids of one connection.
#[derive(Debug, Default)]
pub(super) struct Ids(HashMap<Place, (String, State)>);

impl Ids {
    pub(super) fn admit(&mut self, id: &str, now: Instant) -> Admission {
        let place = Place::of(id);
        match self.0.get(&place) {
            Some((_, State::Answered)) => return Admission::Silence,
            // Two answers under one id are what must not be.
            Some((known, State::Running)) if known == id => return Admission::Silence,
            Some((_, State::Running)) => return Admission::Refuse,
            Some((_, State::Late(until))) if *until > now => return Admission::Refuse,
            Some(_) | None => {}
        }
        self.0.insert(place, (id.to_owned(), State::Running));
        Admission::Serve
    }

    pub(super) fn answered(&mut self, place: &Place) {
        if let Some((_, state)) = self.0.get_mut(place) {
            *state = State::Answered;
        }
    }

    pub(super) fn written(&mut self, place: &Place) {
        self.0.remove(place);
    }

    pub(super) fn late(&mut self, place: &Place, until: Instant) {
        match place {
            Place::Number(_) => {
                if let Some((_, state)) = self.0.get_mut(place) {
                    *state = State::Late(until);
                }
            }
            // Of these there is no end, so they are not kept.
            Place::Text(_) => drop(self.0.remove(place)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn rule_9_ids_500_apart_share_a_place() {
        let (mut ids, now) = (Ids::default(), Instant::now());
        assert_eq!(ids.admit("2", now), Admission::Serve);
        assert_eq!(ids.admit("3", now), Admission::Serve);
        assert_eq!(ids.admit("502", now), Admission::Refuse);
        assert_eq!(ids.admit("2", now), Admission::Silence);
        ids.answered(&Place::of("2"));
        assert_eq!(ids.admit("502", now), Admission::Silence);
        ids.written(&Place::of("2"));
        assert_eq!(ids.admit("502", now), Admission::Serve);
    }

    #[tokio::test]
    async fn a_late_call_keeps_its_place_as_long_as_the_peer_may_wait() {
        let (mut ids, now) = (Ids::default(), Instant::now());
        assert_eq!(ids.admit("2", now), Admission::Serve);
        ids.late(&Place::of("2"), now + Duration::from_millis(200));
        assert_eq!(ids.admit("502", now), Admission::Refuse);
        let later = now + Duration::from_millis(200);
        assert_eq!(ids.admit("502", later), Admission::Serve);
    }

    #[tokio::test]
    async fn ids_that_are_no_numbers_are_kept_only_while_they_wait() {
        let (mut ids, now) = (Ids::default(), Instant::now());
        assert_eq!(ids.admit("\"a\"", now), Admission::Serve);
        assert_eq!(ids.admit("\"a\"", now), Admission::Silence);
        ids.late(&Place::of("\"a\""), now + Duration::from_secs(9));
        assert!(ids.0.is_empty());
    }
}
