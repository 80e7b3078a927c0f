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

/// What does not go through tokens: marks stand for it, which the writer of text expands. It spares parsing and
/// formatting some thirty thousand attributes of documentation and most of the code.
pub(crate) enum Aside {
    /// Everything goes through tokens.
    Nothing,
    Numbered(RefCell<Numbered>),
}

/// What the marks of an item stand for, by their numbers.
#[derive(Default)]
pub(crate) struct Numbered {
    /// Lines of documentation.
    pub(crate) docs: Vec<Vec<String>>,
    /// Code that is laid out, but for the indentation of its first line.
    pub(crate) code: Vec<String>,
}

/// The first character of a doc attribute that stands for documentation.
pub(crate) const DOC_MARK: char = '\u{1}';

/// How a name starts that stands for code, and how it ends.
pub(crate) const CODE_MARK: (&str, char) = ("laid_out_", '_');

/// Text as tokens.
pub(crate) fn parsed(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|error| {
        let message = format!("generated text is no Rust: {error}");
        quote!(::core::compile_error!(#message);)
    })
}

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
