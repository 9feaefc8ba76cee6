//! The units that word links are between.

use std::borrow::Cow;
use std::ops::Range;

use edisi_text::Lang;
use edisi_text::script::{Script, script_of};

use super::stem::{fold, stem};
use crate::checks::Token;

/// Something that has a translation: a word, a katakana word, or one or two ideographs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit<'a> {
    /// Bytes of the text; units of ideographs overlap.
    pub range: Range<usize>,
    /// What links are looked up by: a stem, or the characters.
    pub key: Cow<'a, str>,
    /// The word folded to plain letters, for finding names again in another language of the same script; empty
    /// for ideographs.
    pub form: Cow<'a, str>,
    /// Whether it begins with a capital.
    pub capital: bool,
    /// Index of the token it begins at, and how many it covers.
    pub tokens: (usize, usize),
}

/// The units of a text cut into `tokens`.
///
/// Ideographs are units alone and in pairs. Hiragana, which is mostly grammar, makes none.
pub(crate) fn units<'a>(text: &'a str, tokens: &'a [Token], lang: Lang) -> Vec<Unit<'a>> {
    let mut out = Vec::with_capacity(tokens.len() * 3 / 2);
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        if !token.dense {
            out.push(Unit {
                range: token.range.clone(),
                key: stem(&token.key, lang),
                form: fold(&token.key),
                capital: token.capital,
                tokens: (at, 1),
            });
            at += 1;
            continue;
        }
        let script = |i: usize| tokens.get(i).filter(|t: &&Token| t.dense).map(|t| script_at(text, t));
        let joined = |i: usize| tokens.get(i + 1).is_some_and(|n| tokens[i].range.end == n.range.start);
        let mut push = |range: Range<usize>, len| {
            let key = Cow::Borrowed(&text[range.clone()]);
            out.push(Unit { range, key, form: Cow::Borrowed(""), capital: false, tokens: (at, len) });
        };
        match script(at) {
            Some(Script::Katakana) => {
                let mut end = at;
                while joined(end) && script(end + 1) == Some(Script::Katakana) {
                    end += 1;
                }
                push(token.range.start..tokens[end].range.end, end + 1 - at);
                at = end + 1;
            }
            Some(Script::Han) => {
                push(token.range.clone(), 1);
                if joined(at) && script(at + 1) == Some(Script::Han) {
                    push(token.range.start..tokens[at + 1].range.end, 2);
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    out
}

fn script_at(text: &str, token: &Token) -> Script {
    text[token.range.clone()].chars().next().map_or(Script::Common, script_of)
}
