//! Where a device takes and gives files.

use crate::error::Error;
use crate::rid::through_link;
use crate::wire::{Part, Source, UploadAnswer};

/// The media type that devices want for every file.
const BINARY: &str = "application/octet-stream";

/// A path under which a device gives a file, or is asked about one.
///
/// It goes wherever a path does: `agent.download(files::DIAGNOSTICS)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    path: &'static str,
}

impl Endpoint {
    /// The endpoint with this path.
    #[must_use]
    pub const fn new(path: &'static str) -> Self {
        Self { path }
    }

    /// The path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.path
    }

    /// The path of the same endpoint of a link unit, 2 to 8, through the device that it is cascaded to.
    ///
    /// ```
    /// use xerus_rpc::files::DIAGNOSTICS;
    ///
    /// assert_eq!(DIAGNOSTICS.through_link(2)?, "/link/2/cgi-bin/diag-data.cgi");
    /// # Ok::<(), xerus_rpc::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `Config.OutOfRange` for any other number.
    pub fn through_link(self, unit: u32) -> Result<String, Error> {
        through_link(self.path, unit)
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.path.to_owned()
    }
}

/// One file of the form that an endpoint takes: the names that the device looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FilePart {
    name: &'static str,
    file_name: &'static str,
}

impl FilePart {
    /// A file with the name of the field and of the file.
    #[must_use]
    pub const fn new(name: &'static str, file_name: &'static str) -> Self {
        Self { name, file_name }
    }

    /// The name of the field.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The name of the file.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        self.file_name
    }

    /// The file with its bytes, for [`Upload::part`](crate::agent::Upload::part).
    pub fn file(self, bytes: impl Into<Source>) -> Part {
        Part::file(self.name, self.file_name, BINARY, bytes)
    }
}

/// Where an endpoint says what became of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodePlace {
    /// In the header `X-Response-Code`.
    Header,
    /// In the body, as `return_code=<n>`.
    Body,
    /// Nowhere: that the form was taken is all that is said.
    Nowhere,
}

/// A path under which a device takes files.
///
/// It goes wherever a path does: `agent.upload(files::RAW_CONFIG_UPLOAD)`.
#[derive(Clone, Copy, Debug)]
pub struct UploadEndpoint {
    endpoint: Endpoint,
    first: FilePart,
    parts: &'static [FilePart],
    place: CodePlace,
    judge: fn(i32) -> Result<(), Error>,
}

impl UploadEndpoint {
    pub(super) const fn new(
        path: &'static str,
        parts: &'static [FilePart],
        place: CodePlace,
        judge: fn(i32) -> Result<(), Error>,
    ) -> Self {
        let endpoint = Endpoint::new(path);
        Self {
            endpoint,
            // Read while the program is compiled: an endpoint without a file is no constant.
            first: parts[0],
            parts,
            place,
            judge,
        }
    }

    /// The path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.endpoint.path
    }

    /// The path of the same endpoint of a link unit, as [`Endpoint::through_link`].
    ///
    /// # Errors
    ///
    /// `Config.OutOfRange` for a number other than 2 to 8.
    pub fn through_link(self, unit: u32) -> Result<String, Error> {
        self.endpoint.through_link(unit)
    }

    /// The files of the form, in their order. What follows the first one may be left out.
    #[must_use]
    pub const fn parts(self) -> &'static [FilePart] {
        self.parts
    }

    /// The first file of the form, with its bytes; for [`Upload::part`](crate::agent::Upload::part).
    pub fn file(self, bytes: impl Into<Source>) -> Part {
        self.first.file(bytes)
    }

    /// Where the code is.
    #[must_use]
    pub const fn code_place(self) -> CodePlace {
        self.place
    }

    /// The code of an answer, whichever it is; `None` where the endpoint gives none.
    ///
    /// # Errors
    ///
    /// `Cgi.MissingResponseCode` when there should be one, `Cgi.BadResponseCode` when what is there is none.
    pub fn code(self, answer: &UploadAnswer) -> Result<Option<i32>, Error> {
        match self.place {
            CodePlace::Header => answer.response_code().map(Some),
            CodePlace::Body => answer.response_code_in_body().map(Some),
            CodePlace::Nowhere => Ok(None),
        }
    }

    /// Makes an answer that is a refusal an error.
    ///
    /// # Errors
    ///
    /// `Cgi` for a code other than 0, with its meaning and what to do; as [`code`](Self::code) where there is no code that
    /// can be understood.
    pub fn check(self, answer: &UploadAnswer) -> Result<(), Error> {
        match self.code(answer)? {
            Some(code) => (self.judge)(code).map_err(|error| answer.place(error)),
            None => Ok(()),
        }
    }
}

impl From<UploadEndpoint> for String {
    fn from(endpoint: UploadEndpoint) -> Self {
        endpoint.endpoint.into()
    }
}
