use std::time::Duration;

use xerus_rpc::files::{BulkConfigCode, RawConfigCode};

use super::bulk::{BulkConfiguration, RestoreOptions, SaveOptions};
use super::raw::RawConfiguration;
use super::*;
use crate::model::state::State;
use crate::model::{
    InletSettings, MakeUp, OcpSettings, OutletSettings, OutletStartup, PduSettings, PduStartup,
    Role, SlotSettings,
};

const NOW: Duration = Duration::from_secs(1_000);
const LATER: Duration = Duration::from_secs(1_010);

fn identity() -> DeviceIdentity {
    DeviceIdentity {
        kind: "pdu".to_owned(),
        model: "PX".to_owned(),
        serial: "SIM0001".to_owned(),
        mac: "02:00:5E:00:00:0a".to_owned(),
        firmware: "4.4.1.5-53217".to_owned(),
    }
}

fn settings() -> DeviceSettings {
    let outlet = |name: &str| OutletSettings {
        name: name.to_owned(),
        startup: OutletStartup::LastKnown,
        use_pdu_cycle_delay: false,
        cycle_delay: 15,
        non_critical: true,
        sequence_delay: 7,
    };
    DeviceSettings {
        pdu: PduSettings {
            name: "Rack = 1".to_owned(),
            startup: PduStartup::Off,
            power_on_delay: 3,
            ..pdu()
        },
        outlets: vec![outlet("web"), outlet("")],
        inlets: vec![InletSettings {
            name: "main".to_owned(),
        }],
        ocps: vec![OcpSettings {
            name: String::new(),
        }],
        slots: vec![SlotSettings {
            name: "T1".to_owned(),
            description: "two\nlines \\ and a backslash".to_owned(),
            ..SlotSettings::default()
        }],
        users: vec![("a.b".to_owned(), Role::Viewer)],
    }
}

fn pdu() -> PduSettings {
    State::new(&MakeUp::default(), NOW).pdu_settings
}

/// A device of the same parts whose settings all differ.
fn unlike() -> DeviceSettings {
    let mut other = settings();
    other.pdu = pdu();
    for outlet in &mut other.outlets {
        *outlet = OutletSettings {
            name: "other".to_owned(),
            startup: OutletStartup::AsPdu,
            use_pdu_cycle_delay: true,
            cycle_delay: 1,
            non_critical: false,
            sequence_delay: 1,
        };
    }
    other.inlets[0].name = "other".to_owned();
    other.ocps[0].name = "other".to_owned();
    other.slots[0] = SlotSettings::default();
    other.users[0].1 = Role::Administrator;
    other
}

fn raw(text: &str) -> RawConfigCode {
    let files: [(&str, &[u8]); 1] = [("config_file", text.as_bytes())];
    RawConfiguration::default().upload(NOW, &identity(), &files)
}

#[test]
fn a_raw_configuration_comes_back_as_it_went() {
    let text = RawConfiguration::download(&settings());
    let mut raw = RawConfiguration::default();
    let files: [(&str, &[u8]); 1] = [("config_file", text.as_bytes())];
    assert_eq!(
        raw.upload(NOW, &identity(), &files),
        RawConfigCode::Accepted
    );
    assert_eq!(raw.status(), (Stage::Pending, NOW));
    assert_eq!(
        raw.upload(NOW, &identity(), &files),
        RawConfigCode::UpdateRunning
    );
    assert!(raw.pass(NOW, |_| panic!("not due yet")).is_none());
    let mut applied = None;
    let result = raw.pass(LATER, |entries| {
        applied = Some(unlike().with(entries)?);
        Ok(())
    });
    assert_eq!(result, Some(Ok(())));
    assert_eq!(applied, Some(settings()));
    assert_eq!(raw.status(), (Stage::Done, NOW + Duration::from_secs(2)));
    assert_eq!(raw.due(), None);
}

#[test]
fn a_configuration_that_cannot_be_put_in_force_fails_afterwards() {
    for (line, error) in [
        (
            "outlet[2].name=x",
            EntryError::Unknown("outlet[2].name".to_owned()),
        ),
        (
            "outlet[0].colour=x",
            EntryError::Unknown("outlet[0].colour".to_owned()),
        ),
        (
            "outlet[0].startup=maybe",
            EntryError::Value("outlet[0].startup".to_owned()),
        ),
        (
            "pdu.cycle_delay=3601",
            EntryError::Value("pdu.cycle_delay".to_owned()),
        ),
        (
            "user[nobody].role=Admin",
            EntryError::Unknown("user[nobody].role".to_owned()),
        ),
        ("nothing=x", EntryError::Unknown("nothing".to_owned())),
    ] {
        let mut raw = RawConfiguration::default();
        let text = format!("#!raw-config 1\npdu.name=new\n{line}\n");
        let files: [(&str, &[u8]); 1] = [("config_file", text.as_bytes())];
        assert_eq!(
            raw.upload(NOW, &identity(), &files),
            RawConfigCode::Accepted
        );
        let result = raw.pass(LATER, |entries| settings().with(entries).map(drop));
        assert_eq!(result, Some(Err(error)), "{line}");
        assert_eq!(raw.status().0, Stage::Failed);
    }
}

#[test]
fn every_code_of_a_raw_configuration_has_its_reason() {
    let head = "#!raw-config 1\n";
    for (text, code) in [
        (String::new(), RawConfigCode::InvalidFile),
        ("pdu.name=x\n".to_owned(), RawConfigCode::InvalidFile),
        (format!("{head}no entry\n"), RawConfigCode::InvalidFile),
        (format!("{head}pdu.name=\\x\n"), RawConfigCode::InvalidFile),
        (format!("{head}pdu.name=\0\n"), RawConfigCode::InvalidFile),
        (
            format!("{head}#!colour=red\n"),
            RawConfigCode::UnknownSpecialLine,
        ),
        (
            format!("{head}#!match=\n"),
            RawConfigCode::SpecialLineFailed,
        ),
        (
            format!("{head}#!match=serial:1\n"),
            RawConfigCode::DeviceListMissing,
        ),
        (
            format!("{head}pdu.name=${{2}}\n"),
            RawConfigCode::DeviceListMissing,
        ),
        (
            format!("{head}pdu.name={{encrypted}}x\n"),
            RawConfigCode::DecryptionFailed,
        ),
        ("x".repeat(MAX_BYTES + 1), RawConfigCode::FileTooLarge),
        (
            format!("{head}# a comment\n\npdu.name=x\n"),
            RawConfigCode::Accepted,
        ),
    ] {
        assert_eq!(raw(&text), code, "{text:.60}");
    }
    let mut raw = RawConfiguration::default();
    assert_eq!(
        raw.upload(NOW, &identity(), &[("upfile", b"x")]),
        RawConfigCode::BadParameter
    );
    assert_eq!(raw.status(), (Stage::UploadFailed, NOW));
}

#[test]
fn a_device_finds_itself_in_the_list() {
    let config =
        |matched: &str| format!("#!raw-config 1\n{matched}\npdu.name=Rack ${{2}}-${{3}}\n");
    let by_serial = "SIM0000,a,b\nSIM0001,c,\"d,e\"\n";
    let by_mac = "x,02-00-5e-00-00-0A,z\n";
    for (list, matched, expected) in [
        (by_serial, "", Ok("Rack c-d,e")),
        (by_serial, "#!match=serial:1", Ok("Rack c-d,e")),
        (by_mac, "#!match=mac:2", Ok("Rack 02-00-5e-00-00-0A-z")),
        ("SIM0001,c\n", "", Err(RawConfigCode::MacroFailed)),
        (
            by_serial,
            "#!match=serial:2",
            Err(RawConfigCode::NotInDeviceList),
        ),
        (
            by_serial,
            "#!match=colour:1",
            Err(RawConfigCode::InvalidDeviceList),
        ),
        (
            by_serial,
            "#!match=serial:0",
            Err(RawConfigCode::InvalidDeviceList),
        ),
        ("", "", Err(RawConfigCode::InvalidDeviceList)),
        ("\"open", "", Err(RawConfigCode::InvalidDeviceList)),
    ] {
        let config = config(matched);
        let files: [(&str, &[u8]); 2] = [
            ("device_list", list.as_bytes()),
            ("config_file", config.as_bytes()),
        ];
        let mut raw = RawConfiguration::default();
        let code = raw.upload(NOW, &identity(), &files);
        let mut name = None;
        raw.pass(LATER, |entries| {
            name = Some(settings().with(entries)?.pdu.name);
            Ok(())
        });
        let found = name.as_deref().ok_or(code);
        assert_eq!(found, expected, "{matched} {list}");
        // Behind the configuration it is no list.
        let files = [files[1], files[0]];
        let code = RawConfiguration::default().upload(NOW, &identity(), &files);
        assert_eq!(code, RawConfigCode::DeviceListMissing);
    }
}

fn saved(options: &SaveOptions) -> String {
    let bulk = BulkConfiguration::default();
    let file = bulk.save(&identity(), &settings(), options).unwrap();
    String::from_utf8(file).unwrap()
}

fn restored(options: &RestoreOptions, file: &str) -> BulkConfigCode {
    BulkConfiguration::default().restore(NOW, &identity(), options, file.as_bytes())
}

/// The same file with something changed and a checksum that fits.
fn edited(file: &str, from: &str, to: &str) -> String {
    let (text, _) = file.rsplit_once("checksum=").unwrap();
    let text = text.replace(from, to);
    let sum = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let sum: String = sum.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    format!("{text}checksum={sum}\n")
}

#[test]
fn a_backup_restores_everything_and_a_bulk_configuration_not_the_name() {
    for backup in [true, false] {
        let file = saved(&SaveOptions {
            backup,
            ..SaveOptions::default()
        });
        let mut bulk = BulkConfiguration::default();
        let options = RestoreOptions {
            backup,
            ..RestoreOptions::default()
        };
        let mut other = unlike();
        let code = bulk.restore(NOW, &identity(), &options, file.as_bytes());
        assert_eq!(code, BulkConfigCode::Accepted);
        assert_eq!(
            bulk.restore(NOW, &identity(), &options, file.as_bytes()),
            BulkConfigCode::RestoreRunning
        );
        assert_eq!(bulk.status(), (Stage::Pending, NOW));
        let result = bulk.pass(LATER, |entries| {
            other = other.with(entries)?;
            Ok(())
        });
        assert_eq!(result, Some(Ok(())));
        assert_eq!(bulk.is_backup(), backup);
        assert_eq!(bulk.status().0, Stage::Done);
        assert_eq!(other.outlets, settings().outlets);
        assert_eq!(other.pdu.name == settings().pdu.name, backup);
        // One mode is not the other.
        let wrong = RestoreOptions {
            backup: !backup,
            ..RestoreOptions::default()
        };
        assert_eq!(restored(&wrong, &file), BulkConfigCode::UnusableFile);
    }
}

#[test]
fn every_code_of_a_bulk_configuration_has_its_reason() {
    let file = saved(&SaveOptions::default());
    let usual = RestoreOptions::default();
    for (text, code) in [
        (file.clone(), BulkConfigCode::Accepted),
        ("something".to_owned(), BulkConfigCode::UnusableFile),
        (
            file.replace("web", "wep"),
            BulkConfigCode::ChecksumMissingOrWrong,
        ),
        (
            file.replace("checksum=", "sum="),
            BulkConfigCode::ChecksumMissingOrWrong,
        ),
        (
            edited(&file, "device=pdu", "device=kvm"),
            BulkConfigCode::WrongDeviceType,
        ),
        (
            edited(&file, "model=PX", "model=BCM"),
            BulkConfigCode::WrongModel,
        ),
        (
            edited(&file, "firmware=4.4", "firmware=4.3"),
            BulkConfigCode::WrongFirmwareVersion,
        ),
        (
            edited(&file, "filters=", "filters=colours,"),
            BulkConfigCode::UnknownFilter,
        ),
        (
            edited(&file, "data=clear", "data=cloudy"),
            BulkConfigCode::UnusableFile,
        ),
        ("x".repeat(MAX_BYTES + 1), BulkConfigCode::FileTooLarge),
    ] {
        assert_eq!(restored(&usual, &text), code, "{text:.60}");
    }
    let skip = RestoreOptions {
        skip_model: true,
        skip_firmware: true,
        ..RestoreOptions::default()
    };
    let foreign = edited(
        &edited(&file, "model=PX", "model=BCM"),
        "firmware=4.4",
        "firmware=4.3",
    );
    assert_eq!(restored(&skip, &foreign), BulkConfigCode::Accepted);
}

#[test]
fn a_password_is_needed_to_restore_what_it_sealed() {
    let mut options = SaveOptions {
        password: "secret".to_owned(),
        ..SaveOptions::default()
    };
    let file = saved(&options);
    assert!(!file.contains("web") && !format!("{options:?}").contains("secret"));
    for (password, code) in [
        ("secret", BulkConfigCode::Accepted),
        ("", BulkConfigCode::UnusableFile),
        ("other", BulkConfigCode::UnusableFile),
    ] {
        let options = RestoreOptions {
            password: password.to_owned(),
            ..RestoreOptions::default()
        };
        assert_eq!(restored(&options, &file), code, "{password}");
    }
    options.clear_text = true;
    assert!(saved(&options).contains("outlet[0].name=web\n"));
}

#[test]
fn profiles_choose_what_goes_in() {
    let profile = |name: &str, filter: &str| FilterProfile {
        name: name.to_owned(),
        types: [(filter.to_owned(), FilterType::Blacklist)].into(),
        ..FilterProfile::default()
    };
    let mut bulk = BulkConfiguration::default();
    let filters = &mut bulk.filters;
    assert_eq!(filters.add(profile("mine", "outlets")), Ok(()));
    for (refused, error) in [
        (profile("mine", "outlets"), FilterError::Exists),
        (profile("x", "colours"), FilterError::FilterUnknown),
        (profile("x", "users"), FilterError::FilterFixed),
        (profile("", "outlets"), FilterError::NameInvalid),
        (
            profile(&"x".repeat(65), "outlets"),
            FilterError::NameTooLong,
        ),
    ] {
        assert_eq!(filters.add(refused), Err(error));
    }
    assert_eq!(
        filters.modify(profile("Default", "outlets")),
        Err(FilterError::IsBuiltIn)
    );
    assert_eq!(
        filters.modify(profile("no", "outlets")),
        Err(FilterError::DoesNotExist)
    );
    assert_eq!(filters.delete("Default"), Err(FilterError::IsBuiltIn));
    assert_eq!(filters.select_default("no"), Err(FilterError::DoesNotExist));
    assert_eq!(filters.select_default("mine"), Ok(()));
    assert_eq!(filters.delete("mine"), Err(FilterError::IsDefault));
    let save = |bulk: &BulkConfiguration, profile: &str| {
        let options = SaveOptions {
            profile: profile.to_owned(),
            ..SaveOptions::default()
        };
        let file = bulk.save(&identity(), &settings(), &options)?;
        Some(String::from_utf8(file).unwrap())
    };
    assert!(!save(&bulk, "").unwrap().contains("outlet["));
    assert!(save(&bulk, "Default").unwrap().contains("outlet["));
    assert_eq!(save(&bulk, "no"), None);
    for number in 0..30 {
        let name = number.to_string();
        assert_eq!(bulk.filters.add(profile(&name, "outlets")), Ok(()));
    }
    assert_eq!(
        bulk.filters.add(profile("more", "outlets")),
        Err(FilterError::TooMany)
    );
    assert_eq!(
        bulk.filters.replace(vec![profile("only", "slots")], "only"),
        Err(FilterError::FilterUnknown)
    );
    assert_eq!(
        bulk.filters
            .replace(vec![profile("only", "inlets")], "only"),
        Ok(())
    );
    assert_eq!(bulk.filters.profiles().len(), 2);
}
