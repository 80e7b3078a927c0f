//! How a wire names methods, lays out values and tells errors.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::request::Request;
use super::values::Values;
use crate::error::{ErrorCode, ErrorMeaning, RpcError};
use crate::method::Method;

/// What stands between the description of a method and the bytes of a wire; chosen at run time, one for each transport
/// and each serving side.
///
/// [`XERUS`](Self::XERUS) is that of the devices: bare method names, everything by name.
#[derive(Clone)]
#[non_exhaustive]
pub struct Binding {
    /// How methods are called. A name that the method's marks give wins over all of these.
    pub names: NameStyle,
    /// How arguments are laid out.
    pub arguments: ArgumentStyle,
    /// How results are laid out.
    pub results: ResultStyle,
    /// What error codes mean, where it is not what JSON-RPC says.
    errors: Option<Arc<ErrorMap>>,
    any_version: bool,
}

type ErrorMap = dyn Fn(&ErrorCode) -> Option<ErrorMeaning> + Send + Sync;

/// How methods are called on a wire.
#[derive(Clone)]
#[non_exhaustive]
pub enum NameStyle {
    /// `setPowerState`
    Bare,
    /// `pdumodel.Outlet.setPowerState`: without the version of the interface.
    Dotted,
    /// What a function makes of it.
    Custom(Arc<dyn Fn(&Method) -> String + Send + Sync>),
}

/// How arguments are laid out on a wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ArgumentStyle {
    /// `{"x":1,"y":2}`
    ByName,
    /// `[1,2]`
    ByPosition,
}

/// How results are laid out on a wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResultStyle {
    /// `{"_ret_":0,"token":"…"}`, also for one result; none is `null`.
    ByName,
    /// `[0,"…"]`, also for one result; none is `[]`.
    ByPosition,
    /// One result stands alone; several are an object by name, none is `{}`.
    Bare,
}

impl Binding {
    /// The binding of Xerus devices.
    pub const XERUS: Self = Self {
        names: NameStyle::Bare,
        arguments: ArgumentStyle::ByName,
        results: ResultStyle::ByName,
        errors: None,
        any_version: false,
    };

    /// Sets how methods are called.
    #[must_use]
    pub fn with_names(mut self, names: NameStyle) -> Self {
        self.names = names;
        self
    }

    /// Sets how arguments are laid out.
    #[must_use]
    pub fn with_arguments(mut self, arguments: ArgumentStyle) -> Self {
        self.arguments = arguments;
        self
    }

    /// Sets how results are laid out.
    #[must_use]
    pub fn with_results(mut self, results: ResultStyle) -> Self {
        self.results = results;
        self
    }

    /// Takes answers whose `jsonrpc` is something else than `"2.0"` for answers all the same, unless reading is
    /// [strict](crate::Settings). One that is missing is accepted in any case. Default: no.
    #[must_use]
    pub fn with_any_version(mut self, accepts: bool) -> Self {
        self.any_version = accepts;
        self
    }

    pub(crate) fn accepts_any_version(&self) -> bool {
        self.any_version
    }

    /// Sets what error codes mean. A code for which the function knows nothing keeps the meaning that JSON-RPC gives it.
    #[must_use]
    pub fn with_errors(
        mut self,
        errors: impl Fn(&ErrorCode) -> Option<ErrorMeaning> + Send + Sync + 'static,
    ) -> Self {
        self.errors = Some(Arc::new(errors));
        self
    }

    /// What a described method is called on this wire.
    #[must_use]
    pub fn method_name(&self, method: &Method) -> Cow<'static, str> {
        match (&method.marks.wire, &self.names) {
            (Some(name), _) => Cow::Borrowed(name),
            (None, NameStyle::Bare) => Cow::Borrowed(method.name),
            (None, NameStyle::Dotted) => {
                Cow::Owned(format!("{}.{}", method.interface_name(), method.name))
            }
            (None, NameStyle::Custom(name)) => Cow::Owned(name(method)),
        }
    }

    /// What the method of a request is called on this wire. The name of a call without bindings is taken as it is.
    #[must_use]
    pub fn name<'r>(&self, request: &'r Request) -> Cow<'r, str> {
        match request.method() {
            Some(method) => self.method_name(method),
            None => Cow::Borrowed(request.name()),
        }
    }

    /// The arguments of a request as one JSON text.
    #[must_use]
    pub fn lay_out_arguments(&self, request: &Request) -> Bytes {
        let mut out = Vec::with_capacity(request.args().by_name().len());
        self.write_arguments(request, &mut out);
        out.into()
    }

    /// The results of a served call as one JSON text: the other direction of [`reply`](Self::reply).
    #[must_use]
    pub fn lay_out_results(&self, values: &Values) -> Bytes {
        let mut out = Vec::with_capacity(values.by_name().len());
        self.write_results(values, &mut out);
        out.into()
    }

    /// Appends the arguments of a request as one JSON text.
    pub(crate) fn write_arguments(&self, request: &Request, out: &mut Vec<u8>) {
        match self.arguments {
            ArgumentStyle::ByName => out.extend_from_slice(request.args().by_name()),
            ArgumentStyle::ByPosition => request.args().write_by_position(out),
        }
    }

    /// Appends the results of a served call as one JSON text.
    pub(crate) fn write_results(&self, values: &Values, out: &mut Vec<u8>) {
        // One of several, beside which the others are left out, keeps its name: the caller knows from the method how many there are.
        match (self.results, values.declared()) {
            (ResultStyle::ByName, 0) => out.extend_from_slice(b"null"),
            (ResultStyle::ByPosition, _) => values.write_by_position(out),
            (ResultStyle::Bare, 1) => {
                let value = values.get(0).unwrap_or("null");
                out.extend_from_slice(value.as_bytes());
            }
            (ResultStyle::ByName | ResultStyle::Bare, _) => {
                out.extend_from_slice(values.by_name());
            }
        }
    }

    /// Adds to an error of the device what its code means on this wire. What the method calls it, the call adds. Where a servant says that it
    /// had begun, the code means nothing more.
    #[must_use]
    pub fn error(&self, mut error: RpcError) -> RpcError {
        if error.is_begun() {
            return error;
        }
        if let Some(meaning) = self.errors.as_ref().and_then(|map| map(&error.code)) {
            error.meaning = Some(meaning);
        }
        error
    }
}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Binding")
            .field("names", &self.names)
            .field("arguments", &self.arguments)
            .field("results", &self.results)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for NameStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bare => "Bare",
            Self::Dotted => "Dotted",
            Self::Custom(_) => "Custom",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::method::Marks;

    static ADD: Method = Method {
        interface: "calc.Adder:2.0.0",
        name: "add",
        params: &["x", "y"],
        results: &["_ret_"],
        ..Method::PLAIN
    };
    static NAMED: Method = Method {
        marks: &Marks {
            wire: Some("com.example.add"),
            ..Marks::PLAIN
        },
        ..ADD
    };

    #[test]
    fn a_name_given_by_a_mark_wins() {
        let dotted = Binding::XERUS.with_names(NameStyle::Dotted);
        let custom = NameStyle::Custom(Arc::new(|method| format!("x_{}", method.name)));
        assert_eq!(Binding::XERUS.method_name(&ADD), "add");
        assert_eq!(dotted.method_name(&ADD), "calc.Adder.add");
        assert_eq!(Binding::XERUS.with_names(custom).method_name(&ADD), "x_add");
        assert_eq!(dotted.method_name(&NAMED), "com.example.add");
    }

    #[test]
    fn an_error_code_has_the_meaning_of_its_wire() {
        let binding = Binding::XERUS.with_errors(|code| {
            (*code == ErrorCode::Uri("wamp.error.no_such_procedure".into()))
                .then_some(ErrorMeaning::MethodNotFound)
        });
        let told =
            |code: &'static str| binding.error(RpcError::new(ErrorCode::Uri(code.into()), ""));
        assert_eq!(
            told("wamp.error.no_such_procedure").meaning,
            Some(ErrorMeaning::MethodNotFound)
        );
        assert_eq!(told("com.example.too_large").meaning, None);
    }
}
