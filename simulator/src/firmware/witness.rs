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
                    Answered::Results(String::from_utf8_lossy(values.by_name()).into_owned())
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
