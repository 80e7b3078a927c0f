//! The page for people: outlets and sensors, live, read by the same calls as those of any other client.

use super::Download;

/// The page at `/`, or what belongs to it.
pub(crate) fn page(path: &str) -> Option<Download> {
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
