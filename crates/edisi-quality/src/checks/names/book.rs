//! The newsroom's own names: one entry, a form for each language.

use std::collections::HashSet;
use std::ops::Range;

use edisi_article::{Finding, FindingKind, Fix, Severity};
use edisi_text::Lang;

/// How a newsroom writes names in each of its languages, read from a table of comma-separated values.
///
/// The first line names the columns: language tags, in any order, and `kind`, which may be left out and is for
/// people. Each further line is a name. A cell holds the form to write and, behind `|`, forms that are understood
/// but not to be written. Empty cells are languages the newsroom has not decided on. Lines that begin with `#` are
/// comments.
///
/// ```
/// use edisi_quality::NameBook;
/// use edisi_text::Lang;
///
/// let book = NameBook::read("kind,id,en,fr\nplace,Tiongkok|Cina,China,Chine\n")?;
/// let found = book.check("China builds a port.", "Cina membangun pelabuhan.", (Lang::EN, Lang::ID));
/// assert_eq!(found[0].expected.as_deref(), Some("Tiongkok"));
/// # Ok::<(), edisi_quality::NameBookError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameBook {
    entries: Vec<Entry>,
}

/// A name: its forms by language, the one to write first.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    forms: Vec<(Lang, Vec<String>)>,
}

/// Why a name book cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameBookError {
    /// There is no header.
    #[error("the name book is empty; begin it with a line such as `kind,id,en,zh,ja,ar,fr`")]
    Empty,
    /// A column is neither `kind` nor a language.
    #[error("column `{0}` of the name book is neither `kind` nor a language tag")]
    Column(String),
    /// A language has two columns.
    #[error("the name book has two columns for {0}; put further forms in one cell, with `|` between them")]
    Twice(Lang),
    /// A quotation mark is not closed.
    #[error("line {0} of the name book opens a quotation mark that is not closed")]
    Quote(usize),
    /// A line has more cells than there are columns.
    #[error(
        "line {line} of the name book has {found} cells, its header {expected}; quote cells that contain commas"
    )]
    Cells {
        /// Counted from 1.
        line: usize,
        /// Cells in the line.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A line gives a name in fewer than two languages.
    #[error(
        "line {0} of the name book gives the name in fewer than two languages, so there is nothing to compare"
    )]
    Lonely(usize),
}

impl NameBook {
    /// Reads a name book.
    ///
    /// # Errors
    /// When the header or a line cannot be understood; see [`NameBookError`].
    pub fn read(text: &str) -> Result<NameBook, NameBookError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(i, l)| (i + 1, l))
            .filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'));
        let (number, header) = lines.next().ok_or(NameBookError::Empty)?;
        let mut columns = Vec::new();
        for cell in cells(header, number)? {
            let column = match cell.as_str() {
                "kind" => None,
                tag => Some(tag.parse::<Lang>().map_err(|_| NameBookError::Column(tag.to_owned()))?),
            };
            if let Some(lang) = column
                && columns.contains(&column)
            {
                return Err(NameBookError::Twice(lang));
            }
            columns.push(column);
        }
        let mut entries = Vec::new();
        for (number, line) in lines {
            let cells = cells(line, number)?;
            if cells.len() > columns.len() {
                return Err(NameBookError::Cells {
                    line: number,
                    found: cells.len(),
                    expected: columns.len(),
                });
            }
            let forms: Vec<(Lang, Vec<String>)> = columns
                .iter()
                .zip(cells)
                .filter_map(|(lang, cell)| {
                    let forms: Vec<String> =
                        cell.split('|').map(str::trim).filter(|f| !f.is_empty()).map(str::to_owned).collect();
                    (!forms.is_empty()).then_some(((*lang)?, forms))
                })
                .collect();
            if forms.len() < 2 {
                return Err(NameBookError::Lonely(number));
            }
            entries.push(Entry { forms });
        }
        Ok(NameBook { entries })
    }

    /// A name book from entries that are kept in another form: of each, the forms by language, the one to write first.
    /// Entries in fewer than two languages say nothing and are passed over.
    pub fn of(entries: impl IntoIterator<Item = Vec<(Lang, Vec<String>)>>) -> NameBook {
        let entries = entries.into_iter().map(|mut forms| {
            forms.retain(|(_, forms)| !forms.is_empty());
            Entry { forms }
        });
        NameBook { entries: entries.filter(|e| e.forms.len() > 1).collect() }
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The names that `source` gives and how the book writes them in the second language of the pair, in order and
    /// without overlaps. Spans are byte ranges into `source`.
    pub fn mentions(&self, source: &str, (from, to): (Lang, Lang)) -> Vec<(Range<usize>, String)> {
        let mut found: Vec<(Range<usize>, &String)> = Vec::new();
        for entry in &self.entries {
            let (Some(own), Some(wanted)) = (entry.forms(from), entry.forms(to)) else { continue };
            let places = own.iter().flat_map(|form| places(source, form, from));
            found.extend(places.map(|place| (place, &wanted[0])));
        }
        // Of names that overlap, the one that begins first, then the longer one.
        found.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
        let mut out: Vec<(Range<usize>, String)> = Vec::new();
        for (place, written) in found {
            if out.last().is_none_or(|(last, _)| last.end <= place.start) {
                out.push((place, written.clone()));
            }
        }
        out
    }

    /// Adds what the book says to the findings on a segment. Where the book knows a name, the general check of names
    /// is not heard on it.
    pub fn judge(&self, findings: &mut Vec<Finding>, source: &str, translation: &str, pair: (Lang, Lang)) {
        if self.is_empty() {
            return;
        }
        let known = self.mentions(source, pair);
        findings.retain(|finding| {
            let about = |span: &edisi_article::Span| {
                known.iter().any(|(place, _)| place.start < span.end && span.start < place.end)
            };
            let general = matches!(finding.kind, FindingKind::NameMissing | FindingKind::NameChanged);
            !general || !finding.source.first().is_some_and(about)
        });
        findings.extend(self.check(source, translation, pair));
    }

    /// Names of the source that the translation does not write as the book has them. Spans are byte ranges into
    /// `source` and `translation`; where the translation has another form of the entry, the fix replaces it.
    pub fn check(&self, source: &str, translation: &str, (from, to): (Lang, Lang)) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut said = HashSet::new();
        for entry in &self.entries {
            let (Some(own), Some(wanted)) = (entry.forms(from), entry.forms(to)) else { continue };
            let Some(was) = own.iter().find_map(|f| find(source, f, from)) else { continue };
            let written = &wanted[0];
            if find(translation, written, to).is_some() || !said.insert(written) {
                continue;
            }
            let is = wanted[1..].iter().find_map(|f| find(translation, f, to));
            let message = format!("The name book writes {written} for {}.", &source[was.clone()]);
            let mut finding = Finding::new(FindingKind::NameBook, Severity::Error, message);
            finding.source = vec![was.into()];
            finding.expected = Some(written.clone());
            finding.confidence = Some(1.0);
            if let Some(is) = is {
                finding.found = Some(translation[is.clone()].to_owned());
                finding.fix = Some(Fix { span: is.clone().into(), text: written.clone() });
                finding.target = vec![is.into()];
            }
            findings.push(finding);
        }
        findings
    }
}

impl Entry {
    fn forms(&self, lang: Lang) -> Option<&[String]> {
        self.forms.iter().find(|(l, _)| *l == lang).map(|(_, f)| f.as_slice())
    }
}

/// Where `form` stands in `text` as a word of its own; in Arabic with short words written on to it, in Chinese
/// and Japanese anywhere.
fn find(text: &str, form: &str, lang: Lang) -> Option<Range<usize>> {
    places(text, form, lang).next()
}

/// Every place where [`find`] finds it.
fn places(text: &str, form: &str, lang: Lang) -> impl Iterator<Item = Range<usize>> {
    text.match_indices(form).map(|(at, found)| at..at + found.len()).filter(move |range| {
        if lang.is_unspaced() {
            return true;
        }
        let open = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        let before = text[..range.start].chars().rev().take_while(|c| c.is_alphabetic());
        let joined = lang == Lang::AR && {
            let letters: Vec<char> = before.clone().take(5).collect();
            letters.len() < 5 && letters.iter().all(|c| "الوبفكس".contains(*c))
        };
        (joined || open(text[..range.start].chars().next_back())) && open(text[range.end..].chars().next())
    })
}

/// The cells of a line, as RFC 4180 quotes them; a cell has no line breaks.
fn cells(line: &str, number: usize) -> Result<Vec<String>, NameBookError> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let cell = out.last_mut().expect("one cell at least");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted || cell.trim().is_empty() => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            _ => cell.push(c),
        }
    }
    if quoted {
        return Err(NameBookError::Quote(number));
    }
    Ok(out.into_iter().map(|c| c.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &str = "# ours\nkind,id,en,zh,ar\nplace,Tiongkok|Cina|RRC,China,中国,الصين\nperson,\"Sari, Dewi\",Dewi Sari,黛薇,ديوي ساري\n";

    #[test]
    fn names_are_to_be_written_as_decided() {
        let book = NameBook::read(BOOK).unwrap();
        assert_eq!(book.len(), 2);
        let found = book.check("China and Japan met.", "Cina dan Jepang bertemu.", (Lang::EN, Lang::ID));
        assert_eq!(found.len(), 1);
        let fix = found[0].fix.as_ref().unwrap();
        assert_eq!((fix.span.start, fix.span.end, fix.text.as_str()), (0, 4, "Tiongkok"));
        assert!(book.check("China met.", "Tiongkok bertemu.", (Lang::EN, Lang::ID)).is_empty());
        assert!(book.check("Chinatown is busy.", "Pecinan ramai.", (Lang::EN, Lang::ID)).is_empty());
        assert!(book.check("中国队赢了", "وبالصين", (Lang::ZH, Lang::AR)).is_empty());
        let lost = book.check("黛薇来了。", "She came.", (Lang::ZH, Lang::EN));
        assert_eq!(lost[0].expected.as_deref(), Some("Dewi Sari"));
        assert!(lost[0].fix.is_none() && lost[0].target.is_empty());
        assert!(book.check("黛薇来了。", "彼女が来た。", (Lang::ZH, Lang::JA)).is_empty());
    }

    #[test]
    fn engines_are_told_the_names_of_a_sentence() {
        let book = NameBook::read("id,en\nCina,China\nLaut Cina Selatan,South China Sea\n").unwrap();
        let source = "Kapal Cina di Laut Cina Selatan, bukan di Pecinan.";
        let found = book.mentions(source, (Lang::ID, Lang::EN));
        let shown: Vec<(&str, &str)> =
            found.iter().map(|(at, to)| (&source[at.clone()], to.as_str())).collect();
        assert_eq!(shown, [("Cina", "China"), ("Laut Cina Selatan", "South China Sea")]);
        assert_eq!(book.mentions(source, (Lang::ID, Lang::JA)), []);
    }

    #[test]
    fn the_book_has_the_last_word_on_its_names() {
        let book = NameBook::read(BOOK).unwrap();
        let (source, pair) = ("China and Japan met.", (Lang::EN, Lang::ID));
        let general = |start: usize, end: usize| {
            let mut finding = Finding::new(FindingKind::NameMissing, Severity::Error, "");
            finding.source = vec![(start..end).into()];
            finding
        };
        let mut findings = vec![general(0, 5), general(10, 15)];
        book.judge(&mut findings, source, "Tiongkok bertemu.", pair);
        assert_eq!(findings, [general(10, 15)], "the book is content with China and does not know Japan");
        let mut findings = vec![general(0, 5)];
        book.judge(&mut findings, source, "Negeri itu bertemu.", pair);
        assert_eq!(findings.iter().map(|f| f.kind).collect::<Vec<_>>(), [FindingKind::NameBook]);
    }

    #[test]
    fn what_is_wrong_with_a_book_is_said() {
        let error = |text: &str| NameBook::read(text).unwrap_err();
        assert_eq!(error("# nothing\n"), NameBookError::Empty);
        assert_eq!(error("kind,name\n"), NameBookError::Column("name".into()));
        assert_eq!(error("id,en,id\n"), NameBookError::Twice(Lang::ID));
        assert_eq!(error("id,en\n\"a,b\n"), NameBookError::Quote(2));
        assert_eq!(error("id,en\na,b,c\n"), NameBookError::Cells { line: 2, found: 3, expected: 2 });
        assert_eq!(error("id,en\n\na,\n"), NameBookError::Lonely(3));
    }
}
