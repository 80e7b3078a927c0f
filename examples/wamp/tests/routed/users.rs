//! An error that the IDL names, between our programs and those in Python.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use xerus_rpc::TypedError;
use xerus_rpc::server::{Context, Reply, Router as Objects};
use xerus_rpc::wamp::{Callee, ErrorArguments};

use crate::api::userdb::{NoSuchUser, Users};
use crate::api::{calc, server as served};
use crate::router::{Router, SERIALIZERS, is_installed, python};

/// Calls `com.example.find_user` with autobahn, and prints what the error has.
const CALLER: &str = r#"
import sys
from autobahn.asyncio.component import Component, run
from autobahn.wamp.exception import ApplicationError
component = Component(transports=[{"type": "websocket", "url": sys.argv[1], "serializers": [sys.argv[2]]}], realm="com.example.realm")
@component.on_join
async def joined(session, _):
    try:
        print(await session.call("com.example.find_user", 7))
    except ApplicationError as error:
        print(error.error, list(error.args), sorted(error.kwargs.items()), flush=True)
    session.leave()
run([component], log_level="warn")
"#;

fn nobody(user: i32) -> NoSuchUser {
    NoSuchUser {
        text: "no user".to_owned(),
        user,
        code: 404,
        ..Default::default()
    }
}

struct Nobody;

impl served::userdb::Users for Nobody {
    fn find<'a>(&'a self, _: &'a Context, id: i32) -> Reply<'a, String> {
        Reply::future(async move { Err(nobody(id))? })
    }
}

#[tokio::test]
async fn an_error_of_a_callee_in_python_is_a_type_here() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let _callee = router.callee("A", &[]).await;
    for serializer in SERIALIZERS {
        let caller = router.client().serializer(serializer).build().unwrap();
        let users = Users::at(&caller.agent(), "");
        let error = users.find(7).await.unwrap_err();
        assert_eq!(error.downcast::<NoSuchUser>().unwrap(), nobody(7));
        assert_eq!(error.as_rpc().unwrap().name, Some(NoSuchUser::NAME));
        // Another one stays what it is.
        let other = error.downcast::<calc::Overflow>().unwrap_err();
        assert_eq!(ErrorArguments::of(&other).unwrap().args().len(), 2);
        caller.leave().await;
    }
}

#[tokio::test]
async fn an_error_of_a_servant_is_what_callers_of_either_habit_expect() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    for (serializer, theirs) in SERIALIZERS.into_iter().zip(["json", "msgpack"]) {
        let callee = router.client().serializer(serializer).build().unwrap();
        let objects = Objects::new();
        objects.insert("/", served::userdb::users(Nobody));
        let serving = Callee::new(objects).serve(&callee).await.unwrap();
        let caller = router.client().serializer(serializer).build().unwrap();
        let error = Users::at(&caller.agent(), "").find(8).await.unwrap_err();
        assert_eq!(error.downcast::<NoSuchUser>().unwrap(), nobody(8));

        let mut program = Command::new(python());
        program.args(["-c", CALLER, &router.url(), theirs]);
        program.stdin(Stdio::null()).kill_on_drop(true);
        let output = tokio::time::timeout(Duration::from_secs(60), program.output());
        let output = output.await.expect("an end").unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            said.trim().lines().last().unwrap_or_default(),
            "com.example.error.no_such_user ['no user', 7, 404] [('code', 404), ('text', 'no user'), ('user', 7)]",
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        caller.leave().await;
        serving.shutdown().await;
        callee.leave().await;
    }
}
