//! Sessions of users on the device: the layer that opens, renews and closes them.

mod device;
mod drops;
mod files;
mod flow;
mod passwords;
mod refusals;
