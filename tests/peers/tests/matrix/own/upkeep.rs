//! Groups, configurations, certificates, diagnosis, firmware.

use serde_json::{Value, json};
use xerus_api::bulkcfg::BulkConfiguration;
use xerus_api::cert::ServerSslCert;
use xerus_api::diag::DiagLogSettings;
use xerus_api::firmware::{Firmware, FirmwareUpdateStatus};
use xerus_api::logging::{EventLog, RangeDirection};
use xerus_api::pdumodel::OutletGroupManager;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::rawcfg::RawConfiguration;
use xerus_rpc::files::{
    BULK_CONFIG_RESTORE, BULK_CONFIG_SAVE, BulkConfigRestore, BulkConfigSave, CERTIFICATE_DOWNLOAD,
    CERTIFICATE_KEY, CERTIFICATE_UPLOAD, CertificateFile, DIAGNOSTICS, Endpoint, FIRMWARE_PROGRESS,
    FIRMWARE_UPLOAD, RAW_CONFIG_DOWNLOAD, RAW_CONFIG_UPLOAD,
};
use xerus_rpc::wire::Query;
use xerus_rpc::{Enumeration as _, Error};

use super::{Parts, Step, Steps, null};
use crate::files::Files;

pub(super) async fn groups<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
    let (pdu, outlets) = (&parts.pdu, &parts.outlets);
    let off = pdu.set_multiple_outlet_power_states(&[0, 5], PowerState::PsOff, true);
    s.code("multiple.off", off.await).await;
    s.code(
        "all.on",
        pdu.set_all_outlet_power_states(PowerState::PsOn).await,
    )
    .await;
    s.advance(60).await;
    for _ in 0..1_000 {
        let sequence = pdu.get_outlet_sequence_state().await?;
        if sequence.cancelable_outlets_remaining == 0 {
            break;
        }
    }
    s.step("sequence", pdu.get_outlet_sequence_state().await)
        .await;
    let manager = OutletGroupManager::at(&parts.agent, "/model/outletgroup");
    let Some(group) = manager.create_group("driven", &outlets[..2]).await? else {
        return Ok(());
    };
    let Some(facts) = s.step("group.meta_data", group.get_meta_data().await).await else {
        return Ok(());
    };
    s.show(
        "group.all",
        Ok(json!(manager.get_all_groups().await?.len())),
    )
    .await;
    s.code("group.get", manager.get_group(facts.group_id).await)
        .await;
    s.step("group.settings", group.get_settings().await).await;
    s.step("group.sensors", group.get_sensors().await).await;
    for (name, state) in [
        ("group.off", PowerState::PsOff),
        ("group.on", PowerState::PsOn),
    ] {
        s.code(name, group.set_all_outlet_power_states(state).await)
            .await;
    }
    s.code("group.delete", manager.delete_group(facts.group_id).await)
        .await;
    s.show(
        "group.left",
        Ok(json!(manager.get_all_groups().await?.len())),
    )
    .await;
    Ok(())
}

async fn get(parts: &Parts, from: Endpoint, query: Query) -> Result<String, Error> {
    let bytes = parts
        .agent
        .download(from)
        .queries(query)
        .await?
        .bytes()
        .await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The name of an outlet, by its well-known id: its reference may be of another major version.
async fn name(parts: &Parts, outlet: usize) -> Result<String, Error> {
    let rid = format!("/model/pdu/0/outlet/{outlet}");
    let outlet = xerus_api::pdumodel::Outlet::at(&parts.agent, &rid);
    Ok(outlet.get_settings().await?.name)
}

pub(super) async fn raw_configuration<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
    let text = get(parts, RAW_CONFIG_DOWNLOAD, Query::new()).await?;
    let (before, after) = ("outlet[6].name=\n", "outlet[6].name=raw\n");
    s.show("raw.downloaded", Ok(json!(text.contains(before))))
        .await;
    let upload = |text: String| {
        parts
            .agent
            .upload(RAW_CONFIG_UPLOAD)
            .part(RAW_CONFIG_UPLOAD.file(text))
    };
    let taken = upload(text.replace(before, after)).await?;
    s.show("raw.upload", Ok(code_text(RAW_CONFIG_UPLOAD.code(&taken)?)))
        .await;
    s.advance(60).await;
    for _ in 0..1_000 {
        if name(parts, 6).await? == "raw" {
            break;
        }
    }
    s.show("raw.name", name(parts, 6).await.map(Value::from))
        .await;
    let again = get(parts, RAW_CONFIG_DOWNLOAD, Query::new()).await?;
    s.show("raw.again", Ok(json!(again.contains(after)))).await;
    let status = RawConfiguration::at(&parts.agent, "/rawcfg")
        .get_status()
        .await;
    s.show(
        "raw.status",
        status.map(|(status, time)| json!([status.index(), time.unix_seconds()])),
    )
    .await;
    let wrong = upload("this is no configuration".to_owned()).await?;
    s.show("raw.wrong", Ok(code_text(RAW_CONFIG_UPLOAD.code(&wrong)?)))
        .await;
    Ok(())
}

/// As the scripts show it: a text.
fn code_text(code: Option<i32>) -> Value {
    code.map(|code| code.to_string()).into()
}

pub(super) async fn bulk_configuration<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
    let configuration = BulkConfiguration::at(&parts.agent, "/bulkcfg");
    let outlet = xerus_api::pdumodel::Outlet::at(&parts.agent, "/model/pdu/0/outlet/7");
    for (kind, backup) in [("bulk_config", false), ("backup", true)] {
        let mut settings = outlet.get_settings().await?;
        "kept".clone_into(&mut settings.name);
        s.code(format!("{kind}.kept"), outlet.set_settings(&settings).await)
            .await;
        let save = BulkConfigSave::new().backup(backup);
        let data = get(parts, BULK_CONFIG_SAVE, save.query()?).await?;
        "lost".clone_into(&mut settings.name);
        s.code(format!("{kind}.lost"), outlet.set_settings(&settings).await)
            .await;
        let restore = BulkConfigRestore::new().backup(backup).query()?;
        let upload = parts.agent.upload(BULK_CONFIG_RESTORE).queries(restore);
        let taken = upload.part(BULK_CONFIG_RESTORE.file(data)).await?;
        s.show(
            format!("{kind}.upload"),
            Ok(code_text(BULK_CONFIG_RESTORE.code(&taken)?)),
        )
        .await;
        s.advance(60).await;
        for _ in 0..1_000 {
            if configuration.get_status().await?.0.index() == 3 {
                break;
            }
        }
        let (done, _) = configuration.get_status().await?;
        s.show(format!("{kind}.done"), Ok(json!(done.index())))
            .await;
        s.show(
            format!("{kind}.name"),
            name(parts, 7).await.map(Value::from),
        )
        .await;
    }
    let profile = configuration.get_default_filter_profile_name().await;
    s.step("bulk_config.profile", profile).await;
    s.step("bulk_config.filters", configuration.get_filters().await)
        .await;
    Ok(())
}

/// The last area that this client is used in: afterwards the device shows another certificate.
pub(super) async fn certificates<F: AsyncFnMut(Step)>(
    parts: &Parts,
    files: &Files,
    s: &mut Steps<F>,
) -> Result<(), Error> {
    let server = ServerSslCert::at(&parts.agent, "/server_ssl_cert");
    let active = || {
        get(
            parts,
            CERTIFICATE_DOWNLOAD,
            CertificateFile::ActiveCertificate.query(),
        )
    };
    s.show("certificate.active", active().await.map(Value::from))
        .await;
    s.step("certificate.info", server.get_info().await).await;
    let upload = parts.agent.upload(CERTIFICATE_UPLOAD);
    let chain = CERTIFICATE_UPLOAD.file(files.certificate());
    let key = CERTIFICATE_KEY.file(files.key());
    let taken = upload.part(chain).part(key).await?;
    s.show(
        "certificate.upload",
        Ok(json!(CERTIFICATE_UPLOAD.code(&taken)?)),
    )
    .await;
    s.step("certificate.pending", server.get_info().await).await;
    s.code(
        "certificate.install",
        server.install_pending_key_pair().await,
    )
    .await;
    s.step("certificate.info", server.get_info().await).await;
    s.show("certificate.active", active().await.map(Value::from))
        .await;
    Ok(())
}

pub(super) async fn diagnostics<F: AsyncFnMut(Step)>(
    parts: &Parts,
    s: &mut Steps<F>,
) -> Result<(), Error> {
    let data = parts.agent.download(DIAGNOSTICS).await?.bytes().await?;
    s.show("diagnostics.there", Ok(json!(!data.is_empty())))
        .await;
    let levels = DiagLogSettings::at(&parts.agent, "/diag");
    s.step(
        "diagnostics.levels",
        levels.get_log_levels_for_all_ctx_names().await,
    )
    .await;
    let log = EventLog::at(&parts.agent, "/eventlog");
    let Some(info) = s.step("log.info", log.get_info().await).await else {
        return Ok(());
    };
    let chunk = log
        .get_chunk(info.id_first, 100, RangeDirection::Forward, &[])
        .await?;
    let ids: Vec<i32> = chunk.sel_entries.iter().map(|entry| entry.id).collect();
    let in_order = !ids.is_empty() && ids.iter().copied().eq((info.id_first..).take(ids.len()));
    s.show("log.in_order", Ok(json!(in_order))).await;
    Ok(())
}

pub(super) async fn firmware_update<F: AsyncFnMut(Step)>(
    parts: &Parts,
    image: Vec<u8>,
    s: &mut Steps<F>,
) -> Result<(), Error> {
    let firmware = Firmware::at(&parts.agent, "/firmware");
    s.step("firmware.before", firmware.get_version().await)
        .await;
    s.show("image.none", Ok(json!(firmware.get_image_info().await?.0)))
        .await;
    let file = FIRMWARE_UPLOAD.file(image);
    let upload = parts.agent.upload(FIRMWARE_UPLOAD).part(file).await;
    s.show("image.upload", null(upload.map(drop))).await;
    s.step("image.status", firmware.get_image_status().await)
        .await;
    s.show("update.start", null(firmware.start_update(&[]).await))
        .await;
    let progress = FirmwareUpdateStatus::at(&parts.agent, FIRMWARE_PROGRESS.path());
    let mut states: Vec<String> = Vec::new();
    for _ in 0..300 {
        // No answer is normal while it restarts.
        let state = progress
            .get_status()
            .await
            .map_or("absent".to_owned(), |status| status.state);
        let is_over = state == "NONE" || state == "FAIL";
        if states.last() != Some(&state) {
            states.push(state);
        }
        if is_over {
            break;
        }
        s.advance(1).await;
    }
    s.show("update.states", Ok(json!(states))).await;
    s.step("firmware.after", firmware.get_version().await).await;
    s.step("update.history", firmware.get_update_history().await)
        .await;
    Ok(())
}
