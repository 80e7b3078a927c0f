//! The methods of a served interface.

use crate::method::Method;

/// The methods that an interface declares, and those of the interface that it extends; generated for each interface.
#[derive(Clone, Copy, Debug)]
pub struct Methods {
    /// Declared by the interface itself.
    pub own: &'static [Method],
    /// Those that it inherits.
    pub inherited: Option<&'static Self>,
}

impl Methods {
    /// What literals are written over.
    pub const PLAIN: Self = Self {
        own: &[],
        inherited: None,
    };

    /// All methods, own ones first.
    pub fn iter(&'static self) -> impl Iterator<Item = &'static Method> {
        std::iter::successors(Some(self), |methods| methods.inherited)
            .flat_map(|methods| methods.own)
    }

    /// The method with this IDL name.
    #[must_use]
    pub fn get(&'static self, name: &str) -> Option<&'static Method> {
        self.iter().find(|method| method.name == name)
    }
}
