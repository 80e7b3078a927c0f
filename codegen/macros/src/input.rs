//! What stands between the braces of the macro.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token, braced};
use xerus_codegen::Options;

use crate::inline::Text;

mod word {
    syn::custom_keyword!(inline);
}

/// The whole input.
pub(crate) struct Input {
    pub(crate) source: Source,
    pub(crate) options: Options,
    /// The options as they were written, to find places in.
    pub(crate) written: TokenStream,
}

/// Where the IDL comes from.
pub(crate) enum Source {
    /// A file or directory.
    Path(LitStr),
    /// A literal with the text itself.
    Text(LitStr),
    /// Tokens that are IDL.
    Inline(Text),
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let source = if input.peek(word::inline) {
            input.parse::<word::inline>()?;
            let idl;
            braced!(idl in input);
            Source::Inline(Text::new(idl.parse()?)?)
        } else if input.peek(LitStr) {
            let literal: LitStr = input.parse()?;
            if is_path(&literal.value()) {
                Source::Path(literal)
            } else {
                Source::Text(literal)
            }
        } else {
            return Err(input.error("expected a path, IDL in a string, or `inline { … }`"));
        };
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        let written = input.fork().parse()?;
        let options = Options::parse_tokens(input)?;
        Ok(Self {
            source,
            options,
            written,
        })
    }
}

/// A path has neither line ends nor braces; IDL text has at least the braces of a module.
fn is_path(text: &str) -> bool {
    !text.contains(['\n', '{'])
}
