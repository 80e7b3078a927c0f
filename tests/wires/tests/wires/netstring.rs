//! The wire of Kamailio under proxies and servants that know nothing of it.

use xerus_rpc::netstring::{self, NetstringServer};
use xerus_rpc::wire::{ArgumentStyle, Binding, NameStyle, ResultStyle};

use crate::aids::{made_here, until};
use crate::real::netstrings;
use crate::same::everything;

#[tokio::test]
async fn netstrings_say_the_same_in_every_layout() {
    let expected = everything(&made_here()[0]).await;
    for arguments in [ArgumentStyle::ByName, ArgumentStyle::ByPosition] {
        for results in [
            ResultStyle::ByName,
            ResultStyle::ByPosition,
            ResultStyle::Bare,
        ] {
            let binding = Binding::XERUS
                .with_names(NameStyle::Dotted)
                .with_arguments(arguments)
                .with_results(results);
            let shown = format!("{binding:?}");
            let bench = netstrings(NetstringServer::new, binding);
            assert_eq!(everything(&bench).await, expected, "{shown}");
        }
    }
}

#[tokio::test]
async fn a_call_without_an_answer_is_a_notification() {
    let bench = netstrings(NetstringServer::new, netstring::binding());
    bench.scale.knock("ann").notify().await.unwrap();
    until(|| bench.watched.knocks() == ["ann"]).await;
}
