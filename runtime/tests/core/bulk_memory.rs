//! The memory limit of an answer holds for all entries of a bulk answer together, however they are dressed.

use std::sync::atomic::{AtomicUsize, Ordering};

use xerus_rpc::rt::{self, Decode, Method, Reader};
use xerus_rpc::{Agent, Call, DecodeError, Interface, Object, Settings};

use crate::aids::agent_with;
use crate::bulk::ids;
use crate::support::misc::Wide;
use crate::support::pdumodel::Outlet;

const CALLS: usize = 50;

fn call<T: Decode + 'static>(agent: &Agent, n: usize) -> Call<T> {
    static METHOD: Method = Method::new("misc.Wide:1.0.0", "getAll", &[], &["_ret_"]);
    let object: Object = Outlet::at(agent, &format!("/o/{n}")).as_object().clone();
    rt::single(&object, &METHOD, &[])
}

/// How many of the calls have a result within 1 MiB, each being a list of 160 structures without members, which take
/// some 180 KiB.
async fn accepted(entries: impl Fn(&[u64], &str) -> Vec<String> + Send + Sync + 'static) -> usize {
    let mut settings = Settings::default();
    settings.max_memory = 1 << 20;
    let list = format!("[{}]", vec!["{}"; 160].join(","));
    let agent = agent_with(settings, move |request, id| {
        Ok(format!(
            r#"{{"jsonrpc":"2.0","result":{{"responses":[{}]}},"id":{id}}}"#,
            entries(&ids(request), &list).join(",")
        ))
    });
    let calls: Vec<Call<Vec<Wide>>> = (0..CALLS).map(|n| call(&agent, n)).collect();
    let results = agent.bulk(calls).await.unwrap();
    let mut count = 0;
    for result in results {
        match result {
            Ok(list) => {
                assert_eq!(list.len(), 160);
                count += 1;
            }
            Err(error) => assert_eq!(error.code(), "Decode.LimitExceeded"),
        }
    }
    count
}

fn document(id: u64, list: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","result":{{"_ret_":{list}}},"id":{id}}}"#)
}

#[tokio::test]
async fn entries_share_one_limit_in_every_form() {
    let each = |form: fn(u64, &str) -> String| {
        move |ids: &[u64], list: &str| ids.iter().map(|id| form(*id, list)).collect::<Vec<_>>()
    };
    let plain: fn(u64, &str) -> String =
        |id, list| format!(r#"{{"json":{},"statcode":200}}"#, document(id, list));
    let expected = accepted(each(plain)).await;
    assert!((4..=6).contains(&expected), "{expected}");

    let forms: [fn(u64, &str) -> String; 3] = [
        |id, list| format!(r#"{{"x":0,"json":{},"statcode":200}}"#, document(id, list)),
        |id, list| {
            let json = document(id, list).replace("\"jsonrpc\"", "\"x\":0,\"jsonrpc\"");
            format!(r#"{{"json":{json},"statcode":200}}"#)
        },
        |id, list| {
            let json = serde_json::to_string(&document(id, list)).unwrap();
            format!(r#"{{"json":{json},"statcode":200}}"#)
        },
    ];
    for (index, form) in forms.into_iter().enumerate() {
        assert_eq!(accepted(each(form)).await, expected, "form {index}");
    }
    let backwards =
        accepted(move |ids, list| ids.iter().rev().map(|id| plain(*id, list)).collect());
    assert_eq!(backwards.await, expected);
}

#[tokio::test]
async fn an_entry_that_is_too_large_takes_nothing_from_the_others() {
    let count = accepted(|ids, list| {
        let large = format!("[{}]", vec!["{}"; 5000].join(","));
        let entry = |(place, id): (usize, &u64)| {
            let list = if (10..14).contains(&place) {
                list
            } else {
                &large
            };
            format!(r#"{{"x":0,"json":{},"statcode":200}}"#, document(*id, list))
        };
        ids.iter().enumerate().map(entry).collect()
    });
    assert_eq!(count.await, 4);
}

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// Counts how many of its kind are alive.
struct Counted;

impl Decode for Counted {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.skip_value()?;
        let live = LIVE.fetch_add(1, Ordering::SeqCst) + 1;
        PEAK.fetch_max(live, Ordering::SeqCst);
        Ok(Self)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn results_for_other_calls_are_not_kept() {
    let agent = agent_with(Settings::default(), |request, id| {
        let ids = ids(request);
        let (near, far) = ids.split_at(CALLS / 2);
        // In the places of the first half, refusals of the second half, each with a result.
        let entries: Vec<String> = near
            .iter()
            .zip(far)
            .map(|(_, id)| format!(r#"{{"json":{},"statcode":500}}"#, document(*id, "0")))
            .collect();
        Ok(format!(
            r#"{{"jsonrpc":"2.0","result":{{"responses":[{}]}},"id":{id}}}"#,
            entries.join(",")
        ))
    });
    let calls: Vec<Call<Counted>> = (0..CALLS).map(|n| call(&agent, n)).collect();
    let results = agent.bulk(calls).await.unwrap();
    assert!(results.iter().all(Result::is_err));
    assert_eq!(LIVE.load(Ordering::SeqCst), 0);
    assert_eq!(PEAK.load(Ordering::SeqCst), 1);
}
