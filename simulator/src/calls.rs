//! What the objects of a device were asked to do, for the assertions of a test.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// One call that came to an object: sent alone, as a part of a bulk request, or in the same process.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Called {
    /// The resource id of the object: the one that documentation names (`/model/pdu/0/outlet/3`, from 0) if there is one, whatever
    /// the caller used.
    pub rid: String,
    /// The name of the method.
    pub method: String,
    /// Who had logged in.
    pub user: Option<String>,
    /// Where the call came from; `None` in the same process.
    pub peer: Option<SocketAddr>,
    /// What the object answered.
    pub answer: Answered,
    /// Every resource id of the object, those in references too.
    pub(crate) names: Arc<[String]>,
}

/// What an object answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answered {
    /// Results: the call was executed, or refused by a return code. As JSON, `{}` for none.
    Results(String),
    /// An error: the call was not executed.
    Error {
        /// The code of JSON-RPC, `-32601` for an unknown method, say.
        code: i64,
        /// The text.
        message: String,
    },
}

impl Called {
    /// The return value, if the method returns a number: 0 is success where it is a return code.
    #[must_use]
    pub fn code(&self) -> Option<i64> {
        let Answered::Results(results) = &self.answer else {
            return None;
        };
        let results: serde_json::Value = serde_json::from_str(results).ok()?;
        results.get("_ret_")?.as_i64()
    }

    /// Whether there was no error. A return code may still have refused the call, see [`code`](Self::code).
    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(self.answer, Answered::Results(_))
    }
}

/// Calls that came to a device, oldest first; see [`Running::calls`](crate::Running::calls). The filters narrow them down.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use xerus_api::pdumodel::{Outlet, outlet::PowerState};
/// use xerus_sim::Simulator;
///
/// let device = Simulator::builder().outlets(8).in_process();
/// let outlet = Outlet::at(&device.agent(), "/model/outlet/3");
/// outlet.set_power_state(PowerState::PsOff).await?;
///
/// let switched = device.calls().of("setPowerState");
/// assert_eq!(switched.count(), 1);
/// assert_eq!(switched.on("/model/pdu/0/outlet/3").accepted().count(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    calls: Vec<Called>,
    let_go: u64,
}

impl Calls {
    /// Those of this method.
    #[must_use]
    pub fn of(&self, method: &str) -> Self {
        self.filtered(|call| call.method == method)
    }

    /// Those to this object, by any of its resource ids: those that documentation names, or the one in a reference.
    #[must_use]
    pub fn on(&self, rid: &str) -> Self {
        self.filtered(|call| call.names.iter().any(|name| name == rid))
    }

    /// Those of this user.
    #[must_use]
    pub fn by(&self, user: &str) -> Self {
        self.filtered(|call| call.user.as_deref() == Some(user))
    }

    /// Those that were answered without an error, and with 0 if by a number: for methods with a return code, those that were
    /// executed.
    #[must_use]
    pub fn accepted(&self) -> Self {
        self.filtered(|call| call.is_answered() && call.code().is_none_or(|code| code == 0))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.calls.len()
    }

    /// Each of them, oldest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Called> {
        self.calls.iter()
    }

    /// How many earlier calls are not kept any more: a count is exact when this is 0. Make room with
    /// [`record`](crate::SimulatorBuilder::record).
    #[must_use]
    pub fn let_go(&self) -> u64 {
        self.let_go
    }

    fn filtered(&self, of: impl Fn(&Called) -> bool) -> Self {
        Self {
            calls: self.calls.iter().filter(|call| of(call)).cloned().collect(),
            let_go: self.let_go,
        }
    }
}

impl IntoIterator for Calls {
    type Item = Called;
    type IntoIter = std::vec::IntoIter<Called>;

    fn into_iter(self) -> Self::IntoIter {
        self.calls.into_iter()
    }
}

/// The latest calls. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct CallLog {
    keep: usize,
    latest: Arc<Mutex<Latest>>,
}

#[derive(Debug, Default)]
struct Latest {
    calls: VecDeque<Called>,
    let_go: u64,
}

impl CallLog {
    /// Keeps this many; `None` for 0, which costs nothing.
    pub(crate) fn keeping(calls: usize) -> Option<Self> {
        (calls > 0).then(|| Self {
            keep: calls,
            latest: Arc::default(),
        })
    }

    pub(crate) fn note(&self, call: Called) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.calls.len() == self.keep {
            latest.calls.pop_front();
            latest.let_go += 1;
        }
        latest.calls.push_back(call);
    }

    pub(crate) fn latest(&self) -> Calls {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        Calls {
            calls: latest.calls.iter().cloned().collect(),
            let_go: latest.let_go,
        }
    }
}
