//! Methods that begin something which other methods go on with: `@action` and `@stream`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use xerus_idl::model::{Method, TypeIndex, TypeRef};
use xerus_idl::syntax::Builtin;

use super::code::Code;
use super::scope::Scope;
use super::types::is_marked;

/// What goes on with what a method begins: the runtime's function that joins them, and the methods.
pub(super) struct Followed {
    /// The type that the generated method returns, without its parameters.
    kind: TokenStream,
    /// What the last call, or each, answers.
    result: TokenStream,
    join: &'static str,
    /// Paths of the methods.
    methods: Vec<String>,
}

impl Followed {
    /// What the generated method returns.
    pub(super) fn returned(&self, answer: &TokenStream) -> TokenStream {
        let (kind, result) = (&self.kind, &self.result);
        quote!(#kind<#answer, #result>)
    }

    /// The call, joined to the methods.
    pub(super) fn call(&self, call: Code) -> Code {
        let methods = self.methods.iter().map(|path| Code::word(path.clone()));
        Code::call(self.join, [call].into_iter().chain(methods).collect())
    }
}

/// What is given to a method that goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Nothing,
    Id,
}

impl Scope<'_> {
    /// What goes on with what a method begins. `None` where the methods do not fit together, so that the program has to ask: a start with a
    /// return code or with progress, an action that does not say when to ask, methods that take more than an id.
    pub(super) fn followed(&self, owner: TypeIndex, method: &Method) -> Option<Followed> {
        let facts = self.plan.facts.method(owner, method);
        if facts.codes.is_some() || facts.types.progress.is_some() {
            return None;
        }
        if let Some(action) = &facts.marks.action {
            action.poll.as_ref()?;
            let (path, given, result) = self.next(owner, &action.check)?;
            let join = match given {
                Given::Nothing => "::xerus_rpc::rt::action(",
                Given::Id => "::xerus_rpc::rt::action_by_id(",
            };
            return Some(Followed {
                kind: quote!(::xerus_rpc::ActionCall),
                result,
                join,
                methods: vec![path],
            });
        }
        let stream = facts.marks.stream.as_ref()?;
        let (poll, polled, result) = self.next(owner, &stream.poll)?;
        let (stop, stopped, _) = self.next(owner, &stream.stop)?;
        (polled == Given::Id && stopped == Given::Id).then(|| Followed {
            kind: quote!(::xerus_rpc::PolledCall),
            result,
            join: "::xerus_rpc::rt::polled(",
            methods: vec![poll, stop],
        })
    }

    /// A method that goes on: its path, what it is given, and what it answers.
    fn next(&self, owner: TypeIndex, name: &str) -> Option<(String, Given, TokenStream)> {
        let methods = self.model().all_methods(owner);
        let (at, method) = methods
            .into_iter()
            .find(|(_, method)| method.name == name)?;
        let facts = self.plan.facts.method(at, method);
        let marks = &facts.marks;
        if facts.types.progress.is_some() || marks.action.is_some() || marks.stream.is_some() {
            return None;
        }
        let mut ins = method.ins();
        let text = TypeRef::Builtin(Builtin::String);
        let given = match (ins.next(), ins.next()) {
            (None, _) => Given::Nothing,
            (Some(id), None)
                if *self.model().unaliased(&id.ty) == text && !is_marked(marks, &id.name) =>
            {
                Given::Id
            }
            _ => return None,
        };
        let signature = self.signature(at, method);
        let of = match at == owner {
            true => "Self".to_owned(),
            false => compact(&self.type_path(at).to_token_stream()),
        };
        Some((format!("{of}::{}", signature.name), given, signature.answer))
    }
}

/// A path without blanks.
fn compact(path: &TokenStream) -> String {
    path.to_string().replace(' ', "")
}
