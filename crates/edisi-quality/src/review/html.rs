//! A review as one HTML page that needs nothing else: no script, no font, no network.

use std::fmt::Write;

use edisi_article::{Finding, Severity, Span, escape_html};
use edisi_text::Lang;

use super::{Review, Row, name};

const STYLE: &str = include_str!("review.css");

impl Review {
    /// The page. `title` says what was checked; rows without findings are folded away.
    pub fn html(&self, title: &str) -> String {
        let mut out = String::new();
        let title = escape_html(title);
        let _ = write!(
            out,
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title}</title><style>{STYLE}</style></head><body>\n<header><h1>{title}</h1><p>{}</p></header>\n\
             <main>\n",
            self.headline()
        );
        let mut quiet: Vec<&Row> = Vec::new();
        for row in &self.rows {
            if row.findings.is_empty() {
                quiet.push(row);
                continue;
            }
            self.fold(&mut out, &mut quiet);
            self.row(&mut out, row);
        }
        self.fold(&mut out, &mut quiet);
        out.push_str("</main></body></html>\n");
        out
    }

    /// Languages, rows and counts in a sentence.
    fn headline(&self) -> String {
        let counts = self.counts();
        let count = |severity, one: &str| {
            let n = counts.get(&severity).copied().unwrap_or(0);
            format!("<b class=\"{}\">{n}</b> {one}{}", name(severity), if n == 1 { "" } else { "s" })
        };
        format!(
            "{} → {}, {} pieces: {}, {}, {}",
            escape_html(&self.from.english_name()),
            escape_html(&self.to.english_name()),
            self.rows.len(),
            count(Severity::Error, "error"),
            count(Severity::Warning, "warning"),
            count(Severity::Note, "note"),
        )
    }

    /// Rows without findings, folded.
    fn fold(&self, out: &mut String, rows: &mut Vec<&Row>) {
        if rows.is_empty() {
            return;
        }
        let s = if rows.len() == 1 { "" } else { "s" };
        let _ = writeln!(out, "<details><summary>{} piece{s} without findings</summary>", rows.len());
        for row in rows.drain(..) {
            self.row(out, row);
        }
        out.push_str("</details>\n");
    }

    fn row(&self, out: &mut String, row: &Row) {
        let worst = row.findings.iter().map(|f| f.severity).max();
        let class = worst.map_or("clean".to_owned(), name);
        let _ =
            writeln!(out, "<section class=\"{class}\"><h2>{}</h2><div class=\"pair\">", escape_html(&row.id));
        side(out, &row.source, self.from, &row.findings, |f| &f.source);
        side(out, &row.target, self.to, &row.findings, |f| &f.target);
        out.push_str("</div>");
        if !row.findings.is_empty() {
            out.push_str("<ul>");
            for finding in &row.findings {
                let severity = name(finding.severity);
                let _ = write!(
                    out,
                    "<li><b class=\"{severity}\">{severity}</b> <code>{}</code> {}</li>",
                    name(finding.kind),
                    escape_html(&finding.message)
                );
            }
            out.push_str("</ul>");
        }
        out.push_str("</section>\n");
    }
}

fn side(
    out: &mut String,
    text: &str,
    lang: Lang,
    findings: &[Finding],
    spans: impl Fn(&Finding) -> &Vec<Span>,
) {
    let dir = if lang.is_rtl() { "rtl" } else { "ltr" };
    let _ = write!(out, "<p lang=\"{lang}\" dir=\"{dir}\">");
    if text.is_empty() {
        out.push('–');
    }
    for (piece, severity) in pieces(text, findings, spans) {
        match severity {
            Some(severity) => {
                let _ = write!(out, "<mark class=\"{}\">{}</mark>", name(severity), escape_html(piece));
            }
            None => out.push_str(&escape_html(piece)),
        }
    }
    out.push_str("</p>");
}

/// Cuts `text` where spans begin and end; each piece with the greatest severity of those that cover it. Spans of
/// the whole text mark nothing.
pub(super) fn pieces<'t>(
    text: &'t str,
    findings: &[Finding],
    spans: impl Fn(&Finding) -> &Vec<Span>,
) -> Vec<(&'t str, Option<Severity>)> {
    let whole = text.trim().len();
    let mut marks: Vec<(Span, Severity)> = Vec::new();
    for finding in findings {
        let fits = |s: &&Span| {
            s.start < s.end
                && s.end - s.start < whole
                && text.is_char_boundary(s.start)
                && text.is_char_boundary(s.end)
        };
        marks.extend(spans(finding).iter().filter(fits).map(|s| (*s, finding.severity)));
    }
    let mut cuts: Vec<usize> = marks.iter().flat_map(|m| [m.0.start, m.0.end]).collect();
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2)
        .map(|w| {
            let covering = marks.iter().filter(|m| m.0.start <= w[0] && w[1] <= m.0.end);
            (&text[w[0]..w[1]], covering.map(|m| m.1).max())
        })
        .collect()
}
