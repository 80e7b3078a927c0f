//! What stands behind the doors: a scale, written once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use xerus_rpc::error::{ErrorCode, ErrorMeaning, RpcError};
use xerus_rpc::server::{Context, Fault, Reply, Router};
use xerus_rpc::{Error, Json};

use crate::api::bench::Scale as Proxy;
use crate::api::bench::{BadUser, Mode, Reading, Worn, scale};
use crate::api::server::bench as served;

/// Where the scale stands.
pub const RID: &str = "/bench/scale";

/// What tests look at from behind.
#[derive(Default)]
pub struct Watched {
    /// Calls that were begun.
    pub begun: AtomicUsize,
    /// The most calls that were under way at a time.
    pub most: AtomicUsize,
    under_way: AtomicUsize,
    /// Calls that came to their end.
    pub finished: AtomicUsize,
    /// Calls whose caller gave up.
    pub given_up: AtomicUsize,
    /// Who knocked.
    pub knocks: Mutex<Vec<String>>,
    /// What was done, in order.
    pub done: Mutex<Vec<i32>>,
}

impl Watched {
    /// Who knocked so far.
    pub fn knocks(&self) -> Vec<String> {
        let knocks = self.knocks.lock().unwrap_or_else(PoisonError::into_inner);
        knocks.clone()
    }

    /// What was added so far, in the order in which it came.
    pub fn done(&self) -> Vec<i32> {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.clone()
    }
}

/// A scale.
pub struct Scale(Arc<Watched>);

/// Counts a call that ends before its time.
struct Watch<'a>(&'a Watched, bool);

impl<'a> Watch<'a> {
    fn new(watched: &'a Watched) -> Self {
        let now = watched.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        watched.begun.fetch_add(1, Ordering::SeqCst);
        watched.most.fetch_max(now, Ordering::SeqCst);
        Self(watched, false)
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
        let count = match self.1 {
            true => &self.0.finished,
            false => &self.0.given_up,
        };
        count.fetch_add(1, Ordering::SeqCst);
    }
}

/// A scale behind a router, and what it does.
#[must_use]
pub fn router() -> (Router, Arc<Watched>) {
    let (router, watched) = (Router::new(), Arc::new(Watched::default()));
    router.insert(RID, served::scale(Scale(Arc::clone(&watched))));
    (router, watched)
}

/// What the scale shows after so many steps.
#[must_use]
pub fn reading(step: i32) -> Reading {
    Reading {
        grams: f64::from(step) / 4.0,
        taken: 9_007_199_254_740_993 + i64::from(step),
        notes: vec!["ä, \"b\"".into(), step.to_string()],
        ..Default::default()
    }
}

/// The same from an older scale, which does not say the first of it.
fn passed_on() -> Worn {
    let older = RpcError::new(ErrorCode::Text("bench.worn".into()), "")
        .with_data(r#"{"uses":7}"#.parse().expect("JSON"));
    Error::from(older)
        .downcast()
        .expect("an error of an older scale")
}

/// What the scale says of a user whom it does not know.
#[must_use]
pub fn bad_user() -> BadUser {
    BadUser {
        user: "kim".into(),
        ..BadUser::default()
    }
}

/// What the scale says when a part of it is worn out.
#[must_use]
pub fn worn() -> Worn {
    Worn {
        text: "worn out, \"ä\"".into(),
        uses: 9_007_199_254_740_993,
        mode: Mode::High,
        parts: vec!["spring".into(), "7".into()],
        ..Default::default()
    }
}

impl served::Scale for Scale {
    fn add<'a>(&'a self, _: &'a Context, x: i32, y: i32) -> Reply<'a, i32> {
        let mut done = self.0.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.push(x);
        match x.checked_add(y) {
            Some(sum) => Reply::ok(sum),
            None => Reply::fault(Fault::new(
                ErrorCode::Uri("com.example.error.overflow".into()),
                "too much",
            )),
        }
    }

    fn get_reading<'a>(&'a self, _: &'a Context) -> Reply<'a, Reading> {
        Reply::ok(reading(1))
    }

    fn set_mode<'a>(&'a self, _: &'a Context, mode: Mode) -> Reply<'a, ()> {
        match mode {
            Mode::High => Reply::refused(Proxy::ERR_TOO_HEAVY),
            _ => Reply::ok(()),
        }
    }

    fn mode_at<'a>(&'a self, _: &'a Context, place: i32) -> Reply<'a, Mode> {
        match place {
            0 => Reply::ok(Mode::Low),
            _ => Reply::refused(Proxy::ERR_COLD),
        }
    }

    fn open_series<'a>(&'a self, _: &'a Context, label: String) -> Reply<'a, (String, i32)> {
        match &*label {
            "" => Reply::refused(Proxy::ERR_COLD),
            "half" => Reply::refused_with(Proxy::ERR_COLD, ("kept".into(), 7)),
            _ => Reply::ok((format!("{label}-1"), 16)),
        }
    }

    fn get_extremes<'a>(&'a self, _: &'a Context) -> Reply<'a, (f64, f64)> {
        Reply::ok((-0.5, 1e300))
    }

    fn clear<'a>(&'a self, _: &'a Context) -> Reply<'a, ()> {
        Reply::ok(())
    }

    fn knock<'a>(&'a self, _: &'a Context, who: String) -> Reply<'a, ()> {
        let mut knocks = self.0.knocks.lock().unwrap_or_else(PoisonError::into_inner);
        knocks.push(who);
        Reply::ok(())
    }

    fn weigh<'a>(&'a self, context: &'a Context, steps: i32) -> Reply<'a, Reading> {
        Reply::future(async move {
            let mut watch = Watch::new(&self.0);
            for step in 0..steps {
                if context.wants_progress() {
                    context.report(&reading(step)).await?;
                }
                tokio::task::yield_now().await;
            }
            if steps < 0 {
                // Never steady: until the caller gives up.
                std::future::pending::<()>().await;
            }
            watch.1 = true;
            Ok(reading(steps))
        })
    }

    fn dawdle<'a>(&'a self, context: &'a Context, ms: i32) -> Reply<'a, i32> {
        Reply::future(async move {
            let mut watch = Watch::new(&self.0);
            tokio::time::sleep(Duration::from_millis(ms.unsigned_abs().into())).await;
            watch.1 = !context.is_cancelled();
            Ok(ms)
        })
    }

    fn fail<'a>(&'a self, _: &'a Context, how: String) -> Reply<'a, ()> {
        Reply::fault(match &*how {
            "busy" => Fault::new(ErrorCode::Text("bench.busy".into()), "come back later"),
            "broken" => Fault::new(-32050, "smoke").with_data(Json::EMPTY_OBJECT),
            "half" => Fault::new(ErrorCode::Text("bench.half".into()), "not all of it")
                .with_result(r#"{"kept":1}"#.parse().expect("JSON")),
            "later" => RpcError::new(-32000, "restarting")
                .with_meaning(ErrorMeaning::Unavailable)
                .into(),
            "worn" => worn().into(),
            "tired" => scale::Tired.into(),
            "passed on" => passed_on().into(),
            "user" => bad_user().into(),
            "locked" => scale::Locked.into(),
            "unfit" => Fault::new(ErrorCode::Text("bench.worn".into()), "of another kind")
                .with_data(r#"{"text":"so","uses":"many"}"#.parse().expect("JSON")),
            "bare" => Fault::new(ErrorCode::Text("bench.worn".into()), "no more"),
            "older" => Fault::new(ErrorCode::Text("bench.worn".into()), "")
                .with_data(r#"{"uses":7,"since":"May"}"#.parse().expect("JSON")),
            "denied" => Fault::not_permitted(),
            "uri" => Fault::new(ErrorCode::Uri("com.example.unknown".into()), ""),
            "code" => Fault::refused(3),
            "panic" => panic!("as told"),
            _ => Fault::internal(how),
        })
    }

    fn who_am_i<'a>(&'a self, context: &'a Context) -> Reply<'a, Vec<String>> {
        Reply::ok(vec![
            context.user.clone().unwrap_or_default(),
            context.transport.to_string(),
            context.attribute("language").unwrap_or("-").to_owned(),
        ])
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, Reading> {
        Reply::ok(reading(2))
    }
}
