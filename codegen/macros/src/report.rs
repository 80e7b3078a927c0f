//! Errors of the generator as errors of the compiler, at the best place there is.

use proc_macro2::{Span, TokenStream, TokenTree};
use xerus_codegen::codes;
use xerus_codegen::error::{Error, Kind};
use xerus_idl::diagnostic::{Diagnostic, Diagnostics};

use crate::inline::is_literal;
use crate::input::Source;

/// The name under which IDL inside the macro is shown.
pub(crate) const INLINE: &str = "inline.idl";

/// One compiler error for everything that is wrong.
pub(crate) fn error(error: &Error, source: &Source, written: &TokenStream) -> syn::Error {
    let mut errors = match error.kind() {
        Kind::Idl(diagnostics) => idl(diagnostics, source),
        Kind::Options(problems) => problems
            .iter()
            .map(|problem| {
                let span = find(written, &problem.text).unwrap_or_else(Span::call_site);
                syn::Error::new(span, format!("{} [{}]", problem.message, problem.code.0))
            })
            .collect(),
        _ => vec![syn::Error::new(whole(source), error.to_string())],
    }
    .into_iter();
    let Some(mut all) = errors.next() else {
        return syn::Error::new(whole(source), error.to_string());
    };
    for more in errors {
        all.combine(more);
    }
    all
}

/// A macro cannot make files: refuses an option that is about them.
pub(crate) fn no_files(key: &str, value: &str, written: &TokenStream) -> syn::Error {
    let span = find(written, value).unwrap_or_else(Span::call_site);
    let code = codes::BAD_OPTION.0;
    let message = format!(
        "`{key}` is for code that is written to files; a macro expands in one piece [{code}]"
    );
    syn::Error::new(span, message)
}

/// Include directories that do not exist. A macro cannot warn.
pub(crate) fn warnings(lines: &[String], source: &Source, written: &TokenStream) -> syn::Error {
    let span = key(written, "include_dir").unwrap_or_else(|| whole(source));
    syn::Error::new(span, lines.join("\n"))
}

fn idl(diagnostics: &Diagnostics, source: &Source) -> Vec<syn::Error> {
    diagnostics
        .items
        .iter()
        .filter(|item| item.is_error())
        .map(|item| {
            let inline = diagnostics.sources.file(item.span.file).name() == INLINE;
            match source {
                Source::Inline(text) if inline => {
                    syn::Error::new(text.span(item.span.start), sentence(item))
                }
                _ => syn::Error::new(whole(source), excerpt(diagnostics, item)),
            }
        })
        .collect()
}

/// The message without an excerpt, since the compiler shows the place.
fn sentence(item: &Diagnostic) -> String {
    let mut text = format!("{} [{}]", item.message, item.code.0);
    if let Some(help) = &item.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    text
}

/// The message with place and excerpt: the report about this one thing, without "error" before it and the
/// count after it, since the compiler writes its own.
fn excerpt(diagnostics: &Diagnostics, item: &Diagnostic) -> String {
    let one = Diagnostics::new(diagnostics.sources.clone(), vec![item.clone()]).to_plain();
    let report = one.trim_end();
    let report = match report.rsplit_once("\n\n") {
        Some((report, count)) if !count.contains('\n') => report,
        _ => report,
    };
    match report.split_once('\n') {
        Some((_, places)) => format!("{} [{}]\n{places}", item.message, item.code.0),
        None => format!("{} [{}]", item.message, item.code.0),
    }
}

fn whole(source: &Source) -> Span {
    match source {
        Source::Path(literal) | Source::Text(literal) => literal.span(),
        Source::Inline(text) => text.span(0),
    }
}

/// The key of an option where it is written.
fn key(tokens: &TokenStream, name: &str) -> Option<Span> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(key) if key == name => Some(key.span()),
        _ => None,
    })
}

/// The string literal of the options that has this value.
fn find(tokens: &TokenStream, value: &str) -> Option<Span> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Literal(literal) if is_literal(&literal, value) => Some(literal.span()),
        TokenTree::Group(group) => find(&group.stream(), value),
        _ => None,
    })
}
