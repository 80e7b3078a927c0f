//! What an asset strip takes and tells.

use std::collections::BTreeMap;

/// A tag, or an extension with slots for more tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mounted {
    /// A tag.
    Tag(Tag),
    /// An extension.
    Extension {
        /// Its id.
        id: String,
        /// Slots, from 1.
        slots: usize,
        /// The tags in its slots.
        tags: BTreeMap<usize, Tag>,
    },
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its id, 12 hexadecimal digits.
    pub id: String,
    /// Whether the id can be changed.
    pub programmable: bool,
}

impl Tag {
    /// A tag of this id, which cannot be changed.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            programmable: false,
        }
    }
}

/// A tag and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedTag {
    /// Rack unit, from 0.
    pub unit: usize,
    /// Slot of the extension; 0 where no extension is.
    pub slot: usize,
    /// The tag.
    pub tag: Tag,
    /// Id of the extension that it is plugged into; empty without.
    pub parent: String,
}

/// Red, green, blue: 0 to 255.
pub type LedColor = (u8, u8, u8);

/// How an LED shines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LedMode {
    /// It shines.
    #[default]
    On,
    /// It does not shine.
    Off,
    /// It blinks fast.
    BlinkFast,
    /// It blinks slowly.
    BlinkSlow,
}

/// What can be configured about a rack unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RackUnitSettings {
    /// At most 64 characters.
    pub name: String,
    /// How its LED shines; `None`: its colour says whether there is a tag.
    pub manual: Option<(LedMode, LedColor)>,
}

/// What can be configured about a strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripSettings {
    /// At most 64 characters.
    pub name: String,
    /// Whether it is scanned for tags.
    pub scan: bool,
    /// Colour of rack units with a tag.
    pub connected: LedColor,
    /// Colour of rack units without a tag.
    pub disconnected: LedColor,
    /// Whether the lowest rack unit has the least number.
    pub bottom_up: bool,
    /// Where numbers begin, 1 to 99.
    pub offset: i32,
    /// Whether the connector of the strip is at the bottom.
    pub connector_below: bool,
}

impl Default for StripSettings {
    fn default() -> Self {
        Self {
            name: String::new(),
            scan: true,
            connected: (0, 255, 0),
            disconnected: (255, 0, 0),
            bottom_up: false,
            offset: 1,
            connector_below: false,
        }
    }
}

/// Why a strip does not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StripRefusal {
    InvalidParam,
    NoSuchObject,
    NotSupported,
}

/// What happened to a strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StripChange {
    /// Tags came.
    TagsAdded(Vec<PlacedTag>),
    /// Tags went.
    TagsRemoved(Vec<PlacedTag>),
    /// What is plugged into a rack unit, or how its LED shines, changed.
    Unit(usize),
    /// The settings of a rack unit changed.
    UnitSettings {
        /// The rack unit.
        unit: usize,
        /// Before.
        old: RackUnitSettings,
        /// After.
        new: RackUnitSettings,
    },
    /// The settings of the strip changed.
    Settings {
        /// Before.
        old: StripSettings,
        /// After.
        new: StripSettings,
    },
    /// The strip was attached or removed.
    Attached(bool),
}
