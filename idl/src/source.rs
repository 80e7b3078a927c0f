//! The texts that are read, and places in them.

use std::ops::Range;
use std::path::{Path, PathBuf};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Characters are counted from marks that are this many bytes apart.
const STRIDE: usize = 256;

/// Index of a file in a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from a range.
    #[must_use]
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The bytes as a range.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The empty span at the end of this one.
    #[must_use]
    pub const fn end_point(self) -> Self {
        Self {
            file: self.file,
            start: self.end,
            end: self.end,
        }
    }

    /// From the start of this span to the end of `other`.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self {
            file: self.file,
            start: self.start,
            end: other.end,
        }
    }
}

/// A position as people count: from 1, columns in characters, a tab counts one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    path: Option<PathBuf>,
    text: String,
    /// Byte offset of each line's first byte.
    lines: Vec<u32>,
    /// Characters before each multiple of [`STRIDE`]: places on endless lines are found without walking the line.
    characters: Vec<u32>,
    byte_order_mark: bool,
}

impl SourceFile {
    /// The name shown to people: the path as given, or the name of an in-memory text.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it was read from; `None` for texts from memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a byte order mark stood before the text; it is no part of it.
    #[must_use]
    pub const fn had_byte_order_mark(&self) -> bool {
        self.byte_order_mark
    }

    /// The bytes of a line (counted from 1), without its end; empty beyond the text.
    #[must_use]
    pub fn line(&self, line: u32) -> Range<usize> {
        let end = self.text.len();
        let at = (line as usize).saturating_sub(1);
        let start = self.lines.get(at).map_or(end, |start| *start as usize);
        let stop = self.lines.get(at + 1).map_or(end, |next| *next as usize);
        let line = &self.text[start..stop];
        start..start + line.trim_end_matches(['\n', '\r']).len()
    }

    /// The last component of the name, as `#include` writes it.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }

    /// Line and column of a byte offset (clamped to the text).
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self
            .lines
            .partition_point(|start| *start as usize <= offset)
            .max(1);
        let start = self.lines[line - 1] as usize;
        let column = self.characters_before(offset) - self.characters_before(start) + 1;
        Position {
            line: short(line),
            column: short(column),
        }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let mark = offset / STRIDE;
        let rest = &self.text.as_bytes()[mark * STRIDE..offset];
        self.characters[mark] as usize + characters(rest)
    }
}

/// A number of bytes, lines or characters of one text.
fn short(count: usize) -> u32 {
    u32::try_from(count).expect("a text is shorter than 4 GiB")
}

/// How many characters begin in a piece of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    let continues = |byte: &&u8| **byte & 0xc0 == 0x80;
    bytes.len() - bytes.iter().filter(continues).count()
}

/// All texts of one run.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a text and returns its id. A byte order mark is taken off.
    ///
    /// # Panics
    ///
    /// With a text of 4 GiB or more.
    pub fn add(
        &mut self,
        name: impl Into<String>,
        path: Option<PathBuf>,
        text: impl Into<String>,
    ) -> FileId {
        let mut text = text.into();
        let byte_order_mark = text.starts_with(BYTE_ORDER_MARK);
        if byte_order_mark {
            text.drain(..BYTE_ORDER_MARK.len_utf8());
        }
        assert!(u32::try_from(text.len()).is_ok(), "a text of 4 GiB or more");
        let mut lines = vec![0];
        lines.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(at, _)| short(at + 1)),
        );
        let mut count = 0u32;
        let mut marks = vec![count];
        marks.extend(text.as_bytes().chunks(STRIDE).map(|chunk| {
            count += short(characters(chunk));
            count
        }));
        let id = FileId(short(self.files.len()));
        self.files.push(SourceFile {
            name: name.into(),
            path,
            text,
            lines,
            characters: marks,
            byte_order_mark,
        });
        id
    }

    /// The file of an id of this map.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files in the order in which they were read.
    pub fn files(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        (0u32..)
            .map(FileId)
            .zip(&self.files)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// The text of a span; empty for a span that is not from this map.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a span's first byte.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        self.file(span.file).position(span.start)
    }
}
