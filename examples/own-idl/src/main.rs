//! Lists the places of a bench and reserves one. The bench is described in an IDL of its own; the outlets in it are those of
//! `xerus-api`, with all their methods.

use std::sync::{Arc, Mutex, PoisonError};

use xerus_api::pdumodel::Outlet;
use xerus_rpc::server::{Context, Fault, Reply, Router};
use xerus_rpc::{Agent, Error, Interface as _, MemoryTransport, Object};

/// What is generated from `bench.idl`.
mod api {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

use api::lab::{Bench, bench::Place};

/// Where the bench is found.
const BENCH: &str = "/lab/bench";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // In the place of `Agent::builder(url)`: a bench in this process.
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(laboratory())));
    for line in places(&agent).await? {
        println!("{line}");
    }
    Bench::at(&agent, BENCH).reserve(1, "Ada").await
}

/// A line for each place.
async fn places(agent: &Agent) -> Result<Vec<String>, Error> {
    let places: Vec<Place> = Bench::at(agent, BENCH).get_places().await?;
    let line = |place: Place| {
        // What `xerus_api` has for outlets works on it: `outlet.set_power_state(…)`, bulk requests, `cast`.
        let outlet: Option<Outlet> = place.outlet;
        let power = outlet.map_or_else(|| "no power".to_owned(), |outlet| outlet.rid().to_owned());
        format!("{}: {power}", place.label)
    };
    Ok(places.into_iter().map(line).collect())
}

/// A bench with two places.
struct Workbench(Mutex<[String; 2]>);

fn laboratory() -> Router {
    let router = Router::new();
    router.insert(BENCH, api::server::lab::bench(Workbench(Mutex::default())));
    router
}

impl api::server::lab::Bench for Workbench {
    fn get_places<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Place>> {
        let place = |label: &str, outlet: Option<&str>| Place {
            label: label.to_owned(),
            outlet: outlet.and_then(|rid| {
                let object = Object::detached(rid, Outlet::TYPE_ID.parse().ok()?);
                Some(Outlet::from_object(object))
            }),
            ..Place::default()
        };
        Reply::ok(vec![
            place("window", Some("/model/pdu/0/outlet/4")),
            place("door", None),
        ])
    }

    fn reserve<'a>(&'a self, _: &'a Context, place: i32, name: String) -> Reply<'a, ()> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = usize::try_from(place).ok();
        let user = place.and_then(|place| places.get_mut(place));
        let refusal = Fault::refused(Bench::ERR_NO_SUCH_PLACE);
        user.map(|user| *user = name).ok_or(refusal).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent() -> Agent {
        Agent::with_transport(Arc::new(MemoryTransport::new(laboratory())))
    }

    #[tokio::test]
    async fn outlets_in_own_structures_are_those_of_the_ready_bindings() {
        assert_eq!(
            places(&agent()).await.expect("the places"),
            ["window: /model/pdu/0/outlet/4", "door: no power"]
        );
    }

    #[tokio::test]
    async fn a_refusal_has_the_name_that_the_idl_gives_it() {
        let bench = Bench::at(&agent(), BENCH);
        bench.reserve(0, "Ada").await.expect("a place");
        let refused = bench.reserve(2, "Ada").await.expect_err("no such place");
        assert_eq!(refused.return_code(), Some(Bench::ERR_NO_SUCH_PLACE));
    }

    /// Events and references of either side are told apart by one registry.
    #[test]
    fn the_registry_knows_the_types_of_the_ready_bindings() {
        let outlet = Object::detached(
            "/model/pdu/0/outlet/4",
            Outlet::TYPE_ID.parse().expect("a wire id"),
        );
        assert!(outlet.cast::<Outlet>().is_ok());
        assert!(outlet.cast::<Bench>().is_err());
    }
}
