//! Translations that are the source over again.

use std::collections::HashMap;
use std::ops::Range;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::name::is_ordinary;
use edisi_text::script::Script;
use edisi_text::{Lang, expected_scripts};

use super::language;
use super::segment::{Segment, Token};

/// Words that must be copied before copying means anything: names and loanwords are the same in many languages.
const ENOUGH_WORDS: usize = 4;
/// The same in characters, between Chinese and Japanese.
const ENOUGH_CHARACTERS: usize = 12;

/// What of the translation is untranslated.
pub(super) fn find(segment: &Segment<'_>) -> Option<Range<usize>> {
    if segment.source.lang.code() == segment.target.lang.code() {
        return None;
    }
    let whole = || Some(segment.target.range());
    let words = |tokens: &[Token]| tokens.iter().filter(|t| is_plain(t)).count();
    let (source, target) = (&segment.source, &segment.target);
    if words(&source.tokens) >= 2 && same(&source.tokens, &target.tokens) && !may_stand(segment) {
        return whole();
    }
    let (copied, all) = copied(&source.tokens, &target.tokens);
    // Chinese characters are shared by Chinese and Japanese; what tells them apart is the rest.
    let (enough, most) =
        if is_dense(&target.tokens) { (ENOUGH_CHARACTERS, 0.9) } else { (ENOUGH_WORDS, 0.7) };
    let share = copied as f64 / all.max(1) as f64;
    if copied >= enough && (share >= most || share >= 0.4 && reads_as_source(segment, 0.3)) {
        return whole();
    }
    if reads_as_source(segment, 0.6) { whole() } else { None }
}

fn reads_as_source(segment: &Segment<'_>, sure: f32) -> bool {
    language::other(&segment.target, sure).is_some_and(|l: Lang| l.code() == segment.source.lang.code())
}

/// Whether the same words may serve both languages: titles and names between languages of one script, Han words
/// between Chinese and Japanese.
fn may_stand(segment: &Segment<'_>) -> bool {
    let plain = segment.source.tokens.iter().filter(|t| is_plain(t)).count();
    plain < if is_dense(&segment.source.tokens) { ENOUGH_CHARACTERS } else { ENOUGH_WORDS }
}

/// Whether most of the text is Chinese or Japanese characters.
fn is_dense(tokens: &[Token]) -> bool {
    tokens.iter().filter(|t| t.dense).count() * 2 > tokens.len()
}

/// A word that a translation would change: with letters, not in capitals, not after an at sign.
fn is_plain(token: &Token) -> bool {
    !token.capital && token.has_letters() && (token.dense || token.key.chars().count() > 1)
}

fn same(a: &[Token], b: &[Token]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key)
}

/// How many of the translation's plain words are in the source, and how many there are.
fn copied(source: &[Token], target: &[Token]) -> (usize, usize) {
    let mut stock: HashMap<&str, usize> = HashMap::new();
    for token in source.iter().filter(|t| t.has_letters()) {
        *stock.entry(&token.key).or_default() += 1;
    }
    let (mut copied, mut all) = (0, 0);
    for token in target.iter().filter(|t| is_plain(t)) {
        all += 1;
        if let Some(left) = stock.get_mut(token.key.as_str()).filter(|n| **n > 0) {
            *left -= 1;
            copied += 1;
        }
    }
    (copied, all)
}

pub(super) fn check(segment: &Segment<'_>) -> Option<Finding> {
    let range = find(segment)?;
    let lang = segment.source.lang.english_name();
    let message = format!("The translation is still in {lang}.");
    let mut finding = Finding::new(FindingKind::Untranslated, Severity::Error, message);
    finding.source = vec![segment.source.range().into()];
    finding.target = vec![range.into()];
    finding.expected = Some(segment.target.lang.to_string());
    finding.found = Some(segment.source.lang.to_string());
    Some(finding)
}

/// Words of the source, or of any language in Latin letters, left standing in a translation that is written in
/// other letters. Names, which keep their letters, begin with a capital.
pub(super) fn left_over(segment: &Segment<'_>) -> Option<Finding> {
    let target = &segment.target;
    if expected_scripts(target.lang).contains(&Script::Latin) {
        return None;
    }
    let words: Vec<&Token> = target
        .tokens
        .iter()
        .filter(|t| is_common_word(&target.text[t.range.clone()]) && !is_cited(target.text, t))
        .collect();
    let first = words.first()?;
    if words.len() == 1 && is_quoted_from(segment, first) {
        return None;
    }
    let found = target.text[first.range.clone()].to_owned();
    let message = format!("`{found}` is left untranslated.");
    let mut finding = Finding::new(FindingKind::Untranslated, Severity::Warning, message);
    let same = |t: &&Token| words.iter().any(|w| w.key == t.key);
    finding.source = segment.source.tokens.iter().filter(same).map(|t| t.range.clone().into()).collect();
    finding.target = words.iter().map(|t| t.range.clone().into()).collect();
    finding.found = Some(found);
    Some(finding)
}

/// Whether both sides have the word and it is none of the source's language: a term of another one, a name set small.
fn is_quoted_from(segment: &Segment<'_>, word: &Token) -> bool {
    let source = &segment.source;
    let listed = matches!(source.lang.code(), "en" | "id" | "fr");
    listed && !is_ordinary(&word.key, source.lang) && source.tokens.iter().any(|t| t.key == word.key)
}

/// Four letters or more, all of them small and of the basic alphabet: no name (`iPhone`), unit or symbol.
fn is_common_word(word: &str) -> bool {
    word.len() >= 4 && word != "wifi" && word.bytes().all(|b| b.is_ascii_lowercase())
}

/// Whether the word is part of an address, a file name or a handle, or set in brackets behind its translation.
fn is_cited(text: &str, token: &Token) -> bool {
    const JOINS: &str = "./@#_:-&=";
    let head = &text[..token.range.start];
    let before = head.chars().next_back();
    let opened = head.rfind(['(', '（', '[', '【']);
    if opened.is_some_and(|at| !head[at..].contains([')', '）', ']', '】'])) {
        return true;
    }
    let mut after = text[token.range.end..].chars();
    let (next, second) = (after.next(), after.next());
    before.is_some_and(|c| JOINS.contains(c) || "(（[【「“\"".contains(c))
        || next.is_some_and(|c| JOINS.contains(c)) && second.is_some_and(|c| c.is_alphanumeric() || c == '/')
}
