//! What each part of a PDU is asked.

use xerus_api::pdumodel::{
    Inlet, Outlet, OutletGroup, OverCurrentProtector, TransferSwitch, inlet, outlet, outlet_group,
    over_current_protector, transfer_switch,
};
use xerus_rpc::bulk::{Batch, BatchResults};
use xerus_rpc::{Call, Error, Interface, Members};

use super::conductor::Conductor;
use super::walk::Walk;
use super::{Place, PlaceKind};

/// What is done with the answers to a part.
pub(super) type Then =
    Box<dyn FnOnce(&mut Walk<'_>, &mut BatchResults) -> Result<(), Error> + Send>;

/// The same, once the place of the part is known.
type ThenAt = Box<dyn FnOnce(&mut Walk<'_>, &mut BatchResults, &Place) -> Result<(), Error> + Send>;

/// A part of a PDU that is an object with sensors.
pub(super) trait Part: Interface {
    const KIND: PlaceKind;
    type MetaData: Send + 'static;
    type Settings: Send + 'static;
    type Sensors: Members + Send + 'static;

    fn meta_data(&self) -> Call<Self::MetaData>;
    fn settings(&self) -> Call<Self::Settings>;
    fn sensors(&self) -> Call<Self::Sensors>;
    fn label(meta_data: Self::MetaData) -> String;
    fn name(settings: Self::Settings) -> String;

    /// Asks for parts of the part.
    fn more(&self, _batch: &mut Batch) -> Vec<ThenAt> {
        Vec::new()
    }

    /// Asks for everything.
    fn ask(&self, number: usize, batch: &mut Batch) -> Then {
        let meta_data = batch.add(self.meta_data());
        let settings = batch.add(self.settings());
        let sensors = batch.add(self.sensors());
        let more = self.more(batch);
        let object = self.as_object().clone();
        Box::new(move |walk, results| {
            let at = format!("{} {number}", Self::KIND);
            let meta_data = walk.take(results, meta_data, &at, "getMetaData")?;
            let settings = walk.take(results, settings, &at, "getSettings")?;
            let label = meta_data.map(Self::label).filter(|label| !label.is_empty());
            let label = label.unwrap_or_else(|| number.to_string());
            let name = settings.map(Self::name).unwrap_or_default();
            let place = Place::new(Self::KIND, label, name, &object);
            if let Some(sensors) = walk.take(results, sensors, &place, "getSensors")? {
                walk.search(&place, &sensors);
            }
            more.into_iter()
                .try_for_each(|then| then(walk, results, &place))
        })
    }
}

/// Asks for poles or line pairs.
fn conductors<C: Conductor>(batch: &mut Batch, call: Call<Vec<C>>) -> ThenAt {
    let method = call.method().to_owned();
    let handle = batch.add(call);
    Box::new(move |walk, results, place| {
        let conductors = walk.take(results, handle, place, &method)?;
        for conductor in conductors.unwrap_or_default() {
            let place = place.within(C::KIND, conductor.label());
            walk.search(&place, &conductor);
        }
        Ok(())
    })
}

macro_rules! part {
    ($interface:ident, $module:ident, $label:expr $(, $poles:ident)*) => {
        impl Part for $interface {
            const KIND: PlaceKind = PlaceKind::$interface;
            type MetaData = $module::MetaData;
            type Settings = $module::Settings;
            type Sensors = $module::Sensors;

            fn meta_data(&self) -> Call<Self::MetaData> {
                self.get_meta_data()
            }

            fn settings(&self) -> Call<Self::Settings> {
                self.get_settings()
            }

            fn sensors(&self) -> Call<Self::Sensors> {
                self.get_sensors()
            }

            fn label(meta_data: Self::MetaData) -> String {
                let label: fn(Self::MetaData) -> String = $label;
                label(meta_data)
            }

            fn name(settings: Self::Settings) -> String {
                settings.name
            }

            fn more(&self, batch: &mut Batch) -> Vec<ThenAt> {
                let _ = &batch;
                vec![$(conductors(batch, self.$poles())),*]
            }
        }
    };
}

part!(
    Inlet,
    inlet,
    |meta_data| meta_data.label,
    get_poles,
    get_line_pairs
);
part!(Outlet, outlet, |meta_data| meta_data.label);
part!(
    OverCurrentProtector,
    over_current_protector,
    |meta_data| meta_data.label,
    get_poles
);
part!(TransferSwitch, transfer_switch, |meta_data| meta_data.label);
part!(OutletGroup, outlet_group, |meta_data| meta_data
    .group_id
    .to_string());
