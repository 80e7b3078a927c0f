//! Files that the device takes and gives: images, diagnostic data, tables.

use std::sync::Arc;

use xerus_rpc::files::CertificateCode;

use crate::model::configuration::raw::RawConfiguration;
use crate::model::device::Device;
use crate::model::diagnostics::{Archive, MeterRow, eto_descriptor, log_text, power_meter_csv};
use crate::model::image::ImageReader;
use crate::model::place::{Line, Place};
use crate::model::quantity::Quantity;
use crate::model::sensor_id::SensorId;
use crate::model::update::{UploadRefusal, UploadTicket};

/// An image on its way to the device. Dropped before its end, it is a failed upload.
pub(crate) struct ImageUpload {
    device: Arc<Device>,
    ticket: Option<UploadTicket>,
    reader: ImageReader,
}

impl ImageUpload {
    /// Begins with an image of so many bytes, if that is known.
    pub(crate) fn begin(device: &Arc<Device>, total: Option<u64>) -> Result<Self, UploadRefusal> {
        let now = device.clock().now();
        let ticket = device.maintenance().updater.begin_upload(now, total)?;
        Ok(Self {
            device: Arc::clone(device),
            ticket: Some(ticket),
            reader: ImageReader::new(),
        })
    }

    /// Takes the next piece. `false`: the rest is not wanted.
    pub(crate) fn push(&mut self, piece: &[u8]) -> bool {
        let Some(ticket) = self.ticket else {
            return false;
        };
        self.reader.push(piece);
        let bytes = self.reader.bytes();
        self.device.maintenance().updater.uploading(ticket, bytes)
    }

    /// All is there. Gives the code of the answer.
    pub(crate) fn finish(mut self) -> i32 {
        let Some(ticket) = self.ticket.take() else {
            return 0;
        };
        let code = self.device.maintenance().updater.upload_code();
        if code != 0 {
            let why = format!("the device refused the image with code {code}");
            self.device.maintenance().updater.upload_failed(ticket, why);
            return code;
        }
        let image = std::mem::take(&mut self.reader).finish();
        let now = self.device.clock().now();
        let happened = self
            .device
            .maintenance()
            .updater
            .uploaded(now, ticket, image);
        self.device.act(happened);
        0
    }
}

impl Drop for ImageUpload {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            let why = "the upload ended early: send the image again";
            self.device.maintenance().updater.upload_failed(ticket, why);
        }
    }
}

impl Device {
    /// The files of a certificate upload.
    pub(crate) fn upload_certificate(
        &self,
        certificate: Option<&[u8]>,
        key: Option<&[u8]>,
    ) -> CertificateCode {
        let taken = self.with_certificates(|certificates| certificates.upload(certificate, key));
        taken.unwrap_or(CertificateCode::InternalError)
    }

    /// Diagnostic data: a tar archive with what the device is, how it is set, its logs and updates.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<u8> {
        let identity = self.identity();
        let settings = self.configuration();
        let mut archive = Archive::new(self.clock().now());
        let about = format!(
            "kind={}\nmodel={}\nserial={}\nmac={}\nfirmware={}\npresence={:?}\n",
            identity.kind,
            identity.model,
            identity.serial,
            identity.mac,
            identity.firmware,
            self.presence(),
        );
        archive.add("device.txt", &about);
        archive.add("config.txt", &RawConfiguration::download(&settings));
        let (events, debug, updates) = {
            let maintenance = self.maintenance();
            let updates: String = maintenance
                .updater
                .history()
                .iter()
                .map(|update| {
                    let (began, old, new) = (update.began.as_secs(), update.old, update.new);
                    format!(
                        "{began} {old} {new} {:?} {}\n",
                        update.result, update.details
                    )
                })
                .collect();
            let events = log_text(&maintenance.event_log);
            (events, log_text(&maintenance.debug_log), updates)
        };
        archive.add("eventlog.txt", &events);
        archive.add("debuglog.txt", &debug);
        archive.add("updates.txt", &updates);
        archive.finish()
    }

    /// What the device is made of, as text.
    #[must_use]
    pub fn eto_descriptor(&self) -> String {
        eto_descriptor(&self.identity(), &self.configuration())
    }

    /// What the inlets measure, as comma-separated values: all, or one by its number from 1. `None`: there is no such inlet.
    #[must_use]
    pub fn power_meter_csv(&self, panel: Option<u32>) -> Option<String> {
        let inlets = u32::try_from(self.make_up().inlets).unwrap_or(u32::MAX);
        let panels = match panel {
            Some(panel) if (1..=inlets).contains(&panel) => panel..=panel,
            Some(_) => return None,
            None => 1..=inlets,
        };
        let rows: Vec<_> = panels.flat_map(|panel| self.meter_rows(panel)).collect();
        Some(power_meter_csv(&rows))
    }

    fn meter_rows(&self, panel: u32) -> Vec<MeterRow> {
        let inlet = usize::try_from(panel).unwrap_or(usize::MAX) - 1;
        let name = self.inlet_settings(inlet).unwrap_or_default().name;
        let row = |line: Option<Line>| {
            let place = line.map_or(Place::Inlet(inlet), |line| Place::Pole(inlet, line));
            let measured = self.measured(place);
            let value = |quantity| {
                let id = SensorId::new(place, quantity);
                let reading = measured.contains(&quantity).then(|| self.reading(id))?;
                reading.available.then_some(reading.value)
            };
            MeterRow {
                panel,
                name: name.clone(),
                line: line.map_or_else(String::new, |line| format!("{line:?}")),
                voltage: value(Quantity::Voltage),
                current: value(Quantity::Current),
                power: value(Quantity::ActivePower),
                energy: value(Quantity::ActiveEnergy),
            }
        };
        let lines = self.make_up().lines().iter().map(|line| Some(*line));
        [None].into_iter().chain(lines).map(row).collect()
    }
}
