//! A PDU of either firmware.
//!
//! [`open`] asks a device what its PDU is and picks the bindings that fit. From there on the program knows [`Pdu`] only.
//! What both firmwares have alike is written once, in the macro `either`, and compiled against both sets of bindings; what
//! differs is said once for each, in the traits below it.

use std::time::Duration;

use xerus_rpc::bulk::BulkOutput as _;
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Agent, Error, Object};

use crate::{v3, v4};

/// How long a relay may take before its state is read again, and how often that is done.
const RELAY: (Duration, usize) = (Duration::from_millis(100), 20);

/// What this program does with a PDU.
pub trait Pdu: Send + Sync {
    /// Reads who the device is and how its outlets are, with two requests however many outlets there are.
    ///
    /// # Errors
    ///
    /// When the device as a whole cannot be read. What goes wrong with one outlet stands in its place.
    fn survey(&self) -> BoxFuture<'_, Result<Survey, Error>>;

    /// Switches an outlet (counted from 0) to its other state and reads that back.
    ///
    /// # Errors
    ///
    /// When a call fails, or the device refuses to switch.
    fn switch(&self, outlet: usize) -> BoxFuture<'_, Result<Switched, Error>>;
}

/// Who a device is, and how its outlets are.
#[derive(Debug)]
pub struct Survey {
    /// Manufacturer and model.
    pub model: String,
    /// Its name in the settings.
    pub name: String,
    /// Its serial number.
    pub serial: String,
    /// Its firmware.
    pub firmware: String,
    /// The type of the PDU as the device reported it, and that of the bindings in use.
    pub types: Types,
    /// Checksum errors on the bus between the controllers, summed up.
    pub bus_errors: i64,
    /// The outlets in order.
    pub outlets: Vec<Result<Outlet, Error>>,
}

/// A reported type beside that of the bindings which are used for it.
#[derive(Debug)]
pub struct Types {
    /// What the device said.
    pub reported: String,
    /// What the proxy is made for.
    pub bindings: &'static str,
}

/// An outlet.
#[derive(Debug)]
pub struct Outlet {
    /// What is printed on the device.
    pub label: String,
    /// Its name in the settings.
    pub name: String,
    /// Whether it is on.
    pub power: Power,
    /// Whether it was switched off because it tripped a protector. `None`: the firmware knows no such thing.
    pub suspended: Option<bool>,
    /// Its type.
    pub types: Types,
}

/// Whether an outlet is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// It is not.
    Off,
    /// It is.
    On,
    /// The device said something that the bindings do not know.
    Unknown,
}

/// What came of switching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switched {
    /// The outlet is in this state now.
    Now(Power),
    /// The device has no such outlet.
    NoSuchOutlet,
    /// The device took the command, and yet the outlet did not change.
    Unchanged,
}

/// Asks a device what stands behind a resource id, and gives the PDU through the bindings that fit.
///
/// # Errors
///
/// When the device cannot be asked, or what it reports fits none of the bindings; then nothing else was sent to it.
pub async fn open(agent: &Agent, rid: &str) -> Result<Box<dyn Pdu>, Error> {
    let object = Object::at(agent, rid).probe().await?;
    let pdu = object
        .choose()
        .when(|pdu: v4::pdumodel::Pdu| Box::new(pdu) as Box<dyn Pdu>)
        .when(|pdu: v3::pdumodel::Pdu| Box::new(pdu) as Box<dyn Pdu>)
        .finish()?;
    Ok(pdu)
}

impl Types {
    fn of<T: xerus_rpc::Interface>(proxy: &T) -> Self {
        let reported = proxy.as_object().wire_id();
        Self {
            reported: reported.map_or_else(String::new, ToString::to_string),
            bindings: T::TYPE_ID,
        }
    }
}

/// What is alike: one text for two sets of bindings. The types are different ones, so this cannot be a function.
macro_rules! either {
    ($api:ident) => {
        impl Pdu for $api::pdumodel::Pdu {
            fn survey(&self) -> BoxFuture<'_, Result<Survey, Error>> {
                Box::pin(async move {
                    let agent = self.agent();
                    let (meta_data, settings, statistic, outlets) = agent
                        .bulk((
                            self.get_meta_data(),
                            self.get_settings(),
                            self.get_statistic(),
                            self.get_outlets(),
                        ))
                        .all()
                        .await?;
                    let answers = agent
                        .bulk(outlets.iter().map(|outlet| {
                            (
                                outlet.get_state(),
                                outlet.get_meta_data(),
                                outlet.get_settings(),
                            )
                        }))
                        .await?;
                    let mut found = Vec::with_capacity(outlets.len());
                    for (outlet, answers) in outlets.iter().zip(answers) {
                        // What goes wrong with one outlet is not the end for the others.
                        found.push(answers.into_value().map(|(state, meta_data, settings)| {
                            Outlet {
                                label: meta_data.label,
                                name: settings.name,
                                power: state.power_state.into(),
                                suspended: state.suspended(),
                                types: Types::of(outlet),
                            }
                        }));
                    }
                    let plate = meta_data.nameplate;
                    Ok(Survey {
                        model: format!("{} {}", plate.manufacturer, plate.model),
                        name: settings.name,
                        serial: plate.serial_number,
                        firmware: meta_data.fw_revision,
                        types: Types::of(self),
                        bus_errors: statistic.ctrl_stats.iter().map(BusErrors::bus_errors).sum(),
                        outlets: found,
                    })
                })
            }

            fn switch(&self, outlet: usize) -> BoxFuture<'_, Result<Switched, Error>> {
                use $api::pdumodel::outlet::PowerState;
                Box::pin(async move {
                    let outlets = self.get_outlets().await?;
                    let Some(outlet) = outlets.get(outlet) else {
                        return Ok(Switched::NoSuchOutlet);
                    };
                    let wanted = match outlet.get_state().await?.power_state {
                        PowerState::PsOn => PowerState::PsOff,
                        _ => PowerState::PsOn,
                    };
                    outlet.set_power_state(wanted).await?;
                    let (pause, times) = RELAY;
                    for _ in 0..times {
                        if outlet.get_state().await?.power_state == wanted {
                            return Ok(Switched::Now(wanted.into()));
                        }
                        tokio::time::sleep(pause).await;
                    }
                    Ok(Switched::Unchanged)
                })
            }
        }

        impl From<$api::pdumodel::outlet::PowerState> for Power {
            fn from(state: $api::pdumodel::outlet::PowerState) -> Self {
                use $api::pdumodel::outlet::PowerState;
                match state {
                    PowerState::PsOff => Self::Off,
                    PowerState::PsOn => Self::On,
                    PowerState::Unknown_(_) => Self::Unknown,
                }
            }
        }
    };
}

either!(v3);
either!(v4);

/// A member that came with 4.0.
trait Suspended {
    fn suspended(&self) -> Option<bool>;
}

impl Suspended for v3::pdumodel::outlet::State {
    fn suspended(&self) -> Option<bool> {
        None
    }
}

impl Suspended for v4::pdumodel::outlet::State {
    fn suspended(&self) -> Option<bool> {
        // Also within 4.x a device may be older than the bindings.
        (!self.extra_.is_missing("isSuspended")).then_some(self.is_suspended)
    }
}

/// Members that 4.0 renamed: the one change that breaks callers of what is used here.
trait BusErrors {
    fn bus_errors(&self) -> i64;
}

impl BusErrors for v3::pdumodel::CtrlStatistic {
    fn bus_errors(&self) -> i64 {
        i64::from(self.master_c_sum_err_cnt) + i64::from(self.slave_c_sum_err_cnt)
    }
}

impl BusErrors for v4::pdumodel::CtrlStatistic {
    fn bus_errors(&self) -> i64 {
        i64::from(self.main_c_sum_err_cnt) + i64::from(self.sub_c_sum_err_cnt)
    }
}
