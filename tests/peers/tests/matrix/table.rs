//! The page that says which client does what with which firmware.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::client::{Client, workspace};

/// How the steps of one area went.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) right: usize,
    /// Why steps failed, as they must.
    pub(crate) reasons: Vec<String>,
}

impl Outcome {
    pub(crate) fn failed(&mut self, reason: String) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}

/// Client (behind the vendor's: our own) and firmware, then area.
pub(crate) type Outcomes = BTreeMap<(usize, &'static str), BTreeMap<String, Outcome>>;

const PAGE: &str = "docs/peers.md";

const HEAD: &str = "\
# The vendor's clients against the simulated device

Written by `XERUS_BLESS=1 cargo test -p peer-tests --test matrix`, which drives each client through each area on each firmware that is
simulated, over HTTPS. What a client makes of an answer is compared with what was sent and with what the model of the device knows.

* **works**: every step.
* **in part**: some steps; the numbers below the table say why others fail.
* **no**: no step.

The last column is `xerus-api`, driven through the same steps. What it does not know of an older firmware is a default value; an object of
another major version is refused before anything is sent, until the program casts the reference
([older devices](guide/older-fleet.md)).

A client fails where a device with that firmware gives it no choice: the reasons are drawn from the interface descriptions of the
firmware (`idl/`), and a failure that they do not explain fails the test. The Python clients are those of PyPI (`raritan`), the Perl client
is Debian's `libraritan-rpc-perl`; `tests/peers/install.sh` installs them. Some clients lack something altogether, which is not counted: the
older ones know no `getMinMax`, and Perl's `performBulk` sends `null` for every call, so that `performRequest` is used there; it has
nothing for files, either, for which its own examples use LWP.
";

/// The whole page.
pub(crate) fn page(
    clients: &[Client],
    firmwares: &[&'static str],
    areas: &[(&str, &str)],
    outcomes: &Outcomes,
) -> String {
    let mut page = HEAD.to_owned();
    for firmware in firmwares {
        let mut reasons: Vec<&str> = Vec::new();
        let _ = write!(page, "\n## Firmware {firmware}\n\n|");
        for client in clients {
            let _ = write!(page, " | {}", client.name());
        }
        page.push_str(" | xerus-api 4.4.1 |\n|---|");
        page.push_str(&"---|".repeat(clients.len() + 1));
        page.push('\n');
        for (area, title) in areas {
            let _ = write!(page, "| {title}");
            for client in 0..=clients.len() {
                let outcome = outcomes
                    .get(&(client, firmware))
                    .and_then(|areas| areas.get(*area));
                let cell = outcome.map_or_else(String::new, |outcome| cell(outcome, &mut reasons));
                let _ = write!(page, " | {cell}");
            }
            page.push_str(" |\n");
        }
        if !reasons.is_empty() {
            page.push('\n');
        }
        for (index, reason) in reasons.iter().enumerate() {
            let _ = writeln!(page, "{}. {reason}", index + 1);
        }
    }
    page
}

fn cell<'a>(outcome: &'a Outcome, reasons: &mut Vec<&'a str>) -> String {
    let word = match (outcome.right, outcome.reasons.is_empty()) {
        (_, true) => return "works".to_owned(),
        (0, false) => "no",
        (_, false) => "in part",
    };
    let mut numbers: Vec<usize> = outcome
        .reasons
        .iter()
        .map(|reason| {
            reasons
                .iter()
                .position(|known| known == reason)
                .unwrap_or_else(|| {
                    reasons.push(reason);
                    reasons.len() - 1
                })
                + 1
        })
        .collect();
    numbers.sort_unstable();
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    format!("{word}: {}", numbers.join(", "))
}

/// Compares the page with the one in the repository, or writes it if `XERUS_BLESS` is set.
pub(crate) fn compare(page: &str) {
    let path = workspace().join(PAGE);
    if std::env::var_os("XERUS_BLESS").is_some() {
        std::fs::write(path, page).expect("the page can be written");
        return;
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let differing = committed
        .lines()
        .zip(page.lines())
        .find(|(committed, now)| committed != now);
    assert!(
        committed == page,
        "{PAGE} is not what the clients do: {differing:?}; \
         look at the difference after XERUS_BLESS=1 cargo test -p peer-tests --test matrix"
    );
}
