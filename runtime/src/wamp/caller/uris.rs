//! The URIs of procedures: each is made of its method once, and checked once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::Error;
use crate::method::Method;
use crate::wamp::error::bad_uri;
use crate::wamp::uri;

/// A URI that may be sent.
#[derive(Clone, Debug)]
pub(super) enum Uri<'r> {
    /// As the description or the call has it.
    Given(&'r str),
    /// Made of the names of a method.
    Made(Arc<str>),
}

impl<'r> Uri<'r> {
    /// # Errors
    ///
    /// That a router would end the session for it.
    pub(super) fn new(uri: Cow<'r, str>) -> Result<Self, Error> {
        uri::check(&uri).map_err(|why| bad_uri(&uri, why))?;
        Ok(match uri {
            Cow::Borrowed(uri) => Self::Given(uri),
            Cow::Owned(uri) => Self::Made(uri.into()),
        })
    }
}

impl Deref for Uri<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Given(uri) => uri,
            Self::Made(uri) => uri,
        }
    }
}

/// The URIs of the methods that were called.
#[derive(Debug, Default)]
pub(in crate::wamp) struct Uris(RwLock<HashMap<usize, Uri<'static>>>);

impl Uris {
    /// The URI of this method, which `make` makes at the first call. Methods live as long as the program, so that their places in memory
    /// tell them apart, and there are no more of them than bindings have.
    pub(super) fn of(
        &self,
        method: &'static Method,
        make: impl FnOnce() -> Cow<'static, str>,
    ) -> Result<Uri<'static>, Error> {
        let place = std::ptr::from_ref(method).addr();
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(uri) = known.get(&place) {
            return Ok(uri.clone());
        }
        drop(known);
        let uri = Uri::new(make())?;
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(place, uri.clone());
        Ok(uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static ADD: Method = Method::new("calc.Adder", "add", &[], &[]);
    static SUB: Method = Method::new("calc.Adder", "sub", &[], &[]);

    #[test]
    fn a_uri_is_made_once_and_a_bad_one_each_time() {
        let uris = Uris::default();
        for _ in 0..2 {
            let error = uris.of(&ADD, || "a b".into()).expect_err("a bad URI");
            assert!(error.to_string().contains("blank"), "{error}");
        }
        for made in ["calc.add", "another"] {
            let uri = uris.of(&ADD, || made.to_owned().into());
            assert_eq!(&*uri.expect("a URI"), "calc.add");
        }
        assert_eq!(
            &*uris.of(&SUB, || "calc.sub".into()).expect("a URI"),
            "calc.sub"
        );
    }
}
