use std::mem;
use std::ops::Range;

use super::clean::clean;
use crate::model::Docs;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Comment, CommentKind, Declaration, File, Module};

/// The documentation of one file by the place of the documented names.
#[derive(Clone, Debug, Default)]
pub struct DocTable {
    /// In the order of the places.
    docs: Vec<(u32, Documented)>,
    loose: Vec<Span>,
}

/// A documentation and where it comes from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Documented {
    pub(crate) docs: Docs,
    /// The comments with commands that `docs.heading` was made of.
    pub(crate) heading: Comments,
    /// The comments with commands that `docs.text` was made of.
    pub(crate) text: Comments,
}

/// The comments of one text that hold an `@` or `\\`, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comments(Vec<Span>);

impl Comments {
    /// Whether the text can hold no commands.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The places of the cleaned text, in time for one pass over it.
    pub(crate) fn places<'t>(&self, sources: &SourceMap, text: &'t str) -> Places<'t> {
        let raw = self.0.iter().flat_map(|comment| {
            let signs = sources.text(*comment).match_indices(SIGNS);
            signs.map(|(at, _)| (comment.file, comment.start + offset(at)))
        });
        Places {
            text,
            signs: text.match_indices(SIGNS).map(|(at, _)| at).collect(),
            raw: raw.collect(),
        }
    }
}

/// Where the parts of a cleaned text stand in its comments.
///
/// Cleaning takes neither `@` nor `\\` away, nor anything between one and the end of its line: they are counted.
pub(crate) struct Places<'t> {
    text: &'t str,
    /// Every sign of the cleaned text.
    signs: Vec<usize>,
    /// Every sign of the comments.
    raw: Vec<(FileId, u32)>,
}

impl Places<'_> {
    /// The place of a part that begins with a command or behind one on its line.
    pub(crate) fn of(&self, part: &Range<usize>) -> Span {
        let behind = self.signs.partition_point(|sign| *sign <= part.start);
        let nth = behind
            .checked_sub(1)
            .expect("a part begins with a sign or behind one");
        let sign = self.signs[nth];
        debug_assert!(!self.text[sign..part.start].contains('\n'));
        let (file, at) = self.raw[nth];
        let start = at + offset(part.start - sign);
        Span::new(file, start, start + offset(part.len()))
    }
}

/// What commands begin with.
const SIGNS: [char; 2] = ['@', '\\'];

fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("the texts of a source map are shorter than 4 GiB")
}

impl DocTable {
    /// Takes the documentation of the declaration whose name stands at a place.
    pub fn take(&mut self, name: Span) -> Docs {
        self.take_documented(name).docs
    }

    /// The same, with its places. An item without documentation has an empty one.
    pub(crate) fn take_documented(&mut self, name: Span) -> Documented {
        match self.docs.binary_search_by_key(&name.start, |(at, _)| *at) {
            Ok(at) => mem::take(&mut self.docs[at].1),
            Err(_) => Documented::default(),
        }
    }

    /// The entry of an item, in a table that is not sorted yet. What one item has comes without that of others between.
    fn entry(&mut self, name: u32) -> &mut Documented {
        let is_known = self.docs.last().is_some_and(|(at, _)| *at == name);
        if !is_known {
            self.docs.push((name, Documented::default()));
        }
        let last = self.docs.len() - 1;
        &mut self.docs[last].1
    }

    /// Documentation comments that belong to no declaration, in order.
    #[must_use]
    pub fn loose(&self) -> &[Span] {
        &self.loose
    }
}

/// Finds the documentation of every declaration of a file.
#[must_use]
pub fn attach(sources: &SourceMap, file: &File) -> DocTable {
    let mut pass = Pass {
        text: sources.file(file.id).text(),
        file,
        table: DocTable::default(),
    };
    if !file.comments.is_empty() {
        pass.file();
        pass.table.docs.sort_unstable_by_key(|(at, _)| *at);
        pass.table.loose.sort_unstable();
    }
    pass.table
}

/// A declaration as documentation sees it.
struct Item {
    /// Place of its name.
    name: u32,
    /// First byte, annotations included.
    start: u32,
    /// From where a trailing comment may follow; `None` when there is no trailing form.
    trailing_from: Option<u32>,
    /// Where the search for the next item's leading comments starts.
    end: u32,
}

struct Pass<'a> {
    text: &'a str,
    file: &'a File,
    table: DocTable,
}

impl<'a> Pass<'a> {
    fn file(&mut self) {
        let file = self.file;
        let directives = file.includes.iter().map(|include| include.span.end);
        let guard = file.guard.iter().map(|guard| guard.define.end);
        let start = directives.chain(guard).max().unwrap_or(0);
        let items = file.modules.iter().map(|module| Item {
            name: module.name.span.start,
            start: module.span.start,
            trailing_from: None,
            end: module.span.end,
        });
        let end = offset(self.text.len());
        self.sequence(start, items.collect(), end);
        for module in &file.modules {
            self.module(module);
        }
    }

    fn module(&mut self, module: &'a Module) {
        self.body(module.body, &module.members);
    }

    /// The members between two braces.
    fn body(&mut self, body: Span, members: &'a [Declaration]) {
        self.sequence(body.start, members.iter().map(item).collect(), body.end);
        for member in members {
            match member {
                Declaration::Module(node) => self.module(node),
                Declaration::Interface(node) => self.body(node.body, &node.members),
                Declaration::Structure(node) => self.body(node.body, &node.members),
                Declaration::ValueObject(node) => self.body(node.body, &node.members),
                Declaration::Enumeration(node) => {
                    let items = node.enumerators.iter().map(|enumerator| Item {
                        name: enumerator.name.span.start,
                        start: enumerator.span.start,
                        // The comma may come before or after the comment.
                        trailing_from: Some(enumerator.name.span.end),
                        end: enumerator.name.span.end,
                    });
                    self.sequence(node.body.start, items.collect(), node.body.end);
                }
                _ => {}
            }
        }
    }

    /// Deals out the comments between the items of one body.
    fn sequence(&mut self, start: u32, items: Vec<Item>, end: u32) {
        let mut gap_start = start;
        let mut before: Option<Item> = None;
        for item in items {
            let comments = self.between(gap_start, item.start);
            let rest = self.trailing(before.as_ref(), comments);
            self.leading(&item, rest);
            gap_start = item.end;
            before = Some(item);
        }
        let comments = self.between(gap_start, end);
        let rest = self.trailing(before.as_ref(), comments);
        self.loose(rest);
    }

    /// The comments from one place to another.
    fn between(&self, start: u32, end: u32) -> &'a [Comment] {
        let comments = &self.file.comments;
        let first = comments.partition_point(|comment| comment.span.start < start);
        let last = comments.partition_point(|comment| comment.span.start < end);
        &comments[first..last.max(first)]
    }

    /// Gives the trailing comment after `item` to it, with its continuation lines; returns the
    /// comments after those.
    fn trailing(&mut self, item: Option<&Item>, comments: &'a [Comment]) -> &'a [Comment] {
        let Some((name, from)) = item.and_then(|i| Some((i.name, i.trailing_from?))) else {
            return comments;
        };
        // Plain comments may stand before it.
        let Some(first) = comments.iter().position(|comment| !is_plain(comment)) else {
            return comments;
        };
        let Some((start, mut rest)) = comments.get(first..).and_then(<[Comment]>::split_first)
        else {
            return comments;
        };
        if !is_trailing(start) || self.lines_between(from, start.span.start) > 1 {
            return comments;
        }
        let mut lines = Vec::new();
        let mut comments = Comments::default();
        lines.extend(self.clean(start, &mut comments));
        let mut last = start.span;
        while let Some((next, after)) = rest.split_first()
            && next.kind == CommentKind::TrailingLine
            && self.is_next_line(last, next.span)
        {
            lines.extend(self.clean(next, &mut comments));
            last = next.span;
            rest = after;
        }
        if !lines.is_empty() {
            let documented = self.table.entry(name);
            documented.docs.heading = documented.docs.text.take();
            documented.docs.text = Some(lines.join("\n"));
            documented.heading = mem::replace(&mut documented.text, comments);
        }
        rest
    }

    /// Gives the leading comments to the item that follows them.
    fn leading(&mut self, item: &Item, comments: &'a [Comment]) {
        let mut text = String::new();
        let mut places = Comments::default();
        let mut last: Option<&Comment> = None;
        for comment in comments {
            match comment.kind {
                CommentKind::LeadingBlock | CommentKind::LeadingLine => {}
                CommentKind::TrailingBlock | CommentKind::TrailingLine => {
                    self.loose(std::slice::from_ref(comment));
                    continue;
                }
                CommentKind::Block | CommentKind::Line => continue,
            }
            if let Some(more) = self.clean(comment, &mut places) {
                if !text.is_empty() {
                    let is_line = |c: &Comment| c.kind == CommentKind::LeadingLine;
                    let joins = last.is_some_and(|last| {
                        is_line(last)
                            && is_line(comment)
                            && self.is_next_line(last.span, comment.span)
                    });
                    text.push_str(if joins { "\n" } else { "\n\n" });
                }
                text.push_str(&more);
            }
            last = Some(comment);
        }
        if !text.is_empty() {
            let documented = self.table.entry(item.name);
            documented.docs.text = Some(text);
            documented.text = places;
        }
    }

    /// Notes documentation that belongs to nothing.
    fn loose(&mut self, comments: &'a [Comment]) {
        for comment in comments {
            if !is_plain(comment) && self.clean(comment, &mut Comments::default()).is_some() {
                self.table.loose.push(comment.span);
            }
        }
    }

    /// The text of a comment. It is noted among `comments` when it may hold commands.
    fn clean(&self, comment: &Comment, comments: &mut Comments) -> Option<String> {
        let text = clean(comment.kind, self.text.get(comment.span.range())?)?;
        if text.contains(SIGNS) {
            comments.0.push(comment.span);
        }
        Some(text)
    }

    /// Whether nothing but one line end and blanks stand between two comments.
    fn is_next_line(&self, first: Span, second: Span) -> bool {
        let gap = &self.text[first.end as usize..second.start as usize];
        gap.trim().is_empty() && gap.matches('\n').count() == 1
    }

    fn lines_between(&self, start: u32, end: u32) -> usize {
        let gap = &self.text[start as usize..end as usize];
        gap.matches('\n').count()
    }
}

const fn is_plain(comment: &Comment) -> bool {
    matches!(comment.kind, CommentKind::Block | CommentKind::Line)
}

const fn is_trailing(comment: &Comment) -> bool {
    matches!(
        comment.kind,
        CommentKind::TrailingBlock | CommentKind::TrailingLine
    )
}

fn item(declaration: &Declaration) -> Item {
    let (name, span, is_short) = match declaration {
        Declaration::Module(node) => (&node.name, node.span, false),
        Declaration::Interface(node) => (&node.name, node.span, false),
        Declaration::Structure(node) => (&node.name, node.span, false),
        Declaration::ValueObject(node) => (&node.name, node.span, false),
        Declaration::Enumeration(node) => (&node.name, node.span, false),
        Declaration::Typedef(node) => (&node.name, node.span, true),
        Declaration::Opaque(node) => (&node.name, node.span, true),
        Declaration::Constant(node) => (&node.name, node.span, true),
        Declaration::Method(node) => (&node.name, node.span, true),
        Declaration::Field(node) => (&node.name, node.span, true),
    };
    Item {
        name: name.span.start,
        start: span.start,
        trailing_from: is_short.then_some(span.end),
        end: span.end,
    }
}
