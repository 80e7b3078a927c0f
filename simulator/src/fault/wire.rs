//! What faults do to the bytes on the connection.

use bytes::Bytes;
use hyper::http::response::Parts;

use super::kind::Fault;
use crate::door::{End, Script, Step, head};

/// How a fault sends an answer; `None` for faults that leave that to the HTTP library.
pub(super) fn script(fault: &Fault, parts: &Parts, body: &Bytes) -> Option<Script> {
    let with_length = |length: usize| {
        head(
            parts.status,
            &parts.headers,
            &[format!("content-length: {length}")],
        )
    };
    let with_line = |line: &str| head(parts.status, &parts.headers, &[line.to_owned()]);
    let whole = |length: usize, body: &[u8]| {
        let mut bytes = with_length(length);
        bytes.extend_from_slice(body);
        Bytes::from(bytes)
    };
    let (steps, end) = match fault {
        Fault::StallInHead => {
            let head = with_length(body.len());
            let half = head.len() / 2;
            (
                vec![Step::Write(Bytes::from(head).slice(..half))],
                End::Stall,
            )
        }
        Fault::TruncateBody => {
            let half = &body[..body.len() / 2];
            (vec![Step::Write(whole(body.len(), half))], End::Close)
        }
        Fault::ShortLength => (vec![Step::Write(whole(body.len() / 2, body))], End::Serve),
        Fault::LongLength => (vec![Step::Write(whole(body.len() + 100, body))], End::Stall),
        Fault::UnfinishedChunks => {
            let mut bytes = with_line("transfer-encoding: chunked");
            bytes.extend_from_slice(format!("{:x}\r\n", body.len().max(1)).as_bytes());
            bytes.extend_from_slice(if body.is_empty() { b" " } else { body });
            bytes.extend_from_slice(b"\r\n");
            (vec![Step::Write(bytes.into())], End::Close)
        }
        Fault::EndlessBody(most) => {
            let blanks = Bytes::from(vec![b' '; 16 * 1024]);
            let head = with_line("connection: close");
            let steps = vec![Step::Write(head.into()), Step::Repeat(blanks, *most)];
            (steps, End::Close)
        }
        Fault::Drip(pause) => (
            vec![Step::Drip(whole(body.len(), body), *pause)],
            End::Serve,
        ),
        Fault::DoubledAnswer => {
            let once = whole(body.len(), body);
            (
                vec![Step::Write(once.clone()), Step::Write(once)],
                End::Serve,
            )
        }
        Fault::CloseAfterAnswer => (vec![Step::Write(whole(body.len(), body))], End::Close),
        _ => return None,
    };
    Some(Script::new(steps, end))
}
