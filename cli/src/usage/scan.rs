//! The names in one Rust file.
//!
//! Everything is looked at as tokens, so that what stands in macros counts as well: `println!`, `select!`, and the
//! bodies of `macro_rules!`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Spacing, TokenStream, TokenTree};
use syn::UseTree;

/// `pdumodel::Outlet` in parts.
pub(super) type Path = Vec<String>;

/// What a file names.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Paths as they are written.
    pub(super) paths: BTreeSet<Path>,
    /// What a name brought in by `use` stands for. Modules of a file may differ.
    pub(super) imports: BTreeMap<String, BTreeSet<Path>>,
    /// What `use` brings in as a whole.
    pub(super) globs: BTreeSet<Path>,
    /// Names in the place of a method: behind `.`, `::` or `fn`, and any in a macro.
    pub(super) called: BTreeSet<String>,
    /// All names.
    pub(super) idents: BTreeSet<String>,
    /// Texts that may be names: members are also asked for by text.
    pub(super) texts: BTreeSet<String>,
}

/// Where a file is not Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotRust {
    pub(super) line: usize,
}

impl Names {
    pub(super) fn of(text: &str) -> Result<Self, NotRust> {
        let not_rust = |error: &syn::Error| NotRust {
            line: error.span().start().line,
        };
        let file = syn::parse_file(text).map_err(|error| not_rust(&error))?;
        let mut names = Self::default();
        names.walk(quote::ToTokens::into_token_stream(file), false);
        Ok(names)
    }

    fn walk(&mut self, stream: TokenStream, is_macro: bool) {
        let tokens: Vec<_> = stream.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Ident(word) if *word == "use" && !is_punct(&tokens, at + 1, '<') => {
                    let end = (at..tokens.len()).find(|&at| is_punct(&tokens, at, ';'));
                    let end = end.unwrap_or(tokens.len());
                    let tokens = tokens.get(at..end).unwrap_or_default();
                    self.import(tokens);
                    at = end;
                    continue;
                }
                TokenTree::Ident(_) => {
                    at = self.path(&tokens, at, is_macro);
                    continue;
                }
                TokenTree::Group(group) => {
                    self.walk(group.stream(), is_macro || is_argument(&tokens, at));
                }
                TokenTree::Literal(literal) => {
                    if let syn::Lit::Str(text) = syn::Lit::new(literal.clone()) {
                        self.texts.insert(text.value());
                    }
                }
                TokenTree::Punct(_) => {}
            }
            at += 1;
        }
    }

    /// Takes the path that begins here, and says where it ends.
    fn path(&mut self, tokens: &[TokenTree], begin: usize, is_macro: bool) -> usize {
        let mut at = begin;
        let mut path = Path::new();
        while let Some(TokenTree::Ident(word)) = tokens.get(at) {
            path.push(plain(&word.to_string()));
            at += 1;
            if !is_double_colon(tokens, at)
                || !matches!(tokens.get(at + 2), Some(TokenTree::Ident(_)))
            {
                break;
            }
            at += 2;
        }
        self.idents.extend(path.iter().cloned());
        self.called.extend(path.iter().skip(1).cloned());
        let before = begin.checked_sub(1);
        let is_member = before.is_some_and(|before| {
            is_punct(tokens, before, '.')
                || is_punct(tokens, before, ':')
                || matches!(&tokens[before], TokenTree::Ident(word) if *word == "fn")
        });
        if is_member || is_macro {
            self.called.extend(path.first().cloned());
        }
        self.paths.insert(path);
        at
    }

    /// A `use`, without its semicolon. In a macro a part of it may be a variable.
    fn import(&mut self, tokens: &[TokenTree]) {
        let whole = tokens
            .iter()
            .filter(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == '$'));
        let semicolon = TokenTree::Punct(proc_macro2::Punct::new(';', Spacing::Alone));
        let whole: TokenStream = whole.cloned().chain([semicolon]).collect();
        match syn::parse2::<syn::ItemUse>(whole) {
            Ok(item) => self.tree(&item.tree, &mut Path::new()),
            Err(_) => self.walk(tokens.iter().skip(1).cloned().collect(), true),
        }
    }

    fn tree(&mut self, tree: &UseTree, prefix: &mut Path) {
        match tree {
            UseTree::Path(path) => {
                prefix.push(plain(&path.ident.to_string()));
                self.tree(&path.tree, prefix);
                prefix.pop();
            }
            UseTree::Name(name) => {
                let name = plain(&name.ident.to_string());
                self.bring(name.clone(), &name, prefix);
            }
            UseTree::Rename(rename) => {
                let name = plain(&rename.ident.to_string());
                self.bring(plain(&rename.rename.to_string()), &name, prefix);
            }
            UseTree::Glob(_) => {
                self.globs.insert(prefix.clone());
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, prefix);
                }
            }
        }
    }

    fn bring(&mut self, as_name: String, name: &str, prefix: &Path) {
        let mut path = prefix.clone();
        let as_name = match (name, prefix.last()) {
            ("self", Some(last)) if as_name == "self" => last.clone(),
            ("self", _) => as_name,
            _ => {
                path.push(name.to_owned());
                as_name
            }
        };
        self.idents.extend(path.iter().cloned());
        self.paths.insert(path.clone());
        self.imports.entry(as_name).or_default().insert(path);
    }
}

/// `type` of `r#type`.
pub(super) fn plain(word: &str) -> String {
    word.strip_prefix("r#").unwrap_or(word).to_owned()
}

fn is_punct(tokens: &[TokenTree], at: usize, wanted: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn is_double_colon(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens, at, ':') && is_punct(tokens, at + 1, ':')
}

/// Whether a group is what a macro is called with: `vec![…]`, `macro_rules! name {…}`.
fn is_argument(tokens: &[TokenTree], at: usize) -> bool {
    let behind = |back: usize| {
        at.checked_sub(back)
            .is_some_and(|at| is_punct(tokens, at, '!'))
    };
    let is_named = matches!(
        at.checked_sub(1).map(|at| &tokens[at]),
        Some(TokenTree::Ident(_))
    );
    behind(1) || (is_named && behind(2))
}

#[cfg(test)]
mod tests {
    use super::Names;

    fn has(text: &str, path: &str) -> bool {
        let names = Names::of(text).expect("Rust");
        names
            .paths
            .contains(&path.split("::").map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn paths_are_found_wherever_they_stand() {
        for text in [
            "use a::B;",
            "use a::{B, C as D};",
            "fn f(x: Option<a::B>) {}",
            "fn f() { g::<a::B>(); }",
            "fn f() { println!(\"{}\", a::B); }",
            "macro_rules! m { ($x:ident) => { impl T for $x::a::B {} } }\nfn f(x: a::B) {}",
            "fn f() { let a::B = x else { return }; }",
        ] {
            assert!(has(text, "a::B"), "{text}");
        }
        assert!(!has("/// a::B\nfn f() { /* a::B */ }", "a::B"));
    }

    #[test]
    fn imports_are_told_by_the_name_that_they_bring_in() {
        let names =
            Names::of("use a::{self, b::{C as D, self as e}, f::*}; use a::r#type;").expect("Rust");
        let found: Vec<_> = names
            .imports
            .iter()
            .flat_map(|(name, paths)| {
                paths
                    .iter()
                    .map(move |path| format!("{name} {}", path.join("::")))
            })
            .collect();
        assert_eq!(found, ["D a::b::C", "a a", "e a::b", "type a::type"]);
        assert_eq!(
            names.globs.into_iter().collect::<Vec<_>>(),
            [["a", "f"].map(str::to_owned).to_vec()]
        );
        let names =
            Names::of("macro_rules! m { ($x:ident) => { use $x::a::{B, C}; } }").expect("Rust");
        assert!(names.imports.contains_key("B") && names.imports.contains_key("C"));
    }

    #[test]
    fn methods_are_called_behind_a_point_a_path_or_in_a_macro() {
        let text =
            "fn mine() { x.one(); T::two(x); <T as U>::three(x); each!(four); let five = six; }";
        let names = Names::of(text).expect("Rust");
        let found: Vec<_> = ["one", "two", "three", "four", "five", "six", "mine"]
            .into_iter()
            .filter(|name| names.called.contains(*name))
            .collect();
        assert_eq!(found, ["one", "two", "three", "four", "mine"]);
        assert!(names.idents.contains("five"));
    }

    #[test]
    fn what_is_not_rust_is_told_by_its_line() {
        let error = Names::of("fn f() {}\nfn g( {}\n").expect_err("not Rust");
        assert_eq!(error.line, 2);
    }
}
