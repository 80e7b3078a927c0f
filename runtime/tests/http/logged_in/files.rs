//! Files in a session.

use super::device::{Device, agent, methods, read};
use crate::support::in_time;

#[tokio::test]
async fn a_download_is_repeated_in_a_new_session() {
    let (device, server) = Device::start().await;
    let agent = agent(&server);
    in_time(read(&agent)).await.expect("read");
    device.forget();
    let file = in_time(agent.download("/cgi-bin/diag-data.cgi"))
        .await
        .expect("found");
    assert_eq!(
        in_time(file.bytes()).await.expect("whole"),
        "a file".as_bytes()
    );
    assert_eq!(device.mind().asked, 2);
}

#[tokio::test]
async fn before_an_upload_the_session_is_made_sure_of() {
    let (device, server) = Device::start().await;
    let agent = agent(&server);
    in_time(read(&agent)).await.expect("read");
    device.forget();
    let upload = || {
        agent.upload("/cgi-bin/raw_config_update.cgi").file(
            "config_file",
            "config.txt",
            "text/plain",
            "a=b\n",
        )
    };
    for answer in [in_time(upload()).await, in_time(upload()).await] {
        assert_eq!(answer.expect("taken").response_code().expect("a code"), 0);
    }
    assert_eq!(
        methods(&server),
        [
            "newSession",
            "getState",
            "getCurrentSession",
            "newSession",
            "getCurrentSession"
        ]
    );
    let forms = server.seen();
    let forms: Vec<_> = forms
        .iter()
        .filter(|seen| seen.line().contains("raw_config_update"))
        .collect();
    assert_eq!(forms.len(), 2);
    for form in forms {
        assert_eq!(form.headers("x-sessiontoken"), [format!("{:032x}", 2)]);
    }
}
