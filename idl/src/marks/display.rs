use std::fmt;

use super::{Marks, RETURNED};

/// The marks as [`Marks::parse`] reads them, on one line.
impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            wire,
            repeatable,
            long_poll,
            one_way,
            timeout,
            progress,
            action,
            stream,
            root,
            errors,
            role,
            local,
            code,
            nullable,
        } = self;
        let flag = |value: &Option<bool>, yes: &str, no: &str| {
            value.map(|value| format!("@{}", if value { yes } else { no }))
        };
        let text = |name: &str, value: &Option<String>| {
            let value = value.as_ref()?;
            Some(format!("@{name} {value}"))
        };
        let single = [
            text("wire", wire),
            flag(repeatable, "idempotent", "noidempotent"),
            flag(long_poll, "longpoll", "nolongpoll"),
            flag(one_way, "oneway", "nooneway"),
            timeout.map(|timeout| format!("@timeout {}ms", timeout.as_millis())),
            text("progress", progress),
            action.as_ref().map(|action| match &action.poll {
                Some(poll) => format!("@action check={} poll={poll}", action.check),
                None => format!("@action check={}", action.check),
            }),
            stream
                .as_ref()
                .map(|stream| format!("@stream poll={} stop={}", stream.poll, stream.stop)),
            flag(root, "root", "noroot"),
            text("role", role),
            flag(local, "noremote", "remote"),
            flag(code, "code", "value"),
            match &nullable[..] {
                [] => None,
                [one] if one == RETURNED => Some("@nullable".to_owned()),
                names => Some(format!("@nullable {}", names.join(" "))),
            },
        ];
        let errors = errors
            .iter()
            .map(|(code, name)| format!("@error {code} {name}"));
        let all: Vec<_> = single.into_iter().flatten().chain(errors).collect();
        f.write_str(&all.join(" "))
    }
}
