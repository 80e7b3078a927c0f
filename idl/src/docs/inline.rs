use super::clean::push_clean;

/// Running text with Doxygen marks as Markdown: everything that Markdown or rustdoc would take for
/// markup is escaped, line starts included. Line ends are kept.
pub(super) fn inline(text: &str) -> String {
    let mut scan = Scan {
        rest: text,
        before: None,
        out: String::new(),
        wants_break: false,
    };
    while scan.step() {}
    let lines: Vec<String> = scan.out.lines().map(|line| guard(line.trim())).collect();
    lines.join("\n")
}

/// `` `content` ``, or escaped text where that cannot be.
pub(super) fn code(content: &str) -> String {
    let content = content.trim();
    if content.is_empty() {
        String::new()
    } else if content.contains(['`', '\n']) {
        escape(content)
    } else {
        format!("`{}`", clean(content))
    }
}

struct Scan<'t> {
    rest: &'t str,
    /// The character before `rest`.
    before: Option<char>,
    out: String,
    /// A line break to be made before the next text.
    wants_break: bool,
}

impl<'t> Scan<'t> {
    fn step(&mut self) -> bool {
        let Some(next) = self.rest.chars().next() else {
            return false;
        };
        match next {
            '@' | '\\' => self.command(next),
            '{' => self.brace(),
            '%' => self.percent(),
            '#' => self.hash(),
            '`' => self.backtick(),
            'h' if self.url() => {}
            ':' if self.rest.starts_with("://") => {
                self.take(1);
                self.push("\\:");
            }
            '_' => {
                let inside = self.is_inside_word(next);
                self.take(1);
                self.push(if inside { "_" } else { "\\_" });
            }
            '*' | '[' | ']' | '<' | '>' | '&' | '|' | '~' => {
                self.take(1);
                self.push(&format!("\\{next}"));
            }
            _ => {
                let taken = self.take(next.len_utf8());
                self.push(taken);
            }
        }
        true
    }

    /// Moves on by some bytes, which end between characters.
    fn take(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.before = taken.chars().next_back().or(self.before);
        self.rest = rest;
        taken
    }

    fn push(&mut self, text: &str) {
        if self.wants_break {
            if text.trim().is_empty() {
                return;
            }
            self.wants_break = false;
            let end = self.out.trim_end().len();
            self.out.truncate(end);
            if !self.out.is_empty() {
                self.out.push_str("\\\n");
            }
        }
        push_clean(&mut self.out, text);
    }

    fn is_word_start(&self) -> bool {
        !self.before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    }

    /// Whether the next character stands between letters or digits.
    fn is_inside_word(&self, next: char) -> bool {
        let after = self
            .rest
            .get(next.len_utf8()..)
            .and_then(|rest| rest.chars().next());
        self.before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
    }

    fn command(&mut self, mark: char) {
        let literal = if mark == '@' { "@" } else { "\\\\" };
        let is_start = self
            .before
            .is_none_or(|c| c.is_whitespace() || "([{\"'/|,;=".contains(c));
        self.take(1);
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic());
        let length = end.unwrap_or(self.rest.len());
        let name = &self.rest[..length];
        // Escapes and line breaks may be glued to a word.
        let is_glued = mark == '\\' && matches!(name, "" | "n");
        if !is_start && !is_glued {
            return self.push(literal);
        }
        match name {
            "" => match self.rest.chars().next() {
                Some(
                    escaped @ ('\\' | '@' | '&' | '$' | '#' | '<' | '>' | '%' | '"' | '.' | '|'),
                ) => {
                    let text = self.take(escaped.len_utf8());
                    self.push(&escape(text));
                }
                _ => self.push(literal),
            },
            "c" | "p" | "ref" | "anchor" | "link" => {
                self.take(length);
                let word = self.word();
                self.push(&code(word));
            }
            "e" | "em" | "a" => self.emphasis(length, "*"),
            "b" => self.emphasis(length, "**"),
            "n" => {
                self.take(length);
                self.wants_break = true;
            }
            "brief" | "short" | "details" | "endlink" | "cond" | "endcond" | "li" | "arg" => {
                self.take(length);
                self.blanks();
            }
            _ => {
                let word = self.take(length);
                self.push(word);
            }
        }
    }

    fn emphasis(&mut self, length: usize, mark: &str) {
        self.take(length);
        let word = self.word();
        let text = escape(word);
        // Marks beside punctuation or nothing would stay visible.
        let is_plain = word.chars().all(char::is_alphanumeric) && !word.is_empty();
        self.push(&if is_plain {
            format!("{mark}{text}{mark}")
        } else {
            text
        });
        // So would a mark glued to what follows.
        if is_plain && self.rest.starts_with(char::is_alphanumeric) {
            self.push(" ");
        }
    }

    fn blanks(&mut self) {
        let length = self.rest.len() - self.rest.trim_start().len();
        self.take(length);
    }

    /// The next word, without the punctuation that ends a clause.
    fn word(&mut self) -> &'t str {
        self.blanks();
        let length = self
            .rest
            .find(char::is_whitespace)
            .unwrap_or(self.rest.len());
        let mut word = &self.rest[..length];
        while let Some(shorter) = word.strip_suffix(['.', ',', ';', ':', '!', '?', '"', '\'', ')'])
        {
            if word.ends_with(')') && shorter.matches('(').count() > shorter.matches(')').count() {
                break;
            }
            word = shorter;
        }
        self.take(word.len());
        word.strip_prefix(['%', '#']).unwrap_or(word)
    }

    /// `{@link name}`, `{@link name text}`, `{@code text}`
    fn brace(&mut self) {
        let found = self.rest.split_once('}').and_then(|(inside, _)| {
            let command = inside.get(1..)?.strip_prefix(['@', '\\'])?;
            let (command, text) = command.split_once(char::is_whitespace)?;
            Some((command, text.trim(), inside.len() + 1))
        });
        let Some((command @ ("link" | "linkplain" | "code"), text, length)) = found else {
            let brace = self.take(1);
            return self.push(brace);
        };
        let target_and_label = text
            .split_once(char::is_whitespace)
            .filter(|_| command != "code");
        let shown = match target_and_label {
            Some((_, label)) => escape(label.trim()),
            None => code(text.trim_start_matches('#')),
        };
        self.take(length);
        self.push(&shown);
    }

    /// `%Name` only keeps Doxygen from making a link.
    fn percent(&mut self) {
        let is_mark = self.is_word_start()
            && self
                .rest
                .get(1..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'));
        let percent = self.take(1);
        if !is_mark {
            self.push(percent);
        }
    }

    /// `#name` is a link to a member.
    fn hash(&mut self) {
        let is_start = self.before.is_none_or(|c| c.is_whitespace() || c == '(');
        let hash = self.take(1);
        if is_start
            && self
                .rest
                .starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        {
            let word = self.word();
            self.push(&code(word));
        } else {
            self.push(hash);
        }
    }

    fn backtick(&mut self) {
        let inner = self
            .rest
            .get(1..)
            .and_then(|rest| rest.split_once('`'))
            .map(|(inner, _)| inner);
        match inner.filter(|inner| !inner.trim().is_empty() && !inner.contains('\n')) {
            Some(inner) => {
                self.take(inner.len() + 2);
                self.push(&code(inner));
            }
            None => {
                self.take(1);
                self.push("\\`");
            }
        }
    }

    fn url(&mut self) -> bool {
        if !(self.rest.starts_with("http://") || self.rest.starts_with("https://")) {
            return false;
        }
        let is_end = |c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '\\')
        };
        let end = self.rest.find(is_end).unwrap_or(self.rest.len());
        let mut url = &self.rest[..end];
        while let Some(shorter) = url.strip_suffix(['.', ',', ';', ':', '!', '?', '\'', ')', '*']) {
            if url.ends_with(')') && shorter.contains('(') {
                break;
            }
            url = shorter;
        }
        if url.ends_with('/')
            && url
                .split_once("://")
                .is_some_and(|(_, host)| host.trim_matches('/').is_empty())
        {
            return false;
        }
        self.take(url.len());
        self.push(&format!("<{url}>"));
        true
    }
}

/// Text without any markup. The colon of a URL is escaped too: rustdoc warns of bare URLs.
pub(super) fn escape(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let is_markup = "\\`*_[]<>&|~#".contains(c);
        if is_markup || text.get(at..).is_some_and(|rest| rest.starts_with("://")) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_clean(&mut out, text);
    out
}

/// Escapes a line start that would begin a list, heading, rule or table.
fn guard(line: &str) -> String {
    let is_rule = !line.is_empty()
        && line
            .chars()
            .all(|c| matches!(c, '-' | '=' | ':' | '+' | ' '));
    let first_word = line.split_once(' ').map_or(line, |(first, _)| first);
    if is_rule || line.starts_with('#') || first_word == "-" || first_word == "+" {
        return format!("\\{line}");
    }
    let digits = first_word.len()
        - first_word
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    if digits > 0
        && let (number, mark @ ("." | ")")) = first_word.split_at(digits)
    {
        let rest = &line[first_word.len()..];
        return format!("{number}\\{mark}{rest}");
    }
    line.to_owned()
}
