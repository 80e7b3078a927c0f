//! Clock settings that are read, changed and written back, while the time goes on.

use std::fmt;
use std::future::IntoFuture;

use xerus_api::datetime::DateTime;
use xerus_api::datetime::date_time::Cfg;
use xerus_rpc::Time;
use xerus_rpc::wire::BoxFuture;

use crate::admin::ask::explain;
use crate::admin::known::{Known, majors};
use crate::admin::{AdminError, Refusal};

type Edit<'a> = Box<dyn FnOnce(&mut Cfg) + Send + 'a>;

/// A change of the clock settings that has not begun; made by [`Clock::change`](super::Clock::change).
#[must_use = "a change begins when it is awaited"]
pub struct ClockUpdate<'a> {
    clock: DateTime,
    change: Edit<'a>,
    dry_run: bool,
}

/// What a change of the clock settings came to.
#[derive(Clone)]
#[non_exhaustive]
pub struct ClockChange {
    /// Whether it was written: not in a dry run, and not when there was nothing to change.
    pub sent: bool,
    /// The settings as they were read.
    pub before: Cfg,
    /// The settings as they were written, or would be.
    pub after: Cfg,
}

/// Without the settings: they may hold secrets.
impl fmt::Debug for ClockChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClockChange")
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
}

impl<'a> ClockUpdate<'a> {
    pub(super) fn new(clock: DateTime, change: impl FnOnce(&mut Cfg) + Send + 'a) -> Self {
        Self {
            clock,
            change: Box::new(change),
            dry_run: false,
        }
    }

    /// Reads and says what would be changed; writes nothing.
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }

    /// As [`xerus_rpc::update()`], but that the time which goes on between the readings is nobody's change.
    async fn run(self) -> Result<ClockChange, AdminError> {
        Known::new(&self.clock, majors::CLOCK)
            .check(AdminError::from)
            .await?;
        let before = self.clock.get_cfg().await?;
        let mut after = before.clone();
        (self.change)(&mut after);
        if self.dry_run || after == before {
            return Ok(ClockChange {
                sent: false,
                before,
                after,
            });
        }
        let now = self.clock.get_cfg().await.map_err(AdminError::from)?;
        let without_time = |cfg: &Cfg| Cfg {
            device_time: Time::default(),
            ..cfg.clone()
        };
        if without_time(&now) != without_time(&before) {
            return Err(AdminError::Conflict);
        }
        if after.device_time == before.device_time {
            after.device_time = now.device_time;
        }
        let written = self.clock.set_cfg(&after).await;
        written.map_err(|error| explain(error, Refusal::unnamed))?;
        Ok(ClockChange {
            sent: true,
            before,
            after,
        })
    }
}

impl<'a> IntoFuture for ClockUpdate<'a> {
    type Output = Result<ClockChange, AdminError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for ClockUpdate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClockUpdate")
            .field("dry_run", &self.dry_run)
            .finish_non_exhaustive()
    }
}
