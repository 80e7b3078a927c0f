//! What passes over one connection, as far as a call must know it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::head::{Head, HeadFault};

/// Shared by a connection and the stream inside it, which the HTTP library keeps to itself.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    /// Bytes that the operating system or the TLS layer took.
    written: AtomicU64,
    /// Nothing is waiting to be written.
    flushed: AtomicBool,
    /// A write that finds the connection closed waits, and leaves the end to reading.
    patient: AtomicBool,
    /// Such a write has been met.
    hung_up: AtomicBool,
    /// The next read asks the operating system itself, and not only the runtime, whether something came.
    probe: AtomicBool,
    /// Set while the head of an answer is expected.
    head: Mutex<Head>,
}

impl Traffic {
    /// A request begins; its answer will begin with a head.
    pub(super) fn begin(&self) {
        self.flushed.store(false, Ordering::Relaxed);
        self.head().begin();
    }

    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    pub(super) fn is_flushed(&self) -> bool {
        self.flushed.load(Ordering::Relaxed)
    }

    pub(super) fn note_written(&self, bytes: usize) {
        self.written.fetch_add(bytes as u64, Ordering::Relaxed);
        self.flushed.store(false, Ordering::Relaxed);
    }

    /// Something is about to be written.
    pub(super) fn note_writing(&self) {
        self.flushed.store(false, Ordering::Relaxed);
    }

    pub(super) fn be_patient(&self) {
        self.patient.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_patient(&self) -> bool {
        self.patient.load(Ordering::Relaxed)
    }

    pub(super) fn note_hang_up(&self) {
        self.hung_up.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_hung_up(&self) -> bool {
        self.hung_up.load(Ordering::Relaxed)
    }

    pub(super) fn note_flushed(&self) {
        self.flushed.store(true, Ordering::Relaxed);
    }

    /// Looks at bytes that came in.
    pub(super) fn note_read(&self, bytes: &[u8]) -> Result<(), HeadFault> {
        self.head().read(bytes)
    }

    /// What is wrong with the head of the answer.
    pub(super) fn fault(&self) -> Option<HeadFault> {
        self.head().fault()
    }

    /// Whether all chunks of the answer came, and only the blank line behind them is missing.
    pub(super) fn ends_with_last_chunk(&self) -> bool {
        self.head().ends_with_last_chunk()
    }

    /// Makes the next read look for an end of the connection that the runtime has not reported yet.
    pub(super) fn ask_for_probe(&self) {
        self.probe.store(true, Ordering::Relaxed);
    }

    pub(super) fn take_probe(&self) -> bool {
        self.probe.swap(false, Ordering::Relaxed)
    }

    fn head(&self) -> MutexGuard<'_, Head> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
