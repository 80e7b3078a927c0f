//! Asset strips, their settings, and the ports that they are attached to.

mod port;
mod settings;

use std::sync::Arc;

use xerus_api::assetmgrmodel::AssetStrip;
use xerus_api::assetmgrmodel::asset_strip::{
    CascadeState, DeviceInfo, FirmwareUpdateState, RackUnitInfo, State, StripInfo, TagChangeInfo,
    TagInfo, TagType,
};
use xerus_api::server::assetmgrmodel as traits;
use xerus_rpc::server::{Context, Fault, Reply};

pub(super) use self::port::{PortServant, name as port_name};
pub(super) use self::settings::{
    StripConfigServant, no_rack_unit, rack_unit, strip as strip_settings,
};

use super::answer::{self, ReturnCode};
use crate::model::{self, Device, Mounted, PlacedTag, Privilege, StripRefusal};

impl ReturnCode for StripRefusal {
    fn code(self) -> i32 {
        match self {
            Self::InvalidParam => AssetStrip::ERR_INVALID_PARAM,
            Self::NoSuchObject => AssetStrip::ERR_NO_SUCH_OBJECT,
            Self::NotSupported => AssetStrip::ERR_NOT_SUPPORTED,
        }
    }
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// An index that a client sends; what cannot be one is none that exists.
fn index(number: i32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

pub(super) fn state(attached: bool) -> State {
    match attached {
        true => State::Available,
        false => State::Disconnected,
    }
}

pub(super) fn device_info() -> DeviceInfo {
    DeviceInfo {
        device_id: 1,
        hardware_id: 1,
        protocol_version: 2,
        boot_version: 1,
        app_version: 1,
        orientation_sens_available: false,
        is_cascadable: false,
        rack_unit_count_configurable: false,
        extra_: Default::default(),
    }
}

fn strip_info(strip: &model::AssetStrip) -> StripInfo {
    let tags = strip.tags();
    let main = tags.iter().filter(|tag| tag.slot == 0).count();
    StripInfo {
        max_main_tag_count: 64,
        max_blade_tag_count: 128,
        main_tag_count: number(main),
        blade_tag_count: number(tags.len() - main),
        blade_overflow: false,
        rack_unit_count: number(strip.units()),
        component_count: 1,
        cascade_state: CascadeState::CascadeActive,
        extra_: Default::default(),
    }
}

pub(super) fn tag(placed: PlacedTag) -> TagInfo {
    TagInfo {
        rack_unit_number: number(placed.unit),
        slot_number: number(placed.slot),
        family_desc: "Asset tag".to_owned(),
        raw_id: placed.tag.id,
        programmable: placed.tag.programmable,
        extra_: Default::default(),
    }
}

/// The rack unit must be there.
pub(super) fn unit_info(
    strip: &model::AssetStrip,
    unit: usize,
) -> Result<RackUnitInfo, StripRefusal> {
    let (kind, size) = match strip.plugged(unit)? {
        None => (TagType::None, 0),
        Some(Mounted::Tag(_)) => (TagType::Single, 1),
        Some(Mounted::Extension { slots, .. }) => (TagType::Extension, *slots),
    };
    Ok(RackUnitInfo {
        rack_unit_number: number(unit),
        rack_unit_position: strip.position(unit),
        r#type: kind,
        size: number(size),
        settings: rack_unit(strip.unit_settings(unit)?, strip.led(unit)?),
        asset_strip_cascade_position: 0,
        rack_unit_relative_position: number(unit),
        asset_strip_number_of_rack_units: number(strip.units()),
        extra_: Default::default(),
    })
}

/// What stands in for a rack unit that is not there: the answer is complete even when it is a refusal.
pub(super) fn no_unit() -> RackUnitInfo {
    RackUnitInfo {
        r#type: TagType::None,
        settings: no_rack_unit(),
        ..Default::default()
    }
}

/// A tag that came or went.
pub(super) fn tag_change(strip: &model::AssetStrip, placed: PlacedTag) -> TagChangeInfo {
    TagChangeInfo {
        info: unit_info(strip, placed.unit).unwrap_or_else(|_| no_unit()),
        parent_blade_tag_id: placed.parent.clone(),
        slot_position: number(placed.slot),
        tag: tag(placed),
        extra_: Default::default(),
    }
}

/// Serves an asset strip.
pub(super) struct StripServant {
    pub(super) device: Arc<Device>,
    pub(super) index: usize,
}

impl StripServant {
    fn strip(&self) -> Result<model::AssetStrip, Fault> {
        let strip = self.device.asset_strip(self.index);
        strip.ok_or_else(Fault::object_not_found)
    }

    fn get<'a, T>(&self, at: impl FnOnce(&model::AssetStrip) -> T) -> Reply<'a, T> {
        self.strip().map(|strip| at(&strip)).into()
    }

    /// An answer that comes with a return code: `nothing` with a refusal.
    fn find<'a, T>(
        &self,
        nothing: T,
        at: impl FnOnce(&model::AssetStrip) -> Result<T, StripRefusal>,
    ) -> Reply<'a, T> {
        match self.strip().map(|strip| at(&strip)) {
            Ok(Ok(found)) => Reply::ok(found),
            Ok(Err(refusal)) => Reply::refused_with(refusal.code(), nothing),
            Err(fault) => Reply::fault(fault),
        }
    }
}

fn tags(tags: Vec<PlacedTag>) -> Vec<TagInfo> {
    tags.into_iter().map(tag).collect()
}

impl traits::AssetStrip for StripServant {
    fn get_state<'a>(&'a self, _: &'a Context) -> Reply<'a, State> {
        self.get(|strip| state(strip.is_attached()))
    }

    fn get_device_info<'a>(&'a self, _: &'a Context) -> Reply<'a, DeviceInfo> {
        Reply::ok(device_info())
    }

    fn get_strip_info<'a>(&'a self, _: &'a Context) -> Reply<'a, StripInfo> {
        self.get(strip_info)
    }

    fn get_rack_unit_info<'a>(
        &'a self,
        _: &'a Context,
        rack_unit_number: i32,
    ) -> Reply<'a, RackUnitInfo> {
        self.find(no_unit(), |strip| unit_info(strip, index(rack_unit_number)))
    }

    fn get_all_rack_unit_infos<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<RackUnitInfo>> {
        self.get(|strip| {
            let units = 0..strip.units();
            units
                .filter_map(|unit| unit_info(strip, unit).ok())
                .collect()
        })
    }

    fn get_tag<'a>(
        &'a self,
        _: &'a Context,
        rack_unit_number: i32,
        slot_number: i32,
    ) -> Reply<'a, TagInfo> {
        self.find(TagInfo::default(), |strip| {
            let placed = strip.tag(index(rack_unit_number), index(slot_number));
            placed.map(tag)
        })
    }

    fn get_all_tags<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<TagInfo>> {
        self.get(|strip| tags(strip.tags()))
    }

    fn get_main_tags<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<TagInfo>> {
        self.get(|strip| {
            let mut all = strip.tags();
            all.retain(|placed| placed.slot == 0);
            tags(all)
        })
    }

    fn get_extension_tags<'a>(
        &'a self,
        _: &'a Context,
        rack_unit_number: i32,
    ) -> Reply<'a, Vec<TagInfo>> {
        self.find(Vec::new(), |strip| {
            strip.extension_tags(index(rack_unit_number)).map(tags)
        })
    }

    /// The strip is back at once, with the same tags.
    fn trigger_powercycle<'a>(&'a self, context: &'a Context, _hard: bool) -> Reply<'a, ()> {
        let may = answer::may(&self.device, context, Privilege::ChangeAssetStrips);
        may.into()
    }

    fn program_tag_i_ds<'a>(
        &'a self,
        context: &'a Context,
        tag_infos: Vec<TagInfo>,
    ) -> Reply<'a, ()> {
        let privilege = Privilege::ChangeAssetStrips;
        answer::with(&self.device, context, privilege, |actor| {
            let ids = tag_infos.into_iter();
            let ids: Vec<_> = ids
                .map(|tag| {
                    (
                        index(tag.rack_unit_number),
                        index(tag.slot_number),
                        tag.raw_id,
                    )
                })
                .collect();
            self.device.program_tags(self.index, &ids, actor)
        })
    }

    fn get_firmware_update_state<'a>(&'a self, _: &'a Context) -> Reply<'a, FirmwareUpdateState> {
        Reply::ok(FirmwareUpdateState::UpdateSuccessful)
    }
}
