//! How a device signs in at a switch, from and to what clients send.

use xerus_api::net::{EapAuthSettings, EapInnerAuthMethod, EapOuterAuthMethod};

use crate::model::network::{Eap, NetworkRefusal};

const OUTER: [EapOuterAuthMethod; 2] = [EapOuterAuthMethod::EapPeap, EapOuterAuthMethod::EapTls];
const INNER: [EapInnerAuthMethod; 2] = [
    EapInnerAuthMethod::InnerEapMschaPv2,
    EapInnerAuthMethod::InnerEapTls,
];

/// Secrets are not told.
pub(super) fn sent(eap: &Eap) -> EapAuthSettings {
    let [force, off_range, not_yet_valid] = eap.checks;
    EapAuthSettings {
        identity: eap.identity.clone(),
        password: String::new(),
        clear_password: false,
        client_cert_chain: eap.certificate.clone(),
        client_priv_key: String::new(),
        clear_client_priv_key: false,
        client_priv_key_password: String::new(),
        outer_method: OUTER[eap.methods.0],
        inner_method: INNER[eap.methods.1],
        ca_cert_chain: eap.authorities.clone(),
        force_trusted_cert: force,
        allow_off_time_range_certs: off_range,
        allow_not_yet_valid_certs_if_time_before_build: not_yet_valid,
        auth_server_name: eap.server_name.clone(),
        extra_: Default::default(),
    }
}

/// What a client wants; a secret that it does not send stays, unless it is to be forgotten.
pub(super) fn wanted(
    enabled: bool,
    wanted: EapAuthSettings,
    now: &Eap,
) -> Result<Eap, NetworkRefusal> {
    let secret = |new: String, clear: bool, old: &str| match (clear, new.is_empty()) {
        (true, _) => String::new(),
        (false, true) => old.to_owned(),
        (false, false) => new,
    };
    let outer = OUTER
        .iter()
        .position(|method| *method == wanted.outer_method);
    let inner = INNER
        .iter()
        .position(|method| *method == wanted.inner_method);
    Ok(Eap {
        enabled,
        identity: wanted.identity,
        password: secret(wanted.password, wanted.clear_password, &now.password),
        certificate: wanted.client_cert_chain,
        key: secret(
            wanted.client_priv_key,
            wanted.clear_client_priv_key,
            &now.key,
        ),
        // A method that nobody knows has no code of its own.
        methods: outer.zip(inner).ok_or(NetworkRefusal::Identity)?,
        authorities: wanted.ca_cert_chain,
        checks: [
            wanted.force_trusted_cert,
            wanted.allow_off_time_range_certs,
            wanted.allow_not_yet_valid_certs_if_time_before_build,
        ],
        server_name: wanted.auth_server_name,
    })
}
