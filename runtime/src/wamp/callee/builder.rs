//! How a callee is set up.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::change::Change;
use super::options::RegisterOptions;
use super::procedure::{Handler, Invocation};
use super::serving::CalleeServing;
use super::wanted::{Hook, Setup};
use super::{counters, lane};
use crate::error::Error;
use crate::server::{Context, Fault, Router};
use crate::wamp::caller::{Layout, Objects};
use crate::wamp::client::Wamp;
use crate::wamp::content::Content;
use crate::wire::{Binding, BoxFuture};

/// A router that refuses at once is not asked without a pause.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// Answers calls that a router passes on, from the servants of a [`Router`] or from functions.
///
/// Each method of each object is a procedure. It is named as the client names what it calls: by its binding, with the same prefix; a name
/// that a mark gives wins.
///
/// ```no_run
/// # async fn example(router: xerus_rpc::server::Router) -> Result<(), xerus_rpc::Error> {
/// use xerus_rpc::wamp::{Callee, Content, Invoke, Match, RegisterOptions, Wamp};
///
/// let wamp = Wamp::builder("ws://localhost:18080/ws", "com.example.realm")
///     .prefix("com.example")
///     .build()?;
/// let shared = RegisterOptions::new().with_invoke(Invoke::RoundRobin);
/// let serving = Callee::new(router)
///     .interface("calc.Adder", shared)
///     .module("pdumodel", RegisterOptions::new().with_match(Match::Prefix))
///     .procedure("com.example.echo", RegisterOptions::new(), |call| async move {
///         Ok(Content::new().arg(&call.arguments.args()))
///     })
///     .serve(&wamp)
///     .await?;
/// println!("serving {:?}", serving.uris().collect::<Vec<_>>());
/// // And when the program is to end:
/// serving.shutdown().await;
/// wamp.leave().await;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is registered until it is served"]
pub struct Callee {
    pub(super) router: Router,
    pub(super) binding: Option<Binding>,
    pub(super) layout: Option<Layout>,
    pub(super) objects: Option<Objects>,
    pub(super) options: RegisterOptions,
    pub(super) interfaces: Vec<(String, RegisterOptions)>,
    pub(super) modules: Vec<(String, RegisterOptions)>,
    pub(super) procedures: Vec<(String, RegisterOptions, Arc<Handler>)>,
    context: Context,
    deadline: Option<Duration>,
    grace: Duration,
    finish: bool,
    calls: usize,
    waiting: usize,
    drain: Duration,
    retry: Option<Duration>,
    reclaim: Option<Duration>,
    hook: Option<Arc<Hook>>,
}

impl Callee {
    /// A callee in front of these servants.
    pub fn new(router: Router) -> Self {
        Self {
            router,
            binding: None,
            layout: None,
            objects: None,
            options: RegisterOptions::new(),
            interfaces: Vec::new(),
            modules: Vec::new(),
            procedures: Vec::new(),
            context: Context::new().with_transport("wamp"),
            deadline: None,
            grace: Duration::from_secs(1),
            finish: false,
            calls: 500,
            waiting: 10_000,
            drain: Duration::from_secs(5),
            retry: Some(Duration::from_secs(10)),
            reclaim: None,
            hook: None,
        }
    }

    /// Sets how all is registered for which nothing else is said. Default: exact names, one callee.
    pub fn options(mut self, options: RegisterOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets how the methods of an interface are registered, by its name in the IDL without the version: `pdumodel.Outlet`.
    ///
    /// With [`Match::Prefix`](super::Match::Prefix) it is one registration for all its methods and objects, with [`Match::Wildcard`](super::Match::Wildcard) one for each method and all its
    /// objects, for clients with [`Objects::Part`]. A method whose name is given by a mark and does not fit has a registration of its own.
    pub fn interface(mut self, name: impl Into<String>, options: RegisterOptions) -> Self {
        self.interfaces.push((name.into(), options));
        self
    }

    /// Sets how all interfaces of a module are registered for which nothing else is said: `pdumodel`. With [`Match::Prefix`](super::Match::Prefix) it is one
    /// registration for all of them.
    pub fn module(mut self, name: impl Into<String>, options: RegisterOptions) -> Self {
        self.modules.push((name.into(), options));
        self
    }

    /// Adds a procedure without an interface: a function that gets the arguments as they came.
    pub fn procedure<F, T>(
        mut self,
        uri: impl Into<String>,
        options: RegisterOptions,
        handler: F,
    ) -> Self
    where
        F: Fn(Invocation) -> T + Send + Sync + 'static,
        T: Future<Output = Result<Content, Fault>> + Send + 'static,
    {
        let handler: Arc<Handler> = Arc::new(move |call| {
            let answer: BoxFuture<'static, Result<Content, Fault>> = Box::pin(handler(call));
            answer
        });
        self.procedures.push((uri.into(), options, handler));
        self
    }

    /// Sets how methods are called. Default: as the client has it.
    pub fn binding(mut self, binding: Binding) -> Self {
        self.binding = Some(binding);
        self
    }

    /// Sets how results are laid out: all in order, or the return value in order and all others by name. Arguments are taken either way.
    /// Default: as the client lays out its arguments.
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = Some(layout);
        self
    }

    /// Sets how the object is said that a call is for. Default: as the client says it. With [`Objects::None`] the first object counts that
    /// has a method, by its resource id. With
    /// [`Objects::Argument`] a call reaches objects only that have the method of the interface whose name was called.
    pub fn objects(mut self, objects: Objects) -> Self {
        self.objects = Some(objects);
        self
    }

    /// Sets the context in which servants are called. Who calls is added to it.
    pub fn context(mut self, context: Context) -> Self {
        self.context = context.with_transport("wamp");
        self
    }

    /// Sets the time for a call; a call that takes longer is ended with `wamp.error.timeout`. Default: none but that which the router tells,
    /// where it counts in milliseconds.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets how long a servant may go on whose call was given up, before it is dropped where it waits. Default: 1 s.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Finishes calls whose session was lost, although nobody can be answered. Default: they are given up.
    pub fn finish_when_lost(mut self, finish: bool) -> Self {
        self.finish = finish;
        self
    }

    /// Sets how many calls are worked on at a time, at least 1. Default: 500. Calls begin in the order in which they came.
    pub fn calls(mut self, calls: usize) -> Self {
        self.calls = calls;
        self
    }

    /// Sets how many more calls may wait. Default: 10 000, with arguments of 64 MiB together. Calls beyond are refused with
    /// `wamp.error.unavailable`.
    pub fn waiting(mut self, calls: usize) -> Self {
        self.waiting = calls;
        self
    }

    /// Sets how long `shutdown` waits for calls under way. Default: 5 s.
    pub fn drain(mut self, drain: Duration) -> Self {
        self.drain = drain;
        self
    }

    /// Sets after how long it is tried again when the router refuses on a new session what it took before, twice as long each time, up to
    /// 5 min. Default: 10 s, at least 10 ms. `None` for not before the next session.
    pub fn retry(mut self, pause: Option<Duration>) -> Self {
        self.retry = pause.map(|pause| pause.max(SHORTEST_PAUSE));
        self
    }

    /// Sets after how long it is asked again for what the router took away, at least 10 ms. Default: `None`, for not before the next session: whoever took it
    /// meant that.
    pub fn reclaim(mut self, pause: Option<Duration>) -> Self {
        self.reclaim = pause.map(|pause| pause.max(SHORTEST_PAUSE));
        self
    }

    /// Sets what is told when a registration is made again, refused or taken away. It must not block.
    pub fn on_change(mut self, hook: impl Fn(&Change) + Send + Sync + 'static) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// Registers everything on the session of a client, and serves it from then on. Where there is no session it waits for one as
    /// [`Wamp::join`] does, for a router that is down as long as it takes ([`WampBuilder::on_not_joined`](crate::wamp::WampBuilder::on_not_joined) tells why). On each session after that everything is registered again, before the
    /// client's own hook is called.
    ///
    /// Objects that are put into the router later have procedures only where a pattern fits them that is served already and
    /// [`Objects::Argument`] or their place names them; serve another callee for them.
    ///
    /// # Errors
    ///
    /// Why the router will not let us in; `Config.Unsupported` for a URI that no router takes; what the router says when it refuses a registration. Nothing
    /// is registered then. What takes over from a [detached](CalleeServing::detach) callee is no error when it is refused: it is told to
    /// [`on_change`](Self::on_change) and tried again, as on any session after the first.
    pub async fn serve(self, wamp: &Wamp) -> Result<CalleeServing, Error> {
        let setup = Arc::new(Setup {
            context: self.context.clone(),
            deadline: self.deadline,
            grace: self.grace,
            retry: self.retry,
            reclaim: self.reclaim,
            hook: self.hook.clone(),
            lane: lane::Lane::new(self.calls, self.waiting, self.finish),
            abandoned: AtomicBool::new(false),
            counts: counters::Counts::default(),
        });
        let wanted = self.plan(wamp, &setup)?;
        wamp.join().await?;
        let session = wamp.session().await?;
        let procedures = Arc::clone(wamp.procedures());
        procedures.want(&wanted);
        let serving = CalleeServing {
            _wamp: wamp.clone(),
            procedures,
            setup,
            wanted,
            drain: self.drain,
            is_over: false,
        };
        let all = serving.wanted.iter();
        let all = all.map(|wanted| serving.procedures.register(&session, wanted));
        let all = futures_util::future::join_all(all).await;
        let mut refused = Vec::new();
        for (wanted, registered) in serving.wanted.iter().zip(all) {
            match registered {
                Ok(_) => {}
                // In place of what was detached it is put back as that would have been.
                Err(error) if wanted.is_established() => refused.push((Arc::clone(wanted), error)),
                Err(error) => {
                    // What was registered is taken back.
                    serving.shutdown().await;
                    return Err(error);
                }
            }
        }
        for (wanted, error) in refused {
            serving.procedures.refused(&session, wanted, error);
        }
        for wanted in &serving.wanted {
            wanted.establish();
        }
        // A session that began meanwhile knew nothing of them.
        if let Some(session) = serving.procedures.session_after(&session) {
            let wanted = serving.wanted.clone();
            serving.procedures.restore(&session, wanted).await;
        }
        Ok(serving)
    }
}

impl Default for Callee {
    /// A callee without servants, for procedures that are functions.
    fn default() -> Self {
        Self::new(Router::new())
    }
}

impl fmt::Debug for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let procedures = self.procedures.iter().map(|(uri, ..)| uri);
        f.debug_struct("Callee")
            .field("rids", &self.router)
            .field("interfaces", &self.interfaces)
            .field("modules", &self.modules)
            .field("procedures", &procedures.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
