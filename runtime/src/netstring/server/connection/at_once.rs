//! Calls that are over at once cost no task of their own.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::ReusableBoxFuture;

/// Work that takes longer than this keeps others from being read.
const LONG: Duration = Duration::from_micros(200);
/// So many calls get tasks of their own after one that took long.
const ELSEWHERE: u32 = 256;

/// Does work where it comes in, as far as it does not have to wait; what has to, goes on elsewhere.
///
/// Servants that calculate for long are found out: the calls that follow are worked on side by side.
#[derive(Default)]
pub(super) struct AtOnce {
    /// Kept for the next one: most calls are alike.
    place: Option<ReusableBoxFuture<'static, ()>>,
    elsewhere: u32,
}

/// What goes on elsewhere.
pub(super) type Rest = Pin<Box<dyn Future<Output = ()> + Send>>;

impl AtOnce {
    /// Begins some work; what is left of it.
    #[inline]
    pub(super) async fn begin(
        &mut self,
        now: Instant,
        work: impl Future<Output = ()> + Send + 'static,
    ) -> Option<Rest> {
        if self.elsewhere > 0 {
            self.elsewhere -= 1;
            return Some(Box::pin(work));
        }
        let mut place = match self.place.take() {
            Some(mut place) => {
                place.set(work);
                place
            }
            None => ReusableBoxFuture::new(work),
        };
        let over = poll_fn(|context| Poll::Ready(place.poll(context).is_ready())).await;
        if now.elapsed() > LONG {
            self.elsewhere = ELSEWHERE;
        }
        if over {
            self.place = Some(place);
            None
        } else {
            Some(Box::pin(place))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn what_has_to_wait_goes_on_elsewhere_and_begins_once() {
        let (mut at_once, begun) = (AtOnce::default(), Arc::new(AtomicU32::new(0)));
        let work = |waits: bool| {
            let begun = Arc::clone(&begun);
            async move {
                begun.fetch_add(1, Ordering::Relaxed);
                if waits {
                    tokio::task::yield_now().await;
                }
                begun.fetch_add(10, Ordering::Relaxed);
            }
        };
        assert!(at_once.begin(Instant::now(), work(false)).await.is_none());
        assert_eq!(begun.load(Ordering::Relaxed), 11);
        let rest = at_once.begin(Instant::now(), work(true)).await;
        assert_eq!(begun.load(Ordering::Relaxed), 12);
        assert!(at_once.begin(Instant::now(), work(false)).await.is_none());
        rest.expect("it waits").await;
        assert_eq!(begun.load(Ordering::Relaxed), 33);
    }

    #[tokio::test]
    async fn after_work_that_took_long_others_get_tasks_of_their_own() {
        let mut at_once = AtOnce::default();
        let before = Instant::now() - 2 * LONG;
        assert!(at_once.begin(before, async {}).await.is_none());
        for _ in 0..ELSEWHERE {
            let rest = at_once.begin(Instant::now(), async {}).await;
            rest.expect("for a task").await;
        }
        assert!(at_once.begin(Instant::now(), async {}).await.is_none());
    }
}
