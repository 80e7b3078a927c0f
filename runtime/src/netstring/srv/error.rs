//! Why DNS gave no servers.

use std::{error, fmt, io};

/// Why a question to DNS gave no servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DnsError {
    /// The name does not exist (NXDOMAIN).
    NoSuchName,
    /// The name exists and has no record of the kind that was asked for, or none that can be used.
    NoRecords,
    /// The only record has the target `.`: who runs the domain says that it has no such service.
    NotOffered,
    /// The name server answered that it failed, with this response code: 2 for SERVFAIL, 5 for REFUSED.
    Failed(u16),
    /// No answer in time.
    TimedOut,
    /// The answer was cut short over UDP, and the name server gave none over TCP.
    Truncated,
    /// No name server can be reached.
    Unreachable,
    /// The answer is no answer of DNS.
    NotUnderstood,
    /// What was asked for is no name of DNS.
    BadName,
    /// The system does not say which name servers there are.
    NoConfiguration,
    /// Nothing in the program asks DNS for SRV records.
    NoResolver,
    /// Any other reason.
    Other,
}

impl fmt::Display for DnsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchName => "DNS has no such name: check its spelling and which name server is asked",
            Self::NoRecords => "DNS has the name, but no usable record for it: add SRV records with a port and a target",
            Self::NotOffered => "DNS says that the service is not offered there (target .): ask for another name",
            Self::Failed(2) => "the name server failed (SERVFAIL): look at its log, or ask another one",
            Self::Failed(5) => "the name server refused the question: permit it there, or ask another one",
            Self::Failed(code) => {
                return write!(
                    f,
                    "the name server answered with response code {code}: look at its log, or ask another one"
                );
            }
            Self::TimedOut => "no answer of DNS in time: check the name server and the way to it",
            Self::Truncated => {
                "the answer of DNS was cut short and could not be had over TCP: open TCP port 53 to the name server"
            }
            Self::Unreachable => "no name server can be reached: check their addresses and the network",
            Self::NotUnderstood => "the answer of DNS cannot be read: check what listens at the port of the name server",
            Self::BadName => "this is no name of DNS: labels of 1 to 63 letters, digits, hyphens and underscores with dots between them",
            Self::NoConfiguration => {
                "the system names no name servers: set it up (/etc/resolv.conf), or give the address of one"
            }
            Self::NoResolver => {
                "nothing asks DNS for SRV records: switch on the feature netstring-srv, or set resolve_srv"
            }
            Self::Other => "DNS could not be asked: try again, and look at the name server",
        })
    }
}

impl error::Error for DnsError {}

impl From<DnsError> for io::Error {
    fn from(error: DnsError) -> Self {
        let kind = match error {
            DnsError::NoSuchName | DnsError::NoRecords | DnsError::NotOffered => {
                io::ErrorKind::NotFound
            }
            DnsError::TimedOut => io::ErrorKind::TimedOut,
            DnsError::BadName => io::ErrorKind::InvalidInput,
            DnsError::NotUnderstood | DnsError::Truncated => io::ErrorKind::InvalidData,
            _ => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::DnsError;

    #[test]
    fn every_error_says_what_to_do() {
        for error in [
            DnsError::NoSuchName,
            DnsError::NoRecords,
            DnsError::NotOffered,
            DnsError::Failed(2),
            DnsError::Failed(5),
            DnsError::Failed(9),
            DnsError::TimedOut,
            DnsError::Truncated,
            DnsError::Unreachable,
            DnsError::NotUnderstood,
            DnsError::BadName,
            DnsError::NoConfiguration,
            DnsError::NoResolver,
            DnsError::Other,
        ] {
            let text = error.to_string();
            assert!(text.contains(": "), "{text}");
            assert!(!text.contains("hickory"), "{text}");
        }
    }
}
