/// A documentation text taken apart at its block commands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) body: Vec<Block>,
    /// Name and text of each `@param`, in order.
    pub(super) parameters: Vec<(String, String)>,
    /// The text of each `@return`, in order.
    pub(super) returns: Vec<String>,
}

/// A block of running text. Texts keep their line ends; lines are trimmed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block {
    Paragraph(String),
    /// An item of a bullet list.
    Item(String),
    /// `@note` and the like: the lead-in and the text.
    Remark(&'static str, String),
    /// Verbatim lines.
    Code(String),
}

/// Block commands that become a bold lead-in.
const REMARKS: [(&str, &str); 12] = [
    ("attention", "Attention:"),
    ("deprecated", "Deprecated:"),
    ("note", "Note:"),
    ("post", "Afterwards:"),
    ("pre", "Before:"),
    ("remark", "Remark:"),
    ("remarks", "Remark:"),
    ("sa", "See also:"),
    ("see", "See also:"),
    ("since", "Since:"),
    ("todo", "To do:"),
    ("warning", "Warning:"),
];

/// What a line of plain text continues.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Body,
    Parameter,
    Return,
}

/// The text of `@param name` in a documentation text.
#[must_use]
pub fn parameter_text(text: &str, name: &str) -> Option<String> {
    let document = Document::parse(text);
    let mut texts = document
        .parameters
        .into_iter()
        .filter(|(own, text)| own == name && !text.is_empty());
    texts.next().map(|(_, text)| text)
}

/// The text of each `@return` (or `@returns`, `@result`, `@retval`) of a documentation text, in order, marks kept.
///
/// ```
/// let text = "Adds one.\n@return 0: done\n@return \\c ERR_FULL: no more\nof them fit";
/// assert_eq!(
///     xerus_idl::docs::return_texts(text),
///     ["0: done", "\\c ERR_FULL: no more\nof them fit"],
/// );
/// ```
#[must_use]
pub fn return_texts(text: &str) -> Vec<String> {
    Document::parse(text).returns
}

impl Document {
    pub(super) fn parse(text: &str) -> Self {
        let mut document = Self::default();
        let mut open = Open::Nothing;
        let mut lines = text.lines();
        while let Some(full) = lines.next() {
            let line = full.trim();
            if line.is_empty() {
                open = Open::Nothing;
                continue;
            }
            let Some((command, rest)) = command(line) else {
                open = match bullet(line) {
                    Some(item) => document.item(item, open),
                    None => document.text(line, open),
                };
                continue;
            };
            open = match command {
                "return" | "returns" | "result" | "retval" => {
                    document.returns.push(rest.to_owned());
                    Open::Return
                }
                "param" => document.parameter(rest),
                "li" | "arg" => document.item(rest, open),
                "brief" | "short" | "details" => {
                    if rest.is_empty() {
                        Open::Nothing
                    } else {
                        document.text(rest, Open::Nothing)
                    }
                }
                "cond" | "endcond" | "endcode" | "endverbatim" => open,
                "code" | "verbatim" => {
                    let end = if command == "code" {
                        "endcode"
                    } else {
                        "endverbatim"
                    };
                    document
                        .body
                        .push(Block::Code(verbatim(rest, &mut lines, end)));
                    Open::Nothing
                }
                _ => match REMARKS.iter().find(|(name, _)| *name == command) {
                    Some((_, lead)) => {
                        document.body.push(Block::Remark(lead, rest.to_owned()));
                        Open::Body
                    }
                    None => document.text(line, open),
                },
            };
        }
        document
    }

    fn parameter(&mut self, rest: &str) -> Open {
        // `@param[in] name text`
        let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((_, rest)) => rest.trim_start(),
            None => rest,
        };
        let (name, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        if name.is_empty() {
            return Open::Nothing;
        }
        self.parameters
            .push((name.to_owned(), text.trim_start().to_owned()));
        Open::Parameter
    }

    fn item(&mut self, text: &str, open: Open) -> Open {
        match open {
            // A list under `@return` is the list of returns.
            Open::Return => self.returns.push(text.to_owned()),
            Open::Parameter => return self.text(text, open),
            Open::Nothing | Open::Body => {
                self.body.push(Block::Item(text.to_owned()));
                return Open::Body;
            }
        }
        open
    }

    fn text(&mut self, line: &str, open: Open) -> Open {
        let block = match open {
            Open::Nothing => None,
            Open::Parameter => self.parameters.last_mut().map(|(_, text)| text),
            Open::Return => self.returns.last_mut(),
            Open::Body => match self.body.last_mut() {
                Some(Block::Paragraph(text) | Block::Item(text) | Block::Remark(_, text)) => {
                    Some(text)
                }
                Some(Block::Code(_)) | None => None,
            },
        };
        let Some(text) = block else {
            self.body.push(Block::Paragraph(line.to_owned()));
            return Open::Body;
        };
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
        open
    }
}

/// A command at the start of a line and what follows it.
fn command(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix(['@', '\\'])?;
    let end = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let (command, rest) = rest.split_at(end);
    (!command.is_empty()).then_some((command, rest.trim_start()))
}

/// The text of a line that is an item of a list.
fn bullet(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix("-#")
        .or_else(|| line.strip_prefix(['-', '*', '+']))?;
    rest.starts_with([' ', '\t'])
        .then(|| rest.trim_start())
        .filter(|rest| !rest.is_empty())
}

/// The lines up to the end command. `first` is what follows the opening one, such as `{.py}`.
fn verbatim<'l>(first: &str, lines: &mut impl Iterator<Item = &'l str>, end: &str) -> String {
    let first = match first
        .strip_prefix('{')
        .and_then(|rest| rest.split_once('}'))
    {
        Some((_, rest)) => rest.trim(),
        None => first,
    };
    let mut code = Vec::new();
    if !first.is_empty() {
        code.push(first);
    }
    for line in lines {
        if command(line.trim()).is_some_and(|(command, _)| command == end) {
            break;
        }
        code.push(line);
    }
    code.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_apart() {
        let document = Document::parse(
            "@brief Does it.\nAll of it.\n\n@note Careful\nhere\n\\li one\n\\li two\n@param a the first\n  of two\n\
             @param[in] b\n@return 0 if OK\n@return 1 if\nnot\n\nAfterwards.\n@code{.py}\n  x = 1\n\n  y\n@endcode\nEnd",
        );
        assert_eq!(
            document,
            Document {
                body: vec![
                    Block::Paragraph("Does it.\nAll of it.".into()),
                    Block::Remark("Note:", "Careful\nhere".into()),
                    Block::Item("one".into()),
                    Block::Item("two".into()),
                    Block::Paragraph("Afterwards.".into()),
                    Block::Code("  x = 1\n\n  y".into()),
                    Block::Paragraph("End".into()),
                ],
                parameters: vec![
                    ("a".into(), "the first\nof two".into()),
                    ("b".into(), String::new())
                ],
                returns: vec!["0 if OK".into(), "1 if\nnot".into()],
            }
        );
    }

    #[test]
    fn parameters_by_name() {
        let text = "Text\n@param a the first\n@param b";
        assert_eq!(parameter_text(text, "a").as_deref(), Some("the first"));
        assert_eq!(parameter_text(text, "b"), None);
        assert_eq!(parameter_text(text, "c"), None);
    }
}
