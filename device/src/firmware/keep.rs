//! Keeping a ticket in a file.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use xerus_rpc::action::Ticket;

/// Writes the ticket so that there is a whole one at any moment: the old one, or the new one.
pub(super) fn write(path: &Path, ticket: &Ticket) -> io::Result<()> {
    let mut beside = OsString::from(path.as_os_str());
    beside.push(".new");
    let mut file = File::create(&beside)?;
    file.write_all(ticket.to_string().as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}
