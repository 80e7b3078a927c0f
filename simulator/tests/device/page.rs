//! The page for people. What it does is tried in a browser, elsewhere; here it is there, and for those who may see the device.

use crate::support::{Answer, Client, admin, device};

async fn get(client: &mut Client, path: &str, headers: &str) -> Answer {
    let request = format!("GET {path} HTTP/1.1\r\nHost: pdu\r\n{headers}\r\n");
    client.raw(request.as_bytes()).await.unwrap()
}

#[tokio::test]
async fn the_page_and_what_belongs_to_it_are_served() {
    let (_device, mut client) = device().await;
    let login = format!("{}\r\n", admin());
    for (path, media_type, part) in [
        (
            "/",
            "text/html; charset=UTF-8",
            "<script src=\"/page/page.js\"",
        ),
        ("/page/page.css", "text/css; charset=UTF-8", "table"),
        (
            "/page/page.js",
            "text/javascript; charset=UTF-8",
            "performBulk",
        ),
    ] {
        let answer = get(&mut client, path, &login).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(media_type));
        let text = String::from_utf8(answer.body).unwrap();
        assert!(text.contains(part), "{path}: {text}");
        assert_eq!(get(&mut client, path, "").await.status, 401, "{path}");
    }
    let answer = get(&mut client, "/page/other.js", &login).await;
    assert_eq!(answer.status, 405);
}
