//! Changes that firmwares have different members for.

use std::net::Ipv4Addr;

use xerus_api::net::{IpConfigMethod, Settings};
use xerus_rpc::Json;

/// The member for the router until firmware 4.0: it was one for all interfaces.
const OLD_ROUTER: &str = "defaultGatewayAddr";

/// Does nothing when there is no such interface.
pub(super) fn set_static_ipv4(
    settings: &mut Settings,
    interface: &str,
    address: Ipv4Addr,
    prefix: u8,
    router: Option<Ipv4Addr>,
) {
    let Some(found) = settings.if_map.get_mut(interface) else {
        return;
    };
    found.enabled = true;
    let ip = &mut found.ipv4;
    ip.enabled = true;
    ip.config_method = IpConfigMethod::Static;
    ip.static_addr_cidr.addr = address.to_string();
    ip.static_addr_cidr.prefix_len = prefix.into();
    let common = &mut settings.common.routing.ipv4.extra_;
    if common.get(OLD_ROUTER).is_none() {
        ip.static_default_gateway_addr =
            router.map_or_else(String::new, |router| router.to_string());
        return;
    }
    // Without one for this interface, the others keep theirs.
    if let Some(Ok(router)) = router.map(|router| format!("\"{router}\"").parse::<Json>()) {
        common.set(OLD_ROUTER, router);
    }
}
