use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// A block of code in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The document, as seen from the root of the repository.
    pub document: String,
    /// The line of the fence, from 1.
    pub line: usize,
    /// What stands behind the fence, word by word; the first one is the language.
    pub words: Vec<String>,
    /// What is in the block.
    pub text: String,
}

impl Block {
    /// The language; empty when the fence names none.
    #[must_use]
    pub fn language(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Whether the fence has this word behind the language.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().skip(1).any(|other| other == word)
    }

    /// What a word of the form `key:…` behind the language says.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.words
            .iter()
            .find_map(|word| word.strip_prefix(key)?.strip_prefix(':'))
    }
}

/// The blocks of a document in their order. Indented blocks have no language.
#[must_use]
pub fn blocks(document: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match &kind {
                    CodeBlockKind::Fenced(info) => info.as_ref(),
                    CodeBlockKind::Indented => "",
                };
                let words = info.split([',', ' ']).filter(|word| !word.is_empty());
                open = Some(Block {
                    document: document.to_owned(),
                    line: text[..range.start].matches('\n').count() + 1,
                    words: words.map(str::to_owned).collect(),
                    text: String::new(),
                });
            }
            Event::Text(text) => {
                if let Some(block) = &mut open {
                    block.text.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}
