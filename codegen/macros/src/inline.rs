//! IDL written as tokens: back to text, with the place of every token.

use proc_macro2::{Delimiter, Group, Literal, Spacing, Span, TokenStream, TokenTree};

/// The text of some tokens.
pub(crate) struct Text {
    pub(crate) text: String,
    /// Where each token starts in the text, ascending.
    places: Vec<(usize, Span)>,
}

impl Text {
    /// Writes tokens as IDL. Documentation comments, which arrive as attributes, become comments again.
    pub(crate) fn new(tokens: TokenStream) -> syn::Result<Self> {
        let mut text = Self {
            text: String::new(),
            places: Vec::new(),
        };
        text.tokens(tokens)?;
        Ok(text)
    }

    /// The token at a place of the text, or the last one before it.
    pub(crate) fn span(&self, offset: u32) -> Span {
        let offset = offset as usize;
        let after = self.places.partition_point(|(start, _)| *start <= offset);
        match self.places.get(after.saturating_sub(1)) {
            Some((_, span)) => *span,
            None => Span::call_site(),
        }
    }

    fn tokens(&mut self, tokens: TokenStream) -> syn::Result<()> {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(hash) if hash.as_char() == '#' => match tokens.next() {
                    Some(TokenTree::Group(group)) => self.comment(&group)?,
                    Some(TokenTree::Ident(word)) if word == "include" => {
                        self.text.push_str("\n#include ");
                        match tokens.next() {
                            Some(TokenTree::Literal(name)) => {
                                self.word(&name.to_string(), name.span());
                            }
                            Some(TokenTree::Punct(open)) if open.as_char() == '<' => {
                                self.mark(open.span());
                                self.text.push('<');
                                for part in tokens.by_ref() {
                                    self.text.push_str(&part.to_string());
                                    if matches!(&part, TokenTree::Punct(p) if p.as_char() == '>') {
                                        break;
                                    }
                                }
                            }
                            _ => {
                                let message = "`#include` needs `<File.idl>` or `\"File.idl\"`";
                                return Err(syn::Error::new(word.span(), message));
                            }
                        }
                        self.text.push('\n');
                    }
                    _ => {
                        let message = "only `#include` is possible here; no guard is needed";
                        return Err(syn::Error::new(hash.span(), message));
                    }
                },
                TokenTree::Group(group) => self.group(&group)?,
                TokenTree::Punct(punct) => {
                    self.mark(punct.span());
                    self.text.push(punct.as_char());
                    // A minus belongs to the number after it.
                    if punct.spacing() == Spacing::Alone && punct.as_char() != '-' {
                        self.text.push(' ');
                    }
                }
                TokenTree::Ident(word) => self.word(&word.to_string(), word.span()),
                TokenTree::Literal(literal) => self.word(&literal.to_string(), literal.span()),
            }
        }
        Ok(())
    }

    fn group(&mut self, group: &Group) -> syn::Result<()> {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => ("", ""),
        };
        self.mark(group.span_open());
        self.text.push_str(open);
        self.tokens(group.stream())?;
        self.mark(group.span_close());
        self.text.push_str(close);
        if group.delimiter() == Delimiter::Brace {
            self.text.push(' ');
        }
        Ok(())
    }

    /// `#[doc = "…"]`, as the compiler writes a documentation comment.
    fn comment(&mut self, group: &Group) -> syn::Result<()> {
        let tokens: Vec<_> = group.stream().into_iter().collect();
        let [
            TokenTree::Ident(doc),
            TokenTree::Punct(_),
            TokenTree::Literal(text),
        ] = tokens.as_slice()
        else {
            return Err(syn::Error::new(
                group.span(),
                "Rust attributes are not part of IDL",
            ));
        };
        if doc != "doc" {
            return Err(syn::Error::new(
                group.span(),
                "Rust attributes are not part of IDL",
            ));
        }
        let value =
            syn::parse2::<syn::LitStr>(TokenStream::from(TokenTree::Literal(text.clone())))?
                .value();
        self.mark(group.span());
        if value.contains('\n') {
            self.text.push_str(&format!("/**{value}*/\n"));
        } else {
            self.text.push_str(&format!("///{value}\n"));
        }
        Ok(())
    }

    fn word(&mut self, word: &str, span: Span) {
        self.mark(span);
        self.text.push_str(word);
        self.text.push(' ');
    }

    fn mark(&mut self, span: Span) {
        self.places.push((self.text.len(), span));
    }
}

/// Whether a string literal has this value.
pub(crate) fn is_literal(literal: &Literal, value: &str) -> bool {
    syn::parse2::<syn::LitStr>(TokenStream::from(TokenTree::Literal(literal.clone())))
        .is_ok_and(|literal| literal.value() == value)
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn tokens_become_idl() {
        let tokens = "#include <Base.idl> module m { /** A\n * B */ [x(\"y\")] structure S \
                      { vector<vector<int>> a; ///< why\n base.T b; }; constant int C = -1; }";
        let text = Text::new(tokens.parse().unwrap()).unwrap().text;
        let words: Vec<_> = text.split_whitespace().collect();
        let expected = "#include <Base.idl> module m {/** A * B */ [x (\"y\" )]structure S \
                        {vector < vector < int >> a ; ///< why base . T b ; } ; constant int C = \
                        -1 ; }";
        assert_eq!(words, expected.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn attributes_and_guards_are_refused() {
        for tokens in ["#[derive(Clone)] module m {}", "#ifndef G", "#include Base"] {
            assert!(Text::new(tokens.parse().unwrap()).is_err(), "{tokens}");
        }
    }
}
