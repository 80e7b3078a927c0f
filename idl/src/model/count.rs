use super::{Model, TypeKind};

/// How much of everything a model holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Modules, each counted once.
    pub modules: usize,
    /// Interfaces.
    pub interfaces: usize,
    /// Methods.
    pub methods: usize,
    /// In-parameters.
    pub in_parameters: usize,
    /// Out-parameters.
    pub out_parameters: usize,
    /// Constants.
    pub constants: usize,
    /// Structures.
    pub structures: usize,
    /// Fields of structures.
    pub structure_fields: usize,
    /// Value objects.
    pub value_objects: usize,
    /// Own fields of value objects.
    pub value_object_fields: usize,
    /// Enumerations.
    pub enumerations: usize,
    /// Enumerators.
    pub enumerators: usize,
    /// Typedefs.
    pub typedefs: usize,
    /// Opaque types.
    pub opaques: usize,
    /// Places where a declared type is named.
    pub references: usize,
}

impl Counts {
    /// Interfaces, structures, value objects and enumerations: what has a wire id on the wire.
    #[must_use]
    pub const fn types(&self) -> usize {
        self.interfaces + self.structures + self.value_objects + self.enumerations
    }
}

impl Model {
    /// Counts everything.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            modules: self.modules.len(),
            references: self.references.len(),
            ..Counts::default()
        };
        for ty in &self.types {
            match &ty.kind {
                TypeKind::Interface(interface) => {
                    counts.interfaces += 1;
                    counts.constants += interface.constants.len();
                    counts.methods += interface.methods.len();
                    for method in &interface.methods {
                        counts.in_parameters += method.ins().count();
                        counts.out_parameters += method.outs().count();
                    }
                }
                TypeKind::Structure { fields } => {
                    counts.structures += 1;
                    counts.structure_fields += fields.len();
                }
                TypeKind::ValueObject { fields, .. } => {
                    counts.value_objects += 1;
                    counts.value_object_fields += fields.len();
                }
                TypeKind::Enumeration { enumerators, .. } => {
                    counts.enumerations += 1;
                    counts.enumerators += enumerators.len();
                }
                TypeKind::Typedef { .. } => counts.typedefs += 1,
                TypeKind::Opaque => counts.opaques += 1,
            }
        }
        counts
    }
}
