//! What to do about an error that a call was answered with.

use super::{ErrorCode, ErrorMeaning};

impl ErrorMeaning {
    /// What to do about it, by whose code it is.
    pub(super) const fn cure(self, code: &ErrorCode) -> &'static str {
        match code {
            ErrorCode::Uri(_) => self.cure_behind_a_router(),
            ErrorCode::Number(_) | ErrorCode::Text(_) => self.cure_at_a_device(),
        }
    }

    /// Behind a router there are programs. It is not known whose error it is, nor of which call: one passes on what it got itself.
    const fn cure_behind_a_router(self) -> &'static str {
        match self {
            Self::InvalidRequest => "the router takes no such URI: check the prefix and the names",
            Self::MethodNotFound => {
                "nobody has registered that procedure in this realm: check the spelling, the prefix, the realm, and whether the callee runs"
            }
            Self::ObjectNotFound => {
                "check the resource id, and whether the callee has such an object"
            }
            Self::InvalidArguments => {
                "compare the arguments with the description that the callee has"
            }
            Self::PermissionDenied => {
                "the role of this session may not do that in this realm: give it the right on the router, or join as another user"
            }
            Self::NotLoggedIn => {
                "check the realm, and the user name and the secret with which you join"
            }
            Self::Unavailable => "try again later",
            Self::UnitUnreachable
            | Self::ActionRunning
            | Self::ActionDone
            | Self::ActionFailed
            | Self::ActionLost => self.cure_at_a_device(),
        }
    }

    const fn cure_at_a_device(self) -> &'static str {
        match self {
            Self::InvalidRequest => "something on the way may have changed the request",
            Self::MethodNotFound => {
                "check the spelling, and whether the firmware, or the program that answers, is older or newer than the method"
            }
            Self::ObjectNotFound => {
                "check the resource id, and whether this model has such an object"
            }
            Self::InvalidArguments => {
                "compare the arguments with the IDL of the firmware, or of the program that answers"
            }
            Self::PermissionDenied => {
                "the role of this user lacks a privilege: give it to the role, or log in as another user"
            }
            Self::NotLoggedIn => "log in first, or again",
            Self::Unavailable => "nothing was begun: try again later",
            Self::UnitUnreachable => {
                "the unit is away, or access from other units is off there; read its state before the call is made again"
            }
            Self::ActionRunning => "ask again after the interval that the device told",
            Self::ActionDone => "done, but look at what went wrong",
            Self::ActionFailed => "read why, and the state of the device",
            Self::ActionLost => "it may have worked: read the state of the device",
        }
    }
}
