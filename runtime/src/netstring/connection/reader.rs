//! Reading answers.

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::io::AsyncRead;
use tokio_util::codec::FramedRead;

use super::{End, Shared, lost};
use crate::error::{Error, ProtocolError};
use crate::netstring::answer::{self, Incoming};
use crate::netstring::codec::{Codec, FrameError};

/// Bodies that are no JSON, one after the other, until the connection is given up.
const UNREADABLE: u32 = 10;

/// Reads until that fails, and says why.
pub(super) async fn read(wire: impl AsyncRead + Unpin, shared: &Shared, limit: usize) -> Error {
    let mut frames = FramedRead::new(wire, Codec::new(limit));
    let mut unreadable = 0;
    loop {
        let body = match frames.next().await {
            None => return lost(),
            Some(Err(error)) => return broken(error),
            Some(Ok(body)) => body,
        };
        match answer::look(&body) {
            Incoming::Answer(id) => {
                unreadable = 0;
                give(shared, id, body);
            }
            Incoming::Unasked => {
                unreadable = 0;
                shared.drop_one();
            }
            Incoming::Unreadable => {
                unreadable += 1;
                if unreadable == UNREADABLE {
                    return ProtocolError::new("ten frames in a row are no JSON objects").into();
                }
                shared.drop_one();
            }
        }
    }
}

fn give(shared: &Shared, id: u64, body: Bytes) {
    let Some(call) = shared.calls.remove(id) else {
        // Late, doubled, asked by nobody, or a call that was given up just now.
        shared.drop_one();
        return;
    };
    shared.answer_came();
    if !call.end(End::Answered(Ok(body))) {
        shared.drop_one();
    }
}

fn broken(error: FrameError) -> Error {
    match error {
        FrameError::TooLarge { limit, seen } => Error::response_too_large(limit, seen),
        FrameError::Io(error) => lost().with_source(error),
        other => ProtocolError::new(other.what()).into(),
    }
}
