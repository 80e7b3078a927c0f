//! How a text differs from another, in a few lines.

use std::fmt::Write;

/// Lines shown of either text.
const SHOWN: usize = 6;

/// The first lines that differ, up to the point where the texts agree again.
pub(crate) fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let (removed, added) = (&old[start..old.len() - tail], &new[start..new.len() - tail]);
    let mut out = format!("line {}:\n", start + 1);
    for (sign, lines) in [('-', removed), ('+', added)] {
        for line in lines.iter().take(SHOWN) {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{sign} {line}");
        }
        if lines.len() > SHOWN {
            let _ = writeln!(out, "{sign} … {} more lines", lines.len() - SHOWN);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_difference_is_shown() {
        assert_eq!(difference("a\nb\nc\n", "a\nB\nc\n"), "line 2:\n- b\n+ B\n");
        assert_eq!(difference("a\na\n", "a\n"), "line 2:\n- a\n");
        assert_eq!(difference("", "a\n"), "line 1:\n+ a\n");
    }
}
