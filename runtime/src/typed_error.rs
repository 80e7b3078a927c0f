//! Errors of applications as types: what a description calls an error, with its members.

mod carried;

use crate::codec::Record;
use crate::error::{Error, ErrorKind, RpcError};

/// An error that a description gives a name: `@error com.example.error.no_such_user NoSuchUser`.
///
/// Generated code implements it: for the structure of that name, whose members are what comes with the error, or for a
/// type without members where there is no such structure. [`Error::downcast`] reads one out of the error of a call; a
/// servant returns one as a [`Fault`](crate::server::Fault), into which each converts.
///
/// ```
/// use xerus_rpc::server::Fault;
/// use xerus_rpc::{Error, TypedError};
///
/// /// As the generator writes it for an error without members.
/// #[derive(Debug, Default, PartialEq)]
/// struct Overflow;
///
/// impl TypedError for Overflow {
///     const NAME: &'static str = "Overflow";
///     const CODES: &'static [&'static str] = &["com.example.error.overflow"];
/// }
///
/// let fault = Fault::from(Overflow);
/// let error = Error::from(fault.error().expect("no return code").clone());
/// assert_eq!(error.downcast::<Overflow>().unwrap(), Overflow);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error of a description",
    label = "no `@error` names this type",
    note = "write `@error CODE NAME` in the comment of a method, with the name of this structure, and generate the code again"
)]
pub trait TypedError: Default {
    /// Its name in the description.
    const NAME: &'static str;

    /// The codes that stand for it: a word or URI first, then a number, or one of the two.
    const CODES: &'static [&'static str];

    /// Its members; `None` for a type that has none.
    #[doc(hidden)]
    fn members(&self) -> Option<&dyn Record> {
        None
    }

    /// The same, to be filled while reading.
    #[doc(hidden)]
    fn members_mut(&mut self) -> Option<&mut dyn Record> {
        None
    }
}

impl Error {
    /// Whether the device answered with one of the codes of an error of the description.
    #[must_use]
    pub fn is<E: TypedError>(&self) -> bool {
        self.as_rpc()
            .is_some_and(|error| carried::is(error, E::CODES))
    }

    /// The error of the description that the device answered with, with what came with it.
    ///
    /// The code decides, over every wire. Members are looked for by name, then in order, as they are over WAMP. One that the
    /// peer left out keeps its default value and is noted in `extra_`, as in every structure; where a peer sends none at all, the error does
    /// not fit.
    ///
    /// # Errors
    ///
    /// The error as it is when its code is another one. When the code is right and what came with it does not fit, the error
    /// with all that came, and with [`RpcError::misfit`], which says which member and why.
    ///
    /// ```
    /// # use xerus_rpc::TypedError;
    /// # #[derive(Default)]
    /// # struct Overflow;
    /// # impl TypedError for Overflow {
    /// #     const NAME: &'static str = "Overflow";
    /// #     const CODES: &'static [&'static str] = &["com.example.error.overflow"];
    /// # }
    /// # use xerus_rpc::Error;
    /// fn or_most(sum: Result<i32, Error>) -> Result<i32, Error> {
    ///     match sum {
    ///         Err(error) => error.downcast::<Overflow>().map(|Overflow| i32::MAX),
    ///         sum => sum,
    ///     }
    /// }
    /// ```
    pub fn downcast<E: TypedError>(&self) -> Result<E, Self> {
        let mut value = E::default();
        match self.read_into(E::CODES, value.members_mut()) {
            Ok(()) => Ok(value),
            Err(error) => Err(error),
        }
    }

    /// Reads what came with the error, if its code is one of these.
    fn read_into(&self, codes: &[&str], members: Option<&mut dyn Record>) -> Result<(), Self> {
        let ErrorKind::Rpc(error) = self.kind() else {
            return Err(self.clone());
        };
        if !carried::is(error, codes) {
            return Err(self.clone());
        }
        let Some(members) = members else {
            return Ok(());
        };
        carried::read(error, members).map_err(|misfit| {
            let misfit = Some(misfit);
            self.clone().with_rpc(|error| RpcError { misfit, ..error })
        })
    }
}
