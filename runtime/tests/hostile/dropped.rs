//! Futures that are dropped while the call is under way, at any point of it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use xerus_rpc::bulk::AutoBulk;
use xerus_rpc::{Agent, Error, Json};

use crate::device::{Asked, Device, Scheme, Step, eventually, http, in_time};
use crate::dice::{Dice, seed};

/// When to give a future up.
enum Until {
    /// When it was polled so often.
    Polls(usize),
    /// When so much time is over. Time is looked at all the time: a timer knows milliseconds only.
    Time(Instant),
}

/// Longest that a call is waited for that is polled no more since nothing happens.
const PATIENCE: Duration = Duration::from_millis(3);

/// A future that ends with nothing at a point that it does not choose.
struct GivenUp<F> {
    future: F,
    until: Until,
}

impl<F: Future + Unpin> Future for GivenUp<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.until {
            Until::Polls(0) => return Poll::Ready(None),
            Until::Polls(left) => *left -= 1,
            Until::Time(end) if Instant::now() >= *end => return Poll::Ready(None),
            Until::Time(_) => context.waker().wake_by_ref(),
        }
        match Pin::new(&mut self.future).poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            // The last poll that is granted; there may never be another one.
            Poll::Pending if matches!(self.until, Until::Polls(0)) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Answers with the value that the call names, at once, late, in parts, in chunks, or never.
fn echo(seed: u64) -> impl Fn(&Asked) -> Vec<Step> {
    move |asked| {
        let params = &asked.json()["params"];
        let document = match params["requests"].as_array() {
            None => asked.document(&format!(r#"{{"_ret_":{}}}"#, params["value"])),
            Some(requests) => {
                let entries: Vec<String> = requests
                    .iter()
                    .map(|part| {
                        let (value, id) = (&part["json"]["params"]["value"], &part["json"]["id"]);
                        let json = format!(
                            r#"{{"jsonrpc":"2.0","result":{{"_ret_":{value}}},"id":{id}}}"#
                        );
                        format!(r#"{{"json":{json},"statcode":200}}"#)
                    })
                    .collect();
                asked.document(&format!(r#"{{"responses":[{}]}}"#, entries.join(",")))
            }
        };
        let mut dice = Dice::new(&[seed, asked.number as u64]);
        let pause = Step::Wait(Duration::from_micros(200 * dice.below(8) as u64));
        let never = params["never"] == true;
        let bytes = http(200, "", &document);
        match dice.below(6) {
            _ if never => vec![Step::Hold],
            0 => vec![pause, Step::Send(bytes)],
            1 => {
                let (first, rest) = bytes.split_at(dice.below(bytes.len()));
                vec![Step::Send(first.into()), pause, Step::Send(rest.into())]
            }
            2 => {
                let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                let begin = format!("{head}{:x}\r\n{document}\r\n", document.len());
                let end = "0\r\n\r\n".into();
                vec![Step::Send(begin.into()), pause, Step::Send(end)]
            }
            3 => vec![Step::Send(bytes), Step::Close],
            _ => vec![Step::Send(bytes)],
        }
    }
}

fn params(value: u64, never: bool) -> Json {
    format!(r#"{{"value":{value},"never":{never}}}"#)
        .parse()
        .expect("JSON")
}

/// The answer to a call is the one that it asked for.
fn assert_own(value: u64, result: &Result<Json, Error>, seed: u64) {
    // The answer to another call, noticed in time, is one all the same.
    if let Err(error) = result {
        assert_ne!(
            error.code(),
            "Envelope.IdMismatch",
            "XERUS_SEED={seed}: {error:?}"
        );
    }
    if let Ok(result) = result {
        let own = format!(r#"{{"_ret_":{value}}}"#);
        assert_eq!(
            result.get(),
            own,
            "XERUS_SEED={seed}: another call's answer"
        );
    }
}

/// One call, or one bulk, that is given up.
async fn give_up(agent: &Agent, value: u64, dice: &mut Dice, seed: u64) {
    let until = if dice.coin() {
        Until::Polls(dice.below(8))
    } else {
        Until::Time(Instant::now() + Duration::from_micros(dice.below(900) as u64))
    };
    // Whoever waits for an answer that never comes, gives up for sure.
    let never = dice.below(8) == 0;
    let method = *dice.pick(&["getState", "setPowerState", "pollEvents"]);
    if dice.below(5) == 0 {
        let calls =
            (0..3).map(|part| agent.call("/model/pdu/0", method, params(value + part, never)));
        let future = agent.bulk(calls).chunk(1 + dice.below(3)).send();
        let ended = tokio::time::timeout(PATIENCE, GivenUp { future, until }).await;
        if let Ok(Some(Ok(results))) = ended {
            for (part, result) in results.into_iter().enumerate() {
                assert_own(value + part as u64, &result, seed);
            }
        }
    } else {
        let future = agent
            .call("/model/pdu/0", method, params(value, never))
            .send();
        let ended = tokio::time::timeout(PATIENCE, GivenUp { future, until }).await;
        if let Ok(Some(result)) = ended {
            assert_own(value, &result, seed);
        }
    }
}

/// Gives up many calls on one agent, with calls between them that must get their answers at once.
async fn many(agent: Agent, device: Device, count: u64, seed: u64, number: u64) {
    let mut dice = Dice::new(&[seed, number]);
    for round in 0..count {
        let value = (number * count + round) * 10;
        give_up(&agent, value, &mut dice, seed).await;
        if round % 8 == 0 {
            let value = value + 9;
            let start = Instant::now();
            let call = agent.call("/model/pdu/0", "getState", params(value, false));
            let result = in_time(call).await;
            assert!(result.is_ok(), "XERUS_SEED={seed}: {round}: {result:?}");
            assert_own(value, &result, seed);
            assert!(
                start.elapsed() < Duration::from_secs(5),
                "XERUS_SEED={seed}: a place in the queue was lost"
            );
        }
        if round % 200 == 0 {
            eventually("given up calls leave no connection behind", || {
                device.open_connections() <= 6
            })
            .await;
        }
    }
    drop(agent);
    eventually("no connection outlives its agent", || {
        device.open_connections() == 0
    })
    .await;
}

/// Agents, each with a device of its own; how many with TLS, where a new connection takes its time.
const AGENTS: u64 = 20;
const WITH_TLS: u64 = 4;

async fn ten_thousand() {
    let seed = seed();
    let mut tasks = Vec::new();
    for number in 0..AGENTS {
        let (scheme, count) = if number < WITH_TLS {
            (Scheme::Https, 100)
        } else {
            (Scheme::Http, 600)
        };
        let device = Device::start(scheme, echo(seed)).await;
        let connections = 1 + usize::try_from(number % 2).expect("0 or 1");
        let agent = device.agent().max_connections(connections);
        let agent = if number % 4 < 2 {
            agent
        } else {
            agent.auto_bulk(AutoBulk::new())
        };
        let agent = agent.build().expect("valid");
        tasks.push(tokio::spawn(many(agent, device, count, seed, number)));
    }
    for task in tasks {
        task.await.expect("as described");
    }
}

#[tokio::test]
async fn calls_given_up_anywhere_leave_nothing_behind() {
    ten_thousand().await;
}

#[tokio::test]
async fn many_callers_that_give_up_leave_room_for_one_who_waits() {
    let seed = seed();
    let device = Device::http(echo(seed)).await;
    let agent = device.agent().build().expect("valid");
    callers_that_give_up(agent, device, seed).await;
}

#[tokio::test]
async fn callers_that_give_up_leave_shared_requests_to_one_who_waits() {
    let seed = seed();
    let device = Device::http(echo(seed)).await;
    let agent = device.agent().auto_bulk(AutoBulk::new());
    let agent = agent.build().expect("valid");
    callers_that_give_up(agent, device, seed).await;
}

async fn callers_that_give_up(agent: Agent, device: Device, seed: u64) {
    let mut dice = Dice::new(&[seed]);
    for round in 0..20 {
        // All of them wait in the queue at the same time.
        let tasks: Vec<_> = (0..25)
            .map(|caller| {
                let (agent, mut dice) = (agent.clone(), Dice::new(&[seed, round, caller]));
                let value = (round * 25 + caller) * 10;
                tokio::spawn(async move { give_up(&agent, value, &mut dice, seed).await })
            })
            .collect();
        if dice.coin() {
            for task in &tasks {
                task.abort();
            }
        }
        let value = 1_000_000 + round;
        let call = agent.call("/model/pdu/0", "getState", params(value, false));
        let result = in_time(call.timeout(Duration::from_secs(5))).await;
        assert!(result.is_ok(), "XERUS_SEED={seed}: {result:?}");
        assert_own(value, &result, seed);
        for task in tasks {
            let ended = task.await;
            assert!(ended.is_ok() || ended.is_err_and(|error| error.is_cancelled()));
        }
    }
    drop(agent);
    eventually("no connection outlives its agent", || {
        device.open_connections() == 0
    })
    .await;
}

#[tokio::test]
async fn giving_up_ends_the_connection_that_waits_for_an_answer() {
    for scheme in crate::device::BOTH {
        let device = Device::start(scheme, |_: &Asked| vec![Step::Hold]).await;
        let agent = device.agent().build().expect("valid");
        for requests in 1..5 {
            let call = agent.call("/x", "setPowerState", Json::EMPTY_OBJECT).send();
            let asked = eventually("the request is there", || device.requests() == requests);
            tokio::select! {
                result = call => panic!("answered: {result:?}"),
                () = asked => {}
            }
            eventually("the connection is closed", || {
                device.open_connections() == 0
            })
            .await;
        }
    }
}
