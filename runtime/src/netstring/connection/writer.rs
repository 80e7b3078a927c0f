//! Writing what waits.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{End, Mark, Shared, lost};
use crate::error::Error;
use crate::netstring::outbox::{Batch, Outbox};

/// Writes frames until that fails, and says why.
pub(super) async fn write(
    mut wire: impl AsyncWrite + Unpin,
    outbox: &Outbox<Mark>,
    limit: Duration,
) -> Error {
    let mut batch = Batch::default();
    loop {
        outbox.take(&mut batch).await;
        let mut next = 0;
        while let Some(chunk) = batch.chunk(next, usize::MAX, |mark| mark.slot.take()) {
            let written = wire.write_all(batch.text(&chunk));
            match tokio::time::timeout(limit, written).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return lost().with_source(error),
                Err(_) => return lost(),
            }
            for mark in batch.marks(&chunk).filter(|mark| mark.tells) {
                mark.slot.end(End::Answered(Ok(Bytes::new())));
            }
            let room;
            (room, next) = batch.after(&chunk);
            outbox.done(room);
        }
        batch.clear();
    }
}

/// Ends the connection when a task of it does, also where its runtime does that.
pub(super) struct Ends(pub(super) std::sync::Arc<Shared>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.end(lost());
    }
}
