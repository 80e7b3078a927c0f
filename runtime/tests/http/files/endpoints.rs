//! The endpoints that devices have: what is sent to each, and what is made of their codes.

use xerus_rpc::files::{
    self, BulkConfigCode, BulkConfigRestore, BulkConfigSave, CertificateCode, CertificateFile,
    CodePlace, FirmwareUpload, MetricsPage, PowerMeters, RawConfigCode, ResponseCode, SkipCheck,
    UploadEndpoint,
};
use xerus_rpc::wire::Source;
use xerus_rpc::{Agent, Error, Outcome};

use super::agent;
use crate::support::{Answer, Server, http, in_time};

const UPLOADS: [UploadEndpoint; 5] = [
    files::CERTIFICATE_UPLOAD,
    files::RAW_CONFIG_UPLOAD,
    files::BULK_CONFIG_RESTORE,
    files::FIRMWARE_UPLOAD,
    files::POWER_METER_CONFIG_UPLOAD,
];

/// A form as it goes out, with `B` for its boundary.
fn form(server: &Server, number: usize) -> String {
    let seen = &server.seen()[number];
    let content_type = &seen.headers("content-type")[0];
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a form");
    seen.body.replace(boundary, "B")
}

/// A part as devices want it.
fn part(name: &str, file_name: &str, data: &str) -> String {
    format!(
        "--B\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n{data}\r\n"
    )
}

#[tokio::test]
async fn each_upload_has_the_names_that_the_device_looks_for() {
    let server = Server::http(|_| Answer::Keep(http(200, "", ""))).await;
    let agent = agent(&server);
    for (number, (endpoint, (path, name, file_name))) in UPLOADS
        .into_iter()
        .zip([
            ("server_ssl_cert_upload", "cert_file", "cert-file.crt"),
            ("raw_config_update", "config_file", "config.txt"),
            ("bulk_config_restore", "bulk_config_file", "bulk_config.txt"),
            ("fwupload", "upfile", "upfile.bin"),
            ("upload_pmc_config", "config_file", "config.csv"),
        ])
        .enumerate()
    {
        let upload = agent.upload(endpoint).part(endpoint.file("data"));
        let _ = in_time(upload.into_future()).await.expect("an answer");
        let line = format!("POST /cgi-bin/{path}.cgi HTTP/1.1");
        assert_eq!(server.seen()[number].line(), line);
        let expected = format!("{}--B--\r\n", part(name, file_name, "data"));
        assert_eq!(form(&server, number), expected);
        assert_eq!(endpoint.parts()[0].name(), name);
        assert_eq!(endpoint.parts()[0].file_name(), file_name);
    }
}

#[tokio::test]
async fn several_files_keep_their_order_and_their_names() {
    let server = Server::http(|_| Answer::Keep(http(200, "X-Response-Code: 0\r\n", ""))).await;
    let agent = agent(&server);
    let list = "serial,name\n1,rack-4\n";
    let config = || Source::reader(4, &b"x=1\n"[..]);
    let binary = "application/octet-stream";

    let upload = agent
        .upload(files::RAW_CONFIG_UPLOAD)
        .file("device_list", "devices.csv", binary, list)
        .part(files::RAW_CONFIG_UPLOAD.file(config()));
    let answer = in_time(upload.into_future()).await.expect("an answer");
    files::RAW_CONFIG_UPLOAD.check(&answer).expect("accepted");
    let first = part("device_list", "devices.csv", list);
    let second = part("config_file", "config.txt", "x=1\n");
    assert_eq!(form(&server, 0), format!("{first}{second}--B--\r\n"));

    // The other way round the device would refuse it, but nobody here changes what the program says.
    let upload = agent
        .upload(files::RAW_CONFIG_UPLOAD)
        .part(files::RAW_CONFIG_UPLOAD.file(config()))
        .file("device_list", "devices.csv", binary, list);
    let _ = in_time(upload.into_future()).await.expect("an answer");
    assert_eq!(form(&server, 1), format!("{second}{first}--B--\r\n"));

    let upload = agent
        .upload(files::CERTIFICATE_UPLOAD)
        .part(files::CERTIFICATE_UPLOAD.file("certificate"))
        .part(files::CERTIFICATE_KEY.file("key"));
    let _ = in_time(upload.into_future()).await.expect("an answer");
    let first = part("cert_file", "cert-file.crt", "certificate");
    let second = part("key_file", "key-file.key", "key");
    assert_eq!(form(&server, 2), format!("{first}{second}--B--\r\n"));
    assert_eq!(files::CERTIFICATE_UPLOAD.parts()[1], files::CERTIFICATE_KEY);
}

/// The request lines of downloads and uploads with queries.
async fn lines(ask: impl AsyncFnOnce(&Agent)) -> Vec<String> {
    let server = Server::http(|_| Answer::Keep(http(200, "", ""))).await;
    ask(&agent(&server)).await;
    let seen = server.seen();
    seen.iter().map(|seen| seen.line().to_owned()).collect()
}

#[tokio::test]
async fn what_is_asked_behind_the_path() {
    let lines = lines(async |agent| {
        let get = async |download: xerus_rpc::agent::Download| {
            drop(in_time(download.into_future()).await.expect("a file"));
        };
        for file in CertificateFile::ALL {
            get(agent
                .download(files::CERTIFICATE_DOWNLOAD)
                .queries(file.query()))
            .await;
        }
        for panel in [PowerMeters::all(), PowerMeters::panel(8).expect("a panel")] {
            get(agent.download(files::POWER_METERS).queries(panel.query())).await;
        }
        for names in [false, true] {
            let page = MetricsPage::new().include_names(names);
            get(agent.download(files::METRICS).queries(page.query())).await;
        }
        let save = BulkConfigSave::new()
            .backup(true)
            .password("a b")
            .clear_text(true)
            .link_units([2, 3])
            .filter_profile("my profile");
        for save in [BulkConfigSave::new(), save] {
            let query = save.query().expect("units");
            get(agent.download(files::BULK_CONFIG_SAVE).queries(query)).await;
        }
        for endpoint in [
            files::RAW_CONFIG_DOWNLOAD,
            files::DIAGNOSTICS,
            files::ENGINEERED_TO_ORDER,
            files::FIRMWARE_PROGRESS,
        ] {
            get(agent.download(endpoint)).await;
        }
        let link = files::DIAGNOSTICS.through_link(8).expect("a unit");
        get(agent.download(link)).await;
    })
    .await;
    let expected = [
        "server_ssl_cert_download.cgi?tag=active_cert",
        "server_ssl_cert_download.cgi?tag=active_key",
        "server_ssl_cert_download.cgi?tag=new_cert",
        "server_ssl_cert_download.cgi?tag=new_key",
        "server_ssl_cert_download.cgi?tag=new_req",
        "export_pmc.cgi",
        "export_pmc.cgi?panelid=8",
        "dump_prometheus.cgi",
        "dump_prometheus.cgi?include_names=1",
        "bulk_config_save.cgi?link_ids=1",
        "bulk_config_save.cgi?bulk_config_password=a%20b&config_format=cleartext&link_ids=2,3\
         &filter_profile=my%20profile&mode=backup",
        "raw_config_download.cgi",
        "diag-data.cgi",
        "eto_desc.cgi",
        "fwupdate_progress.cgi",
    ];
    let expected = expected.map(|path| format!("GET /cgi-bin/{path} HTTP/1.1"));
    assert_eq!(lines[..15], expected);
    assert_eq!(lines[15..], ["GET /link/8/cgi-bin/diag-data.cgi HTTP/1.1"]);
}

#[tokio::test]
async fn how_an_upload_is_asked_for() {
    let lines = lines(async |agent| {
        let restore = BulkConfigRestore::new()
            .backup(true)
            .password("p/w &x")
            .skip_check(SkipCheck::FirmwareVersion)
            .skip_check(SkipCheck::Model)
            .link_units([1, 2]);
        for restore in [BulkConfigRestore::new(), restore] {
            let endpoint = files::BULK_CONFIG_RESTORE;
            let upload = agent.upload(endpoint).part(endpoint.file("x"));
            let upload = upload.queries(restore.query().expect("units"));
            let _ = in_time(upload.into_future()).await.expect("an answer");
        }
        for firmware in [
            FirmwareUpload::new(),
            FirmwareUpload::new().low_memory(true).allow_downgrade(true),
            FirmwareUpload::new()
                .low_memory(false)
                .allow_untrusted(true),
        ] {
            let endpoint = files::FIRMWARE_UPLOAD;
            let link = endpoint.through_link(2).expect("a unit");
            let upload = agent.upload(link).part(endpoint.file("x"));
            let upload = upload.queries(firmware.query()).query("last", "1");
            let _ = in_time(upload.into_future()).await.expect("an answer");
        }
    })
    .await;
    assert_eq!(
        lines,
        [
            "POST /cgi-bin/bulk_config_restore.cgi?link_ids=1 HTTP/1.1",
            "POST /cgi-bin/bulk_config_restore.cgi?user_password=p%2Fw%20%26x&skip_checks=firmware_version,model\
             &link_ids=1,2&mode=backup HTTP/1.1",
            "POST /link/2/cgi-bin/fwupload.cgi?last=1 HTTP/1.1",
            "POST /link/2/cgi-bin/fwupload.cgi?lowMemoryUpload=1&allowLowMemoryDowngrade=1\
             &allowLowMemoryUntrusted=0&last=1 HTTP/1.1",
            "POST /link/2/cgi-bin/fwupload.cgi?lowMemoryUpload=0&allowLowMemoryDowngrade=0\
             &allowLowMemoryUntrusted=1&last=1 HTTP/1.1",
        ]
    );
}

#[test]
fn numbers_outside_their_range_are_refused_before_anything_is_sent() {
    let link = |unit| files::DIAGNOSTICS.through_link(unit).map(drop);
    let upload = |unit| files::FIRMWARE_UPLOAD.through_link(unit).map(drop);
    let restore = |unit| {
        BulkConfigRestore::new()
            .link_units([1, unit])
            .query()
            .map(drop)
    };
    let save = |unit| {
        BulkConfigSave::new()
            .link_units([unit, 1])
            .query()
            .map(drop)
    };
    for error in [
        link(0),
        link(1),
        link(9),
        upload(1),
        restore(0),
        restore(9),
        save(0),
        save(9),
        PowerMeters::panel(0).map(drop),
        PowerMeters::panel(9).map(drop),
    ] {
        let error = error.expect_err("outside");
        assert_eq!(
            (error.code(), error.outcome()),
            ("Config.OutOfRange", Outcome::NotExecuted)
        );
    }
    for unit in 2..=8 {
        assert!(link(unit).is_ok() && restore(unit).is_ok() && save(unit).is_ok());
    }
    assert!((1..=8).all(|panel| PowerMeters::panel(panel).is_ok()));
}

#[test]
fn passwords_are_not_shown() {
    let restore = BulkConfigRestore::new().password("hunter2");
    let save = BulkConfigSave::new().password("hunter2");
    let queries = [restore.query(), save.query()].map(|query| query.expect("units"));
    let shown = format!("{restore:?} {save:?} {queries:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(
        shown.contains("password: true") && shown.contains("user_password"),
        "{shown}"
    );
}

/// What the endpoint makes of such an answer.
async fn judged(
    endpoint: UploadEndpoint,
    headers: &str,
    body: &str,
) -> (Agent, Result<Option<i32>, Error>, Result<(), Error>) {
    let answer = http(200, headers, body);
    let server = Server::http(move |_| Answer::Keep(answer.clone())).await;
    let agent = agent(&server);
    let upload = agent.upload(endpoint).part(endpoint.file("x"));
    let answer = in_time(upload.into_future()).await.expect("an answer");
    (agent, endpoint.code(&answer), endpoint.check(&answer))
}

#[tokio::test]
async fn a_refusal_names_device_endpoint_code_and_a_way_out() {
    for (endpoint, headers, body, code, name, outcome, words) in [
        (
            files::RAW_CONFIG_UPLOAD,
            "X-Response-Code: 7\r\n",
            "",
            7,
            Some("DeviceListMissing"),
            Outcome::NotExecuted,
            "the device refused the upload: the configuration needs a device list as the first file (code 7, \
             DeviceListMissing); send the device list in the same form, before the configuration \
             (upload on /cgi-bin/raw_config_update.cgi)",
        ),
        (
            files::BULK_CONFIG_RESTORE,
            "X-Response-Code: 1\r\n",
            "return_code=0",
            1,
            Some("InternalError"),
            Outcome::Unknown,
            "internal error of the device (code 1, InternalError); read the state of the device",
        ),
        (
            files::CERTIFICATE_UPLOAD,
            "X-Response-Code: 0\r\n",
            " return_code=5\r\n",
            5,
            Some("KeyMismatch"),
            Outcome::NotExecuted,
            "the key is not that of the certificate (code 5, KeyMismatch); send the key",
        ),
        // Of certificates all others are internal errors.
        (
            files::CERTIFICATE_UPLOAD,
            "",
            "return_code=-3",
            -3,
            None,
            Outcome::Unknown,
            "internal error of the device (code -3); read what getInfo",
        ),
        (
            files::RAW_CONFIG_UPLOAD,
            "X-Response-Code: 77\r\n",
            "",
            77,
            None,
            Outcome::Unknown,
            "a code that is not known (77); look at the log of the device (upload",
        ),
    ] {
        let (agent, seen, result) = judged(endpoint, headers, body).await;
        assert_eq!(seen.expect("a code"), Some(code));
        let error = result.expect_err("refused");
        assert_eq!((error.code(), error.outcome()), ("Cgi", outcome), "{error}");
        assert_eq!(error.response_code(), Some(code));
        assert_eq!(error.as_cgi().and_then(|refusal| refusal.name), name);
        assert_eq!(
            (error.origin(), error.rid()),
            (Some(agent.origin()), Some(endpoint.path()))
        );
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.to_string().starts_with(agent.origin()), "{error}");
        assert!(!error.is_retryable());
    }
    for (endpoint, headers, body, code) in [
        (
            files::RAW_CONFIG_UPLOAD,
            "X-Response-Code: 0\r\n",
            "return_code=4",
            Some(0),
        ),
        (files::CERTIFICATE_UPLOAD, "", "return_code=0\n", Some(0)),
        (files::FIRMWARE_UPLOAD, "", "<p>thank you</p>", None),
        (files::POWER_METER_CONFIG_UPLOAD, "", "taken", None),
    ] {
        let (_, seen, result) = judged(endpoint, headers, body).await;
        assert_eq!(seen.expect("a code, or none"), code);
        result.expect("taken");
        assert_eq!(endpoint.code_place() == CodePlace::Nowhere, code.is_none());
    }
}

#[tokio::test]
async fn what_is_no_code_is_no_success() {
    let page = format!("<html>{}</html>", "x".repeat(100_000));
    for (endpoint, headers, body, code) in [
        (files::RAW_CONFIG_UPLOAD, "", "", "Cgi.MissingResponseCode"),
        (
            files::BULK_CONFIG_RESTORE,
            "",
            "return_code=0",
            "Cgi.MissingResponseCode",
        ),
        (
            files::RAW_CONFIG_UPLOAD,
            "X-Response-Code: abc\r\n",
            "",
            "Cgi.BadResponseCode",
        ),
        (
            files::RAW_CONFIG_UPLOAD,
            "X-Response-Code: 99999999999\r\n",
            "",
            "Cgi.BadResponseCode",
        ),
        (
            files::RAW_CONFIG_UPLOAD,
            "X-Response-Code: 0\r\nx-response-code: 0\r\n",
            "",
            "Cgi.BadResponseCode",
        ),
        (files::CERTIFICATE_UPLOAD, "", "", "Cgi.MissingResponseCode"),
        (
            files::CERTIFICATE_UPLOAD,
            "X-Response-Code: 0\r\n",
            " \r\n",
            "Cgi.MissingResponseCode",
        ),
        (
            files::CERTIFICATE_UPLOAD,
            "",
            "return_code=",
            "Cgi.BadResponseCode",
        ),
        (
            files::CERTIFICATE_UPLOAD,
            "",
            "return_code=5=6",
            "Cgi.BadResponseCode",
        ),
        (
            files::CERTIFICATE_UPLOAD,
            "",
            "return_code=0\nreturn_code=1",
            "Cgi.BadResponseCode",
        ),
        (
            files::CERTIFICATE_UPLOAD,
            "",
            "RETURN_CODE=0",
            "Cgi.BadResponseCode",
        ),
        (files::CERTIFICATE_UPLOAD, "", "0", "Cgi.BadResponseCode"),
        (files::CERTIFICATE_UPLOAD, "", &page, "Cgi.BadResponseCode"),
    ] {
        let (agent, seen, result) = judged(endpoint, headers, body).await;
        for error in [seen.expect_err(body), result.expect_err(body)] {
            assert_eq!(
                (error.code(), error.outcome()),
                (code, Outcome::Unknown),
                "{headers}{body}"
            );
            assert_eq!(
                (error.origin(), error.rid()),
                (Some(agent.origin()), Some(endpoint.path()))
            );
            assert_eq!(error.response_code(), None);
            assert!(error.to_string().len() < 400, "{error}");
        }
    }
}

/// The numbers are known without a gap, each has its name and words, and comes back as what it was.
fn whole<C: ResponseCode>(last: i32, refusals_before_work: &[i32])
where
    i32: From<C>,
{
    let numbers: Vec<_> = C::KNOWN.iter().map(|code| code.code()).collect();
    assert_eq!(numbers, (0..=last).collect::<Vec<_>>());
    for &code in C::KNOWN {
        assert_eq!(C::from(code.code()), code);
        assert_eq!(i32::from(code), code.code());
        assert_eq!(code.name().expect("a name"), format!("{code:?}"));
        assert!(code.to_string().ends_with(&format!(" ({})", code.code())));
        assert_eq!(code.is_ok(), code.code() == 0);
        assert_eq!(code.advice().is_empty(), code.is_ok());
        assert_eq!(code.check().is_ok(), code.is_ok());
        let refused = refusals_before_work.contains(&code.code());
        assert_eq!(code.is_refused_before_work(), refused, "{code:?}");
    }
    for number in [-1, last + 1, i32::MAX, i32::MIN] {
        let code = C::from(number);
        assert_eq!(
            (code.code(), i32::from(code), code.name()),
            (number, number, None)
        );
        assert!(!code.is_ok() && !code.is_refused_before_work() && !code.advice().is_empty());
        let error = code.check().expect_err("not 0");
        assert_eq!(
            (error.response_code(), error.outcome()),
            (Some(number), Outcome::Unknown)
        );
    }
}

#[test]
fn the_codes_of_every_endpoint() {
    whole::<RawConfigCode>(12, &[2, 3, 4, 5, 6, 7, 8]);
    whole::<BulkConfigCode>(15, &[2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15]);
    whole::<CertificateCode>(5, &[2, 3, 4, 5]);
    assert_eq!(RawConfigCode::from(99).to_string(), "unknown code 99");
    assert_eq!(
        CertificateCode::from(99).to_string(),
        "internal error of the device (99)"
    );
}

/// What the page has of an enumeration, where it is there.
fn listed<C: ResponseCode>(page: &str) {
    let lines: Vec<_> = C::KNOWN
        .iter()
        .map(|code| {
            let executed = match code.check() {
                Ok(()) => "",
                Err(error) if error.outcome() == Outcome::NotExecuted => "no",
                Err(_) => "unknown",
            };
            let (name, meaning) = (code.name().expect("a name"), code.meaning().expect("words"));
            let cells = [
                &*code.code().to_string(),
                &format!("`{name}`"),
                meaning,
                code.advice(),
                executed,
            ];
            format!("| {} |", cells.join(" | ")).replace("  ", " ")
        })
        .collect();
    let table = format!(
        "| code | name | means | what to do | executed |\n|---|---|---|---|---|\n{}\n",
        lines.join("\n")
    );
    assert!(page.contains(&table), "the page should have\n{table}");
}

#[test]
fn the_page_on_files_has_every_code() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    if root.join("Cargo.toml.orig").exists() {
        println!("skipped: needs the repository");
        return;
    }
    let page = std::fs::read_to_string(root.join("../docs/protocol/files.md"))
        .expect("the page is in the repository");
    listed::<RawConfigCode>(&page);
    listed::<BulkConfigCode>(&page);
    listed::<CertificateCode>(&page);
    for endpoint in UPLOADS {
        assert!(
            page.contains(&format!("`{}`", endpoint.path())),
            "{endpoint:?}"
        );
        for part in endpoint.parts() {
            let names = format!("`{}`, `{}`", part.name(), part.file_name());
            assert!(page.contains(&names), "{names}");
        }
    }
    for endpoint in [
        files::CERTIFICATE_DOWNLOAD,
        files::RAW_CONFIG_DOWNLOAD,
        files::BULK_CONFIG_SAVE,
        files::FIRMWARE_PROGRESS,
        files::DIAGNOSTICS,
        files::ENGINEERED_TO_ORDER,
        files::POWER_METERS,
        files::METRICS,
    ] {
        assert!(
            page.contains(&format!("`{}`", endpoint.path())),
            "{endpoint:?}"
        );
    }
}
