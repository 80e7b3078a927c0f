//! Which events are wanted, in the words of the device.

use xerus_api::event::channel::EventSelect;
use xerus_rpc::{Agent, Error, Object, WireId};

use super::trouble::Verdict;
use crate::older;

/// One kind of events that is wanted.
#[derive(Clone, Debug)]
pub(super) struct Demand {
    /// The type, as the bindings name it.
    pub(super) event: WireId,
    pub(super) of: Of,
}

/// Whose events are wanted.
#[derive(Clone, Debug)]
pub(super) enum Of {
    /// All objects that have such events.
    All,
    /// The same, of the version that the interface of this object has.
    AllLike(Object),
    /// This object.
    Only(Object),
}

impl Demand {
    fn object(&self) -> Option<&Object> {
        match &self.of {
            Of::All => None,
            Of::AllLike(object) | Of::Only(object) => Some(object),
        }
    }
}

/// All that is wanted, as the channel is told.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) types: Vec<WireId>,
    pub(super) selects: Vec<EventSelect>,
}

/// Says what is wanted with the versions that the device has. `again`: what it said of its types before may be out of date.
///
/// # Errors
///
/// When the device was asked for its types and is not there.
pub(super) async fn resolve(
    agent: &Agent,
    demands: &[Demand],
    again: bool,
) -> Result<Wanted, Error> {
    let unclear = |demand: &Demand| {
        let object = demand.object()?;
        let known = object.wire_id().is_some_and(|id| {
            !again && older::event_type(&demand.event, std::slice::from_ref(id)).is_some()
        });
        (older::has_interface(&demand.event) && !known).then(|| object.get_type_info())
    };
    let told = match agent.bulk(demands.iter().map(unclear)).await {
        Ok(told) => told.into_vec(),
        Err(error) if Verdict::of(&error) == Verdict::Passing => return Err(error),
        Err(_) => Vec::new(),
    };
    let told = told.into_iter().chain(std::iter::repeat_with(|| None));
    let mut wanted = Wanted::default();
    for (demand, told) in demands.iter().zip(told) {
        let reported = demand.object().and_then(Object::wire_id);
        let chain = match &told {
            Some(Ok(info)) => info.chain(),
            // A device that does not tell its types is told those of the bindings.
            _ => reported.map(std::slice::from_ref).unwrap_or_default(),
        };
        let event = older::event_type(&demand.event, chain).unwrap_or_else(|| demand.event.clone());
        match &demand.of {
            Of::All | Of::AllLike(_) => wanted.types.push(event),
            Of::Only(object) => {
                let select = EventSelect {
                    r#type: event,
                    src: Some(object.clone()),
                    ..EventSelect::default()
                };
                wanted.selects.push(select);
            }
        }
    }
    Ok(wanted)
}
