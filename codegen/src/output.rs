//! Where emitted items go: formatted text, plain text or tokens.

mod part;
mod pretty;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub(crate) use part::{Aside, CODE_MARK, DOC_MARK, Numbered, Part, doc_attributes, parsed};
pub(crate) use pretty::Pretty;

use crate::runtime_path::RuntimePath;

/// Takes items in order. Modules are opened and closed around their items.
pub(crate) trait Output {
    /// Opens `pub mod name`.
    fn open(&mut self, docs: Vec<String>, attributes: TokenStream, name: &Ident);
    /// The parts of one type, or another item.
    fn item(&mut self, parts: Vec<Part>);
    /// Closes the innermost open module.
    fn close(&mut self);
}

/// One stream of tokens.
pub(crate) struct Tokens<'r> {
    runtime: Option<&'r RuntimePath>,
    tokens: TokenStream,
    outer: Vec<(TokenStream, TokenStream)>,
}

impl<'r> Tokens<'r> {
    /// Nothing is set aside.
    pub(crate) const ASIDE: Aside = Aside::Nothing;

    pub(crate) fn new(runtime: Option<&'r RuntimePath>) -> Self {
        Self {
            runtime,
            tokens: TokenStream::new(),
            outer: Vec::new(),
        }
    }

    pub(crate) fn finish(self) -> TokenStream {
        self.tokens
    }
}

impl Output for Tokens<'_> {
    fn open(&mut self, docs: Vec<String>, attributes: TokenStream, name: &Ident) {
        let docs = doc_attributes(&docs);
        let head = quote!(#docs #attributes pub mod #name);
        self.outer.push((std::mem::take(&mut self.tokens), head));
    }

    fn item(&mut self, parts: Vec<Part>) {
        for part in parts {
            let tokens = match part {
                Part::Tokens(tokens) => tokens,
                Part::Text(text) => parsed(&text),
            };
            self.tokens.extend(match self.runtime {
                Some(runtime) => runtime.put_into(tokens),
                None => tokens,
            });
        }
    }

    fn close(&mut self) {
        let (outer, head) = self.outer.pop().expect("what is closed was opened");
        let inner = std::mem::replace(&mut self.tokens, outer);
        self.tokens.extend(quote!(#head { #inner }));
    }
}
