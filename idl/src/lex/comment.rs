//! Comments.

use super::{Lexer, Token, TokenKind};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::{Comment, CommentKind};

impl Lexer<'_> {
    /// Takes in a `/* … */`; yields a token when it never ends.
    pub(super) fn block_comment(&mut self) -> Option<Token> {
        let start = self.at;
        let rest = self.rest();
        let Some(end) = rest.get(2..).and_then(|inner| inner.find("*/")) else {
            self.at = self.text.len();
            self.found.push(
                Diagnostic::error(
                    codes::UNTERMINATED_COMMENT,
                    self.span(start, start + 2),
                    "unterminated block comment: it starts here, the file ends first",
                )
                .hint("close it with `*/`"),
            );
            return Some(Token {
                kind: TokenKind::Error,
                span: self.span(start, self.at),
            });
        };
        let end = start + 2 + end + 2;
        let text = &self.text[start..end];
        self.comments.push(Comment {
            kind: block_kind(text),
            span: self.span(start, end),
        });
        self.at = end;
        None
    }

    /// Takes in a `// …`, without the line end.
    pub(super) fn line_comment(&mut self) {
        let start = self.at;
        let rest = self.rest();
        let mut text = &rest[..rest.find('\n').unwrap_or(rest.len())];
        if text.len() < rest.len() {
            text = text.strip_suffix('\r').unwrap_or(text);
        }
        self.at += text.len();
        self.comments.push(Comment {
            kind: line_kind(text),
            span: self.span(start, self.at),
        });
    }

    /// A `*/` outside of any comment.
    pub(super) fn stray_comment_end(&mut self) -> Token {
        let start = self.at;
        self.at += 2;
        let place = self.span(start, self.at);
        let ended = self
            .comments
            .iter()
            .rev()
            .find(|c| is_block(c.kind))
            .map(|c| c.span);
        let on_this_line = ended.filter(|comment| {
            let between = &self.text[comment.end as usize..start];
            !between.contains('\n')
        });
        let error = match on_this_line {
            Some(comment) => {
                let end = Span::new(comment.file, comment.end.saturating_sub(2), comment.end);
                let message = "stray `*/`: block comments do not nest, the comment ended earlier on this line";
                Diagnostic::error(codes::STRAY_COMMENT_END, place, message)
                    .see(end, "the comment ends here")
            }
            None => Diagnostic::error(
                codes::STRAY_COMMENT_END,
                place,
                "stray `*/`: no comment is open here",
            ),
        };
        self.found.push(error);
        self.make(TokenKind::Error, start)
    }
}

const fn is_block(kind: CommentKind) -> bool {
    matches!(
        kind,
        CommentKind::Block | CommentKind::LeadingBlock | CommentKind::TrailingBlock
    )
}

/// The form of a closed block comment. `/**/` and `/***` document nothing.
fn block_kind(text: &str) -> CommentKind {
    match text.as_bytes() {
        [_, _, b'*', b'/'] | [_, _, b'*', b'*', ..] => CommentKind::Block,
        [_, _, b'*', b'<', ..] => CommentKind::TrailingBlock,
        [_, _, b'*', ..] => CommentKind::LeadingBlock,
        _ => CommentKind::Block,
    }
}

/// The form of a line comment. `////` documents nothing.
fn line_kind(text: &str) -> CommentKind {
    match text.as_bytes() {
        [_, _, b'/', b'<', ..] | [_, _, b'<', ..] => CommentKind::TrailingLine,
        [_, _, b'/', b'/', ..] => CommentKind::Line,
        [_, _, b'/', ..] => CommentKind::LeadingLine,
        _ => CommentKind::Line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, kind) in [
            ("/* a */", CommentKind::Block),
            ("/**/", CommentKind::Block),
            ("/***/", CommentKind::Block),
            ("/*** a */", CommentKind::Block),
            ("/*! a */", CommentKind::Block),
            ("/** a */", CommentKind::LeadingBlock),
            ("/**< a */", CommentKind::TrailingBlock),
        ] {
            assert_eq!(block_kind(text), kind, "{text}");
        }
        for (text, kind) in [
            ("//", CommentKind::Line),
            ("// a", CommentKind::Line),
            ("//! a", CommentKind::Line),
            ("//// a", CommentKind::Line),
            ("///", CommentKind::LeadingLine),
            ("/// a", CommentKind::LeadingLine),
            ("///< a", CommentKind::TrailingLine),
            ("//< a", CommentKind::TrailingLine),
        ] {
            assert_eq!(line_kind(text), kind, "{text}");
        }
    }
}
