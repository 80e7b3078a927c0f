//! The endpoints that devices have.

use super::code::ResponseCode;
use super::endpoint::{CodePlace, Endpoint, FilePart, UploadEndpoint};
use super::{BulkConfigCode, CertificateCode, RawConfigCode};
use crate::error::Error;

fn judge<C: ResponseCode>(code: i32) -> Result<(), Error> {
    C::from(code).check()
}

/// The key of a certificate, behind the certificate.
#[doc(alias = "key_file")]
pub const CERTIFICATE_KEY: FilePart = FilePart::new("key_file", "key-file.key");

/// Takes a certificate for the HTTPS service of the device, and then [its key](CERTIFICATE_KEY), unless the device made the key itself.
/// The code is in the body: [`CertificateCode`].
#[doc(alias("cert.upload", "cert_file", "server_ssl_cert_upload.cgi"))]
pub const CERTIFICATE_UPLOAD: UploadEndpoint = UploadEndpoint::new(
    "/cgi-bin/server_ssl_cert_upload.cgi",
    &[FilePart::new("cert_file", "cert-file.crt"), CERTIFICATE_KEY],
    CodePlace::Body,
    judge::<CertificateCode>,
);

/// Gives certificates, keys and signing requests: [`CertificateFile`](super::CertificateFile) says which.
#[doc(alias("cert.download", "server_ssl_cert_download.cgi"))]
pub const CERTIFICATE_DOWNLOAD: Endpoint = Endpoint::new("/cgi-bin/server_ssl_cert_download.cgi");

/// Takes a raw configuration. The code is in the header: [`RawConfigCode`].
///
/// A configuration for many devices needs a device list, as a file before it. Its name is not known:
/// [`Upload::file`](crate::agent::Upload::file) takes any.
#[doc(alias("rawcfg.upload", "config_file", "raw_config_update.cgi"))]
pub const RAW_CONFIG_UPLOAD: UploadEndpoint = UploadEndpoint::new(
    "/cgi-bin/raw_config_update.cgi",
    &[FilePart::new("config_file", "config.txt")],
    CodePlace::Header,
    judge::<RawConfigCode>,
);

/// Gives the raw configuration, as text.
#[doc(alias("rawcfg.download", "raw_config_download.cgi"))]
pub const RAW_CONFIG_DOWNLOAD: Endpoint = Endpoint::new("/cgi-bin/raw_config_download.cgi");

/// Takes a bulk configuration or a backup, as [`BulkConfigRestore`](super::BulkConfigRestore) says. The code is in the
/// header: [`BulkConfigCode`].
#[doc(alias("bulkcfg.upload", "bulk_config_file", "bulk_config_restore.cgi"))]
pub const BULK_CONFIG_RESTORE: UploadEndpoint = UploadEndpoint::new(
    "/cgi-bin/bulk_config_restore.cgi",
    &[FilePart::new("bulk_config_file", "bulk_config.txt")],
    CodePlace::Header,
    judge::<BulkConfigCode>,
);

/// Gives a bulk configuration or a backup, as [`BulkConfigSave`](super::BulkConfigSave) says.
#[doc(alias("bulkcfg.download", "bulk_config_save.cgi"))]
pub const BULK_CONFIG_SAVE: Endpoint = Endpoint::new("/cgi-bin/bulk_config_save.cgi");

/// Takes a firmware image, as [`FirmwareUpload`](super::FirmwareUpload) says. There is no code: `/firmware` tells the rest.
#[doc(alias("firmware.upload", "upfile", "fwupload.cgi"))]
pub const FIRMWARE_UPLOAD: UploadEndpoint = UploadEndpoint::new(
    "/cgi-bin/fwupload.cgi",
    &[FilePart::new("upfile", "upfile.bin")],
    CodePlace::Nowhere,
    |_| Ok(()),
);

/// The resource id of the object (`firmware.FirmwareUpdateStatus`) that tells how far an update is, also while nothing else
/// is answered.
pub const FIRMWARE_PROGRESS: Endpoint = Endpoint::new("/cgi-bin/fwupdate_progress.cgi");

/// Gives diagnostic data. Their form is not known, and they may be large.
#[doc(alias("diag.download", "diag-data.cgi"))]
pub const DIAGNOSTICS: Endpoint = Endpoint::new("/cgi-bin/diag-data.cgi");

/// Gives the description of a device that was engineered to order.
#[doc(alias("download_eto", "eto_desc.cgi"))]
pub const ENGINEERED_TO_ORDER: Endpoint = Endpoint::new("/cgi-bin/eto_desc.cgi");

/// Gives what the power meters measure, as CSV: [`PowerMeters`](super::PowerMeters) says which.
#[doc(alias("download_powermeter_csv", "download_panel_csv", "export_pmc.cgi"))]
pub const POWER_METERS: Endpoint = Endpoint::new("/cgi-bin/export_pmc.cgi");

/// Takes a configuration for power meters: the file that the vendor's spreadsheet writes. The body of the answer is text,
/// without a code.
#[doc(alias("upload_pmc_config", "upload_pmc_config.cgi"))]
pub const POWER_METER_CONFIG_UPLOAD: UploadEndpoint = UploadEndpoint::new(
    "/cgi-bin/upload_pmc_config.cgi",
    &[FilePart::new("config_file", "config.csv")],
    CodePlace::Nowhere,
    |_| Ok(()),
);

/// Gives the measurements of the device for Prometheus, from firmware 4.0.10 on: [`MetricsPage`](super::MetricsPage) says
/// how.
pub const METRICS: Endpoint = Endpoint::new("/cgi-bin/dump_prometheus.cgi");
