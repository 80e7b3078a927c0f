//! References that are stale.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_rpc::reading::{ReadSet, Readings, Round};
use xerus_rpc::{Agent, Error, Json};

use crate::device::{Answer, Device, ret};
use crate::reading::{lost, reading};
use crate::support::sensors::{NumericSensor, numeric_sensor::Reading};

const SECOND: Duration = Duration::from_secs(1);

/// A device that makes its objects anew: references of another generation than the present one are stale.
struct World {
    generation: AtomicUsize,
    /// How it answers to a stale reference: with 404, or with a reading that is not available.
    missing: bool,
    sensors: Mutex<Vec<&'static str>>,
    unplugged: Mutex<Vec<&'static str>>,
    refuses: Mutex<bool>,
}

fn world(missing: bool) -> (Arc<World>, Arc<Device>, Agent) {
    let world = Arc::new(World {
        generation: AtomicUsize::new(0),
        missing,
        sensors: Mutex::new(vec!["power", "current"]),
        unplugged: Mutex::default(),
        refuses: Mutex::new(false),
    });
    let inner = Arc::clone(&world);
    let (device, agent) = Device::new(move |ask| {
        let now = inner.generation.load(Ordering::SeqCst);
        if ask.method == "getSensors" {
            if *inner.refuses.lock().unwrap() {
                return Answer::Status(500);
            }
            return ret(now);
        }
        let mut parts = ask.rid.split('/').skip(1);
        let name = parts.next().unwrap();
        let generation: usize = parts.next().unwrap().parse().unwrap();
        let unplugged = inner.unplugged.lock().unwrap().contains(&name);
        match generation == now {
            true => reading(generation as f64, !unplugged),
            false if inner.missing => Answer::Status(404),
            false => reading(99.0, false),
        }
    });
    (world, device, agent)
}

async fn fetch(agent: Agent, world: Arc<World>) -> Result<ReadSet<&'static str, Reading>, Error> {
    let answer = agent
        .call("/outlet/0", "getSensors", Json::EMPTY_OBJECT)
        .await?;
    let digits = |c: &char| c.is_ascii_digit();
    let generation: String = answer.get().chars().filter(digits).collect();
    let names = world.sensors.lock().unwrap().clone();
    Ok(names
        .into_iter()
        .map(|name| {
            let sensor = NumericSensor::at(&agent, &format!("/{name}/{generation}"));
            (name, sensor.get_reading())
        })
        .collect())
}

fn watch(agent: &Agent, world: &Arc<World>) -> Readings<&'static str, Reading> {
    let world = Arc::clone(world);
    Readings::from_device(agent, move |agent| fetch(agent, Arc::clone(&world)))
        .interval(10 * SECOND)
        .jitter(0.0)
        .refresh_gap(30 * SECOND)
        .stale_if(|_, reading| !reading.available)
}

fn fetched(device: &Device) -> usize {
    let methods = device.methods();
    methods.iter().filter(|it| *it == "getSensors").count()
}

async fn rounds(readings: &mut Readings<&'static str, Reading>, count: usize) -> Vec<Round> {
    let mut rounds = Vec::new();
    for _ in 0..count {
        rounds.push(readings.next().await.unwrap());
    }
    rounds
}

#[tokio::test(start_paused = true)]
async fn they_are_fetched_anew_exactly_once() {
    for missing in [true, false] {
        let (world, device, agent) = world(missing);
        let mut readings = watch(&agent, &world);
        let latest = readings.latest();
        rounds(&mut readings, 5).await;
        assert_eq!(fetched(&device), 1);
        world.generation.store(1, Ordering::SeqCst);
        *world.sensors.lock().unwrap() = vec!["power", "voltage"];
        let round = readings.next().await.unwrap();
        assert!(round.refreshed, "{missing}");
        assert_eq!(
            (round.read, round.failed, round.stale),
            (2, 0, 0),
            "{round:?}"
        );
        assert_eq!(fetched(&device), 2);
        let snapshot = latest.snapshot();
        let keys: Vec<_> = snapshot.rows().iter().map(|row| *row.key()).collect();
        assert_eq!(keys, ["power", "voltage"]);
        for row in snapshot.rows() {
            assert_eq!(row.value().unwrap().value, 1.0);
            assert_eq!(row.age(), Some(Duration::ZERO));
            assert!(row.error().is_none() && !row.is_stale());
        }
        assert!(latest.get(&"current").is_none());
        rounds(&mut readings, 5).await;
        assert_eq!(fetched(&device), 2);
        assert_eq!(latest.device().refreshes, 2);
    }
}

#[tokio::test(start_paused = true)]
async fn they_are_fetched_no_more_often_than_the_gap_says() {
    let (world, device, agent) = world(true);
    let mut readings = watch(&agent, &world);
    let latest = readings.latest();
    rounds(&mut readings, 2).await;
    // 10 s after the set was made; the gap is 30 s.
    world.generation.store(1, Ordering::SeqCst);
    let round = readings.next().await.unwrap();
    assert!(!round.refreshed);
    assert_eq!((round.failed, round.stale), (2, 2));
    let row = latest.get(&"power").unwrap();
    assert!(row.is_stale() && row.error().unwrap().is_object_not_found());
    assert_eq!(row.value().unwrap().value, 0.0, "the last good value stays");
    assert_eq!(row.age(), Some(10 * SECOND));
    let round = readings.next().await.unwrap();
    assert!(round.refreshed);
    assert_eq!(latest.get(&"power").unwrap().value().unwrap().value, 1.0);
    assert_eq!(fetched(&device), 2);
}

#[tokio::test(start_paused = true)]
async fn a_suspicious_value_is_kept_out_until_a_fresh_reference_gives_it_as_well() {
    let (world, device, agent) = world(false);
    let mut readings = watch(&agent, &world);
    let latest = readings.latest();
    rounds(&mut readings, 2).await;
    world.unplugged.lock().unwrap().push("current");
    let round = readings.next().await.unwrap();
    assert_eq!((round.read, round.failed, round.stale), (1, 0, 1));
    let row = latest.get(&"current").unwrap();
    assert!(row.is_stale() && row.error().is_none());
    assert!(row.value().unwrap().available, "the last good one");
    let round = readings.next().await.unwrap();
    assert!(round.refreshed);
    let row = latest.get(&"current").unwrap();
    assert!(!row.is_stale() && !row.value().unwrap().available);

    // A sensor that stays unplugged costs less and less: after 30, 90, 210, 450 s.
    rounds(&mut readings, 60).await;
    let times = device.times();
    let methods = device.methods();
    let fetched: Vec<u64> = times
        .into_iter()
        .zip(methods)
        .filter(|(_, method)| method == "getSensors")
        .map(|(time, _)| time)
        .collect();
    assert_eq!(fetched, [0, 30, 90, 210, 450]);

    // And helps at once when something else is wrong, too.
    world.unplugged.lock().unwrap().clear();
    rounds(&mut readings, 1).await;
    assert!(latest.get(&"current").unwrap().value().unwrap().available);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_leaves_the_values() {
    let (world, device, agent) = world(false);
    let mut readings = watch(&agent, &world);
    let latest = readings.latest();
    rounds(&mut readings, 4).await;
    world.unplugged.lock().unwrap().push("current");
    *world.refuses.lock().unwrap() = true;
    let round = readings.next().await.unwrap();
    assert!(!round.refreshed && round.error.is_none());
    assert_eq!((round.read, round.stale), (1, 1));
    assert_eq!(
        latest.device().refresh_error.unwrap().http_status(),
        Some(500)
    );
    assert_eq!(latest.get(&"power").unwrap().age(), Some(Duration::ZERO));
    assert_eq!(fetched(&device), 2);
    *world.refuses.lock().unwrap() = false;
    rounds(&mut readings, 7).await;
    assert_eq!(fetched(&device), 3);
    assert!(latest.device().refresh_error.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_device_that_goes_away_during_the_refresh() {
    let calls = AtomicUsize::new(0);
    let (_device, agent) = Device::new(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => Answer::Status(404),
        1 => lost(),
        _ => reading(1.0, true),
    });
    let sensor = |agent: &Agent| {
        [("power", NumericSensor::at(agent, "/power/0").get_reading())]
            .into_iter()
            .collect::<ReadSet<_, _>>()
    };
    let mut readings = Readings::new(&agent, sensor(&agent)).refresh(move |agent| async move {
        agent.call("/x", "getSensors", Json::EMPTY_OBJECT).await?;
        Ok(sensor(&agent))
    });
    let round = readings.next().await.unwrap();
    assert_eq!(round.error.unwrap().code(), "ConnectionLost");
    assert_eq!(readings.latest().device().failures, 1);
    let round = readings.next().await.unwrap();
    assert_eq!((round.read, round.error.is_none()), (1, true));
}

#[tokio::test(start_paused = true)]
async fn without_a_way_to_fetch_them_the_row_says_so() {
    let (_device, agent) = Device::new(|_| Answer::Status(404));
    let call = NumericSensor::at(&agent, "/power/0").get_reading();
    let set: ReadSet<&str, Reading> = [("power", call)].into_iter().collect();
    let mut readings = Readings::new(&agent, set);
    let round = readings.next().await.unwrap();
    assert_eq!((round.failed, round.stale, round.refreshed), (1, 1, false));
    assert!(readings.latest().get(&"power").unwrap().is_stale());
}
