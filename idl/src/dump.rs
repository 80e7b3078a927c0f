//! The resolved model as one JSON document, for tools in any language.
//!
//! The order is stable: types by wire id, members as in the IDL. `format` grows when a key changes its
//! meaning; new keys may appear without that.

mod marks;

use crate::docs::parameter_text;
use crate::json::Json;
use crate::model::{
    Annotation, Constant, Direction, Docs, Enumerator, Field, Interface, Method, Model, Type,
    TypeIndex, TypeKind,
};

/// The version of the document's shape.
const FORMAT: i64 = 1;

/// What [`dump`] writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Also the documentation: `doc` on types, members and parameters that have one, `heading` on
    /// members that begin a group, `enumerator_docs` by name on enumerations.
    pub docs: bool,
}

impl Options {
    /// Chooses whether documentation is written.
    #[must_use]
    pub const fn docs(mut self, docs: bool) -> Self {
        self.docs = docs;
        self
    }
}

/// Writes a model as JSON, one type on a line.
///
/// Types in members are IDL words for built-in types and wire ids for declared ones. Annotations are
/// given by name. Methods with marks have them under `marks`, as the names of [`Marks`](crate::marks::Marks)
/// say, the timeout in milliseconds as `timeout_ms`.
#[must_use]
pub fn dump(model: &Model, options: Options) -> String {
    let mut dump = Dump {
        model,
        options,
        json: Json::default(),
    };
    dump.document();
    dump.json.finish()
}

struct Dump<'m> {
    model: &'m Model,
    options: Options,
    json: Json,
}

impl Dump<'_> {
    fn document(&mut self) {
        self.json.open('{');
        self.json.key("format").number(FORMAT);
        self.json.key("types").open('[');
        for (_, ty) in self.model.types_by_wire_id() {
            self.json.line();
            self.ty(ty);
        }
        self.json.last_line();
        self.json.close(']');
        self.json.close('}');
    }

    fn ty(&mut self, ty: &Type) {
        self.json.open('{');
        self.json.key("id").string(&ty.wire_id);
        self.json.key("path").string(&ty.path);
        self.json.key("kind").string(ty.kind.word());
        self.json.key("file").string(&ty.file_name);
        match &ty.kind {
            TypeKind::Interface(interface) => {
                self.extends(interface.base);
                self.annotations(&ty.annotations);
                self.interface(interface);
            }
            TypeKind::Structure { fields } => {
                self.annotations(&ty.annotations);
                self.fields(fields);
            }
            TypeKind::ValueObject { base, fields } => {
                self.extends(*base);
                self.annotations(&ty.annotations);
                self.fields(fields);
            }
            TypeKind::Enumeration {
                enumerators,
                fallback,
            } => {
                self.annotations(&ty.annotations);
                let fallback = fallback.and_then(|at| enumerators.get(at));
                match fallback {
                    Some(enumerator) => self.json.key("fallback").string(&enumerator.name),
                    None => self.json.key("fallback").null(),
                }
                self.enumerators(enumerators);
            }
            TypeKind::Typedef { target } => {
                self.annotations(&ty.annotations);
                self.json
                    .key("target")
                    .string(&self.model.type_text(target).to_string());
            }
            TypeKind::Opaque => self.annotations(&ty.annotations),
        }
        self.docs(&ty.docs);
        self.json.close('}');
    }

    fn extends(&mut self, base: Option<TypeIndex>) {
        match base {
            Some(base) => self
                .json
                .key("extends")
                .string(&self.model.ty(base).wire_id),
            None => self.json.key("extends").null(),
        }
    }

    fn annotations(&mut self, annotations: &[Annotation]) {
        self.json.key("annotations").open('[');
        for annotation in annotations {
            self.json.string(&annotation.name);
        }
        self.json.close(']');
    }

    /// Annotations where there are hardly ever any: the key only when needed.
    fn rare_annotations(&mut self, annotations: &[Annotation]) {
        if !annotations.is_empty() {
            self.annotations(annotations);
        }
    }

    fn docs(&mut self, docs: &Docs) {
        if !self.options.docs {
            return;
        }
        if let Some(heading) = &docs.heading {
            self.json.key("heading").string(heading);
        }
        if let Some(text) = &docs.text {
            self.json.key("doc").string(text);
        }
    }

    fn interface(&mut self, interface: &Interface) {
        self.json.key("constants").open('[');
        for constant in &interface.constants {
            self.constant(constant);
        }
        self.json.close(']');
        self.json.key("methods").open('[');
        for method in &interface.methods {
            self.method(method);
        }
        self.json.close(']');
    }

    fn constant(&mut self, constant: &Constant) {
        self.json.open('{');
        self.json.key("name").string(&constant.name);
        self.json
            .key("type")
            .string(&self.model.type_text(&constant.ty).to_string());
        self.json.key("value").number(constant.value);
        self.rare_annotations(&constant.annotations);
        self.docs(&constant.docs);
        self.json.close('}');
    }

    fn method(&mut self, method: &Method) {
        self.json.open('{');
        self.json.key("name").string(&method.name);
        let returns = method
            .returns
            .as_ref()
            .map(|ty| self.model.type_text(ty).to_string());
        self.json
            .key("returns")
            .string(returns.as_deref().unwrap_or("void"));
        self.annotations(&method.annotations);
        self.json.key("params").open('[');
        for parameter in &method.parameters {
            self.json.open('{');
            self.json.key("name").string(&parameter.name);
            self.json
                .key("direction")
                .string(match parameter.direction {
                    Direction::In => "in",
                    Direction::Out => "out",
                });
            self.json
                .key("type")
                .string(&self.model.type_text(&parameter.ty).to_string());
            if self.options.docs
                && let Some(text) = &method.docs.text
                && let Some(text) = parameter_text(text, &parameter.name)
            {
                self.json.key("doc").string(&text);
            }
            self.json.close('}');
        }
        self.json.close(']');
        self.marks(method);
        self.docs(&method.docs);
        self.json.close('}');
    }

    fn fields(&mut self, fields: &[Field]) {
        self.json.key("fields").open('[');
        for field in fields {
            self.json.open('{');
            self.json.key("name").string(&field.name);
            self.json
                .key("type")
                .string(&self.model.type_text(&field.ty).to_string());
            self.rare_annotations(&field.annotations);
            self.docs(&field.docs);
            self.json.close('}');
        }
        self.json.close(']');
    }

    fn enumerators(&mut self, enumerators: &[Enumerator]) {
        self.json.key("enumerators").open('[');
        for enumerator in enumerators {
            self.json.string(&enumerator.name);
        }
        self.json.close(']');
        if !self.options.docs
            || enumerators
                .iter()
                .all(|enumerator| enumerator.docs.is_empty())
        {
            return;
        }
        self.json.key("enumerator_docs").open('{');
        for enumerator in enumerators {
            if let Some(text) = &enumerator.docs.text {
                self.json.key(&enumerator.name).string(text);
            }
        }
        self.json.close('}');
    }
}
