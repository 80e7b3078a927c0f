//! An asset strip: which device is mounted at which rack unit of a rack.

use std::collections::BTreeMap;

/// A tag, or an extension with slots for more tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plugged {
    Tag(Tag),
    Extension {
        id: String,
        /// Slots, from 1.
        slots: usize,
        tags: BTreeMap<usize, Tag>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    /// Its id, 12 hexadecimal digits.
    pub(crate) id: String,
    /// Whether the id can be changed.
    pub(crate) programmable: bool,
}

/// A tag and where it is. The slot is 0 where no extension is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) unit: usize,
    pub(crate) slot: usize,
    pub(crate) tag: Tag,
    /// Id of the extension that it is plugged into; empty without.
    pub(crate) parent: String,
}

/// Red, green, blue: 0 to 255.
pub(crate) type Color = (u8, u8, u8);

/// How an LED shines. The numbers are those of the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LedMode {
    #[default]
    On = 0,
    Off = 1,
    BlinkFast = 2,
    BlinkSlow = 3,
}

/// What can be configured about a rack unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UnitSettings {
    /// At most 64 characters.
    pub(crate) name: String,
    /// How its LED shines; `None`: its colour says whether there is a tag.
    pub(crate) manual: Option<(LedMode, Color)>,
}

/// What can be configured about a strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StripSettings {
    /// At most 64 characters.
    pub(crate) name: String,
    pub(crate) scan: bool,
    pub(crate) connected: Color,
    pub(crate) disconnected: Color,
    /// Whether the lowest rack unit has the least number.
    pub(crate) bottom_up: bool,
    /// Where numbers begin, 1 to 99.
    pub(crate) offset: i32,
    /// Whether the connector of the strip is at the bottom.
    pub(crate) connector_below: bool,
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

/// Why a strip does not do something. The numbers are return codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StripRefusal {
    InvalidParam = 1,
    NoSuchObject = 2,
    NotSupported = 3,
}

impl StripRefusal {
    pub(crate) fn code(self) -> i32 {
        self as i32
    }
}

/// What happened to a strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StripChange {
    TagsAdded(Vec<Placed>),
    TagsRemoved(Vec<Placed>),
    /// What is plugged into a rack unit, or how its LED shines, changed.
    Unit(usize),
    UnitSettings {
        unit: usize,
        old: UnitSettings,
        new: UnitSettings,
    },
    Settings {
        old: StripSettings,
        new: StripSettings,
    },
    /// The strip was attached or removed.
    Attached(bool),
}

#[derive(Clone, Debug, Default)]
struct Unit {
    settings: UnitSettings,
    plugged: Option<Plugged>,
}

/// An asset strip.
#[derive(Clone, Debug)]
pub(crate) struct AssetStrip {
    attached: bool,
    settings: StripSettings,
    units: Vec<Unit>,
}

const NAME: usize = 64;

impl AssetStrip {
    /// A strip without tags with so many rack units.
    pub(crate) fn new(units: usize) -> Self {
        Self {
            attached: true,
            settings: StripSettings::default(),
            units: vec![Unit::default(); units],
        }
    }

    /// Whether a strip is attached.
    pub(crate) fn is_attached(&self) -> bool {
        self.attached
    }

    /// Number of rack units.
    pub(crate) fn units(&self) -> usize {
        self.units.len()
    }

    pub(crate) fn settings(&self) -> &StripSettings {
        &self.settings
    }

    pub(crate) fn unit_settings(&self, unit: usize) -> Result<&UnitSettings, StripRefusal> {
        self.unit(unit).map(|unit| &unit.settings)
    }

    /// What is plugged into a rack unit.
    pub(crate) fn plugged(&self, unit: usize) -> Result<Option<&Plugged>, StripRefusal> {
        self.unit(unit).map(|unit| unit.plugged.as_ref())
    }

    /// The number of a rack unit for people.
    pub(crate) fn position(&self, unit: usize) -> i32 {
        let from_top = if self.settings.bottom_up {
            self.units.len().saturating_sub(unit + 1)
        } else {
            unit
        };
        i32::try_from(from_top).map_or(i32::MAX, |n| n.saturating_add(self.settings.offset))
    }

    /// How the LED of a rack unit shines.
    pub(crate) fn led(&self, unit: usize) -> Result<(LedMode, Color), StripRefusal> {
        let unit = self.unit(unit)?;
        Ok(match (unit.settings.manual, &unit.plugged) {
            (Some(manual), _) => manual,
            (None, Some(_)) => (LedMode::On, self.settings.connected),
            (None, None) => (LedMode::On, self.settings.disconnected),
        })
    }

    /// All tags, those in extensions included, from the first rack unit on.
    pub(crate) fn tags(&self) -> Vec<Placed> {
        let units = self.units.iter().enumerate();
        units
            .filter_map(|(index, unit)| Some((index, unit.plugged.as_ref()?)))
            .flat_map(|(index, plugged)| tags_of(index, plugged))
            .collect()
    }

    /// The tag in a slot; slot 0 is the main column.
    pub(crate) fn tag(&self, unit: usize, slot: usize) -> Result<Placed, StripRefusal> {
        let plugged = self.plugged(unit)?.ok_or(StripRefusal::NoSuchObject)?;
        if let Plugged::Extension { slots, .. } = plugged
            && slot > *slots
        {
            return Err(StripRefusal::InvalidParam);
        }
        let mut tags = tags_of(unit, plugged).into_iter();
        tags.find(|placed| placed.slot == slot)
            .ok_or(StripRefusal::NoSuchObject)
    }

    /// The tags of the extension at a rack unit.
    pub(crate) fn extension_tags(&self, unit: usize) -> Result<Vec<Placed>, StripRefusal> {
        match self.plugged(unit)? {
            Some(plugged @ Plugged::Extension { .. }) => {
                let all = tags_of(unit, plugged).into_iter();
                Ok(all.filter(|placed| placed.slot > 0).collect())
            }
            _ => Err(StripRefusal::NoSuchObject),
        }
    }

    /// Plugs something into a rack unit, or takes out what is there.
    pub(crate) fn plug(
        &mut self,
        unit: usize,
        plugged: Option<Plugged>,
    ) -> Result<Vec<StripChange>, StripRefusal> {
        let state = self.units.get_mut(unit).ok_or(StripRefusal::InvalidParam)?;
        if state.plugged == plugged {
            return Ok(Vec::new());
        }
        let old = std::mem::replace(&mut state.plugged, plugged);
        let tags = |plugged: &Option<Plugged>| {
            plugged
                .as_ref()
                .map_or_else(Vec::new, |plugged| tags_of(unit, plugged))
        };
        let (before, after) = (tags(&old), tags(&state.plugged));
        let only = |these: &[Placed], those: &[Placed]| -> Vec<Placed> {
            let new = these.iter().filter(|tag| !those.contains(tag));
            new.cloned().collect()
        };
        let removed = only(&before, &after);
        let added = only(&after, &before);
        let mut changes = vec![StripChange::Unit(unit)];
        if !removed.is_empty() {
            changes.push(StripChange::TagsRemoved(removed));
        }
        if !added.is_empty() {
            changes.push(StripChange::TagsAdded(added));
        }
        Ok(changes)
    }

    /// Attaches or removes the strip itself; its rack units stay as they are.
    pub(crate) fn attach(&mut self, attached: bool) -> Option<StripChange> {
        let before = std::mem::replace(&mut self.attached, attached);
        (before != attached).then_some(StripChange::Attached(attached))
    }

    pub(crate) fn change(
        &mut self,
        new: StripSettings,
    ) -> Result<Option<StripChange>, StripRefusal> {
        if new.name.chars().count() > NAME || !(1..=99).contains(&new.offset) {
            return Err(StripRefusal::InvalidParam);
        }
        let old = std::mem::replace(&mut self.settings, new.clone());
        Ok((old != new).then_some(StripChange::Settings { old, new }))
    }

    pub(crate) fn change_unit(
        &mut self,
        unit: usize,
        new: UnitSettings,
    ) -> Result<Vec<StripChange>, StripRefusal> {
        if new.name.chars().count() > NAME {
            return Err(StripRefusal::InvalidParam);
        }
        let state = self.units.get_mut(unit).ok_or(StripRefusal::InvalidParam)?;
        let old = std::mem::replace(&mut state.settings, new.clone());
        if old == new {
            return Ok(Vec::new());
        }
        let settings = StripChange::UnitSettings { unit, old, new };
        Ok(vec![settings, StripChange::Unit(unit)])
    }

    /// Writes ids into tags, all or none: each one says where the tag is and what id it gets.
    pub(crate) fn program(
        &mut self,
        ids: &[(usize, usize, String)],
    ) -> Result<Vec<StripChange>, StripRefusal> {
        for (unit, slot, id) in ids {
            let hexadecimal = id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit());
            if !hexadecimal {
                return Err(StripRefusal::InvalidParam);
            }
            if !self.tag(*unit, *slot)?.tag.programmable {
                return Err(StripRefusal::NotSupported);
            }
        }
        let mut changes = Vec::new();
        for (unit, slot, id) in ids {
            let mut plugged = self.plugged(*unit)?.cloned();
            match &mut plugged {
                Some(Plugged::Tag(tag)) => tag.id.clone_from(id),
                Some(Plugged::Extension { tags, .. }) => {
                    if let Some(tag) = tags.get_mut(slot) {
                        tag.id.clone_from(id);
                    }
                }
                None => {}
            }
            changes.extend(self.plug(*unit, plugged)?);
        }
        Ok(changes)
    }

    fn unit(&self, unit: usize) -> Result<&Unit, StripRefusal> {
        self.units.get(unit).ok_or(StripRefusal::InvalidParam)
    }
}

/// The tags of a rack unit; an extension shows itself as the tag of the main column.
fn tags_of(unit: usize, plugged: &Plugged) -> Vec<Placed> {
    let main = |tag: Tag| Placed {
        unit,
        slot: 0,
        tag,
        parent: String::new(),
    };
    match plugged {
        Plugged::Tag(tag) => vec![main(tag.clone())],
        Plugged::Extension { id, tags, .. } => {
            let itself = main(Tag {
                id: id.clone(),
                programmable: false,
            });
            let slots = tags.iter().map(|(&slot, tag)| Placed {
                unit,
                slot,
                tag: tag.clone(),
                parent: id.clone(),
            });
            [itself].into_iter().chain(slots).collect()
        }
    }
}

#[cfg(test)]
#[path = "asset_strip/tests.rs"]
mod tests;
