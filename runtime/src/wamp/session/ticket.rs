//! Whether a frame goes out.

use std::sync::atomic::{AtomicU8, Ordering};

/// Whether a frame goes out, or was given up before anybody began to write it.
#[derive(Debug, Default)]
pub(super) struct Ticket(AtomicU8);

const QUEUED: u8 = 0;
const TAKEN: u8 = 1;
const GIVEN_UP: u8 = 2;

impl Ticket {
    fn change(&self, to: u8) -> bool {
        let order = Ordering::AcqRel;
        self.0
            .compare_exchange(QUEUED, to, order, Ordering::Acquire)
            .is_ok()
    }

    /// Takes it for writing; not when it was given up.
    pub(super) fn take(&self) -> bool {
        self.change(TAKEN)
    }

    /// Makes sure that a frame which nobody has begun to write stays here; whether it may have gone out.
    pub(super) fn give_up(&self) -> bool {
        !self.change(GIVEN_UP) && self.0.load(Ordering::Acquire) == TAKEN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_given_up_before_it_is_taken_is_never_sent() {
        let ticket = Ticket::default();
        assert!(!ticket.give_up());
        assert!(!ticket.take());
        assert!(!ticket.give_up());
        let ticket = Ticket::default();
        assert!(ticket.take());
        assert!(ticket.give_up());
    }
}
