//! Why a device refuses, by name.

mod words;

use xerus_api::datetime::DateTime;
use xerus_api::usermgmt::{Role, RoleManager, User, UserManager};

/// Why a device refused a change. The numbers of the interfaces mean one thing in one method and another in the next; here each
/// reason has a name of its own. The IDL's own names are in [`AdminError::names`](super::AdminError::names).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// There is a user of that name.
    UserExists,
    /// There is no user of that name.
    NoSuchUser,
    /// The user belongs to the device.
    UserNotDeletable,
    /// No more users fit.
    TooManyUsers,
    /// The name of the user is invalid.
    InvalidUserName,
    /// There is a role of that name.
    RoleExists,
    /// There is no role of that name.
    NoSuchRole,
    /// The role belongs to the device.
    RoleNotDeletable,
    /// No more roles fit.
    TooManyRoles,
    /// The password breaks a rule.
    Password(PasswordRule),
    /// The key for SSH is not taken.
    SshKey(SshKeyFault),
    /// The NTP server cannot be used.
    NtpServer(NtpFault),
    /// A setting of the network is invalid: the name says which, such as `ERR_IF_IPV4_INVALID_STATIC_ADDR`.
    Network,
    /// A value is invalid, and the device does not say which.
    InvalidValue,
    /// The user has a session already and may have only one.
    OneSessionOnly,
    /// A number that this crate does not know.
    Other,
}

/// The rule that a password breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PasswordRule {
    /// It is the same as before.
    Unchanged,
    /// It is empty.
    Empty,
    /// It has too few characters.
    TooShort,
    /// It has too many characters.
    TooLong,
    /// It has control characters.
    ControlCharacters,
    /// It needs a lower-case letter.
    NeedsLower,
    /// It needs an upper-case letter.
    NeedsUpper,
    /// It needs a digit.
    NeedsDigit,
    /// It needs a character that is neither letter nor digit.
    NeedsSpecial,
    /// It was used before.
    UsedBefore,
    /// It is too short to be the secret of SNMPv3.
    TooShortForSnmp,
    /// The old password is wrong.
    WrongOldPassword,
}

/// What is wrong with a key for SSH.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SshKeyFault {
    /// It is too long.
    TooLarge,
    /// It is no key.
    Invalid,
    /// Its kind is not supported.
    NotSupported,
    /// Its RSA modulus is too short.
    RsaTooShort,
}

/// Why an NTP server cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NtpFault {
    /// The check itself failed.
    Internal,
    /// Name, key or id is invalid.
    InvalidArgument,
    /// No address belongs to the name.
    NoAddress,
    /// There is no key of that id.
    NoSuchKey,
    /// No way leads to the server.
    Unreachable,
    /// Nothing answers to NTP there.
    Refused,
    /// No answer came in time.
    NoAnswer,
    /// The answer is not one that can be used: its form, version, mode, times or authentication.
    BadAnswer,
    /// The server does not know the time itself, or not well enough.
    NotSynchronized,
    /// It cannot be used; firmware before 4.4 does not say why.
    Unsaid,
}

impl Refusal {
    /// `createAccountFull`.
    pub(super) fn of_create_user(code: i32) -> Self {
        use PasswordRule as P;
        match code {
            UserManager::ERR_USER_ALREADY_EXISTS => Self::UserExists,
            UserManager::ERR_MAX_USERS_REACHED => Self::TooManyUsers,
            UserManager::ERR_PASSWORD_TOO_SHORT_FOR_SNMP => Self::Password(P::TooShortForSnmp),
            UserManager::ERR_INVALID_VALUE => Self::InvalidValue,
            UserManager::ERR_PASSWORD_EMPTY => Self::Password(P::Empty),
            UserManager::ERR_PASSWORD_TOO_SHORT => Self::Password(P::TooShort),
            UserManager::ERR_PASSWORD_TOO_LONG => Self::Password(P::TooLong),
            UserManager::ERR_PASSWORD_CTRL_CHARS => Self::Password(P::ControlCharacters),
            UserManager::ERR_PASSWORD_NEED_LOWER => Self::Password(P::NeedsLower),
            UserManager::ERR_PASSWORD_NEED_UPPER => Self::Password(P::NeedsUpper),
            UserManager::ERR_PASSWORD_NEED_NUMERIC => Self::Password(P::NeedsDigit),
            UserManager::ERR_PASSWORD_NEED_SPECIAL => Self::Password(P::NeedsSpecial),
            UserManager::ERR_SSH_PUBKEY_DATA_TOO_LARGE => Self::SshKey(SshKeyFault::TooLarge),
            UserManager::ERR_SSH_PUBKEY_INVALID => Self::SshKey(SshKeyFault::Invalid),
            UserManager::ERR_SSH_PUBKEY_NOT_SUPPORTED => Self::SshKey(SshKeyFault::NotSupported),
            UserManager::ERR_SSH_RSA_PUBKEY_TOO_SHORT => Self::SshKey(SshKeyFault::RsaTooShort),
            UserManager::ERR_USERNAME_INVALID => Self::InvalidUserName,
            _ => Self::Other,
        }
    }

    /// `renameAccount` and `deleteAccount`.
    pub(super) fn of_user_manager(code: i32) -> Self {
        match code {
            UserManager::ERR_USER_DOESNT_EXIST => Self::NoSuchUser,
            UserManager::ERR_USER_NOT_DELETABLE => Self::UserNotDeletable,
            UserManager::ERR_USERNAME_INVALID => Self::InvalidUserName,
            UserManager::ERR_NEW_USER_ALREADY_EXISTS => Self::UserExists,
            _ => Self::Other,
        }
    }

    /// Methods of a user.
    pub(super) fn of_user(code: i32) -> Self {
        use PasswordRule as P;
        match code {
            User::ERR_PASSWORD_UNCHANGED => Self::Password(P::Unchanged),
            User::ERR_PASSWORD_EMPTY => Self::Password(P::Empty),
            User::ERR_PASSWORD_TOO_SHORT => Self::Password(P::TooShort),
            User::ERR_PASSWORD_TOO_LONG => Self::Password(P::TooLong),
            User::ERR_PASSWORD_CTRL_CHARS => Self::Password(P::ControlCharacters),
            User::ERR_PASSWORD_NEED_LOWER => Self::Password(P::NeedsLower),
            User::ERR_PASSWORD_NEED_UPPER => Self::Password(P::NeedsUpper),
            User::ERR_PASSWORD_NEED_NUMERIC => Self::Password(P::NeedsDigit),
            User::ERR_PASSWORD_NEED_SPECIAL => Self::Password(P::NeedsSpecial),
            User::ERR_PASSWORD_IN_HISTORY => Self::Password(P::UsedBefore),
            User::ERR_PASSWORD_TOO_SHORT_FOR_SNMP => Self::Password(P::TooShortForSnmp),
            User::ERR_INVALID_ARGUMENT => Self::InvalidValue,
            User::ERR_WRONG_PASSWORD => Self::Password(P::WrongOldPassword),
            User::ERR_SSH_PUBKEY_DATA_TOO_LARGE => Self::SshKey(SshKeyFault::TooLarge),
            User::ERR_SSH_PUBKEY_INVALID => Self::SshKey(SshKeyFault::Invalid),
            User::ERR_SSH_PUBKEY_NOT_SUPPORTED => Self::SshKey(SshKeyFault::NotSupported),
            User::ERR_SSH_RSA_PUBKEY_TOO_SHORT => Self::SshKey(SshKeyFault::RsaTooShort),
            _ => Self::Other,
        }
    }

    /// `createRoleFull`.
    pub(super) fn of_create_role(code: i32) -> Self {
        match code {
            RoleManager::ERR_ROLE_ALREADY_EXISTS => Self::RoleExists,
            RoleManager::ERR_MAX_ROLES_REACHED => Self::TooManyRoles,
            RoleManager::ERR_INVALID_VALUE => Self::InvalidValue,
            _ => Self::Other,
        }
    }

    /// `deleteRole`.
    pub(super) fn of_delete_role(code: i32) -> Self {
        match code {
            RoleManager::ERR_ROLE_DOESNT_EXIST => Self::NoSuchRole,
            RoleManager::ERR_ROLE_NOT_DELETABLE => Self::RoleNotDeletable,
            _ => Self::Other,
        }
    }

    /// Methods with one code, which says that a value is invalid: those of `Role` and `Security`.
    pub(super) fn of_value(code: i32) -> Self {
        if code == Role::ERR_INVALID_VALUE {
            Self::InvalidValue
        } else {
            Self::Other
        }
    }

    /// Methods whose refusals have no names.
    pub(super) fn unnamed(_: i32) -> Self {
        Self::Other
    }

    /// `checkNtpServer`.
    pub(super) fn of_ntp(code: i32) -> Self {
        use NtpFault as F;
        Self::NtpServer(match code {
            DateTime::ERR_NTP_CHECK_INTERNAL => F::Internal,
            DateTime::ERR_NTP_CHECK_INVALID_ARGUMENT => F::InvalidArgument,
            DateTime::ERR_NTP_CHECK_ADDRESS_RESOLVE_ERROR => F::NoAddress,
            DateTime::ERR_NTP_CHECK_AUTH_KEY_ID_UNKNOWN => F::NoSuchKey,
            DateTime::ERR_NTP_CHECK_NETWORK_OR_HOST_UNREACHABLE => F::Unreachable,
            DateTime::ERR_NTP_CHECK_CONNECTION_REFUSED => F::Refused,
            DateTime::ERR_NTP_CHECK_NO_RESPONSE => F::NoAnswer,
            DateTime::ERR_NTP_CHECK_RESPONSE_FORMAT_INVALID
            | DateTime::ERR_NTP_CHECK_SERVER_VERSION_UNSUPPORTED
            | DateTime::ERR_NTP_CHECK_MAC_MISSING_OR_INVALID
            | DateTime::ERR_NTP_CHECK_MODE_INVALID
            | DateTime::ERR_NTP_CHECK_ORIGIN_TIME_DOES_NOT_MATCH
            | DateTime::ERR_NTP_CHECK_RECV_OR_XMIT_TIME_NOT_SET => F::BadAnswer,
            DateTime::ERR_NTP_CHECK_SERVER_NOT_SYNCHRONIZED
            | DateTime::ERR_NTP_CHECK_ROOT_DISTANCE_TOO_LARGE => F::NotSynchronized,
            _ => return Self::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_means_what_its_method_means_by_it() {
        assert_eq!(Refusal::of_create_user(1), Refusal::UserExists);
        assert_eq!(Refusal::of_user_manager(1), Refusal::NoSuchUser);
        assert_eq!(
            Refusal::of_user(1),
            Refusal::Password(PasswordRule::Unchanged)
        );
        assert_eq!(Refusal::of_create_role(1), Refusal::RoleExists);
        assert_eq!(Refusal::of_delete_role(1), Refusal::NoSuchRole);
        assert_eq!(Refusal::of_value(1), Refusal::InvalidValue);
        assert_eq!(Refusal::of_value(2), Refusal::Other);
        assert_eq!(Refusal::of_ntp(7), Refusal::NtpServer(NtpFault::NoAnswer));
    }

    /// Each constant of the interfaces has a meaning.
    #[test]
    fn every_code_of_a_user_has_a_name() {
        for code in 1..=17 {
            assert_ne!(Refusal::of_user(code), Refusal::Other, "{code}");
        }
        for code in (1..=18).filter(|&code| code != 13) {
            assert_ne!(Refusal::of_create_user(code), Refusal::Other, "{code}");
        }
        for code in 1..=15 {
            assert_ne!(Refusal::of_ntp(code), Refusal::Other, "{code}");
        }
        for code in [0, 99, -1] {
            assert_eq!(Refusal::of_user(code), Refusal::Other, "{code}");
        }
    }
}
