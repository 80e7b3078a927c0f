use proc_macro2::Ident;
use quote::quote;
use xerus_idl::model::{Enumerator, TypeIndex};

use super::lines::{Action, Lines};
use super::scope::{Scope, deprecated};
use super::{Part, ident};

impl Scope<'_> {
    /// An enumeration, open for indices of newer firmware.
    pub(super) fn enumeration(
        &self,
        index: TypeIndex,
        enumerators: &[Enumerator],
        fallback: Option<usize>,
    ) -> Vec<Part> {
        let ty = self.model().ty(index);
        let name = ident(&self.plan.names.ty(index).name);
        let docs = self.doc(self.type_docs(ty));
        let extras = self.extras(index);
        let type_deprecated = deprecated(&ty.annotations);
        let variants: Vec<_> = self
            .plan
            .names
            .variants(enumerators)
            .iter()
            .map(|name| ident(name))
            .collect();
        let declared = enumerators.iter().zip(&variants).map(|(item, variant)| {
            let docs = self.member_docs(&item.docs, &format!("Enumerator `{}`.", item.name));
            let deprecated = deprecated(&item.annotations);
            let extras = self.member_extras(index, &item.name);
            quote!(#docs #deprecated #extras #variant,)
        });
        let unknown = self.note("An index that these bindings do not know.");
        let declaration = quote! {
            #docs
            #type_deprecated
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            #extras
            pub enum #name { #(#declared)* #unknown Unknown_(i32), }
        };
        let traits = self.enumeration_traits(index, enumerators, &variants, fallback);
        vec![declaration.into(), traits]
    }

    fn enumeration_traits(
        &self,
        index: TypeIndex,
        enumerators: &[Enumerator],
        variants: &[Ident],
        fallback: Option<usize>,
    ) -> Part {
        let name = &self.plan.names.ty(index).name;
        let mut lines = Lines::new(self.depth());
        lines.implementation("::core::default::Default", name);
        lines.block(DEFAULT);
        lines.implementation("::xerus_rpc::Enumeration", name);
        let wire_id = &self.model().ty(index).wire_id;
        lines.line(
            1,
            format_args!("const TYPE_ID: &'static str = \"{wire_id}\";"),
        );
        let names = enumerators.iter().map(|item| item.name.as_str());
        lines.strings(1, "const NAMES: &'static [&'static str] = &", names, ";");
        match fallback {
            Some(at) => {
                let function = "::core::option::Option::Some";
                let index = at.to_string();
                let arguments = &[index.as_str()];
                lines.statement(
                    1,
                    &Action {
                        target: FALLBACK,
                        function,
                        arguments,
                        end: "",
                    },
                );
            }
            None => lines.line(1, format_args!("{FALLBACK}::core::option::Option::None;")),
        }
        lines.block(FROM_INDEX);
        for (at, variant) in variants.iter().enumerate() {
            lines.line(3, format_args!("{at} => Self::{variant},"));
        }
        lines.block(INDEX);
        for (at, variant) in variants.iter().enumerate() {
            lines.line(3, format_args!("Self::{variant} => {at},"));
        }
        lines.block(INDEX_END);
        lines.codec(
            name,
            "reader.enumeration()",
            "::xerus_rpc::rt::enumeration(*self)",
        );
        lines.serde("", name);
        Part::Text(lines.finish())
    }
}

const FALLBACK: &str = "const FALLBACK: ::core::option::Option<i32> = ";

const DEFAULT: &str = "    fn default() -> Self {
        Self::Unknown_(::xerus_rpc::rt::UNSET)
    }
}

";

const FROM_INDEX: &str = "    fn from_index(index: i32) -> Self {
        match index {
";

const INDEX: &str = "            other => Self::Unknown_(other),
        }
    }

    fn index(self) -> i32 {
        match self {
";

const INDEX_END: &str = "            Self::Unknown_(other) => other,
        }
    }
}
";
