//! Scripts in Lua that a device keeps and runs.

mod output;
mod upload;

use std::collections::BTreeMap;
use std::fmt;

use xerus_api::luaservice::{Environment, Manager, ScriptOptions, ScriptState};
use xerus_rpc::{Agent, Error};

pub use output::{Printed, ScriptOutput};
pub use upload::{Stored, UploadScript};

use super::place::Place;
use super::{DeviceFiles, FilesError};

/// What messages call the object.
const SERVICE: &str = "service for scripts";

/// Scripts in Lua that a device keeps and runs.
///
/// ```
/// use futures_util::StreamExt;
/// use xerus_device::files::scripts::Printed;
/// use xerus_device::files::{FilesError, Scripts};
/// use xerus_rpc::Agent;
///
/// async fn run(agent: &Agent, source: &str) -> Result<(), FilesError> {
///     let scripts = Scripts::of(agent);
///     scripts.upload("night", source).argument("hour", "22").await?;
///     scripts.start("night").await?;
///     let mut output = scripts.output("night");
///     while let Some(printed) = output.next().await {
///         match printed? {
///             Printed::Text(text) => print!("{text}"),
///             // The device keeps the latest part only.
///             Printed::Lost(bytes) => println!("[{bytes} bytes are lost]"),
///             Printed::Ended(state) => println!("{:?} {}", state.exit_type, state.exit_status),
///             _ => {}
///         }
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before one of its methods is awaited"]
pub struct Scripts {
    place: Place,
}

/// A script as the device has it.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Script {
    /// Its source text.
    pub source: String,
    /// When it is started, and with which arguments.
    pub options: ScriptOptions,
}

impl Scripts {
    /// Those of the device that this agent calls.
    pub fn of(agent: &Agent) -> Self {
        Self {
            place: Place::of(agent),
        }
    }

    /// Those of a unit of its cascade: 1 is the device itself, 2 to 8 are link units. Any other number is `Config.OutOfRange` where
    /// it is used.
    pub fn unit(self, unit: u32) -> Self {
        Self {
            place: self.place.at_unit(unit),
        }
    }

    /// The names of all scripts.
    ///
    /// # Errors
    ///
    /// [`NotThere`](FilesError::NotThere) when the firmware runs no scripts, else what the call met with.
    pub async fn names(&self) -> Result<Vec<String>, FilesError> {
        self.manager()?.get_script_names().await.map_err(sorted)
    }

    /// How many scripts fit, and how large they may be, in bytes.
    ///
    /// # Errors
    ///
    /// As [`names`](Self::names).
    pub async fn environment(&self) -> Result<Environment, FilesError> {
        self.manager()?.get_environment().await.map_err(sorted)
    }

    /// A script with its options.
    ///
    /// # Errors
    ///
    /// [`Refused`](FilesError::Refused) with `ERR_NO_SUCH_SCRIPT` when there is none of that name, else as [`names`](Self::names).
    pub async fn download(&self, name: &str) -> Result<Script, FilesError> {
        let manager = self.manager()?;
        let source = manager.get_script(name).await.map_err(sorted)?;
        let options = manager.get_script_options(name).await.map_err(sorted)?;
        Ok(Script { source, options })
    }

    /// Stores a script, in the place of one of that name. It is not started by that.
    pub fn upload(&self, name: impl Into<String>, source: impl Into<String>) -> UploadScript {
        UploadScript::new(self.clone(), name.into(), source.into())
    }

    /// Removes a script.
    ///
    /// # Errors
    ///
    /// [`Refused`](FilesError::Refused) with `ERR_NO_SUCH_SCRIPT`, or `ERR_NOT_TERMINATED` while it runs, else as
    /// [`names`](Self::names).
    pub async fn delete(&self, name: &str) -> Result<(), FilesError> {
        self.manager()?.delete_script(name).await.map_err(sorted)
    }

    /// Starts a script with the arguments of its options. Sent once: after a lost answer, [`state`](Self::state) tells.
    ///
    /// # Errors
    ///
    /// [`Refused`](FilesError::Refused) with `ERR_NO_SUCH_SCRIPT`, or `ERR_NOT_TERMINATED` when it runs already, else as
    /// [`names`](Self::names).
    pub async fn start(&self, name: &str) -> Result<(), FilesError> {
        self.manager()?.start_script(name).await.map_err(sorted)
    }

    /// The same with other arguments.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start), and `ERR_TOO_MANY_ARGUMENTS` or `ERR_ARGUMENT_NOT_VALID`.
    pub async fn start_with(
        &self,
        name: &str,
        arguments: &BTreeMap<String, String>,
    ) -> Result<(), FilesError> {
        let started = self.manager()?.start_script_with_args(name, arguments);
        started.await.map_err(sorted)
    }

    /// Ends a script, also one that would be started again.
    ///
    /// # Errors
    ///
    /// [`Refused`](FilesError::Refused) with `ERR_NO_SUCH_SCRIPT`, or `ERR_NOT_RUNNING`, else as [`names`](Self::names).
    pub async fn terminate(&self, name: &str) -> Result<(), FilesError> {
        self.manager()?.terminate_script(name).await.map_err(sorted)
    }

    /// Whether a script runs, and how it ended.
    ///
    /// # Errors
    ///
    /// As [`download`](Self::download).
    pub async fn state(&self, name: &str) -> Result<ScriptState, FilesError> {
        self.manager()?.get_script_state(name).await.map_err(sorted)
    }

    /// What a script has printed and prints until it ends, from the oldest part that the device has kept.
    pub fn output(&self, name: impl Into<String>) -> ScriptOutput {
        ScriptOutput::new(self.clone(), name.into())
    }

    fn manager(&self) -> Result<Manager, Error> {
        self.place.object(Manager::well_known(self.place.agent()))
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Script and arguments may have passwords in them.
        f.debug_struct("Script")
            .field("bytes", &self.source.len())
            .field("arguments", &self.options.default_args.len())
            .field("auto_start", &self.options.auto_start)
            .field("auto_restart", &self.options.auto_restart)
            .finish_non_exhaustive()
    }
}

fn sorted(error: Error) -> FilesError {
    FilesError::sorted(SERVICE, error)
}

impl DeviceFiles {
    /// The scripts of the same unit.
    pub fn scripts(&self) -> Scripts {
        Scripts {
            place: self.place().clone(),
        }
    }
}
