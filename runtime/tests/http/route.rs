//! The way to the device: proxies, zones of addresses, the address of this machine.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::certificates::Authority;
use crate::support::{GET_STATE, SET_STATE, Server, failure, in_time, success};
use xerus_rpc::{Agent, Outcome};

/// A proxy of either kind, which writes down what it was asked for.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Leads to where it is asked to lead; every name leads to 127.0.0.1.
    async fn start(login: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let record = Arc::clone(&record);
                tokio::spawn(async move { serve(stream, login, &record).await });
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

/// Tells SOCKS from HTTP by the first byte.
async fn serve(
    mut client: TcpStream,
    login: Option<&str>,
    record: &Mutex<Vec<String>>,
) -> Option<()> {
    let first = client.read_u8().await.ok()?;
    let target = if first == 5 {
        socks(&mut client, login, record).await?
    } else {
        connect(&mut client, login, record).await?
    };
    match TcpStream::connect(target).await {
        Err(_) if first == 5 => {
            client
                .write_all(&[5, 5, 0, 1, 0, 0, 0, 0, 0, 0])
                .await
                .ok()?;
        }
        Err(_) => client
            .write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
            .await
            .ok()?,
        Ok(mut device) => {
            let granted: &[u8] = if first == 5 {
                &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]
            } else {
                b"HTTP/1.1 200 OK\r\n\r\n"
            };
            client.write_all(granted).await.ok()?;
            copy_bidirectional(&mut client, &mut device).await.ok()?;
        }
    }
    Some(())
}

async fn socks(
    client: &mut TcpStream,
    login: Option<&str>,
    record: &Mutex<Vec<String>>,
) -> Option<SocketAddr> {
    let methods = client.read_u8().await.ok()?;
    let mut offered = vec![0; usize::from(methods)];
    client.read_exact(&mut offered).await.ok()?;
    let wanted = if login.is_some() { 2 } else { 0 };
    if !offered.contains(&wanted) {
        client.write_all(&[5, 0xff]).await.ok()?;
        return None;
    }
    client.write_all(&[5, wanted]).await.ok()?;
    if let Some(login) = login {
        client.read_u8().await.ok()?;
        let mut text = Vec::new();
        for _ in 0..2 {
            let length = client.read_u8().await.ok()?;
            let mut part = vec![0; usize::from(length)];
            client.read_exact(&mut part).await.ok()?;
            text.push(String::from_utf8(part).ok()?);
        }
        let accepted = text.join(":") == login;
        client.write_all(&[1, u8::from(!accepted)]).await.ok()?;
        if !accepted {
            return None;
        }
    }
    let mut head = [0; 4];
    client.read_exact(&mut head).await.ok()?;
    let host = match head[3] {
        1 => Ipv4Addr::from(client.read_u32().await.ok()?).to_string(),
        3 => {
            let length = client.read_u8().await.ok()?;
            let mut name = vec![0; usize::from(length)];
            client.read_exact(&mut name).await.ok()?;
            String::from_utf8(name).ok()?
        }
        _ => return None,
    };
    let port = client.read_u16().await.ok()?;
    record
        .lock()
        .expect("no panic")
        .push(format!("socks {host}"));
    Some((Ipv4Addr::LOCALHOST, port).into())
}

async fn connect(
    client: &mut TcpStream,
    login: Option<&str>,
    record: &Mutex<Vec<String>>,
) -> Option<SocketAddr> {
    let mut head = Vec::from(*b"C");
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let (host, port) = head.split(' ').nth(1)?.rsplit_once(':')?;
    record
        .lock()
        .expect("no panic")
        .push(format!("{} {host}", head.split(' ').next()?));
    assert!(
        !head.to_ascii_lowercase().contains("\nauthorization:"),
        "the proxy was told the password of the device: {head}"
    );
    if let Some(login) = login
        && !head.contains(&format!("Basic {login}"))
    {
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
        client.write_all(refusal).await.ok()?;
        return None;
    }
    Some((Ipv4Addr::LOCALHOST, port.parse().ok()?).into())
}

#[tokio::test]
async fn a_proxy_leads_to_the_device() {
    let plain = Server::http(|seen| seen.answer("{}")).await;
    let config = Authority::new().server(&["localhost"]);
    let secure = Server::https(config, |seen| seen.answer("{}")).await;
    for server in [&plain, &secure] {
        for (scheme, name, asked) in [
            ("http", "localhost", "CONNECT localhost"),
            ("socks5h", "localhost", "socks localhost"),
            // Looked up here.
            ("socks5", "127.0.0.1", "socks 127.0.0.1"),
            ("http", "device.invalid", "CONNECT device.invalid"),
            ("socks5h", "device.invalid", "socks device.invalid"),
        ] {
            let proxy = Proxy::start(None).await;
            let url = server.url().replace("127.0.0.1", name);
            let transport = Agent::builder(url)
                .basic_auth("admin", "secret")
                .danger_accept_invalid_certs()
                .proxy(format!("{scheme}://{}", proxy.address))
                .build_transport()
                .expect("valid");
            for _ in 0..3 {
                success(&transport, &SET_STATE).await;
            }
            assert_eq!(proxy.asked(), [asked], "one connection for all");
        }
    }
}

#[tokio::test]
async fn a_proxy_may_want_a_login() {
    let server = Server::http(|seen| seen.answer("{}")).await;
    for (scheme, expected, given, code) in [
        ("socks5", "me:p@ss", "me:p%40ss@", None),
        (
            "socks5",
            "me:p@ss",
            "me:wrong@",
            Some("Connect.ProxyRefused"),
        ),
        ("socks5", "me:p@ss", "", Some("Connect.ProxyRefused")),
        ("http", "bWU6cEBzcw==", "me:p%40ss@", None),
        (
            "http",
            "bWU6cEBzcw==",
            "me:wrong@",
            Some("Connect.ProxyRefused"),
        ),
        ("http", "bWU6cEBzcw==", "", Some("Connect.ProxyRefused")),
    ] {
        let proxy = Proxy::start(Some(expected)).await;
        let transport = Agent::builder(server.url())
            .proxy(format!("{scheme}://{given}{}", proxy.address))
            .build_transport()
            .expect("valid");
        match code {
            None => drop(success(&transport, &GET_STATE).await),
            Some(code) => {
                let error = failure(&transport, &GET_STATE).await;
                assert_eq!(
                    (error.code(), error.outcome()),
                    (code, Outcome::NotExecuted)
                );
            }
        }
    }
}

#[tokio::test]
async fn faults_of_the_proxy_are_told_from_those_of_the_device() {
    // A port that nobody listens on.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let nobody = listener.local_addr().expect("an address");
    drop(listener);
    for scheme in ["http", "socks5", "socks5h"] {
        let server = Server::http(|seen| seen.answer("{}")).await;
        let transport = Agent::builder(server.url())
            .proxy(format!("{scheme}://{nobody}"))
            .build_transport()
            .expect("valid");
        let error = failure(&transport, &SET_STATE).await;
        assert_eq!(error.code(), "Connect.ProxyUnreachable");
        assert_eq!(server.requests(), 0, "never around the proxy");

        let proxy = Proxy::start(None).await;
        let transport = Agent::builder(format!("http://{nobody}"))
            .proxy(format!("{scheme}://{}", proxy.address))
            .build_transport()
            .expect("valid");
        let error = failure(&transport, &SET_STATE).await;
        assert_eq!(
            (error.code(), error.outcome()),
            ("Connect.ProxyRefused", Outcome::NotExecuted)
        );
    }
}

#[tokio::test]
async fn a_proxy_and_a_zone_do_not_go_together() {
    let error = Agent::builder("https://[fe80::1%25eth0]")
        .proxy("socks5h://127.0.0.1:1080")
        .build()
        .expect_err("refused");
    assert_eq!(error.code(), "Config.BadUrl");
}

#[tokio::test]
async fn an_address_with_a_zone_is_reached_through_its_interface() {
    let Ok(listener) = TcpListener::bind("[::1]:0").await else {
        eprintln!("skipped: this machine has no IPv6");
        return;
    };
    let port = listener.local_addr().expect("an address").port();
    let seen = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut head = Vec::new();
        while !head.ends_with(b"}") {
            head.push(stream.read_u8().await.expect("a request"));
        }
        let body = r#"{"jsonrpc":"2.0","result":{},"id":1}"#;
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await.expect("sent");
        String::from_utf8(head).expect("text")
    });
    let url = format!("http://[::1%251]:{port}");
    let transport = Agent::builder(&url).build_transport().expect("valid");
    in_time(async { success(&transport, &GET_STATE).await }).await;
    let head = seen.await.expect("no panic");
    assert!(head.contains(&format!("host: [::1]:{port}\r\n")), "{head}");

    let transport = Agent::builder(format!("http://[fe80::1%25nosuchif]:{port}"))
        .build_transport()
        .expect("valid");
    let error = failure(&transport, &GET_STATE).await;
    assert_eq!(
        error.code(),
        "Connect.UnknownZone",
        "{:?}",
        std::error::Error::source(&error)
    );
    assert!(error.to_string().contains("%25nosuchif"), "{error}");
}

#[tokio::test]
async fn connections_come_from_the_address_that_was_set() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let from = |local: [u8; 4]| {
        Agent::builder(format!("http://{address}"))
            .local_address(IpAddr::from(local))
            .build_transport()
            .expect("valid")
    };
    let peer = tokio::spawn(async move {
        let (_, peer) = listener.accept().await.expect("a connection");
        peer.ip()
    });
    let transport = from([127, 0, 0, 5]);
    // The server ends the connection without an answer.
    let error = failure(&transport, &SET_STATE).await;
    assert_eq!(error.code(), "ConnectionLost");
    assert_eq!(peer.await.expect("no panic"), IpAddr::from([127, 0, 0, 5]));
    let error = failure(&from([192, 0, 2, 1]), &SET_STATE).await;
    assert_eq!(error.code(), "Connect.LocalAddress");
}
