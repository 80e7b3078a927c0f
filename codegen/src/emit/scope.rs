use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use xerus_idl::model::{Annotation, Model, Type, TypeIndex};

use super::code::Code;
use super::plan::Plan;
use super::{docs, ident};
use crate::output::{Aside, CODE_MARK, DOC_MARK, doc_attributes, parsed};
use crate::rust_path::RustPath;

/// A place in the generated code, and what is needed to emit items there.
#[derive(Clone)]
pub(crate) struct Scope<'a> {
    pub(crate) plan: &'a Plan<'a>,
    pub(crate) aside: &'a Aside,
    /// The module, from the root of the generated code.
    pub(crate) place: Vec<String>,
    /// With one file for each IDL module: how many of the modules of this place other files open.
    pub(crate) elsewhere: Option<usize>,
    /// Which items of this place are wanted.
    pub(crate) share: Share,
}

/// The items of a module may stand in two files, so that those that only one feature needs are not even read without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Share {
    /// All items.
    All,
    /// Items that several features bring.
    Common,
    /// Items that only the feature of the module itself brings.
    Own,
}

impl<'a> Scope<'a> {
    pub(crate) fn model(&self) -> &'a Model {
        self.plan.model
    }

    /// How many modules around this place the same file opens.
    pub(crate) fn depth(&self) -> usize {
        self.place.len() - self.elsewhere.unwrap_or_default()
    }

    /// A module below this place.
    pub(crate) fn below(&self, module: &str) -> Self {
        let mut place = self.place.clone();
        place.push(module.to_owned());
        Self {
            place,
            share: Share::All,
            ..self.clone()
        }
    }

    /// The path from here to an item of another place.
    pub(crate) fn path(&self, place: &[String], name: &str) -> RustPath {
        let common = self
            .place
            .iter()
            .zip(place)
            .take_while(|(a, b)| a == b)
            .count();
        let up = (common..self.place.len()).map(|_| "super");
        let down = place[common..].iter().map(String::as_str);
        RustPath::new(false, up.chain(down).chain([name]))
    }

    /// The path from here to a type, wherever it lives.
    pub(crate) fn type_path(&self, index: TypeIndex) -> RustPath {
        let names = self.plan.names.ty(index);
        match self.plan.selection.external(index) {
            Some(external) => external.path(&names.place, &names.name),
            None => self.path(&names.place, &names.name),
        }
    }

    /// The path from here to the server trait of an interface, or to a function beside it.
    pub(crate) fn server_path(&self, index: TypeIndex, name: &str) -> RustPath {
        let place = server_place(&self.plan.names.ty(index).place);
        match self.plan.selection.external(index) {
            Some(external) => external.path(&place, name),
            None => self.path(&place, name),
        }
    }

    /// The path from here to the registry.
    pub(crate) fn registry(&self) -> RustPath {
        self.path(&[], "REGISTRY")
    }

    /// Documentation as attributes.
    pub(crate) fn doc(&self, lines: Vec<String>) -> TokenStream {
        match self.aside {
            Aside::Nothing => doc_attributes(&lines),
            Aside::Numbered(table) => {
                let docs = &mut table.borrow_mut().docs;
                let mark = Literal::string(&format!("{DOC_MARK}{}", docs.len()));
                docs.push(lines);
                quote!(#[doc = #mark])
            }
        }
    }

    /// Code at a level of blocks, behind `before` characters in its line, and with `after` more behind it.
    pub(super) fn code(
        &self,
        level: usize,
        before: usize,
        after: usize,
        code: &Code,
    ) -> TokenStream {
        let text = code.laid_out(self.depth() + level, before, after);
        match (self.aside, &self.plan.runtime) {
            (Aside::Numbered(table), None) => {
                let all = &mut table.borrow_mut().code;
                let mark = ident(&format!("{}{}{}", CODE_MARK.0, all.len(), CODE_MARK.1));
                all.push(text);
                mark.to_token_stream()
            }
            // Text is laid out for the default path of the runtime.
            (Aside::Nothing, _) | (_, Some(_)) => parsed(&text),
        }
    }

    /// A line of documentation of our own.
    pub(crate) fn note(&self, line: &str) -> TokenStream {
        self.doc(vec![line.to_owned()])
    }

    /// The documentation of a type: the text of the IDL, and what the type is.
    pub(crate) fn type_docs(&self, ty: &Type) -> Vec<String> {
        let what = docs::kind(ty);
        let mut lines = self.text(&ty.docs);
        if lines.is_empty() {
            return vec![format!("{what} `{}`.", ty.wire_id)];
        }
        lines.push(String::new());
        lines.push(format!("{what} `{}`.", ty.wire_id));
        lines
    }

    /// The documentation of a member, or a line that says what it is.
    pub(crate) fn member_docs(&self, docs: &xerus_idl::model::Docs, what: &str) -> TokenStream {
        let mut lines = self.text(docs);
        if lines.is_empty() {
            lines.push(what.to_owned());
        }
        self.doc(lines)
    }

    /// The text of the IDL as Markdown, empty when it is not wanted.
    pub(crate) fn text(&self, docs: &xerus_idl::model::Docs) -> Vec<String> {
        if self.plan.options.docs {
            docs::lines(docs)
        } else {
            Vec::new()
        }
    }

    /// Derives and attributes that the user adds to a type.
    pub(crate) fn extras(&self, index: TypeIndex) -> TokenStream {
        let mut tokens = TokenStream::new();
        for attribute in self.plan.overrides.ty(index) {
            tokens.extend(attribute_tokens(attribute));
        }
        tokens
    }

    /// Attributes that the user adds to a field or enumerator.
    pub(crate) fn member_extras(&self, index: TypeIndex, member: &str) -> TokenStream {
        let mut tokens = TokenStream::new();
        for attribute in self.plan.overrides.member(index, member) {
            tokens.extend(attribute_tokens(attribute));
        }
        tokens
    }
}

/// An attribute that the user adds.
fn attribute_tokens(attribute: &str) -> TokenStream {
    attribute
        .parse()
        .expect("it was printed from tokens when the option was read")
}

/// The place of the server side of a module.
pub(crate) fn server_place(place: &[String]) -> Vec<String> {
    let mut server = vec![crate::names::reserved::SERVER.to_owned()];
    server.extend_from_slice(place);
    server
}

/// `#[deprecated]` when the IDL says so.
pub(crate) fn deprecated(annotations: &[Annotation]) -> TokenStream {
    match annotations
        .iter()
        .find(|annotation| annotation.name == "deprecated")
    {
        None => TokenStream::new(),
        Some(annotation) => match annotation.arguments.first() {
            Some(note) => quote!(#[deprecated(note = #note)]),
            None => quote!(#[deprecated]),
        },
    }
}
