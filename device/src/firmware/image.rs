//! The image that is sent.

use std::fmt;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use xerus_rpc::FirmwareVersion;
use xerus_rpc::wire::Source;

type Open = dyn Fn() -> io::Result<Source> + Send + Sync;

/// A firmware image: where its bytes come from, and the version that it says it has.
///
/// It is cheap to clone, and can be sent to many devices. Nothing but the version is read in it: whether it is whole and fits, the
/// device says after the upload.
#[derive(Clone)]
pub struct Image {
    size: u64,
    version: Option<FirmwareVersion>,
    open: Arc<Open>,
}

impl Image {
    /// An image in memory.
    ///
    /// ```
    /// use xerus_device::firmware::Image;
    ///
    /// let image = Image::bytes(vec![0; 1000]);
    /// assert_eq!((image.size(), image.version()), (1000, None));
    /// ```
    #[must_use]
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self {
            size: bytes.len() as u64,
            version: FirmwareVersion::from_image(&bytes),
            open: Arc::new(move || Ok(Source::from(bytes.clone()))),
        }
    }

    /// An image in a file, which is opened for each upload and read only as fast as the device takes it. Its first bytes are read
    /// now, for the version; the thread waits for that.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path: PathBuf = path.as_ref().to_owned();
        let file = std::fs::File::open(&path)?;
        let size = file.metadata()?.len();
        let mut head = Vec::with_capacity(FirmwareVersion::IMAGE_BYTES);
        file.take(FirmwareVersion::IMAGE_BYTES as u64)
            .read_to_end(&mut head)?;
        Ok(Self {
            size,
            version: FirmwareVersion::from_image(&head),
            open: Arc::new(move || {
                let file = std::fs::File::open(&path)?;
                if file.metadata()?.len() != size {
                    return Err(io::Error::other(
                        "the file has changed since it was looked at: begin with the new one",
                    ));
                }
                Ok(Source::reader(size, tokio::fs::File::from_std(file)))
            }),
        })
    }

    /// An image that comes from elsewhere: its size in bytes, the version if it is known, and what gives the bytes for each upload.
    ///
    /// Without the version, it is known after the upload only whether the update is needed.
    #[must_use]
    pub fn from_source(
        size: u64,
        version: Option<FirmwareVersion>,
        open: impl Fn() -> io::Result<Source> + Send + Sync + 'static,
    ) -> Self {
        Self {
            size,
            version,
            open: Arc::new(open),
        }
    }

    /// How many bytes it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The version that stands in its first bytes; `None` where there is none.
    #[must_use]
    pub fn version(&self) -> Option<FirmwareVersion> {
        self.version
    }

    pub(super) fn open(&self) -> io::Result<Source> {
        (self.open)()
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image")
            .field("size", &self.size)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
