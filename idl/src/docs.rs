//! Documentation comments: which belongs to what, and their text.
//!
//! The [`Docs`](crate::model::Docs) of the model keep Doxygen marks; [`markdown`] translates them.

mod attach;
mod clean;
mod inline;
mod markdown;
mod sections;

pub(crate) use self::attach::{Comments, Documented};
pub use self::attach::{DocTable, attach};
pub use self::markdown::{markdown, rustdoc};
pub use self::sections::{parameter_text, return_texts};
