//! What Kamailio's modules have and the text of a server has not: where it is set here.

/// What to do in place of writing an attribute.
pub(super) fn what_instead(name: &str) -> &'static str {
    match name {
        "md5_password" => {
            "md5_password (signed TCP segments) is not supported: leave it out, and protect the way to the server otherwise"
        }
        "keep_alive" => {
            "keep_alive is not supported: leave it out; of several servers, one that takes calls and answers none is passed over (NetstringBuilder::silent_after)"
        }
        "min_srv_ttl" => {
            "min_srv_ttl is no attribute of a server: set it with NetstringBuilder::min_srv_ttl"
        }
        "retry" => {
            "retry belongs to a call: mark methods that may be repeated with @idempotent, and leave it out"
        }
        "retry_codes" => {
            "retry_codes is no attribute of a server: set it with NetstringBuilder::retry_codes"
        }
        "timeout" => {
            "timeout belongs to a call: set it with NetstringBuilder::timeout or Call::timeout"
        }
        "route" => {
            "route belongs to a call: a call gives its result to who awaits it, so leave it out"
        }
        "max_conn_attempts" => {
            "max_conn_attempts is not needed: leave it out; servers are tried again for ever, see NetstringBuilder::reconnect"
        }
        _ => "known are conn, addr, port, priority, weight, hwm, proto and srv",
    }
}
