//! Every text of an entry, and where it stands.

use super::Redaction;
use super::names::{is_version, member_of_method};
use crate::recording::entry::{Answer, Entry, What};
use crate::recording::json::Node;
use crate::secrets::is_kind;

/// Members that hold resource ids and types, which programs must find again.
const REFERENCES: [&str; 2] = ["rid", "type"];

/// Where a text stands.
pub(super) struct Place<'a> {
    /// The member that holds it, directly or in a list.
    member: &'a str,
    /// Where the object of that member stands.
    above: Option<&'a Place<'a>>,
    method: &'a str,
}

impl Place<'_> {
    /// Whether it is a resource id or a type.
    pub(super) fn is_reference(&self) -> bool {
        REFERENCES.contains(&self.member)
    }

    /// Whether numbers with points in it are versions and no addresses.
    pub(super) fn is_version(&self) -> bool {
        let by_method = self.member == "_ret_" && is_version(self.method);
        let above = self.above.is_some_and(Place::is_version);
        by_method || above || is_version(self.member)
    }

    /// Whether it is a whole answer, whatever that is.
    pub(super) fn is_body(&self) -> bool {
        self.member.is_empty()
    }

    /// What stands there, as its name tells.
    pub(super) fn kind<'r>(&self, redaction: &'r Redaction) -> Option<&'r str> {
        let own = match self.member {
            "_ret_" => redaction.kind_of(member_of_method(self.method)),
            member => redaction.kind_of(member),
        };
        // All that stands in a secret is secret.
        own.or_else(|| {
            let above = self.above.and_then(|above| above.kind(redaction));
            above.filter(|kind| is_kind(kind))
        })
    }
}

type Visit<'v> = dyn FnMut(&Place<'_>, &mut String) + 'v;

/// Goes through all texts of an entry.
pub(super) fn visit(entry: &mut Entry, visit: &mut Visit<'_>) {
    let rid = Place {
        member: "rid",
        above: None,
        method: "",
    };
    let mut method = String::new();
    match &mut entry.what {
        What::Call(called) | What::Notify(called) | What::Stream(called) => {
            method.clone_from(&called.method);
            visit(&rid, &mut called.target);
            visit_members(&mut called.params, &method, visit);
        }
        What::Download(fetched) => {
            visit(&rid, &mut fetched.target);
            visit_members(&mut fetched.query, "", visit);
        }
        What::Upload(given) => {
            visit(&rid, &mut given.target);
            visit_members(&mut given.query, "", visit);
            visit_members(&mut given.parts, "", visit);
        }
    }
    visit_answer(&mut entry.answer, &method, visit);
}

fn visit_answer(answer: &mut Answer, method: &str, visit: &mut Visit<'_>) {
    match answer {
        Answer::Result(node)
        | Answer::ByPosition(node)
        | Answer::Error(node)
        | Answer::Failure(node)
        | Answer::File(node)
        | Answer::Uploaded(node) => visit_members(node, method, visit),
        Answer::Bare(node) => {
            let place = Place {
                member: "_ret_",
                above: None,
                method,
            };
            visit_node(node, &place, visit);
        }
        Answer::Progress(reports, end) => {
            for report in reports {
                visit_members(report, method, visit);
            }
            visit_answer(end, method, visit);
        }
        Answer::Body(text) => {
            let body = Place {
                member: "",
                above: None,
                method,
            };
            visit(&body, text);
        }
        Answer::Nothing | Answer::GivenUp => {}
    }
}

fn visit_members(node: &mut Node, method: &str, visit: &mut Visit<'_>) {
    let place = Place {
        member: "",
        above: None,
        method,
    };
    visit_node(node, &place, visit);
}

fn visit_node(node: &mut Node, place: &Place<'_>, visit: &mut Visit<'_>) {
    match node {
        Node::Word(_) => {}
        Node::Text(text) => visit(place, text),
        Node::List(elements) => {
            for element in elements {
                visit_node(element, place, visit);
            }
        }
        Node::Object(members) => {
            let method = place.method;
            // Maps come as lists of pairs: the key tells what the value is.
            let key = match &members[..] {
                [(key, Node::Text(name)), (value, _)] if key == "key" && value == "value" => {
                    Some(name.clone())
                }
                _ => None,
            };
            for (name, value) in members {
                let member = match &key {
                    Some(_) if name == "key" => "name",
                    Some(key) => key,
                    None => name,
                };
                let inside = Place {
                    member,
                    above: Some(place),
                    method,
                };
                visit_node(value, &inside, visit);
            }
        }
    }
}
