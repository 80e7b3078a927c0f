//! Files in and out, of a site of our own (`docs/protocol/files.md`).

use std::sync::{Arc, Mutex};

use serde_json::json;
use xerus_rpc::server::Router;
use xerus_rpc::wire::BoxFuture;
use xerus_sim::site::{Download, FileEndpoint, FileRequest, Form, Refusal, Site, Uploaded};
use xerus_sim::{Limits, Serving};

use crate::support::{Answer, Client, admin, basic, builder};

/// Keeps what comes.
#[derive(Default)]
struct Shelf {
    seen: Arc<Mutex<Vec<String>>>,
    code: i32,
}

impl Site for Shelf {
    fn has(&self, endpoint: FileEndpoint) -> bool {
        endpoint != FileEndpoint::Metrics
    }

    fn download<'a>(
        &'a self,
        endpoint: FileEndpoint,
        request: &'a FileRequest,
    ) -> BoxFuture<'a, Result<Download, Refusal>> {
        Box::pin(async move {
            match endpoint {
                FileEndpoint::CertificateDownload => {
                    let tag = request.parameter("tag").ok_or(Refusal::NotFound)?;
                    Ok(Download::bytes("application/octet-stream", tag.to_owned()))
                }
                FileEndpoint::Diagnostics => {
                    let reader = tokio::io::AsyncReadExt::take(tokio::io::repeat(b'd'), 10_000_000);
                    Ok(
                        Download::stream("application/x-tar", Some(10_000_000), reader)
                            .file_name("diag.tgz"),
                    )
                }
                FileEndpoint::BulkConfigSave => Err(Refusal::Forbidden),
                _ => {
                    let user = request.context.user.as_deref().unwrap_or_default();
                    let text = format!("{user}@{}", request.unit);
                    Ok(Download::bytes("text/plain", text))
                }
            }
        })
    }

    fn upload<'a>(
        &'a self,
        endpoint: FileEndpoint,
        request: &'a FileRequest,
        form: &'a mut Form,
    ) -> BoxFuture<'a, Result<Uploaded, Refusal>> {
        Box::pin(async move {
            while let Some(part) = form.next().await? {
                let (name, file) = (part.name().to_owned(), part.file_name().map(str::to_owned));
                let bytes = part.bytes(1_000_000).await?.len();
                let low = request.parameter("lowMemoryUpload").unwrap_or("-");
                let line = format!("{name} {} {bytes} {low}", file.unwrap_or_default());
                self.seen.lock().unwrap().push(line);
            }
            match endpoint {
                FileEndpoint::PowerMeterConfigUpload => Ok(Uploaded::Text("done".to_owned())),
                _ => Ok(Uploaded::Code(self.code)),
            }
        })
    }

    fn page<'a>(&'a self, path: &'a str, _: &'a FileRequest) -> BoxFuture<'a, Option<Download>> {
        Box::pin(async move { (path == "/").then(|| Download::bytes("text/html", "<h1>PDU</h1>")) })
    }
}

async fn served(shelf: Shelf) -> Serving {
    let serve = xerus_sim::serve(Router::new()).user("admin", "pass");
    serve.site(shelf).start().await.unwrap()
}

async fn ask(served: &Serving, method: &str, path: &str, headers: &[&str]) -> Answer {
    let mut client = Client::connect(served.address()).await;
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: pdu\r\n{headers}\r\n");
    client.raw(request.as_bytes()).await.expect("an answer")
}

async fn get(served: &Serving, path: &str) -> Answer {
    ask(served, "GET", path, &[&admin()]).await
}

/// As the vendor's Python client writes it, with the field that its Perl tool adds.
fn form(name: &str, file: &str, data: &str) -> String {
    format!(
        "--0123456789abcdef\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n{data}\r\n--0123456789abcdef\r\n\
         Content-Disposition: form-data; name=\"submit\"\r\n\r\n1\r\n--0123456789abcdef--\r\n"
    )
}

const FORM: &str = "Content-Type: multipart/form-data; boundary=0123456789abcdef";

#[tokio::test]
async fn uploads_say_their_code_where_it_belongs() {
    let (seen, code) = (Arc::default(), 5);
    let served = served(Shelf {
        seen: Arc::clone(&seen),
        code,
    })
    .await;
    let mut client = Client::connect(served.address()).await;
    for (path, name, header, body) in [
        ("raw_config_update.cgi", "config_file", Some("5"), ""),
        (
            "bulk_config_restore.cgi?mode=backup",
            "bulk_config_file",
            Some("5"),
            "",
        ),
        (
            "server_ssl_cert_upload.cgi",
            "cert_file",
            None,
            "return_code=5",
        ),
        ("fwupload.cgi?lowMemoryUpload=1", "upfile", None, ""),
        ("upload_pmc_config.cgi", "config_file", None, "done"),
    ] {
        let path = format!("/cgi-bin/{path}");
        let text = form(name, "f.bin", "0123456789");
        let answer = client.post(&path, &[&admin(), FORM], &text).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("x-response-code"), header, "{path}");
        assert_eq!(answer.body, body.as_bytes(), "{path}");
        let low = if path.contains("lowMemory") { "1" } else { "-" };
        assert_eq!(
            std::mem::take(&mut *seen.lock().unwrap()),
            [format!("{name} f.bin 10 {low}"), format!("submit  1 {low}")],
            "{path}"
        );
    }
}

#[tokio::test]
async fn downloads_and_pages() {
    let served = served(Shelf::default()).await;
    let path = "/cgi-bin/server_ssl_cert_download.cgi";
    let answer = get(&served, &format!("{path}?tag=active_cert")).await;
    assert_eq!(
        (answer.status, &answer.body[..]),
        (200, &b"active_cert"[..])
    );
    assert_eq!(get(&served, path).await.status, 404);

    let answer = get(&served, "/cgi-bin/diag-data.cgi").await;
    assert_eq!((answer.status, answer.body.len()), (200, 10_000_000));
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"diag.tgz\"")
    );
    let answer = get(&served, "/link/3/cgi-bin/eto_desc.cgi").await;
    assert_eq!(answer.body, b"admin@3");

    let answer = get(&served, "/").await;
    assert_eq!(
        (answer.status, &answer.body[..]),
        (200, &b"<h1>PDU</h1>"[..])
    );
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert_eq!(get(&served, "/other.js").await.status, 405);
}

#[tokio::test]
async fn what_is_refused_and_how() {
    let served = served(Shelf::default()).await;
    let upload = "/cgi-bin/fwupload.cgi";
    let download = "/cgi-bin/eto_desc.cgi";
    let guess = basic("admin", "guess");
    for (method, path, status) in [
        ("GET", "/cgi-bin/dump_prometheus.cgi", 404),
        ("GET", "/cgi-bin/nothing.cgi", 404),
        ("POST", "/cgi-bin/nothing.cgi", 404),
        ("GET", "/cgi-bin/bulk_config_save.cgi", 403),
        ("GET", upload, 405),
        ("POST", download, 405),
        ("POST", upload, 400),
    ] {
        let answer = ask(&served, method, path, &[&admin()]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        for credentials in [&[][..], &[guess.as_str()]] {
            let answer = ask(&served, method, path, credentials).await;
            assert_eq!(answer.status, 401, "{method} {path}");
            assert!(answer.header("www-authenticate").is_some());
        }
    }
    let answer = ask(&served, "GET", upload, &[&admin()]).await;
    assert_eq!(answer.header("allow"), Some("POST"));
    let mut client = Client::connect(served.address()).await;
    for body in ["", "{}", "--0123456789abcdef\r\nno form"] {
        let answer = client.post(upload, &[&admin(), FORM], body).await;
        assert_eq!(answer.status, 400, "{body}");
        client = Client::connect(served.address()).await;
    }
    let body = r#"{"method":"getStatus","id":1}"#;
    let answer = client.post(upload, &[&admin()], body).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn uploads_are_bounded() {
    let mut limits = Limits::default();
    limits.upload_bytes = 1_000;
    let served = xerus_sim::serve(Router::new())
        .limits(limits)
        .site(Shelf::default())
        .start()
        .await
        .unwrap();
    let path = "/cgi-bin/fwupload.cgi";
    for chunked in [false, true] {
        let mut client = Client::connect(served.address()).await;
        let text = form("upfile", "f", &"x".repeat(5_000));
        let request = match chunked {
            false => format!("Content-Length: {}\r\n\r\n{text}", text.len()),
            true => format!(
                "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{text}\r\n0\r\n\r\n",
                text.len()
            ),
        };
        let request = format!("POST {path} HTTP/1.1\r\nHost: pdu\r\n{FORM}\r\n{request}");
        assert_eq!(client.raw(request.as_bytes()).await.unwrap().status, 413);
    }
}

#[tokio::test]
async fn progress_is_told_to_everybody() {
    use xerus_api::server::firmware::{self, Firmware};
    use xerus_rpc::server::{Context, Reply};

    struct Progress;
    impl Firmware for Progress {
        fn get_version<'a>(&'a self, context: &'a Context) -> Reply<'a, String> {
            Reply::ok(context.user.clone().unwrap_or_else(|| "anybody".to_owned()))
        }
    }
    let router = Router::new();
    router.insert(
        "/cgi-bin/fwupdate_progress.cgi",
        firmware::firmware(Progress),
    );
    let served = xerus_sim::serve(router)
        .user("admin", "pass")
        .start()
        .await
        .unwrap();
    let mut client = Client::connect(served.address()).await;
    let body = r#"{"method":"getVersion","id":1}"#;
    for (path, status) in [
        ("/cgi-bin/fwupdate_progress.cgi", 200),
        ("/link/2/cgi-bin/fwupdate_progress.cgi", 404),
        ("/firmware", 401),
    ] {
        let answer = client.post(path, &[], body).await;
        assert_eq!(answer.status, status, "{path}");
        if status == 200 {
            assert_eq!(answer.json()["result"]["_ret_"], "anybody");
        }
    }
}

#[tokio::test]
async fn a_token_in_the_query_lets_an_image_in() {
    let device = builder().start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let session = client.result("/session", "newSession", json!({})).await;
    let token = session["token"].as_str().unwrap();
    let text = form("upfile", "f", "image");
    for (path, status) in [
        (format!("/cgi-bin/fwupload.cgi?session={token}"), 200),
        ("/cgi-bin/fwupload.cgi?session=guess".to_owned(), 401),
        (
            format!("/cgi-bin/raw_config_update.cgi?session={token}"),
            401,
        ),
    ] {
        let answer = client.post(&path, &[FORM], &text).await;
        assert_eq!(answer.status, status, "{path}");
    }
}
