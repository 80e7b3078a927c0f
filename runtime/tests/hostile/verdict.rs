//! What becomes of one switching call, and of the agent after it.

use std::fmt::Debug;

use xerus_rpc::{Agent, AgentBuilder, Error, Json, Outcome};

use crate::device::{Asked, BOTH, Device, Scheme, Step, get, switch};

/// Makes one switching call that the device answers so, and a reading one after it, which the device answers well.
///
/// Whatever came of the first, the device was asked once, and the agent is as good as new.
pub(crate) async fn answered_on(
    scheme: Scheme,
    configure: fn(AgentBuilder) -> AgentBuilder,
    first: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static,
) -> Result<Json, Error> {
    let device = Device::start(scheme, move |asked: &Asked| match asked.method().as_str() {
        "setPowerState" => first(asked),
        _ => asked.returns("\"well\""),
    })
    .await;
    let agent = configure(device.agent()).build().expect("valid");
    let result = switch(&agent).await;
    assert_usable(&agent).await;
    let switched = device
        .asked()
        .iter()
        .filter(|asked| asked.method() == "setPowerState")
        .count();
    assert_eq!(switched, 1, "a switching call is sent once: {result:?}");
    result
}

/// As [`answered_on`], without TLS and with the settings of every agent.
pub(crate) async fn answered(
    first: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static,
) -> Result<Json, Error> {
    answered_on(Scheme::Http, |agent| agent, first).await
}

/// The next call gets its own answer.
pub(crate) async fn assert_usable(agent: &Agent) {
    let next = get(agent).await.expect("the agent is usable");
    assert_eq!(next.get(), r#"{"_ret_":"well"}"#);
}

/// What is wrong with a failure that should have this code and say this about the execution.
fn fault<T: Debug>(result: Result<T, Error>, (code, outcome): (&str, Outcome)) -> Option<String> {
    match result {
        Ok(value) => Some(format!("taken as {:.80}", format!("{value:?}"))),
        Err(error) => {
            let line = error.to_string();
            let fits = (error.code(), error.outcome()) == (code, outcome);
            (!fits || line.contains('\n') || line.len() > 1000).then(|| format!("{error:?}"))
        }
    }
}

/// Collects what is wrong in a table of cases, so that one fault does not hide the others.
#[derive(Default)]
pub(crate) struct Faults(Vec<String>);

impl Faults {
    /// The call must have failed so.
    pub(crate) fn expect<T: Debug>(
        &mut self,
        what: impl Debug,
        result: Result<T, Error>,
        expected: (&str, Outcome),
    ) {
        if let Some(fault) = fault(result, expected) {
            self.0.push(format!("{what:?}: {fault}"));
        }
    }

    /// The call must have given this.
    pub(crate) fn expect_value(
        &mut self,
        what: impl Debug,
        result: Result<Json, Error>,
        value: &str,
    ) {
        match result {
            Ok(given) if given.get() == value => {}
            other => self.0.push(format!("{what:?}: {other:?}")),
        }
    }

    /// The call must have failed with one of these codes, and nobody knows what became of it.
    pub(crate) fn expect_unknown<T: Debug>(
        &mut self,
        what: impl Debug,
        result: Result<T, Error>,
        codes: &[&str],
    ) {
        let code = result.as_ref().err().map_or("", Error::code).to_owned();
        let code = if codes.contains(&code.as_str()) {
            &code
        } else {
            codes[0]
        };
        self.expect(what, result, (code, Outcome::Unknown));
    }

    #[track_caller]
    pub(crate) fn assert_none(self) {
        let all = self.0.join("\n");
        assert!(self.0.is_empty(), "{} of the cases:\n{all}", self.0.len());
    }
}

/// The call failed with this code, and says this about its execution.
#[track_caller]
pub(crate) fn assert_failed<T: Debug>(
    result: Result<T, Error>,
    expected: (&str, Outcome),
    what: &str,
) {
    if let Some(fault) = fault(result, expected) {
        panic!("{what}: not {expected:?}: {fault}");
    }
}

/// The device answers each with these bytes and closes the connection; over either scheme the call fails so.
pub(crate) async fn assert_all_fail<'a>(
    answers: impl IntoIterator<Item = &'a [u8]>,
    expected: (&str, Outcome),
) {
    let mut faults = Faults::default();
    for bytes in answers {
        let what = String::from_utf8_lossy(&bytes[..bytes.len().min(120)]).into_owned();
        for scheme in BOTH {
            let bytes = bytes.to_vec();
            let result = answered_on(
                scheme,
                |agent| agent,
                move |_| vec![Step::Send(bytes.clone()), Step::Close],
            )
            .await;
            faults.expect((scheme, &what), result, expected);
        }
    }
    faults.assert_none();
}
