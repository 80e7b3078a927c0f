//! A servant that notes what it is asked.

use std::sync::Arc;

use xerus_rpc::server::{Answer, Fault, Incoming, Reply, Servant};

use crate::calls::{Answered, CallLog, Called};

struct Witness {
    servant: Servant,
    names: Arc<[String]>,
    log: CallLog,
}

/// The servant of the object with these resource ids, the one that is told first, with a note of each call in `log`.
pub(super) fn witnessed(servant: Servant, names: Arc<[String]>, log: CallLog) -> Servant {
    let info = servant.type_info().clone();
    Servant::of_type(
        info,
        Witness {
            servant,
            names,
            log,
        },
        Witness::dispatch,
    )
}

impl Witness {
    // Whether a call can be answered shows when it is made: a witness takes all.
    #[allow(clippy::unnecessary_wraps)]
    fn dispatch<'a>(&'a self, call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
        let (method, arguments, context) = (call.method(), call.arguments(), call.context());
        Ok(Reply::future(async move {
            let call = Incoming::new(method, arguments, context);
            let result = self.servant.call(&call).await;
            let answer = match &result {
                Ok(values) => {
                    Answered::Results(without_token(&String::from_utf8_lossy(values.by_name())))
                }
                Err(fault) => error(fault),
            };
            self.log.note(Called {
                rid: self.names.first().cloned().unwrap_or_default(),
                names: Arc::clone(&self.names),
                method: method.to_owned(),
                user: context.user.clone(),
                peer: context.peer,
                answer,
            });
            result
        }))
    }
}

fn error(fault: &Fault) -> Answered {
    match fault.error() {
        Some(error) => Answered::Error {
            code: error.code.number().unwrap_or_default(),
            message: error.message.clone(),
        },
        // A refusal whose results nobody could write.
        None => Answered::Results(format!(
            "{{\"_ret_\":{}}}",
            fault.return_code().unwrap_or_default()
        )),
    }
}

/// Results without the token of a session, which a failed assertion would print.
fn without_token(results: &str) -> String {
    match serde_json::from_str::<serde_json::Map<_, _>>(results) {
        Ok(mut members) if members.contains_key("token") => {
            members.insert("token".to_owned(), "<not kept>".into());
            serde_json::Value::Object(members).to_string()
        }
        _ => results.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_token;

    #[test]
    fn tokens_are_not_kept_and_all_else_is() {
        let kept = without_token(r#"{"_ret_":0,"token":"abc"}"#);
        assert!(
            kept.contains(r#""_ret_":0"#) && !kept.contains("abc"),
            "{kept}"
        );
        let other = r#"{"_ret_":{"label":"1","current":0.0010000000474974513}}"#;
        assert_eq!(without_token(other), other);
    }
}
