//! Errors of the description as types, over every wire.

use xerus_rpc::error::ErrorMeaning;
use xerus_rpc::{Error, TypedError};
use xerus_wires_tests::api::bench::{BadUser, Worn, scale};
use xerus_wires_tests::bench::{bad_user, worn};

use crate::aids::{Bench, all};

async fn failed(bench: &Bench, how: &str) -> Error {
    bench.scale.fail(how).await.unwrap_err()
}

#[tokio::test]
async fn errors_with_members_come_back_as_they_were() {
    for bench in all().await {
        let wire = bench.wire;
        let error = failed(&bench, "worn").await;
        assert!(error.is::<Worn>() && !error.is::<scale::Busy>(), "{wire}");
        assert_eq!(error.downcast::<Worn>().unwrap(), worn(), "{wire}");
        let told = error.as_rpc().unwrap();
        assert_eq!(told.name, Some("Worn"), "{wire}");
        assert_eq!(told.message, worn().text, "{wire}");
        // Where codes are numbers it has one.
        let numbers = ["memory", "netstring", "HTTP"];
        let numbers = numbers.iter().any(|kind| wire.starts_with(kind));
        assert_eq!(told.code == -32051, numbers, "{wire}: {:?}", told.code);
    }
}

#[tokio::test]
async fn errors_without_members_are_types_too() {
    for bench in all().await {
        let wire = bench.wire;
        let error = failed(&bench, "tired").await;
        assert_eq!(
            error.downcast::<scale::Tired>().unwrap(),
            scale::Tired,
            "{wire}"
        );
        let error = failed(&bench, "busy").await;
        assert_eq!(
            error.downcast::<scale::Busy>().unwrap(),
            scale::Busy,
            "{wire}"
        );
        // One with a number only has it everywhere.
        let error = failed(&bench, "broken").await;
        assert_eq!(
            error.downcast::<scale::Broken>().unwrap(),
            scale::Broken,
            "{wire}"
        );
    }
    assert_eq!(
        (Worn::NAME, Worn::CODES),
        ("Worn", &["bench.worn", "-32051"][..])
    );
}

#[tokio::test]
async fn errors_whose_number_means_something_already_are_types_too() {
    // Not those that are made here, which have words in place of these numbers and nothing beside them.
    for bench in crate::real::real().await {
        let wire = bench.wire;
        let error = failed(&bench, "user").await;
        assert_eq!(
            error.downcast::<BadUser>().unwrap(),
            bad_user(),
            "{wire}: {error:?}"
        );
        let meaning = error.as_rpc().unwrap().meaning;
        assert_eq!(meaning, Some(ErrorMeaning::InvalidArguments), "{wire}");
        let error = failed(&bench, "locked").await;
        assert_eq!(
            error.downcast::<scale::Locked>().unwrap(),
            scale::Locked,
            "{wire}: {error:?}"
        );
    }
}

#[tokio::test]
async fn other_errors_stay_what_they_are() {
    for bench in all().await {
        let wire = bench.wire;
        for how in ["uri", "denied", "code", "other", "busy"] {
            let error = failed(&bench, how).await;
            let other = error.downcast::<Worn>().unwrap_err();
            assert_eq!(other.to_string(), error.to_string(), "{wire}");
            assert_eq!(other.as_rpc(), error.as_rpc(), "{wire}");
        }
        let refused = bench
            .scale
            .set_mode(xerus_wires_tests::api::bench::Mode::High)
            .await;
        let refused = refused.unwrap_err().downcast::<Worn>().unwrap_err();
        assert_eq!(refused.return_code(), Some(1), "{wire}");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_kept_and_named() {
    for bench in all().await {
        let wire = bench.wire;
        let error = failed(&bench, "unfit").await;
        let unfit = error.downcast::<Worn>().unwrap_err();
        assert_eq!(unfit.path().as_deref(), Some("uses"), "{wire}");
        let (told, before) = (unfit.as_rpc().unwrap(), error.as_rpc().unwrap());
        assert_eq!(
            (&told.data, &told.code),
            (&before.data, &before.code),
            "{wire}"
        );
        assert!(told.data.as_ref().unwrap().get().contains("many"), "{wire}");
        assert_eq!(unfit.outcome(), error.outcome(), "{wire}");
        let text = unfit.to_string();
        assert!(
            text.contains("uses: expected an integer, found a string"),
            "{wire}: {text}"
        );
        assert!(!text.contains("many"), "{wire}: {text}");

        let bare = failed(&bench, "bare").await.downcast::<Worn>();
        if wire.starts_with("WAMP") {
            // The message is the first argument there, and that the first member.
            assert_eq!(bare.unwrap().extra_.missing().len(), 3, "{wire}");
            continue;
        }
        let bare = bare.unwrap_err().to_string();
        assert!(bare.contains("text is missing"), "{wire}: {bare}");
    }
}

#[tokio::test]
async fn an_older_peer_may_leave_members_out_and_a_newer_one_add_some() {
    for bench in all().await {
        let wire = bench.wire;
        let worn: Worn = failed(&bench, "older").await.downcast().unwrap();
        assert_eq!((worn.uses, worn.text.as_str()), (7, ""), "{wire}");
        assert_eq!(worn.extra_.missing(), ["text", "mode", "parts"], "{wire}");
        assert_eq!(
            worn.extra_.get("since").unwrap().get(),
            r#""May""#,
            "{wire}"
        );
        // Whoever passes that on says no more, and nothing stands in the place of what was left out.
        let worn: Worn = failed(&bench, "passed on").await.downcast().unwrap();
        assert_eq!((worn.uses, worn.text.as_str()), (7, ""), "{wire}");
        assert_eq!(worn.extra_.missing(), ["text", "mode", "parts"], "{wire}");
    }
}
