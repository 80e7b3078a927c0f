//! What is laid out: tokens, directives and comments in order.

use crate::lex::{DirectiveKind, Lexer, TokenKind};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::CommentKind;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    Token(TokenKind),
    /// Its text is the operand.
    Directive(DirectiveKind),
    Comment(CommentKind),
}

/// A token or comment, with what was between it and the one before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    pub(super) kind: ItemKind,
    pub(super) text: &'a str,
    pub(super) start: usize,
    /// Line ends before it, at most 2.
    pub(super) newlines: usize,
    /// Whether a token follows before the next line end, with nothing but comments between.
    pub(super) token_follows: bool,
    /// The next token behind it, [`TokenKind::End`] at the end.
    pub(super) next_token: TokenKind,
}

impl Item<'_> {
    /// Whether it documents what stands before it.
    pub(super) const fn is_trailing_comment(&self) -> bool {
        matches!(
            self.kind,
            ItemKind::Comment(CommentKind::TrailingBlock | CommentKind::TrailingLine)
        )
    }

    /// Whether it documents what follows.
    pub(super) const fn is_leading_comment(&self) -> bool {
        matches!(
            self.kind,
            ItemKind::Comment(CommentKind::LeadingBlock | CommentKind::LeadingLine)
        )
    }

    /// Whether nothing can follow on its line.
    pub(super) const fn is_line_comment(&self) -> bool {
        matches!(
            self.kind,
            ItemKind::Comment(
                CommentKind::Line | CommentKind::LeadingLine | CommentKind::TrailingLine
            )
        )
    }
}

/// All items of a text.
pub(super) fn items(sources: &SourceMap, file: FileId) -> Vec<Item<'_>> {
    let mut lexer = Lexer::new(sources, file);
    // Each with its place and with the place of its text.
    let mut all: Vec<(ItemKind, Span, Span)> = Vec::new();
    loop {
        let token = lexer.token();
        if token.kind == TokenKind::End {
            break;
        }
        all.push((ItemKind::Token(token.kind), token.span, token.span));
    }
    let directives = lexer.directives.iter();
    all.extend(directives.map(|one| (ItemKind::Directive(one.kind), one.span, one.operand)));
    let comments = lexer.comments.iter();
    all.extend(comments.map(|one| (ItemKind::Comment(one.kind), one.span, one.span)));
    // A comment inside of a directive comes behind it.
    all.sort_by_key(|(_, span, _)| span.start);

    let text = sources.file(file).text();
    let mut end = 0;
    let mut items: Vec<Item<'_>> = Vec::with_capacity(all.len());
    for (kind, span, shown) in all {
        let range = span.range();
        let between = &text[end..range.start];
        items.push(Item {
            kind,
            text: &text[shown.range()],
            start: range.start,
            newlines: between
                .bytes()
                .filter(|byte| *byte == b'\n')
                .take(2)
                .count(),
            token_follows: false,
            next_token: TokenKind::End,
        });
        end = end.max(range.end);
    }
    let mut token_follows = false;
    let mut next_token = TokenKind::End;
    for item in items.iter_mut().rev() {
        item.token_follows = token_follows;
        item.next_token = next_token;
        match item.kind {
            ItemKind::Token(kind) => {
                token_follows = true;
                next_token = kind;
            }
            ItemKind::Directive(_) => {
                token_follows = true;
                next_token = TokenKind::Directive;
            }
            ItemKind::Comment(_) => {}
        }
        token_follows &= item.newlines == 0;
    }
    items
}
