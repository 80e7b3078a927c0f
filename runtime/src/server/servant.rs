//! Implementations behind resource ids.

use std::fmt;
use std::sync::Arc;

use xerus_wire_id::WireId;

use super::fault::Fault;
use super::incoming::Incoming;
use super::methods::Methods;
use super::reply::Answer;
use crate::codec::{self, Encode, Writer};
use crate::method::{GET_TYPE_INFO, Method};
use crate::registry::Registry;
use crate::type_info::TypeInfo;
use crate::wire::Values;

/// Calls a method of an implementation; generated for each interface.
pub type Dispatch<I> = for<'a> fn(&'a I, &Incoming<'a>) -> Result<Answer<'a>, Fault>;

/// An implementation of an interface, ready to be put under a resource id. Cheap to clone; clones share the
/// implementation.
#[derive(Clone)]
pub struct Servant {
    type_info: Arc<TypeInfo>,
    methods: &'static Methods,
    implementation: Arc<dyn Serve>,
}

/// A servant that may be gone.
#[cfg(any(feature = "netstring", feature = "ripex2"))]
#[derive(Clone)]
pub(crate) struct WeakServant {
    type_info: std::sync::Weak<TypeInfo>,
    methods: &'static Methods,
    implementation: std::sync::Weak<dyn Serve>,
}

#[cfg(any(feature = "netstring", feature = "ripex2"))]
impl WeakServant {
    /// The servant, where it is still there.
    pub(crate) fn upgrade(&self) -> Option<Servant> {
        Some(Servant {
            type_info: self.type_info.upgrade()?,
            methods: self.methods,
            implementation: self.implementation.upgrade()?,
        })
    }
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

/// The results of `getTypeInfo`.
pub(super) fn results(info: &TypeInfo) -> Result<Values, Fault> {
    let info: &dyn Encode = info;
    let writer = Writer::for_answers();
    Ok(codec::values(GET_TYPE_INFO.results, &[info], writer)?)
}

impl Servant {
    /// A servant for the interface with wire id `id`; generated code has a function for each interface.
    #[must_use]
    pub fn new<I: Send + Sync + 'static>(
        id: &'static str,
        registry: &'static Registry,
        methods: &'static Methods,
        implementation: I,
        dispatch: Dispatch<I>,
    ) -> Self {
        let own = WireId::new(id).expect("generated code holds wire ids");
        let bases: Vec<WireId> = registry
            .lookup(&own)
            .into_iter()
            .flat_map(|entry| registry.bases(entry))
            .filter_map(|base| WireId::new(base.id).ok())
            .collect();
        Self {
            methods,
            ..Self::of_type(TypeInfo::new(own, bases), implementation, dispatch)
        }
    }

    /// A servant whose interface is known at run time only: one that passes calls on, say, or shows itself as another version of
    /// an interface. The calls come under the names that the caller uses; those of [`methods`](Self::methods) are not known.
    ///
    /// ```
    /// use xerus_rpc::TypeInfo;
    /// use xerus_rpc::server::{Fault, Incoming, Reply, Servant};
    /// use xerus_rpc::wire::Values;
    ///
    /// let info = TypeInfo::new("acme.Fan:1.0.0".parse()?, []);
    /// let fan = Servant::of_type(info, 1_200_i32, |speed, call: &Incoming<'_>| match call.method() {
    ///     "getSpeed" => Ok(Reply::ok(*speed).single()),
    ///     _ => Err(Fault::method_not_found()),
    /// });
    /// assert_eq!(fan.type_id().as_str(), "acme.Fan:1.0.0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_type<I: Send + Sync + 'static>(
        type_info: TypeInfo,
        implementation: I,
        dispatch: Dispatch<I>,
    ) -> Self {
        Self {
            type_info: Arc::new(type_info),
            methods: &Methods::PLAIN,
            implementation: Arc::new(Served {
                implementation,
                dispatch,
            }),
        }
    }

    /// Whether both are clones of one.
    #[cfg(any(feature = "netstring", feature = "ripex2"))]
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.implementation, &other.implementation)
    }

    #[cfg(any(feature = "netstring", feature = "ripex2"))]
    pub(crate) fn downgrade(&self) -> WeakServant {
        WeakServant {
            type_info: Arc::downgrade(&self.type_info),
            methods: self.methods,
            implementation: Arc::downgrade(&self.implementation),
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

    /// The methods that can be called, own ones first, and last `getTypeInfo`, which every object has: for wires that have
    /// other names for methods.
    pub fn methods(&self) -> impl Iterator<Item = &'static Method> {
        let declared = self.methods.get(GET_TYPE_INFO.name).is_some();
        let everywhere = (!declared).then_some(&GET_TYPE_INFO);
        self.methods.iter().chain(everywhere)
    }

    /// The method to which its marks give this name on the wire.
    pub(super) fn named_on_the_wire(&self, name: &str) -> Option<&'static Method> {
        let mut methods = self.methods();
        methods.find(|method| method.marks.wire == Some(name))
    }

    /// The method with this IDL name.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<&'static Method> {
        self.methods().find(|method| method.name == name)
    }

    /// Calls a method.
    ///
    /// # Errors
    ///
    /// What the servant answers instead of results; "method not found" and "invalid parameters" among it.
    pub async fn call(&self, call: &Incoming<'_>) -> Result<Values, Fault> {
        match self.dispatch(call) {
            Ok(answer) => answer.wait().await,
            Err(fault) if call.method() == GET_TYPE_INFO.name && fault.is_method_not_found() => {
                results(self.type_info())
            }
            Err(fault) => Err(fault),
        }
    }

    /// Begins a call.
    ///
    /// # Errors
    ///
    /// When there is no such method or an argument does not fit.
    pub(super) fn dispatch<'a>(&'a self, call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
        self.implementation.dispatch(call)
    }
}

impl fmt::Debug for Servant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Servant({})", self.type_id())
    }
}
