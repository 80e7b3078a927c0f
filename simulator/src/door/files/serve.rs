//! The way of a request to a file, in or out.

use std::sync::Arc;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use xerus_rpc::files::UploadEndpoint;

use super::answer::{download, refused, uploaded};
use super::form::Form;
use crate::door::answer;
use crate::door::body::{AnswerBody, TornDown};
use crate::door::connection::Link;
use crate::door::listen::Door;
use crate::door::site::{FileEndpoint, FileRequest, Refusal, Site};
use crate::fault::{Before, Subject};
use crate::limits::timeout;

/// What a request to a file endpoint is for.
pub(in crate::door) struct Wanted<'r> {
    /// Decoded.
    pub(in crate::door) path: &'r str,
    pub(in crate::door) endpoint: FileEndpoint,
    /// The device itself (1), or a link unit.
    pub(in crate::door) unit: u32,
    pub(in crate::door) parameters: Vec<(String, String)>,
}

impl Door {
    /// `Err` tears the connection down without an answer.
    pub(in crate::door) async fn file(
        &self,
        wanted: Wanted<'_>,
        head: &Parts,
        body: Incoming,
        link: &Link,
    ) -> Result<Response<AnswerBody>, TornDown> {
        let Wanted {
            path,
            endpoint,
            unit,
            parameters,
        } = wanted;
        let faults = self.faults.take(|| Subject::file(path));
        let token = self.token(&head.headers);
        let reused = link.is_reused();
        let before =
            crate::fault::before(faults, token.as_deref(), &self.memory, reused, link).await?;
        let after = match before {
            Before::Execute(after) => after,
            Before::Answer(answer) => return Ok(answer),
        };
        // The vendor's Perl tools put the token of an upload there.
        let in_query = (endpoint == FileEndpoint::FirmwareUpload)
            .then(|| parameters.iter().find(|(name, _)| name == "session"))
            .flatten()
            .map(|(_, token)| token.clone());
        let Ok(context) = self.caller(&head.headers, in_query, link) else {
            return Ok(self.turned_away(body).await);
        };
        let answer = if self.must_change_password(&context) {
            answer::password_change_required()
        } else {
            let request = FileRequest {
                unit,
                parameters,
                context,
            };
            self.admitted(endpoint, request, head, body, link).await
        };
        after.finish(answer, link)
    }

    /// The answer to a caller who is let in.
    async fn admitted(
        &self,
        endpoint: FileEndpoint,
        request: FileRequest,
        head: &Parts,
        body: Incoming,
        link: &Link,
    ) -> Response<AnswerBody> {
        let Some(site) = self.site.as_ref().filter(|site| site.has(endpoint)) else {
            return answer::plain(StatusCode::NOT_FOUND);
        };
        match (endpoint.upload(), &head.method) {
            (None, &Method::GET) => {
                link.watch.work();
                site.download(endpoint, &request)
                    .await
                    .map_or_else(refused, download)
            }
            (None, _) => answer::method_not_allowed("GET"),
            (Some(upload), &Method::POST) => self
                .take(site, endpoint, upload, &request, head, body)
                .await
                .unwrap_or_else(refused),
            (Some(_), _) => answer::method_not_allowed("POST"),
        }
    }

    async fn take(
        &self,
        site: &Arc<dyn Site>,
        endpoint: FileEndpoint,
        upload: UploadEndpoint,
        request: &FileRequest,
        head: &Parts,
        body: Incoming,
    ) -> Result<Response<AnswerBody>, Refusal> {
        let kind = head.headers.get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let announced = hyper::body::Body::size_hint(&body).lower();
        if announced > self.limits.upload_bytes as u64 {
            return Err(Refusal::TooLarge);
        }
        let body = Box::pin(body.map_err(drop));
        let pause = timeout(self.limits.body_timeout);
        let mut form = Form::new(kind, body, self.limits.upload_bytes, pause)?;
        let outcome = site.upload(endpoint, request, &mut form).await?;
        form.skip().await?;
        Ok(uploaded(upload, outcome))
    }

    /// The answer to something that is no call and no file: a page, if the site has one.
    pub(in crate::door) async fn page(
        &self,
        path: &str,
        parameters: Vec<(String, String)>,
        head: &Parts,
        body: Incoming,
        link: &Link,
    ) -> Response<AnswerBody> {
        let Ok(context) = self.caller(&head.headers, None, link) else {
            return self.turned_away(body).await;
        };
        if self.must_change_password(&context) {
            return answer::password_change_required();
        }
        if let Some(site) = &self.site
            && matches!(head.method, Method::GET | Method::HEAD)
        {
            let request = FileRequest {
                unit: 1,
                parameters,
                context,
            };
            link.watch.work();
            if let Some(page) = site.page(path, &request).await {
                return download(page);
            }
        }
        answer::method_not_allowed("POST")
    }
}
