//! The response codes of the endpoints that devices have, and what is made of them.

use xerus_rpc::files::{
    self, BulkConfigCode, CertificateCode, CodePlace, RawConfigCode, ResponseCode, UploadEndpoint,
};
use xerus_rpc::{Agent, Error, Outcome};

use super::agent;
use super::endpoints::UPLOADS;
use crate::support::{Answer, Server, http, in_time};

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
        assert_eq!(error.was_sent(), Some(true));
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
            assert_eq!(
                (error.response_code(), error.was_sent()),
                (None, Some(true))
            );
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
        assert_eq!(error.was_sent(), Some(true), "it was answered");
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
