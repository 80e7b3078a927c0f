//! Descriptions of methods.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use xerus_idl::marks::Marks;
use xerus_idl::model::{Interface, Method, TypeIndex};

use super::scope::Scope;
use super::types::outputs;
use super::{ident, strings};

/// The names of return codes.
type Table = Vec<(i32, Vec<String>)>;

/// Tables of return codes that several methods of an interface have, each a constant: what stands once is checked once.
pub(super) struct Tables<'f>(Vec<&'f Table>);

impl Tables<'_> {
    /// No constants: every table stands where it is needed.
    pub(super) const NONE: Self = Self(Vec::new());

    fn name(&self, table: &Table) -> Option<Ident> {
        let at = self.0.iter().position(|known| *known == table)?;
        Some(name(at))
    }

    /// The constants.
    pub(super) fn constants(&self) -> TokenStream {
        let constants = self.0.iter().enumerate().map(|(at, table)| {
            let (name, table) = (name(at), literal(table));
            quote!(const #name: ::xerus_rpc::rt::Codes = #table;)
        });
        quote!(#(#constants)*)
    }
}

fn name(at: usize) -> Ident {
    match at {
        0 => ident("CODES_"),
        _ => ident(&format!("CODES_{}_", at + 1)),
    }
}

fn literal(table: &Table) -> TokenStream {
    let codes = table.iter().map(|(code, names)| {
        let code = Literal::i32_unsuffixed(*code);
        let names = strings(names.iter().map(String::as_str));
        quote!((#code, #names))
    });
    quote!(&[#(#codes),*])
}

impl Scope<'_> {
    /// The tables of return codes that more than one method of an interface has.
    pub(super) fn tables(&self, owner: TypeIndex, interface: &Interface) -> Tables<'_> {
        let mut seen: Vec<(&Table, bool)> = Vec::new();
        for method in &interface.methods {
            let facts = self.plan.facts.method(owner, method);
            let Some(table) = facts.codes.as_ref().filter(|table| !table.is_empty()) else {
                continue;
            };
            match seen.iter_mut().find(|(known, _)| *known == table) {
                Some((_, shared)) => *shared = true,
                None => seen.push((table, false)),
            }
        }
        let shared = seen.into_iter().filter(|(_, shared)| *shared);
        Tables(shared.map(|(table, _)| table).collect())
    }

    /// The literal of a method: only what is not plain is written.
    pub(super) fn method_literal(
        &self,
        owner: TypeIndex,
        method: &Method,
        tables: &Tables<'_>,
    ) -> TokenStream {
        let facts = self.plan.facts.method(owner, method);
        let (wire_id, name) = (&self.model().ty(owner).wire_id, &method.name);
        let mut fields = quote!(interface: #wire_id, name: #name,);
        let ins = strings(method.ins().map(|parameter| parameter.name.as_str()));
        if method.ins().next().is_some() {
            fields.extend(quote!(params: #ins,));
        }
        let outputs = outputs(method);
        if !outputs.is_empty() {
            let outs = strings(outputs.iter().map(|output| output.name));
            fields.extend(quote!(results: #outs,));
        }
        if let Some(marks) = marks(&facts.marks) {
            fields.extend(quote!(marks: #marks,));
        }
        if let Some(table) = &facts.codes {
            let table = match tables.name(table) {
                Some(name) => quote!(Self::#name),
                None => literal(table),
            };
            fields.extend(quote!(codes: ::core::option::Option::Some(#table),));
        }
        quote!(::xerus_rpc::rt::Method { #fields ..::xerus_rpc::rt::Method::PLAIN })
    }

    /// The Rust type of what a method reports on the way.
    pub(super) fn reported(&self, owner: TypeIndex, method: &Method) -> Option<TokenStream> {
        let facts = self.plan.facts.method(owner, method);
        facts.types.progress.as_ref().map(|ty| self.element(ty))
    }
}

/// The marks of a method; `None` for plain ones.
fn marks(marks: &Marks) -> Option<TokenStream> {
    let text = |text: &Option<String>| {
        text.as_ref()
            .map(|text| quote!(::core::option::Option::Some(#text)))
    };
    let switch = |on: Option<bool>| (on == Some(true)).then(|| quote!(true));
    let timeout = marks.timeout.map(|time| {
        let milliseconds =
            u32::try_from(time.as_millis()).expect("the reader of marks takes no longer times");
        let milliseconds = Literal::u32_unsuffixed(milliseconds);
        quote!(::core::option::Option::Some(#milliseconds))
    });
    let action = marks.action.as_ref().map(|action| {
        let check = &action.check;
        let poll = action.poll.as_ref().map(|poll| quote!(poll: #poll,));
        quote!(::core::option::Option::Some(::xerus_rpc::rt::Action {
            check: #check,
            #poll
            ..::xerus_rpc::rt::Action::PLAIN
        }))
    });
    let stream = marks.stream.as_ref().map(|stream| {
        let (poll, stop) = (&stream.poll, &stream.stop);
        quote!(::core::option::Option::Some(::xerus_rpc::rt::PolledStream {
            poll: #poll,
            stop: #stop,
            ..::xerus_rpc::rt::PolledStream::PLAIN
        }))
    });
    let errors = (!marks.errors.is_empty()).then(|| {
        let pairs = marks
            .errors
            .iter()
            .map(|(code, name)| quote!((#code, #name)));
        quote!(&[#(#pairs),*])
    });
    let fields = [
        ("wire", text(&marks.wire)),
        ("repeatable", switch(marks.repeatable)),
        ("long_poll", switch(marks.long_poll)),
        ("one_way", switch(marks.one_way)),
        ("timeout_ms", timeout),
        ("progress", text(&marks.progress)),
        ("action", action),
        ("stream", stream),
        ("root", switch(marks.root)),
        ("errors", errors),
        ("role", text(&marks.role)),
        ("local", switch(marks.local)),
    ];
    let stated: Vec<_> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    match stated.as_slice() {
        [] => None,
        // By far the most common marks: one constant for all.
        [("repeatable", _)] => Some(quote!(&::xerus_rpc::rt::Marks::REPEATABLE)),
        stated => {
            let fields = stated.iter().map(|(name, value)| {
                let name = ident(name);
                quote!(#name: #value,)
            });
            Some(quote!(&::xerus_rpc::rt::Marks { #(#fields)* ..::xerus_rpc::rt::Marks::PLAIN }))
        }
    }
}
