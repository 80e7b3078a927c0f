//! What a wire can do.

/// What a [`Transport`](super::Transport) can do beside calls. What it cannot do is refused before anything is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Capabilities {
    /// Calls to which no answer comes: [`Transport::notify`](super::Transport::notify).
    pub notify: bool,
    /// Calls that report progress: [`Transport::stream`](super::Transport::stream).
    pub stream: bool,
    /// The program may say how many reported values wait for it, and what happens to more: [`Request::room`](super::Request::room).
    pub room: bool,
    /// The devices behind it execute many calls of one request: the object `/bulk` of Xerus devices.
    pub bulk: bool,
    /// Several calls may be under way at a time, on one connection or on several.
    pub pipeline: bool,
    /// It knows its user: [`Transport::login`](super::Transport::login).
    pub login: bool,
    /// Files travel beside the calls: [`Transport::download`](super::Transport::download) and
    /// [`Transport::upload`](super::Transport::upload).
    pub files: bool,
}

impl Capabilities {
    /// Calls, and nothing else.
    pub const NONE: Self = Self {
        notify: false,
        stream: false,
        room: false,
        bulk: false,
        pipeline: false,
        login: false,
        files: false,
    };

    /// Says whether there are notifications.
    #[must_use]
    pub const fn with_notify(mut self, can: bool) -> Self {
        self.notify = can;
        self
    }

    /// Says whether there is progress.
    #[must_use]
    pub const fn with_stream(mut self, can: bool) -> Self {
        self.stream = can;
        self
    }

    /// Says whether the program may choose what happens to progress that it reads too slowly.
    #[must_use]
    pub const fn with_room(mut self, can: bool) -> Self {
        self.room = can;
        self
    }

    /// Says whether the devices have an object for many calls.
    #[must_use]
    pub const fn with_bulk(mut self, can: bool) -> Self {
        self.bulk = can;
        self
    }

    /// Says whether several calls may be under way at a time.
    #[must_use]
    pub const fn with_pipeline(mut self, can: bool) -> Self {
        self.pipeline = can;
        self
    }

    /// Says whether there are users.
    #[must_use]
    pub const fn with_login(mut self, can: bool) -> Self {
        self.login = can;
        self
    }

    /// Says whether there are files.
    #[must_use]
    pub const fn with_files(mut self, can: bool) -> Self {
        self.files = can;
        self
    }
}
