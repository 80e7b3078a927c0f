#![doc = include_str!("../README.md")]

mod inline;
mod input;
mod report;

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote;
use xerus_codegen::{Builder, Layout, Options};

use crate::input::{Input, Source};

/// Generates bindings from IDL files or from IDL written in place.
///
/// The source comes first: a file or directory as seen from `Cargo.toml`, `inline { … }` with IDL in braces, or a string
/// literal that is IDL. Options follow. The [page of the crate](crate) shows each.
///
/// ```
/// mod lamps {
///     xerus_macros::idl! { inline {
///         module garden {
///             interface Lamp_2_0_1 { void blink(in int times); };
///         };
///     } }
/// }
///
/// assert_eq!(lamps::garden::Lamp::VERSION.to_string(), "2.0.1");
/// ```
#[proc_macro]
pub fn idl(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

fn expand(tokens: TokenStream) -> syn::Result<TokenStream> {
    let Input {
        source,
        mut options,
        written,
    } = syn::parse2(tokens)?;
    if options.layout != Layout::Single {
        return Err(report::no_files("layout", options.layout.name(), &written));
    }
    if options.out != Options::default().out {
        return Err(report::no_files("out", &options.out, &written));
    }
    // Only cargo sets it; without it paths are seen from where the compiler runs.
    let base = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from);
    anchor(&mut options, &base);
    let builder = Builder::with_options(options);
    let builder = match &source {
        Source::Path(literal) => {
            let path = base.join(literal.value());
            if path.is_dir() {
                builder.idl_dir(path)
            } else {
                builder.idl_file(path)
            }
        }
        Source::Text(literal) => builder.text(report::INLINE, literal.value()),
        Source::Inline(text) => builder.text(report::INLINE, &text.text),
    };
    let read = builder.read();
    let files: Vec<_> = read
        .paths
        .iter()
        .filter(|path| path.is_file())
        .cloned()
        .collect();
    if !read.warnings.is_empty() {
        return Err(report::warnings(&read.warnings, &source, &written));
    }
    let generated = read
        .finish()
        .and_then(|input| builder.input(input).generate_tokens())
        .map_err(|error| report::error(&error, &source, &written))?;
    let files = files.iter().filter_map(|path| path.to_str());
    Ok(quote! {
        #(const _: &[u8] = ::core::include_bytes!(#files);)*
        #generated
    })
}

/// Paths are written as seen from the directory of the crate.
fn anchor(options: &mut Options, base: &Path) {
    for paths in [
        &mut options.idl_dir,
        &mut options.idl_file,
        &mut options.include_dir,
    ] {
        for path in paths {
            *path = base.join(&*path);
        }
    }
}
