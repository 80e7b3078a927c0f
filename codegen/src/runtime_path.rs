//! The path under which generated code finds the runtime.
//!
//! Emission writes the default path, as tokens and as text that is laid out already. Another path takes its place where
//! items go to the output, so that no item can be written without it.

use proc_macro2::{Group, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

use crate::codes;
use crate::error::Problem;
use crate::names::reserved;
use crate::options::Options;
use crate::rust_path::RustPath;

/// The crate that emission names.
const RUNTIME: &str = "xerus_rpc";

/// A path that is not the default one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RuntimePath(RustPath);

impl RuntimePath {
    /// The path of the options; `None` when it is the default one. What is wrong with it goes to `problems`.
    pub(crate) fn new(options: &Options, problems: &mut Vec<Problem>) -> Option<Self> {
        let text = options.runtime_path.as_str();
        match parse(text) {
            Ok(path) => (path.to_string() != format!("::{RUNTIME}")).then_some(Self(path)),
            Err(reason) => {
                problems.push(Problem {
                    code: codes::BAD_OPTION,
                    message: format!(
                        "`runtime_path`: `{text}` {reason}; write the path of xerus-rpc as the crate sees it, such as \
                         `::my_crate::rpc` or `crate::rpc`"
                    ),
                    option: "runtime_path",
                    text: text.to_owned(),
                });
                None
            }
        }
    }

    /// The same tokens with this path in place of the default one.
    pub(crate) fn put_into(&self, tokens: TokenStream) -> TokenStream {
        let mut out = TokenStream::new();
        let mut tokens = tokens.into_iter().peekable();
        let (mut is_after_segment, mut is_after_quote) = (false, false);
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(first)
                    if first.as_char() == ':'
                        && first.spacing() == Spacing::Joint
                        && !is_after_segment =>
                {
                    let second = tokens.next();
                    if matches!(tokens.peek(), Some(TokenTree::Ident(name)) if name == RUNTIME) {
                        tokens.next();
                        self.0.to_tokens(&mut out);
                        is_after_segment = true;
                        continue;
                    }
                    out.extend([TokenTree::Punct(first)].into_iter().chain(second));
                    is_after_segment = false;
                }
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), self.put_into(group.stream()));
                    inner.set_span(group.span());
                    out.extend([TokenTree::Group(inner)]);
                    is_after_segment = false;
                }
                token => {
                    // `impl ::xerus_rpc::Call` and `'a ::xerus_rpc::Call` start a path, `other::xerus_rpc` continues one.
                    is_after_segment = !is_after_quote
                        && matches!(&token, TokenTree::Ident(name)
                            if !reserved::KEYWORDS.contains(&name.to_string().as_str()));
                    is_after_quote =
                        matches!(&token, TokenTree::Punct(quote) if quote.as_char() == '\'');
                    out.extend([token]);
                }
            }
        }
        out
    }
}

/// A path of plain names from a crate on; what it is not, otherwise. A name alone is that of a crate.
fn parse(text: &str) -> Result<RustPath, &'static str> {
    let path: syn::Path = syn::parse_str(text).map_err(|_| "is no Rust path")?;
    let mut parts = Vec::new();
    for segment in &path.segments {
        if !segment.arguments.is_none() {
            return Err("has arguments, which no module has");
        }
        parts.push(segment.ident.to_string());
    }
    let is_absolute = path.leading_colon.is_some();
    let (first, rest) = parts.split_first().ok_or("is no Rust path")?;
    if matches!(first.as_str(), "self" | "super" | "Self") {
        return Err("does not start at a crate, and generated code has modules of its own");
    }
    let is_own = first == "crate" && !is_absolute;
    if rest
        .iter()
        .chain((!is_own).then_some(first))
        .any(|part| reserved::PATH_WORDS.contains(&part.as_str()))
    {
        return Err("is no Rust path");
    }
    Ok(RustPath::new(!is_own, parts.iter().map(String::as_str)))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{RuntimePath, parse};
    use crate::options::Options;

    fn path(text: &str) -> Option<RuntimePath> {
        let mut options = Options::default();
        text.clone_into(&mut options.runtime_path);
        let mut problems = Vec::new();
        let path = RuntimePath::new(&options, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        path
    }

    #[test]
    fn paths_start_at_a_crate() {
        for (text, expected) in [
            ("::my_crate::rpc", "::my_crate::rpc"),
            ("crate::rpc", "crate::rpc"),
            ("rpc", "::rpc"),
            ("::a::r#type", "::a::r#type"),
        ] {
            assert_eq!(
                parse(text).map(|path| path.to_string()).as_deref(),
                Ok(expected)
            );
        }
        for text in [
            "",
            "::",
            "xerus-rpc",
            "a::",
            "self::rpc",
            "super::rpc",
            "::crate::rpc",
            "a::self",
            "a::super::b",
            "a::<b>",
            "a b",
            "$crate::rpc",
            "a::*",
            "Self::a",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_the_default_path_is_replaced() {
        assert_eq!(path("::xerus_rpc"), None);
        assert_eq!(path("xerus_rpc"), None);
        let Some(path) = path("crate::rpc") else {
            panic!("not the default");
        };
        let code = quote! {
            ::xerus_rpc::rt::form!(1);
            impl ::xerus_rpc::A for B<::xerus_rpc::C> {
                const X: fn(&'static ::xerus_rpc::C) -> ::xerus_rpc::D = (|| ::other::xerus_rpc::rt::at("::xerus_rpc"));
            }
        };
        let expected = quote! {
            crate::rpc::rt::form!(1);
            impl crate::rpc::A for B<crate::rpc::C> {
                const X: fn(&'static crate::rpc::C) -> crate::rpc::D = (|| ::other::xerus_rpc::rt::at("::xerus_rpc"));
            }
        };
        assert_eq!(path.put_into(code).to_string(), expected.to_string());
    }
}
