//! The words that stand for errors.

use std::fmt;

use crate::error::{Error, ErrorCode, ErrorMeaning};
use crate::method::Marks;
use crate::ripex2::{Details, number};

/// Declares the codes, each with its word.
macro_rules! codes {
    ($($(#[$docs:meta])* $name:ident = $word:literal,)*) => {
        /// A word with which a RipEX2 says what went wrong (`docs/protocol/ripex2.md`, Errors).
        ///
        /// ```
        /// use xerus_rpc::ripex2::FaultCode;
        ///
        /// assert_eq!(FaultCode::from("validation_error"), FaultCode::ValidationError);
        /// assert_eq!(FaultCode::from("of_a_later_firmware").as_str(), "of_a_later_firmware");
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FaultCode {
            $($(#[$docs])* $name,)*
            /// A word that is not known here.
            Other(String),
        }

        impl FaultCode {
            /// The word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $word,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for FaultCode {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$name,)*
                    _ => Self::Other(word.to_owned()),
                }
            }
        }
    };
}

codes! {
    /// The request is none.
    InvalidRequest = "rpc_invalid_request",
    /// A parameter is missing, or its value is not permitted.
    InvalidParameter = "rpc_invalid_parameter",
    /// There is no such method.
    MethodNotFound = "rpc_method_not_found",
    /// The role of the user lacks a privilege.
    PermissionDenied = "rpc_permission_denied",
    /// The action goes on.
    ActionInProgress = "rpc_async_action_in_progress",
    /// Not now; later it may work.
    TemporarilyUnavailable = "rpc_temporarily_unavailable",
    /// The action has failed.
    ActionEndError = "async_action_end_error",
    /// The action has ended, and something small went wrong.
    ActionEndMinor = "async_action_end_minor",
    /// The unit no longer knows the action.
    ActionLost = "async_action_lost",
    /// Values of a configuration contradict each other, or the rules.
    ValidationError = "validation_error",
    /// The configuration was not saved.
    SettingsSaveError = "settings_save_error",
    /// The firmware was not taken.
    FirmwareUpgradeError = "firmware_upgrade_error",
    /// The password of the user who asks is wrong.
    SelfPasswordInvalid = "self_passwd_invalid",
    /// The user cannot be made.
    UserCreateInvalid = "user_create_invalid",
    /// The user cannot be changed.
    UserUpdateInvalid = "user_update_invalid",
    /// The user cannot be deleted.
    UserDeleteInvalid = "user_delete_invalid",
    /// The password cannot be changed.
    UserChangePasswordInvalid = "user_change_pass_invalid",
    /// The users cannot be restored.
    UsersRestoreInvalid = "users_restore_invalid",
    /// The unit that the call was to be passed on to cannot be reached, or access from other units is off there.
    RemoteCallError = "remote_call_error",
    /// The unit failed.
    ServerError = "rpc_server_error",
    /// The unit and its firmware do not go together.
    CompatibilityError = "rpc_compatibility_error",
    /// The unit failed for good.
    FatalError = "rpc_fatal_error",
}

impl FaultCode {
    /// The code of an error that a unit answered with; `None` for any other error.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        match &error.as_rpc()?.code {
            ErrorCode::Text(word) => Some(Self::from(&**word)),
            // The word stands beside a number that the servant gave.
            ErrorCode::Number(_) => {
                let details = Details::of(error)?;
                number::told(&details).map(|_| details.code)
            }
            ErrorCode::Uri(_) => None,
        }
    }

    /// What the code says about a call of a method with these marks.
    pub(super) fn meaning(&self, marks: &Marks) -> Option<ErrorMeaning> {
        Some(match self {
            Self::InvalidRequest => ErrorMeaning::InvalidRequest,
            Self::InvalidParameter => ErrorMeaning::InvalidArguments,
            Self::MethodNotFound => ErrorMeaning::MethodNotFound,
            Self::PermissionDenied => ErrorMeaning::PermissionDenied,
            Self::TemporarilyUnavailable => ErrorMeaning::Unavailable,
            // Another action is in the way of the one that was to begin.
            Self::ActionInProgress if marks.action.is_some() => ErrorMeaning::Unavailable,
            Self::ActionInProgress => ErrorMeaning::ActionRunning,
            Self::ActionEndMinor => ErrorMeaning::ActionDone,
            Self::ActionEndError | Self::SettingsSaveError | Self::FirmwareUpgradeError => {
                ErrorMeaning::ActionFailed
            }
            Self::ActionLost => ErrorMeaning::ActionLost,
            Self::RemoteCallError => ErrorMeaning::UnitUnreachable,
            _ => return None,
        })
    }
}

impl From<FaultCode> for ErrorCode {
    fn from(code: FaultCode) -> Self {
        Self::Text(code.as_str().to_owned().into())
    }
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
