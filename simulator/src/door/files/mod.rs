//! Files that come and go.

mod answer;
mod disposition;
mod form;
mod serve;

pub use form::{Form, Part};
