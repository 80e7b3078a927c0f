//! A device that keeps what comes, and answers as it is told.

use std::sync::{Arc, Mutex};

use xerus_api::bulkcfg::bulk_configuration;
use xerus_api::rawcfg::raw_configuration;
use xerus_api::server::{bulkcfg, rawcfg};
use xerus_rpc::server::{Context, Reply, Router};
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Agent, Time};
use xerus_sim::Serving;
use xerus_sim::site::{Download, FileEndpoint, FileRequest, Form, Refusal, Site, Uploaded};

use crate::python::{PASSWORD, Python};

/// A part of a form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    name: String,
    file_name: Option<String>,
    media_type: Option<String>,
    bytes: Vec<u8>,
}

/// A request for a file, or with files.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) endpoint: FileEndpoint,
    unit: u32,
    parameters: Vec<(String, String)>,
    parts: Vec<Part>,
}

/// Keeps what comes.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) requests: Mutex<Vec<Request>>,
    pub(crate) code: Mutex<i32>,
}

impl Shelf {
    /// The one request that came.
    pub(crate) fn take(&self) -> Request {
        let mut requests = std::mem::take(&mut *self.requests.lock().unwrap());
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.remove(0)
    }

    fn keep(&self, endpoint: FileEndpoint, request: &FileRequest, parts: Vec<Part>) {
        self.requests.lock().unwrap().push(Request {
            endpoint,
            unit: request.unit,
            parameters: request.parameters.clone(),
            parts,
        });
    }
}

/// What a file has in it: bytes of every kind.
pub(crate) fn content(endpoint: FileEndpoint) -> Vec<u8> {
    let all = (0..=255).cycle().take(70_000);
    let mut content: Vec<u8> = all.collect();
    content.extend(format!("{endpoint:?}\r\n").into_bytes());
    content
}

struct Kept(Arc<Shelf>);

impl Site for Kept {
    fn has(&self, _: FileEndpoint) -> bool {
        true
    }

    fn download<'a>(
        &'a self,
        endpoint: FileEndpoint,
        request: &'a FileRequest,
    ) -> BoxFuture<'a, Result<Download, Refusal>> {
        Box::pin(async move {
            self.0.keep(endpoint, request, Vec::new());
            Ok(Download::bytes(
                "application/octet-stream",
                content(endpoint),
            ))
        })
    }

    fn upload<'a>(
        &'a self,
        endpoint: FileEndpoint,
        request: &'a FileRequest,
        form: &'a mut Form,
    ) -> BoxFuture<'a, Result<Uploaded, Refusal>> {
        Box::pin(async move {
            let mut parts = Vec::new();
            while let Some(part) = form.next().await? {
                parts.push(Part {
                    name: part.name().to_owned(),
                    file_name: part.file_name().map(str::to_owned),
                    media_type: part.media_type().map(str::to_owned),
                    bytes: part.bytes(1 << 24).await?,
                });
            }
            self.0.keep(endpoint, request, parts);
            Ok(match endpoint {
                FileEndpoint::PowerMeterConfigUpload => Uploaded::Text("taken: ä\n".to_owned()),
                _ => Uploaded::Code(*self.0.code.lock().unwrap()),
            })
        })
    }
}

struct Idle;

impl rawcfg::RawConfiguration for Idle {
    fn get_status<'a>(&'a self, _: &'a Context) -> Reply<'a, (raw_configuration::Status, Time)> {
        let none = Time::from_unix_seconds(0);
        Reply::ok((raw_configuration::Status::Unknown, none))
    }
}

impl bulkcfg::BulkConfiguration for Idle {
    fn get_status<'a>(&'a self, _: &'a Context) -> Reply<'a, (bulk_configuration::Status, Time)> {
        let none = Time::from_unix_seconds(0);
        Reply::ok((bulk_configuration::Status::Unknown, none))
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, bulk_configuration::Settings> {
        let profile = bulk_configuration::FilterProfile {
            name: "names & more".to_owned(),
            ..Default::default()
        };
        Reply::ok(bulk_configuration::Settings {
            filter_profiles: vec![profile],
            ..Default::default()
        })
    }
}

/// The device, and an agent of ours.
pub(crate) async fn shelf() -> (Arc<Shelf>, Serving, Agent) {
    let shelf = Arc::new(Shelf::default());
    let router = Router::new();
    router.insert("/rawcfg", rawcfg::raw_configuration(Idle));
    router.insert("/bulkcfg", bulkcfg::bulk_configuration(Idle));
    let serving = xerus_sim::serve(router)
        .user("admin", PASSWORD)
        .https(true)
        .site(Kept(Arc::clone(&shelf)))
        .start()
        .await
        .unwrap();
    let agent = Agent::builder(serving.url())
        .basic_auth("admin", PASSWORD)
        .danger_accept_invalid_certs()
        .build()
        .unwrap();
    (shelf, serving, agent)
}

/// Both asked for the same. The oldest client leaves out what it does not know: the primary unit, and the tag of the active
/// certificate.
pub(crate) fn alike(python: &Python, theirs: &Request, ours: &Request, what: &str) {
    let mut ours = ours.clone();
    if python.is_oldest() {
        ours.parameters.retain(|(name, value)| {
            !matches!(
                (name.as_str(), value.as_str()),
                ("link_ids", "1") | ("tag", "active_cert")
            )
        });
    }
    assert_eq!(theirs, &ours, "{} {what}", python.version);
}
