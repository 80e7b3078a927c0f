//! Files that travel beside the calls: what a [`Transport`](super::Transport) is asked for and what it brings back.

mod download;
mod headers;
mod incoming;
mod part;
mod source;
mod upload;

pub use download::DownloadRequest;
pub use headers::Headers;
pub use incoming::IncomingFile;
pub use part::Part;
pub use source::{BoxSource, Source};
pub use upload::{Progress, UploadAnswer, UploadRequest};

use std::fmt;

use zeroize::Zeroizing;

/// Names and values of a query. The values may be passwords: they are not shown, and wiped on drop.
#[derive(Clone, Default)]
pub(crate) struct Query(Vec<(String, Zeroizing<String>)>);

impl Query {
    pub(crate) fn push(&mut self, name: String, value: String) {
        self.0.push((name, Zeroizing::new(value)));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &***value))
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}
