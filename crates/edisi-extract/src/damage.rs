//! Marks letters lost or garbled by a wrong character encoding. The text stays as it is.

use edisi_article::{Article, Finding, FindingKind, Severity, Span};
use edisi_text::Lang;
use edisi_text::clean::{EncodingDamage, suspect_encoding};

/// Adds a finding for each damaged word of headline and blocks; those of the headline name no block.
pub(crate) fn report(article: &mut Article) {
    // Where the language is not known, Chinese: a language in which only what is damaged in any is looked for.
    let lang = article.language.unwrap_or(Lang::ZH);
    let texts = article
        .title
        .iter()
        .map(|t| (None, t))
        .chain(article.blocks.iter().enumerate().map(|(i, b)| (Some(i), &b.text)));
    let mut findings = Vec::new();
    for (block, text) in texts {
        for (range, damage) in suspect_encoding(text, lang) {
            let word = &text[range.clone()];
            let severity = match damage {
                EncodingDamage::Replacement | EncodingDamage::Mojibake => Severity::Error,
                EncodingDamage::LostInitial => Severity::Warning,
            };
            let message =
                format!("`{word}` looks damaged: {damage}; compare it with the page and correct the source");
            findings.push(Finding {
                block,
                source: vec![Span::from(range.clone())],
                found: Some(word.to_owned()),
                ..Finding::new(FindingKind::EncodingDamage, severity, message)
            });
        }
    }
    article.findings.extend(findings);
}
