//! Options in the notation of the `idl!` macro: `key = value` with commas between.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitBool, LitStr, Token, braced, bracketed};

use super::{OptionError, Options, Value, is_known};

impl Options {
    /// Reads `key = value, …` up to the end of the input.
    ///
    /// # Errors
    ///
    /// At the key or value that is wrong.
    pub fn parse_tokens(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Self::default();
        let mut seen: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            let key: Ident = input.call(Ident::parse_any)?;
            if seen.contains(&key) {
                let error = OptionError::Twice {
                    key: key.to_string(),
                };
                return Err(syn::Error::new(key.span(), error));
            }
            input.parse::<Token![=]>()?;
            let value: Spanned = input.parse()?;
            let known = is_known(&key.to_string());
            let place = if known { value.span } else { key.span() };
            options
                .set(&key.to_string(), value.value)
                .map_err(|error| syn::Error::new(place, error))?;
            seen.push(key);
            if input.is_empty() {
                break;
            }
            input.parse::<Token![,]>()?;
        }
        Ok(options)
    }
}

/// A value and where it stands.
struct Spanned {
    value: Value,
    span: Span,
}

impl Parse for Spanned {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let span = input.span();
        let value = if input.peek(LitStr) {
            Value::Text(input.parse::<LitStr>()?.value())
        } else if input.peek(LitBool) {
            Value::Bool(input.parse::<LitBool>()?.value)
        } else if input.peek(syn::token::Bracket) {
            let inner;
            bracketed!(inner in input);
            let list = inner.parse_terminated(Self::parse, Token![,])?;
            Value::List(list.into_iter().map(|item| item.value).collect())
        } else if input.peek(syn::token::Brace) {
            let inner;
            braced!(inner in input);
            let mut entries = Vec::new();
            while !inner.is_empty() {
                let path: LitStr = inner.parse()?;
                inner.parse::<Token![=]>()?;
                let value: Self = inner.parse()?;
                entries.push((path.value(), value.value));
                if inner.is_empty() {
                    break;
                }
                inner.parse::<Token![,]>()?;
            }
            Value::Table(entries)
        } else {
            return Err(input.error("expected a string, `true`, `false`, `[…]` or `{…}`"));
        };
        Ok(Self { value, span })
    }
}
