//! Paths in generated code.

use std::fmt;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt, quote};

/// A path in generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RustPath {
    absolute: bool,
    parts: Vec<String>,
}

impl RustPath {
    pub(crate) fn new<'p>(absolute: bool, parts: impl IntoIterator<Item = &'p str>) -> Self {
        Self {
            absolute,
            parts: parts.into_iter().map(str::to_owned).collect(),
        }
    }
}

impl fmt::Display for RustPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.absolute {
            f.write_str("::")?;
        }
        for (at, part) in self.parts.iter().enumerate() {
            if at > 0 {
                f.write_str("::")?;
            }
            f.write_str(part)?;
        }
        Ok(())
    }
}

impl ToTokens for RustPath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for (at, part) in self.parts.iter().enumerate() {
            if at > 0 || self.absolute {
                tokens.extend(quote!(::));
            }
            tokens.append(ident(part));
        }
    }
}

/// An identifier of a name that may be raw (`r#type`).
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}
