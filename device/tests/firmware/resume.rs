//! A process that is killed at any step, and another one that goes on.

use std::sync::atomic::Ordering;

use xerus_device::firmware::{
    Allow, Change, Decision, FirmwareUpdate, Image, Step, Ticket, UpdateEvent,
};
use xerus_rpc::action::Plan;
use xerus_sim::{Firmware, Running, UpdateEnding};

use crate::world::{
    NEW, agent, builder, counted, device, image, image_of, milliseconds, quick, resume, starts,
    update,
};

/// Where the first process dies.
#[derive(Clone, Copy, Debug)]
enum Death {
    /// When this is told for the first time.
    At(fn(&UpdateEvent) -> bool),
    /// When the device has been told to begin, before its answer is seen.
    WhileStarting,
}

/// The ticket of a process that dies there.
async fn dies(device: &Running, death: Death) -> (Ticket, usize) {
    let (image, sent) = counted(NEW);
    let mut run = update(&agent(device), image).run();
    while let Some(event) = run.next().await {
        match death {
            Death::At(is_there) if is_there(&event) => break,
            Death::WhileStarting if matches!(event, UpdateEvent::Starting(_)) => {
                while starts(device) == 0 {
                    let _ = tokio::time::timeout(milliseconds(1), run.next()).await;
                }
                break;
            }
            _ => assert!(
                !matches!(event, UpdateEvent::End(_)),
                "{death:?}: {event:?}"
            ),
        }
    }
    (run.ticket(), sent.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_process_can_be_killed_at_any_step() {
    use UpdateEvent as E;
    let at = |is_there| Death::At(is_there);
    // How often the image is sent in all, and whether the second process has to decide once more.
    let cases: [(&str, Death, usize, bool); 12] = [
        (
            "upload",
            at(|e| matches!(e, E::Step(Step::Upload))),
            1,
            false,
        ),
        (
            "uploading",
            at(|e| matches!(e, E::Uploading { sent: 0, .. })),
            2,
            false,
        ),
        (
            "half",
            at(|e| matches!(e, E::Uploading { sent: 1.., .. })),
            2,
            false,
        ),
        ("checking", at(|e| matches!(e, E::Checking)), 1, false),
        (
            "step review",
            at(|e| matches!(e, E::Step(Step::Review))),
            1,
            false,
        ),
        ("review", at(|e| matches!(e, E::Review(_))), 1, false),
        (
            "step start",
            at(|e| matches!(e, E::Step(Step::Start))),
            1,
            true,
        ),
        ("starting", at(|e| matches!(e, E::Starting(_))), 1, true),
        ("while starting", Death::WhileStarting, 1, false),
        ("progress", at(|e| matches!(e, E::Progress(_))), 1, false),
        ("away", at(|e| matches!(e, E::Away { .. })), 1, false),
        ("back", at(|e| matches!(e, E::Back { .. })), 1, false),
    ];
    let all = cases.map(|(name, death, uploads, decides)| async move {
        let device = device(quick()).await;
        let (ticket, sent_before) = dies(&device, death).await;
        let (image, sent) = counted(NEW);
        let second = resume(&agent(&device), &ticket).image(image.clone());
        let mut end = second.await;
        if decides {
            let error = end.unwrap_err();
            assert_eq!(error.code(), "Firmware.NotBegun", "{name}: {error}");
            assert_eq!(starts(&device), 0, "{name}");
            let third = resume(&agent(&device), error.ticket().unwrap());
            end = third.image(image).await;
        }
        let updated = end.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(updated.version, NEW, "{name}");
        // Whatever happened, the device was told once, and has installed once.
        assert_eq!(starts(&device), 1, "{name}");
        assert_eq!(
            sent_before + sent.load(Ordering::Relaxed),
            uploads,
            "{name}"
        );
        // Every ticket can be resumed after the end, and does nothing.
        let after = resume(&agent(&device), &ticket)
            .image(crate::world::image())
            .await;
        assert_eq!(after.unwrap().version, NEW, "{name}");
        assert_eq!(starts(&device), 1, "{name}");
    });
    futures_util::future::join_all(all).await;
}

#[tokio::test]
async fn the_file_has_a_ticket_at_every_step() {
    let device = device(quick()).await;
    let path = std::env::temp_dir().join(format!("xerus-ticket-{}", std::process::id()));
    let mut run = update(&agent(&device), image()).keep_in(&path).run();
    let mut steps = Vec::new();
    while let Some(event) = run.next().await {
        if let UpdateEvent::Step(step) = event {
            let text = std::fs::read_to_string(&path).unwrap();
            let kept: Ticket = text.parse().unwrap();
            assert_eq!(kept.note("step"), Some(step.name()));
            assert!(!text.contains("secret"), "{text}");
            steps.push(step);
        }
    }
    assert_eq!(
        steps,
        [Step::Upload, Step::Review, Step::Start, Step::Watch]
    );
    // The last one does no harm.
    let last: Ticket = std::fs::read_to_string(&path).unwrap().parse().unwrap();
    std::fs::remove_file(&path).unwrap();
    let updated = resume(&agent(&device), &last).await.unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
}

#[tokio::test]
async fn a_ticket_does_not_go_on_with_the_image_of_another_version() {
    const NEXT: &str = "4.4.1.10-60001";
    let device = device(quick()).await;
    let mut run = update(&agent(&device), image()).run();
    let mut tickets = Vec::new();
    while let Some(event) = run.next().await {
        if matches!(event, UpdateEvent::Step(_)) {
            tickets.push(run.ticket());
        }
    }
    let before = device.calls().count();
    for ticket in &tickets {
        let (next, sent) = counted(NEXT);
        let error = resume(&agent(&device), ticket)
            .image(next)
            .await
            .unwrap_err();
        assert_eq!(error.as_call().unwrap().code(), "Config.BadTicket");
        let expected = match ticket.note("step").unwrap() {
            "start" | "watch" => "Firmware.Stopped",
            _ => "Firmware.Call",
        };
        assert_eq!(error.code(), expected, "{error}");
        assert_eq!(sent.load(Ordering::Relaxed), 0);
        // It goes on with its own.
        assert_eq!(error.ticket().unwrap().note("image"), Some(NEW));
    }
    assert_eq!((tickets.len(), device.calls().count()), (4, before));
}

#[tokio::test]
async fn an_image_of_unknown_version_is_not_mistaken_for_that_of_somebody_else() {
    let device = device(quick()).await;
    let agent = agent(&device);
    let bytes = image_of(NEW).bytes();
    let size = bytes.len() as u64;
    let unknown = Image::from_source(size, None, move || Ok(bytes.clone().into()));
    let mut run = update(&agent, unknown.clone()).run();
    while let Some(event) = run.next().await {
        if matches!(event, UpdateEvent::Step(Step::Upload)) {
            break;
        }
    }
    let ticket = run.ticket();
    drop(run);
    let other = Image::bytes(image_of("4.3.0.5-1").bytes());
    let other = update(&agent, other).decide(|_| async { Decision::Later });
    assert_eq!(other.await.unwrap_err().code(), "Firmware.Undecided");
    let error = resume(&agent, &ticket).await.unwrap_err();
    assert_eq!(
        (error.code(), starts(&device)),
        ("Firmware.ImageGone", 0),
        "{error}"
    );
    let updated = resume(&agent, &ticket).image(unknown).await.unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
}

#[tokio::test]
async fn a_reinstallation_that_failed_was_none() {
    let plan = quick().ending(UpdateEnding::FailsAt { percent: 40 });
    let device = builder(Firmware::V4_4_1, plan).start().await.unwrap();
    let agent = agent(&device);
    let same = Image::bytes(image_of(Firmware::V4_4_1.version_text()).bytes());
    let later = update(&agent, same.clone())
        .allow(Allow::Reinstall)
        .decide(|_| async { Decision::Later });
    let ticket = later.await.unwrap_err().ticket().unwrap().clone();
    let failed = resume(&agent, &ticket).await.unwrap_err();
    assert_eq!(failed.code(), "Firmware.Failed");
    device.device().set_update_plan(quick());
    // The history has seconds: two updates with one image in the same second look like one.
    tokio::time::sleep(milliseconds(1_100)).await;
    let updated = resume(&agent, &ticket).image(same.clone()).await.unwrap();
    assert_eq!((updated.change, starts(&device)), (Change::Installed, 2));
    // Now it was.
    let updated = resume(&agent, &ticket).image(same).await.unwrap();
    assert_eq!((updated.change, starts(&device)), (Change::Already, 2));
}

#[tokio::test]
async fn events_that_are_dropped_lose_nothing() {
    let device = device(quick()).await;
    let mut run = update(&agent(&device), image()).run();
    let end = loop {
        // Most of these are dropped before they are ready.
        match tokio::time::timeout(milliseconds(3), run.next()).await {
            Ok(Some(UpdateEvent::End(end))) => break end,
            Ok(None) => panic!("no end was told"),
            _ => {}
        }
    };
    assert_eq!((end.unwrap().version.as_str(), starts(&device)), (NEW, 1));
}

#[tokio::test]
async fn a_ticket_is_for_one_device() {
    let (one, other) = (device(quick()).await, device(quick()).await);
    let run = update(&agent(&one), image()).run();
    let ticket = run.ticket();
    let refused = FirmwareUpdate::resume(&agent(&other), ticket.clone()).unwrap_err();
    assert_eq!(refused.code(), "Config.BadTicket");
    let moved = ticket.with_origin(agent(&other).origin());
    assert_eq!(resume(&agent(&other), &moved).step(), Step::Upload);
    let foreign = Ticket::new(&agent(&one), "/firmware", "restart", Plan::new());
    assert!(FirmwareUpdate::resume(&agent(&one), foreign).is_err());
}
