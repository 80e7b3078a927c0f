//! Many updates of one device, in few requests.

use std::collections::HashMap;
use std::fmt;
use std::future::IntoFuture;
use std::ops::Deref;

use super::draft::{self, Draft, Next, Options};
use super::{Update, Updated, Verdict};
use crate::agent::Agent;
use crate::call::Call;
use crate::codec::Encode;
use crate::error::Error;
use crate::wire::BoxFuture;

/// Does many [updates](super::update()) of one device in few requests: all readings in one bulk, all readings again in one,
/// all writings in one, and what is to be verified in one more.
///
/// One that fails leaves the others intact, as calls of a [bulk](Agent::bulk) do. The closures must be of one type, which those made in
/// a loop are. Updates of the same value (the same reading) are done one after the other, so none undoes another.
///
/// ```no_run
/// # use xerus_rpc::{Agent, Call, Checked, Error, Json};
/// # trait Outlet: Sync {
/// #     fn get_label(&self) -> Call<String>;
/// #     fn set_label(&self, label: &str) -> Call<(), Checked>;
/// # }
/// # async fn example(agent: &Agent, outlets: &[impl Outlet]) -> Result<(), Error> {
/// use xerus_rpc::{update, update_all};
///
/// let updates = outlets.iter().enumerate().map(|(index, outlet)| {
///     update(
///         outlet.get_label(),
///         move |label| *label = format!("db-{index}"),
///         |label| outlet.set_label(&label),
///     )
/// });
/// for updated in update_all(agent, updates).await {
///     match updated {
///         Ok(updated) => println!("{}", updated.changed),
///         Err(error) => println!("{error}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Each update has its own, as [`update`](super::update()); one of another agent has `Bulk.ForeignAgent`. A request that
/// fails as a whole is the error of each update that had a part in it.
pub fn update_all<'a, T, R, V>(
    agent: &Agent,
    updates: impl IntoIterator<Item = Update<'a, T, R, V>>,
) -> UpdateAll<'a, T, R, V> {
    UpdateAll {
        agent: agent.clone(),
        updates: updates.into_iter().collect(),
    }
}

/// Updates that have not begun; made by [`update_all`].
#[must_use = "updates begin when they are awaited"]
pub struct UpdateAll<'a, T, R, V = ()> {
    agent: Agent,
    updates: Vec<Update<'a, T, R, V>>,
}

impl<T, R, V> UpdateAll<'_, T, R, V> {
    /// As [`Update::dry_run`], for all.
    pub fn dry_run(self) -> Self {
        self.with(|options| options.dry_run = true)
    }

    /// As [`Update::verify`], for all.
    pub fn verify(self) -> Self {
        self.with(|options| options.verify = true)
    }

    /// As [`Update::allow_defaults`], for all.
    pub fn allow_defaults(self) -> Self {
        self.with(|options| options.allow_defaults = true)
    }

    fn with(mut self, set: impl Fn(&mut Options)) -> Self {
        for update in &mut self.updates {
            set(&mut update.options);
        }
        self
    }
}

/// What many updates came to, in their order.
#[must_use = "a result that nobody looks at may be a refusal"]
#[derive(Debug)]
pub struct UpdatedAll<T, R = (), E = Error>(Vec<Result<Updated<T, R>, E>>);

impl<T, R, E> UpdatedAll<T, R, E> {
    /// All of them, or the first error.
    ///
    /// # Errors
    ///
    /// That of the first update that failed. The others were done all the same.
    pub fn all(self) -> Result<Vec<Updated<T, R>>, E> {
        self.0.into_iter().collect()
    }

    /// The results as a vector.
    #[must_use = "a result that nobody looks at may be a refusal"]
    pub fn into_vec(self) -> Vec<Result<Updated<T, R>, E>> {
        self.0
    }
}

impl<T, R, E> Deref for UpdatedAll<T, R, E> {
    type Target = [Result<Updated<T, R>, E>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T, R, E> IntoIterator for UpdatedAll<T, R, E> {
    type Item = Result<Updated<T, R>, E>;
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

type Results<T, R, E> = Vec<Option<Result<Updated<T, R>, E>>>;

impl<'a, T, R, V> UpdateAll<'a, T, R, V>
where
    T: Encode + Clone + 'static,
    R: Send + 'static,
    V: Verdict + 'a,
    V::Error: Send,
{
    async fn run(self) -> UpdatedAll<T, R, V::Error> {
        let Self { agent, updates } = self;
        let mut results: Results<T, R, V::Error> = Vec::new();
        results.resize_with(updates.len(), || None);
        for pass in passes(updates) {
            run_pass(&agent, pass, &mut results).await;
        }
        // Each update put its result in its place.
        UpdatedAll(results.into_iter().flatten().collect())
    }
}

type Numbered<'a, T, R, V> = Vec<(usize, Update<'a, T, R, V>)>;

/// The updates with their places, those that read the same value in different passes.
fn passes<'a, T, R, V>(updates: Vec<Update<'a, T, R, V>>) -> Vec<Numbered<'a, T, R, V>> {
    let mut passes: Vec<Numbered<'a, T, R, V>> = Vec::new();
    let mut seen: HashMap<(String, String, Vec<u8>), usize> = HashMap::new();
    for (place, update) in updates.into_iter().enumerate() {
        let read = &update.read;
        let args = read.args().map(|args| args.by_name().to_vec());
        let value = (
            read.rid().to_owned(),
            read.method().to_owned(),
            args.unwrap_or_default(),
        );
        let before = seen.entry(value).or_default();
        let pass = *before;
        *before += 1;
        match passes.get_mut(pass) {
            Some(pass) => pass.push((place, update)),
            None => passes.push(vec![(place, update)]),
        }
    }
    passes
}

/// A draft, the place of its update, and what its update was asked for.
struct Pending<T, R> {
    place: usize,
    read: Call<T>,
    verify: bool,
    draft: Draft<T, R>,
}

async fn run_pass<T, R, V>(
    agent: &Agent,
    pass: Numbered<'_, T, R, V>,
    results: &mut Results<T, R, V::Error>,
) where
    T: Encode + Clone + 'static,
    R: Send + 'static,
    V: Verdict,
    V::Error: Send,
{
    let mut put = |place: usize, result: Result<Updated<T, R>, V::Error>| {
        if let Some(slot) = results.get_mut(place) {
            *slot = Some(result);
        }
    };

    let reads = pass.iter().map(|(_, update)| update.read.clone()).collect();
    let values = send(agent, reads).await;
    let mut drafts = Vec::new();
    for ((place, update), value) in pass.into_iter().zip(values) {
        let Update {
            read,
            change,
            write,
            options,
        } = update;
        let next = value
            .map_err(|error| draft::before_writing(error).into())
            .and_then(|value| Draft::make(value, change, write, &read, options));
        match next {
            Ok(Next::Write(draft)) => drafts.push(Pending {
                place,
                read,
                verify: options.verify,
                draft: *draft,
            }),
            Ok(Next::Done(updated)) => put(place, Ok(updated)),
            Err(error) => put(place, Err(error)),
        }
    }

    let again = send(agent, drafts.iter().map(|it| it.read.clone()).collect()).await;
    let (mut calls, mut confirmed) = (Vec::new(), Vec::new());
    for (pending, again) in drafts.into_iter().zip(again) {
        let (place, read, verify) = (pending.place, pending.read, pending.verify);
        let draft = again
            .map_err(draft::before_writing)
            .and_then(|again| pending.draft.confirm(&again));
        match draft {
            Ok((call, draft)) => {
                calls.push(call);
                confirmed.push(Pending {
                    place,
                    read,
                    verify,
                    draft,
                });
            }
            Err(error) => put(place, Err(error.into())),
        }
    }

    let answers = send(agent, calls).await;
    let (mut reads, mut written) = (Vec::new(), Vec::new());
    for (pending, answer) in confirmed.into_iter().zip(answers) {
        match answer {
            Ok(answer) if pending.verify => {
                reads.push(pending.read.clone());
                written.push((pending, answer));
            }
            Ok(answer) => put(pending.place, Ok(pending.draft.finish(answer))),
            Err(error) => put(pending.place, Err(draft::while_writing(error).into())),
        }
    }

    let found = send(agent, reads).await;
    for ((pending, answer), found) in written.into_iter().zip(found) {
        let result = found
            .map_err(draft::after_writing)
            .and_then(|found| pending.draft.verify(answer, &found));
        put(pending.place, result.map_err(Into::into));
    }
}

/// A result for each call; a request that failed as a whole is the error of each.
async fn send<T: Send + 'static>(agent: &Agent, calls: Vec<Call<T>>) -> Vec<Result<T, Error>> {
    let copies = calls.clone();
    match agent.bulk(calls).await {
        Ok(results) => results.into_vec(),
        Err(error) => copies
            .iter()
            .map(|call| Err(call.error_inside(&error)))
            .collect(),
    }
}

impl<T, R, V> fmt::Debug for UpdateAll<'_, T, R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UpdateAll({} updates)", self.updates.len())
    }
}

impl<T, R, V> UpdateAll<'_, T, R, V>
where
    T: Encode + Clone + 'static,
    R: Send + 'static,
    V: Verdict,
    V::Error: Send,
{
    /// Does the updates and blocks the thread until they are done. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// When the thread cannot be blocked; the updates have their own.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<UpdatedAll<T, R, V::Error>, Error> {
        crate::agent::blocking::block_on(async { Ok(self.run().await) })
    }
}

impl<'a, T, R, V> IntoFuture for UpdateAll<'a, T, R, V>
where
    T: Encode + Clone + 'static,
    R: Send + 'static,
    V: Verdict + 'a,
    V::Error: Send,
{
    type Output = UpdatedAll<T, R, V::Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
