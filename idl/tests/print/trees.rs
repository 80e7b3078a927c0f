//! Random syntax trees.

use proptest::prelude::*;
use xerus_idl::source::{FileId, Span};
use xerus_idl::syntax::{
    Annotation, Argument, ArgumentValue, Builtin, Constant, Declaration, Direction, Enumeration,
    Enumerator, Field, File, Guard, Include, Interface, KEYWORDS, Method, Module, Name, Opaque,
    Parameter, Structure, Type, TypeName, Typedef, ValueObject,
};

const NOWHERE: Span = Span::new(FileId(0), 0, 0);

fn name() -> impl Strategy<Value = Name> {
    "[A-Za-z_][A-Za-z0-9_]{0,12}|in_|int1|voids|Lamp_2_0_1"
        .prop_filter("a keyword", |text| !KEYWORDS.contains(&text.as_str()))
        .prop_map(|text| Name {
            text,
            span: NOWHERE,
        })
}

fn type_name() -> impl Strategy<Value = TypeName> {
    prop::collection::vec(name(), 1..4).prop_map(|parts| TypeName {
        parts,
        span: NOWHERE,
    })
}

fn ty() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        prop::sample::select(Builtin::ALL.to_vec()).prop_map(|one| Type::Builtin(one, NOWHERE)),
        type_name().prop_map(Type::Named),
    ];
    leaf.prop_recursive(3, 6, 2, |inner| {
        prop_oneof![
            inner
                .clone()
                .prop_map(|one| Type::Vector(Box::new(one), NOWHERE)),
            (inner.clone(), inner).prop_map(|(key, value)| Type::Map(
                Box::new(key),
                Box::new(value),
                NOWHERE
            )),
        ]
    })
}

fn argument() -> impl Strategy<Value = Argument> {
    prop_oneof![
        "[ -!#-~µ]{0,6}".prop_map(ArgumentValue::String),
        "[1-9][0-9]{0,3}|0x[0-9A-Fa-f]{1,4}".prop_map(ArgumentValue::Integer),
        name().prop_map(|name| ArgumentValue::Name(name.text)),
    ]
    .prop_map(|value| Argument {
        value,
        span: NOWHERE,
    })
}

fn annotations() -> impl Strategy<Value = Vec<Annotation>> {
    let one = (
        name(),
        prop::option::of(prop::collection::vec(argument(), 0..3)),
    )
        .prop_map(|(name, arguments)| Annotation {
            name,
            parens: arguments.is_some(),
            arguments: arguments.unwrap_or_default(),
            span: NOWHERE,
        });
    prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec(one, 1..3)]
}

fn field() -> impl Strategy<Value = Declaration> {
    (annotations(), ty(), name()).prop_map(|(annotations, ty, name)| {
        Declaration::Field(Field {
            annotations,
            ty,
            name,
            span: NOWHERE,
        })
    })
}

fn constant() -> impl Strategy<Value = Declaration> {
    let literal = "-?(0|[1-9][0-9]{0,8})|0x[0-9A-F]{1,4}";
    let ty = prop::sample::select(vec![Builtin::Int, Builtin::Long]);
    (annotations(), ty, name(), literal).prop_map(|(annotations, ty, name, literal)| {
        Declaration::Constant(Constant {
            annotations,
            ty: Type::Builtin(ty, NOWHERE),
            name,
            literal,
            literal_span: NOWHERE,
            span: NOWHERE,
        })
    })
}

fn method() -> impl Strategy<Value = Declaration> {
    let direction = prop::sample::select(vec![Direction::In, Direction::Out]);
    let parameter = (direction, ty(), name()).prop_map(|(direction, ty, name)| Parameter {
        direction,
        ty,
        name,
        span: NOWHERE,
    });
    let parameters = prop::collection::vec(parameter, 0..6);
    (annotations(), prop::option::of(ty()), name(), parameters).prop_map(
        |(annotations, returns, name, parameters)| {
            Declaration::Method(Method {
                annotations,
                returns,
                name,
                parameters,
                span: NOWHERE,
            })
        },
    )
}

fn enumeration() -> impl Strategy<Value = Declaration> {
    let one = (annotations(), name()).prop_map(|(annotations, name)| Enumerator {
        annotations,
        name,
        span: NOWHERE,
    });
    let comma = prop::option::of(Just(NOWHERE));
    (
        annotations(),
        name(),
        prop::collection::vec(one, 1..4),
        comma,
    )
        .prop_map(|(annotations, name, enumerators, trailing_comma)| {
            Declaration::Enumeration(Enumeration {
                annotations,
                name,
                enumerators,
                trailing_comma,
                span: NOWHERE,
                body: NOWHERE,
            })
        })
}

fn structure() -> impl Strategy<Value = Declaration> {
    let flat = members(prop_oneof![4 => field(), 1 => enumeration()].boxed());
    let nested = (annotations(), name(), flat).prop_map(make_structure);
    let inner = members(prop_oneof![4 => field(), 1 => enumeration(), 1 => nested].boxed());
    (annotations(), name(), inner).prop_map(make_structure)
}

fn make_structure(
    (annotations, name, members): (Vec<Annotation>, Name, Vec<Declaration>),
) -> Declaration {
    Declaration::Structure(Structure {
        annotations,
        name,
        members,
        span: NOWHERE,
        body: NOWHERE,
    })
}

fn value_object() -> impl Strategy<Value = Declaration> {
    let base = prop::option::of(type_name());
    (annotations(), name(), base, members(field().boxed())).prop_map(
        |(annotations, name, base, members)| {
            Declaration::ValueObject(ValueObject {
                annotations,
                name,
                base,
                members,
                span: NOWHERE,
                body: NOWHERE,
            })
        },
    )
}

fn typedef() -> impl Strategy<Value = Declaration> {
    (annotations(), ty(), name()).prop_map(|(annotations, target, name)| {
        Declaration::Typedef(Typedef {
            annotations,
            target,
            name,
            span: NOWHERE,
        })
    })
}

fn opaque() -> impl Strategy<Value = Declaration> {
    (annotations(), name()).prop_map(|(annotations, name)| {
        Declaration::Opaque(Opaque {
            annotations,
            name,
            span: NOWHERE,
        })
    })
}

fn interface() -> impl Strategy<Value = Declaration> {
    let member = prop_oneof![
        method(),
        constant(),
        structure(),
        value_object(),
        enumeration(),
        typedef(),
        opaque(),
    ];
    let base = prop::option::of(type_name());
    (annotations(), name(), base, members(member.boxed())).prop_map(
        |(annotations, name, base, members)| {
            Declaration::Interface(Interface {
                annotations,
                name,
                base,
                members,
                span: NOWHERE,
                body: NOWHERE,
            })
        },
    )
}

fn members(one: BoxedStrategy<Declaration>) -> impl Strategy<Value = Vec<Declaration>> {
    prop::collection::vec(one, 0..4)
}

fn module() -> impl Strategy<Value = Module> {
    let plain = prop_oneof![
        2 => interface(),
        1 => structure(),
        1 => value_object(),
        1 => enumeration(),
        1 => typedef(),
        1 => opaque(),
    ]
    .boxed();
    let nested = (annotations(), name(), members(plain.clone())).prop_map(make_module);
    let member = prop_oneof![8 => plain, 1 => nested.prop_map(Declaration::Module)].boxed();
    (Just(Vec::new()), name(), members(member)).prop_map(make_module)
}

fn make_module((annotations, name, members): (Vec<Annotation>, Name, Vec<Declaration>)) -> Module {
    Module {
        annotations,
        name,
        members,
        span: NOWHERE,
        body: NOWHERE,
    }
}

/// A whole file.
pub(crate) fn file() -> impl Strategy<Value = File> {
    let include =
        ("[A-Za-z][A-Za-z0-9]{0,8}\\.idl", any::<bool>()).prop_map(|(file, quoted)| Include {
            file,
            quoted,
            span: NOWHERE,
            operand: NOWHERE,
        });
    let guard = prop::option::of((name(), name())).prop_map(|names| {
        let (name, defined) = names?;
        Some(Guard {
            name,
            defined,
            ifndef: NOWHERE,
            define: NOWHERE,
            endif: NOWHERE,
        })
    });
    let includes = prop::collection::vec(include, 0..3);
    (guard, includes, prop::collection::vec(module(), 0..3)).prop_map(
        |(guard, includes, modules)| File {
            id: FileId(0),
            guard,
            includes,
            modules,
            comments: Vec::new(),
        },
    )
}
