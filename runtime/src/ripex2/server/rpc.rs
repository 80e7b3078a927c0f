//! One call of `rpc.cgi`.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt as _;

use super::document;
use super::role::Role;
use super::serving::Door;
use crate::json_text::Json;
use crate::method::{Marks, Method};
use crate::ripex2::details::string;
use crate::ripex2::{Details, FaultCode, PUBLIC, forbidden};
use crate::server::names::Names;
use crate::server::{Context, Fault, Incoming, Progress, Router, Servant};
use crate::wire::{Arguments, Binding, BoxFuture, Values};

/// A unit: its servants, and which of them has a method.
pub(super) struct Unit {
    router: Router,
    names: Names,
}

impl Unit {
    pub(super) fn new(router: Router) -> Self {
        Self {
            router,
            names: Names::default(),
        }
    }

    /// # Errors
    ///
    /// The name of a method that two objects have.
    pub(super) fn check(&self) -> io::Result<()> {
        self.names.check(&self.router, &Binding::XERUS)
    }

    /// The object with a method, and the method in the IDL, where that is known.
    fn find(&self, name: &str) -> Option<(Servant, &'static Method)> {
        let known = self.names.known(&self.router, &Binding::XERUS);
        let found = known.find(name).ok()??;
        let servant = found.servant.upgrade()?;
        let method = servant.method(found.method)?;
        Some((servant, method))
    }

    async fn call(
        &self,
        found: Option<&(Servant, &'static Method)>,
        asked: &Asked<'_>,
        context: &Context,
    ) -> Result<Values, Fault> {
        let router = &self.router;
        if let Some((servant, method)) = found {
            let params = &asked.params;
            // For a unit, what is missing is null.
            let missing = method.params.iter().enumerate();
            let missing = missing.filter(|(at, name)| params.get(*at, name).is_none());
            let missing = missing.map(|(_, name)| (Cow::Borrowed(*name), "null"));
            let params = params.clone().with_named(missing.collect());
            let call = Incoming::new(method.name, &params, context);
            return servant.call(&call).await;
        }
        let known = self.names.known(router, &Binding::XERUS);
        known.find(&asked.method)?;
        for rid in &known.unknown {
            let answer = router
                .call(rid, &asked.method, &asked.params, context)
                .await;
            match answer {
                Err(fault) if fault.is_method_not_found() => {}
                answer => return answer,
            }
        }
        Err(FaultCode::MethodNotFound.into())
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.router.fmt(f)
    }
}

/// What a request comes to.
pub(super) enum Outcome {
    Answer(Bytes),
    /// Nobody is logged in, and the method needs somebody.
    NoSession,
}

/// Warnings, while they come.
#[derive(Default)]
struct Warnings(Mutex<Vec<Json>>);

/// The most warnings beside one answer.
const MOST_WARNINGS: usize = 1000;

impl Warnings {
    fn take(&self) -> Vec<Json> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Progress for Warnings {
    fn report(&self, value: Json) -> BoxFuture<'_, Result<(), Fault>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < MOST_WARNINGS {
            all.push(value);
        }
        drop(all);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A request, taken apart.
struct Asked<'a> {
    method: String,
    params: Arguments<'a>,
    raw_params: Option<&'a str>,
    unit: Option<IpAddr>,
}

fn invalid(code: FaultCode, why: impl Into<String>) -> Fault {
    Details::new(code).with_log(why).into()
}

impl<'a> Asked<'a> {
    fn read(body: &'a [u8]) -> Result<Self, Fault> {
        let bad = |why| invalid(FaultCode::InvalidRequest, why);
        let text = std::str::from_utf8(body).map_err(|_| bad("the request is not UTF-8"))?;
        let members = Arguments::parse(text).map_err(|_| bad("the request is no JSON object"))?;
        let get = |name| {
            let value = members.get(usize::MAX, name);
            value.filter(|value| *value != "null")
        };
        let method = get("method").and_then(string);
        let raw_params = get("params");
        let params = match raw_params {
            None => Arguments::none(),
            Some(params) if params.starts_with('{') => {
                Arguments::parse(params).map_err(|_| bad("the parameters cannot be read"))?
            }
            Some(_) => return Err(bad("the parameters are no object")),
        };
        let unit = match get("target") {
            None => None,
            Some(target) => {
                let target = string(target).and_then(|target| target.parse().ok());
                Some(target.ok_or_else(|| bad("the target is no IP address"))?)
            }
        };
        Ok(Self {
            method: method.ok_or_else(|| bad("the method is missing"))?,
            params,
            raw_params,
            unit,
        })
    }
}

/// Serves a request.
pub(super) async fn serve(
    door: &Arc<Door>,
    body: &[u8],
    token: Option<&str>,
    peer: SocketAddr,
) -> Outcome {
    let asked = match Asked::read(body) {
        Ok(asked) => asked,
        Err(fault) => return Outcome::Answer(document::write(Err(fault), &Marks::PLAIN, &[])),
    };
    let unit = match asked.unit {
        None => Ok(&door.local),
        Some(address) => door.others.get(&address).ok_or(FaultCode::RemoteCallError),
    };
    let found = unit.as_ref().ok().and_then(|unit| unit.find(&asked.method));
    let method = found.as_ref().map(|(_, method)| *method);
    let role = method.and_then(|method| method.marks.role);
    let is_public = PUBLIC.contains(&&*asked.method)
        || role.is_some_and(|role| role.eq_ignore_ascii_case("anonymous"));
    let user = token.and_then(|token| door.sessions.user(token));
    if user.is_none() && !is_public {
        return Outcome::NoSession;
    }
    let warnings = Arc::new(Warnings::default());
    let answer = match unit {
        Err(code) => Err(code.into()),
        Ok(unit) => {
            let permitted = is_public || user.as_ref().is_some_and(|(_, has)| may(*has, role));
            let context = Context::new()
                .with_transport("ripex2")
                .with_peer(peer)
                .with_progress(Arc::clone(&warnings) as Arc<dyn Progress>);
            let context = match &user {
                Some((name, _)) => context.with_user(name.clone()),
                None => context,
            };
            match permitted {
                true => call(door, unit, found.as_ref(), &asked, &context).await,
                false => Err(FaultCode::PermissionDenied.into()),
            }
        }
    };
    let marks = method.map_or(&Marks::PLAIN, |method| method.marks);
    let answer = answer.as_ref().map_err(Clone::clone);
    Outcome::Answer(document::write(answer, marks, &warnings.take()))
}

/// Whether a role is enough. A role that is not known is one that nobody but an administrator has.
fn may(has: Role, needs: Option<&str>) -> bool {
    let needs = needs.map(|name| Role::named(name).unwrap_or(Role::Admin));
    needs.is_none_or(|needs| has >= needs)
}

async fn call(
    door: &Door,
    unit: &Unit,
    found: Option<&(Servant, &'static Method)>,
    asked: &Asked<'_>,
    context: &Context,
) -> Result<Values, Fault> {
    if asked.unit.is_some() && found.is_some_and(|(_, method)| method.marks.local) {
        return Err(invalid(
            FaultCode::InvalidRequest,
            "the method works on the unit that is connected only",
        ));
    }
    if let Some(params) = asked.raw_params
        && let Ok(Some(mut error)) = forbidden::find(params)
    {
        error.path.member("params");
        let why = format!("forbidden character at {}", error.path());
        return Err(invalid(FaultCode::InvalidParameter, why));
    }
    let deadline = std::time::Instant::now().checked_add(door.call_time);
    let context = match deadline {
        Some(deadline) => Cow::Owned(context.clone().with_deadline(deadline)),
        None => Cow::Borrowed(context),
    };
    let call = AssertUnwindSafe(unit.call(found, asked, &context)).catch_unwind();
    match tokio::time::timeout(door.call_time, call).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(invalid(FaultCode::ServerError, "the servant panicked")),
        Err(_) => Err(invalid(FaultCode::ServerError, "the call took too long")),
    }
}
