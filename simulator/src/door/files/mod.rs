//! Files that come and go.

mod answer;
mod disposition;
mod form;
mod part;
mod serve;

pub(super) use serve::Wanted;

pub use form::Form;
pub use part::Part;
