//! Why there is no session, and what can be done about it.

use std::time::Duration;

use super::answer::Answer;
use super::connection::NO_ANSWER;

/// A login that failed.
#[derive(Clone, Debug)]
pub(super) struct NoLogin {
    why: Why,
    pub(super) seen: String,
}

#[derive(Clone, Copy, Debug)]
enum Why {
    /// The unit refuses the user or the password.
    Refused,
    /// It is busy, or blocks logins for a while.
    Busy,
    /// It said nothing for so long.
    Silent(Duration),
    /// Anything else.
    Other,
}

impl NoLogin {
    /// Of what came from `login.cgi` within this time.
    pub(super) fn of(answer: &Result<Answer, String>, time: Duration) -> Self {
        let (why, seen) = match answer {
            Ok(answer) if answer.status == 200 => (Why::Other, "200 without a token".to_owned()),
            Ok(answer) => match answer.status {
                400 | 401 | 403 => (Why::Refused, answer.text()),
                503 => (Why::Busy, answer.text()),
                _ => (Why::Other, answer.text()),
            },
            Err(seen) if seen == NO_ANSWER => (Why::Silent(time), seen.clone()),
            Err(seen) => (Why::Other, seen.clone()),
        };
        Self { why, seen }
    }

    /// For people, behind the URL of the unit.
    pub(super) fn text(&self, user: &str) -> String {
        let Self { why, seen } = self;
        let what = match why {
            Why::Refused => {
                format!("does not let {user} in: {seen}; check --user and the password")
            }
            Why::Busy => format!(
                "lets nobody in for now: {seen}; it is busy, or blocks logins for a while: wait, and try again"
            ),
            Why::Silent(time) => format!(
                "did not answer the login of {user} within {time:?}, and what it may open later ends when nobody calls; look whether it is \
                 busy, and try again"
            ),
            Why::Other => format!(
                "did not answer the login of {user} as it should: {seen}; look whether that is a RipEX2, and whether it is up"
            ),
        };
        format!("{what}, or leave --user out to try what needs no session")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_told_apart() {
        let status = |status: u16| {
            let text = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
            let read = Answer::read(text.as_bytes(), false).expect("HTTP");
            Ok(read.expect("a whole answer").0)
        };
        for (answer, parts, is_about_password) in [
            (status(400), ["does not let", "HTTP status 400"], true),
            (status(503), ["nobody in for now", "HTTP status 503"], false),
            (status(500), ["as it should", "HTTP status 500"], false),
            (status(200), ["as it should", "without a token"], false),
            (
                Err(NO_ANSWER.to_owned()),
                ["within 30s", "may open later"],
                false,
            ),
            (
                Err("closed without an answer".to_owned()),
                ["as it should", "closed without"],
                false,
            ),
        ] {
            let text = NoLogin::of(&answer, Duration::from_secs(30)).text("admin");
            for part in parts {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert_eq!(text.contains("password"), is_about_password, "{text}");
            assert!(text.contains("leave --user out"), "{text}");
        }
    }
}
