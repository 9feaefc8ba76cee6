//! Glossaries as tables.

use csv::{Position, ReaderBuilder, StringRecord, Writer};
use edisi_article::Term;
use edisi_text::Lang;

use super::{GlossaryFile, TermsError, tidied, unnamed, version};

/// Between the forms in a cell.
const BETWEEN: char = '|';

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Keep,
    Sections,
    Note,
    Forms(Lang),
    Forbidden(Lang),
    Case(Lang),
}

impl Column {
    fn parse(title: &str) -> Result<Column, &'static str> {
        match title {
            "term" => return Ok(Column::Id),
            "keep" => return Ok(Column::Keep),
            "sections" => return Ok(Column::Sections),
            "note" => return Ok(Column::Note),
            _ => {}
        }
        let (tag, what) = title.split_once(' ').unwrap_or((title, ""));
        // Longer primary subtags are registered for nothing and are most often words.
        let lang = tag.parse::<Lang>().ok().filter(|lang| lang.code().len() <= 3);
        let lang = lang.ok_or("not known")?;
        match what {
            "" => Ok(Column::Forms(lang)),
            "forbidden" => Ok(Column::Forbidden(lang)),
            "case" => Ok(Column::Case(lang)),
            _ => Err("not known"),
        }
    }

    fn title(self) -> String {
        match self {
            Column::Id => "term".to_owned(),
            Column::Keep => "keep".to_owned(),
            Column::Sections => "sections".to_owned(),
            Column::Note => "note".to_owned(),
            Column::Forms(lang) => lang.to_string(),
            Column::Forbidden(lang) => format!("{lang} forbidden"),
            Column::Case(lang) => format!("{lang} case"),
        }
    }
}

pub(super) fn read(text: &str) -> Result<GlossaryFile, TermsError> {
    let (remarks, text) = text.split_at(table_start(text));
    // Lines are counted from the beginning of the file.
    let above = remarks.lines().count() as u64;
    let version = remarks.lines().find_map(|line| version(line.trim_start_matches(['#', ' '])));
    let terms = table(text).map_err(|error| match error {
        TermsError::Entry { line, problem } => TermsError::Entry { line: line + above, problem },
        error => error,
    })?;
    Ok(GlossaryFile { terms, version })
}

/// Where the titles begin: below the remarks.
fn table_start(text: &str) -> usize {
    let is_remark = |line: &&str| line.trim_start().starts_with('#') || line.trim().is_empty();
    text.split_inclusive('\n').take_while(is_remark).map(str::len).sum()
}

fn table(text: &str) -> Result<Vec<Term>, TermsError> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut columns: Option<Vec<Column>> = None;
    let mut terms = Vec::new();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(damaged)? {
        match &columns {
            None => columns = Some(titles(&record)?),
            Some(columns) => terms.extend(row(&record, columns)?),
        }
    }
    Ok(terms)
}

/// What parts the cells: spreadsheets write semicolons where the comma is the decimal sign.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |mark: u8| head.bytes().filter(|b| *b == mark).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

fn damaged(error: csv::Error) -> TermsError {
    let line = error.position().map_or(1, Position::line);
    let problem = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!(
                "{len} cells where the titles are {expected_len}; quote cells that hold the mark between cells"
            )
        }
        _ => error.to_string(),
    };
    TermsError::Entry { line, problem }
}

fn titles(record: &StringRecord) -> Result<Vec<Column>, TermsError> {
    let mut columns: Vec<Column> = Vec::new();
    for (at, title) in record.iter().enumerate() {
        let wrong = |problem| TermsError::Column { column: at + 1, title: title.to_owned(), problem };
        let column = Column::parse(&title.to_lowercase()).map_err(wrong)?;
        if columns.contains(&column) {
            return Err(wrong("there are two of it"));
        }
        columns.push(column);
    }
    Ok(columns)
}

fn row(record: &StringRecord, columns: &[Column]) -> Result<Option<Term>, TermsError> {
    if record.iter().all(str::is_empty) {
        return Ok(None);
    }
    let line = record.position().map_or(1, Position::line);
    let mut term = Term::default();
    for (cell, column) in record.iter().zip(columns) {
        let yes = || {
            yes(cell).ok_or_else(|| TermsError::Entry {
                line,
                problem: format!("`{cell}` under `{}`; write yes or nothing", column.title()),
            })
        };
        let mut name = |lang: Lang| match term.names.iter().position(|n| n.lang == lang) {
            Some(at) => at,
            None => {
                term.names.push(unnamed(lang));
                term.names.len() - 1
            }
        };
        match *column {
            Column::Id => cell.clone_into(&mut term.id),
            Column::Keep => term.keep = yes()?,
            Column::Sections => term.sections = split(cell),
            Column::Note => term.note = Some(cell.to_owned()),
            Column::Forms(lang) => {
                let at = name(lang);
                term.names[at].forms = split(cell);
            }
            Column::Forbidden(lang) => {
                let at = name(lang);
                term.names[at].forbidden = split(cell);
            }
            Column::Case(lang) => {
                let at = name(lang);
                term.names[at].case_sensitive = yes()?;
            }
        }
    }
    let problem = || "no word in any language; fill a cell or remove the row".to_owned();
    tidied(term).map(Some).ok_or_else(|| TermsError::Entry { line, problem: problem() })
}

fn yes(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "" | "no" | "false" | "0" => Some(false),
        "yes" | "true" | "1" | "x" => Some(true),
        _ => None,
    }
}

/// The forms in a cell; `\` before the mark between them or another `\` makes it a letter.
fn split(cell: &str) -> Vec<String> {
    let mut forms = vec![String::new()];
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        let form = forms.last_mut().expect("one to begin with");
        match c {
            '\\' => form.push(chars.next_if(|next| [BETWEEN, '\\'].contains(next)).unwrap_or('\\')),
            BETWEEN => forms.push(String::new()),
            c => form.push(c),
        }
    }
    forms
}

fn join(forms: &[String]) -> String {
    let escaped = |form: &String| form.replace('\\', "\\\\").replace(BETWEEN, "\\|");
    forms.iter().map(escaped).collect::<Vec<_>>().join("|")
}

pub(super) fn write(terms: &[Term], version: Option<&str>) -> String {
    let mut langs: Vec<Lang> = Vec::new();
    for name in terms.iter().flat_map(|t| &t.names) {
        if !langs.contains(&name.lang) {
            langs.push(name.lang);
        }
    }
    let names = |lang: Lang| terms.iter().filter_map(move |t| t.name(lang));
    let mut columns = vec![Column::Id];
    for lang in langs {
        columns.push(Column::Forms(lang));
        columns.extend(names(lang).any(|n| !n.forbidden.is_empty()).then_some(Column::Forbidden(lang)));
        columns.extend(names(lang).any(|n| n.case_sensitive).then_some(Column::Case(lang)));
    }
    columns.extend([Column::Keep, Column::Sections, Column::Note]);
    let mut writer = Writer::from_writer(Vec::new());
    let rows = terms.iter().map(|term| columns.iter().map(|c| cell(term, *c)).collect());
    for row in std::iter::once(columns.iter().map(|c| c.title()).collect::<Vec<_>>()).chain(rows) {
        writer.write_record(&row).expect("memory takes all, and rows are equally long");
    }
    let bytes = writer.into_inner().expect("memory takes all");
    let head = version.map_or_else(String::new, |version| format!("# version: {version}\n"));
    head + &String::from_utf8(bytes).expect("cells are text")
}

fn cell(term: &Term, column: Column) -> String {
    let said = |yes: bool| if yes { "yes".to_owned() } else { String::new() };
    match column {
        Column::Id => term.id.clone(),
        Column::Keep => said(term.keep),
        Column::Sections => join(&term.sections),
        Column::Note => term.note.clone().unwrap_or_default(),
        Column::Forms(lang) => term.name(lang).map_or_else(String::new, |n| join(&n.forms)),
        Column::Forbidden(lang) => term.name(lang).map_or_else(String::new, |n| join(&n.forbidden)),
        Column::Case(lang) => said(term.name(lang).is_some_and(|n| n.case_sensitive)),
    }
}
