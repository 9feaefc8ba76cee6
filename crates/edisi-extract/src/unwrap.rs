//! Lines of a text dump: trimmed, without empty ones, and with hard-wrapped paragraphs joined again.

use crate::news::{is_unspaced, width};

/// Widths between which tools wrap text.
const WRAP: std::ops::RangeInclusive<usize> = 50..=120;

/// The lines of a text, white space collapsed; a paragraph that was wrapped at a fixed width is one line.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let raw: Vec<String> = text.lines().map(collapse).collect();
    let groups: Vec<&[String]> = raw.split(|l| l.is_empty()).filter(|g| !g.is_empty()).collect();
    if !is_wrapped(&groups) {
        return raw.into_iter().filter(|l| !l.is_empty()).collect();
    }
    let widest = groups
        .iter()
        .flat_map(|g| g.iter())
        .map(|l| width(l))
        .filter(|w| WRAP.contains(w))
        .max()
        .unwrap_or(80);
    let mut lines = Vec::new();
    for group in groups {
        let mut open: Option<String> = None;
        let mut full = false;
        for line in group {
            match &mut open {
                Some(paragraph) if full => {
                    let touches = paragraph.chars().next_back().is_some_and(is_unspaced)
                        && line.chars().next().is_some_and(is_unspaced);
                    if !touches {
                        paragraph.push(' ');
                    }
                    paragraph.push_str(line);
                }
                _ => {
                    lines.extend(open.take());
                    open = Some(line.clone());
                }
            }
            // A line that had room for more ended by itself.
            full = width(line) * 4 >= widest * 3;
        }
        lines.extend(open);
    }
    lines
}

/// Whether the text is wrapped: paragraphs are divided by empty lines, and most of their lines are nearly
/// as wide as the widest and end in the middle of a sentence.
fn is_wrapped(groups: &[&[String]]) -> bool {
    let inner: Vec<&String> = groups.iter().flat_map(|g| &g[..g.len() - 1]).collect();
    if inner.len() < 6 {
        return false;
    }
    let widest = groups.iter().flat_map(|g| g.iter()).map(|l| width(l)).max().unwrap_or(0);
    let broken = inner
        .iter()
        .filter(|l| {
            width(l) * 4 >= widest * 3 && !l.ends_with(['.', '!', '?', '。', '！', '？', '؟', ':', '”', '"'])
        })
        .count();
    WRAP.contains(&widest) && broken * 2 >= inner.len()
}

/// Trimmed, with one space for any run of white space, and without invisible characters that carry nothing.
pub(crate) fn collapse(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for word in line.split_whitespace() {
        let start = out.len();
        out.extend(word.chars().filter(|c| !matches!(c, '\u{feff}' | '\u{200b}' | '\u{ad}')));
        if out.len() > start && start > 0 {
            out.insert(start, ' ');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_paragraphs_are_joined() {
        let text = "A Short Title\n\nThe council said on Monday that the bridge would be closed for\nthree weeks from the start of May so that its cables could be\nreplaced, and that buses would run every ten minutes.\n\nDrivers were told to use the tunnel, which is to stay open all\nnight for as long as the work goes on, the council said in a\nstatement on its website.\n\nThe bridge was built in 1931 and carries some forty thousand\ncars a day, more than twice as many as it was made for at the\ntime.\n";
        let lines = lines(text);
        assert_eq!(lines.len(), 4, "{lines:#?}");
        assert!(lines[1].ends_with("every ten minutes."));
        assert_eq!(lines[0], "A Short Title");
    }

    #[test]
    fn lines_stay_where_nothing_is_wrapped() {
        let text = "Satu baris pendek.\nDua baris pendek.\n\nTiga   baris\u{a0}pendek.\n";
        assert_eq!(lines(text), ["Satu baris pendek.", "Dua baris pendek.", "Tiga baris pendek."]);
    }
}
