//! Generated types in the data formats of `serde`; the documentation of the crate has the table of forms.
//!
//! Writing goes by [`Value`](crate::Value). Reading makes JSON text of what the format gives, which the one reader takes in a
//! mode where names may stand for numbers: nothing is generated for it.

mod capture;
mod impls;
mod read;
mod write;

pub use read::{read, read_value_object};
pub use write::{write, write_value_object};
