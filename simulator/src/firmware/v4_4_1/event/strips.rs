//! Events of asset strips as value objects.

use xerus_api::assetmgrmodel::asset_strip::{
    RackUnitChangedEvent, StateChangedEvent, TagAddedEvent, TagChangeInfo, TagInfo, TagRemovedEvent,
};
use xerus_api::assetmgrmodel::asset_strip_config::{
    RackUnitSettingsChangedEvent, StripSettingsChangedEvent,
};

use super::super::strip;
use super::administered::From;
use super::sent::Sent;
use crate::model::{Actor, AssetStrip, PlacedTag, StripChange};

/// What clients get of a change; `now` is the strip afterwards.
pub(super) fn sent(
    (rid, source): From,
    actor: Actor,
    change: StripChange,
    now: &AssetStrip,
) -> Sent {
    let (act_user_name, act_ip_addr) = (actor.user, actor.address);
    let extra_ = Default::default();
    let infos = |tags: Vec<PlacedTag>| -> Vec<TagChangeInfo> {
        tags.into_iter()
            .map(|tag| strip::tag_change(now, tag))
            .collect()
    };
    let all = || -> Vec<TagInfo> { now.tags().into_iter().map(strip::tag).collect() };
    match change {
        StripChange::TagsAdded(tags) => Sent::new(
            rid,
            &TagAddedEvent {
                source,
                tags: infos(tags),
                all_tags: all(),
                extra_,
            },
        ),
        StripChange::TagsRemoved(tags) => Sent::new(
            rid,
            &TagRemovedEvent {
                source,
                tags: infos(tags),
                all_tags: all(),
                extra_,
            },
        ),
        StripChange::Unit(unit) => Sent::new(
            rid,
            &RackUnitChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                rack_unit_number: i32::try_from(unit).unwrap_or(i32::MAX),
                rack_unit: strip::unit_info(now, unit).unwrap_or_else(|_| strip::no_unit()),
                extra_,
            },
        ),
        StripChange::UnitSettings { unit, old, new } => Sent::new(
            rid,
            &RackUnitSettingsChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                rack_unit_number: i32::try_from(unit).unwrap_or(i32::MAX),
                old_settings: strip::rack_unit(&old, old.manual.unwrap_or_default()),
                new_settings: strip::rack_unit(&new, new.manual.unwrap_or_default()),
                extra_,
            },
        ),
        StripChange::Settings { old, new } => Sent::new(
            rid,
            &StripSettingsChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_settings: strip::strip_settings(old, now.units()),
                new_settings: strip::strip_settings(new, now.units()),
                extra_,
            },
        ),
        StripChange::Attached(attached) => Sent::new(
            rid,
            &StateChangedEvent {
                source,
                old_state: strip::state(!attached),
                new_state: strip::state(attached),
                device_info: strip::device_info(),
                extra_,
            },
        ),
    }
}
