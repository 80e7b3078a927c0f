//! Compiles every expectation of `tests/corpus` with warnings denied.

#![deny(warnings, missing_docs)]

/// `constants.idl`
#[rustfmt::skip]
#[path = "../../corpus/constants.rs"]
pub mod case_constants;

/// `deprecated.idl`
#[rustfmt::skip]
#[path = "../../corpus/deprecated.rs"]
pub mod case_deprecated;

/// `documentation.idl`
#[rustfmt::skip]
#[path = "../../corpus/documentation.rs"]
pub mod case_documentation;

/// `enumerator-prefix.idl`
#[rustfmt::skip]
#[path = "../../corpus/enumerator-prefix.rs"]
pub mod case_enumerator_prefix;

/// `external.idl`
#[rustfmt::skip]
#[path = "../../corpus/external.rs"]
pub mod case_external;

/// `features.idl`
#[rustfmt::skip]
#[path = "../../corpus/features.rs"]
pub mod case_features;

/// `features.idl` again, as several files out of a build script.
pub mod case_features_built {
    include!(concat!(env!("OUT_DIR"), "/features.rs"));
}

/// `garden.idl`
#[rustfmt::skip]
#[path = "../../corpus/garden.rs"]
pub mod case_garden;

/// `keywords.idl`
#[rustfmt::skip]
#[path = "../../corpus/keywords.rs"]
pub mod case_keywords;

/// `layout.idl`, one file for each module, checked in.
#[rustfmt::skip]
#[path = "../../corpus/layout.rs"]
pub mod case_layout;

/// `layout.idl` again, out of a build script.
pub mod case_layout_built {
    include!(concat!(env!("OUT_DIR"), "/built.rs"));
}

/// `marks.idl`
#[rustfmt::skip]
#[path = "../../corpus/marks.rs"]
pub mod case_marks;

/// `modules.idl`
#[rustfmt::skip]
#[path = "../../corpus/modules.rs"]
pub mod case_modules;

/// `nullable.idl`
#[rustfmt::skip]
#[path = "../../corpus/nullable.rs"]
pub mod case_nullable;

/// `overrides.idl`
#[rustfmt::skip]
#[path = "../../corpus/overrides.rs"]
pub mod case_overrides;

/// `plain.idl`
#[rustfmt::skip]
#[path = "../../corpus/plain.rs"]
pub mod case_plain;

/// `recursion.idl`
#[rustfmt::skip]
#[path = "../../corpus/recursion.rs"]
pub mod case_recursion;

/// `renames.idl`
#[rustfmt::skip]
#[path = "../../corpus/renames.rs"]
pub mod case_renames;

/// `reserved.idl`
#[rustfmt::skip]
#[path = "../../corpus/reserved.rs"]
pub mod case_reserved;

/// `roots.idl`
#[rustfmt::skip]
#[path = "../../corpus/roots.rs"]
pub mod case_roots;

/// `shapes.idl`
#[rustfmt::skip]
#[path = "../../corpus/shapes.rs"]
pub mod case_shapes;

/// `sparse.idl`
#[rustfmt::skip]
#[path = "../../corpus/sparse.rs"]
pub mod case_sparse;

/// `std-names.idl`
#[rustfmt::skip]
#[path = "../../corpus/std-names.rs"]
pub mod case_std_names;

/// `typed-errors.idl`
#[rustfmt::skip]
#[path = "../../corpus/typed-errors.rs"]
pub mod case_typed_errors;

/// `types.idl`
#[rustfmt::skip]
#[path = "../../corpus/types.rs"]
pub mod case_types;

/// `value-objects.idl`
#[rustfmt::skip]
#[path = "../../corpus/value-objects.rs"]
pub mod case_value_objects;

/// `versions.idl`
#[rustfmt::skip]
#[path = "../../corpus/versions.rs"]
pub mod case_versions;

/// `well-known.idl`
#[rustfmt::skip]
#[path = "../../corpus/well-known.rs"]
pub mod case_well_known;

/// `well-known-roots.idl`
#[rustfmt::skip]
#[path = "../../corpus/well-known-roots.rs"]
pub mod case_well_known_roots;
