//! Why a stream of events ends.

use std::fmt;

use xerus_rpc::Error;

/// Why a stream of events ends, or why the device is in [`Trouble`](super::Trouble).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EventsError {
    /// All channels of the device are in use. Those that nobody polls are free again after 30 s;
    /// [`Events::wait_for_channel`](super::Events::wait_for_channel) waits for that.
    ChannelsInUse,
    /// No events were demanded.
    NothingDemanded,
    /// The driver of the stream was dropped before the stream.
    NotDriven,
    /// A call failed. The error says which, and what to do.
    Call(Error),
}

impl EventsError {
    /// The error of a call.
    #[must_use]
    pub fn as_call(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }

    /// Stable name for logs, metrics and tests: `Events.ChannelsInUse`; that of the error of a call, see [`Error::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ChannelsInUse => "Events.ChannelsInUse",
            Self::NothingDemanded => "Events.NothingDemanded",
            Self::NotDriven => "Events.NotDriven",
            Self::Call(error) => error.code(),
        }
    }
}

impl fmt::Display for EventsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChannelsInUse => f.write_str(
                "all event channels of the device are in use: end another program that follows events, or wait for a channel",
            ),
            Self::NothingDemanded => f.write_str("no events were demanded: name at least one type"),
            Self::NotDriven => {
                f.write_str("the driver of the events was dropped: keep polling it as long as the stream is read")
            }
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EventsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => std::error::Error::source(error),
            _ => None,
        }
    }
}

impl From<Error> for EventsError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}
