//! From the model to tokens, one file per kind of item.

mod alias;
mod context;
mod docs;
mod enumeration;
mod form;
mod gate;
mod interface;
mod lines;
mod method;
mod module;
mod record;
mod registry;
mod server;
mod sparse;
mod structure;
mod types;
mod value_object;
mod well_known;

pub(crate) use context::{Context, DOC_MARK, DocTable, doc_attributes, outermost_lints};
pub(crate) use form::form;
pub(crate) use module::{Unit, contents, frames, units};
pub(crate) use registry::registry;
pub(crate) use well_known::well_known;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::rust_path::ident;

/// A part of an item.
pub(crate) enum Part {
    /// Code to be formatted.
    Tokens(TokenStream),
    /// Code that is formatted already.
    Text(String),
}

impl From<TokenStream> for Part {
    fn from(tokens: TokenStream) -> Self {
        Self::Tokens(tokens)
    }
}

/// `&["a", "b"]`
fn strings<'s>(texts: impl IntoIterator<Item = &'s str>) -> TokenStream {
    let texts = texts.into_iter().map(Literal::string);
    quote!(&[#(#texts),*])
}
