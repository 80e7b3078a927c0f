//! Which session the ids of a part are on.

use std::sync::{Arc, Weak};

use super::Session;

/// The newest session that a part was told of, on which its ids are.
///
/// Two may be open together: one that is being left, which ends when its last calls do, and the one that was joined meanwhile. What comes late of the
/// older one must not be taken for something of the newer one.
#[derive(Default)]
pub(in crate::wamp) struct Latest {
    session: Weak<Session>,
    order: u64,
}

impl Latest {
    /// Whether it is this one.
    pub(in crate::wamp) fn is(&self, session: &Arc<Session>) -> bool {
        std::ptr::eq(self.session.as_ptr(), Arc::as_ptr(session))
    }

    /// The same of one that may be gone.
    pub(in crate::wamp) fn is_weak(&self, session: &Weak<Session>) -> bool {
        Weak::ptr_eq(&self.session, session)
    }

    /// Goes on to this one where it is newer; whether it is.
    pub(in crate::wamp) fn advance(&mut self, session: &Arc<Session>) -> bool {
        let is_newer = session.order() > self.order;
        if is_newer {
            self.session = Arc::downgrade(session);
            self.order = session.order();
        }
        is_newer
    }

    /// Its order, and itself.
    pub(in crate::wamp) fn known(&self) -> (u64, Weak<Session>) {
        (self.order, Weak::clone(&self.session))
    }

    /// It, where it is still there.
    pub(in crate::wamp) fn get(&self) -> Option<Arc<Session>> {
        self.session.upgrade()
    }

    /// It, if it is another one than this.
    pub(in crate::wamp) fn after(&self, session: &Arc<Session>) -> Option<Arc<Session>> {
        let now = self.get()?;
        (!Arc::ptr_eq(&now, session)).then_some(now)
    }
}
