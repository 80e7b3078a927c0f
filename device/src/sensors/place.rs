//! Where a sensor is.

use std::fmt;
use std::sync::Arc;

use xerus_rpc::Object;

/// The part of a PDU that a sensor belongs to.
///
/// It displays as a path: `inlet I1 / pole L1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    kind: PlaceKind,
    label: String,
    name: String,
    object: Option<Object>,
    parent: Option<Place>,
}

/// What kind of part it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlaceKind {
    /// The PDU itself.
    Pdu,
    /// An inlet.
    Inlet,
    /// A pole of an inlet or of an overcurrent protector.
    Pole,
    /// Two lines of an inlet.
    LinePair,
    /// An outlet.
    Outlet,
    /// A circuit breaker or fuse.
    OverCurrentProtector,
    /// A transfer switch.
    TransferSwitch,
    /// Outlets that were put together by a user.
    OutletGroup,
    /// A slot, which a peripheral device has taken.
    PeripheralSlot,
}

impl PlaceKind {
    /// The words for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdu => "PDU",
            Self::Inlet => "inlet",
            Self::Pole => "pole",
            Self::LinePair => "line pair",
            Self::Outlet => "outlet",
            Self::OverCurrentProtector => "overcurrent protector",
            Self::TransferSwitch => "transfer switch",
            Self::OutletGroup => "outlet group",
            Self::PeripheralSlot => "peripheral slot",
        }
    }
}

impl fmt::Display for PlaceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Place {
    pub(super) fn new(kind: PlaceKind, label: String, name: String, object: &Object) -> Self {
        Self(Arc::new(Inner {
            kind,
            label,
            name,
            object: Some(object.clone()),
            parent: None,
        }))
    }

    /// A part that is no object of its own.
    pub(super) fn within(&self, kind: PlaceKind, label: String) -> Self {
        Self(Arc::new(Inner {
            kind,
            label,
            name: String::new(),
            object: None,
            parent: Some(self.clone()),
        }))
    }

    /// What kind of part it is.
    #[must_use]
    pub fn kind(&self) -> PlaceKind {
        self.0.kind
    }

    /// What is printed beside it: `I1`, `L1`, `17`; a number where the device has no label. Empty for the PDU.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// The name that a user has given it; empty without one.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The object of the part; `None` for poles and line pairs, which are no objects.
    #[must_use]
    pub fn object(&self) -> Option<&Object> {
        self.0.object.as_ref()
    }

    /// The part that this is a part of: the inlet of a pole.
    #[must_use]
    pub fn parent(&self) -> Option<&Self> {
        self.0.parent.as_ref()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent() {
            write!(f, "{parent} / ")?;
        }
        match self.label() {
            "" => write!(f, "{}", self.kind()),
            label => write!(f, "{} {label}", self.kind()),
        }
    }
}
