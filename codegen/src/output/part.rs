//! What items are made of, and their documentation.

use std::cell::RefCell;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

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

/// Where documentation goes: into attributes, or into a table that the writer of text expands. The
/// latter spares parsing and formatting some thirty thousand attributes.
pub(crate) enum DocTable {
    Attributes,
    Numbered(RefCell<Vec<Vec<String>>>),
}

/// The first character of a doc attribute that stands for an entry of the table.
pub(crate) const DOC_MARK: char = '\u{1}';

/// Lines of documentation as attributes.
pub(crate) fn doc_attributes(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        Literal::string(&line)
    });
    quote!(#(#[doc = #lines])*)
}
