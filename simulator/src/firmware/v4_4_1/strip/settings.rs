//! Settings of asset strips and their rack units.

use std::collections::BTreeMap;
use std::sync::Arc;

use xerus_api::assetmgrmodel::asset_strip_config::{
    LedColor, LedMode, LedOperationMode, NumberingMode, Orientation, RackUnitSettings, ScanMode,
    StripSettings,
};
use xerus_api::server::assetmgrmodel as traits;
use xerus_rpc::server::{Context, Fault, Reply};

use super::super::answer::{self, ReturnCode};
use super::{index, number};
use crate::model::{self, Device, Privilege, StripRefusal};

fn color((r, g, b): model::LedColor) -> LedColor {
    LedColor {
        r: r.into(),
        g: g.into(),
        b: b.into(),
        extra_: Default::default(),
    }
}

fn wanted_color(color: &LedColor) -> Result<model::LedColor, StripRefusal> {
    let part = |part: i32| u8::try_from(part).map_err(|_| StripRefusal::InvalidParam);
    Ok((part(color.r)?, part(color.g)?, part(color.b)?))
}

/// The settings of a rack unit, and how its LED shines with them.
pub(in super::super) fn rack_unit(
    settings: &model::RackUnitSettings,
    (mode, led): (model::LedMode, model::LedColor),
) -> RackUnitSettings {
    RackUnitSettings {
        opmode: match settings.manual {
            Some(_) => LedOperationMode::LedOperationManual,
            None => LedOperationMode::LedOperationAuto,
        },
        mode: match mode {
            model::LedMode::On => LedMode::LedModeOn,
            model::LedMode::Off => LedMode::LedModeOff,
            model::LedMode::BlinkFast => LedMode::LedModeBlinkFast,
            model::LedMode::BlinkSlow => LedMode::LedModeBlinkSlow,
        },
        color: color(led),
        name: settings.name.clone(),
        extra_: Default::default(),
    }
}

/// The settings of no rack unit.
pub(in super::super) fn no_rack_unit() -> RackUnitSettings {
    rack_unit(&model::RackUnitSettings::default(), Default::default())
}

fn wanted_rack_unit(settings: RackUnitSettings) -> Result<model::RackUnitSettings, StripRefusal> {
    let mode = match settings.mode {
        LedMode::LedModeOn => model::LedMode::On,
        LedMode::LedModeOff => model::LedMode::Off,
        LedMode::LedModeBlinkFast => model::LedMode::BlinkFast,
        LedMode::LedModeBlinkSlow => model::LedMode::BlinkSlow,
        _ => return Err(StripRefusal::InvalidParam),
    };
    Ok(model::RackUnitSettings {
        name: settings.name,
        manual: match settings.opmode {
            LedOperationMode::LedOperationAuto => None,
            LedOperationMode::LedOperationManual => Some((mode, wanted_color(&settings.color)?)),
            _ => return Err(StripRefusal::InvalidParam),
        },
    })
}

pub(in super::super) fn strip(settings: model::StripSettings, units: usize) -> StripSettings {
    StripSettings {
        rack_unit_count: number(units),
        name: settings.name,
        scan_mode: match settings.scan {
            true => ScanMode::ScanmodeBoth,
            false => ScanMode::ScanmodeDisabled,
        },
        default_color_connected: color(settings.connected),
        default_color_disconnected: color(settings.disconnected),
        numbering_mode: match settings.bottom_up {
            true => NumberingMode::BottomUp,
            false => NumberingMode::TopDown,
        },
        numbering_offset: settings.offset,
        orientation: match settings.connector_below {
            true => Orientation::BottomConnector,
            false => Orientation::TopConnector,
        },
        extra_: Default::default(),
    }
}

/// The number of rack units cannot be changed.
fn wanted_strip(
    settings: StripSettings,
    units: usize,
) -> Result<model::StripSettings, StripRefusal> {
    if settings.rack_unit_count != number(units) {
        return Err(StripRefusal::InvalidParam);
    }
    Ok(model::StripSettings {
        name: settings.name,
        scan: match settings.scan_mode {
            ScanMode::ScanmodeBoth => true,
            ScanMode::ScanmodeDisabled => false,
            _ => return Err(StripRefusal::InvalidParam),
        },
        connected: wanted_color(&settings.default_color_connected)?,
        disconnected: wanted_color(&settings.default_color_disconnected)?,
        bottom_up: match settings.numbering_mode {
            NumberingMode::BottomUp => true,
            NumberingMode::TopDown => false,
            _ => return Err(StripRefusal::InvalidParam),
        },
        offset: settings.numbering_offset,
        connector_below: match settings.orientation {
            Orientation::BottomConnector => true,
            Orientation::TopConnector => false,
            _ => return Err(StripRefusal::InvalidParam),
        },
    })
}

/// Serves the settings of an asset strip.
pub(in super::super) struct StripConfigServant {
    pub(in super::super) device: Arc<Device>,
    pub(in super::super) index: usize,
}

impl StripConfigServant {
    fn strip(&self) -> Result<model::AssetStrip, Fault> {
        let strip = self.device.asset_strip(self.index);
        strip.ok_or_else(Fault::object_not_found)
    }

    fn change_units<'a>(
        &self,
        context: &Context,
        new: impl IntoIterator<Item = (i32, RackUnitSettings)>,
    ) -> Reply<'a, ()> {
        let privilege = Privilege::ChangeAssetStrips;
        answer::with(&self.device, context, privilege, |actor| {
            let new = new.into_iter();
            let new = new.map(|(unit, settings)| Ok((index(unit), wanted_rack_unit(settings)?)));
            let new = new.collect::<Result<Vec<_>, StripRefusal>>()?;
            self.device.change_rack_units(self.index, new, actor)
        })
    }
}

fn unit_of(strip: &model::AssetStrip, unit: usize) -> Result<RackUnitSettings, StripRefusal> {
    Ok(rack_unit(strip.unit_settings(unit)?, strip.led(unit)?))
}

impl traits::AssetStripConfig for StripConfigServant {
    fn get_strip_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, StripSettings> {
        self.strip()
            .map(|now| strip(now.settings().clone(), now.units()))
            .into()
    }

    fn set_strip_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: StripSettings,
    ) -> Reply<'a, ()> {
        let privilege = Privilege::ChangeAssetStrips;
        answer::with(&self.device, context, privilege, |actor| {
            let units = self.strip().map_or(0, |strip| strip.units());
            let settings = wanted_strip(settings, units)?;
            self.device
                .change_strip_settings(self.index, settings, actor)
        })
    }

    fn get_rack_unit_settings<'a>(
        &'a self,
        _: &'a Context,
        rack_unit_number: i32,
    ) -> Reply<'a, RackUnitSettings> {
        match self.strip() {
            Ok(strip) => match unit_of(&strip, index(rack_unit_number)) {
                Ok(settings) => Reply::ok(settings),
                Err(refusal) => Reply::refused_with(refusal.code(), no_rack_unit()),
            },
            Err(fault) => Reply::fault(fault),
        }
    }

    fn get_all_rack_unit_settings<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Vec<RackUnitSettings>> {
        self.strip()
            .map(|strip| {
                let units = 0..strip.units();
                units
                    .filter_map(|unit| unit_of(&strip, unit).ok())
                    .collect()
            })
            .into()
    }

    fn set_rack_unit_settings<'a>(
        &'a self,
        context: &'a Context,
        rack_unit_number: i32,
        settings: RackUnitSettings,
    ) -> Reply<'a, ()> {
        self.change_units(context, [(rack_unit_number, settings)])
    }

    fn set_multiple_rack_unit_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: BTreeMap<i32, RackUnitSettings>,
    ) -> Reply<'a, ()> {
        self.change_units(context, settings)
    }
}
