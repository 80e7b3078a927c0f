use super::*;

fn code(builder: AgentBuilder) -> &'static str {
    builder.build().expect_err("refused").code()
}

fn device() -> AgentBuilder {
    Agent::builder("https://pdu.example.com")
}

#[test]
fn the_url_is_enough() {
    let agent = device().build().expect("valid");
    assert_eq!(agent.origin(), "https://pdu.example.com");
    assert_eq!(agent.settings(), &Settings::default());
}

#[test]
fn faults_are_reported_by_build() {
    assert_eq!(code(Agent::builder("pdu.example.com")), "Config.BadUrl");
    assert_eq!(
        code(device().basic_auth("ad:min", "x")),
        "Config.BadUserName"
    );
    assert_eq!(
        code(device().session_token("a\r\nb")),
        "Config.BadHeaderValue"
    );
    assert_eq!(
        code(device().client_type("a\r\nb")),
        "Config.BadHeaderValue"
    );
    assert_eq!(code(device().client_type(" ")), "Config.BadHeaderValue");
    assert_eq!(
        code(device().root_certificate_pem("no PEM")),
        "Config.BadCertificate"
    );
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(
        code(device().root_certificate_pem(garbage)),
        "Config.BadCertificate"
    );
    assert_eq!(
        code(device().pin_certificate_sha256("00:11")),
        "Config.OutOfRange"
    );
    assert_eq!(
        code(device().pin_public_key_sha256("sha256//AAAA")),
        "Config.OutOfRange"
    );
    assert_eq!(code(device().max_connections(0)), "Config.OutOfRange");
    assert_eq!(code(device().max_connections(7)), "Config.OutOfRange");
    assert_eq!(code(device().bulk_chunk(201)), "Config.OutOfRange");
    for levels in [0, 513, 1000, usize::MAX] {
        assert_eq!(code(device().max_depth(levels)), "Config.OutOfRange");
    }
    assert!(device().max_depth(1).build().is_ok());
    assert!(device().max_depth(512).build().is_ok());
    assert_eq!(code(device().timeout(Duration::ZERO)), "Config.OutOfRange");
    assert_eq!(
        code(device().connect_timeout(Duration::ZERO)),
        "Config.OutOfRange"
    );
}

#[test]
fn debug_shows_no_secrets() {
    let builder = device().basic_auth("admin", "hunter2");
    assert!(!format!("{builder:?}").contains("hunter2"));
    let builder = Agent::builder("https://admin:hunter2@pdu.example.com").session_token("hunter2");
    assert!(!format!("{builder:?}").contains("hunter2"));
    let transport = device()
        .basic_auth("admin", "hunter2")
        .build_transport()
        .expect("valid");
    let shown = format!("{transport:?}");
    assert!(
        shown.contains("redacted") && !shown.contains("hunter2"),
        "{shown}"
    );
}
