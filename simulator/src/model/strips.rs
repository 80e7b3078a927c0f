//! The asset strips of a device.

use super::accounts::Actor;
use super::asset_strip::{
    AssetStrip, Mounted, RackUnitSettings, StripChange, StripRefusal, StripSettings,
};
use super::device::Device;
use super::event::Event;

impl Device {
    /// An asset strip (the first is 0) as it is now.
    #[must_use]
    pub fn asset_strip(&self, strip: usize) -> Option<AssetStrip> {
        self.state().strips.get(strip).cloned()
    }

    /// Plugs a tag or an extension into a rack unit (the first is 0), or takes out what is there. The answer says whether
    /// there is such a rack unit.
    pub fn mount(&self, strip: usize, unit: usize, mounted: Option<Mounted>) -> bool {
        self.edit_strip(strip, &Actor::device(), |strip| strip.plug(unit, mounted))
            .is_ok()
    }

    /// Attaches or removes an asset strip. The answer says whether there is a place for it.
    pub fn attach_strip(&self, strip: usize, attached: bool) -> bool {
        self.edit_strip(strip, &Actor::device(), |strip| {
            Ok(strip.attach(attached).into_iter().collect())
        })
        .is_ok()
    }

    pub(crate) fn change_strip_settings(
        &self,
        strip: usize,
        new: StripSettings,
        actor: &Actor,
    ) -> Result<(), StripRefusal> {
        self.edit_strip(strip, actor, |strip| {
            Ok(strip.change(new)?.into_iter().collect())
        })
    }

    /// All of them or none.
    pub(crate) fn change_rack_units(
        &self,
        strip: usize,
        new: Vec<(usize, RackUnitSettings)>,
        actor: &Actor,
    ) -> Result<(), StripRefusal> {
        self.edit_strip(strip, actor, |strip| {
            let mut changed = strip.clone();
            let mut changes = Vec::new();
            for (unit, settings) in new {
                changes.extend(changed.change_unit(unit, settings)?);
            }
            *strip = changed;
            Ok(changes)
        })
    }

    pub(crate) fn program_tags(
        &self,
        strip: usize,
        ids: &[(usize, usize, String)],
        actor: &Actor,
    ) -> Result<(), StripRefusal> {
        self.edit_strip(strip, actor, |strip| strip.program(ids))
    }

    fn edit_strip(
        &self,
        index: usize,
        actor: &Actor,
        edit: impl FnOnce(&mut AssetStrip) -> Result<Vec<StripChange>, StripRefusal>,
    ) -> Result<(), StripRefusal> {
        let changes = {
            let mut state = self.state();
            let strip = state.strips.get_mut(index);
            edit(strip.ok_or(StripRefusal::InvalidParam)?)?
        };
        let strip = self.asset_strip(index).map(Box::new);
        for change in changes {
            self.publish(Event::Strip {
                strip: index,
                actor: actor.clone(),
                change: Box::new(change),
                now: strip.clone(),
            });
        }
        Ok(())
    }
}
