//! Ctrl-C and SIGTERM, while a device is spoken to: the first one asks the command to come to its end, the second to do so at once.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc;
use std::thread;

use tokio::sync::watch;

/// The exit code for Ctrl-C.
pub(crate) const INTERRUPTED: u8 = 130;

/// The exit code for SIGTERM.
#[cfg(unix)]
const TERMINATED: u8 = 143;

/// Stands for no exit code: something is under way.
const UNDER_WAY: u8 = 0;

/// Listens for signals.
pub(crate) struct Stop {
    asked: watch::Receiver<Asked>,
    /// What a process that has nothing more to do but print ends with, whenever that is.
    code: Arc<AtomicU8>,
    after: u8,
}

/// What was asked for until now.
#[derive(Clone, Copy, Default)]
struct Asked {
    times: u8,
    /// The exit code for the last one.
    code: u8,
}

impl Stop {
    /// Listens from now on. Where the system does not tell of signals, they end the process as they do without this. After this is
    /// dropped the next one ends the process, with this code unless [another is known](Self::is_over).
    pub(crate) fn listen(after: u8) -> Self {
        let code = Arc::new(AtomicU8::new(UNDER_WAY));
        let (told, asked) = watch::channel(Asked::default());
        let (ready, is_ready) = mpsc::channel();
        let known = Arc::clone(&code);
        // A thread of its own: the others may wait for somebody to read what is printed.
        let thread = thread::Builder::new().name("signals".to_owned());
        let _ = thread.spawn(move || listen(&told, &known, &ready));
        // An error is that of a thread that has ended.
        let _ = is_ready.recv();
        Self { asked, code, after }
    }

    /// Waits until the end was asked for so many times, and gives the exit code that says so.
    pub(crate) async fn asked(&mut self, times: u8) -> u8 {
        match self.asked.wait_for(|asked| asked.times >= times).await {
            Ok(asked) => asked.code,
            // Nobody will tell.
            Err(_) => std::future::pending().await,
        }
    }

    /// Notes that there is nothing more to do but print: a signal ends the process, with this exit code.
    pub(crate) fn is_over(&self, code: u8) {
        self.code.store(code, Ordering::Relaxed);
    }
}

impl Drop for Stop {
    /// Nothing is waited for any more, so that a signal has to end the process itself.
    fn drop(&mut self) {
        let order = Ordering::Relaxed;
        let _ = self
            .code
            .compare_exchange(UNDER_WAY, self.after, order, order);
    }
}

fn listen(told: &watch::Sender<Asked>, code: &AtomicU8, ready: &mpsc::Sender<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(async {
        let Ok(mut signals) = Signals::new() else {
            return;
        };
        let _ = ready.send(());
        loop {
            let asked = signals.next().await;
            match code.load(Ordering::Relaxed) {
                UNDER_WAY => told.send_modify(|told| {
                    told.times = told.times.saturating_add(1);
                    told.code = asked;
                }),
                code => process::exit(code.into()),
            }
        }
    });
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// The exit code that stands for the next one.
    async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => INTERRUPTED,
            _ = self.terminate.recv() => TERMINATED,
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) -> u8 {
        self.0.recv().await;
        INTERRUPTED
    }
}
