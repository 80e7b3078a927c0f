//! tree-sitter's nodes to the shapes that are looked at. The depth has been checked before.

use tree_sitter::Node;

use super::text::literal;
use super::{Class, Comprehension, Expression, Function, Statement, StatementKind};

/// A line as people count it.
pub(super) fn line(row: usize) -> u32 {
    u32::try_from(row + 1).expect("the limits keep files short")
}

/// Converts nodes of one text.
#[derive(Clone, Copy)]
pub(super) struct Converter<'t> {
    text: &'t str,
}

impl<'t> Converter<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text }
    }

    fn source(self, node: Node<'_>) -> &'t str {
        &self.text[node.byte_range()]
    }

    fn field<'n>(self, node: Node<'n>, name: &str) -> Option<Node<'n>> {
        node.child_by_field_name(name)
    }

    /// The statements of a module or block.
    pub(super) fn block(self, node: Node<'_>) -> Vec<Statement> {
        let mut cursor = node.walk();
        let children = node.named_children(&mut cursor);
        children
            .filter(|child| !child.is_extra())
            .map(|child| self.statement(child))
            .collect()
    }

    fn body(self, node: Node<'_>, field: &str) -> Vec<Statement> {
        self.field(node, field)
            .map(|body| self.block(body))
            .unwrap_or_default()
    }

    fn statement(self, node: Node<'_>) -> Statement {
        Statement {
            line: line(node.start_position().row),
            end: line(node.end_position().row),
            kind: self.kind(node).unwrap_or(StatementKind::Other),
        }
    }

    fn kind(self, node: Node<'_>) -> Option<StatementKind> {
        let name = |field| Some(self.source(self.field(node, field)?).to_owned());
        Some(match node.kind() {
            "decorated_definition" => return self.kind(self.field(node, "definition")?),
            "class_definition" => {
                let bases = self.field(node, "superclasses");
                let body = self.body(node, "body");
                let doc = doc(&body);
                let bases = bases.map(|bases| self.list(bases)).unwrap_or_default();
                StatementKind::Class(Class {
                    name: name("name")?,
                    bases,
                    doc,
                    body,
                })
            }
            "function_definition" => {
                let body = self.body(node, "body");
                StatementKind::Function(Function {
                    name: name("name")?,
                    doc: doc(&body),
                    body,
                })
            }
            "expression_statement" => {
                let inner = node.named_child(0)?;
                if inner.kind() != "assignment" {
                    return Some(StatementKind::Expression(self.expression(inner)));
                }
                let left = self.expression(self.field(inner, "left")?);
                StatementKind::Assign(left, self.expression(self.field(inner, "right")?))
            }
            // What an `else` says would be lost.
            "for_statement" | "if_statement" if self.field(node, "alternative").is_some() => {
                return None;
            }
            "for_statement" => {
                let over = self.expression(self.field(node, "right")?);
                StatementKind::For(name("left")?, over, self.body(node, "body"))
            }
            "if_statement" => {
                let condition = self.expression(self.field(node, "condition")?);
                StatementKind::If(condition, self.body(node, "consequence"))
            }
            "return_statement" => {
                let value = node.named_child(0).filter(|value| !value.is_extra());
                StatementKind::Return(value.map(|value| self.expression(value)))
            }
            "import_from_statement" => {
                let mut cursor = node.walk();
                let names = node.children_by_field_name("name", &mut cursor);
                let names = names.map(|name| self.source(name).to_owned()).collect();
                StatementKind::Import(name("module_name")?, names)
            }
            "import_statement" | "pass_statement" => StatementKind::Nothing,
            _ => return None,
        })
    }

    /// The named children that are expressions.
    fn list(self, node: Node<'_>) -> Vec<Expression> {
        let mut cursor = node.walk();
        let children = node.named_children(&mut cursor);
        children
            .filter(|child| !child.is_extra() && child.kind() != "keyword_argument")
            .map(|child| self.expression(child))
            .collect()
    }

    fn expression(self, node: Node<'_>) -> Expression {
        self.known(node).unwrap_or(Expression::Other)
    }

    fn known(self, node: Node<'_>) -> Option<Expression> {
        let boxed = |field| Some(Box::new(self.expression(self.field(node, field)?)));
        Some(match node.kind() {
            "identifier" => Expression::Name(self.source(node).to_owned()),
            "attribute" => {
                let name = self.source(self.field(node, "attribute")?).to_owned();
                Expression::Attribute(boxed("object")?, name)
            }
            "subscript" => Expression::Index(boxed("value")?, boxed("subscript")?),
            "call" => {
                let arguments = self.field(node, "arguments")?;
                Expression::Call(
                    boxed("function")?,
                    self.list(arguments),
                    self.named(arguments),
                )
            }
            "list_comprehension" => return self.comprehension(node),
            "conditional_expression" => {
                Expression::Conditional(Box::new(self.expression(node.named_child(0)?)))
            }
            "not_operator" => Expression::Not(boxed("argument")?),
            "list" => Expression::List(self.list(node)),
            "tuple" => Expression::Tuple(self.list(node)),
            "none" => Expression::None,
            "dictionary" if node.named_child_count() == 0 => Expression::EmptyDict,
            "parenthesized_expression" => {
                return self.list(node).into_iter().next();
            }
            "string" => Expression::Text(literal(self.source(node))?),
            "integer" => Expression::Integer(self.source(node).to_owned()),
            "unary_operator" => {
                let text: String = self.source(node).split_whitespace().collect();
                let digits = text.strip_prefix('-')?;
                digits
                    .starts_with(|c: char| c.is_ascii_digit())
                    .then_some(())?;
                Expression::Integer(text)
            }
            _ => return None,
        })
    }

    fn named(self, arguments: Node<'_>) -> Vec<(String, Expression)> {
        let mut cursor = arguments.walk();
        let children = arguments.named_children(&mut cursor);
        children
            .filter(|child| child.kind() == "keyword_argument")
            .filter_map(|child| {
                let name = self.source(self.field(child, "name")?).to_owned();
                Some((name, self.expression(self.field(child, "value")?)))
            })
            .collect()
    }

    /// Only comprehensions with one loop and no condition.
    fn comprehension(self, node: Node<'_>) -> Option<Expression> {
        let element = self.expression(self.field(node, "body")?);
        let mut cursor = node.walk();
        let mut clauses = node
            .named_children(&mut cursor)
            .filter(|child| matches!(child.kind(), "for_in_clause" | "if_clause"));
        let clause = clauses
            .next()
            .filter(|clause| clause.kind() == "for_in_clause")?;
        if clauses.next().is_some() {
            return None;
        }
        let pattern = self.source(self.field(clause, "left")?);
        let pattern = pattern.trim_matches(['(', ')']).split(',');
        let pattern = pattern.map(|name| name.trim().to_owned()).collect();
        let over = self.expression(self.field(clause, "right")?);
        Some(Expression::Comprehension(Box::new(Comprehension {
            element,
            pattern,
            over,
        })))
    }
}

/// The text with which a body begins.
fn doc(body: &[Statement]) -> Option<String> {
    match &body.first()?.kind {
        StatementKind::Expression(Expression::Text(text)) => Some(text.clone()),
        _ => None,
    }
}
