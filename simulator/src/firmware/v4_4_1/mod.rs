//! The objects of firmware 4.4.1, made of what the model knows. The other firmwares are made of these.

mod answer;
mod certificate;
mod configuration;
mod data_push;
mod datetime;
mod event;
mod firmware;
mod inlet;
mod log;
mod name_service;
mod ocp;
mod outlet;
mod parts;
mod pdu;
mod pdu_settings;
mod peripheral;
mod reference;
mod sensor;
mod session;
mod state_sensor;
mod table;
mod user;

pub(crate) use self::session::{CLIENT_TYPE, SESSION_TOKEN};
pub(crate) use self::table::fill;
pub(crate) use self::user::{CHANGE_PASSWORD, CURRENT_USER, rid as user_rid};
