//! `xerus call`.

mod arguments;
mod closing;

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::process::ExitCode;

use serde_json::value::RawValue;
use xerus_rpc::recording::{Recorder, Redaction};
use xerus_rpc::{Agent, Error, Json, Outcome};

use super::input;
use crate::args::Call;
use crate::bad_news::code::{self, REFUSED, TRANSPORT, UNKNOWN, USAGE};
use crate::bad_news::{beside, words};
use crate::failure::Failure;
use crate::return_code::Refusal;
use crate::stop::Stop;
use crate::terminal::Terminal;
use crate::wire::{self, Wire};
use arguments::Arguments;
use closing::closing;

/// What is said of an interrupted call, and of many.
const ONE: &str = "the call may have been sent: the device may have executed it; read its state before you repeat a change";
const BULK: &str = "calls may have been sent: the device may have executed them, and what it answered is lost; read its state before you make \
     them again";

/// One call as the command line or a file has it.
struct Wanted {
    rid: String,
    method: String,
    arguments: Arguments,
}

pub(super) fn run(args: &Call, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let wire = Wire::of(&args.device.url).0;
    // Nobody is asked for a password for a call that cannot be made.
    match (&args.bulk, &args.rid, &args.method) {
        (Some(file), ..) => {
            let calls = listed(&input::file(file)?, file, wire)?;
            check_names(args, calls.iter().map(|call| &call.arguments))?;
            let recorder = recorder(args)?;
            let line = wire::line(&args.device, recorder.as_ref(), terminal)?;
            let mut stop = Stop::listen(UNKNOWN);
            let work = many(&line.agent, &calls);
            let ended = wait(closing(&line, &mut stop, BULK, work, terminal))?;
            let is_recorded = is_recorded(args, recorder.as_ref(), terminal);
            let results = match ended {
                Ok(results) => results,
                Err(code) => return Ok(ExitCode::from(code)),
            };
            let results = results.map_err(|error| wire::failed(error, &args.device))?;
            let code = exit_code(&calls, &results, terminal);
            let list = list(&results, wire);
            Ok(conclude(&list, code, is_recorded, &stop, terminal))
        }
        (None, Some(rid), Some(method)) => {
            let arguments = Arguments::read(&input::argument(&args.params)?, wire)?;
            check_names(args, [&arguments])?;
            let recorder = recorder(args)?;
            let line = wire::line(&args.device, recorder.as_ref(), terminal)?;
            let mut stop = Stop::listen(UNKNOWN);
            let call = arguments.call(&line.agent, rid, method);
            let work = call.send();
            let ended = wait(closing(&line, &mut stop, ONE, work, terminal))?;
            let is_recorded = is_recorded(args, recorder.as_ref(), terminal);
            let answer = match ended {
                Ok(answer) => answer,
                Err(code) => return Ok(ExitCode::from(code)),
            };
            let answer = answer.map_err(|error| wire::failed(error, &args.device))?;
            let refusal = Refusal::of(rid, method, &answer);
            let code = refusal.map(|refusal| {
                terminal.error(&format!("{refusal} ({method} on {rid})"));
                REFUSED
            });
            // The answer may hold more than the code, so that it is printed all the same.
            let answer = format!("{answer}\n");
            Ok(conclude(&answer, code, is_recorded, &stop, terminal))
        }
        _ => Err(Failure::Usage(
            "give RID and METHOD, or --bulk FILE".to_owned(),
        )),
    }
}

/// Prints what the device answered, after all that is told of it: the exit code is that of the call, also where nobody reads it.
fn conclude(
    text: &str,
    code: Option<u8>,
    is_recorded: bool,
    stop: &Stop,
    terminal: &Terminal,
) -> ExitCode {
    let code = code.unwrap_or(u8::from(!is_recorded));
    stop.is_over(code.max(1));
    match terminal.print(text) {
        Ok(()) => ExitCode::from(code),
        Err(failure) => {
            terminal.error(&format!(
                "{failure}; what the device answered is lost: read its state before you repeat a change"
            ));
            ExitCode::from(code.max(1))
        }
    }
}

/// What writes a recording, if one is wanted.
fn recorder(args: &Call) -> Result<Option<Recorder>, Failure> {
    let Some(file) = &args.record else {
        return Ok(None);
    };
    let mut redaction = Redaction::new();
    if let Some(user) = &args.device.user {
        redaction = redaction.value(user, "user");
    }
    let recorder = Recorder::create(file, redaction);
    recorder
        .map(Some)
        .map_err(|error| Failure::io("write", file, &error))
}

/// Whether there is a whole recording, if one is wanted. Why there is none is told, and no reason to keep back the answer of a
/// call that was made.
fn is_recorded(args: &Call, recorder: Option<&Recorder>, terminal: &Terminal) -> bool {
    let (Some(recorder), Some(file)) = (recorder, &args.record) else {
        return true;
    };
    let finished = recorder.finish();
    if let Err(error) = &finished {
        terminal.error(&Failure::io("write", file, error));
    }
    finished.is_ok()
}

/// What is secret in a recording is found by its name.
fn check_names<'a>(
    args: &Call,
    all: impl IntoIterator<Item = &'a Arguments>,
) -> Result<(), Failure> {
    if args.record.is_some() && all.into_iter().any(Arguments::are_nameless) {
        return Err(Failure::Usage(
            "--record leaves out what is secret by the names of parameters, and those of a list have none: give an object, which \
             goes by name, or leave --record out"
                .to_owned(),
        ));
    }
    Ok(())
}

/// The calls of a file.
fn listed(text: &str, file: &Path, wire: Wire) -> Result<Vec<Wanted>, Failure> {
    let wrong = |what: String| {
        Failure::Usage(format!(
            "{}: {what}; expected [{{\"rid\": …, \"method\": …, \"params\": …}}, …]",
            file.display()
        ))
    };
    let items: Vec<BTreeMap<String, &RawValue>> = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        wrong(format!("no list of calls (line {line}, column {column})"))
    })?;
    let call = |(index, mut item): (usize, BTreeMap<String, &RawValue>)| {
        let number = index + 1;
        let mut text = |name: &str| {
            let value = item
                .remove(name)
                .and_then(|value| serde_json::from_str(value.get()).ok());
            value.ok_or_else(|| {
                wrong(format!(
                    "call {number} has no {name}, or one that is no text"
                ))
            })
        };
        let (rid, method): (String, String) = (text("rid")?, text("method")?);
        let arguments = match item.remove("params") {
            None => Arguments::NONE,
            Some(value) => Arguments::read(value.get(), wire)?,
        };
        match item.into_keys().next() {
            None => Ok(Wanted {
                rid,
                method,
                arguments,
            }),
            Some(name) => Err(wrong(format!(
                "call {number} has a member {name}, which is unknown"
            ))),
        }
    };
    items.into_iter().enumerate().map(call).collect()
}

/// The exit code of the first call that failed or was refused; each refusal is told. What stands for calls that were not
/// executed stands for all of them: where others were, or may have been, the code is the one that says so. So it is where the
/// outcome of one is not known, whatever it was answered with.
fn exit_code(calls: &[Wanted], results: &[Result<Json, Error>], terminal: &Terminal) -> Option<u8> {
    let mut codes = Vec::new();
    let mut may_be_executed = false;
    let mut is_unknown = false;
    for (index, (call, result)) in calls.iter().zip(results).enumerate() {
        match result {
            Err(error) => {
                codes.push(code::exit_code(error));
                may_be_executed |= error.may_have_executed();
                is_unknown |= error.outcome() == Outcome::Unknown;
            }
            Ok(answer) => {
                may_be_executed = true;
                let Some(refusal) = Refusal::of(&call.rid, &call.method, answer) else {
                    continue;
                };
                let (number, Wanted { rid, method, .. }) = (index + 1, call);
                terminal.error(&format!("call {number}: {refusal} ({method} on {rid})"));
                codes.push(REFUSED);
            }
        }
    }
    let first = codes.first()?;
    let is_for_none = [TRANSPORT, USAGE].contains(first) && may_be_executed;
    if !is_for_none && !is_unknown {
        return Some(*first);
    }
    terminal.error(
        &"some calls were executed, or may have been: read the outcome of each, and the state of the device, before you make \
         them again",
    );
    Some(UNKNOWN)
}

async fn many(agent: &Agent, calls: &[Wanted]) -> Result<Vec<Result<Json, Error>>, Error> {
    let calls = calls
        .iter()
        .map(|call| call.arguments.call(agent, &call.rid, &call.method));
    Ok(agent.bulk(calls).await?.into_iter().collect())
}

/// A JSON list, a line for each result.
fn list(results: &[Result<Json, Error>], wire: Wire) -> String {
    let line = |result: &Result<Json, Error>| match result {
        Ok(answer) => format!("{{\"result\":{answer}}}"),
        Err(error) => {
            let members = serde_json::json!({
                "code": error.code(),
                "message": words::line(error, wire),
                "outcome": code::outcome(error.outcome()),
            });
            let members = members.to_string();
            let members = members.strip_suffix('}').unwrap_or(&members);
            format!("{{\"error\":{members}{}}}}}", beside::members(error))
        }
    };
    let lines: Vec<_> = results.iter().map(line).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// Runs what talks to a device to its end.
pub(super) fn wait<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(work);
            // What the system still looks up for it, a name, is of no more use.
            runtime.shutdown_background();
            Ok(done)
        }
        Err(_) => Err(Failure::Message(
            "the system gives no means to wait for the network: raise the limit of open files"
                .to_owned(),
        )),
    }
}
