/// `a structure`, `an interface`.
pub(crate) fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}

/// Longest chain of names that a message spells out.
const SHOWN: usize = 8;

/// `A -> B -> A`, the middle left out when there are many.
pub(crate) fn chain(names: &[&str]) -> String {
    let Some(first) = names.first() else {
        return String::new();
    };
    let shown = &names[..names.len().min(SHOWN)];
    let mut text = shown.join(" -> ");
    if names.len() > SHOWN {
        text.push_str(&format!(" -> ({} more)", names.len() - SHOWN));
    }
    text.push_str(" -> ");
    text.push_str(first);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_cycles_are_cut() {
        assert_eq!(chain(&["A", "B"]), "A -> B -> A");
        assert_eq!(
            chain(&["A"; 10]),
            "A -> A -> A -> A -> A -> A -> A -> A -> (2 more) -> A"
        );
        assert_eq!(chain(&[]), "");
    }

    #[test]
    fn articles() {
        assert_eq!(with_article("interface"), "an interface");
        assert_eq!(with_article("structure"), "a structure");
    }
}
