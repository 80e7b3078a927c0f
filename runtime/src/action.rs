//! Actions that go on after the answer to the call which began them: a firmware update, say.
//!
//! [`Action::start`] sends the call, once. The action is then asked after: not before a delay, with an interval that may grow,
//! and until a time is over, as a [`Plan`] says. The device may be away meanwhile, and forget who is logged in. A [`Ticket`] is
//! text with which another process asks on.
//!
//! ```
//! use xerus_rpc::action::{Action, ActionEvent, Check, Plan};
//! use xerus_rpc::{Agent, Error, Json};
//!
//! # async fn example(agent: &Agent) -> Result<(), Error> {
//! let begin = agent.call("/jobs", "begin", Json::EMPTY_OBJECT);
//! let mut action = Action::start(begin)
//!     .plan(|_begun| Plan::new().id("4711"))
//!     .check(|agent, _ticket| async move {
//!         let answer = agent.call("/jobs", "isOver", Json::EMPTY_OBJECT).await?;
//!         Ok(match answer.get() {
//!             r#"{"_ret_":true}"# => Check::Done(()),
//!             r#"{"_ret_":false}"# => Check::Pending(()),
//!             other => Check::Unknown(other.to_owned()),
//!         })
//!     })
//!     .await?;
//! while let Some(event) = action.next().await {
//!     println!("{}", action.ticket()); // to be kept, for the case that this process ends
//!     if let ActionEvent::End(end) = event {
//!         end?;
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod check;
mod events;
mod failure;
mod pace;
mod plan;
mod start;
mod ticket;
mod typed;
mod watch;

pub use check::Check;
pub use events::ActionEvent;
pub use failure::{ActionError, Overdue};
pub use plan::{Plan, Told};
pub use start::{Begin, Start, StartError};
pub use ticket::Ticket;
pub use typed::{ActionCall, Begun};
pub use watch::Action;
