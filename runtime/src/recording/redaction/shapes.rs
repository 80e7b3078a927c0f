//! What a text is, by its form: addresses, keys, placeholders.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Bytes that parts of an address are made of.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'-')
}

/// The addresses in a text, and what they are.
pub(super) fn addresses(text: &str) -> Vec<(&str, &'static str)> {
    let mut found = Vec::new();
    for token in text.split(|c: char| !c.is_ascii() || !is_part(c as u8)) {
        // The end of a sentence, a port.
        let token = token.trim_matches(|c| matches!(c, '.' | '-'));
        let bare = token.split_once(':').map_or(token, |(bare, _)| bare);
        if let Some(kind) = address(token) {
            found.push((token, kind));
        } else if token.matches(':').count() == 1
            && let Some(kind) = address(bare)
        {
            found.push((bare, kind));
        }
    }
    found
}

fn address(token: &str) -> Option<&'static str> {
    if is_mac(token) {
        return (!token.to_ascii_lowercase().starts_with(MAC)).then_some("mac");
    }
    if token.len() > 45 {
        return None;
    }
    if let Ok(address) = token.parse::<Ipv4Addr>() {
        let says_nothing = address.is_unspecified()
            || address.is_loopback()
            || address.octets()[0] == 255
            || address.is_documentation();
        return (!says_nothing).then_some("ip");
    }
    let address = token.parse::<Ipv6Addr>().ok()?;
    let says_nothing = address.is_unspecified()
        || address.is_loopback()
        || address.segments()[..2] == [0x2001, 0xdb8];
    (!says_nothing).then_some("ip")
}

/// Six pairs of hexadecimal digits with one kind of sign between them.
fn is_mac(token: &str) -> bool {
    let bytes = token.as_bytes();
    let sign = bytes.get(2).copied();
    bytes.len() == 17
        && matches!(sign, Some(b':' | b'-'))
        && bytes
            .iter()
            .enumerate()
            .all(|(index, byte)| match index % 3 {
                2 => Some(*byte) == sign,
                _ => byte.is_ascii_hexdigit(),
            })
}

/// Whether a text holds a private key.
pub(super) fn is_private_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

/// The addresses that stand for others: kept by their registries for documentation.
const MAC: &str = "00:00:5e:00:53:";
const NETS: [&str; 3] = ["192.0.2.", "198.51.100.", "203.0.113."];

/// What stands for the value of a kind with this number, counted from 1.
pub(super) fn placeholder(kind: &str, number: usize, value: &str) -> String {
    match kind {
        "mac" if is_mac(value) && number <= 0xff => format!("{MAC}{number:02x}"),
        "ip" if value.contains(':') && number <= 0xffff => format!("2001:db8::{number:x}"),
        "ip" if value.parse::<Ipv4Addr>().is_ok() && number <= NETS.len() * 254 => {
            let (net, host) = ((number - 1) / 254, (number - 1) % 254 + 1);
            format!("{}{host}", NETS[net])
        }
        _ => format!("<{kind}-{number}>"),
    }
}

/// Whether all of a text is a placeholder.
pub(super) fn is_placeholder(text: &str) -> bool {
    placeholder_at(text) == Some(text.len())
}

/// The length of the placeholder that a text begins with.
fn placeholder_at(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix('<') {
        let (inside, _) = rest.split_once('>')?;
        let (kind, number) = inside.rsplit_once('-')?;
        let is_word = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        return (is_word && is_number).then_some(inside.len() + 2);
    }
    let end = text.bytes().position(|byte| !is_part(byte));
    let token = &text[..end.unwrap_or(text.len())];
    let token = token.trim_end_matches(['.', '-']);
    let bare = match token.matches(':').count() {
        1 => token.split_once(':').map_or(token, |(bare, _)| bare),
        _ => token,
    };
    let stands_for_another = (is_mac(bare) && bare.starts_with(MAC))
        || (bare.parse::<Ipv4Addr>()).is_ok_and(|address| address.is_documentation())
        || (bare.starts_with("2001:db8::") && bare.parse::<Ipv6Addr>().is_ok());
    stands_for_another.then_some(bare.len())
}

/// A piece of a text that was recorded.
#[derive(Debug, PartialEq)]
pub(in super::super) enum Piece<'a> {
    Plain(&'a str),
    /// Stands for something that is not known.
    Placeholder(&'a str),
}

/// A text taken apart at its placeholders.
pub(in super::super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut plain, mut at) = (0, 0);
    let mut inside_token = false;
    while let Some(c) = text[at..].chars().next() {
        let begins = c == '<' || (!inside_token && c.is_ascii_hexdigit());
        match placeholder_at(&text[at..]).filter(|_| begins) {
            Some(length) => {
                if plain < at {
                    pieces.push(Piece::Plain(&text[plain..at]));
                }
                pieces.push(Piece::Placeholder(&text[at..at + length]));
                at += length;
                plain = at;
                inside_token = false;
            }
            None => {
                inside_token = c.is_ascii() && is_part(c as u8);
                at += c.len_utf8();
            }
        }
    }
    if plain < text.len() {
        pieces.push(Piece::Plain(&text[plain..]));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Piece, addresses, is_placeholder, pieces};

    #[test]
    fn addresses_are_found_and_versions_and_masks_are_not() {
        assert_eq!(
            addresses("from 10.1.2.3:443, fe80::1 and 00-11-22-AA-bb-cc."),
            [
                ("10.1.2.3", "ip"),
                ("fe80::1", "ip"),
                ("00-11-22-AA-bb-cc", "mac")
            ]
        );
        for text in [
            "4.0.20.5-49038",
            "255.255.255.0",
            "127.0.0.1",
            "0.0.0.0",
            "::",
            "::1",
            "192.0.2.7",
            "00:00:5e:00:53:01",
            "12:30:00",
            "pdumodel.Outlet:1.2.3",
        ] {
            assert_eq!(addresses(text), [], "{text}");
        }
    }

    #[test]
    fn texts_come_apart_at_placeholders() {
        assert_eq!(
            pieces("/auth/user/<user-1>/x"),
            [
                Piece::Plain("/auth/user/"),
                Piece::Placeholder("<user-1>"),
                Piece::Plain("/x")
            ]
        );
        assert_eq!(
            pieces("https://192.0.2.1:8443"),
            [
                Piece::Plain("https://"),
                Piece::Placeholder("192.0.2.1"),
                Piece::Plain(":8443")
            ]
        );
        assert_eq!(pieces("a <b> 1-2 <c->"), [Piece::Plain("a <b> 1-2 <c->")]);
        assert!(is_placeholder("<asset-tag-12>") && !is_placeholder("<a>"));
    }
}
