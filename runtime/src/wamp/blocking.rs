//! What programs without `async` do with a client.
//!
//! All of it runs on the background thread of blocking calls, which drives the session from then on.

use super::callee::{Callee, CalleeServing};
use super::client::Wamp;
use super::hooks::Joined;
use super::topics::{Delivery, EventServing, Publish, SubscribeOptions, Subscription, Trouble};
use crate::agent::blocking::block_on;
use crate::error::Error;
use crate::server::Servant;

impl Wamp {
    /// Joins the realm as [`join`](Self::join) does, and blocks the thread until there is a session. Not for use inside async code.
    ///
    /// The session is kept up on a thread in the background, and so stays usable from every thread and runtime.
    ///
    /// Needs the feature `blocking`.
    ///
    /// ```no_run
    /// use xerus_rpc::wamp::Wamp;
    ///
    /// fn main() -> Result<(), xerus_rpc::Error> {
    ///     let wamp = Wamp::builder("ws://localhost:18080/ws", "com.example.realm").build()?;
    ///     println!("session {}", wamp.join_blocking()?.session);
    ///     wamp.publish("com.example.started").send_blocking()?;
    ///     wamp.leave_blocking()
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join).
    pub fn join_blocking(&self) -> Result<Joined, Error> {
        block_on(self.join())
    }

    /// Leaves the realm as [`leave`](Self::leave) does, and blocks the thread until that is done. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// `Config.Unsupported` inside async code; the session stays then.
    pub fn leave_blocking(&self) -> Result<(), Error> {
        block_on(async {
            self.leave().await;
            Ok(())
        })
    }

    /// Keeps the session up as [`run`](Self::run) does, and blocks the thread until `until` is done. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run), and `Config.Unsupported` inside async code, with nothing done.
    pub fn run_blocking<F: Future>(&self, until: F) -> Result<(), Error> {
        block_on(self.run(until))
    }

    /// Subscribes as [`subscribe`](Self::subscribe) does, and blocks the thread until that is done. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// ```no_run
    /// # fn example(wamp: xerus_rpc::wamp::Wamp) -> Result<(), xerus_rpc::Error> {
    /// use xerus_rpc::wamp::{Delivery, SubscribeOptions};
    ///
    /// let mut outlets = wamp.subscribe_blocking("com.example.outlet_switched", SubscribeOptions::new())?;
    /// while let Some(delivery) = outlets.next_blocking() {
    ///     if let Delivery::Event(event) = delivery? {
    ///         println!("outlet {}", event.read::<i32>()?);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`subscribe`](Self::subscribe).
    pub fn subscribe_blocking(
        &self,
        topic: impl Into<String>,
        options: SubscribeOptions,
    ) -> Result<Subscription, Error> {
        block_on(self.subscribe(topic, options))
    }

    /// Subscribes as [`subscribe_servant`](Self::subscribe_servant) does, and blocks the thread until that is done. The servant is called on a
    /// thread in the background, which it must not block. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As [`subscribe_servant`](Self::subscribe_servant).
    pub fn subscribe_servant_blocking(
        &self,
        servant: Servant,
        options: SubscribeOptions,
        trouble: impl Fn(Trouble) + Send + Sync + 'static,
    ) -> Result<EventServing, Error> {
        block_on(self.subscribe_servant(servant, options, trouble))
    }
}

impl Subscription {
    /// Blocks the thread until there is something to tell; `None` when nothing comes any more. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and `Config.Unsupported` inside async code: nothing is read then.
    pub fn next_blocking(&mut self) -> Option<Result<Delivery, Error>> {
        block_on(async { Ok(self.next().await) }).unwrap_or_else(|refused| Some(Err(refused)))
    }

    /// Unsubscribes, and blocks the thread until that is done. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// `Config.Unsupported` inside async code. It is unsubscribed from all the same, as when it is dropped.
    pub fn unsubscribe_blocking(self) -> Result<(), Error> {
        block_on(async {
            self.unsubscribe().await;
            Ok(())
        })
    }
}

impl Publish {
    /// Publishes, and blocks the thread until it has been written, or confirmed where that was [asked for](Self::acknowledge). Not for use inside
    /// async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting it.
    pub fn send_blocking(self) -> Result<Option<u64>, Error> {
        block_on(self.into_future())
    }
}

impl Callee {
    /// Registers everything as [`serve`](Self::serve) does, and blocks the thread until that is done. Calls are served on a thread in the
    /// background, which servants must not block: `tokio::task::spawn_blocking` is for what takes long. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As [`serve`](Self::serve).
    pub fn serve_blocking(self, wamp: &Wamp) -> Result<CalleeServing, Error> {
        block_on(self.serve(wamp))
    }
}

impl CalleeServing {
    /// Ends it as [`shutdown`](Self::shutdown) does, and blocks the thread until that is done. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// `Config.Unsupported` inside async code. It is unregistered all the same, as when it is dropped.
    pub fn shutdown_blocking(self) -> Result<(), Error> {
        block_on(async {
            self.shutdown().await;
            Ok(())
        })
    }
}
