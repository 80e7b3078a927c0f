//! Objects found in places of whatever type, as proxies.

use super::{CastError, Compatibility, Object};
use crate::agent::Agent;
use crate::object::Interface;
use crate::registry::Relation;
use xerus_wire_id::WireId;

impl Object {
    /// The same object, called through this agent.
    ///
    /// For references that were made without one, as those that `serde` has read, or that belong to another agent.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use xerus_rpc::{Agent, MemoryTransport, Object, server::Router};
    /// # let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
    /// let object = Object::detached("/model/outlet/0", "pdumodel.Outlet:2.1.5".parse()?);
    /// let object = object.with_agent(&agent); // then object.cast::<Outlet>()?
    /// assert_eq!(object.rid(), "/model/outlet/0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_agent(&self, agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
            ..self.clone()
        }
    }

    /// The proxy, when the object is declared as a `T` or the device says that it is a kind of `T`, whatever the version.
    pub(crate) fn as_kind_of<T: Interface>(&self) -> Option<T> {
        let compatibility = match self.cast::<T>() {
            Ok(proxy) => return Some(proxy),
            Err(CastError::MajorMismatch(..)) => Compatibility::MajorMismatch,
            Err(CastError::UnknownType(_) | CastError::NotReported) if self.is_declared::<T>() => {
                self.compatibility
            }
            Err(_) => return None,
        };
        Some(T::from_object(Self {
            declared: T::TYPE_ID,
            compatibility,
            ..self.clone()
        }))
    }

    fn is_declared<T: Interface>(&self) -> bool {
        let declared = WireId::new(self.declared);
        declared.is_ok_and(|id| {
            matches!(
                T::registry().relation(&id, T::TYPE_ID),
                Relation::Same | Relation::Derived(_)
            )
        })
    }
}
