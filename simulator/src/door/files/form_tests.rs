use std::collections::VecDeque;
use std::task::{Context, Poll};

use hyper::body::Frame;

use super::*;

/// Pieces as the network may cut them.
struct Pieces(VecDeque<Bytes>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = ();

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ()>>> {
        Poll::Ready(self.0.pop_front().map(|data| Ok(Frame::data(data))))
    }
}

const TYPE: &str = "multipart/form-data; boundary=BB";

fn form(text: &[u8], piece: usize, left: usize) -> Form {
    let pieces = text.chunks(piece).map(Bytes::copy_from_slice).collect();
    let pause = Duration::from_secs(5);
    Form::new(TYPE, Box::pin(Pieces(pieces)), left, pause).expect("a form")
}

type Read = Vec<(String, Option<String>, Vec<u8>)>;

async fn read(text: &[u8], piece: usize, left: usize) -> Result<Read, Refusal> {
    let mut form = form(text, piece, left);
    let mut parts = Vec::new();
    while let Some(part) = form.next().await? {
        let (name, file) = (part.name().to_owned(), part.file_name().map(str::to_owned));
        parts.push((name, file, part.bytes(1_000).await?));
    }
    form.skip().await?;
    Ok(parts)
}

fn expected(parts: &[(&str, Option<&str>, &[u8])]) -> Read {
    let owned = parts
        .iter()
        .map(|(name, file, data)| ((*name).to_owned(), file.map(str::to_owned), data.to_vec()));
    owned.collect()
}

#[tokio::test]
async fn forms_of_several_clients_in_pieces_of_every_size() {
    let vendor: &[u8] =
        b"--BB\r\nContent-Disposition: form-data; name=\"cert_file\"; filename=\"c.crt\"\r\n\
        Content-Type: application/octet-stream\r\n\r\n\r\n--B\r\n--BBX not yet\r\n\r\n--BB\r\n\
        content-disposition:form-data;name=submit\r\n\r\n1\r\n--BB--\r\n";
    let browser: &[u8] = b"preamble\r\n--BB  \r\nContent-Disposition: form-data; name=\"upfile\"; filename=\"\"\r\n\r\n\r\n--BB--epilogue";
    for piece in 1..=vendor.len() {
        assert_eq!(
            read(vendor, piece, 10_000).await,
            Ok(expected(&[
                ("cert_file", Some("c.crt"), b"\r\n--B\r\n--BBX not yet\r\n"),
                ("submit", None, b"1")
            ])),
            "{piece}"
        );
        assert_eq!(
            read(browser, piece, 10_000).await,
            Ok(expected(&[("upfile", Some(""), b"")])),
            "{piece}"
        );
    }
}

#[tokio::test]
async fn what_is_no_form_is_refused() {
    for text in [
        "",
        "x",
        "--BB",
        "--BB\r\n",
        "--BBx",
        "--BB!",
        "--BB\r\n\r\ndata\r\n--BB--",
        "--BB\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--BB--",
        "--BB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ndata without end",
        "--BB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nd\r\n--BB ?",
    ] {
        let read = read(text.as_bytes(), 3, 10_000).await;
        assert!(
            matches!(read, Err(Refusal::BadRequest(_))),
            "{text}: {read:?}"
        );
    }
    let long = format!("--BB\r\nX: {}", "x".repeat(10_000));
    let many = "--BB\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n".repeat(100);
    for text in [long, many] {
        let read = read(text.as_bytes(), 100, 100_000).await;
        assert!(matches!(read, Err(Refusal::BadRequest(_))), "{read:?}");
    }
    for kind in [
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"",
    ] {
        let made = Form::new(kind, Box::pin(Pieces(VecDeque::new())), 1, Duration::ZERO);
        assert!(matches!(made, Err(Refusal::BadRequest(_))), "{kind}");
    }
}

#[tokio::test]
async fn limits_of_form_and_part() {
    let text = b"--BB\r\nContent-Disposition: form-data; name=a\r\n\r\n0123456789\r\n--BB--";
    assert_eq!(read(text, 8, text.len() - 1).await, Err(Refusal::TooLarge));
    assert!(read(text, 8, text.len()).await.is_ok());
    let mut form = form(text, 8, 1_000);
    let part = form.next().await.unwrap().unwrap();
    assert_eq!(part.bytes(9).await, Err(Refusal::TooLarge));
    assert!(form.next().await.unwrap().is_none());
}
