//! Logs that are read to their end.

use futures_util::{StreamExt, TryStreamExt};
use xerus_device::logs::{Log, LogError, LogItem, LogStream};

use super::device::{Device, entry};

/// The ids of the entries, and what else was said in words.
pub(crate) async fn ids(stream: LogStream) -> Vec<Result<i32, String>> {
    let items: Vec<LogItem> = stream.try_collect().await.unwrap();
    items.into_iter().map(shown).collect()
}

pub(crate) fn shown(item: LogItem) -> Result<i32, String> {
    match item {
        LogItem::Entry(found) => {
            assert_eq!(found, entry(found.id));
            Ok(found.id)
        }
        other => Err(format!("{other:?}")),
    }
}

fn range(ids: impl Iterator<Item = i32>) -> Vec<Result<i32, String>> {
    ids.map(Ok).collect()
}

#[tokio::test]
async fn both_logs_are_read_in_both_directions() {
    let device = Device::with(17, 500);
    let agent = device.agent();
    for log in [Log::event(&agent), Log::debug(&agent)] {
        assert_eq!(ids(log.clone().oldest_first()).await, range(17..517));
        for first_is_first in [false, true] {
            device.change(|content| content.first_is_first = first_is_first);
            assert_eq!(
                ids(log.clone().newest_first()).await,
                range((17..517).rev())
            );
        }
        device.change(|content| content.first_is_first = false);
    }
    // 500 entries, 40 at once: 13 requests each.
    assert_eq!(device.change(|content| content.chunks), 6 * 13);
}

#[tokio::test]
async fn an_empty_log_has_no_entries() {
    let device = Device::with(9, 0);
    assert_eq!(ids(Log::event(&device.agent()).oldest_first()).await, []);
    assert_eq!(ids(Log::debug(&device.agent()).newest_first()).await, []);
}

#[tokio::test]
async fn categories_are_those_of_the_device() {
    let device = Device::with(0, 200);
    let agent = device.agent();
    let power = Log::event(&agent).categories(["Power"]);
    assert_eq!(
        ids(power.clone().oldest_first()).await,
        range((0..200).step_by(3))
    );
    assert_eq!(
        ids(power.newest_first()).await,
        range((0..200).rev().filter(|id| id % 3 == 0))
    );
    assert_eq!(
        ids(Log::debug(&agent).categories(["Power"]).oldest_first())
            .await
            .len(),
        200
    );
}

#[tokio::test]
async fn reading_goes_on_behind_an_entry_that_was_read_earlier() {
    let device = Device::with(0, 100);
    let log = Log::event(&device.agent());
    assert_eq!(
        ids(log.clone().behind(entry(41)).oldest_first()).await,
        range(42..100)
    );
    assert_eq!(
        ids(log.clone().behind(entry(41)).newest_first()).await,
        range((0..41).rev())
    );
    // One that is not there.
    let read = ids(log.clone().behind(entry(100)).oldest_first()).await;
    assert_eq!((&read[0], read.len()), (&Err("Restarted".to_owned()), 101));
    assert_eq!(
        ids(log.behind(entry(100)).newest_first()).await,
        [Err("Restarted".to_owned())]
    );
}

#[tokio::test]
async fn entries_that_come_meanwhile_are_for_the_next_reader() {
    let device = Device::with(0, 100);
    device.change(|content| content.before = Some(Box::new(|content| content.write(10))));
    assert_eq!(
        ids(Log::event(&device.agent()).oldest_first()).await,
        range(0..100)
    );
}

#[tokio::test]
async fn entries_that_were_overwritten_are_missing() {
    let device = Device::with(0, 200);
    let mut round = 0;
    device.change(|content| {
        content.before = Some(Box::new(move |content| {
            round += 1;
            if round == 2 {
                content.forget(70);
            }
        }));
    });
    let read = ids(Log::event(&device.agent()).oldest_first()).await;
    let mut expected = range(0..40);
    expected.push(Err("Missing(30)".to_owned()));
    expected.extend(range(70..200));
    assert_eq!(read, expected);
}

#[tokio::test]
async fn a_log_that_was_begun_anew_with_the_same_entries_is_read_on() {
    for backward in [false, true] {
        let device = Device::with(0, 200);
        let mut round = 0;
        device.change(|content| {
            content.before = Some(Box::new(move |content| {
                round += 1;
                if round == 3 {
                    // The process behind the log was started anew, and ids go on counting.
                    content.created += 1;
                }
            }));
        });
        let log = Log::event(&device.agent());
        if backward {
            assert_eq!(ids(log.newest_first()).await, range((0..200).rev()));
        } else {
            assert_eq!(ids(log.oldest_first()).await, range(0..200));
        }
    }
}

#[tokio::test]
async fn a_log_with_other_entries_is_said_to_be_another() {
    for backward in [false, true] {
        let device = Device::with(0, 200);
        let mut round = 0;
        device.change(|content| {
            content.before = Some(Box::new(move |content| {
                round += 1;
                if round == 3 {
                    content.created += 1;
                    content.forget(200);
                    content.write(5);
                }
            }));
        });
        let log = Log::event(&device.agent());
        let restarted = Err("Restarted".to_owned());
        if backward {
            let mut expected = range((120..200).rev());
            expected.push(restarted);
            assert_eq!(ids(log.newest_first()).await, expected);
        } else {
            let mut expected = range(0..80);
            expected.push(restarted);
            expected.extend(range(200..205));
            assert_eq!(ids(log.oldest_first()).await, expected);
        }
    }
}

async fn error(stream: LogStream) -> LogError {
    let items: Vec<_> = stream.collect().await;
    items.into_iter().next_back().unwrap().unwrap_err()
}

#[tokio::test]
async fn a_log_that_is_begun_anew_for_ever_ends_the_stream() {
    let device = Device::with(0, 200);
    device.change(|content| content.before = Some(Box::new(|content| content.created += 1)));
    let log = Log::event(&device.agent());
    for stream in [log.clone().oldest_first(), log.newest_first()] {
        let ended = error(stream).await;
        assert!(matches!(ended, LogError::RestartsForEver), "{ended}");
    }
    assert_eq!(device.change(|content| content.chunks), 12);
}

#[tokio::test]
async fn chunks_that_lead_nowhere_end_the_stream() {
    let spoils: [fn(&mut xerus_api::logging::LogChunk); 4] = [
        |chunk| chunk.all_entry_cnt = -5,
        |chunk| (chunk.id_first, chunk.all_entry_cnt) = (i32::MIN, 1),
        |chunk| (chunk.id_first, chunk.all_entry_cnt) = (i32::MAX, i32::MAX),
        |chunk| (chunk.id_first, chunk.all_entry_cnt) = (i32::MIN, i32::MIN),
    ];
    for (number, spoil) in spoils.into_iter().enumerate() {
        let device = Device::with(0, 200);
        device.change(|content| content.spoil = Some(spoil));
        let log = Log::event(&device.agent());
        for stream in [log.clone().oldest_first(), log.newest_first()] {
            // It ends, with an error or without, after a request or two.
            let read: Vec<_> = stream.collect().await;
            assert!(read.len() <= 201, "{number}");
        }
        assert!(device.change(|content| content.chunks) <= 3, "{number}");
    }
    let device = Device::with(0, 200);
    device.change(|content| content.spoil = Some(spoils[0]));
    let ended = error(Log::event(&device.agent()).oldest_first()).await;
    assert_eq!(ended.code(), "Log.LeadsNowhere");
}

#[tokio::test]
async fn a_device_without_the_log_is_an_error_once() {
    let device = Device::with(0, 1);
    let items: Vec<_> = Log::wlan(&device.agent()).oldest_first().collect().await;
    assert_eq!(items.len(), 1);
    let error = items.into_iter().next().unwrap().unwrap_err();
    assert!(error.as_call().unwrap().is_object_not_found());
}
