use std::cell::RefCell;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use xerus_idl::model::{Annotation, Model, Type, TypeIndex};

use super::docs;
use crate::facts::Facts;
use crate::features::Features;
use crate::names::table::Names;
use crate::options::Options;
use crate::overrides::Overrides;
use crate::runtime_path::RuntimePath;
use crate::rust_path::RustPath;
use crate::select::Selection;
use crate::well_known::WellKnown;

/// Everything that decides what is emitted. Shared by all threads.
pub(crate) struct Context<'a> {
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

/// Where documentation goes: into attributes, or into a table that the writer of text expands. The
/// latter spares parsing and formatting some thirty thousand attributes.
pub(crate) enum DocTable {
    Attributes,
    Numbered(RefCell<Vec<Vec<String>>>),
}

/// The first character of a doc attribute that stands for an entry of the table.
pub(crate) const DOC_MARK: char = '\u{1}';

/// A place in the generated code, and what is needed to emit items there.
#[derive(Clone)]
pub(crate) struct Scope<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) docs: &'a DocTable,
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
        self.context.model
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
        let names = self.context.names.ty(index);
        match self.context.selection.external(index) {
            Some(external) => external.path(&names.place, &names.name),
            None => self.path(&names.place, &names.name),
        }
    }

    /// The path from here to the server trait of an interface, or to a function beside it.
    pub(crate) fn server_path(&self, index: TypeIndex, name: &str) -> RustPath {
        let place = server_place(&self.context.names.ty(index).place);
        match self.context.selection.external(index) {
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
        match self.docs {
            DocTable::Attributes => doc_attributes(&lines),
            DocTable::Numbered(table) => {
                let mut table = table.borrow_mut();
                let mark = Literal::string(&format!("{DOC_MARK}{}", table.len()));
                table.push(lines);
                quote!(#[doc = #mark])
            }
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
        if self.context.options.docs {
            docs::lines(docs)
        } else {
            Vec::new()
        }
    }

    /// Derives and attributes that the user adds to a type.
    pub(crate) fn extras(&self, index: TypeIndex) -> TokenStream {
        let mut tokens = TokenStream::new();
        for attribute in self.context.overrides.ty(index) {
            tokens.extend(attribute.parse::<TokenStream>().unwrap_or_default());
        }
        tokens
    }

    /// Attributes that the user adds to a field or enumerator.
    pub(crate) fn member_extras(&self, index: TypeIndex, member: &str) -> TokenStream {
        let mut tokens = TokenStream::new();
        for attribute in self.context.overrides.member(index, member) {
            tokens.extend(attribute.parse::<TokenStream>().unwrap_or_default());
        }
        tokens
    }
}

/// Lines of documentation as attributes.
pub(crate) fn doc_attributes(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        Literal::string(&line)
    });
    quote!(#(#[doc = #lines])*)
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
