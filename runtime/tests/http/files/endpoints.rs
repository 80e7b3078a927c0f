//! The endpoints that devices have: what is sent to each.

use xerus_rpc::files::{
    self, BulkConfigRestore, BulkConfigSave, CertificateFile, FirmwareUpload, MetricsPage,
    PowerMeters, SkipCheck, UploadEndpoint,
};
use xerus_rpc::wire::Source;
use xerus_rpc::{Agent, Outcome};

use super::agent;
use crate::support::{Answer, Server, http, in_time};

pub(super) const UPLOADS: [UploadEndpoint; 5] = [
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
            let upload = upload.query("first", "1").queries(firmware.query());
            let upload = upload.query("last", "1");
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
            "POST /link/2/cgi-bin/fwupload.cgi?first=1&last=1 HTTP/1.1",
            "POST /link/2/cgi-bin/fwupload.cgi?first=1&lowMemoryUpload=1&allowLowMemoryDowngrade=1\
             &allowLowMemoryUntrusted=0&last=1 HTTP/1.1",
            "POST /link/2/cgi-bin/fwupload.cgi?first=1&lowMemoryUpload=0&allowLowMemoryDowngrade=0\
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
