use proc_macro2::TokenStream;
use quote::quote;
use xerus_idl::model::Model;

use crate::facts::Facts;
use crate::features::Features;
use crate::names::table::Names;
use crate::options::Options;
use crate::overrides::Overrides;
use crate::runtime_path::RuntimePath;
use crate::select::Selection;
use crate::typed_errors::TypedErrors;
use crate::well_known::WellKnown;

/// Everything that decides what is emitted. Shared by all threads.
pub(crate) struct Plan<'a> {
    pub(crate) model: &'a Model,
    pub(crate) names: &'a Names,
    pub(crate) options: &'a Options,
    pub(crate) selection: &'a Selection,
    pub(crate) overrides: &'a Overrides,
    /// With the option `cargo_features`: under which of them everything is there.
    pub(crate) features: Option<Features>,
    pub(crate) well_known: &'a WellKnown,
    /// What is known of methods beside their signatures.
    pub(crate) facts: &'a Facts<'a>,
    /// The types of errors.
    pub(crate) errors: &'a TypedErrors,
    /// Where the runtime is, when that is not `::xerus_rpc`.
    pub(crate) runtime: Option<RuntimePath>,
}

/// The one `allow` of a module of the root, which is to compile without a warning wherever it is included: nobody uses
/// a whole API, a private module reaches nobody, deprecated items are used by their own neighbours, and what clippy would
/// have otherwise is the shape that the IDL gives.
pub(crate) fn outermost_lints() -> TokenStream {
    quote! {
        #[allow(
            clippy::all, clippy::pedantic, dead_code, deprecated, nonstandard_style, unreachable_pub, unused_imports
        )]
    }
}
