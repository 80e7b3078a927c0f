//! Names that the description of a method gives to error codes.

use xerus_rpc::rt::{self, Marks, Method};
use xerus_rpc::{Agent, Call, Interface as _};

use crate::aids::agent;
use crate::bulk::{entry, ids, outer};
use crate::support::pdumodel::Outlet;

fn measure(agent: &Agent) -> Call<i32> {
    static MEASURE: Method = Method {
        interface: "misc.Meter:1.0.0",
        name: "measure",
        results: &["_ret_"],
        marks: &Marks {
            errors: &[("-32050", "TooHot"), ("com.example.busy", "Busy")],
            ..Marks::PLAIN
        },
        ..Method::PLAIN
    };
    rt::single(Outlet::at(agent, "/o").as_object(), &MEASURE, &[])
}

fn failed(id: u64, code: i64) -> String {
    format!(r#"{{"jsonrpc":"2.0","error":{{"code":{code},"message":"m"}},"id":{id}}}"#)
}

#[tokio::test]
async fn a_code_has_the_name_that_the_method_gives_it() {
    for (code, name) in [(-32050, Some("TooHot")), (-32051, None)] {
        let agent = agent(move |_, id| Ok(failed(id.get(), code)));
        let error = measure(&agent).await.unwrap_err();
        let rpc = error.as_rpc().unwrap();
        assert_eq!((rpc.name, error.rpc_code()), (name, Some(code)));
        let shown = name.map_or(code.to_string(), |name| format!("{name} ({code})"));
        assert!(error.to_string().contains(&shown), "{error}");
        // A method without names for its codes.
        let error = Outlet::at(&agent, "/o").get_label().await.unwrap_err();
        assert_eq!(error.as_rpc().unwrap().name, None);
    }
}

#[tokio::test]
async fn in_a_bulk_too() {
    let agent = agent(|request, id| {
        let ids = ids(request);
        let failed = failed(ids[0], -32050);
        let bad = format!(r#"{{"json":{failed},"statcode":200}}"#);
        outer(id, &format!("{bad},{}", entry(ids[1], "5")))
    });
    let results = agent
        .bulk([measure(&agent), measure(&agent)])
        .await
        .unwrap();
    let error = results[0].as_ref().unwrap_err();
    assert_eq!(error.as_rpc().unwrap().name, Some("TooHot"));
    assert_eq!(*results[1].as_ref().unwrap(), 5);
}
