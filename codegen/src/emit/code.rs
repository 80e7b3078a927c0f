//! Code whose lines break where prettyplease breaks them: what is in brackets stays in one line where it fits, and has
//! a line for each piece otherwise.

use std::borrow::Cow;

use proc_macro2::Literal;

/// The longest line that prettyplease keeps whole.
pub(super) const WIDTH: usize = 89;
pub(super) const INDENT: usize = 4;

/// What a line may hold behind its indentation, however deep it is.
const LEAST: usize = 60;

/// A piece of code.
pub(super) enum Code {
    /// What is never broken.
    Word(Cow<'static, str>),
    /// Pieces with commas between them, in brackets.
    List(List),
    /// A literal of a structure, which never stays in one line.
    Structure(Structure),
    /// `receiver.method().method()`
    Chain(Chain),
    /// A `match`, which never stays in one line.
    Match(&'static str, Vec<Arm>),
}

pub(super) struct List {
    /// What is before the pieces, with the bracket.
    open: Cow<'static, str>,
    items: Vec<Code>,
    close: &'static str,
    /// Whether the last of several lines has a comma, too.
    comma: bool,
}

pub(super) struct Structure {
    /// The path, with what is before it.
    path: Cow<'static, str>,
    fields: Vec<Field>,
    close: &'static str,
}

/// A field of a literal.
pub(super) struct Field {
    /// Lines of attributes.
    attribute: String,
    /// With the colon; nothing before the rest of the fields.
    name: &'static str,
    value: Code,
}

pub(super) struct Chain {
    pub(super) receiver: &'static str,
    /// Methods and their arguments.
    pub(super) calls: Vec<(Cow<'static, str>, Vec<Code>)>,
    /// `?` or nothing.
    pub(super) end: &'static str,
}

/// An arm of a `match`.
pub(super) struct Arm {
    pub(super) pattern: Cow<'static, str>,
    pub(super) body: Code,
    /// What the body has behind it when it gets a block of its own.
    pub(super) end: &'static str,
}

impl Code {
    pub(super) fn word(word: impl Into<Cow<'static, str>>) -> Self {
        Self::Word(word.into())
    }

    /// A literal of a string.
    pub(super) fn string(text: &str) -> Self {
        let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
        if text.bytes().all(is_plain) {
            Self::word(format!("\"{text}\""))
        } else {
            Self::word(Literal::string(text).to_string())
        }
    }

    /// `function(arguments)`; the name comes with its bracket.
    pub(super) fn call(function: impl Into<Cow<'static, str>>, arguments: Vec<Self>) -> Self {
        Self::list(function, arguments, ")")
    }

    /// `&[items]`
    pub(super) fn slice(items: impl IntoIterator<Item = Self>) -> Self {
        Self::list("&[", items.into_iter().collect(), "]")
    }

    /// `&["a", "b"]`
    pub(super) fn strings<'s>(texts: impl IntoIterator<Item = &'s str>) -> Self {
        Self::slice(texts.into_iter().map(Self::string))
    }

    /// `(items)`
    pub(super) fn tuple(items: Vec<Self>) -> Self {
        Self::list("(", items, ")")
    }

    /// `::core::option::Option::Some(value)`
    pub(super) fn some(value: Self) -> Self {
        Self::call("::core::option::Option::Some(", vec![value])
    }

    /// `::core::option::Option::Some(path { fields })`, whose brackets go together.
    pub(super) fn some_structure(path: &str, fields: Vec<Field>) -> Self {
        Self::Structure(Structure {
            path: format!("::core::option::Option::Some({path}").into(),
            fields,
            close: "})",
        })
    }

    /// `path { fields }`
    pub(super) fn structure(path: &'static str, fields: Vec<Field>) -> Self {
        Self::Structure(Structure {
            path: path.into(),
            fields,
            close: "}",
        })
    }

    /// `name!(argument)`; the name comes with its bracket.
    pub(super) fn invocation(name: &'static str, argument: Self) -> Self {
        Self::List(List {
            open: name.into(),
            items: vec![argument],
            close: ")",
            comma: false,
        })
    }

    fn list(open: impl Into<Cow<'static, str>>, items: Vec<Self>, close: &'static str) -> Self {
        Self::List(List {
            open: open.into(),
            items,
            close,
            comma: true,
        })
    }

    /// The code as it stands after `before` characters at this level of blocks, where `after` more follow it.
    pub(super) fn laid_out(&self, level: usize, before: usize, after: usize) -> String {
        let mut writer = Writer {
            text: String::new(),
            indent: level * INDENT,
            column: level * INDENT + before,
        };
        writer.code(self, after);
        writer.text
    }

    /// How wide the code is in one line; `None` when it never stays in one.
    fn width(&self) -> Option<usize> {
        match self {
            Self::Word(word) => Some(word.len()),
            Self::List(list) => Some(list.open.len() + inner(&list.items)? + list.close.len()),
            Self::Chain(chain) => {
                let mut width = chain.receiver.len() + chain.end.len();
                for (name, arguments) in &chain.calls {
                    width += ".()".len() + name.len() + inner(arguments)?;
                }
                Some(width)
            }
            Self::Structure(_) | Self::Match(..) => None,
        }
    }
}

impl Field {
    pub(super) fn new(name: &'static str, value: Code) -> Self {
        Self::under(String::new(), name, value)
    }

    /// A field under attributes that are laid out.
    pub(super) fn under(attribute: String, name: &'static str, value: Code) -> Self {
        Self {
            attribute,
            name,
            value,
        }
    }

    /// The rest of the fields: `..path`
    pub(super) fn rest(path: &'static str) -> Self {
        Self::new("", Code::word(path))
    }
}

/// How wide pieces are in one line.
fn inner(items: &[Code]) -> Option<usize> {
    let mut width = ", ".len() * items.len().saturating_sub(1);
    for item in items {
        width += item.width()?;
    }
    Some(width)
}

struct Writer {
    text: String,
    indent: usize,
    column: usize,
}

impl Writer {
    /// Code with `after` characters behind it before a line may break.
    fn code(&mut self, code: &Code, after: usize) {
        match code {
            Code::Word(word) => self.word(word),
            Code::List(list) => {
                let fits = code.width().is_some_and(|width| self.fits(width + after));
                self.word(&list.open);
                self.items(&list.items, fits, list.comma);
                self.word(list.close);
            }
            Code::Structure(structure) => {
                self.word(&structure.path);
                self.word(" {");
                self.indented(|writer| {
                    for field in &structure.fields {
                        writer.field(field);
                    }
                });
                self.word(structure.close);
            }
            Code::Chain(chain) => {
                let fits = code.width().is_some_and(|width| self.fits(width + after));
                self.chain(chain, fits, after);
            }
            Code::Match(head, arms) => {
                self.word(head);
                self.word(" {");
                self.indented(|writer| {
                    for arm in arms {
                        writer.arm(arm);
                    }
                });
                self.word("}");
            }
        }
    }

    fn chain(&mut self, chain: &Chain, fits: bool, after: usize) {
        self.word(chain.receiver);
        self.indent += INDENT;
        for (at, (name, arguments)) in chain.calls.iter().enumerate() {
            if !fits {
                self.line();
            }
            self.word(".");
            self.word(name);
            let is_last = at + 1 == chain.calls.len();
            let after = if is_last { chain.end.len() + after } else { 0 };
            let width = inner(arguments).map(|width| "()".len() + width);
            let fits = fits || width.is_some_and(|width| self.fits(width + after));
            self.word("(");
            self.items(arguments, fits, true);
            self.word(")");
        }
        self.indent -= INDENT;
        self.word(chain.end);
    }

    fn field(&mut self, field: &Field) {
        for line in field.attribute.lines() {
            self.line();
            self.word(line);
        }
        self.line();
        if field.name.is_empty() {
            self.word("..");
            self.code(&field.value, 0);
        } else {
            self.word(field.name);
            self.word(": ");
            self.code(&field.value, ",".len());
            self.word(",");
        }
    }

    fn arm(&mut self, arm: &Arm) {
        self.line();
        self.word(&arm.pattern);
        self.word(" => ");
        // The comma may stand beyond the margin.
        if arm.body.width().is_some_and(|width| self.fits(width)) {
            self.code(&arm.body, 0);
            self.word(",");
        } else {
            self.word("{");
            self.indented(|writer| {
                writer.line();
                writer.code(&arm.body, 0);
                writer.word(arm.end);
            });
            self.word("}");
        }
    }

    /// Pieces in one line, or each in its own.
    fn items(&mut self, items: &[Code], fits: bool, comma: bool) {
        if fits {
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    self.word(", ");
                }
                self.code(item, 0);
            }
            return;
        }
        self.indented(|writer| {
            for (at, item) in items.iter().enumerate() {
                let is_last = at + 1 == items.len();
                writer.line();
                writer.code(item, usize::from(!is_last));
                if comma || !is_last {
                    writer.word(",");
                }
            }
        });
    }

    /// Lines of a block, and the start of the line behind it.
    fn indented(&mut self, lines: impl FnOnce(&mut Self)) {
        self.indent += INDENT;
        lines(self);
        self.indent -= INDENT;
        self.line();
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', self.indent));
        self.column = self.indent;
    }

    fn word(&mut self, word: &str) {
        self.text.push_str(word);
        self.column += word.len();
    }

    fn fits(&self, width: usize) -> bool {
        self.column + width <= WIDTH.max(self.indent + LEAST)
    }
}

#[cfg(test)]
mod tests {
    use super::{Arm, Chain, Code, Field};

    /// Code of every kind around a word.
    fn samples(word: &str) -> Vec<Code> {
        let name = || Code::word(word.to_owned());
        let list = || {
            Code::slice([
                Code::tuple(vec![Code::word("1"), Code::strings([word])]),
                Code::tuple(vec![Code::word("2"), Code::strings(["a", "b\"c"])]),
            ])
        };
        let rest = || Field::rest("T::PLAIN");
        let path = "::xerus_rpc::rt::SomethingOfALongName";
        let argument = Chain {
            receiver: "call",
            calls: vec![("argument".into(), vec![Code::word("0"), Code::string(word)])],
            end: "?",
        };
        let chain = |arguments| {
            Code::Chain(Chain {
                receiver: "target",
                calls: vec![
                    ("method".into(), arguments),
                    ("named".into(), vec![Code::strings([word])]),
                ],
                end: "",
            })
        };
        let arms = vec![
            Arm {
                pattern: "\"a\"".into(),
                body: chain(vec![name(), Code::Chain(argument)]),
                end: "",
            },
            Arm {
                pattern: "_".into(),
                body: Code::call("f(", vec![name()]),
                end: "",
            },
        ];
        vec![
            Code::call("f(", vec![name()]),
            Code::call("f(", vec![name(), Code::call("g(", vec![name()])]),
            Code::call("f(", vec![Code::some(list()), list()]),
            Code::call("f(", vec![Code::invocation("make!(", name())]),
            Code::structure(
                path,
                vec![
                    Field::new("a", Code::some(list())),
                    Field::new("b", Code::call("f(", vec![name()])),
                    Field::under("#[cfg(a)]".to_owned(), "c", name()),
                    Field::new("d", Code::some_structure(path, vec![rest()])),
                    Field::new("e", Code::structure(path, vec![Field::new("a", name())])),
                    rest(),
                ],
            ),
            Code::call("f(", vec![Code::Match("match x", arms)]),
        ]
    }

    #[test]
    fn lines_break_where_prettyplease_breaks_them() {
        for depth in [0, 1, 5, 9] {
            for width in 1..70 {
                for code in samples(&"x".repeat(width)) {
                    let text = code.laid_out(depth + 1, 0, 0);
                    let (open, close) = ("mod m {".repeat(depth), "}".repeat(depth));
                    let source = format!("{open}fn f() {{ {text} }}{close}");
                    let file = syn::parse_file(&source).expect("a function in modules");
                    let formatted = prettyplease::unparse(&file);
                    let lines: Vec<_> = formatted.lines().collect();
                    let body = lines[depth + 1..lines.len() - depth - 1].join("\n");
                    assert_eq!(body.trim_start(), text, "{depth} {width}");
                }
            }
        }
    }
}
