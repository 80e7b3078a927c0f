//! Calls that report progress, in one process.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};

use futures_core::Stream;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_util::sync::DropGuard;

use super::MemoryTransport;
use crate::error::Error;
use crate::json_text::Json;
use crate::server::{Fault, Progress};
use crate::wire::{BoxFuture, BoxStream, Item, Reply, Request};

/// Reports that wait for a slow caller, before the servant has to wait.
const WAITING: usize = 64;

pub(super) fn stream(
    transport: Arc<MemoryTransport>,
    request: Request,
) -> BoxStream<'static, Result<Item, Error>> {
    // Whatever is to happen to more: here the servant waits, and nothing is ever lost.
    let room = request.room().map_or(WAITING, |room| room.values);
    let (sender, reports) = channel(room.clamp(1, Semaphore::MAX_PERMITS));
    let cancelled = transport.context.token_below();
    let context = transport
        .context(&request, cancelled.clone())
        .with_progress(Arc::new(Reports(sender)));
    let call = Box::pin(async move { transport.answer(&request, context).await });
    Box::pin(Reporting {
        reports,
        call: Some(call),
        result: None,
        _guard: cancelled.drop_guard(),
    })
}

struct Reports(Sender<Json>);

impl Progress for Reports {
    fn report(&self, value: Json) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async move {
            let sent = self.0.send(value).await;
            sent.map_err(|_| Fault::internal("nobody waits for the call any more"))
        })
    }
}

struct Reporting {
    reports: Receiver<Json>,
    call: Option<BoxFuture<'static, Result<Reply, Error>>>,
    /// Kept until the reports before it were taken.
    result: Option<Result<Reply, Error>>,
    _guard: DropGuard,
}

impl Stream for Reporting {
    type Item = Result<Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<Self::Item>> {
        if let Some(call) = &mut self.call
            && let Poll::Ready(result) = call.as_mut().poll(task)
        {
            self.call = None;
            self.result = Some(result);
        }
        // Not by `poll_recv`, which at times says "pending" to a task that does much, although something is there: what was reported comes
        // before the result.
        if let Ok(value) = self.reports.try_recv() {
            return Poll::Ready(Some(Ok(progress(&value))));
        }
        if let Some(result) = self.result.take() {
            return Poll::Ready(Some(result.map(Item::Final)));
        }
        if self.call.is_none() {
            return Poll::Ready(None);
        }
        match self.reports.poll_recv(task) {
            Poll::Ready(Some(value)) => Poll::Ready(Some(Ok(progress(&value)))),
            _ => Poll::Pending,
        }
    }
}

fn progress(value: &Json) -> Item {
    Item::Progress(Reply::bare(value.get().as_bytes().to_vec()))
}
