//! Time limits are kept by a clock that nobody can set.

use std::time::{Duration, Instant};

use xerus_rpc::Outcome;

use crate::device::{Asked, Device, Step, get, switch};

#[tokio::test]
async fn limits_are_counted_by_the_clock_of_the_runtime() {
    let device = Device::http(|asked: &Asked| match asked.number {
        0 => asked.returns("1"),
        _ => vec![Step::Hold],
    })
    .await;
    let limit = Duration::from_secs(86_400);
    let agent = device.agent().timeout(limit).build().expect("valid");
    // The connection stands, so that nothing but the answer is waited for.
    get(&agent).await.expect("an answer");
    let start = Instant::now();
    // From here on a day is over as soon as nothing else happens; the clock on the wall knows nothing of it.
    tokio::time::pause();
    let call = agent.call("/x", "setPowerState", xerus_rpc::Json::EMPTY_OBJECT);
    let error = call.await.expect_err("silence");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.FirstByte", Outcome::Unknown)
    );
    assert!(start.elapsed() < Duration::from_secs(60));
    tokio::time::resume();
    let short = device
        .agent()
        .timeout(Duration::from_millis(50))
        .build()
        .expect("valid");
    let error = switch(&short).await.expect_err("silence");
    assert!(error.code().starts_with("Timeout."), "{error:?}");
}
