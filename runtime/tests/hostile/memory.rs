//! Answers within the limit of size that would become large in memory. Each is read in a process of its own, whose peak
//! is looked at.

use std::process::Command;

use xerus_rpc::rt::{self, Decode, Marks, Method};
use xerus_rpc::{Agent, Error, Json, Object};

use crate::bindings::misc::Wide;
use crate::bindings::pdumodel::outlet::State;
use crate::device::{Asked, Device, Step, in_time};

static READ: Method = Method {
    interface: "misc.Wide:1.0.0",
    name: "getAll",
    results: &["_ret_"],
    marks: &Marks::REPEATABLE,
    ..Method::PLAIN
};

/// Says to a child process which answer to read.
const TASK: &str = "XERUS_MEMORY_TASK";

const MEBI: usize = 1 << 20;

/// An answer: what it repeats how often between a beginning and an end.
struct Shape {
    name: &'static str,
    begin: &'static str,
    unit: &'static str,
    times: usize,
    end: &'static str,
    read: fn(&Agent) -> Reading,
    /// What becomes of it: nothing, or an error with this code.
    code: Option<&'static str>,
    /// The most memory it may take beside what is there before.
    most: usize,
}

type Reading = std::pin::Pin<Box<dyn Future<Output = Result<(), Error>>>>;

fn reading<T: Decode + 'static>(agent: &Agent) -> Reading {
    let call = rt::single::<T>(&Object::at(agent, "/o"), &READ, &[]);
    Box::pin(async move { call.await.map(|_| ()) })
}

const SHAPES: [Shape; 5] = [
    Shape {
        name: "a string of thirty megabytes",
        begin: "\"",
        unit: "xxxxxxxxxxxxxxxx",
        times: 30 * MEBI / 16,
        end: "\"",
        read: reading::<String>,
        code: None,
        most: 5 * 30 * MEBI,
    },
    Shape {
        name: "text that is kept",
        begin: "[0",
        unit: ",[{\"a\":0}]",
        times: 3 * MEBI,
        end: "]",
        read: reading::<Json>,
        code: None,
        most: 5 * 30 * MEBI,
    },
    Shape {
        name: "ten million members",
        begin: "{\"a\":0",
        unit: ",\"\":0",
        times: 6 * MEBI,
        end: "}",
        read: reading::<State>,
        code: Some("Decode.LimitExceeded"),
        most: 4 * 30 * MEBI,
    },
    Shape {
        name: "empty objects that stand for large structures",
        begin: "[{}",
        unit: ",{}",
        times: 10 * MEBI,
        end: "]",
        read: reading::<Vec<Wide>>,
        code: Some("Decode.LimitExceeded"),
        most: (2 * 256 + 4 * 32) * MEBI,
    },
    Shape {
        name: "bytes",
        begin: "[0",
        unit: ",0",
        times: 15 * MEBI,
        end: "]",
        read: reading::<Vec<u8>>,
        code: None,
        most: 5 * 32 * MEBI,
    },
];

/// The peak of this process so far, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line
        .and_then(|line| line.split_whitespace().nth(1))
        .expect("a number");
    number.parse::<usize>().expect("a number") * 1024
}

/// Reads one answer, and looks at what that took.
async fn measure(shape: &'static Shape) {
    let device = Device::http(|asked: &Asked| {
        let around = asked.document("{\"_ret_\":BODY}");
        let (before, behind) = around.split_once("BODY").expect("the place");
        vec![
            Step::Send(format!("HTTP/1.1 200 OK\r\n\r\n{before}{}", shape.begin).into()),
            Step::Repeat(shape.unit.repeat(1024).into(), shape.times / 1024),
            Step::Send(format!("{}{behind}", shape.end).into()),
            Step::Close,
        ]
    })
    .await;
    let agent = device.agent().timeout(std::time::Duration::from_secs(60));
    let agent = agent.build().expect("valid");
    let before = peak();
    let result = in_time((shape.read)(&agent)).await;
    let took = peak() - before;
    let code = result.as_ref().err().map(Error::code);
    assert_eq!(code, shape.code, "{}: {result:?}", shape.name);
    assert!(
        took < shape.most,
        "{}: {} MiB for an answer of {} MiB",
        shape.name,
        took / MEBI,
        usize::try_from(device.sent()).expect("a size") / MEBI
    );
}

#[tokio::test]
async fn large_answers_take_a_bounded_multiple_of_their_size() {
    if let Ok(task) = std::env::var(TASK) {
        let number: usize = task.parse().expect("a number");
        return measure(&SHAPES[number]).await;
    }
    let own = std::env::current_exe().expect("a path");
    let name = "memory::large_answers_take_a_bounded_multiple_of_their_size";
    for (number, shape) in SHAPES.iter().enumerate() {
        let output = Command::new(&own)
            .args(["--exact", name])
            .env(TASK, number.to_string())
            .output()
            .expect("the test runs itself");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}:\n{told}", shape.name);
        assert!(told.contains("1 passed"), "{}:\n{told}", shape.name);
    }
}
