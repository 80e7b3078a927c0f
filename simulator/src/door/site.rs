//! What stands behind the file endpoints.

use std::fmt;

use bytes::Bytes;
use tokio::io::AsyncRead;
use xerus_rpc::files::{self, UploadEndpoint};
use xerus_rpc::server::Context;
use xerus_rpc::wire::BoxFuture;

use super::body::AnswerBody;
use super::files::Form;

/// The places where a device takes and gives files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FileEndpoint {
    /// Takes a firmware image.
    FirmwareUpload,
    /// Takes a raw configuration.
    RawConfigUpload,
    /// Gives the raw configuration.
    RawConfigDownload,
    /// Takes a bulk configuration or a backup.
    BulkConfigRestore,
    /// Gives a bulk configuration or a backup.
    BulkConfigSave,
    /// Takes a certificate and its key.
    CertificateUpload,
    /// Gives certificates, keys and signing requests.
    CertificateDownload,
    /// Gives diagnostic data.
    Diagnostics,
    /// Gives the description of a device that was engineered to order.
    EngineeredToOrder,
    /// Gives what the power meters measure.
    PowerMeters,
    /// Takes a configuration for power meters.
    PowerMeterConfigUpload,
    /// Gives the measurements for Prometheus.
    Metrics,
}

impl FileEndpoint {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::FirmwareUpload,
        Self::RawConfigUpload,
        Self::RawConfigDownload,
        Self::BulkConfigRestore,
        Self::BulkConfigSave,
        Self::CertificateUpload,
        Self::CertificateDownload,
        Self::Diagnostics,
        Self::EngineeredToOrder,
        Self::PowerMeters,
        Self::PowerMeterConfigUpload,
        Self::Metrics,
    ];

    /// The path, as in `xerus_rpc::files`.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self.upload() {
            Some(upload) => upload.path(),
            None => match self {
                Self::RawConfigDownload => files::RAW_CONFIG_DOWNLOAD,
                Self::BulkConfigSave => files::BULK_CONFIG_SAVE,
                Self::CertificateDownload => files::CERTIFICATE_DOWNLOAD,
                Self::Diagnostics => files::DIAGNOSTICS,
                Self::EngineeredToOrder => files::ENGINEERED_TO_ORDER,
                Self::PowerMeters => files::POWER_METERS,
                _ => files::METRICS,
            }
            .path(),
        }
    }

    /// What it takes; `None`: it gives a file.
    #[must_use]
    pub fn upload(self) -> Option<UploadEndpoint> {
        match self {
            Self::FirmwareUpload => Some(files::FIRMWARE_UPLOAD),
            Self::RawConfigUpload => Some(files::RAW_CONFIG_UPLOAD),
            Self::BulkConfigRestore => Some(files::BULK_CONFIG_RESTORE),
            Self::CertificateUpload => Some(files::CERTIFICATE_UPLOAD),
            Self::PowerMeterConfigUpload => Some(files::POWER_METER_CONFIG_UPLOAD),
            _ => None,
        }
    }

    pub(super) fn at(path: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|endpoint| endpoint.path() == path)
    }
}

/// What is asked of a file endpoint, or for a page.
#[derive(Clone)]
#[non_exhaustive]
pub struct FileRequest {
    /// The device itself (1), or the link unit (2 to 8) behind it.
    pub unit: u32,
    /// The parameters behind the path, decoded, in their order. There may be passwords in them.
    pub parameters: Vec<(String, String)>,
    /// Who asks.
    pub context: Context,
}

impl FileRequest {
    /// The first parameter with this name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let (_, value) = parameters.find(|(known, _)| known == name)?;
        Some(value)
    }
}

impl fmt::Debug for FileRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.parameters.iter().map(|(name, _)| name).collect();
        f.debug_struct("FileRequest")
            .field("unit", &self.unit)
            .field("parameters", &names)
            .field("context", &self.context)
            .finish()
    }
}

/// The files of a device.
///
/// The server has checked who asks, and that it is an endpoint [which the site has](Self::has) and the right method. What the
/// caller's role allows the site decides itself.
///
/// ```
/// use xerus_rpc::wire::BoxFuture;
/// use xerus_sim::site::{Download, FileEndpoint, FileRequest, Refusal, Site};
///
/// struct Metrics;
///
/// impl Site for Metrics {
///     fn has(&self, endpoint: FileEndpoint) -> bool {
///         endpoint == FileEndpoint::Metrics
///     }
///
///     fn download<'a>(
///         &'a self,
///         _: FileEndpoint,
///         request: &'a FileRequest,
///     ) -> BoxFuture<'a, Result<Download, Refusal>> {
///         Box::pin(async move {
///             if request.unit != 1 {
///                 return Err(Refusal::NotFound);
///             }
///             Ok(Download::bytes("text/plain", "raritan_pdu_voltage_volt 230.00\n"))
///         })
///     }
/// }
///
/// let router = xerus_rpc::server::Router::new();
/// let builder = xerus_sim::serve(router).site(Metrics);
/// # let _ = builder;
/// ```
pub trait Site: Send + Sync {
    /// Whether there is such an endpoint. One that is not there is answered with 404.
    fn has(&self, endpoint: FileEndpoint) -> bool;

    /// Gives a file.
    fn download<'a>(
        &'a self,
        endpoint: FileEndpoint,
        request: &'a FileRequest,
    ) -> BoxFuture<'a, Result<Download, Refusal>> {
        let _ = (endpoint, request);
        Box::pin(async { Err(Refusal::NotFound) })
    }

    /// Takes the files of a form. What is left of the form is read and thrown away.
    fn upload<'a>(
        &'a self,
        endpoint: FileEndpoint,
        request: &'a FileRequest,
        form: &'a mut Form,
    ) -> BoxFuture<'a, Result<Uploaded, Refusal>> {
        let _ = (endpoint, request, form);
        Box::pin(async { Err(Refusal::NotFound) })
    }

    /// A page for people, or what belongs to one: `path` is decoded and begins with a slash. `None`: there is no such page.
    fn page<'a>(
        &'a self,
        path: &'a str,
        request: &'a FileRequest,
    ) -> BoxFuture<'a, Option<Download>> {
        let _ = (path, request);
        Box::pin(async { None })
    }
}

/// A file that goes out.
pub struct Download {
    pub(super) media_type: String,
    pub(super) file_name: Option<String>,
    pub(super) body: AnswerBody,
}

impl Download {
    /// Bytes that are there.
    pub fn bytes(media_type: impl Into<String>, data: impl Into<Bytes>) -> Self {
        Self {
            media_type: media_type.into(),
            file_name: None,
            body: AnswerBody::bytes(data.into()),
        }
    }

    /// A stream, sent as fast as the client reads. With a length it is announced, and the connection is cut if the stream ends before; without,
    /// it goes out in chunks.
    pub fn stream(
        media_type: impl Into<String>,
        length: Option<u64>,
        reader: impl AsyncRead + Send + 'static,
    ) -> Self {
        Self {
            media_type: media_type.into(),
            file_name: None,
            body: AnswerBody::reader(Box::pin(reader), length),
        }
    }

    /// The name under which browsers keep it. Default: none, and it is shown.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("media_type", &self.media_type)
            .field("file_name", &self.file_name)
            .finish_non_exhaustive()
    }
}

/// What became of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Uploaded {
    /// A code, which is sent where the endpoint has its place: header, body or nowhere. 0: taken.
    Code(i32),
    /// A code that is sent in the header `X-Response-Code`, wherever the endpoint has its place.
    CodeInHeader(i32),
    /// A text for the body, beside code 0.
    Text(String),
}

/// Why a request to a file endpoint is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// 404: there is no such file.
    NotFound,
    /// 403: the role of the caller lacks a privilege.
    Forbidden,
    /// 400: the request is none that can be understood, and why.
    BadRequest(String),
    /// 413: the form is larger than the limit.
    TooLarge,
    /// 408: the form came too slowly.
    TooSlow,
    /// 503: not now, and why.
    Busy(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_is_found_under_its_path() {
        for endpoint in FileEndpoint::ALL {
            assert_eq!(FileEndpoint::at(endpoint.path()), Some(endpoint));
        }
        assert_eq!(FileEndpoint::at(files::FIRMWARE_PROGRESS.path()), None);
    }

    #[test]
    fn passwords_are_not_shown() {
        let request = FileRequest {
            unit: 1,
            parameters: vec![("user_password".to_owned(), "hunter2".to_owned())],
            context: Context::new(),
        };
        assert!(!format!("{request:?}").contains("hunter2"));
        assert_eq!(request.parameter("user_password"), Some("hunter2"));
    }
}
