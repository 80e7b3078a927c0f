//! Elements of DER, cut out of bytes from outside: every step stays inside what is there.

/// What is left of a row of elements.
#[derive(Clone, Copy)]
pub(super) struct Der<'a>(&'a [u8]);

/// One element.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    /// Tag, length and value.
    pub(super) whole: &'a [u8],
    pub(super) value: &'a [u8],
}

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;

/// The tag `[n]` of a constructed element.
pub(super) const fn context(n: u8) -> u8 {
    0xa0 | n
}

impl<'a> Der<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next element, whatever it is; `None` at the end and where the bytes are no element.
    pub(super) fn next(&mut self) -> Option<Element<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        // Tags of several bytes do not occur in what is read here.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length = digits
                    .iter()
                    .fold(0u64, |sum, &digit| sum << 8 | u64::from(digit));
                (usize::try_from(length).ok()?, rest)
            }
            // Without a length, or with one that nothing real has.
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - rest.len()];
        self.0 = rest;
        Some(Element { tag, whole, value })
    }

    /// The next element, which has to have this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Option<Element<'a>> {
        self.next().filter(|element| element.tag == tag)
    }

    /// The next element if it has this tag; else it stays.
    pub(super) fn optional(&mut self, tag: u8) -> Option<Element<'a>> {
        let mut ahead = *self;
        let element = ahead.expect(tag)?;
        *self = ahead;
        Some(element)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> Element<'a> {
    /// The elements inside.
    pub(super) const fn inside(self) -> Der<'a> {
        Der::new(self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_end_where_they_say() {
        let mut der = Der::new(&[0x02, 1, 7, 0x04, 0x81, 2, 8, 9, 0x30, 0]);
        let number = der.expect(INTEGER).expect("a number");
        assert_eq!((number.value, number.whole), (&[7][..], &[2, 1, 7][..]));
        assert!(der.optional(SEQUENCE).is_none());
        assert_eq!(der.expect(OCTET_STRING).expect("bytes").value, [8, 9]);
        assert!(der.expect(SEQUENCE).expect("a row").inside().is_empty());
        assert!(der.is_empty() && der.next().is_none());
    }

    #[test]
    fn lies_about_lengths_are_no_elements() {
        for bytes in [
            &[0x02][..],
            &[0x02, 2, 7],
            &[0x04, 0x80, 0, 0],
            &[0x04, 0x84, 0xff, 0xff, 0xff, 0xff, 1],
            &[0x04, 0x85, 0, 0, 0, 0, 1, 1],
            &[0x04, 0x82, 1],
            &[0x1f, 0x81, 1, 0],
        ] {
            assert!(Der::new(bytes).next().is_none(), "{bytes:?}");
        }
    }
}
