use std::fmt;

use proc_macro2::TokenStream;
use quote::{ToTokens, TokenStreamExt, quote};

use super::ident;

/// A path in generated code.
#[derive(Clone, Debug)]
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
