//! The report on a terminal: two columns, what was found underneath.

use std::io::{IsTerminal, stdout};

use edisi_article::{Finding, Severity, Span};
use edisi_quality::Review;
use edisi_quality::review::{Row, name};
use unicode_width::UnicodeWidthChar;

use super::word;

/// Columns where nobody says how many there are.
const WIDTH: usize = 100;
/// Columns below which texts stand under each other.
const NARROW: usize = 60;
const GAP: &str = " │ ";

/// How things look.
#[derive(Clone, Copy)]
struct Look {
    width: usize,
    colour: bool,
}

/// The report: the rows with findings, or all, and a line of counts.
pub fn report(review: &Review, all: bool) -> String {
    let terminal = stdout().is_terminal();
    let width = if terminal { terminal_size::terminal_size().map(|s| usize::from(s.0.0)) } else { None };
    let colour = terminal
        && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        && std::env::var_os("TERM").is_none_or(|t| t != "dumb");
    render(review, all, Look { width: width.unwrap_or(WIDTH).clamp(20, 240), colour })
}

fn render(review: &Review, all: bool, look: Look) -> String {
    let mut out = String::new();
    for row in review.rows.iter().filter(|row| all || !row.findings.is_empty()) {
        show(&mut out, row, look);
    }
    let counts = review.counts();
    let count = |severity| counts.get(&severity).copied().unwrap_or(0);
    out += &format!(
        "{} → {}, {} pieces: {} errors, {} warnings, {} notes\n",
        review.from.english_name(),
        review.to.english_name(),
        review.rows.len(),
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note)
    );
    out
}

fn show(out: &mut String, row: &Row, look: Look) {
    *out += &format!("{}\n", paint(&format!("── {} ", row.id), "2", look));
    let source = marked(&row.source, &row.findings, |f| &f.source);
    let target = marked(&row.target, &row.findings, |f| &f.target);
    if look.width < NARROW {
        for line in wrap(&source, look.width).into_iter().chain([Vec::new()]).chain(wrap(&target, look.width))
        {
            *out += &format!("{}\n", styled(&line, look));
        }
    } else {
        let column = (look.width - GAP.chars().count()) / 2;
        let (left, right) = (wrap(&source, column), wrap(&target, column));
        for at in 0..left.len().max(right.len()) {
            let line = |lines: &[Vec<Cell>]| lines.get(at).cloned().unwrap_or_default();
            let (left, right) = (line(&left), line(&right));
            let fill = " ".repeat(column.saturating_sub(width(&left)));
            let text = format!("{}{fill}{GAP}{}", styled(&left, look), styled(&right, look));
            *out += &format!("{}\n", text.trim_end());
        }
    }
    for finding in &row.findings {
        let severity = paint(&format!("{:7}", word(finding.severity)), code(finding.severity), look);
        let text: Vec<Cell> = format!("{}: {}", name(finding.kind), finding.message)
            .chars()
            .map(|c| Cell { c, mark: None })
            .collect();
        for (at, line) in wrap(&text, look.width.saturating_sub(10)).iter().enumerate() {
            let head = if at == 0 { format!("  {severity} ") } else { " ".repeat(10) };
            *out += &format!("{head}{}\n", styled(line, look));
        }
    }
    out.push('\n');
}

/// A character and the gravest finding on it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    c: char,
    mark: Option<Severity>,
}

fn marked(text: &str, findings: &[Finding], spans: impl Fn(&Finding) -> &Vec<Span>) -> Vec<Cell> {
    let whole = text.trim().len();
    let covering = |at: usize| {
        let on =
            |f: &&Finding| spans(f).iter().any(|s| (s.start..s.end).contains(&at) && s.end - s.start < whole);
        findings.iter().filter(on).map(|f| f.severity).max()
    };
    // Control characters would move the cursor, direction marks confuse the columns.
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.char_indices().map(|(at, c)| Cell { c: plain(c), mark: covering(at) }).collect()
}

fn width(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.c.width().unwrap_or(0)).sum()
}

/// Lines of at most `columns`, broken at spaces and between ideographs.
fn wrap(cells: &[Cell], columns: usize) -> Vec<Vec<Cell>> {
    let columns = columns.max(2);
    let mut lines: Vec<Vec<Cell>> = Vec::new();
    let mut line: Vec<Cell> = Vec::new();
    let mut used = 0;
    for cell in cells {
        let wide = cell.c.width().unwrap_or(0);
        if used + wide > columns {
            // Back to the last place where the line may break.
            let may_break = |i: usize| line[i - 1].c == ' ' || line[i - 1].c.width() == Some(2);
            let at =
                (line.len() / 2..=line.len()).rev().find(|&i| i > 0 && may_break(i)).unwrap_or(line.len());
            let rest = if cell.c == ' ' { Vec::new() } else { line.split_off(at) };
            lines.push(std::mem::replace(&mut line, rest));
            used = width(&line);
            if cell.c == ' ' {
                continue;
            }
        }
        line.push(*cell);
        used += wide;
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

fn styled(cells: &[Cell], look: Look) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < cells.len() {
        let mark = cells[at].mark;
        let end = cells[at..].iter().position(|c| c.mark != mark).map_or(cells.len(), |n| at + n);
        let text: String = cells[at..end].iter().map(|c| c.c).collect();
        match mark {
            Some(severity) => out += &paint(&text, &format!("{};4", code(severity)), look),
            None => out += &text,
        }
        at = end;
    }
    out
}

/// SGR colour of a severity.
fn code(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "31",
        Severity::Warning => "33",
        Severity::Note => "36",
    }
}

fn paint(text: &str, code: &str, look: Look) -> String {
    if look.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, columns: usize) -> Vec<String> {
        let cells: Vec<Cell> = text.chars().map(|c| Cell { c, mark: None }).collect();
        wrap(&cells, columns).into_iter().map(|l| l.into_iter().map(|c| c.c).collect()).collect()
    }

    #[test]
    fn lines_break_where_they_may() {
        assert_eq!(lines("one two three", 8), ["one two ", "three"]);
        assert_eq!(lines("米の値段が上がった", 8), ["米の値段", "が上がっ", "た"]);
        assert_eq!(lines("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(lines("", 4), [""]);
    }

    #[test]
    fn both_sides_and_the_findings_are_shown() {
        let review = Review::of_texts(
            &["Harga beras naik 12 persen pada hari Selasa."],
            &["The price of rice rose 15 percent on Tuesday."],
            (edisi_text::Lang::ID, edisi_text::Lang::EN),
            &edisi_quality::CheckOptions::default(),
        );
        let plain = render(&review, false, Look { width: 80, colour: false });
        assert!(plain.contains(" │ The price") && plain.contains("number-missing"), "{plain}");
        assert!(!plain.contains('\u{1b}') && plain.lines().all(|l| l.chars().count() <= 80), "{plain}");
        assert!(plain.ends_with("1 pieces: 1 errors, 0 warnings, 0 notes\n"), "{plain}");
        assert!(render(&review, false, Look { width: 40, colour: true }).contains("\u{1b}[31;4m"));
    }
}
