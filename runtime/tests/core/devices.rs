//! Telling devices apart.

use std::collections::HashSet;
use std::sync::Arc;

use xerus_rpc::server::Router;
use xerus_rpc::{Agent, MemoryTransport, Object};

fn memory() -> Agent {
    Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())))
}

#[test]
fn two_devices_in_memory_are_two() {
    let (one, other) = (memory(), memory());
    assert_ne!(one.origin(), other.origin());
    assert!(one.origin().starts_with("memory:"), "{}", one.origin());
    assert_ne!(Object::at(&one, "/o"), Object::at(&other, "/o"));
    assert_eq!(Object::at(&one, "/o"), Object::at(&one.clone(), "/o"));
    assert_ne!(Object::at(&one, "/o"), Object::at(&one, "/p"));
    let objects = [&one, &other, &one].map(|agent| Object::at(agent, "/o"));
    assert_eq!(objects.into_iter().collect::<HashSet<_>>().len(), 2);
    assert!(one.ptr_eq(&one.clone()) && !one.ptr_eq(&other));
}

#[test]
fn one_device_behind_two_agents_is_one() {
    let device = Arc::new(MemoryTransport::new(Router::new()));
    let agents = [0, 1].map(|_| Agent::with_transport(device.clone()));
    let [one, other] = agents.map(|agent| Object::at(&agent, "/o"));
    assert_eq!(one, other);
    assert!(!one.agent().ptr_eq(other.agent()));
}

#[test]
fn whoever_names_the_origin_says_what_is_one() {
    let named = |origin: &str| {
        let device = MemoryTransport::new(Router::new()).with_origin(origin);
        Object::at(&Agent::with_transport(Arc::new(device)), "/o")
    };
    assert_eq!(named("rack 4"), named("rack 4"));
    assert_ne!(named("rack 4"), named("rack 5"));
    // A router that two transports share is reached in two ways, and nobody knows that it is one.
    let router = Router::new();
    let [one, other] = [router.clone(), router].map(|router| {
        let device = Arc::new(MemoryTransport::new(router));
        Object::at(&Agent::with_transport(device), "/o")
    });
    assert_ne!(one, other);
}
