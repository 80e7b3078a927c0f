//! Putting calls into `performBulk` requests.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::agent::Agent;
use crate::attributes::Attributes;
use crate::call::Plan;
use crate::codec::Writer;
use crate::id::RequestId;
use crate::jsonrpc::request;
use crate::method::Method;
use crate::wire::{Called, Places, Values};

/// The object that executes bulk requests.
pub(crate) const BULK_RID: &str = "/bulk";

/// Its method. Whether a bulk may be repeated depends on the calls in it.
static PERFORM_BULK: Method = Method {
    interface: "bulkrpc.BulkRequest:1.0.0",
    name: "performBulk",
    params: &["requests"],
    results: &["responses"],
    ..Method::PLAIN
};

/// What stands before the list of requests, and after it.
const BEFORE: &str = r#"{"requests":"#;
const AFTER: &str = "}";

/// Calls that go in one request.
pub(super) struct Chunk<'a> {
    plans: &'a [Plan],
    indexes: &'a [usize],
    object: Bytes,
    first_id: u64,
}

impl<'a> Chunk<'a> {
    /// Takes as many calls off the front of `rest` as fit, and always one.
    pub(super) fn take(
        agent: &Agent,
        rest: &mut &'a [usize],
        plans: &'a [Plan],
        calls: usize,
        bytes: usize,
    ) -> Self {
        let most = rest.len().min(calls);
        let first_id = agent.take_bulk_ids(most);
        let next = || rest.iter().take(most).map_while(|index| plans.get(*index));
        let room = next().map(room_for).sum::<usize>();
        let mut writer = Writer::with_capacity(FRAME + room.min(bytes));
        writer.raw(BEFORE);
        writer.byte(b'[');
        let mut taken = 0;
        for (offset, plan) in next().enumerate() {
            let before = writer.len();
            if offset > 0 {
                writer.byte(b',');
            }
            write_call(&mut writer, plan, RequestId::new(first_id + offset as u64));
            if offset > 0 && writer.len() > bytes {
                writer.truncate(before);
                break;
            }
            taken = offset + 1;
        }
        writer.byte(b']');
        writer.raw(AFTER);
        let (indexes, others) = rest.split_at(taken);
        *rest = others;
        Self {
            plans,
            indexes,
            object: writer.into_bytes(),
            first_id,
        }
    }

    /// Places of the calls among all calls of the bulk.
    pub(super) fn indexes(&self) -> impl ExactSizeIterator<Item = usize> {
        self.indexes.iter().copied()
    }

    pub(super) fn len(&self) -> usize {
        self.indexes.len()
    }

    /// The call at a place of this chunk, and its place among all calls.
    pub(super) fn call(&self, place: usize) -> Option<(usize, &'a Plan)> {
        let index = *self.indexes.get(place)?;
        self.plans.get(index).map(|plan| (index, plan))
    }

    /// The id of the call at a place of this chunk.
    pub(super) fn id(&self, place: usize) -> RequestId {
        RequestId::new(self.first_id + place as u64)
    }

    /// The calls by their places among all calls, each with its id.
    pub(super) fn calls(&self) -> impl Iterator<Item = (usize, RequestId)> {
        let ids = (0..).map(|place| self.id(place));
        self.indexes().zip(ids)
    }

    /// The place in this chunk that has an id.
    pub(super) fn place_of(&self, id: u64) -> Option<usize> {
        let place = usize::try_from(id.checked_sub(self.first_id)?).ok()?;
        (place < self.len()).then_some(place)
    }

    /// The call that carries this chunk.
    pub(super) fn outer_call(&self, agent: &Agent, timeout: Option<Duration>) -> Plan {
        let plans = || {
            self.indexes
                .iter()
                .filter_map(|index| self.plans.get(*index))
        };
        let list = (BEFORE.len(), self.object.len() - AFTER.len());
        Plan {
            agent: agent.clone(),
            target: Arc::from(BULK_RID),
            method: Called::Described(&PERFORM_BULK),
            args: Ok(Values::written(
                PERFORM_BULK.params,
                self.object.to_vec(),
                Places::one(list),
            )),
            timeout: timeout.or_else(|| plans().map(Plan::time).max()),
            repeatable: plans().all(|plan| plan.repeatable),
            long_poll: plans().any(|plan| plan.long_poll),
            auto_bulk: None,
            // Those of single calls are no business of the request that carries them.
            attributes: Attributes::NONE,
        }
    }
}

/// What stands around the calls, and room for a comma.
pub(super) const FRAME: usize = BEFORE.len() + AFTER.len() + 2;

/// About the size of a call in a request; a text with many escapes takes more.
pub(super) fn room_for(plan: &Plan) -> usize {
    /// What stands between the parts that differ, and the id.
    const FIXED: usize = 96;
    let args = plan.args.as_ref().map_or(0, |args| args.by_name().len());
    FIXED + plan.target.len() + plan.method.bare_name().len() + args
}

fn write_call(writer: &mut Writer, plan: &Plan, id: RequestId) {
    writer.raw(r#"{"rid":"#);
    writer.string(&plan.target);
    writer.raw(r#","json":"#);
    // Calls that cannot be sent are sorted out before.
    let args = plan.args.as_ref().expect("a call in a chunk can be sent");
    request::write(writer, plan.method.bare_name(), args.by_name(), id);
    writer.byte(b'}');
}
