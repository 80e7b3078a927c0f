//! Proxies.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use xerus_idl::model::{Constant, Interface, Method, TypeIndex};

use super::code::Code;
use super::lines::{END, Lines};
use super::method::Tables;
use super::registry::version_tokens;
use super::scope::{Scope, deprecated};
use super::types::{Output, is_marked, outputs};
use super::{Part, ident};

const DEREF: &str = "    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

";

const INTERFACE: &str = "    const TYPE_ID: &'static str = Self::TYPE_ID;
    const VERSION: ::xerus_rpc::Version = Self::VERSION;
";

const FROM_OBJECT: &str = "
    fn from_object(object: ::xerus_rpc::Object) -> Self {
";

const AS_OBJECT: &str = "    }

    fn as_object(&self) -> &::xerus_rpc::Object {
";

/// What a method's signature and body are made of, for proxy and server alike.
pub(super) struct Signature<'m> {
    pub(super) name: Ident,
    pub(super) outputs: Vec<Output<'m>>,
    /// What comes of a call: of a method with a return code, what it returns beside that.
    pub(super) answer: TokenStream,
    /// Whether the return value is a return code.
    pub(super) coded: bool,
}

impl Scope<'_> {
    /// The proxy of an interface.
    pub(super) fn interface(&self, index: TypeIndex, interface: &Interface) -> Vec<Part> {
        let ty = self.model().ty(index);
        let name = ident(&self.plan.names.ty(index).name);
        let is_split = self.is_split(index, interface);
        let mut docs = self.type_docs(ty);
        if is_split {
            docs.push(self.methods_note(index));
        }
        let docs = self.doc(docs);
        let extras = self.extras(index);
        let deprecated = deprecated(&ty.annotations);
        let base = match interface.base {
            Some(base) => self.type_path(base).to_token_stream(),
            None => quote!(::xerus_rpc::Object),
        };
        let wire_id = &ty.wire_id;
        let version = version_tokens(ty.version.major, ty.version.submajor, ty.version.minor);
        let tables = self.tables(index, interface);
        let constants = interface
            .constants
            .iter()
            .filter(|_| !is_split)
            .map(|constant| self.constant(constant));
        let methods = interface
            .methods
            .iter()
            .filter(|_| !is_split)
            .map(|method| self.proxy_method(index, method, &tables));
        let constructors = (!is_split).then(|| self.constructors(index));
        let codes = (!is_split).then(|| tables.constants(self));
        let id_docs = self.note("Wire id of this version of the interface.");
        let version_docs = self.note("Version of the interface.");
        let at_docs = self.note("A proxy for the object with this resource id; nothing is sent.");
        let declaration = quote! {
            #docs
            #deprecated
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            #extras
            pub struct #name(#base);
            impl #name {
                #id_docs
                pub const TYPE_ID: &'static str = #wire_id;
                #version_docs
                pub const VERSION: ::xerus_rpc::Version = #version;
                #(#constants)*
                #codes
                #at_docs
                #[must_use]
                pub fn at(agent: &::xerus_rpc::Agent, rid: &str) -> Self {
                    ::xerus_rpc::rt::at(agent, rid)
                }
                #(#methods)*
                #constructors
            }
        };
        vec![declaration.into(), self.interface_traits(index, interface)]
    }

    /// The constants, methods and constructors of an interface that has a bare form.
    pub(super) fn methods(&self, index: TypeIndex, interface: &Interface) -> TokenStream {
        let name = ident(&self.plan.names.ty(index).name);
        let tables = self.tables(index, interface);
        let codes = tables.constants(self);
        let constants = interface
            .constants
            .iter()
            .map(|constant| self.constant(constant));
        let methods = interface
            .methods
            .iter()
            .map(|method| self.proxy_method(index, method, &tables));
        let constructors = self.constructors(index);
        quote! {
            impl #name {
                #(#constants)*
                #codes
                #(#methods)*
                #constructors
            }
        }
    }

    fn interface_traits(&self, index: TypeIndex, interface: &Interface) -> Part {
        let name = &self.plan.names.ty(index).name;
        let (base, from_object, as_object) = match interface.base {
            Some(base) => (
                self.type_path(base).to_string(),
                "Self(::xerus_rpc::Interface::from_object(object))",
                "::xerus_rpc::Interface::as_object(&self.0)",
            ),
            None => ("::xerus_rpc::Object".to_owned(), "Self(object)", "&self.0"),
        };
        let mut lines = Lines::new(self.depth());
        lines.implementation("::core::ops::Deref", name);
        lines.line(1, format_args!("type Target = {base};"));
        lines.block(DEREF);
        lines.implementation("::xerus_rpc::Interface", name);
        lines.block(INTERFACE);
        lines.registry(&self.registry());
        lines.block(FROM_OBJECT);
        lines.line(2, format_args!("{from_object}"));
        lines.block(AS_OBJECT);
        lines.line(2, format_args!("{as_object}"));
        lines.block(END);
        lines.codec(
            name,
            "reader.interface()",
            "::xerus_rpc::rt::reference(self)",
        );
        lines.serde("", name);
        self.extends(index, &mut lines);
        Part::Text(lines.finish())
    }

    fn constant(&self, constant: &Constant) -> TokenStream {
        let name = ident(&self.plan.names.constant(constant));
        let docs = self.member_docs(&constant.docs, &format!("Constant `{}`.", constant.name));
        let deprecated = deprecated(&constant.annotations);
        let ty = self.element(&constant.ty);
        let value = proc_macro2::Literal::i64_unsuffixed(constant.value);
        quote!(#docs #deprecated pub const #name: #ty = #value;)
    }

    fn proxy_method(&self, owner: TypeIndex, method: &Method, tables: &Tables<'_>) -> TokenStream {
        let Signature {
            name,
            outputs,
            answer,
            coded,
        } = self.signature(owner, method);
        let mut parameters = Vec::new();
        let mut partial = TokenStream::new();
        let mut arguments = Vec::new();
        let marks = &self.plan.facts.method(owner, method).marks;
        for parameter in method.ins() {
            let argument = self.argument(&parameter.ty, is_marked(marks, &parameter.name));
            let (name, ty) = (ident(&self.plan.names.parameter(parameter)), argument.ty);
            parameters.push((name.clone(), ty));
            if let Some(form) = argument.partial {
                partial.extend(quote!(let #name: #form = ::core::convert::Into::into(#name);));
            }
            arguments.push(name);
        }
        let docs = self.doc(self.method_docs(owner, method, &outputs, coded));
        let deprecated = deprecated(&method.annotations);
        let parameters = parameters.iter().map(|(name, ty)| quote!(#name: #ty));
        let description = self.method_literal("&::xerus_rpc::rt::Method", owner, method, tables);
        let send = match (coded, outputs.len()) {
            (true, _) => "::xerus_rpc::rt::checked(",
            (false, 0) => "::xerus_rpc::rt::void(",
            (false, 1) => "::xerus_rpc::rt::single(",
            (false, _) => "::xerus_rpc::rt::tuple(",
        };
        let arguments = arguments
            .iter()
            .map(|argument| Code::word(format!("&{argument}")));
        let arguments = vec![Code::word("&self.0"), description, Code::slice(arguments)];
        let call = Code::call(send, arguments);
        let (returned, call) = match self.reported(owner, method) {
            Some(reported) => {
                let kind = coded.then(|| quote!(, ::xerus_rpc::Checked));
                (
                    quote!(::xerus_rpc::ProgressCall<#reported, #answer #kind>),
                    Code::call("::xerus_rpc::rt::progress(", vec![call]),
                )
            }
            None if coded => (
                quote!(::xerus_rpc::Call<#answer, ::xerus_rpc::Checked>),
                call,
            ),
            None => (quote!(::xerus_rpc::Call<#answer>), call),
        };
        let (returned, call) = match self.followed(owner, method) {
            Some(followed) => (followed.returned(&answer), followed.call(call)),
            None => (returned, call),
        };
        let call = self.code(2, 0, 0, &call);
        quote! {
            #docs
            #deprecated
            pub fn #name(&self, #(#parameters),*) -> #returned {
                #partial
                #call
            }
        }
    }

    /// What proxy and server method share.
    pub(super) fn signature<'m>(&self, owner: TypeIndex, method: &'m Method) -> Signature<'m> {
        let facts = self.plan.facts.method(owner, method);
        let outputs = outputs(method, &facts.marks);
        let coded = facts.codes.is_some();
        let answer = self.answer(&outputs[usize::from(coded)..]);
        Signature {
            name: ident(&self.plan.names.method(method)),
            outputs,
            answer,
            coded,
        }
    }

    /// The text of the IDL, and what goes over the wire.
    fn method_docs(
        &self,
        owner: TypeIndex,
        method: &Method,
        outputs: &[Output<'_>],
        coded: bool,
    ) -> Vec<String> {
        let list = |names: Vec<&str>| {
            names
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut lines = self.text(&method.docs);
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let ins: Vec<_> = method
            .ins()
            .map(|parameter| parameter.name.as_str())
            .collect();
        let sends = match ins.as_slice() {
            [] => format!("Sends `{}`", method.name),
            _ => format!("Sends `{}` with {}", method.name, list(ins)),
        };
        let results: Vec<_> = outputs
            .iter()
            .map(|output| {
                if output.name == "_ret_" {
                    "return value"
                } else {
                    output.name
                }
            })
            .collect();
        let answers = match results.as_slice() {
            [] => "the answer is empty".to_owned(),
            [_] if coded => "the answer is a return code".to_owned(),
            [_, rest @ ..] if coded => {
                format!("the answer is a return code, {}", list(rest.to_vec()))
            }
            ["return value"] => "the answer is the return value".to_owned(),
            [one] => format!("the answer is `{one}`"),
            ["return value", rest @ ..] => {
                format!("the answer is the return value, {}", list(rest.to_vec()))
            }
            _ => format!("the answer is {}", list(results)),
        };
        lines.push(format!("{sends}; {answers}."));
        lines.extend(self.errors_note(owner, method));
        lines
    }
}
