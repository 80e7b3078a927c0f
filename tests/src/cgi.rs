//! The endpoints for files: what is asked, and what is made of their codes.

use serde_json::{Value, json};
use xerus_rpc::agent::{Download, Upload};
use xerus_rpc::files::{
    self, BulkConfigRestore, BulkConfigSave, CertificateFile, FirmwareUpload, PowerMeters,
    SkipCheck, UploadEndpoint,
};
use xerus_rpc::{Agent, Error};

use crate::network::{Network, answer};
use crate::observed::{Fault, Observed, Seen};
use crate::transport::block_on;
use crate::vector::{Direction, Vector};

/// Runs a vector of the kind `cgi:<endpoint>`.
pub(crate) fn run(endpoint: &str, vector: &Vector) -> Option<Observed> {
    let input = vector.json()?;
    match vector.direction {
        Direction::Decode => block_on(judged(upload(endpoint)?, &input)),
        Direction::Encode => block_on(asked(endpoint, &input)),
        Direction::Both => None,
    }
}

/// The endpoint that takes files under this name.
fn upload(name: &str) -> Option<UploadEndpoint> {
    let path = format!("/cgi-bin/{name}.cgi");
    [
        files::CERTIFICATE_UPLOAD,
        files::RAW_CONFIG_UPLOAD,
        files::BULK_CONFIG_RESTORE,
        files::FIRMWARE_UPLOAD,
        files::POWER_METER_CONFIG_UPLOAD,
    ]
    .into_iter()
    .find(|endpoint| endpoint.path() == path)
}

/// What is made of an answer: its headers, or its body.
async fn judged(endpoint: UploadEndpoint, input: &Value) -> Option<Observed> {
    let answer = match input {
        Value::String(body) => answer(200, "", body),
        Value::Object(headers) => {
            let line =
                |(name, value): (&String, &Value)| Some(format!("{name}: {}\r\n", value.as_str()?));
            let lines: Option<String> = headers.iter().map(line).collect();
            answer(200, &lines?, "")
        }
        _ => return None,
    };
    let network = Network::start(move |_| answer.clone()).await.ok()?;
    let builder = network.lead(Agent::builder("https://pdu.example"));
    let agent = builder.build().ok()?;
    let upload = agent.upload(endpoint).part(endpoint.file("x"));
    let result = async {
        let answer = upload.await?;
        endpoint.check(&answer)?;
        endpoint.code(&answer)
    };
    Some(match result.await {
        Ok(code) => Observed::Value(Seen::plain(json!({ "code": code }))),
        Err(error) => Observed::Error(Fault::from(&error)),
    })
}

/// The path with its parameters that goes out.
async fn asked(endpoint: &str, input: &Value) -> Option<Observed> {
    let network = Network::start(|_| answer(200, "", "")).await.ok()?;
    let builder = network.lead(Agent::builder("https://pdu.example"));
    let agent = builder.build().ok()?;
    let result = match request(&agent, endpoint, input)? {
        Err(error) => Err(error),
        Ok(Transfer::Download(download)) => download.await.map(drop),
        Ok(Transfer::Upload(upload)) => upload.await.map(drop),
    };
    Some(match result {
        Ok(()) => {
            let asked = network.asked();
            Observed::Value(Seen::plain(json!(asked.first()?.target())))
        }
        Err(error) => Observed::Error(Fault::from(&error)),
    })
}

enum Transfer {
    Download(Download),
    Upload(Upload),
}

/// A number of a vector, if it fits at all.
fn number<N: TryFrom<u64>>(value: &Value) -> Option<N> {
    value.as_u64()?.try_into().ok()
}

/// The transfer that a vector describes; `None` when it is not understood.
fn request(agent: &Agent, endpoint: &str, input: &Value) -> Option<Result<Transfer, Error>> {
    let flag = |name: &str| input[name].as_bool().unwrap_or(false);
    let text = |name: &str| input[name].as_str().unwrap_or_default();
    let units = || {
        let units = input["link_ids"].as_array().into_iter().flatten();
        units.map(|unit| number(unit).unwrap_or(u32::MAX))
    };
    let post = |endpoint: UploadEndpoint| agent.upload(endpoint).part(endpoint.file("x"));
    Some(match endpoint {
        "bulk_config_restore" => {
            let mut restore = BulkConfigRestore::new()
                .backup(flag("backup"))
                .password(text("password"))
                .link_units(units());
            for check in input["skip_check"].as_array().into_iter().flatten() {
                restore = restore.skip_check(match check.as_str()? {
                    "model" => SkipCheck::Model,
                    "firmware_version" => SkipCheck::FirmwareVersion,
                    _ => return None,
                });
            }
            let upload = post(files::BULK_CONFIG_RESTORE);
            let query = restore.query();
            query.map(|query| Transfer::Upload(upload.queries(query)))
        }
        "bulk_config_save" => {
            let save = BulkConfigSave::new()
                .backup(flag("backup"))
                .password(text("password"))
                .clear_text(flag("clear_text"))
                .link_units(units())
                .filter_profile(text("filter_profile"));
            let download = agent.download(files::BULK_CONFIG_SAVE);
            let query = save.query();
            query.map(|query| Transfer::Download(download.queries(query)))
        }
        "export_pmc" => {
            let meters = match input.get("panelid") {
                Some(panel) => PowerMeters::panel(number(panel).unwrap_or(u8::MAX)),
                None => Ok(PowerMeters::all()),
            };
            let download = agent.download(files::POWER_METERS);
            meters.map(|meters| Transfer::Download(download.queries(meters.query())))
        }
        "fwupload" => {
            let mut firmware = FirmwareUpload::new();
            for (name, value) in input.as_object()? {
                let value = value.as_bool()?;
                firmware = match &**name {
                    "lowMemoryUpload" => firmware.low_memory(value),
                    "allowLowMemoryDowngrade" => firmware.allow_downgrade(value),
                    "allowLowMemoryUntrusted" => firmware.allow_untrusted(value),
                    _ => return None,
                };
            }
            let upload = post(files::FIRMWARE_UPLOAD);
            Ok(Transfer::Upload(upload.queries(firmware.query())))
        }
        "server_ssl_cert_download" => {
            let tag = input.as_str()?;
            let file = CertificateFile::ALL
                .into_iter()
                .find(|file| file.tag() == tag)?;
            let download = agent.download(files::CERTIFICATE_DOWNLOAD);
            Ok(Transfer::Download(download.queries(file.query())))
        }
        _ => return None,
    })
}
