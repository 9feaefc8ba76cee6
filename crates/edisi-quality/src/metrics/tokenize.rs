//! The tokenizers BLEU scores are quoted with.

use std::sync::LazyLock;

use edisi_text::Lang;
use regex::Regex;

use super::is_python_space;

/// How a line is cut into tokens before BLEU counts them. The names are sacrebleu's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tokenizer {
    /// `13a`: mteval-v13a's, for languages written with spaces. The default.
    V13a,
    /// `zh`: every Chinese character by itself, the rest as `13a`.
    Zh,
    /// `char`: every character that is not white space.
    Char,
    /// `intl`: mteval-v14's, which knows Unicode's punctuation and symbols.
    Intl,
    /// `none`: split at white space only.
    None,
}

impl Tokenizer {
    /// The one to use for a target language: `zh` for Chinese, `char` for Japanese and other languages
    /// without spaces, `13a` elsewhere.
    ///
    /// sacrebleu's own default for Japanese, `ja-mecab`, needs a dictionary of 50 MB; figures of the two are not
    /// comparable, so quote the name with the score.
    pub fn for_target(lang: Lang) -> Tokenizer {
        match lang.code() {
            "zh" => Tokenizer::Zh,
            _ if lang.is_unspaced() => Tokenizer::Char,
            _ => Tokenizer::V13a,
        }
    }

    /// sacrebleu's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Tokenizer::V13a => "13a",
            Tokenizer::Zh => "zh",
            Tokenizer::Char => "char",
            Tokenizer::Intl => "intl",
            Tokenizer::None => "none",
        }
    }

    /// Calls `each` with every token of `line`, in order.
    pub(super) fn tokens(self, line: &str, mut each: impl FnMut(&str)) {
        let line = line.trim_end_matches(is_python_space);
        match self {
            Tokenizer::None => words(line).for_each(each),
            Tokenizer::Char => {
                let mut utf8 = [0; 4];
                line.chars().filter(|&c| !is_python_space(c)).for_each(|c| each(c.encode_utf8(&mut utf8)));
            }
            Tokenizer::V13a => words(&western(&format!(" {} ", unescape(line)))).for_each(each),
            Tokenizer::Zh => {
                words(&western(&space_chinese(line.trim_matches(is_python_space)))).for_each(each)
            }
            Tokenizer::Intl => words(&international(line)).for_each(each),
        }
    }
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(is_python_space).filter(|w| !w.is_empty())
}

/// The language-independent part of `13a`.
fn unescape(line: &str) -> String {
    let line = line.replace("<skipped>", "").replace("-\n", "").replace('\n', " ");
    if !line.contains('&') {
        return line;
    }
    line.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
}

/// The part of `13a` for Western languages, which `zh` shares (`TokenizerRegexp` in sacrebleu).
fn western(line: &str) -> String {
    static RULES: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
        [
            (r"([\{-~\[-` -\&\(-\+:-@/])", " $1 "),
            (r"([^0-9])([\.,])", "$1 $2 "),
            (r"([\.,])([^0-9])", " $1 $2"),
            (r"([0-9])(-)", "$1 $2 "),
        ]
        .map(compile)
    });
    apply(&*RULES, line)
}

/// `intl` (`TokenizerV14International` in sacrebleu).
fn international(line: &str) -> String {
    static RULES: LazyLock<[(Regex, &str); 3]> = LazyLock::new(|| {
        [(r"(\P{N})(\p{P})", "$1 $2 "), (r"(\p{P})(\P{N})", " $1 $2"), (r"(\p{S})", " $1 ")].map(compile)
    });
    apply(&*RULES, line)
}

fn compile((pattern, replacement): (&str, &'static str)) -> (Regex, &'static str) {
    (Regex::new(pattern).expect("a fixed pattern"), replacement)
}

fn apply(rules: &[(Regex, &str)], line: &str) -> String {
    rules.iter().fold(line.to_owned(), |line, (regex, replacement)| {
        match regex.replace_all(&line, *replacement) {
            std::borrow::Cow::Borrowed(_) => line,
            std::borrow::Cow::Owned(new) => new,
        }
    })
}

fn space_chinese(line: &str) -> String {
    let mut out = String::with_capacity(line.len() * 2);
    for c in line.chars() {
        if is_chinese(c) {
            out.extend([' ', c, ' ']);
        } else {
            out.push(c);
        }
    }
    out
}

/// What sacrebleu's `zh` takes for a Chinese character.
///
/// Its table writes the extension B range as `'\u20000'..'\u2a6d6'`, which Python reads as two characters each;
/// by string order that is U+2001..=U+2A6D, so curly quotes, dashes and ellipses stand alone and the extension
/// itself does not. Scores agree only when the slip is kept.
fn is_chinese(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4db5}' | '\u{4e00}'..='\u{9fbb}'
        | '\u{f900}'..='\u{fa2d}' | '\u{fa30}'..='\u{fa6a}' | '\u{fa70}'..='\u{fad9}'
        | '\u{2001}'..='\u{2a6d}'
        | '\u{ff00}'..='\u{ffef}'
        | '\u{2e80}'..='\u{2fdf}' | '\u{2ff0}'..='\u{303f}'
        | '\u{3100}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31c0}'..='\u{31ef}'
        | '\u{fe10}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{3200}'..='\u{33ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(tokenizer: Tokenizer, line: &str) -> Vec<String> {
        let mut out = Vec::new();
        tokenizer.tokens(line, |t| out.push(t.to_owned()));
        out
    }

    #[test]
    fn thirteen_a_keeps_decimals_and_cuts_punctuation() {
        assert_eq!(
            cut(Tokenizer::V13a, "Rp9.900, or \"US$1.5\" (a 3-day high)."),
            ["Rp9.900", ",", "or", "\"", "US", "$", "1.5", "\"", "(", "a", "3", "-", "day", "high", ")", "."]
        );
    }

    #[test]
    fn chinese_characters_and_curly_quotes_stand_alone() {
        assert_eq!(cut(Tokenizer::Zh, "他说“3.5亿”"), ["他", "说", "“", "3.5", "亿", "”"]);
    }

    #[test]
    fn no_tokenizer_sees_white_space() {
        for tokenizer in [Tokenizer::V13a, Tokenizer::Zh, Tokenizer::Char, Tokenizer::Intl, Tokenizer::None] {
            assert!(cut(tokenizer, " \u{a0}\u{3000}\u{1f}\t\n").is_empty(), "{tokenizer:?}");
        }
    }
}
