//! Taking a bulk answer apart: which entry belongs to which call, and what each says.

use std::ops::RangeInclusive;

use super::request::Chunk;
use super::slot::Accept;
use crate::call::results::Form;
use crate::codec::{Reader, ReaderOptions};
use crate::error::{BulkError, DecodeError, EnvelopeError, Error, Outcome};
use crate::id::RequestId;
use crate::json::{Mark, NON_EMPTY, duplicate};
use crate::jsonrpc::{answer, id};

/// What is known of one call of a chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// No entry so far.
    Open,
    /// The entry at its place is no answer to it; one with its id may still come.
    Suspect,
    /// Answered.
    Done,
}

/// Pairs the entries of an answer with the calls of a chunk.
pub(super) struct Pairing<'a> {
    chunk: &'a Chunk<'a>,
    slots: &'a mut (dyn Accept + Send),
    states: Vec<State>,
    entries: usize,
    /// An entry does not say which call it answers, or names one that it cannot answer.
    stray: bool,
    /// An entry does not stand in the place of its call.
    moved: bool,
    /// An entry says neither by its id nor by its status what became of the call in its place.
    vague: bool,
    /// What was noted for calls of which only the place speaks.
    suspects: Vec<(usize, Error)>,
}

impl<'a> Pairing<'a> {
    pub(super) fn new(chunk: &'a Chunk<'a>, slots: &'a mut (dyn Accept + Send)) -> Self {
        Self {
            chunk,
            slots,
            states: vec![State::Open; chunk.len()],
            entries: 0,
            stray: false,
            moved: false,
            vague: false,
            suspects: Vec::new(),
        }
    }

    /// Reads the `result` of the outer answer: `{"responses":[…]}`.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        self.states.fill(State::Open);
        self.entries = 0;
        self.stray = false;
        self.moved = false;
        self.vague = false;
        self.suspects.clear();
        if !reader.at_object() {
            return Err(reader.mismatch("an object").member("result"));
        }
        let start = reader.offset();
        let mut seen = false;
        if reader.open_object("an object")? == NON_EMPTY {
            loop {
                let key = reader.offset();
                if reader.take_key("responses") || reader.key()? == "responses" {
                    if seen {
                        return Err(duplicate(key).member("responses"));
                    }
                    seen = true;
                    self.responses(reader)
                        .map_err(|error| error.member("responses"))?;
                } else {
                    reader.skip_value()?;
                }
                if !reader.more_members()? {
                    break;
                }
            }
        }
        if seen {
            Ok(())
        } else {
            Err(DecodeError::missing("responses", start))
        }
    }

    /// What is left when all entries were read.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        if self.entries > self.chunk.len() {
            let (sent, received) = (self.chunk.len(), self.entries);
            return Err(BulkError::ExtraResponses { sent, received }.into());
        }
        // Where others stand in wrong places, what has no id may belong to another call, too.
        if self.moved || self.stray {
            for (place, error) in std::mem::take(&mut self.suspects) {
                if self.states.get(place) == Some(&State::Suspect)
                    && let Some((index, _)) = self.chunk.call(place)
                {
                    self.slots
                        .reject(index, error.with_outcome(Outcome::Unknown));
                }
            }
        }
        let tail = self.missing_tail();
        for (place, state) in self.states.iter().enumerate() {
            if *state == State::Open
                && let Some((index, plan)) = self.chunk.call(place)
            {
                let error = Error::from(BulkError::MissingResponse);
                let error = if place >= tail {
                    error
                } else {
                    error.with_outcome(Outcome::Unknown)
                };
                self.slots.reject(index, plan.blame(error));
            }
        }
        Ok(())
    }

    /// The place from which on no call was executed. Devices execute the calls in order, so that is behind the last answer,
    /// provided that every entry before accounts for a call of its own: any other may be the answer to any call left
    /// open. An answer without entries accounts for nothing.
    fn missing_tail(&self) -> usize {
        let settled = |state: &State| *state != State::Open;
        let paired = self.states.iter().filter(|state| settled(state)).count();
        let sure = !self.stray && !self.vague && paired == self.entries;
        match self.states.iter().rposition(settled) {
            Some(last) if sure => last + 1,
            _ => self.states.len(),
        }
    }

    fn responses(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        if reader.open_array("an array")? == NON_EMPTY {
            loop {
                let entry = self.entries;
                self.entries += 1;
                self.entry(entry, reader)
                    .map_err(|error| error.index(entry))?;
                if !reader.more_elements()? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Reads one entry. An error is a fault in the text; what an entry says about its call goes to the slots.
    fn entry(&mut self, entry: usize, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        let start = reader.mark();
        if self.as_expected(entry, reader).is_some() {
            if let Some(state) = self.states.get_mut(entry) {
                *state = State::Done;
            }
            return Ok(());
        }
        reader.rewind(start);
        reader.skip_value()?;
        let end = reader.mark();
        reader.rewind(start);
        if let Some((index, _)) = self.chunk.call(entry) {
            if self.states.get(entry) == Some(&State::Open) {
                // It may have been taken before its id was seen.
                self.slots.forget(index);
            }
            if !self.with_care(entry, reader) {
                reader.rewind(start);
            }
        }
        reader.resume(end);
        Ok(())
    }

    /// One pass over an entry as devices send it, in its place; `None` for anything else.
    fn as_expected(&mut self, place: usize, reader: &mut Reader<'_>) -> Option<()> {
        let (index, plan) = self.chunk.call(place)?;
        let id = self.chunk.id(place);
        if *self.states.get(place)? == State::Done || !reader.at_object() {
            return None;
        }
        let (mut answered, mut accepted) = (false, false);
        if reader.open_object("an object").ok()? == NON_EMPTY {
            loop {
                if !answered && reader.take_key("json") {
                    let slots = &mut *self.slots;
                    let callee = plan.callee(Form::ByName);
                    answer::read_as_expected(reader, id, &mut |reader| {
                        slots.accept(index, plan, &callee, reader)
                    })?;
                    answered = true;
                } else if !accepted && reader.take_key("statcode") {
                    accepted = reader.take_text("200");
                } else {
                    return None;
                }
                if !reader.more_members().ok()? {
                    break;
                }
            }
        }
        (answered && accepted).then_some(())
    }

    /// Judges an entry that is not as expected; true when its result was kept.
    fn with_care(&mut self, entry: usize, reader: &mut Reader<'_>) -> bool {
        let parts = match Entry::scan(reader, entry) {
            Ok(parts) => parts,
            Err(error) => return self.stray(entry, error.into()),
        };
        // A document inside a string is the form of `performRequest`.
        let inner = parts.json.and_then(|mark| inner_document(reader, mark));
        let id = match &inner {
            Some(text) => id_of_text(text, reader.options()),
            None => parts.json.and_then(|mark| id_of(reader, mark)),
        };
        let place = match id {
            Some(id) => match self.chunk.place_of(id) {
                Some(place) if self.states.get(place) != Some(&State::Done) => place,
                // An id of no call of this chunk, or one answered before: the call in this place stays open
                // for an entry with its own id.
                _ => return self.stray(entry, EnvelopeError::IdMismatch.into()),
            },
            None => entry,
        };
        self.moved |= place != entry;
        if self.states.get(place) == Some(&State::Done) {
            return false;
        }
        let Some((index, plan)) = self.chunk.call(place) else {
            return false;
        };
        // Without an id only the place speaks for it, and an entry with the id of that call speaks louder.
        let verdict = match id {
            Some(_) => State::Done,
            None => State::Suspect,
        };
        let id = self.chunk.id(place);
        let slots = &mut *self.slots;
        let callee = plan.callee(Form::ByName);
        let sink = &mut |reader: &mut Reader<'_>| slots.accept(index, plan, &callee, reader);
        let outcome = match (parts.status, parts.json, inner) {
            (status, _, inner) if status != OK => {
                let error = Error::from(BulkError::SubHttpStatus(status));
                Err(match beside(reader, parts.json, inner.as_deref(), id) {
                    Some(outcome) => error.with_outcome(outcome),
                    None => error,
                })
            }
            (_, Some(mark), Some(text)) => {
                reader.rewind(mark);
                let mut inner = Reader::with_options(&text, reader.options());
                inner.share_memory(reader);
                let outcome = answer::read_whole(&mut inner, id, sink);
                reader.share_memory(&inner);
                outcome
            }
            (_, Some(mark), None) => {
                reader.rewind(mark);
                answer::read_part(reader, id, sink).unwrap_or_else(|error| Err(error.into()))
            }
            (_, None, _) => Err(Error::from(missing(reader, entry, "json")).before_the_result()),
        };
        match outcome {
            Ok(()) => {
                self.set(place, State::Done);
                true
            }
            Err(error) => {
                let tells = error.as_rpc().is_some() || REFUSALS.contains(&parts.status);
                self.vague |= verdict == State::Suspect && !tells;
                self.note(place, verdict, error.with_request_id(id));
                false
            }
        }
    }

    /// Notes that the entry in a place answers no call that is known; false, since nothing was kept.
    fn stray(&mut self, place: usize, error: Error) -> bool {
        self.stray = true;
        self.note(place, State::Suspect, error.before_the_result());
        false
    }

    /// Notes an error for the call in a place, unless it has been answered.
    fn note(&mut self, place: usize, state: State, error: Error) {
        if let Some((index, plan)) = self.chunk.call(place)
            && self.states.get(place) != Some(&State::Done)
        {
            let error = plan.blame(error);
            if state == State::Suspect {
                self.suspects.push((place, error.clone()));
            }
            self.slots.reject(index, error);
            self.set(place, state);
        }
    }

    fn set(&mut self, place: usize, state: State) {
        if let Some(slot) = self.states.get_mut(place) {
            *slot = state;
        }
    }
}

/// The status of a call that was executed.
const OK: i64 = 200;

/// Statuses that refuse a call.
const REFUSALS: RangeInclusive<i64> = 400..=599;

/// What the document beside a status other than 200 says of the execution, where it says something: an error may say that
/// the call was not executed, whatever the status; a result contradicts every refusal.
#[cold]
fn beside(
    reader: &mut Reader<'_>,
    json: Option<Mark>,
    inner: Option<&str>,
    id: RequestId,
) -> Option<Outcome> {
    let skip = &mut |reader: &mut Reader<'_>| reader.skip_value();
    let told = match inner {
        Some(text) => {
            answer::read_whole(&mut Reader::with_options(text, reader.options()), id, skip)
        }
        None => {
            reader.rewind(json?);
            answer::read_part(reader, id, skip).ok()?
        }
    };
    match told {
        Ok(()) => Some(Outcome::Unknown),
        Err(error) if error.as_rpc().is_some() && !error.may_have_executed() => {
            Some(Outcome::NotExecuted)
        }
        Err(_) => None,
    }
}

/// The members of one entry.
struct Entry {
    status: i64,
    json: Option<Mark>,
}

impl Entry {
    fn scan(reader: &mut Reader<'_>, entry: usize) -> Result<Self, DecodeError> {
        let place = |error: DecodeError| error.index(entry).member("responses");
        let (mut status, mut json) = (None, None);
        if reader.open_object("an object").map_err(place)? == NON_EMPTY {
            loop {
                reader.peek();
                let start = reader.offset();
                let name = reader.key()?;
                reader.peek();
                match &*name {
                    "statcode" if status.is_none() => {
                        status = Some(
                            reader
                                .value::<i32>()
                                .map_err(|error| place(error.member("statcode")))?,
                        );
                    }
                    "json" if json.is_none() => {
                        json = Some(reader.mark());
                        reader.skip_value()?;
                    }
                    "statcode" => return Err(place(duplicate(start).member("statcode"))),
                    "json" => return Err(place(duplicate(start).member("json"))),
                    _ => reader.skip_value()?,
                }
                if !reader.more_members()? {
                    break;
                }
            }
        }
        match status {
            Some(status) => Ok(Self {
                status: i64::from(status),
                json,
            }),
            None => Err(missing(reader, entry, "statcode")),
        }
    }
}

fn missing(reader: &Reader<'_>, entry: usize, name: &'static str) -> DecodeError {
    DecodeError::missing(name, reader.offset())
        .index(entry)
        .member("responses")
}

/// The text inside a string value.
fn inner_document(reader: &mut Reader<'_>, mark: Mark) -> Option<String> {
    reader.rewind(mark);
    if reader.peek() == Some(b'"') {
        reader.value().ok()
    } else {
        None
    }
}

/// The id of an answer, when it is a number.
fn id_of(reader: &mut Reader<'_>, mark: Mark) -> Option<u64> {
    reader.rewind(mark);
    if !reader.at_object() {
        return None;
    }
    id::of(reader)?.parse().ok()
}

fn id_of_text(text: &str, options: &ReaderOptions) -> Option<u64> {
    id::of(&mut Reader::with_options(text, options))?
        .parse()
        .ok()
}
