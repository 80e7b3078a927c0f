//! A name server that answers what it is told to, over UDP and TCP at one port.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinSet;

/// Types of records.
pub(crate) const A: u16 = 1;
pub(crate) const SRV: u16 = 33;

/// What it answers to a question.
#[derive(Clone, Debug)]
pub(crate) enum Say {
    /// Records with their types, times to live and data.
    Records(Vec<(u16, u32, Vec<u8>)>),
    /// A response code and nothing else.
    Code(u8),
    /// Over UDP: cut short. Over TCP: the records.
    Cut(Vec<(u16, u32, Vec<u8>)>),
    /// Bytes that are no message.
    Garbage,
    Nothing,
}

/// What was asked, and over which way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) kind: u16,
    pub(crate) over_tcp: bool,
}

type Answers = Box<dyn Fn(&Asked) -> Say + Send>;

pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    _tasks: JoinSet<()>,
}

impl NameServer {
    pub(crate) async fn start(answers: impl Fn(&Asked) -> Say + Send + 'static) -> Self {
        Self::with_tcp(answers, true).await
    }

    pub(crate) async fn without_tcp(answers: impl Fn(&Asked) -> Say + Send + 'static) -> Self {
        Self::with_tcp(answers, false).await
    }

    async fn with_tcp(answers: impl Fn(&Asked) -> Say + Send + 'static, serves: bool) -> Self {
        let (tcp, udp) = loop {
            let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
            // Another test may have that port for UDP.
            if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()).await {
                break (tcp, udp);
            }
        };
        let address = udp.local_addr().unwrap();
        let answers: Arc<Mutex<Answers>> = Arc::new(Mutex::new(Box::new(answers)));
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let reply = {
            let asked = Arc::clone(&asked);
            move |question: &[u8], over_tcp: bool| {
                let (name, kind, end) = question_of(question);
                let one = Asked {
                    name,
                    kind,
                    over_tcp,
                };
                let say = answers.lock().unwrap()(&one);
                asked.lock().unwrap().push(one);
                message(&question[..end], say, over_tcp)
            }
        };
        let mut tasks = JoinSet::new();
        let over_udp = reply.clone();
        tasks.spawn(async move {
            let mut buffer = [0; 1500];
            loop {
                let (length, from) = udp.recv_from(&mut buffer).await.unwrap();
                if let Some(answer) = over_udp(&buffer[..length], false) {
                    udp.send_to(&answer, from).await.unwrap();
                }
            }
        });
        if serves {
            tasks.spawn(async move {
                loop {
                    let (mut stream, _) = tcp.accept().await.unwrap();
                    while let Ok(length) = stream.read_u16().await {
                        let mut question = vec![0; length.into()];
                        stream.read_exact(&mut question).await.unwrap();
                        if let Some(answer) = reply(&question, true) {
                            let length = u16::try_from(answer.len()).unwrap();
                            stream.write_u16(length).await.unwrap();
                            stream.write_all(&answer).await.unwrap();
                        }
                    }
                }
            });
        }
        Self {
            address,
            asked,
            _tasks: tasks,
        }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// Name, type, and where the question ends.
fn question_of(message: &[u8]) -> (String, u16, usize) {
    let (mut name, mut at) = (String::new(), 12);
    while message[at] != 0 {
        let length = usize::from(message[at]);
        let label = &message[at + 1..at + 1 + length];
        name.push_str(std::str::from_utf8(label).unwrap());
        name.push('.');
        at += 1 + length;
    }
    let kind = u16::from_be_bytes([message[at + 1], message[at + 2]]);
    (name, kind, at + 5)
}

fn message(question: &[u8], say: Say, over_tcp: bool) -> Option<Vec<u8>> {
    let (code, is_cut, records) = match say {
        Say::Nothing => return None,
        Say::Garbage => return Some([&question[..2], &[0x81, 0x80, 0, 9, 0, 9, 1, 2]].concat()),
        Say::Code(code) => (code, false, Vec::new()),
        Say::Records(records) => (0, false, records),
        Say::Cut(_) if !over_tcp => (0, true, Vec::new()),
        Say::Cut(records) => (0, false, records),
    };
    let mut message = question[..2].to_vec();
    // A response to a standard query, recursion desired and available.
    message.extend([0x81 | u8::from(is_cut) << 1, 0x80 | code, 0, 1]);
    message.extend(u16::try_from(records.len()).unwrap().to_be_bytes());
    message.extend([0, 0, 0, 0]);
    message.extend(&question[12..]);
    for (kind, ttl, data) in records {
        // The name is that of the question.
        message.extend([0xc0, 12]);
        message.extend(kind.to_be_bytes());
        message.extend([0, 1]);
        message.extend(ttl.to_be_bytes());
        message.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        message.extend(data);
    }
    Some(message)
}

/// The data of an SRV record.
pub(crate) fn srv(priority: u16, weight: u16, port: u16, target: &str) -> Vec<u8> {
    let mut data = [priority, weight, port].map(u16::to_be_bytes).concat();
    for label in target.split('.').filter(|label| !label.is_empty()) {
        data.push(u8::try_from(label.len()).unwrap());
        data.extend(label.as_bytes());
    }
    data.push(0);
    data
}
