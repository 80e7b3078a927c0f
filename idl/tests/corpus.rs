//! The whole API of firmware 4.0.20, counted.

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use support::{corpus, load};
use xerus_idl::model::{Builtin, Counts, Model, TypeIndex, TypeKind, TypeRef};

fn model() -> Model {
    load(corpus()).model
}

#[test]
fn every_type_has_its_wire_id() {
    if repository::is_missing() {
        return;
    }
    let model = model();
    let golden = include_str!("data/wire-ids-4.0.20.txt");
    let mut own: Vec<String> = model
        .types()
        .filter(|(_, ty)| !matches!(ty.kind, TypeKind::Typedef { .. } | TypeKind::Opaque))
        .map(|(_, ty)| {
            format!(
                "{}\t{}\t{}\t{}",
                ty.wire_id,
                ty.kind.word(),
                ty.path,
                ty.file_name
            )
        })
        .collect();
    own.sort();
    let mut golden: Vec<&str> = golden.lines().collect();
    golden.sort_unstable();
    assert_eq!(own, golden);
    assert_eq!(own.len(), 724);
}

#[test]
fn counts() {
    if repository::is_missing() {
        return;
    }
    assert_eq!(
        model().counts(),
        Counts {
            modules: 42,
            interfaces: 113,
            methods: 579,
            in_parameters: 363,
            out_parameters: 87,
            constants: 492,
            structures: 276,
            structure_fields: 1308,
            value_objects: 212,
            value_object_fields: 346,
            enumerations: 123,
            enumerators: 461,
            typedefs: 2,
            opaques: 1,
            references: 1307,
        }
    );
    assert_eq!(model().counts().types(), 724);
}

#[test]
fn references_by_kind() {
    if repository::is_missing() {
        return;
    }
    let model = model();
    let mut kinds = BTreeMap::new();
    for reference in model.references() {
        *kinds.entry(model.ty(reference.to).kind.word()).or_insert(0) += 1;
    }
    let expected = [
        ("enumeration", 188),
        ("interface", 253),
        ("opaque", 2),
        ("structure", 638),
        ("typedef", 4),
        ("valueobject", 222),
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn shapes_of_methods() {
    if repository::is_missing() {
        return;
    }
    let model = model();
    let mut results: BTreeMap<(bool, usize), usize> = BTreeMap::new();
    let mut ins: BTreeMap<usize, usize> = BTreeMap::new();
    let (mut with_out, mut int_returns) = (0, 0);
    let mut interfaces_with_out = BTreeSet::new();
    for (_, ty) in model.types() {
        for method in ty.methods() {
            let outs = method.outs().count();
            *results.entry((method.returns.is_some(), outs)).or_default() += 1;
            *ins.entry(method.ins().count()).or_default() += 1;
            with_out += usize::from(outs > 0);
            if outs > 0 {
                interfaces_with_out.insert((&ty.base_name, &ty.path));
            }
            int_returns += usize::from(method.returns == Some(TypeRef::Builtin(Builtin::Int)));
        }
    }
    assert_eq!((with_out, int_returns), (73, 216));
    // Two of them are called `Channel`, so there are 37 names.
    assert_eq!(interfaces_with_out.len(), 38);
    let names: BTreeSet<_> = interfaces_with_out
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names.len(), 37);
    let expected = [
        ((false, 0), 64),
        ((false, 1), 10),
        ((false, 2), 4),
        ((false, 3), 1),
        ((false, 4), 1),
        ((true, 0), 442),
        ((true, 1), 54),
        ((true, 2), 2),
        ((true, 4), 1),
    ];
    assert_eq!(results.into_iter().collect::<Vec<_>>(), expected);
    let expected = [(0, 323), (1, 182), (2, 50), (3, 17), (4, 5), (5, 2)];
    assert_eq!(ins.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn chains_and_maxima() {
    if repository::is_missing() {
        return;
    }
    let model = model();
    let mut interfaces: BTreeMap<usize, usize> = BTreeMap::new();
    let mut objects: BTreeMap<usize, usize> = BTreeMap::new();
    let (mut fields, mut methods, mut constants) = (0, 0, 0);
    let mut longest = None;
    for (index, ty) in model.types() {
        let depth = model.lineage(index).len();
        fields = fields.max(ty.fields().len());
        methods = methods.max(ty.methods().len());
        match &ty.kind {
            TypeKind::Interface(interface) => {
                *interfaces.entry(depth).or_default() += 1;
                constants = constants.max(interface.constants.len());
            }
            TypeKind::ValueObject { .. } => {
                *objects.entry(depth).or_default() += 1;
                longest = longest.max(Some((depth, ty.base_name.clone())));
            }
            _ => {}
        }
    }
    assert_eq!((fields, methods, constants), (25, 31, 107));
    assert_eq!(
        interfaces.into_iter().collect::<Vec<_>>(),
        [(1, 97), (2, 9), (3, 7)]
    );
    let expected = [(1, 8), (2, 86), (3, 102), (4, 14), (5, 1), (6, 1)];
    assert_eq!(objects.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(longest, Some((6, "ModbusValueEncoding64".to_owned())));
}

#[test]
fn annotations() {
    if repository::is_missing() {
        return;
    }
    let model = model();
    let on_types = |name: &str| {
        model
            .types()
            .filter(|(_, ty)| ty.has_annotation(name))
            .count()
    };
    assert_eq!(on_types("sparse_in"), 4);
    assert_eq!(on_types("unknown_fallback"), 3);
    assert_eq!(on_types("deprecated"), 1);
    let methods = model.types().flat_map(|(_, ty)| ty.methods());
    let deprecated =
        methods.filter(|method| method.annotations.iter().any(|a| a.name == "deprecated"));
    assert_eq!(deprecated.count(), 1);
    let fallbacks = model.types().filter(|(_, ty)| {
        matches!(
            ty.kind,
            TypeKind::Enumeration {
                fallback: Some(_),
                ..
            }
        )
    });
    assert_eq!(fallbacks.count(), 3);
}

#[test]
fn inner_names_shadow_those_of_the_module() {
    if repository::is_missing() {
        return;
    }
    let model = model();
    let find = |path: &str| model.find(path).unwrap();
    let bulk = model.ty(find("bulkrpc.BulkRequest_1_0_2"));
    let first_parameter = |name: &str| {
        let method = bulk.methods().iter().find(|m| m.name == name).unwrap();
        method.parameters[0].ty.clone()
    };
    let vector = |path: &str| TypeRef::Vector(Box::new(TypeRef::Named(find(path))));
    assert_eq!(first_parameter("performRequest"), vector("bulkrpc.Request"));
    assert_eq!(
        first_parameter("performBulk"),
        vector("bulkrpc.BulkRequest_1_0_2.Request")
    );
}

#[test]
fn fields_of_bases_come_first() {
    if repository::is_missing() {
        return;
    }
    let model = model();
    let event = model.find("pdumodel.Outlet_3_0_1.StateChangedEvent");
    let event = event
        .or_else(|| model.select("pdumodel.Outlet").ok()?.first().copied())
        .unwrap();
    let object = model
        .types()
        .map(|(index, _)| index)
        .find(|&index| model.lineage(index).len() == 6)
        .unwrap();
    assert_ne!(event, object);
    let all = model.all_fields(object);
    let owners: Vec<TypeIndex> = all.iter().map(|(owner, _)| *owner).collect();
    let mut sorted = owners.clone();
    let lineage = model.lineage(object);
    sorted.sort_by_key(|owner| lineage.iter().position(|at| at == owner));
    assert_eq!(owners, sorted);
    let own: usize = lineage
        .iter()
        .map(|&index| model.ty(index).fields().len())
        .sum();
    assert_eq!(all.len(), own);
}

#[test]
fn a_root_reaches_a_part() {
    if repository::is_missing() {
        return;
    }
    let model = model();
    let roots = model.select("pdumodel.Outlet").unwrap();
    assert_eq!(roots.len(), 1);
    let reached = model.reach(&roots);
    assert!(reached.contains(&roots[0]));
    assert!(reached.len() < model.types().len() / 2, "{}", reached.len());
    // Closed: everything that a reached type names is reached.
    for &index in &reached {
        let ty = model.ty(index);
        let named = ty.member_types().flat_map(TypeRef::named);
        for next in named.chain(model.base(index)).chain(ty.parent) {
            assert!(
                reached.contains(&next),
                "{} -> {}",
                ty.path,
                model.ty(next).path
            );
        }
    }
    let all: Vec<TypeIndex> = model.types().map(|(index, _)| index).collect();
    assert_eq!(model.reach(&all), all);
}

#[test]
fn unknown_roots_name_what_is_near() {
    if repository::is_missing() {
        return;
    }
    let model = model();
    let near = |name: &str| model.select(name).unwrap_err().near;
    assert_eq!(near("pdumodel.Oulet")[0], "pdumodel.Outlet:3.0.1");
    assert_eq!(near("pdumodel.Outlet:2.0.0")[0], "pdumodel.Outlet:3.0.1");
    assert_eq!(near("Outlet")[0], "pdumodel.Outlet:3.0.1");
    assert_eq!(near("pdumodell")[0], "pdumodel");
    let error = model.select("pdumodel.Oulet").unwrap_err().to_string();
    assert!(
        error.starts_with("no type or module `pdumodel.Oulet`; did you mean `"),
        "{error}"
    );
    assert_eq!(near("quite.another.Thing"), Vec::<String>::new());
    let module = model.select("pdumodel").unwrap();
    assert!(
        module
            .iter()
            .all(|&index| model.ty(index).wire_id.starts_with("pdumodel."))
    );
    assert_eq!(model.select("pdumodel.Outlet:3.0.1").unwrap().len(), 1);
    assert_eq!(model.select("pdumodel.Outlet_3_0_1").unwrap().len(), 1);
    assert_eq!(
        model.select("pdumodel.Outlet_3_0_1.State").unwrap().len(),
        1
    );
    assert_eq!(model.select("pdumodel.Outlet.State").unwrap().len(), 1);
}
