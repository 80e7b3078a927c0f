//! The numbers of the messages.

pub(in crate::wamp) const HELLO: u64 = 1;
pub(in crate::wamp) const WELCOME: u64 = 2;
pub(in crate::wamp) const ABORT: u64 = 3;
pub(in crate::wamp) const CHALLENGE: u64 = 4;
pub(in crate::wamp) const AUTHENTICATE: u64 = 5;
pub(in crate::wamp) const GOODBYE: u64 = 6;
pub(in crate::wamp) const ERROR: u64 = 8;
pub(in crate::wamp) const PUBLISH: u64 = 16;
pub(in crate::wamp) const PUBLISHED: u64 = 17;
pub(in crate::wamp) const SUBSCRIBE: u64 = 32;
pub(in crate::wamp) const SUBSCRIBED: u64 = 33;
pub(in crate::wamp) const UNSUBSCRIBE: u64 = 34;
pub(in crate::wamp) const UNSUBSCRIBED: u64 = 35;
pub(in crate::wamp) const EVENT: u64 = 36;
pub(in crate::wamp) const CALL: u64 = 48;
pub(in crate::wamp) const CANCEL: u64 = 49;
pub(in crate::wamp) const RESULT: u64 = 50;
pub(in crate::wamp) const REGISTER: u64 = 64;
pub(in crate::wamp) const REGISTERED: u64 = 65;
pub(in crate::wamp) const UNREGISTER: u64 = 66;
pub(in crate::wamp) const UNREGISTERED: u64 = 67;
pub(in crate::wamp) const INVOCATION: u64 = 68;
pub(in crate::wamp) const INTERRUPT: u64 = 69;
pub(in crate::wamp) const YIELD: u64 = 70;

/// The largest id.
pub(in crate::wamp) const LAST_ID: u64 = 1 << 53;
