//! The same under other circumstances: through a primary unit, with a session, on several threads, without a file.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use xerus_api::session::SessionManager;
use xerus_device::firmware::{Change, FirmwareUpdate, Image, UpdateEvent, UpdateRun};
use xerus_rpc::{Agent, Credentials, MemoryTransport, Outcome};
use xerus_sim::{FaultRule, Firmware, Simulator};

use crate::world::{NEW, agent, builder, device, image, paced, quick, starts, update};

/// Stands for a primary unit: passes on what is for its link unit 2, and remembers the other paths.
async fn primary_unit(link_unit: std::net::SocketAddr, others: Arc<Mutex<Vec<String>>>) -> String {
    const PREFIX: &str = "/link/2/";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(device) = TcpStream::connect(link_unit).await else {
                continue;
            };
            let others = Arc::clone(&others);
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_device, mut to_device) = device.into_split();
            tokio::spawn(async move {
                let _ = tokio::io::copy(&mut from_device, &mut to_client).await;
            });
            tokio::spawn(async move {
                let mut buffer = vec![0; 64 << 10];
                while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
                    let bytes = &buffer[..read];
                    // A request begins with what is read first; no image looks like one.
                    let begin = String::from_utf8_lossy(&bytes[..read.min(200)]).into_owned();
                    let passed = match begin.strip_prefix("POST ") {
                        Some(path) if path.starts_with(PREFIX) => {
                            [b"POST /", &bytes["POST ".len() + PREFIX.len()..]].concat()
                        }
                        Some(path) => {
                            let path = path.split(' ').next().unwrap_or_default();
                            others.lock().unwrap().push(path.to_owned());
                            bytes.to_vec()
                        }
                        None => bytes.to_vec(),
                    };
                    if to_device.write_all(&passed).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn a_link_unit_is_updated_through_the_primary_unit() {
    let device = Simulator::builder()
        .firmware(Firmware::V4_0_20)
        .updates(quick())
        .record(10_000)
        .start()
        .await
        .unwrap();
    let others: Arc<Mutex<Vec<String>>> = Arc::default();
    let url = primary_unit(device.address(), Arc::clone(&others)).await;
    let agent = Agent::builder(&url).build().unwrap();
    let tickets: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&tickets);
    let linked = update(&agent, image())
        .unit(2)
        .unwrap()
        .keep(move |ticket| {
            kept.lock().unwrap().push(ticket.to_string());
            Ok(())
        });
    let updated = linked.await.unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
    // Nothing went to the primary unit itself, and a ticket leads to the link unit again.
    assert_eq!(*others.lock().unwrap(), [""; 0]);
    let last = tickets.lock().unwrap().pop().unwrap();
    let again = FirmwareUpdate::resume(&agent, last.parse().unwrap()).unwrap();
    assert_eq!(again.await.unwrap().version, NEW);
    assert_eq!(*others.lock().unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_session_that_the_restart_ends_is_renewed() {
    let device = device(quick()).await;
    let by_password = agent(&device);
    let token = async |agent: &Agent| {
        let manager = SessionManager::at(agent, "/session");
        manager.new_session().await.map(|(_, token)| token)
    };
    let by_session = agent(&device);
    let first = token(&by_password).await.unwrap();
    by_session.login(Credentials::token(first)).await.unwrap();
    let renewing = by_password.clone();
    let mut run = update(&by_session, image())
        .on_session_gone(move |agent| {
            let renewing = renewing.clone();
            async move {
                let manager = SessionManager::at(&renewing, "/session");
                let (_, token) = manager.new_session().await?;
                agent.login(Credentials::token(token)).await
            }
        })
        .run();
    let (mut renewed, mut end) = (0, None);
    while let Some(event) = run.next().await {
        match event {
            UpdateEvent::SessionRenewed => renewed += 1,
            UpdateEvent::End(result) => end = Some(result),
            _ => {}
        }
    }
    assert_eq!(end.unwrap().unwrap().version, NEW);
    assert!(renewed >= 1, "the session was not renewed");
    assert_eq!(starts(&device), 1);
}

#[tokio::test]
async fn a_session_is_renewed_also_while_the_progress_is_told() {
    let device = device(quick()).await;
    let mut run = update(&agent(&device), image())
        .on_session_gone(|_| async { Ok(()) })
        .run();
    let (mut is_away, mut renewed, mut end) = (false, 0, None);
    while let Some(event) = run.next().await {
        match event {
            UpdateEvent::Away { .. } if !is_away => {
                is_away = true;
                // After the restart, the progress is what it was before.
                for rule in [
                    "rewrite,from=\"NONE\",to=\"SUCCESS\",rid=/cgi-bin/fwupdate_progress.cgi",
                    "status=401,method=getVersion,times=1",
                ] {
                    device.faults().inject(rule.parse::<FaultRule>().unwrap());
                }
            }
            UpdateEvent::SessionRenewed => renewed += 1,
            UpdateEvent::End(result) => end = Some(result),
            _ => {}
        }
    }
    assert_eq!(end.unwrap().unwrap().version, NEW);
    assert_eq!((renewed, starts(&device)), (1, 1));
}

#[test]
fn updates_go_on_on_several_threads() {
    fn is_send<T: Send + 'static>(_: &T) {}
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let device = builder(Firmware::V4_4_1, quick()).start().await.unwrap();
        let run: UpdateRun = update(&agent(&device), image()).run();
        is_send(&run);
        let end = tokio::spawn(run.finish()).await.unwrap().unwrap();
        assert_eq!(end.unwrap().change, Change::Installed);
    });
}

#[tokio::test]
async fn an_image_file_that_is_missing_or_changes_is_told() {
    let path = std::env::temp_dir().join(format!("xerus-changing-{}.bin", std::process::id()));
    let missing = Image::file(&path).unwrap_err();
    assert_eq!(missing.kind(), std::io::ErrorKind::NotFound);
    std::fs::write(&path, crate::world::image_of(NEW).bytes()).unwrap();
    let image = Image::file(&path).unwrap();
    std::fs::write(&path, b"something else").unwrap();
    let device = device(quick()).await;
    let error = update(&agent(&device), image).await.unwrap_err();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Firmware.Upload", Outcome::NotExecuted)
    );
    assert_eq!(starts(&device), 0);
}

#[tokio::test]
async fn a_wire_without_files_is_refused_before_anything_is_sent() {
    let device = Simulator::builder()
        .firmware(Firmware::V4_0_20)
        .in_process();
    let error = update(&device.agent(), image()).await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Firmware.Upload", Outcome::NotExecuted)
    );
    let empty = Agent::with_transport(Arc::new(MemoryTransport::new(
        xerus_rpc::server::Router::new(),
    )));
    let error = paced(FirmwareUpdate::of(&empty, image()))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Firmware.Call");
}
