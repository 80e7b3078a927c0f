//! Descriptions of methods.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use xerus_idl::marks::Marks;
use xerus_idl::model::{Interface, Method, TypeIndex};

use super::code::{Code, Field};
use super::ident;
use super::scope::Scope;
use super::types::outputs;

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
    pub(super) fn constants(&self, scope: &Scope<'_>) -> TokenStream {
        let constants = self.0.iter().enumerate().map(|(at, table)| {
            let name = name(at);
            let before = "const : ::xerus_rpc::rt::Codes = ".len() + name.to_string().len();
            let table = scope.code(1, before, ";".len(), &literal(table));
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

fn literal(table: &Table) -> Code {
    Code::slice(table.iter().map(|(code, names)| {
        let names = Code::strings(names.iter().map(String::as_str));
        Code::tuple(vec![Code::word(code.to_string()), names])
    }))
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

    /// The literal of a method, or a reference to it: only what is not plain is written.
    pub(super) fn method_literal(
        &self,
        path: &'static str,
        owner: TypeIndex,
        method: &Method,
        tables: &Tables<'_>,
    ) -> Code {
        let facts = self.plan.facts.method(owner, method);
        let wire_id = &self.model().ty(owner).wire_id;
        let mut fields = vec![
            Field::new("interface", Code::string(wire_id)),
            Field::new("name", Code::string(&method.name)),
        ];
        if method.ins().next().is_some() {
            let ins = Code::strings(method.ins().map(|parameter| parameter.name.as_str()));
            fields.push(Field::new("params", ins));
        }
        let outputs = outputs(method, &facts.marks);
        if !outputs.is_empty() {
            let outs = Code::strings(outputs.iter().map(|output| output.name));
            fields.push(Field::new("results", outs));
        }
        if let Some(marks) = marks(&facts.marks, |code, name| {
            let marked = facts.types.error(code);
            marked.map_or(name, |marked| marked.name(self.model(), name))
        }) {
            fields.push(Field::new("marks", marks));
        }
        if let Some(table) = &facts.codes {
            let table = match tables.name(table) {
                Some(name) => Code::word(format!("Self::{name}")),
                None => literal(table),
            };
            fields.push(Field::new("codes", Code::some(table)));
        }
        fields.push(Field::rest("::xerus_rpc::rt::Method::PLAIN"));
        Code::structure(path, fields)
    }

    /// The Rust type of what a method reports on the way.
    pub(super) fn reported(&self, owner: TypeIndex, method: &Method) -> Option<TokenStream> {
        let facts = self.plan.facts.method(owner, method);
        facts.types.progress.as_ref().map(|ty| self.element(ty))
    }
}

/// The marks of a method; `None` for plain ones.
fn marks<'m>(marks: &'m Marks, error_name: impl Fn(&str, &'m str) -> &'m str) -> Option<Code> {
    let text = |text: &Option<String>| text.as_ref().map(|text| Code::some(Code::string(text)));
    let switch = |on: Option<bool>| (on == Some(true)).then(|| Code::word("true"));
    let timeout = marks.timeout.map(|time| {
        let milliseconds =
            u32::try_from(time.as_millis()).expect("the reader of marks takes no longer times");
        Code::some(Code::word(milliseconds.to_string()))
    });
    let action = marks.action.as_ref().map(|action| {
        let mut fields = vec![Field::new("check", Code::string(&action.check))];
        if let Some(poll) = &action.poll {
            fields.push(Field::new("poll", Code::string(poll)));
        }
        fields.push(Field::rest("::xerus_rpc::rt::Action::PLAIN"));
        Code::some_structure("::xerus_rpc::rt::Action", fields)
    });
    let stream = marks.stream.as_ref().map(|stream| {
        let fields = vec![
            Field::new("poll", Code::string(&stream.poll)),
            Field::new("stop", Code::string(&stream.stop)),
            Field::rest("::xerus_rpc::rt::PolledStream::PLAIN"),
        ];
        Code::some_structure("::xerus_rpc::rt::PolledStream", fields)
    });
    let errors = (!marks.errors.is_empty()).then(|| {
        Code::slice(
            marks
                .errors
                .iter()
                .map(|(code, name)| (code, error_name(code, name)))
                .map(|(code, name)| Code::tuple(vec![Code::string(code), Code::string(name)])),
        )
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
    let mut stated: Vec<_> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    match stated.as_slice() {
        [] => None,
        // By far the most common marks: one constant for all.
        [("repeatable", _)] => Some(Code::word("&::xerus_rpc::rt::Marks::REPEATABLE")),
        _ => {
            let fields = stated
                .drain(..)
                .map(|(name, value)| Field::new(name, value));
            let rest = Field::rest("::xerus_rpc::rt::Marks::PLAIN");
            let fields = fields.chain([rest]).collect();
            Some(Code::structure("&::xerus_rpc::rt::Marks", fields))
        }
    }
}
