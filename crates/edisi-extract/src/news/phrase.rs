//! How phrases of the data files are compared with lines of a page.

use std::collections::HashMap;

/// A line as phrases are compared: lower case, one space between words, apostrophes alike, no Arabic vowel
/// signs, and nothing but letters and digits (and `#`, `%`, `)`) at either end.
pub(crate) fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        let c = match c {
            '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
            'أ' | 'إ' | 'آ' => 'ا',
            'ى' => 'ي',
            // Vowel signs, tatweel, zero-width and direction marks carry no meaning here.
            '\u{064B}'..='\u{0652}'
            | '\u{0640}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{FE0F}'
            | '\u{FEFF}' => continue,
            // Full-width forms of ASCII.
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            c => c,
        };
        if c.is_whitespace() {
            space = true;
            continue;
        }
        if !out.is_empty() && space {
            out.push(' ');
        }
        space = false;
        out.extend(c.to_lowercase());
    }
    let keep = |c: char| c.is_alphanumeric() || c == '#';
    out.trim_matches(|c: char| !keep(c)).to_owned()
}

/// [`normalise`], and every run of digits is `#`.
pub(super) fn normalise_numbers(text: &str) -> String {
    let text = normalise(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_numeric() {
            out.push(c);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

/// Whether the character belongs to a script that writes no spaces between words.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Whether a phrase that ends before `rest` ends at the end of a word.
pub(super) fn word_ends(phrase: &str, rest: &str) -> bool {
    match (phrase.chars().next_back(), rest.chars().next()) {
        (Some(last), Some(next)) => {
            is_unspaced(last) || is_unspaced(next) || !(next.is_alphanumeric() || matches!(next, '-' | '\''))
        }
        _ => true,
    }
}

/// Whether a phrase that starts after `before` starts at the start of a word.
pub(super) fn word_starts(before: &str, phrase: &str) -> bool {
    match (before.chars().next_back(), phrase.chars().next()) {
        (Some(last), Some(first)) => {
            is_unspaced(last) || is_unspaced(first) || !(last.is_alphanumeric() || matches!(last, '-' | '\''))
        }
        _ => true,
    }
}

/// Phrases found at the start of a text, longest first.
#[derive(Debug, Clone)]
pub(super) struct Prefixes<T> {
    by_first: HashMap<char, Vec<(String, T)>>,
}

impl<T> Default for Prefixes<T> {
    fn default() -> Self {
        Prefixes { by_first: HashMap::new() }
    }
}

impl<T> Prefixes<T> {
    /// Adds a phrase; the first of two equal ones wins.
    pub fn add(&mut self, phrase: &str, value: T) {
        let phrase = normalise(phrase);
        let Some(first) = phrase.chars().next() else { return };
        let list = self.by_first.entry(first).or_default();
        let at = list.partition_point(|(p, _)| p.len() >= phrase.len());
        list.insert(at, (phrase, value));
    }

    /// The longest phrase `text` (normalised) starts with, at a word's end, and what follows it.
    pub fn find<'t>(&self, text: &'t str) -> Option<(&T, &'t str)> {
        let list = self.by_first.get(&text.chars().next()?)?;
        list.iter().find_map(|(phrase, value)| {
            let rest = text.strip_prefix(phrase.as_str())?;
            word_ends(phrase, rest).then_some((value, rest))
        })
    }
}

/// Characters, with those of unspaced scripts counted double: a rough width that compares across scripts.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_unspaced(c) { 3 } else { 1 }).sum()
}

/// Whether a line reads like running text rather than a headline, label or button.
pub(crate) fn is_prose(line: &str) -> bool {
    let line = line.trim();
    let width = width(line);
    let body = line.trim_end_matches(|c: char| {
        matches!(c, '"' | '”' | '’' | '\'' | '»' | '」' | '』' | ')' | '）' | ']') || c.is_whitespace()
    });
    let Some(last) = body.chars().next_back() else { return false };
    match last {
        '.' | '。' | '．' | '।' | '۔' => width >= 40 && !body.ends_with("...") || width >= 160,
        '!' | '?' | '！' | '？' | '؟' | '…' | ':' | '：' => {
            width >= 140 || (width >= 60 && has_inner_stop(body))
        }
        _ => width >= 220 || (width >= 90 && has_inner_stop(body)),
    }
}

/// Whether a sentence ends before the end of the text.
fn has_inner_stop(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    let mut word = 0usize;
    while let Some(c) = chars.next() {
        match c {
            '。' | '！' | '？' if chars.peek().is_some() => return true,
            '.' | '!' | '?' | '؟' if word >= 3 && chars.peek().is_some_and(|n| n.is_whitespace()) => {
                return true;
            }
            _ => {}
        }
        word = if c.is_alphabetic() { word + 1 } else { 0 };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_compare_by_their_letters() {
        assert_eq!(normalise("  » Baca   Juga: "), "baca juga");
        assert_eq!(normalise("📢 DON’T MISS"), "don't miss");
        assert_eq!(normalise("اقرأ أيضًا:"), "اقرا ايضا");
        assert_eq!(normalise("【関連記事】"), "関連記事");
        assert_eq!(normalise_numbers("(12) Komentar"), "#) komentar");
        assert_eq!(normalise_numbers("Page 3 of 12"), "page # of #");
    }

    #[test]
    fn prefixes_end_at_words() {
        let mut p = Prefixes::default();
        p.add("follow", 1);
        p.add("follow us", 2);
        p.add("关注", 3);
        assert_eq!(p.find("follow us on x"), Some((&2, " on x")));
        assert_eq!(p.find("follow-up talks"), None);
        assert_eq!(p.find("followed by"), None);
        assert_eq!(p.find("关注我们"), Some((&3, "我们")));
    }

    #[test]
    fn prose_and_headlines() {
        assert!(is_prose("Pemerintah menambah anggaran untuk perbaikan jalan di tiga kabupaten."));
        assert!(is_prose("“Kami menunggu keputusan itu sejak lama,” kata dia. “Sekarang kami lega.”"));
        assert!(is_prose("市政府周二表示，新的防洪工程将于明年春天开始施工。"));
        assert!(!is_prose("Pemerintah Tambah Anggaran Perbaikan Jalan di Tiga Kabupaten"));
        assert!(!is_prose("Mengapa Harga Beras Terus Naik?"));
        assert!(!is_prose("防洪工程明年开工"));
        assert!(!is_prose("Oke"));
    }
}
