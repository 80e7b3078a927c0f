//! What a script prints, until it ends.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream::unfold;
use tokio::time::sleep;
use xerus_api::luaservice::ScriptState;
use xerus_api::luaservice::script_state::ExecState;
use xerus_rpc::wire::BoxStream;

use super::{Scripts, sorted};
use crate::files::FilesError;

/// So often the device is asked while the script prints nothing, unless said otherwise.
const PAUSE: Duration = Duration::from_secs(1);
const LEAST_PAUSE: Duration = Duration::from_millis(100);
/// Failures in a row after which it is given up.
const MOST_FAILURES: u32 = 10;

/// What a script prints.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Printed {
    /// The next piece of text.
    Text(String),
    /// So many bytes are lost: the device keeps the latest part only. The text goes on behind them.
    Lost(u64),
    /// The script has ended, and all that it printed was told. The last item.
    Ended(ScriptState),
}

/// What a script has printed and prints until it ends, as a stream.
///
/// The device is asked while the stream is read, every second while nothing comes. Errors that pass are passed over, ten in a row at
/// most; any other is the last item. A script that is started again and again has no end.
#[must_use = "the device is asked while the stream is read"]
pub struct ScriptOutput {
    state: Option<Follow>,
    items: Option<BoxStream<'static, Result<Printed, FilesError>>>,
}

impl ScriptOutput {
    pub(super) fn new(scripts: Scripts, name: String) -> Self {
        Self {
            state: Some(Follow {
                scripts,
                name,
                pause: PAUSE,
                address: 0,
                began: false,
                failures: 0,
                last: None,
                text: None,
            }),
            items: None,
        }
    }

    /// The pause between two questions while nothing comes, at least 100 ms. Default: 1 s. Counts before the stream is read.
    pub fn pause(mut self, pause: Duration) -> Self {
        if let Some(state) = &mut self.state {
            state.pause = pause.max(LEAST_PAUSE);
        }
        self
    }
}

/// Where the reader is.
struct Follow {
    scripts: Scripts,
    name: String,
    pause: Duration,
    address: i64,
    /// Something was read: from here on what is missing was lost while it was followed.
    began: bool,
    failures: u32,
    /// How the script ended, once it had.
    last: Option<ScriptState>,
    /// What comes behind a gap.
    text: Option<String>,
}

/// What one question brought.
enum Found {
    Item(Printed),
    Nothing,
    /// All was told.
    End,
}

impl Follow {
    async fn next(mut self) -> Option<(Result<Printed, FilesError>, Option<Self>)> {
        loop {
            match self.ask().await {
                Ok(Found::Item(Printed::Ended(state))) => {
                    return Some((Ok(Printed::Ended(state)), None));
                }
                Ok(Found::Item(item)) => {
                    self.failures = 0;
                    return Some((Ok(item), Some(self)));
                }
                Ok(Found::Nothing) => self.failures = 0,
                Ok(Found::End) => return None,
                Err(error) if self.passes(&error) => self.failures += 1,
                Err(error) => return Some((Err(error), None)),
            }
            sleep(self.pause).await;
        }
    }

    fn passes(&self, error: &FilesError) -> bool {
        let passing = matches!(error, FilesError::Call(error) if error.is_retryable());
        passing && self.failures < MOST_FAILURES
    }

    async fn ask(&mut self) -> Result<Found, FilesError> {
        if let Some(text) = self.text.take() {
            return Ok(Found::Item(Printed::Text(text)));
        }
        let manager = self.scripts.manager()?;
        let output = manager.get_script_output(&self.name, self.address);
        let (first, next, text, more) = output.await.map_err(sorted)?;
        // An address that goes backwards would be read for ever, without a pause.
        let moved = next > self.address;
        // What was printed before anybody followed it is no loss of this reader.
        let lost = u64::try_from(first.saturating_sub(self.address)).unwrap_or(0);
        let lost = if self.began && moved { lost } else { 0 };
        self.began = true;
        self.address = self.address.max(next);
        let text = Some(text).filter(|text| moved && !text.is_empty());
        if lost > 0 {
            self.text = text;
            return Ok(Found::Item(Printed::Lost(lost)));
        }
        if let Some(text) = text {
            return Ok(Found::Item(Printed::Text(text)));
        }
        if more {
            return Ok(Found::Nothing);
        }
        // It ends only when nothing more came after its end was seen.
        if let Some(state) = self.last.take() {
            return Ok(Found::Item(Printed::Ended(state)));
        }
        let state = self.scripts.state(&self.name).await?;
        match state.exec_state {
            ExecState::StatTerminated => {
                self.last = Some(state);
                Box::pin(self.ask()).await
            }
            ExecState::StatNew => Ok(Found::End),
            _ => Ok(Found::Nothing),
        }
    }
}

impl Stream for ScriptOutput {
    type Item = Result<Printed, FilesError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(follow) = self.state.take() {
            self.items = Some(Box::pin(unfold(Some(follow), async |follow| {
                follow?.next().await
            })));
        }
        match &mut self.items {
            Some(items) => items.as_mut().poll_next(context),
            None => Poll::Ready(None),
        }
    }
}

impl fmt::Debug for ScriptOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptOutput").finish_non_exhaustive()
    }
}
