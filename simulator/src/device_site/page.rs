//! The page at `/`: outlets and sensors, live, and a button to switch each outlet. A script in it makes the same calls as any
//! other client, so that it needs nothing of the device.

use crate::door::Download;

/// The page, or what belongs to it.
pub(super) fn page(path: &str) -> Option<Download> {
    let (media_type, text) = match path {
        "/" => ("text/html; charset=UTF-8", include_str!("page/index.html")),
        "/page/page.css" => ("text/css; charset=UTF-8", include_str!("page/page.css")),
        "/page/page.js" => (
            "text/javascript; charset=UTF-8",
            include_str!("page/page.js"),
        ),
        _ => return None,
    };
    Some(Download::bytes(media_type, text))
}
