use std::sync::Arc;

use xerus_rpc::MemoryTransport;
use xerus_rpc::server::Router;

use super::*;

#[test]
fn a_ticket_keeps_everything() {
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
    let mut notes = Notes::new();
    notes.step = Step::Watch;
    notes.unit = Some(3);
    notes.allow = Allow::ALL.to_vec();
    notes.upload = FirmwareUpload::new()
        .low_memory(true)
        .allow_downgrade(false)
        .allow_untrusted(true);
    notes.keep_image = true;
    notes.patience = Duration::from_millis(1500);
    notes.installed = "4.0.20.5-1".to_owned();
    notes.image = "4.4.1.5-2".to_owned();
    notes.updates = "17 x=y z".to_owned();
    notes.image_before = -5;
    notes.image_taken = 7;
    notes.told = true;
    notes.ran = true;
    notes.certificate = Some("ab".to_owned());
    let ticket = notes.ticket(&agent).to_string().parse::<Ticket>().unwrap();
    assert_eq!(ticket.target(), "/link/3/firmware");
    let mut read = Notes::read(&ticket).unwrap();
    assert_eq!(format!("{read:?}"), format!("{notes:?}"));
    read.away = true;
    let stamped = read.stamp(ticket);
    assert!(Notes::read(&stamped).unwrap().away);
}

#[test]
fn other_tickets_are_refused() {
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
    let other = Ticket::new(&agent, "/firmware", "startUpdate", Plan::new());
    let refused = Notes::read(&other).unwrap_err();
    assert_eq!(refused.code(), "Config.BadTicket");
    for note in ["step", "allow", "upload", "ran", "image before", "times ms"] {
        let ticket = Notes::new().ticket(&agent).with_note(note, "damaged");
        assert!(Notes::read(&ticket).is_err(), "{note}");
    }
}
