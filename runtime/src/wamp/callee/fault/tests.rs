use super::*;

fn told(fault: Fault) -> (String, String, String) {
    let told = Told::of(fault, "com.example.thing");
    let text = |bytes: Bytes| String::from_utf8(bytes.to_vec()).unwrap();
    (
        told.uri.into_owned(),
        text(told.payload.args()),
        text(told.payload.kwargs()),
    )
}

fn parts(uri: &str, args: &str, kwargs: &str) -> (String, String, String) {
    (uri.into(), args.into(), kwargs.into())
}

#[test]
fn an_error_of_the_program_travels_whole() {
    let content = Content::new().arg("no user").arg(&7).named("code", &404);
    assert_eq!(
        told(Fault::carrying("com.example.error.no_such_user", content)),
        parts(
            "com.example.error.no_such_user",
            r#"["no user",7]"#,
            r#"{"code":404}"#
        )
    );
    assert_eq!(
        told(Fault::carrying("com.example.error.bare", Content::new())),
        parts("com.example.error.bare", "[]", "{}")
    );
    assert_eq!(
        told(Fault::carrying(
            "com.example.error.odd",
            Content::new().arg(&1)
        )),
        parts("com.example.error.odd", "[1]", "{}")
    );
}

const NOT_BEGUN: &str = r#"{"executed":false,"procedure":"com.example.thing"}"#;

#[test]
fn codes_of_other_wires_have_uris_here() {
    for (fault, uri, args, kwargs) in [
        (
            Fault::invalid_params("x is missing"),
            "wamp.error.invalid_argument",
            r#"["Invalid parameters: x is missing"]"#,
            NOT_BEGUN,
        ),
        (
            Fault::object_not_found(),
            NO_SUCH_OBJECT,
            r#"["No object with this resource id"]"#,
            NOT_BEGUN,
        ),
        (
            Fault::from(
                RpcError::new(-32000, "restarting").with_meaning(ErrorMeaning::Unavailable),
            ),
            UNAVAILABLE,
            r#"["restarting"]"#,
            r#"{"code":-32000,"executed":false,"procedure":"com.example.thing"}"#,
        ),
        (
            Fault::method_not_found(),
            "wamp.error.no_such_procedure",
            r#"["Method not found"]"#,
            NOT_BEGUN,
        ),
        (
            Fault::new(-32000, "busy"),
            RUNTIME_ERROR,
            r#"["busy"]"#,
            r#"{"code":-32000}"#,
        ),
        (
            Fault::new(ErrorCode::Text("bench.busy".into()), ""),
            "bench.busy",
            "[]",
            "{}",
        ),
        (
            Fault::new(ErrorCode::Text("not a uri".into()), "so"),
            RUNTIME_ERROR,
            r#"["so"]"#,
            "{}",
        ),
    ] {
        assert_eq!(told(fault), parts(uri, args, kwargs));
    }
}

#[test]
fn errors_of_the_description_have_all_members_in_order_and_by_name() {
    use crate::typed_error::TypedError;

    #[derive(Default)]
    struct Gone;

    impl TypedError for Gone {
        const NAME: &'static str = "Gone";
        const CODES: &'static [&'static str] = &["com.example.gone"];
    }

    #[derive(Default)]
    struct Numbered;

    impl TypedError for Numbered {
        const NAME: &'static str = "Numbered";
        const CODES: &'static [&'static str] = &["-32050"];
    }

    #[derive(Default)]
    struct Invalid;

    impl TypedError for Invalid {
        const NAME: &'static str = "Invalid";
        const CODES: &'static [&'static str] = &["-32602"];
    }

    assert_eq!(told(Gone.into()), parts("com.example.gone", "[]", "{}"));
    let numbered = Fault::from(Numbered);
    assert_eq!(
        told(numbered.clone()),
        parts(RUNTIME_ERROR, r#"["Numbered"]"#, r#"{"code":-32050}"#)
    );
    // A number has no URI, but it is not lost.
    let payload = Told::of(numbered, "com.example.thing").payload;
    let error = crate::wamp::caller::rpc_error(RUNTIME_ERROR.to_owned(), &payload);
    assert!(crate::Error::from(error).is::<Numbered>());

    // Nor is one that has a meaning besides.
    let invalid = Told::of(Fault::from(Invalid), "com.example.thing").payload;
    let error = crate::wamp::caller::rpc_error("wamp.error.invalid_argument".to_owned(), &invalid);
    assert!(crate::Error::from(error).is::<Invalid>());

    let data = r#"{"text":"no user","code":404,"more":1}"#;
    let data: Json = data.parse().expect("JSON");
    let carried = Carried::of_members(&["text", "user", "code"], &data).expect("an object");
    // Nothing may slip into the place of what was left out.
    assert_eq!((carried.args.len(), carried.kwargs.len()), (1, 3));
}

#[test]
fn what_another_callee_has_not_begun_says_nothing_of_this_call() {
    let payload = Told::unavailable("later", "com.example.other").payload;
    let relayed = crate::wamp::caller::rpc_error(UNAVAILABLE.to_owned(), &payload);
    let relayed = relayed.with_meaning(ErrorMeaning::Unavailable);
    assert_eq!(
        told(relayed.into()),
        parts(UNAVAILABLE, r#"["later"]"#, "{}")
    );
}

#[test]
fn what_was_said_to_a_gateway_under_the_same_uri_is_not_said_by_it() {
    let payload = Told::unknown(Some("com.example.thing")).payload;
    assert_eq!(payload.kwargs(), NOT_BEGUN);
    let got = crate::wamp::caller::rpc_error(NO_SUCH_REGISTRATION.to_owned(), &payload);
    let got = crate::Error::from(got);
    let passed_on = got.as_rpc().expect("an answer").clone();
    let (uri, _, kwargs) = told(passed_on.into());
    assert_eq!((&*uri, &*kwargs), (NO_SUCH_REGISTRATION, "{}"));
}

#[test]
fn an_error_that_was_passed_on_does_not_say_that_this_call_was_not_begun() {
    let refused = Told::of(Fault::invalid_params("x"), "com.example.other").payload;
    let uri = "wamp.error.invalid_argument";
    let relayed = crate::wamp::caller::rpc_error(uri.to_owned(), &refused);
    let relayed = relayed.with_meaning(ErrorMeaning::InvalidArguments);
    let words = r#"["Invalid parameters: x"]"#;
    assert_eq!(told(relayed.into()), parts(uri, words, "{}"));
}

#[test]
fn a_number_that_a_servant_got_itself_does_not_say_so_either() {
    let busy = || RpcError::new(-32000, "busy").with_meaning(ErrorMeaning::Unavailable);
    let got = crate::Error::from(busy());
    let passed_on = got.as_rpc().expect("an answer").clone();
    assert_eq!(passed_on, busy());
    let of = |kwargs| parts(UNAVAILABLE, r#"["busy"]"#, kwargs);
    assert_eq!(told(passed_on.into()), of(r#"{"code":-32000}"#));
    assert_eq!(
        told(busy().into()),
        of(r#"{"code":-32000,"executed":false,"procedure":"com.example.thing"}"#)
    );
}

#[test]
fn a_servant_that_had_begun_does_not_say_that_it_had_not() {
    let words = r#"["Invalid parameters: x"]"#;
    assert_eq!(
        told(Fault::invalid_params("x").begun()),
        parts("wamp.error.invalid_argument", words, "{}")
    );
    let data = "[1]".parse().expect("JSON");
    let fault = Fault::object_not_found().begun().with_data(data);
    let words = r#"["No object with this resource id"]"#;
    assert_eq!(told(fault), parts(NO_SUCH_OBJECT, words, r#"{"data":[1]}"#));
}

#[test]
fn data_that_is_no_arguments_has_a_name() {
    let fault = Fault::new(7, "so").with_data("[1]".parse().unwrap());
    assert_eq!(
        told(fault),
        parts(RUNTIME_ERROR, r#"["so"]"#, r#"{"code":7,"data":[1]}"#)
    );
    let fault = Fault::new(7, "so").with_data(r#"{"args":[1],"more":2}"#.parse().unwrap());
    assert_eq!(
        told(fault),
        parts(
            RUNTIME_ERROR,
            r#"["so"]"#,
            r#"{"code":7,"data":{"args":[1],"more":2}}"#
        )
    );
}
