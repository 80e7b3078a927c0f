//! Calls that report progress, streams and notifications without `async`.

use futures_util::FutureExt as _;

use super::{Call, CallStream, Polled, PolledCall, ProgressCall};
use crate::agent::Agent;
use crate::agent::blocking::{block_on, block_on_begun};
use crate::codec::Decode;
use crate::error::Error;
use crate::wire::Meta;

impl<T, K> Call<T, K> {
    /// Sends the call as [`notify`](Self::notify) does, and blocks the thread until it has been written. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As [`notify`](Self::notify).
    pub fn notify_blocking(self) -> Result<(), Error> {
        block_on(self.notify())
    }

    /// Sends the call as [`with_meta`](Self::with_meta) does, and blocks the thread until the result is there. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting the call.
    pub fn with_meta_blocking(self) -> Result<(T, Meta), Error> {
        block_on(self.with_meta())
    }
}

impl Agent {
    /// Closes the connections as [`close`](Self::close) does, and blocks the thread until that is done. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// `Config.Unsupported` inside async code; nothing is closed then.
    pub fn close_blocking(&self) -> Result<(), Error> {
        block_on(async {
            self.close().await;
            Ok(())
        })
    }
}

impl<P, T, K> ProgressCall<P, T, K> {
    /// Sends the call, drops its progress, and blocks the thread until the result is there. Not for use inside async code.
    ///
    /// [`stream`](Self::stream) and [`CallStream::next_blocking`] give the progress.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting the call.
    pub fn send_blocking(self) -> Result<T, Error> {
        self.without_progress().send_blocking()
    }
}

impl<P: Decode, T> CallStream<P, T> {
    /// Blocks the thread until the next value is there that the device reports; `None` when the result is. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")]
    /// fn count(call: xerus_rpc::ProgressCall<i32, i32>) -> Result<i32, xerus_rpc::Error> {
    ///     let mut stream = call.stream();
    ///     while let Some(number) = stream.next_blocking() {
    ///         println!("{}", number?);
    ///     }
    ///     stream.finish_blocking()
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and `Config.Unsupported` inside async code: nothing is read then, and of a call that was sent before the
    /// outcome is not known.
    pub fn next_blocking(&mut self) -> Option<Result<P, Error>> {
        let under_way = self.is_under_way();
        let next = async { Ok(self.next().await) };
        match under_way {
            true => block_on_begun(next),
            false => block_on(next),
        }
        .unwrap_or_else(|refused| Some(Err(refused)))
    }

    /// Drops what is reported from now on, and blocks the thread until the result is there. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As [`finish`](Self::finish), and `Config.Unsupported` inside async code: a call that was sent before is given up then, as when the stream is
    /// dropped, and its outcome is not known.
    pub fn finish_blocking(self) -> Result<T, Error> {
        self.finish_with_meta_blocking().map(|(value, _)| value)
    }

    /// The same, with what the wire knows beside the result.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As [`finish_blocking`](Self::finish_blocking).
    pub fn finish_with_meta_blocking(self) -> Result<(T, Meta), Error> {
        if self.is_under_way() {
            return block_on_begun(self.finish_with_meta());
        }
        if self.has_ended() {
            // Nothing is waited for.
            return match self.finish_with_meta().now_or_never() {
                Some(result) => result,
                None => Err(crate::error::ErrorKind::ConnectionLost.into()),
            };
        }
        block_on(self.finish_with_meta())
    }
}

impl<S: 'static, T: Send + 'static, K: 'static> PolledCall<S, T, K> {
    /// Starts the stream, and blocks the thread until it has started. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")]
    /// fn ping(call: xerus_rpc::PolledCall<(), Vec<String>>) -> Result<(), xerus_rpc::Error> {
    ///     let mut ping = call.send_blocking()?;
    ///     while let Some(part) = ping.next_blocking() {
    ///         println!("{}", part?.join("\n"));
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As awaiting the call.
    pub fn send_blocking(self) -> Result<Polled<T>, Error> {
        block_on(self.into_future())
    }
}

impl<T: Send + 'static> Polled<T> {
    /// Blocks the thread until the next fetch has its answer; `None` at the end. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and `Config.Unsupported` inside async code: nothing is fetched then, and the stream goes on.
    pub fn next_blocking(&mut self) -> Option<Result<T, Error>> {
        block_on(async { Ok(self.next().await) }).unwrap_or_else(|refused| Some(Err(refused)))
    }

    /// Stops the stream, and blocks the thread until the device has answered. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As [`stop`](Self::stop), and `Config.Unsupported` inside async code: the stop is sent then as when the stream is dropped, and nobody waits for
    /// the answer.
    pub fn stop_blocking(self) -> Result<(), Error> {
        block_on_begun(self.stop())
    }
}
