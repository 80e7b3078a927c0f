//! Files that travel beside the calls: what a [`Transport`](super::Transport) is asked for and what it brings back.

mod answer;
mod download;
mod headers;
mod incoming;
mod part;
mod query;
mod source;
mod upload;

pub use answer::UploadAnswer;
pub use download::DownloadRequest;
pub use headers::Headers;
pub use incoming::IncomingFile;
pub use part::Part;
pub use query::Query;
pub use source::{BoxSource, Source};
pub use upload::{Progress, UploadRequest};
