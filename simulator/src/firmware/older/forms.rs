//! Methods that an older firmware has in another form: how their arguments become those of the newest, and its answer theirs.

use xerus_rpc::server::Fault;
use xerus_rpc::wire::Values;

use super::raw::{Members, quoted};
use super::table::free;

/// Arguments by name, as text.
type Given<'a> = [(&'a str, String)];

/// Arguments of the newest form.
type Made = Vec<(&'static str, String)>;

/// A method in another form.
pub(super) struct Form {
    interface: &'static str,
    /// Its name, in all firmwares.
    pub(super) method: &'static str,
    /// A method that is called first: what the older form does not say stays as it is.
    pub(super) reads: Option<&'static str>,
    /// The arguments of the newest form; `None`: one is missing.
    pub(super) arguments: fn(&Given<'_>, &Values) -> Option<Made>,
    /// The results of the older form.
    pub(super) results: fn(Result<Values, Fault>) -> Result<Values, Fault>,
}

const FORMS: &[Form] = &[
    // The check of an NTP server said yes or no, and not why.
    Form {
        interface: "datetime.DateTime",
        method: "checkNtpServer",
        reads: None,
        arguments: |given, _| {
            let none = r#"{"type":0,"dataHex":""}"#;
            Some(vec![
                ("ntpServer", argument(given, "ntpServer")?),
                ("ntpAuthKeyId", "0".to_owned()),
                ("ntpAuthKeyOverride", none.to_owned()),
            ])
        },
        results: |answer| {
            let usable = result(&answer?) == Some("0");
            values(format!(r#"{{"_ret_":{usable}}}"#))
        },
    },
    // Lock-outs were two numbers, without a time that failures count.
    Form {
        interface: "security.Security",
        method: "getBlockSettings",
        reads: None,
        arguments: |_, _| Some(Vec::new()),
        results: |answer| {
            let answer = answer?;
            let settings = result(&answer).and_then(|text| {
                let settings = Members::of(text)?;
                let member = |name| Some(format!("{}:{}", quoted(name), settings.get(name)?));
                Some([member("blockTimeout")?, member("maxFailedLogins")?].join(","))
            });
            match settings {
                Some(members) => values(format!("{{{members}}}")),
                None => Err(Fault::internal("the answer cannot be written")),
            }
        },
    },
    Form {
        interface: "security.Security",
        method: "setBlockSettings",
        reads: Some("getBlockSettings"),
        arguments: |given, now| {
            let now = Members::of(result(now)?)?;
            let memory = now.get("failedLoginTimeout")?;
            let (block, failures) = (
                argument(given, "blockTimeout")?,
                argument(given, "maxFailedLogins")?,
            );
            let settings = format!(
                r#"{{"maxFailedLogins":{failures},"blockTimeout":{block},"failedLoginTimeout":{memory}}}"#
            );
            Some(vec![("settings", settings)])
        },
        results: |answer| answer,
    },
];

/// The form of a method, if it is known.
pub(super) fn of(interface: &str, method: &str) -> Option<&'static Form> {
    let interface = free(interface);
    FORMS
        .iter()
        .find(|form| form.interface == interface && form.method == method)
}

fn argument(given: &Given<'_>, name: &str) -> Option<String> {
    let (_, text) = given.iter().find(|(other, _)| *other == name)?;
    Some(text.clone())
}

/// The return value.
fn result(values: &Values) -> Option<&str> {
    let mut values = values.iter();
    values
        .find(|(name, _)| *name == "_ret_")
        .map(|(_, text)| text)
}

fn values(text: impl Into<String>) -> Result<Values, Fault> {
    Values::from_object(text.into()).map_err(|_| Fault::internal("the answer cannot be written"))
}
