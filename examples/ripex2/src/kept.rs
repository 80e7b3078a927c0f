//! The file that keeps the ticket of a change, and for which description it was asked.

use std::io;
use std::path::Path;

use xerus_rpc::action::Ticket;

use crate::Failure;

/// The line of the ticket file that says which description was asked for. To a ticket it is a comment.
fn asked_for(text: &str) -> String {
    format!("# description: {}", serde_json::Value::from(text))
}

/// The ticket that an earlier run left for this description; `None` when there is none.
pub(crate) fn kept(text: &str, file: &Path) -> Result<Option<Ticket>, Failure> {
    let kept = match std::fs::read_to_string(file) {
        Ok(kept) => kept,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let name = file.display();
            let what = format!(
                "cannot read {name}, which may be the ticket of a change under way ({error}); nothing was changed: make the file readable, \
                 or name another one when no change is under way"
            );
            return Err(what.into());
        }
    };
    if kept.lines().next() != Some(&*asked_for(text)) {
        let name = file.display();
        let first = kept.lines().next().unwrap_or_default();
        let what = format!(
            "{name} is the ticket of another change, which may be under way ({first}); nothing was changed now: run this again with that \
             description to see how it ends, or delete the file when you know"
        );
        return Err(what.into());
    }
    Ok(Some(kept.parse()?))
}

/// Keeps the ticket: all of it, or what was there before.
pub(crate) fn keep(ticket: &Ticket, text: &str, file: &Path) -> io::Result<()> {
    let ticket = format!("{}\n{}", asked_for(text), ticket);
    let mut fresh = file.to_owned().into_os_string();
    fresh.push(".new");
    let kept = std::fs::write(&fresh, &ticket).and_then(|()| std::fs::rename(&fresh, file));
    kept.map_err(|error| {
        let name = file.display();
        let what = format!(
            "cannot write {name} ({error}); the change may be under way, and this is its ticket, to be kept in that file:\n{ticket}"
        );
        io::Error::new(error.kind(), what)
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A file of this test alone.
    pub(crate) fn file(name: &str) -> std::path::PathBuf {
        std::env::temp_dir().join(format!("ripex2-{}-{name}", std::process::id()))
    }

    #[test]
    fn only_where_there_is_no_ticket_a_change_is_begun() {
        let none = file("none");
        assert!(kept("Mast 4", &none).expect("none").is_none());
        // It is there, and cannot be read: a directory, no text, a part of a ticket.
        let error = kept("Mast 4", &std::env::temp_dir()).expect_err("a directory");
        assert!(error.to_string().contains("nothing was changed"), "{error}");
        let broken = file("broken");
        let part = asked_for("Mast 4");
        for bytes in [&b"\xff"[..], b"", part.as_bytes()] {
            std::fs::write(&broken, bytes).expect("a file");
            kept("Mast 4", &broken).expect_err("no ticket");
        }
        std::fs::remove_file(&broken).expect("a file");
    }
}
