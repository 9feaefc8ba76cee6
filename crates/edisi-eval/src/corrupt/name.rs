//! Names that are others, or gone.

use std::ops::Range;

use edisi_text::expected_scripts;
use edisi_text::script::{Script, script_of};

use super::{Clean, Corruption, ListsRef};
use crate::Random;
use crate::find::{self, char_after, char_before, removed, replaced, word_before};
use crate::lists::{self, Lists, Row};

/// A name of the translation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    range: Range<usize>,
    /// What it is a name of, as in `names.tsv`.
    group: &'static str,
    /// How its replacement is written.
    style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// The form at this place of a listed row.
    Listed { row: usize, form: usize },
    /// So many words of Latin letters.
    Latin(usize),
    /// Katakana with a dot between the parts.
    Katakana,
}

/// The names of the translation that stand in it once and, where that can be told, in the source.
fn names(clean: &Clean<'_>, lists: ListsRef) -> Vec<Name> {
    let mut out = listed(clean, lists);
    let more = if expected_scripts(clean.to).contains(&Script::Latin) {
        capitals(clean, lists)
    } else {
        let mut more = copied(clean);
        more.extend(katakana(clean));
        more
    };
    for name in more {
        if out.iter().all(|o| o.range.end <= name.range.start || name.range.end <= o.range.start) {
            out.push(name);
        }
    }
    out.retain(|name| clean.target.matches(&clean.target[name.range.clone()]).count() == 1);
    out
}

fn listed(clean: &Clean<'_>, lists: ListsRef) -> Vec<Name> {
    let Some(source) = lists::of(clean.from) else { return Vec::new() };
    let rows: Vec<&Row> = lists.names.iter().map(|m| &m.forms).collect();
    find::forms(clean.target, rows)
        .into_iter()
        .filter(|hit| {
            // The name of a language or people is another word than the country's.
            let people =
                char_after(clean.target, hit.range.end).is_some_and(|c| "语語人系裔籍文".contains(c));
            !people && source.names[hit.row].forms.iter().any(|form| clean.source.contains(form))
        })
        .map(|hit| Name {
            group: lists.names[hit.row].group,
            style: Style::Listed { row: hit.row, form: hit.form },
            range: hit.range,
        })
        .collect()
}

/// Runs of capitalised words inside a sentence that are not words of the language.
fn capitals(clean: &Clean<'_>, lists: &Lists) -> Vec<Name> {
    let text = clean.target;
    let latin_source = expected_scripts(clean.from).contains(&Script::Latin);
    let mut out: Vec<Name> = Vec::new();
    let mut words = 0;
    for (start, word) in words_of(text) {
        let end = start + word.len();
        let is_name = word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().skip(1).any(char::is_lowercase)
            && word.chars().count() > 3
            && !clean.corpus.small.contains(&word.to_lowercase())
            && !opens_sentence(text, start)
            && !is_calendar(word, lists)
            && if latin_source { has_word(clean.source, word) } else { !is_people(word) };
        if !is_name {
            continue;
        }
        match out.last_mut() {
            Some(last) if text[last.range.end..start].chars().all(|c| c == ' ') => {
                words += 1;
                last.range.end = end;
                last.style = Style::Latin(words);
                last.group = "person";
            }
            _ => {
                words = 1;
                let place = matches!(
                    word_before(text, start).to_lowercase().as_str(),
                    "in" | "from" | "to" | "near" | "di" | "ke" | "dari" | "à" | "de" | "en" | "em"
                );
                let group = if place { "city" } else { "person" };
                out.push(Name { range: start..end, group, style: Style::Latin(1) });
            }
        }
    }
    out
}

fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’' | '-');
    text.split(move |c| !is_part(c)).filter(|w| !w.is_empty()).map(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        // `Nadal's`, `l'Élysée`: the name is the longer part.
        let part = word.split(['\'', '’']).max_by_key(|p| p.len()).unwrap_or(word);
        let offset = part.as_ptr() as usize - word.as_ptr() as usize;
        (start + offset, part)
    })
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| find::stands_alone(text, &(at..at + word.len())))
}

fn opens_sentence(text: &str, at: usize) -> bool {
    let head = text[..at].trim_end();
    head.is_empty() || head.ends_with(['.', '!', '?', ':', '"', '“', '«', '(', '-', '–', '—', '‘', '\''])
}

fn is_calendar(word: &str, lists: &Lists) -> bool {
    lists.months.iter().chain(&lists.weekdays).flatten().any(|form| form.eq_ignore_ascii_case(word))
}

/// Endings of the words for peoples, which translations turn freely into the country's name.
fn is_people(word: &str) -> bool {
    ["ese", "ish", "ian", "ians", "ans", "an", "ic", "ais", "aise", "ois", "ien", "ienne", "ain", "aine"]
        .iter()
        .any(|ending| word.ends_with(ending))
}

/// Latin names that a translation in another script took over from the source.
fn copied(clean: &Clean<'_>) -> Vec<Name> {
    words_of(clean.target)
        .filter(|(_, word)| {
            word.is_ascii()
                && word.len() > 3
                && word.starts_with(|c: char| c.is_ascii_uppercase())
                && word[1..].contains(|c: char| c.is_ascii_lowercase())
                && has_word(clean.source, word)
        })
        .map(|(start, word)| Name {
            range: start..start + word.len(),
            group: "person",
            style: Style::Latin(1),
        })
        .collect()
}

/// `ミット・ロムニー`
fn katakana(clean: &Clean<'_>) -> Vec<Name> {
    if clean.to.code() != "ja" {
        return Vec::new();
    }
    let text = clean.target;
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if script_of(c) == Script::Katakana || c == '・' {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            let parts: Vec<&str> = text[from..at].split('・').collect();
            let before = char_before(text, from);
            let longer = before.is_some_and(|c| matches!(script_of(c), Script::Han | Script::Latin));
            if (2..=3).contains(&parts.len()) && parts.iter().all(|p| p.chars().count() > 1) && !longer {
                out.push(Name { range: from..at, group: "person", style: Style::Katakana });
            }
        }
    }
    out
}

/// Another name of the kind that neither side has.
fn another(clean: &Clean<'_>, name: &Name, lists: ListsRef, random: &mut Random) -> Option<String> {
    let source = lists::of(clean.from)?;
    let english = lists::of(edisi_text::Lang::EN)?;
    let latin = expected_scripts(clean.to).contains(&Script::Latin);
    let mut rows: Vec<usize> = (0..lists.names.len())
        .filter(|&row| lists.names[row].group == name.group)
        .filter(|&row| {
            let forms = source.names[row].forms.iter().chain(&english.names[row].forms);
            !forms.into_iter().any(|form| clean.source.contains(form))
                && !lists.names[row].forms.iter().any(|form| clean.target.contains(form))
        })
        .collect();
    random.shuffle(&mut rows);
    // Names in Latin letters inside another script stay in Latin letters.
    let form = |row: usize, at: usize| {
        let own = if latin || !matches!(name.style, Style::Latin(_)) { lists } else { english };
        let forms = &own.names[row].forms;
        forms.get(at).or(forms.last()).copied()
    };
    let first = *rows.first()?;
    match name.style {
        Style::Listed { row, form: at } => {
            let new = form(first, at)?;
            (!lists.names[row].forms.contains(&new)).then(|| new.to_owned())
        }
        Style::Latin(1) => form(first, 0).map(str::to_owned),
        Style::Latin(_) => Some(format!("{} {}", form(first, 0)?, form(*rows.get(1)?, 0)?)),
        Style::Katakana => Some(format!("{}・{}", form(first, 0)?, form(*rows.get(1)?, 0)?)),
    }
}

pub(super) fn swapped(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let names = names(clean, lists);
    let name = random.pick(&names)?;
    let new = another(clean, name, lists, random)?;
    let old = &clean.target[name.range.clone()];
    Some(Corruption::new(replaced(clean.target, &name.range, &new), format!("{old} → {new}")))
}

pub(super) fn dropped(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let names = names(clean, lists);
    let name = random.pick(&names)?;
    let old = &clean.target[name.range.clone()];
    Some(Corruption::new(removed(clean.target, &name.range), format!("− {old}")))
}
