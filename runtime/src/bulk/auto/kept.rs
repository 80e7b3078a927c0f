//! Results of a shared request, kept as the replies that single requests would have had.

use super::super::slot::Accept;
use crate::call::Plan;
use crate::call::results::Callee;
use crate::codec::Reader;
use crate::error::{BulkError, DecodeError, Error};
use crate::id::RequestId;
use crate::jsonrpc::answer;
use crate::meta::Meta;
use crate::wire::Reply;

/// The replies of the calls, in their order.
pub(super) struct Kept(Vec<One>);

struct One {
    id: RequestId,
    meta: Meta,
    reply: Option<Result<Reply, Error>>,
}

impl Kept {
    pub(super) fn new(calls: usize) -> Self {
        let none = || One {
            id: RequestId::new(0),
            meta: Meta::default(),
            reply: None,
        };
        Self((0..calls).map(|_| none()).collect())
    }

    pub(super) fn finish(self) -> impl Iterator<Item = Result<Reply, Error>> {
        self.0.into_iter().map(|one| {
            let reply = one.reply;
            let reply = reply.unwrap_or_else(|| Err(BulkError::MissingResponse.into()));
            reply.or_else(|error| as_answer(error.told_alone(), one.id, one.meta))
        })
    }
}

/// An error that the device told, as the answer that told it; any other as it is.
fn as_answer(error: Error, id: RequestId, meta: Meta) -> Result<Reply, Error> {
    if let Some(told) = error.as_rpc() {
        let body = answer::write(Err(told), &id.to_string());
        let reply = Reply::envelope(body, id).with_meta(meta.clone());
        // What the entry says beside its document may have made the outcome another.
        if reply
            .error()
            .is_some_and(|again| again.outcome() == error.outcome())
        {
            return Ok(reply);
        }
    }
    Err(error.with_meta(meta))
}

impl Accept for Kept {
    fn accept(
        &mut self,
        index: usize,
        _: &Plan,
        _: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        let result = reader.raw_value()?;
        if let Some(one) = self.0.get_mut(index) {
            let body = answer::write(Ok(result.as_bytes()), &one.id.to_string());
            one.reply = Some(Ok(Reply::envelope(body, one.id).with_meta(one.meta.clone())));
        }
        Ok(())
    }

    fn reject(&mut self, index: usize, error: Error) {
        if let Some(one) = self.0.get_mut(index) {
            one.reply = Some(Err(error));
        }
    }

    fn forget(&mut self, index: usize) {
        if let Some(one) = self.0.get_mut(index) {
            one.reply = None;
        }
    }

    fn answered(&mut self, meta: &Meta, calls: &mut dyn Iterator<Item = (usize, RequestId)>) {
        for (index, id) in calls {
            if let Some(one) = self.0.get_mut(index) {
                (one.id, one.meta) = (id, meta.clone());
            }
        }
    }
}
