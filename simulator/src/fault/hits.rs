//! Whether faults have hit anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A rule that was injected, made by [`Faults::inject`](super::Faults::inject): says how often it has hit. A test that counts on
/// a fault can so assert that it was played.
///
/// The rule goes on when this is dropped; the count stays when the rule is over or cleared.
///
/// ```no_run
/// # async fn example(device: xerus_sim::Running) {
/// use xerus_sim::{Fault, FaultRule};
///
/// let lost = device
///     .faults()
///     .inject(FaultRule::new(Fault::CloseAfterExecution).on("/model/pdu/0/outlet/2").times(1));
/// // Here the program under test switches the outlet.
/// assert_eq!(lost.hits(), 1);
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Injected(Arc<AtomicU64>);

impl Injected {
    /// How many requests the rule has hit, or calls in bulks where it acts on those. Requests that a rule lets pass (`after`,
    /// `probability`) do not count. One that finds nothing to change, a `serialNumber` where there is none say, does.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn hit(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
