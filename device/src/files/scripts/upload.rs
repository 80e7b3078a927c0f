//! A script on its way to a device.

use std::fmt;
use std::future::IntoFuture;

use xerus_api::luaservice::ScriptOptions;
use xerus_rpc::Outcome;
use xerus_rpc::wire::BoxFuture;

use super::{Scripts, sorted};
use crate::files::FilesError;

/// A script that has not been stored. Awaited, it is sent once, and read back.
#[must_use = "nothing is sent before this is awaited"]
pub struct UploadScript {
    scripts: Scripts,
    name: String,
    source: String,
    options: ScriptOptions,
}

/// A script that the device has as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// What is known of the call: [`Executed`](Outcome::Executed), or [`Unknown`](Outcome::Unknown) when its answer was lost and the
    /// device has the script, by this call or since before.
    pub outcome: Outcome,
}

impl UploadScript {
    pub(super) fn new(scripts: Scripts, name: String, source: String) -> Self {
        Self {
            scripts,
            name,
            source,
            options: ScriptOptions::default(),
        }
    }

    /// All options at once: those of [`Scripts::download`], for example. Default: no arguments, started by hand, once.
    pub fn options(mut self, options: ScriptOptions) -> Self {
        self.options = options;
        self
    }

    /// An argument that it gets, unless it is started with others.
    pub fn argument(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.default_args.insert(name.into(), value.into());
        self
    }

    /// Whether it is started together with the device. Default: no.
    pub fn auto_start(mut self, start: bool) -> Self {
        self.options.auto_start = start;
        self
    }

    /// Whether it is started again when it ends. Default: no.
    pub fn auto_restart(mut self, restart: bool) -> Self {
        self.options.auto_restart = restart;
        self
    }

    async fn run(self) -> Result<Stored, FilesError> {
        let manager = self.scripts.manager()?;
        let sent = manager.set_script(&self.name, &self.source, &self.options);
        let (outcome, lost) = match sent.await {
            Ok(()) => (Outcome::Executed, None),
            Err(error) if error.as_application().is_some() || !error.may_have_executed() => {
                return Err(sorted(error));
            }
            // It is not sent again: what the device has says what became of it.
            Err(error) => (error.outcome(), Some(error)),
        };
        let stored = self.scripts.download(&self.name).await;
        match (stored, lost) {
            (Ok(stored), _) if stored.source == self.source && self.has(&stored.options) => {
                Ok(Stored { outcome })
            }
            (Ok(_), Some(error)) => Err(FilesError::Call(error)),
            (Ok(_), None) => Err(FilesError::Differs {
                what: format!(
                    "the device took the script {:?} and gives another one back: read it with `download` before it is started",
                    self.name
                ),
                outcome,
            }),
            (Err(FilesError::Refused(_)), Some(error)) => Err(FilesError::Call(error)),
            (Err(FilesError::Call(error) | FilesError::NotThere { error, .. }), _) => {
                Err(FilesError::Unread { outcome, error })
            }
            (Err(error), _) => Err(error),
        }
    }

    fn has(&self, stored: &ScriptOptions) -> bool {
        let all = |options: &ScriptOptions| {
            (
                options.default_args.clone(),
                options.auto_start,
                options.auto_restart,
            )
        };
        all(stored) == all(&self.options)
    }
}

impl IntoFuture for UploadScript {
    type Output = Result<Stored, FilesError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for UploadScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Script and arguments may have passwords in them.
        f.debug_struct("UploadScript")
            .field("scripts", &self.scripts)
            .field("name", &self.name)
            .field("bytes", &self.source.len())
            .finish_non_exhaustive()
    }
}
