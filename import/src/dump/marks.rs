//! Marks of the methods of a dump.

use std::time::Duration;

use xerus_idl::marks::{Action, Marks, Stream};

use super::document::At;
use super::members::Members;
use crate::api::{MarkLine, Ty};
use crate::error::Error;
use crate::text::clean;

impl<'v> Members<'v> {
    /// What a method says for programs, as lines of a comment.
    pub(super) fn marks(&self, method: &At<'v>) -> Result<Vec<MarkLine>, Error> {
        let Some(at) = method.get("marks")? else {
            return Ok(Vec::new());
        };
        let text = |at: &At<'v>, key: &str| at.text_of(key).map(|text| text.map(str::to_owned));
        let needed = |at: &At<'v>, key: &str| at.member(key)?.text().map(str::to_owned);
        let mut marks = Marks::default();
        marks.wire = text(&at, "wire")?;
        marks.repeatable = at.flag_of("repeatable")?;
        marks.long_poll = at.flag_of("long_poll")?;
        marks.one_way = at.flag_of("one_way")?;
        marks.timeout = match at.get("timeout_ms")? {
            None => None,
            Some(at) => Some(timeout(&at)?),
        };
        let progress = self.mark_type(&at, "progress")?;
        let mut poll = None;
        if let Some(action) = at.get("action")? {
            poll = self.mark_type(&action, "poll")?;
            marks.action = Some(Action::new(needed(&action, "check")?, None));
        }
        if let Some(stream) = at.get("stream")? {
            marks.stream = Some(Stream::new(
                needed(&stream, "poll")?,
                needed(&stream, "stop")?,
            ));
        }
        marks.root = at.flag_of("root")?;
        let mut errors = Vec::new();
        for error in at.list_of("errors")? {
            let code = needed(&error, "code")?;
            marks.errors.push((code.clone(), needed(&error, "name")?));
            let ty = self.mark_type(&error, "type")?;
            errors.extend(ty.map(|ty| (code, ty)));
        }
        marks.role = text(&at, "role")?;
        marks.local = at.flag_of("local")?;
        marks.code = at.flag_of("code")?;
        for name in at.list_of("nullable")? {
            marks.nullable.push(name.text()?.to_owned());
        }
        // Only what a comment holds and gives back is let in.
        let written = marks.to_string();
        if Marks::parse(&written).as_ref() != Ok(&marks)
            || !(marks.is_empty() || clean([&*written].into_iter()) == [&*written])
        {
            return Err(at.error("no marks that a comment could hold"));
        }
        Ok(MarkLine::of(marks, progress, poll, errors))
    }

    fn mark_type(&self, at: &At<'v>, key: &str) -> Result<Option<Ty>, Error> {
        at.get(key)?.map(|at| self.ty(&at)).transpose()
    }
}

fn timeout(at: &At<'_>) -> Result<Duration, Error> {
    let milliseconds = u64::try_from(at.number()?);
    let milliseconds = milliseconds.map_err(|_| at.error("a timeout is not negative"))?;
    Ok(Duration::from_millis(milliseconds))
}
