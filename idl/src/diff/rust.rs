use super::{Change, Comparison, Item, RustItem};

/// Rust names of one model, as its bindings have them. The generator knows them; this crate does not.
pub trait RustNames {
    /// The Rust path of a type, or of a member of it.
    ///
    /// `path` is that of a type or module, without versions; when there are several versions, the newest is meant.
    /// `member` is empty for the type itself, otherwise the name of a constant, method, field or enumerator, or
    /// `method(parameter)`.
    fn rust_name(&self, path: &str, member: &str) -> Option<String>;
}

impl Comparison {
    /// Adds the names that Rust callers use: to each change, type and module.
    #[must_use]
    pub fn with_rust_names(mut self, old: &dyn RustNames, new: &dyn RustNames) -> Self {
        let item = |path: &str, member: &str| RustItem {
            old: old.rust_name(path, member),
            new: new.rust_name(path, member),
        };
        let modules = self.modules();
        let modules = modules
            .into_iter()
            .map(|path| (path.to_owned(), item(path, "")));
        self.rust_modules = modules.collect();
        for ty in &mut self.types {
            ty.rust = item(&ty.path, "");
        }
        let inner = self.types.iter_mut().flat_map(|ty| &mut ty.changes);
        for change in self.removed.iter_mut().chain(&mut self.added).chain(inner) {
            change.rust = named(change, &item);
        }
        self
    }
}

fn named(change: &Change, item: &dyn Fn(&str, &str) -> RustItem) -> RustItem {
    match (change.item, change.action, &change.new) {
        (Item::Reference, ..) => item(&change.path, ""),
        (Item::Enumerator, super::Action::Renamed, Some(renamed)) => RustItem {
            old: item(&change.path, &change.member).old,
            new: item(&change.path, renamed).new,
        },
        _ => item(&change.path, &change.member),
    }
}
