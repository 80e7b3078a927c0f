//! Refusals in words: what is wrong, and what to do.

use std::fmt;

use super::{NtpFault, PasswordRule, Refusal, SshKeyFault};

/// What is wrong, and what to do.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UserExists => {
                "there is a user of that name: choose another name, or change that user"
            }
            Self::NoSuchUser => "there is no user of that name: list the users",
            Self::UserNotDeletable => {
                "the user belongs to the device, which keeps name and user: disable the user instead"
            }
            Self::TooManyUsers => "no more users fit: delete one that is not needed",
            Self::InvalidUserName => {
                "the name is invalid: use 1 to 32 letters, digits and signs other than : and /"
            }
            Self::RoleExists => {
                "there is a role of that name: choose another name, or change that role"
            }
            Self::NoSuchRole => "there is no role of that name: list the roles",
            Self::RoleNotDeletable => "the role belongs to the device and cannot be deleted",
            Self::TooManyRoles => "no more roles fit: delete one that is not needed",
            Self::Password(rule) => return rule.fmt(f),
            Self::SshKey(fault) => return fault.fmt(f),
            Self::NtpServer(fault) => return fault.fmt(f),
            Self::InvalidValue => {
                "a value is invalid, and the device does not say which: compare them with what it had before"
            }
            Self::Network => "a setting of the network is invalid: the name of the refusal says which",
            Self::OneSessionOnly => {
                "the user has a session and may have only one: close it, or allow several"
            }
            Self::Other => "the device does not say why in a way that is known here",
        })
    }
}

impl fmt::Display for PasswordRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unchanged => "the password is the same as before: choose another",
            Self::Empty => "the password is empty: choose one",
            Self::TooShort => "the password is too short: the rules for passwords say how long it is at least",
            Self::TooLong => "the password is too long: the rules for passwords say how long it is at most",
            Self::ControlCharacters => "the password has control characters: leave them out",
            Self::NeedsLower => "the password needs a lower-case letter",
            Self::NeedsUpper => "the password needs an upper-case letter",
            Self::NeedsDigit => "the password needs a digit",
            Self::NeedsSpecial => "the password needs a character that is neither letter nor digit",
            Self::UsedBefore => "the password was used before: choose one that is new",
            Self::TooShortForSnmp => {
                "the password is too short to be the secret of SNMPv3: choose a longer one, or another secret for SNMPv3"
            }
            Self::WrongOldPassword => "the old password is wrong: sign in again",
        })
    }
}

impl fmt::Display for SshKeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the key for SSH is too long: use a shorter one",
            Self::Invalid => "the key for SSH is none: give the one line of a file .pub",
            Self::NotSupported => "the device does not support this kind of key: use another kind",
            Self::RsaTooShort => "the RSA key is too short: make a longer one, or another kind",
        })
    }
}

impl fmt::Display for NtpFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Internal => "the device could not check the NTP server: try again later",
            Self::InvalidArgument => "the name of the NTP server, or its key, is invalid",
            Self::NoAddress => {
                "the name of the NTP server has no address: look at the name servers of the device"
            }
            Self::NoSuchKey => "the device has no key of that id: store it with the NTP settings",
            Self::Unreachable => {
                "no way leads from the device to the NTP server: look at its routes"
            }
            Self::Refused => "nothing answers to NTP at that address",
            Self::NoAnswer => "the NTP server did not answer in time: look at firewalls in between",
            Self::BadAnswer => {
                "the answer of the NTP server cannot be used: look at its version and keys"
            }
            Self::NotSynchronized => "the NTP server does not know the time well enough itself",
            Self::Unsaid => "the NTP server cannot be used; this firmware does not say why",
        })
    }
}
