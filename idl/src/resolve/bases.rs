use super::cycles::cycles;
use super::declare::Declared;
use super::miss::{Miss, MissExplainer};
use super::node::Node;
use super::words::{chain, with_article};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Reference, TypeIndex};

/// The base of each type. Cycles are reported and cut, so that following bases always ends.
pub(super) fn bases(
    declared: &Declared<'_>,
    explainer: &mut MissExplainer<'_, '_>,
    references: &mut Vec<Reference>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Option<TypeIndex>> {
    let mut bases = vec![None; declared.nodes.len()];
    let mut misses = Vec::new();
    for (at, &node) in declared.nodes.iter().enumerate() {
        let Some(name) = node.base() else { continue };
        let from = TypeIndex::of(at);
        let scope = declared.outer[at];
        match declared.resolve(scope, name) {
            Ok(to) => {
                references.push(Reference {
                    from,
                    to,
                    span: name.span,
                });
                let base = declared.nodes[to.at()];
                if matches!(
                    (node, base),
                    (Node::Interface(_), Node::Interface(_))
                        | (Node::ValueObject(_), Node::ValueObject(_))
                ) {
                    bases[at] = Some(to);
                } else {
                    diagnostics.push(wrong_kind(declared, node, name.span, to));
                }
            }
            Err(failure) => misses.push(Miss {
                name,
                failure,
                from,
                scope,
            }),
        }
    }
    let edges: Vec<Vec<usize>> = bases
        .iter()
        .map(|base| base.map(TypeIndex::at).into_iter().collect())
        .collect();
    for cycle in cycles(&edges) {
        diagnostics.extend(cycle_error(declared, &cycle));
        if let Some(&first) = cycle.first() {
            bases[first] = None;
        }
    }
    diagnostics.extend(
        misses
            .into_iter()
            .map(|miss| explainer.explain(miss, &bases)),
    );
    bases
}

fn wrong_kind(
    declared: &Declared<'_>,
    node: Node<'_>,
    span: crate::source::Span,
    base: TypeIndex,
) -> Diagnostic {
    let own = node.word();
    let other = &declared.types[base.at()];
    let kind = with_article(declared.nodes[base.at()].word());
    Diagnostic::error(
        codes::WRONG_BASE,
        span,
        format!(
            "`{}` is {kind}; {} can only extend {}",
            other.path,
            with_article(own),
            with_article(own)
        ),
    )
    .see(other.span, format!("`{}` is declared here", other.name))
}

fn cycle_error(declared: &Declared<'_>, cycle: &[usize]) -> Option<Diagnostic> {
    let (&first, others) = cycle.split_first()?;
    let span = declared.nodes[first].base()?.span;
    let names: Vec<&str> = cycle.iter().map(|&at| &*declared.types[at].name).collect();
    let mut diagnostic = Diagnostic::error(
        codes::INHERITANCE_CYCLE,
        span,
        format!("inheritance cycle {}", chain(&names)),
    );
    // A few places are enough to follow even a long cycle.
    for &at in others.iter().take(3) {
        if let Some(base) = declared.nodes[at].base() {
            let text = format!("`{}` extends it here", declared.types[at].name);
            diagnostic = diagnostic.see(base.span, text);
        }
    }
    Some(diagnostic)
}
