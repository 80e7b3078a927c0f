//! Answers on their way out.

use std::sync::Arc;

use tokio::io::AsyncWriteExt as _;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::time::Instant;

use super::{Answer, Shared};
use crate::netstring::outbox::Batch;
use crate::netstring::server::Peer;

/// Answers that are written at a time, where that is allowed.
const BATCH: usize = 64;

/// Writes answers until the peer takes none any more, or until none can come.
pub(super) async fn write(shared: Arc<Shared>, mut wire: OwnedWriteHalf) {
    let setup = &shared.door.setup;
    let most = match setup.peer {
        // One write for each frame: `jsonrpcc` drops connections over which an answer comes in pieces.
        Peer::Kamailio => 1,
        // Small ones together: the time for a write is that for one answer.
        Peer::JsonRpc => BATCH,
    };
    let mut batch = Batch::default();
    loop {
        tokio::select! {
            biased;
            () = shared.answers.take(&mut batch) => {}
            () = shared.last.cancelled() => return,
        }
        let mut next = 0;
        while let Some(chunk) = batch.chunk(next, most, |answer| shared.goes_out(answer)) {
            let text = batch.text(&chunk);
            let answers = batch.marks(&chunk);
            if text.is_empty() {
                answers.for_each(|answer| shared.left_out(answer));
            } else {
                match tokio::time::timeout(setup.slow, wire.write_all(text)).await {
                    Ok(Ok(())) => answers.for_each(|answer| shared.written(answer)),
                    Ok(Err(_)) => return,
                    Err(_) => {
                        shared.door.counts.slow.add();
                        return;
                    }
                }
            }
            let room;
            (room, next) = batch.after(&chunk);
            shared.answers.done(room);
        }
        batch.clear();
    }
}

impl Shared {
    /// Whether an answer is still in time, where it must be.
    fn goes_out(&self, answer: &Answer) -> bool {
        answer.until.is_none_or(|until| Instant::now() < until)
    }

    fn left_out(&self, answer: &Answer) {
        match &answer.slot {
            Some(slot) => self.late(slot),
            None => self.door.counts.late.add(),
        }
    }

    fn written(&self, answer: &Answer) {
        self.door.counts.answers.add();
        if let Some(slot) = &answer.slot {
            self.ids().written(&slot.place);
        }
    }
}
