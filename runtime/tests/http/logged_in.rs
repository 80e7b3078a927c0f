//! Sessions of users on the device: the layer that opens, renews and closes them.

mod clock;
mod device;
mod drops;
mod files;
mod flow;
mod passwords;
mod points;
mod refusals;
mod runtimes;
mod seen;
mod wire;
