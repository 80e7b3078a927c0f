//! A device that answers as it is told, for what the simulated one does not do.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use xerus_api::bulkcfg::bulk_configuration;
use xerus_api::rawcfg::raw_configuration;
use xerus_api::server::{bulkcfg, rawcfg};
use xerus_rpc::server::{Context, Reply, Router};
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Agent, Enumeration as _, Time};
use xerus_sim::Serving;
use xerus_sim::site::{Download, FileEndpoint, FileRequest, Form, Refusal, Site, Uploaded};

/// An upload that came: endpoint, unit, names of the parts with their bytes.
type Came = (FileEndpoint, u32, Vec<(String, usize)>);

/// What a device has seen, and what it is to say.
#[derive(Default)]
pub(crate) struct Script {
    /// Index and time of the status, one after another; the last one stays.
    pub(crate) standings: Mutex<VecDeque<(i32, i64)>>,
    pub(crate) code: Mutex<i32>,
    pub(crate) uploads: Mutex<Vec<Came>>,
    /// Who asked for a file: endpoint, unit and parameters.
    pub(crate) downloads: Mutex<Vec<(FileEndpoint, u32, String)>>,
    /// Endpoints that it has; all if there are none.
    pub(crate) has: Vec<FileEndpoint>,
}

impl Script {
    fn standing(&self) -> (i32, Time) {
        let mut standings = self.standings.lock().unwrap();
        let (index, since) = standings.front().copied().unwrap_or_default();
        if standings.len() > 1 {
            standings.pop_front();
        }
        (index, Time::from_unix_seconds(since))
    }

    pub(crate) fn say(&self, standings: &[(i32, i64)]) {
        *self.standings.lock().unwrap() = standings.iter().copied().collect();
    }
}

struct Status(Arc<Script>);

impl rawcfg::RawConfiguration for Status {
    fn get_status<'a>(&'a self, _: &'a Context) -> Reply<'a, (raw_configuration::Status, Time)> {
        let (index, since) = self.0.standing();
        Reply::ok((raw_configuration::Status::from_index(index), since))
    }
}

impl bulkcfg::BulkConfiguration for Status {
    fn get_status<'a>(&'a self, _: &'a Context) -> Reply<'a, (bulk_configuration::Status, Time)> {
        let (index, since) = self.0.standing();
        Reply::ok((bulk_configuration::Status::from_index(index), since))
    }
}

struct Shelf(Arc<Script>);

impl Site for Shelf {
    fn has(&self, endpoint: FileEndpoint) -> bool {
        self.0.has.is_empty() || self.0.has.contains(&endpoint)
    }

    fn download<'a>(
        &'a self,
        endpoint: FileEndpoint,
        request: &'a FileRequest,
    ) -> BoxFuture<'a, Result<Download, Refusal>> {
        Box::pin(async move {
            let parameters = request.parameters.iter();
            let parameters: Vec<_> = parameters
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let seen = (endpoint, request.unit, parameters.join("&"));
            self.0.downloads.lock().unwrap().push(seen);
            Ok(Download::bytes("text/plain", format!("{endpoint:?}")))
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
                let name = part.name().to_owned();
                parts.push((name, part.bytes(1 << 20).await?.len()));
            }
            let seen = (endpoint, request.unit, parts);
            self.0.uploads.lock().unwrap().push(seen);
            Ok(match endpoint {
                FileEndpoint::PowerMeterConfigUpload => Uploaded::Text("taken\n".to_owned()),
                _ => Uploaded::Code(*self.0.code.lock().unwrap()),
            })
        })
    }
}

/// A device with this script, the same objects under `/link/2`, and an agent.
pub(crate) async fn scripted(script: Script) -> (Arc<Script>, Serving, Agent) {
    let script = Arc::new(script);
    let router = Router::new();
    for link in ["", "/link/2"] {
        let status = || Status(Arc::clone(&script));
        router.insert(
            &format!("{link}/rawcfg"),
            rawcfg::raw_configuration(status()),
        );
        router.insert(
            &format!("{link}/bulkcfg"),
            bulkcfg::bulk_configuration(status()),
        );
    }
    let serving = xerus_sim::serve(router)
        .user("admin", "pass")
        .site(Shelf(Arc::clone(&script)))
        .start()
        .await
        .unwrap();
    let agent = Agent::builder(serving.url()).basic_auth("admin", "pass");
    (script, serving, agent.build().unwrap())
}
