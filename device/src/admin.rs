//! Administration: who may do what, who is signed in, clock, rules of access, network and SNMP.
//!
//! Each part is a handle on a device of any firmware: [`Users`], [`Roles`], [`Sessions`], [`Clock`], [`AccessRules`],
//! [`Network`], [`Snmp`]. What changes
//! something reads first, writes back everything that it read, known to the bindings or not, and writes nothing when there is nothing
//! to change or somebody else was faster. What the device refuses has a name, see [`Refusal`].
//!
//! ```no_run
//! use xerus_device::admin::{AdminError, PasswordRule, Refusal, Users};
//! use xerus_rpc::Agent;
//!
//! async fn add(agent: &Agent, password: &str) -> Result<(), AdminError> {
//!     let users = Users::of(agent);
//!     let new = users.create("olga", password).full_name("Olga Operator").roles(["Operator"]);
//!     match new.await {
//!         Err(error) if error.refusal() == Some(&Refusal::UserExists) => users.set_roles("olga", ["Operator"]).await.map(drop),
//!         Err(error) if error.refusal() == Some(&Refusal::Password(PasswordRule::TooShort)) => panic!("choose a longer one"),
//!         other => other,
//!     }
//! }
//! ```

mod access;
mod ask;
mod change;
mod clock;
mod drift;
mod error;
mod known;
mod lock_out;
mod network;
mod new_user;
mod refusal;
mod roles;
mod sessions;
mod snmp;
mod snmp_user;
mod users;

pub use access::AccessRules;
pub use change::Change;
pub use clock::{Clock, ClockChange, ClockUpdate};
pub use drift::{ClockReading, Drift};
pub use error::AdminError;
pub use lock_out::LockOut;
pub use network::{Interface, Network, NetworkChange, NetworkState, NetworkUpdate, Unanswered};
pub use new_user::NewUser;
pub use refusal::{NtpFault, PasswordRule, Refusal, SshKeyFault};
pub use roles::{Roles, privilege};
pub use sessions::{Closed, Sessions, WhoAmI};
pub use snmp::{Snmp, SnmpSettings};
pub use snmp_user::SnmpV3;
pub use users::Users;
