//! Which registrations it takes to serve some objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Callee;
use super::options::{Match, RegisterOptions};
use super::procedure::Procedure;
use super::routes::{Route, Routes};
use super::wanted::{Setup, Wanted};
use crate::error::Error;
use crate::wamp::client::Wamp;
use crate::wamp::error::bad_uri;
use crate::wamp::uri;

/// What one registration is for: the way it matches, and the URI.
type Key = (&'static str, String);

impl Callee {
    /// The registrations that it takes, in order of their URIs, and those of functions.
    pub(super) fn plan(&self, wamp: &Wamp, setup: &Arc<Setup>) -> Result<Vec<Arc<Wanted>>, Error> {
        let client = &wamp.inner().setup;
        let routes = Arc::new(Routes::new(
            self.router.clone(),
            self.binding.as_ref().unwrap_or(&client.binding),
            self.objects.unwrap_or(client.objects),
            self.layout.unwrap_or(client.layout),
        ));
        let mut needed: BTreeMap<Key, RegisterOptions> = BTreeMap::new();
        for (uri, route) in routes.all() {
            let (options, parts) = self.options_of(route);
            let (matching, uri) = pattern(uri, route, options.matching, parts);
            let mut options = options.clone();
            options.matching = matching;
            needed.insert((matching.as_str(), uri), options);
        }
        let mut all = Vec::new();
        for ((_, uri), options) in needed {
            let procedure = Procedure::Servants(Arc::clone(&routes));
            all.push(wanted(uri, options, procedure, setup)?);
        }
        for (uri, options, handler) in &self.procedures {
            let procedure = Procedure::Handler(Arc::clone(handler));
            all.push(wanted(uri.clone(), options.clone(), procedure, setup)?);
        }
        Ok(all)
    }

    /// How a method is registered, and how many parts at the end of its name a prefix leaves out: the method, and its interface.
    fn options_of(&self, route: &Route) -> (&RegisterOptions, usize) {
        let interface = self.interfaces.iter();
        let mut interface = interface.filter(|(name, _)| *name == route.interface);
        if let Some((_, options)) = interface.next_back() {
            return (options, 1);
        }
        let module = self.modules.iter().filter(|(name, _)| {
            let rest = route.interface.strip_prefix(name.as_str());
            rest.is_some_and(|rest| rest.starts_with('.'))
        });
        // Of nested modules the innermost counts.
        match module.max_by_key(|(name, _)| name.len()) {
            Some((name, options)) => {
                let inside = route.interface[name.len()..].matches('.').count();
                (options, 1 + inside)
            }
            None => (&self.options, 1),
        }
    }
}

/// The URI to register for a method. A name that a mark gives is part of no pattern.
fn pattern(uri: &str, route: &Route, matching: Match, parts: usize) -> (Match, String) {
    let exact = || (Match::Exact, uri.to_owned());
    if route.is_given {
        return exact();
    }
    let object = route.rid.trim_matches('/');
    let (before, method) = match uri.rsplit_once('.') {
        Some(both) => both,
        None => return exact(),
    };
    let without_object = before.strip_suffix(object);
    let without_object = without_object.and_then(|before| before.strip_suffix('.'));
    let without_object = without_object.filter(|_| !object.is_empty());
    match matching {
        Match::Exact => exact(),
        Match::Prefix => {
            let mut prefix = without_object.unwrap_or(before);
            for _ in 1..parts {
                match prefix.rsplit_once('.') {
                    Some((shorter, _)) => prefix = shorter,
                    None => break,
                }
            }
            (Match::Prefix, prefix.to_owned())
        }
        // Without an object in it there is nothing that may vary.
        Match::Wildcard => match without_object {
            Some(interface) => (Match::Wildcard, format!("{interface}..{method}")),
            None => exact(),
        },
    }
}

fn wanted(
    uri: String,
    options: RegisterOptions,
    procedure: Procedure,
    setup: &Arc<Setup>,
) -> Result<Arc<Wanted>, Error> {
    let checked = match options.matching {
        Match::Wildcard => uri::check_pattern(&uri),
        Match::Exact | Match::Prefix => uri::check(&uri),
    };
    checked.map_err(|why| bad_uri(&uri, why))?;
    Ok(Wanted::new(uri, options, procedure, setup))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(rid: &str, is_given: bool) -> Route {
        Route {
            rid: rid.to_owned(),
            method: "getState",
            interface: "pdumodel.Outlet".to_owned(),
            meant: vec![("pdumodel.Outlet", "getState")],
            is_given,
        }
    }

    #[test]
    fn one_registration_serves_what_a_pattern_fits() {
        let plain = "com.example.pdumodel.outlet.get_state";
        let object = "com.example.pdumodel.outlet.model/outlet/3.get_state";
        for (uri, rid, matching, parts, expected) in [
            (plain, "/", Match::Exact, 1, (Match::Exact, plain)),
            (
                plain,
                "/",
                Match::Prefix,
                1,
                (Match::Prefix, "com.example.pdumodel.outlet"),
            ),
            (
                plain,
                "/",
                Match::Prefix,
                2,
                (Match::Prefix, "com.example.pdumodel"),
            ),
            (plain, "/", Match::Wildcard, 1, (Match::Exact, plain)),
            (
                object,
                "/model/outlet/3",
                Match::Exact,
                1,
                (Match::Exact, object),
            ),
            (
                object,
                "/model/outlet/3",
                Match::Prefix,
                1,
                (Match::Prefix, "com.example.pdumodel.outlet"),
            ),
            (
                object,
                "/model/outlet/3",
                Match::Prefix,
                2,
                (Match::Prefix, "com.example.pdumodel"),
            ),
            (
                object,
                "/model/outlet/3",
                Match::Wildcard,
                1,
                (Match::Wildcard, "com.example.pdumodel.outlet..get_state"),
            ),
        ] {
            let (kind, made) = pattern(uri, &route(rid, false), matching, parts);
            assert_eq!((kind, made.as_str()), expected, "{uri} {matching:?}");
        }
        let given = pattern("com.example.add", &route("/", true), Match::Prefix, 1);
        assert_eq!(given, (Match::Exact, "com.example.add".to_owned()));
    }
}
