//! Proxies.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use xerus_idl::model::{Constant, Interface, Method, Type, TypeIndex};

use super::context::{Scope, deprecated};
use super::lines::{END, Lines};
use super::registry::version_tokens;
use super::types::{Output, is_complex, outputs};
use super::{Part, ident, strings};
use crate::names;

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

/// The most parameters that clippy accepts beside `self`.
const MOST_PARAMETERS: usize = 6;

/// What a method's signature and body are made of, for proxy and server alike.
pub(super) struct Signature<'m> {
    pub(super) name: Ident,
    pub(super) outputs: Vec<Output<'m>>,
    pub(super) answer: TokenStream,
}

impl Scope<'_> {
    /// The proxy of an interface.
    pub(super) fn interface(&self, index: TypeIndex, interface: &Interface) -> Vec<Part> {
        let ty = self.model().ty(index);
        let name = ident(&self.context.names.ty(index).name);
        let is_split = self.is_split(index, interface);
        let mut docs = self.type_docs(ty);
        if is_split {
            docs.push(self.methods_note(index));
        }
        let docs = self.doc(docs);
        let (allow, extras) = (self.allow_suffix(index), self.extras(index));
        let deprecated = deprecated(&ty.annotations);
        let base = match interface.base {
            Some(base) => self.type_path(base).to_token_stream(),
            None => quote!(::xerus_rpc::Object),
        };
        let wire_id = &ty.wire_id;
        let version = version_tokens(ty.version.major, ty.version.submajor, ty.version.minor);
        let constants = interface
            .constants
            .iter()
            .filter(|_| !is_split)
            .map(|constant| self.constant(constant));
        let methods = interface
            .methods
            .iter()
            .filter(|_| !is_split)
            .map(|method| self.proxy_method(ty, method));
        let constructors = (!is_split).then(|| self.constructors(index));
        let id_docs = self.note("Wire id of this version of the interface.");
        let version_docs = self.note("Version of the interface.");
        let at_docs = self.note("A proxy for the object with this resource id; nothing is sent.");
        let declaration = quote! {
            #docs
            #deprecated
            #allow
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            #extras
            pub struct #name(#base);
            impl #name {
                #id_docs
                pub const TYPE_ID: &'static str = #wire_id;
                #version_docs
                pub const VERSION: ::xerus_rpc::Version = #version;
                #(#constants)*
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
        let ty = self.model().ty(index);
        let name = ident(&self.context.names.ty(index).name);
        let constants = interface
            .constants
            .iter()
            .map(|constant| self.constant(constant));
        let methods = interface
            .methods
            .iter()
            .map(|method| self.proxy_method(ty, method));
        let constructors = self.constructors(index);
        quote! {
            impl #name {
                #(#constants)*
                #(#methods)*
                #constructors
            }
        }
    }

    fn interface_traits(&self, index: TypeIndex, interface: &Interface) -> Part {
        let name = &self.context.names.ty(index).name;
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
        let name = ident(&names::constant(&constant.name));
        let docs = self.member_docs(&constant.docs, &format!("Constant `{}`.", constant.name));
        let deprecated = deprecated(&constant.annotations);
        let ty = self.element(&constant.ty);
        let value = proc_macro2::Literal::i64_unsuffixed(constant.value);
        quote!(#docs #deprecated pub const #name: #ty = #value;)
    }

    fn proxy_method(&self, owner: &Type, method: &Method) -> TokenStream {
        let Signature {
            name,
            outputs,
            answer,
            ..
        } = self.signature(method);
        let mut parameters = Vec::new();
        let mut partial = TokenStream::new();
        let mut arguments = Vec::new();
        for parameter in method.ins() {
            let argument = self.argument(&parameter.ty);
            let (name, ty) = (ident(&names::field(&parameter.name)), argument.ty);
            parameters.push((name.clone(), ty));
            if let Some(form) = argument.partial {
                partial.extend(quote!(let #name: #form = ::core::convert::Into::into(#name);));
            }
            arguments.push(name);
        }
        let docs = self.doc(self.method_docs(method, &outputs));
        let deprecated = deprecated(&method.annotations);
        let answer = quote!(::xerus_rpc::Call<#answer>);
        let allow = self.allow(&name, &parameters, &answer);
        let parameters = parameters.iter().map(|(name, ty)| quote!(#name: #ty));
        let (wire_id, wire_name) = (&owner.wire_id, &method.name);
        let sent = strings(method.ins().map(|parameter| parameter.name.as_str()));
        let received = strings(outputs.iter().map(|output| output.name));
        let send = match outputs.len() {
            0 => quote!(void),
            1 => quote!(single),
            _ => quote!(tuple),
        };
        quote! {
            #docs
            #deprecated
            #allow
            pub fn #name(&self, #(#parameters),*) -> #answer {
                #partial
                ::xerus_rpc::rt::#send(
                    &self.0,
                    &::xerus_rpc::Method {
                        interface: #wire_id,
                        name: #wire_name,
                        params: #sent,
                        results: #received,
                    },
                    &[#(&#arguments),*],
                )
            }
        }
    }

    /// What proxy and server method share.
    pub(super) fn signature<'m>(&self, method: &'m Method) -> Signature<'m> {
        let outputs = outputs(method);
        let answer = self.answer(&outputs);
        Signature {
            name: ident(&names::method(&method.name)),
            outputs,
            answer,
        }
    }

    /// The text of the IDL, and what goes over the wire.
    fn method_docs(&self, method: &Method, outputs: &[Output<'_>]) -> Vec<String> {
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
            ["return value"] => "the answer is the return value".to_owned(),
            [one] => format!("the answer is `{one}`"),
            ["return value", rest @ ..] => {
                format!("the answer is the return value, {}", list(rest.to_vec()))
            }
            _ => format!("the answer is {}", list(results)),
        };
        lines.push(format!("{sends}; {answers}."));
        lines
    }

    /// Lints that the shape or name of an IDL method cannot satisfy.
    pub(super) fn allow(
        &self,
        name: &Ident,
        parameters: &[(Ident, TokenStream)],
        answer: &TokenStream,
    ) -> TokenStream {
        let name = name.to_string();
        let mut lints = Vec::new();
        if parameters.len() > MOST_PARAMETERS {
            lints.push(quote!(clippy::too_many_arguments));
        }
        if parameters
            .iter()
            .map(|(_, ty)| ty)
            .chain([answer])
            .any(is_complex)
        {
            lints.push(quote!(clippy::type_complexity));
        }
        if name == "index" && parameters.len() == 1 {
            lints.push(quote!(clippy::should_implement_trait));
        }
        if name == "new" {
            lints.push(quote!(clippy::new_ret_no_self));
        }
        let telling = ["from_", "into_"]
            .iter()
            .any(|start| name.starts_with(start))
            || (name.ends_with("_mut") && (name.starts_with("as_") || name.starts_with("to_")));
        if telling || name == "new" {
            lints.push(quote!(clippy::wrong_self_convention));
        }
        match lints.as_slice() {
            [] => TokenStream::new(),
            lints => quote!(#[allow(#(#lints),*)]),
        }
    }
}
