//! Read, change, write back: without losing what the bindings do not know, and without writing over what somebody else
//! changed.

mod all;
mod compare;
mod draft;
mod node;
#[cfg(feature = "serde")]
mod serde_form;
mod unsaid;
mod verdict;

use std::fmt;
use std::future::IntoFuture;

pub use all::{UpdateAll, UpdatedAll, update_all};
use draft::{Draft, Next, Options};
pub use verdict::Verdict;

use crate::call::Call;
use crate::codec::Encode;
use crate::error::Error;
pub use crate::error::{Change, Difference, UpdateError};
use crate::wire::BoxFuture;

type Edit<'a, T, V> = Box<dyn FnOnce(&mut T) -> V + Send + 'a>;
type Write<'a, T, R> = Box<dyn Fn(T) -> Call<R> + Send + 'a>;

/// Reads a value, changes it and writes it back.
///
/// `read` is the call that gives the value, `change` changes it, and `write` makes the call that writes it. What was read
/// goes back whole: members that the bindings do not know go back byte for byte, members that the device left out stay left
/// out unless `change` sets them. The future gives [`Updated`], which says what was changed.
///
/// * **Nothing is written when nothing changed**: the arguments of `write` are compared with those that it would have for
///   the value as it was read.
/// * **A concurrent change is found**: just before writing, the value is read again, and if it is not what it was, nothing
///   is written and the error is [`UpdateError::Conflict`]. Devices have no way to write only if nothing changed, so
///   between this reading and the writing remains the time of one request, in which a change of somebody else goes unseen
///   and is written over.
/// * **Nothing is repeated.** Sent are, in this order: the reading, the reading again and the writing if something changed,
///   and with [`verify`](Update::verify) the reading once more.
///
/// `write` makes a call for the value as it was read as well, which is only looked at: it must do nothing but make the
/// call. `change` may give a `Result`; its error ends the update before anything is written. Such an error type is made
/// `From` [`Error`], and is that of the future.
///
/// A member that the device left out reads as its default value. Setting it to just that cannot be told from leaving it
/// alone, so it is not sent; `value.extra_.set("isSuspended", json)` sends it all the same.
///
/// ```
/// use xerus_rpc::{Agent, Error, Json, update};
///
/// # async fn example(agent: &Agent) -> Result<(), Error> {
/// let updated = update(
///     agent.call("/model/pdu/0", "getSettings", Json::EMPTY_OBJECT),
///     |settings| -> Result<(), Error> {
///         *settings = settings.get().replace("rack-3", "rack-4").parse()?;
///         Ok(())
///     },
///     |settings| agent.call("/model/pdu/0", "setSettings", settings),
/// )
/// .dry_run()
/// .await?;
/// println!("{}", updated.changed);
/// # Ok(())
/// # }
/// ```
///
/// With bindings, `update(outlet.get_settings(), |s| s.name = "db-1".into(), |s| outlet.set_settings(s))`.
///
/// # Errors
///
/// That of `change`; of kind [`Update`](crate::ErrorKind::Update) what [`UpdateError`] lists; those of the calls. The outcome
/// is that of the *update*: not executed for whatever ends it before the writing, that of the writing if that failed (a
/// refusal by code included), executed for what comes after it.
pub fn update<'a, T, K, V, R, L>(
    read: Call<T, K>,
    change: impl FnOnce(&mut T) -> V + Send + 'a,
    write: impl Fn(T) -> Call<R, L> + Send + 'a,
) -> Update<'a, T, R, V>
where
    V: Verdict,
{
    Update {
        read: read.without_kind(),
        change: Box::new(change),
        write: Box::new(move |value| write(value).without_kind()),
        options: Options::default(),
    }
}

/// An update that has not begun; made by [`update()`].
#[must_use = "an update begins when it is awaited"]
pub struct Update<'a, T, R, V = ()> {
    read: Call<T>,
    change: Edit<'a, T, V>,
    write: Write<'a, T, R>,
    options: Options,
}

impl<T, R, V> Update<'_, T, R, V> {
    /// Reads and says what would be changed; writes nothing.
    pub fn dry_run(mut self) -> Self {
        self.options.dry_run = true;
        self
    }

    /// Reads the value once more after writing. When it is not what was written, the error is [`UpdateError::NotKept`],
    /// with the outcome *executed*.
    ///
    /// Secrets are not compared: devices give back none.
    pub fn verify(mut self) -> Self {
        self.options.verify = true;
        self
    }

    /// Permits default values for members that the device left out when it was read.
    ///
    /// Without it the update ends with [`UpdateError::Incomplete`] where such values would be sent: when a structure that the
    /// device left out is set only in part, and when members were left out and `write` does not take the value as a whole.
    pub fn allow_defaults(mut self) -> Self {
        self.options.allow_defaults = true;
        self
    }
}

/// What an update came to.
#[must_use = "it says whether anything was written"]
#[non_exhaustive]
pub struct Updated<T, R = ()> {
    /// What was changed, or would be.
    pub changed: Difference,
    /// Whether it was written: not in a dry run, and not when there was nothing to change.
    pub sent: bool,
    /// Whether it was read back and found to be as written.
    pub verified: bool,
    /// What the writing gave beside its return code.
    pub answer: Option<R>,
    /// The value as it was read.
    pub before: T,
    /// The value as it was written, or would be.
    pub after: T,
}

/// Without the values: they may hold secrets.
impl<T, R> fmt::Debug for Updated<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Updated")
            .field("changed", &self.changed)
            .field("sent", &self.sent)
            .field("verified", &self.verified)
            .finish_non_exhaustive()
    }
}

impl<T, R, V> fmt::Debug for Update<'_, T, R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Update({} on {})", self.read.method(), self.read.rid())
    }
}

impl<'a, T, R, V> Update<'a, T, R, V>
where
    T: Encode + Clone + 'static,
    R: Send + 'static,
    V: Verdict + 'a,
    V::Error: Send,
{
    async fn run(self) -> Result<Updated<T, R>, V::Error> {
        let Self {
            read,
            change,
            write,
            options,
        } = self;
        let value = read.clone().await.map_err(draft::before_writing)?;
        let draft = match Draft::make(value, change, write, &read, options)? {
            Next::Done(updated) => return Ok(updated),
            Next::Write(draft) => draft,
        };
        let again = read.clone().await.map_err(draft::before_writing)?;
        let (call, draft) = draft.confirm(&again)?;
        let answer = call.await.map_err(draft::while_writing)?;
        if !options.verify {
            return Ok(draft.finish(answer));
        }
        let found = read.await.map_err(draft::after_writing)?;
        Ok(draft.verify(answer, &found)?)
    }
}

impl<T, R, V> Update<'_, T, R, V>
where
    T: Encode + Clone + 'static,
    R: Send + 'static,
    V: Verdict<Error = Error>,
{
    /// Does the update and blocks the thread until it is done. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting it.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Updated<T, R>, Error> {
        crate::agent::blocking::block_on(self.run())
    }
}

impl<'a, T, R, V> IntoFuture for Update<'a, T, R, V>
where
    T: Encode + Clone + 'static,
    R: Send + 'static,
    V: Verdict + 'a,
    V::Error: Send,
{
    type Output = Result<Updated<T, R>, V::Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
