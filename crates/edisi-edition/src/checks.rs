//! Which checks a translated segment goes through.

use edisi_article::Finding;
use edisi_quality::glossary::Glossary;
use edisi_quality::{CheckOptions, NameBook, RejectReason};

use crate::translator::{Failure, FailureReason, Pair};

/// Why a draft may not stand as a translation at all, if so.
pub(crate) fn refusal(
    source: &str,
    translation: &str,
    pair: Pair,
    options: &CheckOptions,
) -> Option<Failure> {
    if !options.form {
        return None;
    }
    let rejected = edisi_quality::acceptable(source, translation, (pair.source, pair.target)).err()?;
    let reason = match &rejected {
        RejectReason::Empty => FailureReason::Empty,
        RejectReason::Loop { .. } => FailureReason::Loop,
        RejectReason::WrongScript { .. } | RejectReason::WrongLanguage { .. } => FailureReason::WrongScript,
        RejectReason::Length { .. } => FailureReason::Length,
        RejectReason::Untranslated => FailureReason::Untranslated,
        _ => FailureReason::Unacceptable,
    };
    Some(Failure { reason, message: rejected.to_string() })
}

/// What an editor must look at in a segment.
pub(crate) fn findings(
    source: &str,
    translation: &str,
    pair: Pair,
    options: &CheckOptions,
    glossary: &Glossary,
    names: &NameBook,
) -> Vec<Finding> {
    let pair = (pair.source, pair.target);
    let mut findings = edisi_quality::check_segment(source, translation, pair, options);
    names.judge(&mut findings, source, translation, pair);
    findings.extend(glossary.check(source, translation));
    findings
}
