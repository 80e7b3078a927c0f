use std::borrow::Cow;

/// A place inside a JSON document, collected from the inside out while an error travels up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path {
    /// Innermost first.
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Member(Cow<'static, str>),
    Index(usize),
}

/// Member names in an error are device text: no more than this many bytes of each are shown.
const SHOWN: usize = 64;

impl Path {
    pub(crate) fn member(&mut self, name: impl Into<Cow<'static, str>>) {
        self.segments.push(Segment::Member(name.into()));
    }

    pub(crate) fn index(&mut self, index: usize) {
        self.segments.push(Segment::Index(index));
    }

    /// Bytes that the segments take, names included.
    pub(crate) fn memory(&self) -> usize {
        let names: usize = self
            .segments
            .iter()
            .map(|segment| match segment {
                Segment::Member(name) => name.len(),
                Segment::Index(_) => 0,
            })
            .sum();
        self.segments.capacity() * size_of::<Segment>() + names
    }

    /// `_ret_.status.valid`, `responses[0].statcode`, `[1].key`, or nothing for the value itself.
    pub(crate) fn render(&self) -> String {
        let mut out = String::new();
        for segment in self.segments.iter().rev() {
            match segment {
                Segment::Index(index) => {
                    out.push('[');
                    out.push_str(&index.to_string());
                    out.push(']');
                }
                Segment::Member(name) => {
                    if !out.is_empty() {
                        out.push('.');
                    }
                    out.push_str(cut(name, SHOWN));
                }
            }
        }
        out
    }
}

/// The first `limit` bytes of `text`, or a little less where that would split a character.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).expect("it is a boundary")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_from_the_outside_in() {
        let mut path = Path::default();
        path.member("statcode");
        path.index(0);
        path.member("responses");
        assert_eq!(path.render(), "responses[0].statcode");
        assert_eq!(Path::default().render(), "");
    }

    #[test]
    fn cutting_keeps_characters_whole() {
        assert_eq!(cut("aä", 2), "a");
        assert_eq!(cut("aä", 3), "aä");
    }
}
