//! An asset strip: which device is mounted at which rack unit of a rack.

mod told;

pub use self::told::{
    LedColor, LedMode, Mounted, PlacedTag, RackUnitSettings, StripChange, StripSettings, Tag,
};

pub(crate) use self::told::StripRefusal;

#[derive(Clone, Debug, Default, PartialEq)]
struct Unit {
    settings: RackUnitSettings,
    plugged: Option<Mounted>,
}

/// An asset strip.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetStrip {
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
    #[must_use]
    pub fn is_attached(&self) -> bool {
        self.attached
    }

    /// Number of rack units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.units.len()
    }

    /// Its settings.
    #[must_use]
    pub fn settings(&self) -> &StripSettings {
        &self.settings
    }

    pub(crate) fn unit_settings(&self, unit: usize) -> Result<&RackUnitSettings, StripRefusal> {
        self.unit(unit).map(|unit| &unit.settings)
    }

    /// What is plugged into a rack unit.
    pub(crate) fn plugged(&self, unit: usize) -> Result<Option<&Mounted>, StripRefusal> {
        self.unit(unit).map(|unit| unit.plugged.as_ref())
    }

    /// The number of a rack unit for people.
    #[must_use]
    pub fn position(&self, unit: usize) -> i32 {
        let from_top = if self.settings.bottom_up {
            self.units.len().saturating_sub(unit + 1)
        } else {
            unit
        };
        i32::try_from(from_top).map_or(i32::MAX, |n| n.saturating_add(self.settings.offset))
    }

    /// How the LED of a rack unit shines.
    pub(crate) fn led(&self, unit: usize) -> Result<(LedMode, LedColor), StripRefusal> {
        let unit = self.unit(unit)?;
        Ok(match (unit.settings.manual, &unit.plugged) {
            (Some(manual), _) => manual,
            (None, Some(_)) => (LedMode::On, self.settings.connected),
            (None, None) => (LedMode::On, self.settings.disconnected),
        })
    }

    /// All tags, those in extensions included, from the first rack unit on.
    #[must_use]
    pub fn tags(&self) -> Vec<PlacedTag> {
        let units = self.units.iter().enumerate();
        units
            .filter_map(|(index, unit)| Some((index, unit.plugged.as_ref()?)))
            .flat_map(|(index, plugged)| tags_of(index, plugged))
            .collect()
    }

    /// The tag in a slot; slot 0 is the main column.
    pub(crate) fn tag(&self, unit: usize, slot: usize) -> Result<PlacedTag, StripRefusal> {
        let plugged = self.plugged(unit)?.ok_or(StripRefusal::NoSuchObject)?;
        if let Mounted::Extension { slots, .. } = plugged
            && slot > *slots
        {
            return Err(StripRefusal::InvalidParam);
        }
        let mut tags = tags_of(unit, plugged).into_iter();
        tags.find(|placed| placed.slot == slot)
            .ok_or(StripRefusal::NoSuchObject)
    }

    /// The tags of the extension at a rack unit.
    pub(crate) fn extension_tags(&self, unit: usize) -> Result<Vec<PlacedTag>, StripRefusal> {
        match self.plugged(unit)? {
            Some(plugged @ Mounted::Extension { .. }) => {
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
        plugged: Option<Mounted>,
    ) -> Result<Vec<StripChange>, StripRefusal> {
        let state = self.units.get_mut(unit).ok_or(StripRefusal::InvalidParam)?;
        if state.plugged == plugged {
            return Ok(Vec::new());
        }
        let old = std::mem::replace(&mut state.plugged, plugged);
        let tags = |plugged: &Option<Mounted>| {
            plugged
                .as_ref()
                .map_or_else(Vec::new, |plugged| tags_of(unit, plugged))
        };
        let (before, after) = (tags(&old), tags(&state.plugged));
        let only = |these: &[PlacedTag], those: &[PlacedTag]| -> Vec<PlacedTag> {
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
        new: RackUnitSettings,
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
                Some(Mounted::Tag(tag)) => tag.id.clone_from(id),
                Some(Mounted::Extension { tags, .. }) => {
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
fn tags_of(unit: usize, plugged: &Mounted) -> Vec<PlacedTag> {
    let main = |tag: Tag| PlacedTag {
        unit,
        slot: 0,
        tag,
        parent: String::new(),
    };
    match plugged {
        Mounted::Tag(tag) => vec![main(tag.clone())],
        Mounted::Extension { id, tags, .. } => {
            let itself = main(Tag {
                id: id.clone(),
                programmable: false,
            });
            let slots = tags.iter().map(|(&slot, tag)| PlacedTag {
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
