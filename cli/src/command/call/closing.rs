//! The end of what talks to a device: its own, or that of somebody who waits no longer.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

use crate::bad_news::code::UNKNOWN;
use crate::stop::Stop;
use crate::terminal::Terminal;
use crate::wire::Line;

/// After how long it is told that the end of a session is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Does what talks to a device, and ends the session with it, however that went: a unit that has few of them keeps others out
/// while one is left open.
///
/// # Errors
///
/// The exit code, where the work was interrupted; what is known of it then has been told, with `lost` for what may have been sent.
pub(super) async fn closing<T>(
    line: &Line,
    stop: &mut Stop,
    lost: &str,
    work: impl Future<Output = T>,
    terminal: &Terminal,
) -> Result<T, u8> {
    let ended = {
        let work = pin!(work);
        tokio::select! {
            biased;
            result = work => Ok(result),
            code = stop.asked(1) => Err(code),
        }
    };
    // The work has been given up, so that it sends no more.
    let result = ended.map_err(|code| match line.has_begun() {
        true => {
            terminal.error(&format!("interrupted, and {lost}"));
            UNKNOWN
        }
        false => {
            terminal.error(&"interrupted before anything was sent that the device could execute");
            code
        }
    });
    let again = if result.is_ok() { "twice " } else { "" };
    // One that does not answer has its session until that runs out; what is known is not held back for it.
    tokio::select! {
        biased;
        () = goodbye(line, again, terminal) => {}
        _ = stop.asked(2) => {}
    }
    result
}

async fn goodbye(line: &Line, again: &str, terminal: &Terminal) {
    let mut close = pin!(line.agent.close());
    if timeout(PATIENCE, &mut close).await.is_ok() {
        return;
    }
    let left = line.goodbye.saturating_sub(PATIENCE);
    terminal.tell(&format!(
        "the session with the device is being ended, which may take {} s more; Ctrl-C {again}ends this at once\n",
        left.as_secs()
    ));
    let _ = timeout(left, close).await;
}
