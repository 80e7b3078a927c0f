//! What a ticket says.

use std::time::Duration;

use xerus_rpc::action::Ticket;
use xerus_rpc::files::FirmwareUpload;

use super::{ACTION, Notes, Step};
use crate::firmware::review::Allow;

pub(super) fn read(ticket: &Ticket) -> Result<Notes, &'static str> {
    const DAMAGED: &str =
        "a note of it is missing or makes no sense; give the ticket as it was written";
    if ticket.action() != ACTION {
        return Err("it is not one of a guided firmware update; resume it with what wrote it");
    }
    let text = |name| ticket.note(name).ok_or(DAMAGED);
    let number = |name| text(name)?.parse::<i64>().map_err(|_| DAMAGED);
    let flag = |name| match text(name)? {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(DAMAGED),
    };
    let step = text("step")?;
    let step = Step::ALL.into_iter().find(|known| known.name() == step);
    let allow = text("allow")?
        .split(',')
        .filter(|name| !name.is_empty())
        .map(|name| Allow::ALL.into_iter().find(|allow| allow.name() == name));
    let unit = match ticket.note("unit") {
        Some(unit) => Some(unit.parse().map_err(|_| DAMAGED)?),
        None => None,
    };
    let times: Vec<u64> = text("times ms")?
        .split(' ')
        .map(|time| time.parse().map_err(|_| DAMAGED))
        .collect::<Result<_, _>>()?;
    let [interval, deadline, check_timeout, patience, absence] = times[..] else {
        return Err(DAMAGED);
    };
    let milliseconds = Duration::from_millis;
    Ok(Notes {
        step: step.ok_or(DAMAGED)?,
        unit,
        allow: allow.collect::<Option<_>>().ok_or(DAMAGED)?,
        upload: upload(text("upload")?).ok_or(DAMAGED)?,
        keep_image: flag("keep image")?,
        interval: milliseconds(interval),
        deadline: milliseconds(deadline),
        check_timeout: milliseconds(check_timeout),
        patience: milliseconds(patience),
        absence: milliseconds(absence),
        installed: text("installed")?.to_owned(),
        image: text("image")?.to_owned(),
        updates: text("updates before")?.to_owned(),
        image_before: number("image before")?,
        image_taken: number("image taken")?,
        told: flag("told")?,
        ran: flag("ran")?,
        away: flag("away")?,
        certificate: ticket.note("certificate").map(str::to_owned),
    })
}

fn upload(text: &str) -> Option<FirmwareUpload> {
    let mut upload = FirmwareUpload::new();
    for pair in text.split(',').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once(' ')?;
        let value = match value {
            "1" => true,
            "0" => false,
            _ => return None,
        };
        upload = match name {
            "lowMemoryUpload" => upload.low_memory(value),
            "allowLowMemoryDowngrade" => upload.allow_downgrade(value),
            "allowLowMemoryUntrusted" => upload.allow_untrusted(value),
            _ => return None,
        };
    }
    Some(upload)
}
