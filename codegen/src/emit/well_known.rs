//! Constructors of proxies for well-known resource ids, and the list of these ids.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use xerus_idl::model::TypeIndex;

use super::code::Code;
use super::plan::Plan;
use super::scope::{Scope, Share};
use super::{Part, ident};
use crate::output::Aside;
use crate::well_known::Constructor;

/// The static list of what constructors there are for; nothing when there are none.
pub(crate) fn well_known(plan: &Plan<'_>, aside: &Aside) -> Option<Part> {
    let scope = Scope {
        plan,
        aside,
        place: Vec::new(),
        elsewhere: None,
        share: Share::All,
    };
    let mut entries: Vec<_> = plan
        .well_known
        .iter()
        .filter(|(owner, constructor)| {
            plan.selection.emits(*owner) && scope.exists(constructor.returned)
        })
        .map(|(_, constructor)| {
            let id = &plan.model.ty(constructor.returned).wire_id;
            (constructor.template.text(), id)
        })
        .collect();
    if entries.is_empty() {
        return None;
    }
    entries.sort_unstable();
    // Several versions of a place lead to one version of what is there.
    entries.dedup();
    let docs = scope.note("Well-known resource ids, and the interfaces of this code there. No device has all of them.");
    let entries = entries.iter().map(|(template, id)| {
        let arguments = vec![Code::string(template), Code::string(id)];
        Code::call("::xerus_rpc::WellKnown::new(", arguments)
    });
    let before = "pub static WELL_KNOWN: &[::xerus_rpc::WellKnown] = ".len();
    let entries = scope.code(0, before, ";".len(), &Code::slice(entries));
    let list = quote! {
        #docs
        #[allow(dead_code, unreachable_pub)]
        pub static WELL_KNOWN: &[::xerus_rpc::WellKnown] = #entries;
    };
    Some(list.into())
}

impl Scope<'_> {
    /// The constructors of an interface whose results have a type to be of.
    pub(super) fn constructors(&self, index: TypeIndex) -> TokenStream {
        let all = self.plan.well_known.constructors(index).iter();
        all.filter(|constructor| self.exists(constructor.returned))
            .map(|constructor| self.constructor(index, constructor))
            .collect()
    }

    fn exists(&self, index: TypeIndex) -> bool {
        let selection = self.plan.selection;
        selection.emits(index) || selection.external(index).is_some()
    }

    fn constructor(&self, owner: TypeIndex, constructor: &Constructor) -> TokenStream {
        let name = ident(&constructor.name);
        let template = constructor.template.text();
        let docs = self.doc(docs(constructor));
        let returned = if constructor.returned == owner {
            quote!(Self)
        } else {
            self.type_path(constructor.returned).to_token_stream()
        };
        let parameters: Vec<_> = constructor
            .template
            .placeholders()
            .iter()
            .map(|placeholder| {
                let ty = if placeholder.is_text {
                    quote!(&str)
                } else {
                    quote!(u32)
                };
                (ident(&placeholder.parameter()), ty)
            })
            .collect();
        let (arguments, types): (Vec<_>, Vec<_>) = parameters.into_iter().unzip();
        let mut sent = vec![Code::word("agent"), Code::string(template)];
        let function = if arguments.is_empty() {
            "::xerus_rpc::rt::at("
        } else {
            let arguments = arguments.iter();
            sent.push(Code::slice(
                arguments.map(|argument: &Ident| Code::word(format!("&{argument}"))),
            ));
            "::xerus_rpc::rt::well_known("
        };
        let body = self.code(2, 0, 0, &Code::call(function, sent));
        quote! {
            #docs
            #[must_use]
            pub fn #name(agent: &::xerus_rpc::Agent, #(#arguments: #types),*) -> #returned {
                #body
            }
        }
    }
}

/// The template, and what may go in its placeholders.
fn docs(constructor: &Constructor) -> Vec<String> {
    let shown = constructor.template.text().replace(":str}", "}");
    let mut lines = vec![format!("A proxy for `{shown}`; nothing is sent.")];
    let mut facts = Vec::new();
    for placeholder in constructor.template.placeholders() {
        let name = &placeholder.name;
        facts.push(match (name.as_str(), placeholder.is_text) {
            ("unit", false) if constructor.is_vendor => {
                "`unit` is 0 or 1 for the primary unit, 2 to 8 for a link unit.".to_owned()
            }
            (_, false) if constructor.is_vendor => format!("`{name}` counts from 0."),
            (_, false) => continue,
            (_, true) => format!(
                "`{name}` is one segment: calls fail unsent when it is empty, `.` or `..`, or has a slash or a \
                 control character."
            ),
        });
    }
    if constructor.is_vendor {
        facts.push(
            "Not every model has this object; `get_type_info` shows whether a device does."
                .to_owned(),
        );
    }
    if !facts.is_empty() {
        lines.push(String::new());
        lines.extend(facts);
    }
    lines
}
