//! The parameters of a call as they were written, and how they go out.

use serde_json::value::RawValue;
use xerus_rpc::{Agent, Call, Json};

use crate::failure::Failure;
use crate::wire::Wire;

/// How a call over WAMP says where its arguments stand.
const LAYOUT: &str = "wamp.layout";

/// What goes with a call.
#[derive(Debug)]
pub(super) struct Arguments {
    params: Json,
    layout: Layout,
}

/// Where arguments stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// As the wire has it: none but WAMP has a choice.
    OfTheWire,
    ByName,
    ByPosition,
}

impl Arguments {
    /// None at all.
    pub(super) const NONE: Self = Self {
        params: Json::EMPTY_OBJECT,
        layout: Layout::OfTheWire,
    };

    /// Reads what was written: where there are names, they count.
    pub(super) fn read(text: &str, wire: Wire) -> Result<Self, Failure> {
        let params: Json = text.trim().parse().map_err(|error| {
            Failure::Usage(format!(
                "the parameters are no JSON: {error}; write an object, such as '{{\"pstate\": 0}}'"
            ))
        })?;
        if wire != Wire::Wamp {
            // What is no object is refused where it would be sent.
            let layout = Layout::OfTheWire;
            return Ok(Self { params, layout });
        }
        if params.get().starts_with('{') {
            let layout = Layout::ByName;
            return Ok(Self { params, layout });
        }
        let list = serde_json::from_str::<Vec<&RawValue>>(params.get());
        let list = list.map_err(|_| {
            Failure::Usage(
                "the parameters are neither a JSON object nor a list: write '{\"x\": 2}', which goes by name, or '[2]', which \
                 goes by position"
                    .to_owned(),
            )
        })?;
        Ok(Self {
            params: numbered(&list)?,
            layout: Layout::ByPosition,
        })
    }

    /// Whether there are some that have no name.
    pub(super) fn are_nameless(&self) -> bool {
        self.layout == Layout::ByPosition && self.params != Json::EMPTY_OBJECT
    }

    /// A call with them.
    pub(super) fn call(&self, agent: &Agent, rid: &str, method: &str) -> Call<Json> {
        let call = agent.call(rid, method, self.params.clone());
        match self.layout {
            Layout::OfTheWire => call,
            Layout::ByName => call.attribute(LAYOUT, "name"),
            Layout::ByPosition => call.attribute(LAYOUT, "position"),
        }
    }
}

/// A list as the library takes one: under names that are not sent.
fn numbered(list: &[&RawValue]) -> Result<Json, Failure> {
    let members = list.iter().enumerate();
    let members: Vec<_> = members
        .map(|(index, value)| format!("\"{index}\":{value}"))
        .collect();
    let object = format!("{{{}}}", members.join(","));
    object.parse().map_err(|error| {
        Failure::Usage(format!(
            "the list of parameters cannot be sent: {error}; give fewer, or values that are less deep"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, wire: Wire) -> (String, Layout) {
        let read = Arguments::read(text, wire).expect("arguments");
        (read.params.to_string(), read.layout)
    }

    #[test]
    fn names_count_where_there_are_some() {
        let object = r#"{"to":"NEW","from":"M4"}"#;
        assert_eq!(
            read(object, Wire::Wamp),
            (object.to_owned(), Layout::ByName)
        );
        for wire in [Wire::Http, Wire::Netstring, Wire::Ripex2] {
            assert_eq!(read(object, wire), (object.to_owned(), Layout::OfTheWire));
            assert_eq!(read("[2]", wire), ("[2]".to_owned(), Layout::OfTheWire));
        }
    }

    #[test]
    fn a_list_goes_by_position_with_its_values_as_they_were_written() {
        let list = " [ 1.50, [2] ,\n{\"a\": 12345678901234567890123}, \"c\" ]";
        let sent = r#"{"0":1.50,"1":[2],"2":{"a": 12345678901234567890123},"3":"c"}"#;
        assert_eq!(
            read(list, Wire::Wamp),
            (sent.to_owned(), Layout::ByPosition)
        );
        let nameless = |text| {
            Arguments::read(text, Wire::Wamp)
                .expect("arguments")
                .are_nameless()
        };
        assert!(nameless("[1]"));
        assert!(!nameless("[]") && !nameless("{\"x\": 1}"));
        assert!(Arguments::read("5", Wire::Wamp).is_err());
        assert!(Arguments::read("[", Wire::Wamp).is_err());
    }
}
