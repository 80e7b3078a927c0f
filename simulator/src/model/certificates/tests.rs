use rcgen::Issuer;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer as _;

use super::*;

const NOW: Duration = Duration::from_secs(1_700_000_000);

fn request(key: KeyFacts) -> KeyRequest {
    KeyRequest {
        subject: Subject {
            country: "DE".to_owned(),
            organization: "Test".to_owned(),
            common_name: "pdu.example.com".to_owned(),
            email: "admin@example.com".to_owned(),
            ..Subject::default()
        },
        names: vec!["pdu.example.com".to_owned(), "192.0.2.1".to_owned()],
        key,
    }
}

fn pair() -> KeyPair {
    make::self_signed(NOW, &request(KeyFacts::Ecdsa(Curve::P256)), 30).unwrap()
}

fn upload(certificates: &mut Certificates, chain: &str, key: Option<&str>) -> CertificateCode {
    certificates.upload(Some(chain.as_bytes()), key.map(str::as_bytes))
}

#[test]
fn a_self_signed_pair_says_what_was_asked_for() {
    let mut certificates = Certificates::new(pair());
    let asked = request(KeyFacts::Ecdsa(Curve::P384));
    assert_eq!(certificates.generate_self_signed(NOW, &asked, 10), Ok(()));
    let before = certificates.active().chain_pem().to_owned();
    let pending = certificates.file(CertificateFile::PendingCertificate);
    let pending = pending.unwrap().to_owned();
    let facts = certificates.pending_facts();
    assert_eq!(facts[0].subject, asked.subject);
    assert_eq!(facts[0].issuer, asked.subject);
    assert_eq!(facts[0].names, asked.names);
    assert_eq!(facts[0].key, asked.key);
    assert_eq!(facts[0].invalid_before, "Nov 14 22:13:20 2023 GMT");
    assert_eq!(facts[0].invalid_after, "Nov 24 22:13:20 2023 GMT");
    assert!(!facts[0].serial.is_empty());
    assert_eq!(certificates.generation(), 0);
    assert_eq!(certificates.install_pending(), Ok(()));
    assert_eq!(certificates.generation(), 1);
    assert_eq!(certificates.active().chain_pem(), pending);
    assert_ne!(certificates.active().chain_pem(), before);
    assert_eq!(certificates.file(CertificateFile::PendingCertificate), None);
    assert_eq!(
        certificates.install_pending(),
        Err(CertificateError::KeyMissing)
    );
}

#[test]
fn a_request_is_signed_elsewhere_and_comes_back() {
    let mut certificates = Certificates::new(pair());
    let asked = request(KeyFacts::Ecdsa(Curve::P256));
    assert_eq!(
        certificates.generate_request(asked.clone(), "challenge"),
        Ok(())
    );
    assert_eq!(certificates.pending_request(), Some(&asked));
    assert_eq!(
        certificates.generate_request(asked.clone(), ""),
        Err(CertificateError::Pending)
    );
    assert_eq!(
        certificates.install_pending(),
        Err(CertificateError::CertificateMissing)
    );
    let pem = certificates.file(CertificateFile::PendingRequest).unwrap();
    assert!(pem.contains("CERTIFICATE REQUEST"));
    let (_, parsed) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).unwrap();
    let (_, parsed) = X509CertificationRequest::from_der(&parsed.contents).unwrap();
    assert!(
        parsed
            .certification_request_info
            .attributes()
            .iter()
            .any(|attribute| attribute.oid.to_id_string() == "1.2.840.113549.1.9.7")
    );
    // Whoever signs has a key of its own, and takes the public key out of the request.
    let key_of_device = certificates.file(CertificateFile::PendingKey).unwrap();
    let device = rcgen::KeyPair::from_pem(key_of_device).unwrap();
    let authority = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root = params.self_signed(&authority).unwrap().pem();
    let issuer = Issuer::new(params, authority);
    let leaf = rcgen::CertificateParams::new(asked.names.clone()).unwrap();
    let signed = leaf.signed_by(&device, &issuer).unwrap().pem();
    let stranger = pair();
    assert_eq!(
        upload(&mut certificates, stranger.chain_pem(), None),
        CertificateCode::KeyMismatch
    );
    let chain = format!("{signed}{root}");
    assert_eq!(
        upload(&mut certificates, &chain, None),
        CertificateCode::Accepted
    );
    assert_eq!(
        upload(&mut certificates, &chain, None),
        CertificateCode::AlreadyPending
    );
    assert_eq!(certificates.install_pending(), Ok(()));
    assert_eq!(certificates.active().chain().len(), 2);
    assert_eq!(certificates.active().chain_facts().len(), 1);
}

#[test]
fn every_code_of_an_upload_has_its_reason() {
    let (one, other) = (pair(), pair());
    let new = || Certificates::new(pair());
    let (chain, key) = (one.chain_pem(), one.key_pem());
    let broken = chain.replacen("MII", "MIJ", 1);
    for (chain, key, code) in [
        (chain, Some(key), CertificateCode::Accepted),
        (chain, Some(other.key_pem()), CertificateCode::KeyMismatch),
        (chain, Some("no key"), CertificateCode::InvalidKey),
        (chain, Some(chain), CertificateCode::InvalidKey),
        (chain, None, CertificateCode::InvalidKey),
        ("", Some(key), CertificateCode::InvalidCertificate),
        (key, Some(key), CertificateCode::InvalidCertificate),
        (&*broken, Some(key), CertificateCode::InvalidCertificate),
        (
            "no certificate",
            Some(key),
            CertificateCode::InvalidCertificate,
        ),
    ] {
        assert_eq!(upload(&mut new(), chain, key), code, "{chain:.40} {key:?}");
    }
    let mut certificates = new();
    assert_eq!(
        certificates.upload(None, Some(key.as_bytes())),
        CertificateCode::InvalidCertificate
    );
    assert_eq!(
        certificates.upload(Some(&[0xff]), None),
        CertificateCode::InvalidCertificate
    );
    assert_eq!(
        upload(&mut certificates, chain, Some(key)),
        CertificateCode::Accepted
    );
    assert_eq!(
        upload(&mut certificates, chain, Some(key)),
        CertificateCode::AlreadyPending
    );
    certificates.delete_pending();
    assert_eq!(
        upload(&mut certificates, chain, Some(key)),
        CertificateCode::Accepted
    );
}

#[test]
fn keys_that_cannot_be_made_are_refused_and_leave_nothing() {
    let mut certificates = Certificates::new(pair());
    for (key, error) in [
        (KeyFacts::Rsa { bits: 2_048 }, CertificateError::KeyKind),
        (KeyFacts::Unknown, CertificateError::KeyKind),
        (KeyFacts::Ecdsa(Curve::P521), CertificateError::Curve),
    ] {
        assert_eq!(certificates.generate_request(request(key), ""), Err(error));
    }
    let asked = request(KeyFacts::Ecdsa(Curve::P256));
    for days in [0, MAX_SIGN_DAYS + 1] {
        assert_eq!(
            certificates.generate_self_signed(NOW, &asked, days),
            Err(CertificateError::Validity)
        );
    }
    let long = "x".repeat(200);
    assert_eq!(
        certificates.generate_request(asked, &long),
        Err(CertificateError::NotMade)
    );
    assert_eq!(certificates.pending_request(), None);
}

#[test]
fn a_renewed_certificate_has_the_old_names_and_another_key() {
    let mut certificates = Certificates::new(pair());
    let old = certificates.active().clone();
    assert_eq!(certificates.renew(NOW), Ok(()));
    let new = certificates.active();
    assert_eq!(new.facts().names, old.facts().names);
    assert_ne!(new.key_pem(), old.key_pem());
    assert_eq!(certificates.generation(), 1);
}

#[test]
fn no_key_is_in_what_is_printed() {
    let certificates = Certificates::new(pair());
    let printed = format!("{certificates:?}");
    assert!(printed.contains("pdu.example.com") && !printed.contains("PRIVATE KEY"));
}
