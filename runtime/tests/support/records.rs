//! Structures that no interface needs: every type in one, a recursive one, a wide one.

/// A record implementation as generated, less the lines of it.
macro_rules! record {
    ($name:ty, $id:literal, sparse: $sparse:literal, { $($index:literal $field:ident $wire:literal),* $(,)? }) => {
        record!(@ $name, $id, $sparse, { $($index $field $wire),* });
    };
    ($name:ty, $id:literal, optional, { $($index:literal $field:ident $wire:literal),* $(,)? }) => {
        record!(@ $name, $id, true, { $($index $field $wire),* });
    };
    (@ $name:ty, $id:literal, $sparse:literal, { $($index:literal $field:ident $wire:literal),* }) => {
        impl ::xerus_rpc::rt::Record for $name {
            fn info(&self) -> &'static ::xerus_rpc::rt::RecordInfo {
                &::xerus_rpc::rt::RecordInfo {
                    id: $id,
                    members: &[$($wire),*],
                    sparse: $sparse,
                    fields: &[$(stringify!($field)),*],
                    ..::xerus_rpc::rt::RecordInfo::PLAIN
                }
            }
            fn read(
                &mut self,
                member: usize,
                reader: &mut ::xerus_rpc::rt::Reader<'_>,
            ) -> ::core::result::Result<(), ::xerus_rpc::DecodeError> {
                match member {
                    $($index => reader.fill(&mut self.$field)?,)*
                    _ => {}
                }
                ::core::result::Result::Ok(())
            }
            fn member(&self, member: usize) -> &dyn ::xerus_rpc::rt::Encode {
                match member {
                    $($index => &self.$field,)*
                    _ => &(),
                }
            }
            fn extra(&self) -> &::xerus_rpc::Extra {
                &self.extra_
            }
            fn extra_mut(&mut self) -> &mut ::xerus_rpc::Extra {
                &mut self.extra_
            }
        }
        impl ::xerus_rpc::rt::Decode for $name {
            fn decode(
                reader: &mut ::xerus_rpc::rt::Reader<'_>,
            ) -> ::core::result::Result<Self, ::xerus_rpc::DecodeError> {
                reader.record()
            }
        }
        impl ::xerus_rpc::rt::Encode for $name {
            fn as_value(&self) -> ::xerus_rpc::Value<'_> {
                ::xerus_rpc::rt::structure(self)
            }
        }
    };
}
pub(super) use record;

/// Every IDL type as a member.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kitchen {
    pub flag: bool,
    pub small: u8,
    pub number: i32,
    pub long: i64,
    pub ratio: f32,
    pub value: f64,
    pub text: ::std::string::String,
    pub time: ::xerus_rpc::Time,
    pub code: ::xerus_rpc::WireId,
    pub state: super::outlet::outlet::PowerState,
    pub list: ::std::vec::Vec<::std::string::String>,
    pub map: ::std::collections::BTreeMap<i32, ::std::string::String>,
    pub object: ::core::option::Option<::xerus_rpc::Object>,
    pub outlet: ::core::option::Option<super::outlet::Outlet>,
    pub event: ::core::option::Option<::xerus_rpc::Polymorphic<super::events::Event>>,
    pub blob: ::xerus_rpc::Json,
    pub extra_: ::xerus_rpc::Extra,
}

record!(Kitchen, "misc.Kitchen:1.0.0", sparse: false, {
    0 flag "flag", 1 small "small", 2 number "number", 3 long "long", 4 ratio "ratio", 5 value "value",
    6 text "text", 7 time "time", 8 code "code", 9 state "state", 10 list "list", 11 map "map",
    12 object "object", 13 outlet "outlet", 14 event "event", 15 blob "blob",
});
::xerus_rpc::rt::serde!(Kitchen);

/// A structure that contains itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    pub name: ::std::string::String,
    pub children: ::std::vec::Vec<Node>,
    pub extra_: ::xerus_rpc::Extra,
}

record!(Node, "misc.Node:1.0.0", sparse: false, { 0 name "name", 1 children "children" });
::xerus_rpc::rt::serde!(Node);

/// A structure with more members than a machine word has bits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wide {
    pub values: ::std::vec::Vec<i32>,
    pub extra_: ::xerus_rpc::Extra,
}

impl Wide {
    pub const COUNT: usize = 70;
}

impl ::xerus_rpc::rt::Record for Wide {
    fn info(&self) -> &'static ::xerus_rpc::rt::RecordInfo {
        static INFO: ::std::sync::LazyLock<::xerus_rpc::rt::RecordInfo> =
            ::std::sync::LazyLock::new(|| {
                let names = (0..Wide::COUNT)
                    .map(|index| &*::std::boxed::Box::leak(format!("m{index}").into_boxed_str()));
                ::xerus_rpc::rt::RecordInfo {
                    id: "misc.Wide:1.0.0",
                    members: ::std::vec::Vec::leak(names.collect()),
                    ..::xerus_rpc::rt::RecordInfo::PLAIN
                }
            });
        &INFO
    }
    fn read(
        &mut self,
        member: usize,
        reader: &mut ::xerus_rpc::rt::Reader<'_>,
    ) -> ::core::result::Result<(), ::xerus_rpc::DecodeError> {
        self.values.resize(Self::COUNT, 0);
        self.values[member] = reader.value()?;
        ::core::result::Result::Ok(())
    }
    fn member(&self, member: usize) -> &dyn ::xerus_rpc::rt::Encode {
        self.values.get(member).unwrap_or(&0)
    }
    fn extra(&self) -> &::xerus_rpc::Extra {
        &self.extra_
    }
    fn extra_mut(&mut self) -> &mut ::xerus_rpc::Extra {
        &mut self.extra_
    }
}

impl ::xerus_rpc::rt::Decode for Wide {
    fn decode(
        reader: &mut ::xerus_rpc::rt::Reader<'_>,
    ) -> ::core::result::Result<Self, ::xerus_rpc::DecodeError> {
        reader.record()
    }
}

impl ::xerus_rpc::rt::Encode for Wide {
    fn as_value(&self) -> ::xerus_rpc::Value<'_> {
        ::xerus_rpc::rt::structure(self)
    }
}

::xerus_rpc::rt::serde!(Wide);

/// References and value objects in lists and maps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hub {
    pub outlets: ::std::vec::Vec<super::outlet::Outlet>,
    pub ports: ::std::collections::BTreeMap<::std::string::String, super::outlet::Outlet>,
    pub events: ::std::vec::Vec<::xerus_rpc::Polymorphic<super::events::Event>>,
    pub grid: ::std::vec::Vec<::std::vec::Vec<::xerus_rpc::Object>>,
    pub hubs: ::std::vec::Vec<Hub>,
    pub extra_: ::xerus_rpc::Extra,
}

record!(Hub, "misc.Hub:1.0.0", sparse: false, {
    0 outlets "outlets", 1 ports "ports", 2 events "events", 3 grid "grid", 4 hubs "hubs",
});
::xerus_rpc::rt::serde!(Hub);
