//! A review as SARIF 2.1.0 (OASIS standard), which code hosts show beside the files.

use std::collections::BTreeSet;

use edisi_article::{Finding, FindingKind, Severity};
use serde_json::{Value, json};

use super::{Review, Row, describe, name};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The files that were compared, for the places of results.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// Path or address of the source.
    pub source: &'a str,
    /// What stands in it, to find lines by; empty when it cannot be shown.
    pub source_text: &'a str,
    /// Path or address of the translation.
    pub target: &'a str,
    /// What stands in it.
    pub target_text: &'a str,
}

impl Review {
    /// The log: one run, a rule per kind, a result per finding. Results are in the translation; where it has
    /// nothing to point at, in the source.
    pub fn sarif(&self, files: &Files<'_>) -> Value {
        let kinds: BTreeSet<FindingKind> = self.findings().map(|f| f.kind).collect();
        let rules: Vec<Value> = kinds
            .iter()
            .map(|kind| json!({"id": name(kind), "shortDescription": {"text": describe(*kind)}}))
            .collect();
        let results: Vec<Value> = self
            .rows
            .iter()
            .flat_map(|row| row.findings.iter().map(move |f| (row, f)))
            .map(|(row, finding)| {
                let rule = kinds.iter().position(|k| *k == finding.kind);
                result(row, finding, rule.unwrap_or_default(), files)
            })
            .collect();
        json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "edisi",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                }},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        })
    }
}

fn result(row: &Row, finding: &Finding, rule: usize, files: &Files<'_>) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let source = place(&row.id, files.source, files.source_text, &row.source, finding.source.first());
    let target = place(&row.id, files.target, files.target_text, &row.target, finding.target.first());
    let (main, related) = if row.target.is_empty() { (source, None) } else { (target, Some(source)) };
    let mut result = json!({
        "ruleId": name(finding.kind),
        "ruleIndex": rule,
        "level": level,
        "message": {"text": finding.message},
        "locations": [main],
    });
    if let Some(mut related) = related.filter(|_| !row.source.is_empty()) {
        related["id"] = json!(1);
        related["message"] = json!({"text": "the source"});
        result["relatedLocations"] = json!([related]);
    }
    result
}

fn place(id: &str, uri: &str, file: &str, text: &str, span: Option<&edisi_article::Span>) -> Value {
    let span = span.map_or(0..text.len(), |s| s.start..s.end);
    let snippet = text.get(span.clone()).unwrap_or(text);
    let mut physical = json!({"artifactLocation": {"uri": encoded(uri)}});
    if let Some((line, column)) = find(file, text).and_then(|at| position(file, at + span.start)) {
        physical["region"] = json!({
            "startLine": line, "startColumn": column, "snippet": {"text": snippet},
        });
    }
    json!({"physicalLocation": physical, "logicalLocations": [{"name": id, "kind": "member"}]})
}

/// Where `text` stands in the file, when it stands there as it is.
fn find(file: &str, text: &str) -> Option<usize> {
    if text.is_empty() { None } else { file.find(text) }
}

/// Line and column of a byte, from 1, columns in characters.
fn position(file: &str, at: usize) -> Option<(usize, usize)> {
    let head = file.get(..at)?;
    let start = head.rfind('\n').map_or(0, |i| i + 1);
    Some((head.matches('\n').count() + 1, head[start..].chars().count() + 1))
}

/// A path as a URI reference: everything but what may stand in a path is escaped.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(byte as char),
            b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b'?' | b'=' | b'&' | b'+' | b',' | b'@' => {
                out.push(byte as char)
            }
            b'\\' => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
