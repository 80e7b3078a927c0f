//! What a script has printed: the latest of it, by address.

/// Bytes that are kept.
pub(super) const KEPT: usize = 4 * 1024;
/// Bytes that are given at a time.
const AT_ONCE: usize = 1024;

/// What a script has printed.
#[derive(Clone, Debug, Default)]
pub(super) struct Output {
    /// The address of the first byte that is kept.
    first: i64,
    text: String,
}

/// A piece of what a script has printed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Piece {
    /// The address of its first byte. What lies between that and the address that was asked for is lost.
    pub first: i64,
    /// The address behind it.
    pub next: i64,
    /// The text.
    pub text: String,
    /// Whether there is more at once.
    pub more: bool,
}

fn address(offset: usize) -> i64 {
    i64::try_from(offset).unwrap_or(i64::MAX)
}

impl Output {
    pub(super) fn print(&mut self, text: &str) {
        self.text.push_str(text);
        let mut lost = self.text.len().saturating_sub(KEPT);
        while !self.text.is_char_boundary(lost) {
            lost += 1;
        }
        self.text.drain(..lost);
        self.first = self.first.saturating_add(address(lost));
    }

    pub(super) fn clear(&mut self) {
        self.first = self.first.saturating_add(address(self.text.len()));
        self.text.clear();
    }

    /// So many bytes were printed, and so many behind them that nothing is kept of either.
    pub(super) fn skip(&mut self, bytes: i64) {
        self.clear();
        self.first = self.first.saturating_add(bytes);
    }

    /// From this address on; `None` when it lies behind the end.
    pub(super) fn read(&self, from: i64) -> Option<Piece> {
        let from = from.max(self.first);
        let mut begin = usize::try_from(from.checked_sub(self.first)?).ok()?;
        if begin > self.text.len() {
            return None;
        }
        while !self.text.is_char_boundary(begin) {
            begin += 1;
        }
        let mut end = (begin + AT_ONCE).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        Some(Piece {
            first: self.first.saturating_add(address(begin)),
            next: self.first.saturating_add(address(end)),
            text: self.text[begin..end].to_owned(),
            more: end < self.text.len(),
        })
    }
}
