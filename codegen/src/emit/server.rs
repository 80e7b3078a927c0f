//! Server traits and dispatchers.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use xerus_idl::model::{Interface, Method, TypeIndex};

use super::code::{Arm, Chain, Code, Field};
use super::ident;
use super::interface::Signature;
use super::method::Tables;
use super::scope::{Scope, deprecated};
use super::types::is_marked;

/// The dispatcher of an interface; the final underscore keeps it apart from the constructors.
fn dispatcher(module: &str) -> String {
    let module = module.strip_prefix("r#").unwrap_or(module);
    format!("dispatch_{}_", module.trim_end_matches('_'))
}

/// The table of methods of an interface.
fn methods_of(module: &str) -> String {
    let module = module.strip_prefix("r#").unwrap_or(module);
    format!("{}_METHODS_", module.trim_end_matches('_').to_uppercase())
}

impl Scope<'_> {
    /// The trait, the constructor of servants and the dispatcher of an interface. This scope is that of
    /// the server module.
    pub(super) fn server(&self, index: TypeIndex, interface: &Interface) -> TokenStream {
        let ty = self.model().ty(index);
        let names = self.plan.names.ty(index);
        let name = ident(&names.name);
        let constructor = ident(&names.module);
        let dispatch = ident(&dispatcher(&names.module));
        let wire_id = &ty.wire_id;
        let trait_docs = self.doc(vec![
            format!("Answers for objects of `{wire_id}`."),
            String::new(),
            "A method that is not overridden answers that it does not exist.".to_owned(),
        ]);
        let deprecated = deprecated(&ty.annotations);
        let supertraits = match interface.base {
            Some(base) => self
                .server_path(base, &self.plan.names.ty(base).name)
                .to_token_stream(),
            None => quote!(::core::marker::Send + ::core::marker::Sync),
        };
        let unused = if interface.methods.is_empty() {
            TokenStream::new()
        } else {
            quote!(#[allow(unused_variables)])
        };
        let methods = interface
            .methods
            .iter()
            .map(|method| self.server_method(index, method));
        let constructor_docs = self.note(&format!("A servant of `{wire_id}`."));
        let registry = self.registry();
        let table = ident(&methods_of(&names.module));
        let table_docs = self.note(&format!("The methods of `{wire_id}`."));
        let list = self.method_list(index, interface);
        // Whatever is before it, it takes several lines.
        let list = self.code(0, 0, 0, &list);
        let dispatch_docs = self.note(&format!(
            "Calls the method of `{wire_id}` that a request names."
        ));
        let body = self.dispatch_body(index, interface);
        quote! {
            #trait_docs
            #deprecated
            #unused
            pub trait #name: #supertraits {
                #(#methods)*
            }
            #constructor_docs
            pub fn #constructor(
                implementation: impl #name + 'static,
            ) -> ::xerus_rpc::server::Servant {
                ::xerus_rpc::server::Servant::new(#wire_id, &#registry, &#table, implementation, #dispatch)
            }
            #table_docs
            pub static #table: ::xerus_rpc::rt::Methods = #list;
            #dispatch_docs
            pub fn #dispatch<'a, I_: #name + ?::core::marker::Sized>(
                target: &'a I_,
                call: &::xerus_rpc::server::Incoming<'a>,
            ) -> ::core::result::Result<::xerus_rpc::server::Answer<'a>, ::xerus_rpc::server::Fault> {
                #body
            }
        }
    }

    /// The table of the methods of an interface.
    fn method_list(&self, index: TypeIndex, interface: &Interface) -> Code {
        let own = interface.methods.iter().map(|method| {
            self.method_literal("::xerus_rpc::rt::Method", index, method, &Tables::NONE)
        });
        let mut fields = vec![Field::new("own", Code::slice(own))];
        if let Some(base) = interface.base {
            let name = methods_of(&self.plan.names.ty(base).module);
            let path = Code::word(format!("&{}", self.server_path(base, &name)));
            fields.push(Field::new("inherited", Code::some(path)));
        }
        fields.push(Field::rest("::xerus_rpc::rt::Methods::PLAIN"));
        Code::structure("::xerus_rpc::rt::Methods", fields)
    }

    fn server_method(&self, owner: TypeIndex, method: &Method) -> TokenStream {
        let Signature { name, answer, .. } = self.signature(owner, method);
        let mut parameters = vec![(ident("context_"), quote!(&'a ::xerus_rpc::server::Context))];
        let marks = &self.plan.facts.method(owner, method).marks;
        for parameter in method.ins() {
            let name = ident(&self.plan.names.parameter(parameter));
            let ty = self.received(&parameter.ty, is_marked(marks, &parameter.name));
            parameters.push((name, ty));
        }
        let docs = self.text(&method.docs);
        let docs = if docs.is_empty() {
            self.note(&format!("Answers `{}`.", method.name))
        } else {
            self.doc(docs)
        };
        let deprecated = deprecated(&method.annotations);
        let answer = quote!(::xerus_rpc::server::Reply<'a, #answer>);
        let parameters = parameters.iter().map(|(name, ty)| quote!(#name: #ty));
        quote! {
            #docs
            #deprecated
            fn #name<'a>(&'a self, #(#parameters),*) -> #answer {
                ::xerus_rpc::server::Reply::unsupported()
            }
        }
    }

    fn dispatch_body(&self, owner: TypeIndex, interface: &Interface) -> TokenStream {
        // What answers when no method matches; it stands behind this word.
        let otherwise = |before: &str| match interface.base {
            Some(base) => {
                let name = dispatcher(&self.plan.names.ty(base).module);
                let path = self.server_path(base, &name);
                let arguments = vec![Code::word("target"), Code::word("call")];
                Code::call(format!("{before}{path}("), arguments)
            }
            None => {
                let fault = Code::word("::xerus_rpc::server::Fault::method_not_found()");
                Code::call(format!("{before}::core::result::Result::Err("), vec![fault])
            }
        };
        if interface.methods.is_empty() {
            let otherwise = self.code(1, 0, 0, &otherwise(""));
            return match interface.base {
                Some(_) => otherwise,
                None => quote! {
                    let _ = (target, call);
                    #otherwise
                },
            };
        }
        let arms = interface
            .methods
            .iter()
            .map(|method| self.dispatch_arm(owner, method));
        let last = Arm {
            pattern: "_".into(),
            body: otherwise("return "),
            end: ";",
        };
        let answer = Code::Match("match call.method()", arms.chain([last]).collect());
        let body = Code::call("::core::result::Result::Ok(", vec![answer]);
        self.code(1, 0, 0, &body)
    }

    fn dispatch_arm(&self, owner: TypeIndex, method: &Method) -> Arm {
        let Signature {
            name,
            outputs,
            coded,
            ..
        } = self.signature(owner, method);
        let mut arguments = vec![Code::word("call.context()")];
        arguments.extend(method.ins().enumerate().map(|(index, parameter)| {
            let place = vec![Code::word(index.to_string()), Code::string(&parameter.name)];
            Code::Chain(Chain {
                receiver: "call",
                calls: vec![("argument".into(), place)],
                end: "?",
            })
        }));
        let (finish, is_named) = match (coded, outputs.as_slice()) {
            (true, [_]) => ("code", false),
            (true, [_, _]) => ("code_and_one", true),
            (true, _) => ("code_and_more", true),
            (false, []) => ("void", false),
            (false, [one]) if one.name == "_ret_" => ("single", false),
            (false, [_]) => ("named", true),
            (false, _) => ("tuple", true),
        };
        let names = is_named.then(|| Code::strings(outputs.iter().map(|output| output.name)));
        Arm {
            pattern: format!("\"{}\"", method.name).into(),
            body: Code::Chain(Chain {
                receiver: "target",
                calls: vec![
                    (name.to_string().into(), arguments),
                    (finish.into(), names.into_iter().collect()),
                ],
                end: "",
            }),
            end: "",
        }
    }

    /// The plain names of the newest version.
    pub(super) fn server_alias(&self, index: TypeIndex) -> TokenStream {
        let names = self.plan.names.ty(index);
        let Some(alias) = &names.alias else {
            return TokenStream::new();
        };
        let pairs: [(Ident, Ident); 4] = [
            (ident(&names.name), ident(&alias.name)),
            (ident(&names.module), ident(&alias.module)),
            (
                ident(&dispatcher(&names.module)),
                ident(&dispatcher(&alias.module)),
            ),
            (
                ident(&methods_of(&names.module)),
                ident(&methods_of(&alias.module)),
            ),
        ];
        let pairs = pairs
            .iter()
            .map(|(name, alias)| quote!(pub use self::#name as #alias;));
        quote!(#(#pairs)*)
    }
}
