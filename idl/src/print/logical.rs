//! One declaration (or annotation, enumerator, opening or closing of a body) before it is broken into lines.

use super::comment::Comment;
use super::items::Item;
use super::{column_after, last_column};
use crate::lex::TokenKind;

/// Lines longer than this are broken where that is possible.
const WIDTH: usize = 100;

#[derive(Debug)]
enum Piece<'a> {
    Token(&'a str),
    /// Lines that have been laid out already, the first one without its indentation.
    Block(String),
    Comment(Comment<'a>),
}

#[derive(Debug)]
struct Part<'a> {
    piece: Piece<'a>,
    /// A blank before it.
    space: bool,
    /// A parameter begins: the line may be broken here.
    may_break: bool,
    /// A line comment stands before it: the line is broken here.
    must_break: bool,
    /// The `(` behind which lines go on.
    opens: bool,
}

impl Part<'_> {
    /// Columns up to its end, or up to its first line end.
    fn width(&self) -> (usize, bool) {
        match &self.piece {
            Piece::Token(text) => (column_after(0, text), false),
            Piece::Block(text) => (column_after(0, text), false),
            Piece::Comment(comment) => (
                column_after(0, comment.first_line()),
                comment.is_multi_line(),
            ),
        }
    }
}

/// Tokens and comments that belong on one line.
#[derive(Debug, Default)]
pub(super) struct Logical<'a> {
    parts: Vec<Part<'a>>,
    first: Option<&'a str>,
    last: Option<TokenKind>,
    parens: usize,
    after_comment: bool,
    after_line_comment: bool,
    new_parameter: bool,
}

impl<'a> Logical<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The text of its first token.
    pub(super) const fn first(&self) -> Option<&'a str> {
        self.first
    }

    /// Whether no parenthesis is open.
    pub(super) const fn is_flat(&self) -> bool {
        self.parens == 0
    }

    pub(super) fn token(&mut self, kind: TokenKind, text: &'a str) {
        let space = match (self.last, kind) {
            (None, _) => self.after_comment,
            (_, TokenKind::Punctuation(',' | ';' | ')' | ']' | '>' | '<' | '(' | '.')) => false,
            (Some(TokenKind::Punctuation('(' | '[' | '<' | '.' | '-')), _) => self.after_comment,
            _ => true,
        };
        let opens = kind == TokenKind::Punctuation('(');
        match kind {
            TokenKind::Punctuation('(') => self.parens += 1,
            TokenKind::Punctuation(')') => self.parens = self.parens.saturating_sub(1),
            _ => {}
        }
        self.push(Piece::Token(text), space, opens);
        self.first.get_or_insert(text);
        self.last = Some(kind);
        self.after_comment = false;
        self.new_parameter = kind == TokenKind::Punctuation(',') && self.parens > 0;
    }

    /// A body without content, from its keyword to its `}`.
    pub(super) fn empty_body(&mut self, text: String) {
        self.push(Piece::Block(text), false, false);
        self.first = Some("}");
        self.last = Some(TokenKind::Punctuation('}'));
    }

    pub(super) fn comment(&mut self, item: &Item<'a>, comment: Comment<'a>) {
        let space = self.after_comment
            || !matches!(
                self.last,
                None | Some(TokenKind::Punctuation('(' | '[' | '<' | '.' | '-'))
            );
        self.push(Piece::Comment(comment), space, false);
        self.after_comment = true;
        self.after_line_comment = item.is_line_comment();
    }

    fn push(&mut self, piece: Piece<'a>, space: bool, opens: bool) {
        let must_break = std::mem::take(&mut self.after_line_comment);
        let may_break = std::mem::take(&mut self.new_parameter);
        self.parts.push(Part {
            piece,
            space,
            may_break,
            must_break,
            opens,
        });
    }

    /// The text, broken into lines; the first one begins in the column `indent` without its blanks.
    pub(super) fn text(&self, indent: usize) -> String {
        let mut out = String::new();
        let mut column = indent;
        let mut go_on = indent + 4;
        let fits = self.fits(indent);
        for (at, part) in self.parts.iter().enumerate() {
            let space = usize::from(part.space && at > 0);
            let breaks = part.must_break
                || (part.may_break && !fits && column + space + self.chunk(at) > WIDTH);
            if breaks && at > 0 {
                let opens_body = matches!(part.piece, Piece::Token("{"));
                column = if opens_body { indent } else { go_on };
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', column));
            } else if space == 1 {
                out.push(' ');
                column += 1;
            }
            match &part.piece {
                Piece::Token(text) => {
                    out.push_str(text);
                    column = column_after(column, text);
                }
                Piece::Block(text) => {
                    out.push_str(text);
                    column = last_column(column, text);
                }
                Piece::Comment(comment) => {
                    let text = comment.at(column);
                    column = last_column(column, &text);
                    out.push_str(&text);
                }
            }
            if part.opens {
                go_on = column;
            }
        }
        out
    }

    /// Whether it stands on one line as it is.
    fn fits(&self, indent: usize) -> bool {
        let mut column = indent;
        for part in &self.parts {
            let (width, ends) = part.width();
            column += width + usize::from(part.space);
            if ends || part.must_break || column > WIDTH {
                return false;
            }
        }
        true
    }

    /// Columns from a part to where the next break may be.
    fn chunk(&self, at: usize) -> usize {
        let mut width = 0;
        for (index, part) in self.parts.iter().enumerate().skip(at) {
            if index > at && (part.may_break || part.must_break) {
                break;
            }
            let (columns, ends) = part.width();
            width += columns + usize::from(part.space && index > at);
            if ends {
                break;
            }
        }
        width
    }
}
