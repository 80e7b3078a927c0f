//! A greenhouse that speaks the language of Xerus devices.
//!
//! `garden.idl` describes it, `build.rs` generates from it, and this crate implements the generated server traits.
//! What the IDL takes from the Xerus files (`event.UserEvent`, `portsmodel.PortFuse`) is generated along with it.

use std::sync::{Mutex, PoisonError};

use xerus_rpc::server::{Context, Fault, Reply, Router};
use xerus_rpc::{Interface as _, Object, Polymorphic, Time};

/// The types of `garden.idl` and what they reach.
pub mod api {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

use api::garden::greenhouse::{Bed, WateredEvent};
use api::garden::{Crop, Greenhouse};
use api::portsmodel::{PortFuse, port_fuse::Status};
use api::server::{garden, portsmodel};

/// Where the greenhouse is found.
pub const GREENHOUSE: &str = "/garden/greenhouse";
const FUSE: &str = "/garden/greenhouse/fuse";

/// A greenhouse with two beds and a tank.
struct GlassHouse(Mutex<Stock>);

struct Stock {
    beds: Vec<Bed>,
    tank: f64,
}

struct Fuse;

/// The objects of a garden whose tank holds this many liters.
#[must_use]
pub fn garden(tank: f64) -> Router {
    let bed = |label: &str, crop| Bed {
        label: label.to_owned(),
        crop,
        moisture: 20.0,
        watered: Time::from_unix_seconds(0),
        extra_: Default::default(),
    };
    let beds = vec![bed("south", Crop::Tomato), bed("north", Crop::Basil)];
    let router = Router::new();
    router.insert(
        GREENHOUSE,
        garden::greenhouse(GlassHouse(Mutex::new(Stock { beds, tank }))),
    );
    router.insert(FUSE, portsmodel::port_fuse(Fuse));
    router
}

/// A reference to an object of this garden.
fn reference<I: xerus_rpc::Interface>(rid: &str) -> Option<I> {
    Some(I::from_object(Object::detached(
        rid,
        I::TYPE_ID.parse().ok()?,
    )))
}

impl GlassHouse {
    fn pour(&self, user: &str, bed: i32, liters: f64) -> Result<Polymorphic<WateredEvent>, Fault> {
        let mut stock = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Stock { beds, tank } = &mut *stock;
        let Some(watered) = usize::try_from(bed).ok().and_then(|bed| beds.get_mut(bed)) else {
            return Err(Fault::refused(Greenhouse::ERR_NO_SUCH_BED));
        };
        if liters > *tank {
            return Err(Fault::refused(Greenhouse::ERR_TANK_EMPTY));
        }
        *tank -= liters;
        watered.moisture += liters;
        watered.watered = Time::now();
        let event = WateredEvent {
            source: reference::<Greenhouse>(GREENHOUSE)
                .map(|greenhouse| greenhouse.as_object().clone()),
            act_user_name: user.to_owned(),
            act_ip_addr: "127.0.0.1".to_owned(),
            bed,
            liters,
            extra_: Default::default(),
        };
        Ok(Polymorphic::new(&event))
    }
}

impl garden::Greenhouse for GlassHouse {
    fn get_beds<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Bed>> {
        Reply::ok(
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .beds
                .clone(),
        )
    }

    fn water<'a>(
        &'a self,
        context: &'a Context,
        bed: i32,
        liters: f64,
    ) -> Reply<'a, Option<Polymorphic<WateredEvent>>> {
        let user = context.user.as_deref().unwrap_or("nobody");
        self.pour(user, bed, liters).map(Some).into()
    }

    fn get_pump_fuse<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<PortFuse>> {
        Reply::ok(reference(FUSE))
    }
}

impl portsmodel::PortFuse for Fuse {
    fn get_status<'a>(&'a self, _: &'a Context) -> Reply<'a, Status> {
        Reply::ok(Status::Good)
    }

    fn get_trip_count<'a>(&'a self, _: &'a Context) -> Reply<'a, i32> {
        Reply::ok(3)
    }
}
