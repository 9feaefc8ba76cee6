//! White space and inline markup.

/// Collapses every run of white space to one space and trims the ends; drops characters that have no width
/// (zero-width space and joiners outside scripts that need them, byte order mark, soft hyphen).
pub(crate) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(1 << 16));
    collapse_into(&mut out, text);
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Appends `text` to `out`, collapsing white space across the seam as well.
pub(crate) fn collapse_into(out: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\0') {
            out.push(c);
        }
    }
}
