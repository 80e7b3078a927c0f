//! Lines that fit a terminal.

/// The longest line, in characters.
const WIDTH: usize = 100;

/// How much further lines of a paragraph are set in.
const HANG: usize = 4;

/// Adds a paragraph. It breaks at spaces; a word that fits no line is cut.
pub(super) fn wrap(out: &mut String, indent: usize, text: &str) {
    let mut column = indent;
    out.extend(std::iter::repeat_n(' ', indent));
    let mut is_first = true;
    for word in text.split(' ') {
        let size = word.chars().count();
        if !is_first && column + 1 + size > WIDTH {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent + HANG));
            column = indent + HANG;
        } else if !is_first {
            out.push(' ');
            column += 1;
        }
        for c in word.chars() {
            if column == WIDTH {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent + HANG));
                column = indent + HANG;
            }
            out.push(c);
            column += 1;
        }
        is_first = false;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{HANG, WIDTH, wrap};

    fn wrapped(indent: usize, text: &str) -> Vec<String> {
        let mut out = String::new();
        wrap(&mut out, indent, text);
        out.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_line_is_as_long_as_it_may_be_and_no_longer() {
        let exact = format!("{} {}", "a".repeat(60), "b".repeat(37));
        assert_eq!(wrapped(2, &exact), [format!("  {exact}")]);
        let more = format!("{exact}b");
        let lines = wrapped(2, &more);
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[1],
            format!("{}{}", " ".repeat(2 + HANG), "b".repeat(38))
        );
    }

    #[test]
    fn a_word_without_end_is_cut_and_nothing_is_lost() {
        let text = "ä".repeat(3 * WIDTH);
        let lines = wrapped(0, &text);
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH));
        let whole: String = lines.iter().map(|line| line.trim_start()).collect();
        assert_eq!(whole, text);
    }
}
