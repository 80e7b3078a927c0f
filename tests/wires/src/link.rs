//! A connection on which many calls are under way, told apart by ids: what both transports share.

use std::collections::{HashMap, VecDeque};
use std::future::Future as _;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use futures_util::Stream;
use tokio::io::{AsyncWriteExt as _, BufReader, DuplexStream};
use tokio::sync::mpsc;
use tokio::time::Sleep;
use xerus_rpc::error::{ProtocolError, TimeoutError, TimeoutPhase, TooLargeError};
use xerus_rpc::wire::Meta;
use xerus_rpc::{Error, ErrorKind};

use crate::frame::{self, Broken};

/// Reports that wait for a slow reader; when one more comes, the oldest goes.
pub(crate) const WAITING: usize = 64;
/// Frames that wait to be written.
const OUTGOING: usize = 64;

/// What a message from the other side is about.
pub(crate) struct Event {
    pub(crate) id: u64,
    pub(crate) part: Part,
}

pub(crate) enum Part {
    /// Something on the way.
    Report(String),
    /// The text of the results, or the error.
    End(Result<(String, Meta), Error>),
}

/// Reads a message; what is none ends the connection.
pub(crate) type Read = Arc<dyn Fn(&str) -> Result<Event, ProtocolError> + Send + Sync>;

/// One connection. Ends when it is dropped or the other side does what it must not.
pub(crate) struct Link {
    outgoing: mpsc::Sender<Vec<u8>>,
    calls: Arc<Calls>,
    next: AtomicU64,
    reader: tokio::task::JoinHandle<()>,
}

/// The calls under way; `None` once the connection has ended.
struct Calls(Mutex<Option<HashMap<u64, Arc<Mutex<Slot>>>>>);

/// Where the answer to a call arrives.
#[derive(Default)]
struct Slot {
    reports: VecDeque<String>,
    dropped: usize,
    end: Option<Result<(String, Meta), Error>>,
    waker: Option<Waker>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Link {
    pub(crate) fn open(stream: DuplexStream, limit: usize, read: Read) -> Self {
        let (incoming, mut writer) = tokio::io::split(stream);
        let (outgoing, mut frames) = mpsc::channel::<Vec<u8>>(OUTGOING);
        tokio::spawn(async move {
            while let Some(frame) = frames.recv().await {
                if writer.write_all(&frame).await.is_err() {
                    break;
                }
            }
        });
        let calls = Arc::new(Calls(Mutex::new(Some(HashMap::new()))));
        let answered = Arc::clone(&calls);
        let reader = tokio::spawn(async move {
            let mut incoming = BufReader::new(incoming);
            let why = loop {
                match frame::read(&mut incoming, limit).await {
                    Ok(text) => match read(&text) {
                        Ok(event) => answered.take(event),
                        Err(error) => break error.with_excerpt(text.as_bytes()).into(),
                    },
                    Err(Broken::End) => break ErrorKind::ConnectionLost.into(),
                    Err(Broken::Lost(error)) => {
                        break Error::from(ErrorKind::ConnectionLost).with_source(error);
                    }
                    Err(Broken::TooLarge(seen)) => {
                        break TooLargeError::new(limit as u64, seen as u64).into();
                    }
                    Err(Broken::Form(what, bytes)) => {
                        break ProtocolError::new(what).with_excerpt(&bytes).into();
                    }
                }
            };
            answered.end(&why);
        });
        Self {
            outgoing,
            calls,
            next: AtomicU64::new(1),
            reader,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        lock(&self.calls.0).is_some() && !self.outgoing.is_closed()
    }

    /// Sends what `write` makes for the id that the call gets. The time for the call runs from `start`.
    pub(crate) async fn begin(
        self: &Arc<Self>,
        start: Instant,
        timeout: Duration,
        repeatable: bool,
        cancel: Option<fn(u64) -> String>,
        write: impl FnOnce(u64) -> String,
    ) -> Result<Running, Error> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let left = timeout.saturating_sub(start.elapsed());
        let sleep = Box::pin(tokio::time::sleep(left));
        let slot = Arc::new(Mutex::new(Slot::default()));
        match &mut *lock(&self.calls.0) {
            Some(calls) => calls.insert(id, Arc::clone(&slot)),
            None => return Err(lost().with_sent(false, repeatable)),
        };
        let mut running = Running {
            link: Arc::clone(self),
            id,
            slot,
            sleep,
            timeout,
            repeatable,
            cancel: None,
            ended: false,
        };
        // Dropped before the frame went out, the call was not made and nothing need be said about it.
        let sent = tokio::time::timeout(left, self.outgoing.send(frame::frame(&write(id))));
        match sent.await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(lost().with_sent(false, repeatable)),
            Err(_) => {
                let error = TimeoutError::new(TimeoutPhase::Queue, timeout);
                return Err(Error::from(error).with_sent(false, repeatable));
            }
        }
        running.cancel = cancel;
        Ok(running)
    }

    /// Sends a message to which no answer comes.
    pub(crate) async fn tell(&self, message: &str, timeout: Duration) -> Result<(), Error> {
        let sent = tokio::time::timeout(timeout, self.outgoing.send(frame::frame(message)));
        match sent.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(lost().with_sent(false, false)),
            Err(_) => {
                let error = TimeoutError::new(TimeoutPhase::Queue, timeout);
                Err(Error::from(error).with_sent(false, false))
            }
        }
    }

    /// Waits until no call is under way.
    pub(crate) async fn drained(&self) {
        while lock(&self.calls.0)
            .as_ref()
            .is_some_and(|calls| !calls.is_empty())
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.reader.abort();
        self.calls.end(&lost());
    }
}

fn lost() -> Error {
    ErrorKind::ConnectionLost.into()
}

impl Calls {
    /// An id that nobody waits for is that of a call that was given up.
    fn take(&self, event: Event) {
        let slot = match &mut *lock(&self.0) {
            None => None,
            Some(calls) => match event.part {
                Part::Report(_) => calls.get(&event.id).cloned(),
                Part::End(_) => calls.remove(&event.id),
            },
        };
        let Some(slot) = slot else { return };
        let mut slot = lock(&slot);
        match event.part {
            Part::Report(report) => {
                if slot.reports.len() == WAITING {
                    slot.reports.pop_front();
                    slot.dropped += 1;
                }
                slot.reports.push_back(report);
            }
            Part::End(end) => slot.end = Some(end),
        }
        slot.wake();
    }

    fn end(&self, why: &Error) {
        let calls = lock(&self.0).take();
        for slot in calls.into_iter().flatten().map(|(_, slot)| slot) {
            let mut slot = lock(&slot);
            slot.end.get_or_insert_with(|| Err(why.clone()));
            slot.wake();
        }
    }
}

impl Slot {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// A call on its way: its reports, then its end. Dropping it before that gives the call up.
pub(crate) struct Running {
    link: Arc<Link>,
    id: u64,
    slot: Arc<Mutex<Slot>>,
    sleep: Pin<Box<Sleep>>,
    timeout: Duration,
    repeatable: bool,
    /// What tells the other side that nobody waits any more.
    cancel: Option<fn(u64) -> String>,
    ended: bool,
}

pub(crate) enum Progress {
    Report(String),
    End(String, Meta),
}

impl Running {
    /// Waits for the end, whatever is reported before it.
    pub(crate) async fn end(mut self) -> Result<(String, Meta), Error> {
        use futures_util::StreamExt as _;
        while let Some(part) = self.next().await {
            if let Progress::End(text, meta) = part? {
                return Ok((text, meta));
            }
        }
        Err(lost())
    }
}

impl Stream for Running {
    type Item = Result<Progress, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let mut slot = lock(&self.slot);
        if let Some(report) = slot.reports.pop_front() {
            return Poll::Ready(Some(Ok(Progress::Report(report))));
        }
        let (end, dropped) = (slot.end.take(), slot.dropped);
        if end.is_none() {
            slot.waker = Some(task.waker().clone());
        }
        drop(slot);
        if let Some(end) = end {
            self.ended = true;
            let repeatable = self.repeatable;
            return Poll::Ready(Some(match end {
                Ok((text, mut meta)) => {
                    if dropped > 0 {
                        meta.warnings
                            .push(format!("{dropped} reports were dropped"));
                    }
                    Ok(Progress::End(text, meta))
                }
                Err(error) => Err(error.with_sent(true, repeatable)),
            }));
        }
        if self.sleep.as_mut().poll(task).is_ready() {
            let error = TimeoutError::new(TimeoutPhase::FirstByte, self.timeout);
            let error = Error::from(error).with_sent(true, self.repeatable);
            self.give_up();
            return Poll::Ready(Some(Err(error)));
        }
        Poll::Pending
    }
}

impl Running {
    fn give_up(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        if let Some(calls) = &mut *lock(&self.link.calls.0) {
            calls.remove(&self.id);
        }
        if let Some(cancel) = self.cancel {
            // Best effort: a full queue means that the other side does not read anyway.
            let _ = self.link.outgoing.try_send(frame::frame(&cancel(self.id)));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.give_up();
    }
}
