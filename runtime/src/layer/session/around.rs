//! Calls in a session.

use std::fmt;
use std::sync::Arc;

use futures_util::{StreamExt, stream};

use super::keeper::{Access, Keeper, is_unauthorized};
use super::password::is_change;
use super::time::Time;
use crate::error::Error;
use crate::wire::{
    BoxFuture, BoxStream, Credentials, DownloadRequest, IncomingFile, Item, Layer, Reply, Request,
    Transport, UploadAnswer, UploadRequest,
};

/// Sends calls with the token of a session.
pub(super) struct InSession {
    inner: Arc<dyn Transport>,
    keeper: Arc<Keeper>,
}

impl InSession {
    pub(super) fn new(inner: Arc<dyn Transport>, keeper: Arc<Keeper>) -> Self {
        Self { inner, keeper }
    }

    /// Refuses a wire on which nobody can be anybody.
    fn check(&self) -> Result<(), Error> {
        if self.inner.capabilities().login {
            return Ok(());
        }
        Err(Error::unsupported(
            "this wire has no users, and so no sessions; take Sessions away from its agent",
        ))
    }

    /// Sends something with the token of the session, and once more in a new session when the device refuses the token.
    async fn send<'s, T>(
        &self,
        time: Time,
        send: &(dyn Fn(Credentials) -> BoxFuture<'s, Result<T, Error>> + Sync),
    ) -> Result<T, Error> {
        self.check()?;
        let access = self.keeper.access(time).await?;
        let result = self.note(&access, send(access.credentials()).await);
        let (Access::Session(session), Err(refusal)) = (&access, &result) else {
            return result;
        };
        if !is_unauthorized(refusal) {
            return result;
        }
        match self.keeper.again(session, time).await? {
            Some(access) => self.note(&access, send(access.credentials()).await),
            // The device was asked, and knows the session.
            None if session.is_proven() => result.map_err(Error::of_known_user),
            None => result,
        }
    }

    /// Notes that the device accepted the token.
    fn note<T>(&self, access: &Access, result: Result<T, Error>) -> Result<T, Error> {
        let accepted = match &result {
            Ok(_) => true,
            Err(error) => error.is_object_not_found() || error.is_permission_denied(),
        };
        if let Access::Session(session) = access
            && accepted
        {
            self.keeper.prove(session);
        }
        result
    }

    /// The first item of a stream, and the rest of it.
    async fn begin(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        let time = Time::new(Some(request.timeout()));
        let begin = |user| {
            let stream = Arc::clone(&self.inner).stream(in_time(&request, user, time));
            Box::pin(async move {
                let mut stream = stream;
                match stream.next().await {
                    Some(Ok(first)) => Ok(Some((first, stream))),
                    Some(Err(error)) => Err(error),
                    None => Ok(None),
                }
            }) as BoxFuture<'_, _>
        };
        match self.send(time, &begin).await {
            Ok(Some((first, rest))) => Box::pin(stream::iter([Ok(first)]).chain(rest)),
            Ok(None) => Box::pin(stream::empty()),
            Err(error) => Box::pin(stream::iter([Err(error)])),
        }
    }
}

/// A request as this user, in the time that is left.
fn in_time(request: &Request, user: Credentials, time: Time) -> Request {
    let left = time.left().unwrap_or_else(|| request.timeout());
    request.clone().with_timeout(left).with_credentials(user)
}

impl Layer for InSession {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.inner
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        if let Some(user) = request.credentials() {
            if !is_change(request) {
                return self.inner.call(request);
            }
            return Box::pin(async move {
                let reply = self.inner.call(request).await;
                // The old password was wrong: it is no better for a login.
                if reply.as_ref().is_err_and(is_unauthorized) {
                    self.keeper.note_refused(user);
                }
                reply
            });
        }
        Box::pin(async move {
            let limit = request.timeout();
            let time = Time::new(Some(limit));
            let call = |user| {
                let request = in_time(request, user, time);
                Box::pin(async move {
                    let reply = self.inner.call(&request).await;
                    reply.map_err(|error| error.with_whole_limit(request.timeout(), limit))
                }) as BoxFuture<'_, _>
            };
            let reply: Result<Reply, Error> = self.send(time, &call).await;
            // The time in which a session was opened belongs to the call.
            Ok(reply?.with_elapsed(time.elapsed()))
        })
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        if request.credentials().is_some() {
            return self.inner.notify(request);
        }
        Box::pin(async move {
            let limit = request.timeout();
            let time = Time::new(Some(limit));
            let notify = |user| {
                let request = in_time(request, user, time);
                Box::pin(async move {
                    let sent = self.inner.notify(&request).await;
                    sent.map_err(|error| error.with_whole_limit(request.timeout(), limit))
                }) as BoxFuture<'_, _>
            };
            self.send(time, &notify).await
        })
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        if request.credentials().is_some() {
            return Arc::clone(&self.inner).stream(request);
        }
        Box::pin(stream::once(self.begin(request)).flatten())
    }

    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        if request.credentials().is_some() {
            return self.inner.download(request);
        }
        Box::pin(async move {
            let time = Time::new(request.timeout());
            self.send(time, &|user| {
                self.inner.download(request.clone().with_credentials(user))
            })
            .await
        })
    }

    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        if request.credentials().is_some() {
            return self.inner.upload(request);
        }
        Box::pin(async move {
            self.check()?;
            // It can be sent only once.
            let access = self.keeper.sure(Time::new(request.timeout())).await?;
            let request = request.with_credentials(access.credentials());
            self.note(&access, self.inner.upload(request).await)
        })
    }

    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            self.check()?;
            self.keeper.login(credentials).await
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.keeper.close().await;
            self.inner.close().await;
        })
    }
}

impl fmt::Debug for InSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InSession")
            .field("origin", &self.inner.origin())
            .finish_non_exhaustive()
    }
}
