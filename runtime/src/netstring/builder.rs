//! How a transport to Kamailio's kind of servers is set up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::connection::Limits;
use super::member::Plan;
use super::resolve::{Resolve, System};
use super::retry_codes::RetryCodes;
use super::servers::Servers;
use super::source::Source;
use super::srv::ResolveSrv;
use super::transport::Netstring;
use crate::wire::Binding;

/// Sets up a [`Netstring`].
#[must_use]
pub struct NetstringBuilder {
    pub(super) servers: Servers,
    pub(super) resolve_srv: Arc<dyn ResolveSrv>,
    pub(super) min_srv_ttl: Duration,
    pub(super) plan: Plan,
    pub(super) binding: Binding,
    pub(super) retry_codes: RetryCodes,
    pub(super) timeout: Duration,
    pub(super) any_target: bool,
}

impl NetstringBuilder {
    pub(super) fn new(servers: Servers) -> Self {
        #[cfg(feature = "netstring-srv")]
        let resolve_srv = Arc::new(super::srv::Dns::system());
        #[cfg(not(feature = "netstring-srv"))]
        let resolve_srv = Arc::new(super::srv::Nobody);
        Self {
            servers,
            resolve_srv,
            min_srv_ttl: Duration::from_secs(5),
            plan: Plan {
                resolve: Arc::new(System),
                connect: Duration::from_secs(1),
                pause: (Duration::from_millis(200), Duration::from_secs(10)),
                limits: Limits {
                    answer: 16 << 20,
                    write: Duration::from_secs(5),
                    // Each server has a limit of its own.
                    waiting: usize::MAX,
                    silent: 2,
                },
            },
            binding: super::binding(),
            retry_codes: RetryCodes::default(),
            timeout: Duration::from_millis(500),
            any_target: false,
        }
    }

    /// Sets how methods are called and values laid out. Default: [`binding`](super::binding).
    pub fn binding(mut self, binding: Binding) -> Self {
        self.binding = binding;
        self
    }

    /// Sets the time for a whole call made through [`Netstring::agent`]. Default: 500 ms, as in Kamailio.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long connecting to one server may take, all its addresses together. Default: 1 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.plan.connect = timeout;
        self
    }

    /// Sets how long one write may take, of up to 64 KiB or of one frame that is larger, until the connection is given up. Default: 5 s.
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.plan.limits.write = timeout;
        self
    }

    /// Sets after how many calls that were sent and ended at their time, one after the other, without a byte from the server in between and
    /// within 1 s at least, it counts as silent: frozen, say, or without power. Then others take the calls, and one call after each [pause](Self::reconnect) finds out
    /// whether it answers again; a repeatable one spends half of its time on that. Default: 2. 0: never. A server without others to take its calls
    /// never counts as silent.
    pub fn silent_after(mut self, calls: u32) -> Self {
        self.plan.limits.silent = calls;
        self
    }

    /// Sets the pauses before a server that is down is tried again: the first, which is doubled each time, and the longest. Default:
    /// 200 ms and 10 s. The first is at least 1 ms. Pauses vary by a quarter.
    pub fn reconnect(mut self, first: Duration, longest: Duration) -> Self {
        let first = first.max(Duration::from_millis(1));
        self.plan.pause = (first, longest.max(first));
        self
    }

    /// Sets the size of the largest answer, in bytes: 1 to 999 999 999. Default: 16 MiB. A larger one ends the connection.
    pub fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.plan.limits.answer = bytes;
        self
    }

    /// Sets the codes of errors after which a call goes to the next server, be it repeatable or not. Default: none.
    pub fn retry_codes(mut self, codes: RetryCodes) -> Self {
        self.retry_codes = codes;
        self
    }

    /// Sets who looks up addresses. Default: the operating system.
    pub fn resolve(mut self, resolve: impl Resolve) -> Self {
        self.plan.resolve = Arc::new(resolve);
        self
    }

    /// Sets who asks DNS for the SRV records of [names for servers](super::SrvName). Default: `Dns::system()` with the feature
    /// `netstring-srv`; without it nobody does, and calls end with [`DnsError::NoResolver`](super::DnsError::NoResolver).
    pub fn resolve_srv(mut self, resolve: impl ResolveSrv) -> Self {
        self.resolve_srv = Arc::new(resolve);
        self
    }

    /// Sets for how long an answer of DNS is kept at least, whatever its time to live. Default: 5 s. At least 1 s; a day counts for
    /// more than a day.
    pub fn min_srv_ttl(mut self, ttl: Duration) -> Self {
        self.min_srv_ttl = ttl.clamp(Duration::from_secs(1), Duration::from_secs(86_400));
        self
    }

    /// Accepts calls to any object, for servers with one object behind them: this wire names none. Default: only the targets `""` and `/`
    /// are accepted, so that a call does not reach another object than it names.
    pub fn any_target(mut self) -> Self {
        self.any_target = true;
        self
    }

    /// The transport. It connects at the first call, which needs a tokio runtime.
    #[must_use]
    pub fn build(self) -> Netstring {
        Netstring::new(self)
    }
}

impl fmt::Debug for NetstringBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetstringBuilder")
            .field("servers", &Source::name(&self.servers))
            .field("binding", &self.binding)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
