//! The objects of firmware 4.4.1, made of what the model knows. The other firmwares are made of these.

mod answer;
mod cascade;
mod certificate;
mod configuration;
mod data_push;
mod datetime;
mod event;
mod firmware;
mod groups;
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
mod roles;
mod security;
mod sensor;
mod servermon;
mod session;
mod state_sensor;
mod strip;
mod table;
mod transfer_switch;
mod user;
mod user_info;
mod users;

pub(crate) use self::session::{CLIENT_TYPE, SESSION_TOKEN};
pub(crate) use self::table::fill;
pub(crate) use self::user::{CHANGE_PASSWORD, CURRENT_USER, rid as user_rid};
