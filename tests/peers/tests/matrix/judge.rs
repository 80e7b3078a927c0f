//! Whether a step gave what it must.

use serde_json::Value;
use xerus_rpc::{Agent, Json};
use xerus_sim::Running;

use crate::agree::{difference, version_free};
use crate::check::{Call, Check, check};
use crate::explain::Api;
use crate::facts::{Fact, facts};
use crate::table::Outcome;

/// Everything that a step is judged by.
pub(crate) struct Judge<'a> {
    pub(crate) device: &'a Running,
    /// Our own client, which knows no types.
    pub(crate) agent: Agent,
    /// What the device has, and what the client was made for.
    pub(crate) api: &'a Api,
    pub(crate) client_api: &'a Api,
    pub(crate) fits: bool,
    /// Whether the values are those of our own bindings, which have a default for what was not sent.
    pub(crate) has_defaults: bool,
}

impl Judge<'_> {
    /// What the device answers to a call of our own.
    async fn sent(&self, call: &Call) -> Result<Value, String> {
        let params: Json = call.params.parse().unwrap();
        let answer = self.agent.call(&call.rid, call.method, params).await;
        let answer = answer.map_err(|error| format!("our own client gets no answer: {error}"))?;
        let answer: Value = serde_json::from_str(answer.get()).unwrap();
        Ok(match call.results {
            [one] => answer[one].clone(),
            several => several.iter().map(|name| answer[name].clone()).collect(),
        })
    }

    /// What is wrong with a value that a client reports.
    async fn fault(&self, step: &str, value: &Value) -> Option<String> {
        let Some(check) = check(step) else {
            return Some("nobody knows what this step must give".to_owned());
        };
        let known = facts(self.device.device(), step);
        let wrong = match check {
            Check::Sent(call) => match self.sent(&call).await {
                Ok(sent) if self.has_defaults => difference(&without_defaults(value, &sent), &sent),
                Ok(sent) => difference(value, &sent),
                Err(error) => Some(error),
            },
            Check::Is(must) => difference(value, &must),
            Check::Refused(how, code) => Some(format!("it was to be refused with {how} {code}")),
            Check::Events(must) => wrong_events(value, &must),
            Check::Known if known.is_empty() => {
                Some("nobody knows what this step must give".to_owned())
            }
            Check::Known => None,
        };
        wrong
            .or_else(|| known.iter().find_map(|fact| contradiction(value, fact)))
            .or_else(|| self.undeclared_reference(value))
    }

    /// A reference to an object of a type that this firmware does not have.
    fn undeclared_reference(&self, value: &Value) -> Option<String> {
        match value {
            Value::Array(items) => items
                .iter()
                .find_map(|item| self.undeclared_reference(item)),
            Value::Object(members) => {
                let rid = members
                    .get("rid")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let opaque = rid
                    .strip_prefix("/tfwopaque/")
                    .and_then(|rid| rid.split('/').next());
                opaque
                    .filter(|id| !self.api.declares(id))
                    .map(|id| format!("{rid}: there is no {id} in this firmware"))
                    .or_else(|| {
                        members
                            .values()
                            .find_map(|item| self.undeclared_reference(item))
                    })
            }
            _ => None,
        }
    }

    /// Notes how a step went; a fault that nothing explains is returned.
    pub(crate) async fn judge(
        &self,
        outcome: &mut Outcome,
        step: &str,
        said: &Value,
    ) -> Option<String> {
        let error = &said["error"];
        if error.is_null() {
            let fault = self.fault(step, &said["value"]).await;
            match &fault {
                None => outcome.right += 1,
                Some(_) if !self.fits && is_empty_poll(step, &said["value"]) => {
                    outcome.failed(self.api.events_of_other_versions());
                    return None;
                }
                Some(_) => {}
            }
            return fault;
        }
        if let Some(Check::Refused(how, code)) = check(step)
            && error[how] == code
        {
            outcome.right += 1;
            return None;
        }
        match self.api.explain(error, self.client_api) {
            // What a client does not have it need not do.
            Some(_) if error["lacks"] == true => None,
            Some(reason) if !self.fits => {
                outcome.failed(reason);
                None
            }
            _ => Some(error.to_string()),
        }
    }
}

/// The value without members that were not sent.
fn without_defaults(value: &Value, sent: &Value) -> Value {
    match (value, sent) {
        (Value::Object(members), Value::Object(sent)) => members
            .iter()
            .filter_map(|(name, value)| {
                Some((name.clone(), without_defaults(value, sent.get(name)?)))
            })
            .collect(),
        (Value::Array(items), Value::Array(sent)) if items.len() == sent.len() => items
            .iter()
            .zip(sent)
            .map(|(item, sent)| without_defaults(item, sent))
            .collect(),
        _ => value.clone(),
    }
}

fn contradiction(value: &Value, fact: &Fact) -> Option<String> {
    match fact {
        Fact::At(pointer, known) => {
            let difference = difference(value.pointer(pointer)?, known)?;
            Some(format!("{pointer}{difference}, as the model knows"))
        }
        Fact::Length(known) => {
            let length = value.as_array().map(Vec::len);
            (length != Some(*known))
                .then(|| format!("{length:?} elements, but the model has {known}"))
        }
    }
}

/// Polled events are two values: whether there are more, and the events.
fn wrong_events(value: &Value, must: &[(&str, String)]) -> Option<String> {
    let found: Option<Vec<(String, String)>> =
        value[1].as_array()?.iter().map(kind_of_event).collect();
    let must: Vec<(String, String)> = must
        .iter()
        .map(|(name, source)| ((*name).to_owned(), source.clone()))
        .collect();
    (value[0].as_bool().unwrap_or(value[0] == 1) || found.as_ref() != Some(&must))
        .then(|| format!("{value} instead of {must:?}"))
}

/// The type without version, and the last part of the source.
fn kind_of_event(event: &Value) -> Option<(String, String)> {
    let name = version_free(event["type"].as_str()?)?;
    let source = event["value"]["source"]["rid"].as_str()?;
    Some((name, source.rsplit('/').next()?.to_owned()))
}

fn is_empty_poll(step: &str, value: &Value) -> bool {
    step == "events.by_type" && value[1] == Value::Array(Vec::new())
}
