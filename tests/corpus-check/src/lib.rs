//! Compiles every expectation of `tests/corpus` with warnings denied.

#![deny(warnings, missing_docs)]

/// `constants.idl`
#[path = "../../corpus/constants.rs"]
pub mod case_constants;

/// `deprecated.idl`
#[path = "../../corpus/deprecated.rs"]
pub mod case_deprecated;

/// `documentation.idl`
#[path = "../../corpus/documentation.rs"]
pub mod case_documentation;

/// `external.idl`
#[path = "../../corpus/external.rs"]
pub mod case_external;

/// `garden.idl`
#[path = "../../corpus/garden.rs"]
pub mod case_garden;

/// `keywords.idl`
#[path = "../../corpus/keywords.rs"]
pub mod case_keywords;

/// `modules.idl`
#[path = "../../corpus/modules.rs"]
pub mod case_modules;

/// `overrides.idl`
#[path = "../../corpus/overrides.rs"]
pub mod case_overrides;

/// `plain.idl`
#[path = "../../corpus/plain.rs"]
pub mod case_plain;

/// `recursion.idl`
#[path = "../../corpus/recursion.rs"]
pub mod case_recursion;

/// `reserved.idl`
#[path = "../../corpus/reserved.rs"]
pub mod case_reserved;

/// `roots.idl`
#[path = "../../corpus/roots.rs"]
pub mod case_roots;

/// `shapes.idl`
#[path = "../../corpus/shapes.rs"]
pub mod case_shapes;

/// `sparse.idl`
#[path = "../../corpus/sparse.rs"]
pub mod case_sparse;

/// `std-names.idl`
#[path = "../../corpus/std-names.rs"]
pub mod case_std_names;

/// `types.idl`
#[path = "../../corpus/types.rs"]
pub mod case_types;

/// `value-objects.idl`
#[path = "../../corpus/value-objects.rs"]
pub mod case_value_objects;

/// `versions.idl`
#[path = "../../corpus/versions.rs"]
pub mod case_versions;
