//! What the checks of `typecheck` say about a type.

use crate::python::{Expression, Statement, StatementKind};

/// A check of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// `typecheck.is_…(x, class, …)`: the word behind `is_`, and the class if there is one.
    Is(String, Option<Vec<String>>),
    /// `for x0 in x:` …
    Each(Box<Check>),
}

/// The checks among statements, by variable.
pub(super) fn read(body: &[Statement]) -> Vec<(String, Check)> {
    body.iter().filter_map(check).collect()
}

/// The check of a variable.
pub(super) fn of<'c>(checks: &'c [(String, Check)], variable: &str) -> Option<&'c Check> {
    checks
        .iter()
        .find(|(name, _)| name == variable)
        .map(|(_, check)| check)
}

/// The check that a statement makes, if it makes one and does nothing else.
pub(super) fn check(statement: &Statement) -> Option<(String, Check)> {
    match &statement.kind {
        StatementKind::Expression(Expression::Call(function, arguments, _)) => {
            let function = function.dotted()?;
            let ["typecheck", word] = function.as_slice() else {
                return None;
            };
            let word = word.strip_prefix("is_")?.to_owned();
            let variable = arguments.first()?.name()?.to_owned();
            let class = match arguments.as_slice() {
                [_, class, _] => {
                    let parts = class.dotted()?;
                    Some(parts.into_iter().map(str::to_owned).collect())
                }
                _ => None,
            };
            Some((variable, Check::Is(word, class)))
        }
        // Since 4.3: `if not typecheck._is_int(x): typecheck.is_string(x, …)`.
        StatementKind::If(Expression::Not(_), body) => match body.as_slice() {
            [inner] => check(inner),
            _ => None,
        },
        StatementKind::For(variable, over, body) => {
            let over = over.name()?.to_owned();
            let [inner] = body.as_slice() else {
                return None;
            };
            let (_, inner) = check(inner).filter(|(name, _)| name == variable)?;
            Some((over, Check::Each(Box::new(inner))))
        }
        _ => None,
    }
}
