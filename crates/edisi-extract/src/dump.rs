//! A text dump of a page (what copying the whole page into a text file gives) → the article on it.

use edisi_article::{Article, Block, BlockKind};
use edisi_text::Lang;

use crate::date;
use crate::news::{self, Layer};
use crate::unwrap;

/// More lines than this above the story are no header.
const MAX_HEADER: usize = 60;

/// Reads a text dump. `hint` is the language, when it is known; else it is told from the text.
///
/// `None` when nothing in the text reads like a story.
pub fn extract(text: &str, hint: Option<Lang>) -> Option<Article> {
    let lines = unwrap::lines(text);
    let language = hint.or_else(|| language_of(&lines));
    let layer = Layer::for_lang(language);
    let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
    let page = Page::read(layer, &texts, language);
    let mut article = Article { language, ..Article::default() };
    article.title = page.title.map(|i| lines[i].clone());
    article.description = page.standfirst.map(|i| lines[i].clone());
    article.byline = page.byline;
    article.site_name = page.site_name;
    article.published = page.published;
    article.modified = page.modified;
    for (line, kind) in &page.body {
        let level = if *kind == BlockKind::Heading { 2 } else { 0 };
        article.blocks.push(Block { level, ..Block::plain(*kind, lines[*line].as_str()) });
    }
    if !article.blocks.iter().any(|b| b.kind == BlockKind::Paragraph) {
        return None;
    }
    news::state(&mut article, layer, page.said);
    Some(article)
}

/// The language of the running text; of all of it, when little of it runs.
fn language_of(lines: &[String]) -> Option<Lang> {
    let prose: Vec<&str> = lines.iter().map(String::as_str).filter(|l| news::is_prose(l)).collect();
    let text = if prose.is_empty() { lines.join("\n") } else { prose.join("\n") };
    edisi_text::detect(&text).map(|(lang, _)| lang)
}

/// What each line of a page is, by its number.
#[derive(Default)]
struct Page {
    title: Option<usize>,
    standfirst: Option<usize>,
    byline: Vec<String>,
    site_name: Option<String>,
    published: Option<String>,
    modified: Option<String>,
    body: Vec<(usize, BlockKind)>,
    said: news::Said,
}

impl Page {
    fn read(layer: &Layer, lines: &[&str], lang: Option<Lang>) -> Page {
        let (mut fates, said) = news::sort(layer, lines);
        let mut page = Page { said, ..Page::default() };
        let dated: Vec<bool> = lines
            .iter()
            .zip(&fates)
            .map(|(l, fate)| *fate != news::Fate::Caption && is_date_line(layer, l, lang))
            .collect();
        let start = page.header(layer, lines, &fates, &dated);
        page.dates(layer, lines, lang, &dated, start);
        for (line, dated) in dated.iter().enumerate() {
            if *dated {
                fates[line] = news::Fate::Drop;
            }
        }
        if page.site_name.is_none() {
            page.site_name = lines.iter().find_map(|l| copyright_holder(l));
        }
        page.fill_body(lines, &fates, start);
        page
    }

    /// Reads what stands above the story; returns the line the story begins at.
    fn header(&mut self, layer: &Layer, lines: &[&str], fates: &[news::Fate], dated: &[bool]) -> usize {
        let kept = |i: usize| fates[i] == news::Fate::Keep && !dated[i];
        let prose = |i: usize| kept(i) && news::is_prose(lines[i]);
        let first = (0..lines.len()).find(|i| prose(*i)).unwrap_or(lines.len());
        // Slogans and stand-firsts run like a story: the header goes on as long as headlines twice in a row,
        // dates and credits follow within a few lines, and more running text after those.
        let mut start = first;
        let marks: Vec<usize> = (first..lines.len().min(first + 8))
            .filter(|i| dated[*i] || fates[*i] == news::Fate::Name || is_twice(lines, fates, *i))
            .collect();
        if let Some(mark) = marks.into_iter().rfind(|m| (first..*m).filter(|i| prose(*i)).count() <= 1)
            && let Some(next) = (mark + 1..lines.len()).find(|i| prose(*i))
            && next <= MAX_HEADER
        {
            start = next;
        }
        let head: Vec<usize> = (0..start).filter(|i| kept(*i) && !news::is_prose(lines[*i])).collect();
        self.title = title(lines, &head, dated, fates, start);
        let title = self.title;
        if let Some(t) = title {
            self.standfirst = (t + 1..start).find(|i| prose(*i));
        }
        for &i in &head {
            if Some(i) == title || title.is_some_and(|t| lines[t] == lines[i]) {
                continue;
            }
            let line = lines[i];
            let beside_date = (i > 0 && dated[i - 1]) || (i + 1 < lines.len() && dated[i + 1]);
            let beside_title = title.is_some_and(|t| i > t);
            if news::is_outlet_like(line) || (title.is_none_or(|t| i < t) && is_shouted_name(line)) {
                self.site_name.get_or_insert_with(|| line.to_owned());
            } else if let Some((name, site)) = name_and_site(layer, line) {
                self.byline.extend(name);
                self.site_name.get_or_insert(site);
            } else if beside_date
                && beside_title
                && self.byline.is_empty()
                && news::looks_like_person(line)
                && line.split_whitespace().count() >= 2
            {
                self.byline = layer.names(line);
            }
        }
        // The last heading above the first paragraph, when it is neither headline nor name, is none of the
        // story's: captions and menus stand there.
        start
    }

    /// Publication dates, and what else stands on their lines: `Kompas.com - 08/01/2022, 06:31 WIB`.
    fn dates(&mut self, layer: &Layer, lines: &[&str], lang: Option<Lang>, dated: &[bool], start: usize) {
        let after_title = self.title.map_or(0, |t| t + 1);
        let order = (after_title..start).chain(0..after_title.min(start));
        for i in order.filter(|i| dated[*i]) {
            for part in split_dates(lines[i]) {
                if let Some(at) = date::parse(part, lang) {
                    let field =
                        if layer.says_updated(part) { &mut self.modified } else { &mut self.published };
                    field.get_or_insert(at);
                }
            }
            for part in beside_date(layer, lines[i]) {
                if news::is_outlet_like(part) {
                    self.site_name.get_or_insert_with(|| part.to_owned());
                } else if let Some((name, site)) = name_and_site(layer, part) {
                    self.byline.extend(name);
                    self.site_name.get_or_insert(site);
                } else if news::looks_like_person(part)
                    && part.split_whitespace().count() >= 2
                    && self.byline.is_empty()
                {
                    self.byline = layer.names(part);
                }
            }
        }
    }

    fn fill_body(&mut self, lines: &[&str], fates: &[news::Fate], start: usize) {
        let title = self.title.map(|t| news::normalise(lines[t]));
        let last = (start..lines.len()).rfind(|i| fates[*i] == news::Fate::Keep && news::is_prose(lines[*i]));
        let Some(last) = last else { return };
        let twice: Vec<bool> = (0..lines.len())
            .map(|i| {
                !news::is_prose(lines[i]) && lines.iter().skip(start).filter(|l| **l == lines[i]).count() > 1
            })
            .collect();
        for i in start..lines.len() {
            let prose = news::is_prose(lines[i]);
            match fates[i] {
                news::Fate::Caption => self.body.push((i, BlockKind::Caption)),
                news::Fate::Keep
                    if title.as_deref() == Some(news::normalise(lines[i]).as_str())
                        || (!prose && twice[i]) => {}
                // Below the last paragraph only what belongs to it stands: one line, not a stack of teasers.
                news::Fate::Keep if i > last && !belongs_below(lines, fates, last, i) => {}
                news::Fate::Keep => self.body.push((
                    i,
                    if prose || !is_heading(lines, fates, i) {
                        BlockKind::Paragraph
                    } else {
                        BlockKind::Heading
                    },
                )),
                _ => {}
            }
        }
        // A caption alone above the story is the lead picture's; below the last paragraph, another story's.
        while self.body.last().is_some_and(|(i, kind)| {
            *kind == BlockKind::Heading || (*kind == BlockKind::Caption && *i > last + 3)
        }) {
            self.body.pop();
        }
    }
}

/// Picks the headline among the lines above the story.
fn title(
    lines: &[&str],
    head: &[usize],
    dated: &[bool],
    fates: &[news::Fate],
    start: usize,
) -> Option<usize> {
    let weight = |i: usize| news::width(lines[i]);
    let words = |i: usize| lines[i].split_whitespace().count();
    let fits: Vec<usize> = head
        .iter()
        .copied()
        .filter(|i| {
            (words(*i) >= 3 || (weight(*i) >= 18 && words(*i) >= 1 && !lines[*i].is_ascii()))
                && weight(*i) <= 400
                && !lines[*i].contains("://")
        })
        .filter(|i| !(news::is_outlet_like(lines[*i]) && words(*i) <= 4))
        .collect();
    if let Some(twice) = fits
        .iter()
        .copied()
        .filter(|i| lines.iter().filter(|l| **l == lines[*i]).count() > 1)
        .max_by_key(|i| (weight(*i), std::cmp::Reverse(*i)))
    {
        return Some(twice);
    }
    // Above the first date or credit that has a candidate above it; the nearest one that is long enough.
    let marks = (0..start).filter(|i| dated[*i] || matches!(fates[*i], news::Fate::Name));
    for mark in marks {
        let above: Vec<usize> = fits.iter().copied().filter(|i| *i < mark).collect();
        let long = above
            .iter()
            .rev()
            .find(|i| words(**i) >= 5 || (weight(**i) >= 30 && !news::looks_like_person(lines[**i])));
        if let Some(found) = long.or(above.last()) {
            return Some(*found);
        }
    }
    fits.iter().copied().find(|i| words(*i) >= 4 || weight(*i) >= 30).or(fits.last().copied())
}

/// Whether a line stands twice in a row, as headlines with a picture link do.
fn is_twice(lines: &[&str], fates: &[news::Fate], i: usize) -> bool {
    fates[i] == news::Fate::Keep
        && i + 1 < lines.len()
        && lines[i] == lines[i + 1]
        && !news::is_prose(lines[i])
}

/// Whether a line gives the date of the story and little else.
fn is_date_line(layer: &Layer, line: &str, lang: Option<Lang>) -> bool {
    !news::is_prose(line)
        && news::width(line) <= 160
        && date::read(line, lang).is_some()
        && beside_date(layer, line).iter().map(|p| news::width(p)).sum::<usize>() <= 48
}

/// The parts of a date line that are no date: `Kompas.com` of `Kompas.com - 08/01/2022, 06:31 WIB`.
fn beside_date<'l>(layer: &Layer, line: &'l str) -> Vec<&'l str> {
    line.split(['|', '–', '—', ',', '•', '·', '/', '(', ')', '，', '｜', ';'])
        .flat_map(|part| part.split(" - "))
        .map(|part| part.trim().trim_end_matches([':', '：']).trim())
        .filter(|part| {
            !part.is_empty() && !part.chars().any(char::is_numeric) && !layer.is_calendar_word(part)
        })
        .collect()
}

/// A line with two dates is two texts: `Published … | Updated …`.
fn split_dates(line: &str) -> Vec<&str> {
    let parts: Vec<&str> = line.split(['|', '•', ';', '｜']).collect();
    let with_date = parts.iter().filter(|p| date::read(p, None).is_some()).count();
    if with_date > 1 { parts } else { vec![line] }
}

/// `Ani Wijaya - detikNews`, `CNN Indonesia | Ani Wijaya`.
fn name_and_site(layer: &Layer, line: &str) -> Option<(Vec<String>, String)> {
    let parts: Vec<&str> = line
        .split(['|', '–', '—', ',', '•', '/'])
        .flat_map(|p| p.split(" - "))
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .collect();
    let [a, b] = parts[..] else { return None };
    let (name, site) = match (news::is_outlet_like(a), news::is_outlet_like(b)) {
        (true, false) => (b, a),
        (false, true) => (a, b),
        _ => return None,
    };
    let names = if news::looks_like_person(name) && name.split_whitespace().count() >= 2 {
        layer.names(name)
    } else {
        Vec::new()
    };
    Some((names, site.to_owned()))
}

/// `POSPAPUA`: one or two words in capitals, as logos are.
fn is_shouted_name(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    line.split_whitespace().count() <= 2
        && letters >= 4
        && letters <= 30
        && line.chars().all(|c| c.is_uppercase() || matches!(c, ' ' | '.' | '-' | '&') || c.is_ascii_digit())
}

/// Who holds the copyright: the publication.
fn copyright_holder(line: &str) -> Option<String> {
    let rest = line.split_once('©')?.1.trim_start();
    let dated = rest.starts_with(|c: char| c.is_ascii_digit());
    let rest = rest
        .trim_start_matches(|c: char| c.is_numeric() || c.is_whitespace() || matches!(c, '-' | '–' | ','));
    let end = rest.find(['|', ',', '–', '—', '。', '،']).unwrap_or(rest.len());
    let name = rest[..end].split(". ").next()?.split(" - ").next()?.trim().trim_end_matches('.');
    let words = name.split_whitespace().count();
    let in_letters = |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | '&' | '-');
    let named = dated && name.starts_with(char::is_uppercase) && name.chars().all(in_letters);
    ((news::is_outlet_like(name) || named) && (1..=5).contains(&words)).then(|| name.to_owned())
}

/// Whether a line without a full stop is a heading: running text follows it.
fn is_heading(lines: &[&str], fates: &[news::Fate], i: usize) -> bool {
    let next = (i + 1..lines.len()).find(|n| fates[*n] == news::Fate::Keep);
    news::width(lines[i]) <= 120
        && !lines[i].ends_with([':', '：', ';', ','])
        && !lines[i].starts_with(['-', '•', '*', '–'])
        && next.is_some_and(|n| news::is_prose(lines[n]))
}

/// Whether a line below the last paragraph still belongs to the story: part of a list or a verse, that is, as
/// long as nothing dropped stands between, and it is no stack of headlines.
fn belongs_below(lines: &[&str], fates: &[news::Fate], last: usize, i: usize) -> bool {
    let below: Vec<usize> = (last + 1..lines.len()).take_while(|n| fates[*n] == news::Fate::Keep).collect();
    below.contains(&i)
        && (lines[last].ends_with([':', '：'])
            || lines[i].starts_with(['-', '•', '*', '–'])
            || lines[i].starts_with(|c: char| c.is_ascii_digit())
            || lines[i].starts_with(['"', '“', '「', '«']))
}
