//! Any text as an XML name and back, as .NET's `XmlConvert` does it: `Dewan Rakyat` is `Dewan_x0020_Rakyat`.

/// The name for a text.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let fits = match c {
            '_' => escape(&text[at..]).is_none(),
            '-' | '.' | '0'..='9' => at > 0,
            c => c.is_ascii_alphabetic() || !c.is_ascii() && c.is_alphabetic(),
        };
        if fits {
            out.push(c);
        } else {
            out += &format!("_x{:04X}_", u32::from(c));
        }
    }
    out
}

/// The text of a name.
pub(super) fn decode(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        let (c, len) = escape(rest).unwrap_or((c, c.len_utf8()));
        out.push(c);
        rest = &rest[len..];
    }
    out
}

/// The character that `text` begins with the escape of, and how long the escape is.
fn escape(text: &str) -> Option<(char, usize)> {
    let digits = text.strip_prefix("_x")?;
    let end = digits.bytes().take(7).position(|b| b == b'_').filter(|end| *end >= 4)?;
    let code = u32::from_str_radix(&digits[..end], 16).ok()?;
    Some((char::from_u32(code)?, end + 3))
}
