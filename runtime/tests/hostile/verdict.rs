//! What becomes of one switching call, and of the agent after it.

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

/// The call failed with this code, and says this about its execution.
#[track_caller]
pub(crate) fn assert_failed(
    result: Result<Json, Error>,
    (code, outcome): (&str, Outcome),
    what: &str,
) {
    match result {
        Ok(value) => panic!(
            "{what}: taken as {}",
            &value.get()[..value.get().len().min(80)]
        ),
        Err(error) => {
            assert_eq!(
                (error.code(), error.outcome()),
                (code, outcome),
                "{what}: {error:?}"
            );
            let line = error.to_string();
            assert!(!line.contains('\n') && line.len() < 1000, "{what}: {line}");
        }
    }
}

/// The device answers each with these bytes and closes the connection; over either scheme the call fails so.
pub(crate) async fn assert_all_fail<'a>(
    answers: impl IntoIterator<Item = &'a [u8]>,
    expected: (&str, Outcome),
) {
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
            assert_failed(result, expected, &format!("{scheme:?} {what:?}"));
        }
    }
}
