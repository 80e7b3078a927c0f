//! The files of the simulated device, and the certificate that it shows.

mod page;
mod request;

use std::sync::Arc;

use xerus_rpc::files::{CertificateCode, CertificateFile, ResponseCode as _};
use xerus_rpc::wire::BoxFuture;

use self::request::{files, is_backup, part, primary_unit, restore_options};
use crate::door::{
    Download, FileEndpoint, FileRequest, Form, Identity, Keys, Refusal, Site, Uploaded, identity,
};
use crate::front::{Bound, Front};
use crate::model::certificates::KeyPair;
use crate::model::configuration::MAX_BYTES;
use crate::model::configuration::bulk::SaveOptions;
use crate::model::update::UploadRefusal;
use crate::model::{Actor, Device, Firmware, ImageUpload};

/// Files of certificates and keys are not larger.
const MAX_PEM: usize = 64 * 1024;
/// A file that is larger than what the device takes is read so far, so that the device can say so.
const MAX_CONFIGURATION: usize = MAX_BYTES + 1;

/// Puts the device behind a server: its files, and its certificate, which is at first that of the server.
pub(crate) fn put_behind(device: &Arc<Device>, front: &mut Front, bound: &Bound) {
    let pair = bound.pair();
    if let Some(pair) = pair.and_then(|(chain, key)| KeyPair::new(chain, key).ok()) {
        device.use_certificate(pair);
    }
    bound.follow(Arc::<Device>::clone(device));
    let site: Arc<dyn Site> = Arc::new(DeviceSite(Arc::clone(device)));
    front.site.get_or_insert(site);
}

impl Keys for Device {
    fn newer(&self, known: u64) -> Option<(u64, Identity)> {
        let number = self.certificate_generation();
        if number == known {
            return None;
        }
        let pair = self.certificate()?;
        let (pem, key_pem) = (pair.chain_pem().to_owned(), pair.key_pem().to_owned());
        let made = identity(pem, key_pem, pair.chain().to_vec(), pair.key().ok()?);
        made.inspect_err(|error| tracing::warn!(%error, "a certificate cannot be used"))
            .ok()
            .map(|identity| (number, identity))
    }
}

/// The files of a device.
struct DeviceSite(Arc<Device>);

/// Who asks.
fn actor(request: &FileRequest) -> Actor {
    let context = &request.context;
    let address = context.peer.map(|peer| peer.ip().to_string());
    Actor::new(
        context.user.clone().unwrap_or_default(),
        address.unwrap_or_default(),
    )
}

impl DeviceSite {
    /// Refuses a caller who may only read, and whoever asks for a link unit, as there are none.
    fn check(&self, endpoint: FileEndpoint, request: &FileRequest) -> Result<(), Refusal> {
        if request.unit != 1 {
            return Err(Refusal::NotFound);
        }
        let reads_only = matches!(
            endpoint,
            FileEndpoint::Metrics
                | FileEndpoint::PowerMeters
                | FileEndpoint::EngineeredToOrder
                | FileEndpoint::CertificateDownload
        );
        let user = request.context.user.as_deref();
        if reads_only || self.0.accounts().may_change(user) {
            Ok(())
        } else {
            Err(Refusal::Forbidden)
        }
    }

    fn file(&self, endpoint: FileEndpoint, request: &FileRequest) -> Result<Download, Refusal> {
        self.check(endpoint, request)?;
        let text = |text: String| Download::bytes("text/plain; charset=UTF-8", text);
        match endpoint {
            FileEndpoint::RawConfigDownload => {
                Ok(text(self.0.save_raw(&actor(request))).file_name("config.txt"))
            }
            FileEndpoint::BulkConfigSave => self.save_bulk(request),
            FileEndpoint::CertificateDownload => self.certificate(request),
            FileEndpoint::Diagnostics => {
                let archive = Download::bytes("application/octet-stream", self.0.diagnostics());
                Ok(archive.file_name("diag-data.tar"))
            }
            FileEndpoint::EngineeredToOrder => Ok(text(self.0.eto_descriptor())),
            FileEndpoint::PowerMeters => self.power_meters(request),
            FileEndpoint::Metrics => {
                let names = request.parameter("include_names") == Some("1");
                let page = self.0.metrics(names);
                Ok(Download::bytes("text/plain; version=0.0.4", page))
            }
            _ => Err(Refusal::NotFound),
        }
    }

    fn save_bulk(&self, request: &FileRequest) -> Result<Download, Refusal> {
        primary_unit(request)?;
        let text = |name| request.parameter(name).unwrap_or_default();
        let options = SaveOptions {
            backup: is_backup(request)?,
            password: text("bulk_config_password").to_owned(),
            clear_text: text("config_format") == "cleartext",
            profile: text("filter_profile").to_owned(),
        };
        let file = self.0.save_bulk(&options, &actor(request));
        let file = file.ok_or_else(|| bad("there is no filter profile of that name"))?;
        let file = Download::bytes("application/octet-stream", file);
        Ok(file.file_name("bulk_config.txt"))
    }

    /// Keys go to administrators only.
    fn certificate(&self, request: &FileRequest) -> Result<Download, Refusal> {
        let tag = request.parameter("tag").unwrap_or("active_cert");
        let mut all = CertificateFile::ALL.into_iter();
        let which = all.find(|file| file.tag() == tag).ok_or_else(|| {
            bad("no such tag: take active_cert, active_key, new_cert, new_key or new_req")
        })?;
        let is_key = matches!(
            which,
            CertificateFile::ActiveKey | CertificateFile::PendingKey
        );
        let user = request.context.user.as_deref();
        if is_key && !self.0.accounts().may_change(user) {
            return Err(Refusal::Forbidden);
        }
        let pem = self.0.certificate_file(which).ok_or(Refusal::NotFound)?;
        Ok(Download::bytes("application/x-pem-file", pem).file_name(format!("{tag}.pem")))
    }

    fn power_meters(&self, request: &FileRequest) -> Result<Download, Refusal> {
        let panel = match request.parameter("panelid") {
            Some(panel) => Some(
                panel
                    .parse()
                    .map_err(|_| bad("panelid is a number from 1"))?,
            ),
            None => None,
        };
        let table = self.0.power_meter_csv(panel).ok_or(Refusal::NotFound)?;
        Ok(Download::bytes("text/csv; charset=UTF-8", table).file_name("power_meters.csv"))
    }

    async fn take(
        &self,
        endpoint: FileEndpoint,
        request: &FileRequest,
        form: &mut Form,
    ) -> Result<Uploaded, Refusal> {
        self.check(endpoint, request)?;
        match endpoint {
            FileEndpoint::FirmwareUpload => self.image(form).await,
            FileEndpoint::RawConfigUpload => {
                let files = files(form, MAX_CONFIGURATION).await?;
                let files: Vec<(&str, &[u8])> = files
                    .iter()
                    .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
                    .collect();
                let code = self.0.upload_raw(&files, &actor(request));
                Ok(Uploaded::Code(code.code()))
            }
            FileEndpoint::BulkConfigRestore => self.restore(request, form).await,
            FileEndpoint::CertificateUpload => {
                let files = files(form, MAX_PEM).await?;
                let file = |name| part(&files, name);
                let code: CertificateCode = self
                    .0
                    .upload_certificate(file("cert_file"), file("key_file"));
                Ok(Uploaded::Code(code.code()))
            }
            FileEndpoint::PowerMeterConfigUpload => {
                let files = files(form, MAX_CONFIGURATION).await?;
                // What is in it means nothing here: power meters are not simulated.
                let is_json = part(&files, "config_file")
                    .is_some_and(|file| serde_json::from_slice::<serde_json::Value>(file).is_ok());
                Ok(Uploaded::Text(if is_json {
                    "the configuration was taken; no power meters are simulated\n".to_owned()
                } else {
                    "no JSON: export the file from the spreadsheet, and send it as config_file\n"
                        .to_owned()
                }))
            }
            _ => Err(Refusal::NotFound),
        }
    }

    /// Read piece by piece: no device holds an image in memory.
    async fn image(&self, form: &mut Form) -> Result<Uploaded, Refusal> {
        // The form is little larger than the image; when all is there, the size is that of the image.
        let total = form.announced();
        while let Some(mut part) = form.next().await? {
            if part.name() != "upfile" {
                continue;
            }
            let upload = ImageUpload::begin(&self.0, total);
            let mut upload = upload.map_err(|refusal| match refusal {
                UploadRefusal::TooLarge => Refusal::TooLarge,
                refusal => Refusal::Busy(refusal.to_string()),
            })?;
            while let Some(piece) = part.chunk().await? {
                if !upload.push(&piece) {
                    return Err(Refusal::TooLarge);
                }
            }
            return Ok(match upload.finish() {
                0 => Uploaded::Code(0),
                refused => Uploaded::CodeInHeader(refused),
            });
        }
        Err(bad("the form has no part upfile: send the image as that"))
    }

    async fn restore(&self, request: &FileRequest, form: &mut Form) -> Result<Uploaded, Refusal> {
        let files = files(form, MAX_CONFIGURATION).await?;
        let options = restore_options(request);
        let file = part(&files, "bulk_config_file");
        let code = match (options, file) {
            (Some(options), Some(file)) => self.0.restore_bulk(&options, file, &actor(request)),
            _ => self.0.refuse_bulk(),
        };
        Ok(Uploaded::Code(code.code()))
    }
}

impl Site for DeviceSite {
    fn has(&self, endpoint: FileEndpoint) -> bool {
        // The page with measurements came with 4.0.10.
        endpoint != FileEndpoint::Metrics || self.0.firmware() != Firmware::V3_6_80
    }

    fn download<'a>(
        &'a self,
        endpoint: FileEndpoint,
        request: &'a FileRequest,
    ) -> BoxFuture<'a, Result<Download, Refusal>> {
        Box::pin(async move { self.file(endpoint, request) })
    }

    fn upload<'a>(
        &'a self,
        endpoint: FileEndpoint,
        request: &'a FileRequest,
        form: &'a mut Form,
    ) -> BoxFuture<'a, Result<Uploaded, Refusal>> {
        Box::pin(self.take(endpoint, request, form))
    }

    fn page<'a>(&'a self, path: &'a str, _: &'a FileRequest) -> BoxFuture<'a, Option<Download>> {
        Box::pin(async { page::page(path) })
    }
}

fn bad(why: &str) -> Refusal {
    Refusal::BadRequest(why.to_owned())
}
