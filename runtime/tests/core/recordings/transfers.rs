//! Files in recordings.

use std::sync::Arc;

use xerus_rpc::Agent;
use xerus_rpc::recording::{Recording, Replay};

use super::device::{TOKEN, recorded};

async fn transfers(agent: &Agent) -> Vec<String> {
    let mut seen = Vec::new();
    let file = agent
        .download("/diag")
        .query("session", "abc")
        .await
        .unwrap();
    assert_eq!(file.content_type(), Some("text/plain"));
    seen.push(String::from_utf8(file.bytes().await.unwrap().to_vec()).unwrap());
    let gone = agent.download("/gone").await.unwrap_err();
    seen.push(gone.code().to_owned());
    let upload = agent.upload("/config").field("mode", "fast").file(
        "config_file",
        "config.txt",
        "text/plain",
        "a=1\n",
    );
    let answer = upload.await.unwrap();
    seen.push(format!(
        "{} {:?}",
        answer.response_code().unwrap(),
        answer.body()
    ));
    seen
}

#[tokio::test(start_paused = true)]
async fn files_are_noted_without_their_bytes_and_come_again() {
    let (agent, recorder) = recorded();
    let first = transfers(&agent).await;
    let text = recorder.text().unwrap();
    assert!(
        !text.contains("some bytes") && !text.contains("a=1"),
        "{text}"
    );
    assert!(!text.contains(TOKEN), "{text}");
    assert!(text.contains("query: {\"session\": \"abc\"}"), "{text}");
    assert!(text.contains("\"bytes\": 10"), "{text}");
    if cfg!(feature = "http") {
        // sha256 of "a=1\n".
        let digest = "5bdabc29ceba08e7be5a7d3ae2af0cc1dfa66ba9d5b3db0ff4f22b8e37a6da1d";
        assert_eq!(text.matches("\"sha256\"").count(), 2, "{text} {digest}");
    }
    let replay = Replay::strict(Recording::parse(&text).unwrap()).with_file("/diag", "some bytes");
    let replay = Arc::new(replay);
    let again = transfers(&Agent::with_transport(replay.clone())).await;
    assert_eq!(first, again);
    replay.finish().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_file_that_was_not_kept_is_an_error_and_so_is_another_one() {
    let (agent, recorder) = recorded();
    transfers(&agent).await;
    let recording = Recording::parse(&recorder.text().unwrap()).unwrap();
    let agent = Agent::with_transport(Arc::new(Replay::tolerant(recording)));
    let error = agent
        .download("/diag")
        .query("session", "abc")
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Replay.NotKept");
    assert!(error.to_string().contains("with_file"), "{error}");
    let other = agent.upload("/config").field("mode", "fast").file(
        "config_file",
        "config.txt",
        "text/plain",
        "a=22\n",
    );
    let error = other.await.unwrap_err();
    assert_eq!(error.code(), "Replay.Unknown");
    assert!(
        error
            .to_string()
            .contains("parts[1].bytes: recorded 4, made 5"),
        "{error}"
    );
}
