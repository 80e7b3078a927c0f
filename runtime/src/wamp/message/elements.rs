//! The elements of an array, cut where one ends and the next begins.

use memchr::memchr2;

/// More elements than any message has.
const MOST: usize = 8;

/// Where the first elements of the array stand in the text; those behind the eighth are left out.
///
/// Nothing in the elements is checked but where strings and brackets end, and nothing is called again for what is inside, so that neither
/// nesting nor nonsense in what somebody sent harms more than that one message.
pub(super) fn elements(text: &str) -> Result<Elements, &'static str> {
    let bytes = text.as_bytes();
    let mut at = skip_blanks(bytes, 0);
    if bytes.get(at) != Some(&b'[') {
        return Err("a message is no array");
    }
    at = skip_blanks(bytes, at + 1);
    let mut found = Elements::default();
    if bytes.get(at) == Some(&b']') {
        return end(bytes, at + 1, found);
    }
    loop {
        let start = skip_blanks(bytes, at);
        let (stop, end_of_value) = value(bytes, start)?;
        if end_of_value == start {
            return Err("an element of a message is missing");
        }
        found.push(start, end_of_value);
        match bytes.get(stop) {
            Some(b',') => at = stop + 1,
            Some(b']') => return end(bytes, stop + 1, found),
            _ => return Err("a message is cut off"),
        }
    }
}

/// Places of elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Elements {
    places: [(usize, usize); MOST],
    count: usize,
}

impl Elements {
    fn push(&mut self, start: usize, end: usize) {
        if let Some(place) = self.places.get_mut(self.count) {
            *place = (start, end);
            self.count += 1;
        }
    }

    /// Begin and end of an element.
    pub(super) fn place(&self, index: usize) -> Option<(usize, usize)> {
        self.places[..self.count].get(index).copied()
    }
}

fn end(bytes: &[u8], at: usize, found: Elements) -> Result<Elements, &'static str> {
    if skip_blanks(bytes, at) == bytes.len() {
        Ok(found)
    } else {
        Err("something follows a message")
    }
}

fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Goes over one value: to the comma or bracket behind it, and where it ends itself.
fn value(bytes: &[u8], mut at: usize) -> Result<(usize, usize), &'static str> {
    let (mut open, mut last) = (0usize, at);
    loop {
        match bytes.get(at) {
            None => return Err("a message is cut off"),
            Some(b'"') => {
                at = string(bytes, at + 1)?;
                last = at;
                continue;
            }
            Some(b'[' | b'{') => open += 1,
            Some(b']' | b',') if open == 0 => return Ok((at, last)),
            Some(b']' | b'}') => match open.checked_sub(1) {
                Some(left) => open = left,
                None => return Err("a bracket of a message was never opened"),
            },
            Some(b' ' | b'\t' | b'\n' | b'\r') => {
                at += 1;
                continue;
            }
            Some(_) => {}
        }
        at += 1;
        last = at;
    }
}

/// Behind the string whose first character is here.
fn string(bytes: &[u8], mut at: usize) -> Result<usize, &'static str> {
    loop {
        let rest = bytes.get(at..).unwrap_or(b"");
        let Some(next) = memchr2(b'"', b'\\', rest) else {
            return Err("a message is cut off");
        };
        at += next;
        if bytes[at] == b'"' {
            return Ok(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Result<Vec<&str>, &'static str> {
        let found = elements(text)?;
        let places = (0..MOST).map_while(|index| found.place(index));
        Ok(places.map(|(start, end)| &text[start..end]).collect())
    }

    #[test]
    fn elements_are_cut_out_as_they_stand() {
        assert_eq!(
            cut(r#" [ 50 , 1,{"a,]":[1,{}]} , "x\"],y" ,[ ] ] "#),
            Ok(vec!["50", "1", r#"{"a,]":[1,{}]}"#, r#""x\"],y""#, "[ ]"])
        );
        assert_eq!(cut("[]"), Ok(vec![]));
        assert_eq!(cut("[1,2,3,4,5,6,7,8,9,10]").map(|all| all.len()), Ok(8));
    }

    #[test]
    fn w33_what_is_no_array_is_told() {
        for bad in [
            "",
            "hello",
            r#"{"a":1}"#,
            "[1,",
            "[1,]",
            "[,1]",
            "[1}",
            r#"[1,"x"#,
            r#"[1,"x\"#,
            "[1] 2",
            "[1,[2]",
        ] {
            assert!(elements(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn w33_depth_costs_no_stack() {
        let deep = format!("[50,1,{{}},{}{}]", "[".repeat(500_000), "]".repeat(500_000));
        let found = elements(&deep).expect("brackets in pairs");
        assert_eq!(found.place(1), Some((4, 5)));
        assert!(elements(&"[".repeat(500_000)).is_err());
    }
}
