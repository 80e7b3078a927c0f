/// What a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Wire,
    Repeatable(bool),
    LongPoll(bool),
    OneWay(bool),
    Timeout,
    Progress,
    Action,
    Stream,
    Root(bool),
    Error,
    Role,
    Local(bool),
    Code(bool),
    Nullable,
}

/// Every mark: its name, what it says, and an example of its use.
pub(super) const WORDS: [(&str, Word, &str); 20] = [
    ("wire", Word::Wire, "@wire com.example.add"),
    ("idempotent", Word::Repeatable(true), "@idempotent"),
    ("noidempotent", Word::Repeatable(false), "@noidempotent"),
    ("longpoll", Word::LongPoll(true), "@longpoll"),
    ("nolongpoll", Word::LongPoll(false), "@nolongpoll"),
    ("oneway", Word::OneWay(true), "@oneway"),
    ("nooneway", Word::OneWay(false), "@nooneway"),
    ("timeout", Word::Timeout, "@timeout 500ms"),
    ("progress", Word::Progress, "@progress vector<int>"),
    (
        "action",
        Word::Action,
        "@action check=getProgress poll=Progress",
    ),
    (
        "stream",
        Word::Stream,
        "@stream poll=ping_poll stop=ping_stop",
    ),
    ("root", Word::Root(true), "@root"),
    ("noroot", Word::Root(false), "@noroot"),
    (
        "error",
        Word::Error,
        "@error com.example.no_such_user NoSuchUser",
    ),
    ("role", Word::Role, "@role Tech"),
    ("noremote", Word::Local(true), "@noremote"),
    ("remote", Word::Local(false), "@remote"),
    ("code", Word::Code(true), "@code"),
    ("value", Word::Code(false), "@value"),
    ("nullable", Word::Nullable, "@nullable"),
];

/// What a name says, with an example.
pub(super) fn find(name: &str) -> Option<(Word, &'static str)> {
    let found = WORDS.iter().find(|(own, ..)| *own == name);
    found.map(|(_, word, example)| (*word, *example))
}

impl Word {
    /// Whether two marks speak of the same thing.
    pub(super) fn is_same_thing(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}
