//! Implementations behind resource ids.

use std::fmt;
use std::sync::Arc;

use xerus_wire_id::WireId;

use super::answer::Answer;
use super::fault::Fault;
use super::incoming::Incoming;
use crate::registry::Registry;
use crate::type_info::TypeInfo;

/// Calls a method of an implementation; generated for each interface.
pub type Dispatch<I> = for<'a> fn(&'a I, &Incoming<'a>) -> Result<Answer<'a>, Fault>;

/// An implementation of an interface, ready to be put under a resource id. Cheap to clone; clones share the
/// implementation.
#[derive(Clone)]
pub struct Servant {
    type_info: Arc<TypeInfo>,
    implementation: Arc<dyn Serve>,
}

trait Serve: Send + Sync {
    fn dispatch<'a>(&'a self, call: &Incoming<'a>) -> Result<Answer<'a>, Fault>;
}

struct Served<I> {
    implementation: I,
    dispatch: Dispatch<I>,
}

impl<I: Send + Sync> Serve for Served<I> {
    fn dispatch<'a>(&'a self, call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
        (self.dispatch)(&self.implementation, call)
    }
}

impl Servant {
    /// A servant for the interface with wire id `id`; generated code has a function for each interface.
    #[must_use]
    pub fn new<I: Send + Sync + 'static>(
        id: &'static str,
        registry: &'static Registry,
        implementation: I,
        dispatch: Dispatch<I>,
    ) -> Self {
        let own = WireId::new(id).unwrap_or_default();
        let bases: Vec<WireId> = registry
            .lookup(&own)
            .into_iter()
            .flat_map(|entry| registry.bases(entry))
            .filter_map(|base| WireId::new(base.id).ok())
            .collect();
        Self {
            type_info: Arc::new(TypeInfo::new(own, bases)),
            implementation: Arc::new(Served {
                implementation,
                dispatch,
            }),
        }
    }

    /// The wire id of the interface served.
    #[must_use]
    pub fn type_id(&self) -> &WireId {
        self.type_info.wire_id()
    }

    /// The interface served and those it extends.
    #[must_use]
    pub fn type_info(&self) -> &TypeInfo {
        &self.type_info
    }

    /// Calls a method.
    ///
    /// # Errors
    ///
    /// When there is no such method or a parameter does not fit.
    pub(super) fn dispatch<'a>(&'a self, call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
        self.implementation.dispatch(call)
    }
}

impl fmt::Debug for Servant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Servant({})", self.type_id())
    }
}
