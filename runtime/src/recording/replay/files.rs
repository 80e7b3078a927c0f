//! Files of a recording.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;

use super::{Found, Replay};
use crate::error::{Error, FileError};
use crate::recording::entry::{Answer, Entry, Fetched, Given, What};
use crate::recording::failure;
use crate::recording::file::{Parts, headers_again};
use crate::recording::json::Node;
use crate::recording::layer::query;
use crate::wire::{DownloadRequest, IncomingFile, UploadAnswer, UploadRequest};

/// Time for a transfer that has no limit, where it has to end.
const NO_LIMIT: Duration = Duration::from_secs(24 * 3600);

impl Replay {
    pub(super) async fn play_download(
        &self,
        request: DownloadRequest,
    ) -> Result<IncomingFile, Error> {
        let made = What::Download(Fetched {
            target: request.target().to_owned(),
            query: query(request.query()),
            offset: request.offset(),
        });
        let Found { entry } = self.find(&made, true)?;
        let limit = request.timeout().unwrap_or(NO_LIMIT);
        self.wait(&entry.answer, entry.took, limit, true).await?;
        let Answer::File(file) = &entry.answer else {
            return Err(self.failed(entry));
        };
        let empty = file.get("bytes").and_then(Node::as_number::<u64>) == Some(0);
        let bytes = match self.files.get(request.target()) {
            Some(bytes) => bytes.clone(),
            None if empty => Bytes::new(),
            None => {
                let what = "a recording keeps no bytes of files; give them with Replay::with_file";
                return Err(self.not_kept(entry, what));
            }
        };
        if bytes.len() as u64 > request.limit() {
            let limit = usize::try_from(request.limit()).unwrap_or(usize::MAX);
            return Err(Error::response_too_large(limit, bytes.len()).with_origin(self.origin_of()));
        }
        let length = bytes.len() as u64;
        Ok(IncomingFile::new(Box::pin(stream::iter([Ok(bytes)])))
            .with_length(length)
            .with_offset(request.offset())
            .with_headers(headers_again(file)))
    }

    pub(super) async fn play_upload(&self, request: UploadRequest) -> Result<UploadAnswer, Error> {
        let target = request.target().to_owned();
        let query = query(request.query());
        let limit = request.timeout().unwrap_or(NO_LIMIT);
        let (request, parts) = Parts::watch(request);
        let (sources, mut progress) = request.into_parts();
        let (mut sent, total) = (0, sources.iter().map(|part| part.source().length()).sum());
        for part in sources {
            let mut bytes = part.into_source().into_bytes();
            while let Some(bytes) = bytes.next().await {
                let bytes =
                    bytes.map_err(|error| Error::from(FileError::Source).with_source(error))?;
                sent += bytes.len() as u64;
                if let Some(progress) = &mut progress {
                    progress(sent, total);
                }
            }
        }
        let made = What::Upload(Given {
            target,
            query,
            parts: parts.told(),
        });
        let Found { entry } = self.find(&made, false)?;
        self.wait(&entry.answer, entry.took, limit, false).await?;
        let Answer::Uploaded(answer) = &entry.answer else {
            return Err(self.failed(entry));
        };
        let status = answer.get("status").and_then(Node::as_number);
        let Some(status) = status else {
            return Err(self.not_kept(entry, "`uploaded` has a `status`, a number"));
        };
        let body = answer.get("body").and_then(Node::as_text);
        let body = body.unwrap_or_default().to_owned();
        Ok(UploadAnswer::new(status, headers_again(answer), body))
    }

    /// The error of a transfer that failed.
    fn failed(&self, entry: &Entry) -> Error {
        let again = match &entry.answer {
            Answer::Failure(failure) => failure::again(failure, entry.took, false),
            _ => Err("the entry is of a file and its answer of a call".to_owned()),
        };
        match again {
            Ok(error) => error.with_origin(self.origin_of()),
            Err(what) => self.not_kept(entry, &what),
        }
    }

    fn origin_of(&self) -> &str {
        &self.origin
    }
}
