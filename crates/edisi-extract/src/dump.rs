//! A text dump of a page (what copying the whole page into a text file gives) → the article on it.

mod sheet;

use edisi_article::{Article, Block, BlockKind};
use edisi_text::Lang;

use crate::date;
use crate::news::{self, Credit, Fate, Layer, Role};
use crate::unwrap;
use sheet::{Sheet, beside_date, is_item, words};

/// Reads a text dump. `hint` is the language, when it is known; else it is told from the text.
///
/// `None` when nothing in the text reads like a story.
pub fn extract(text: &str, hint: Option<Lang>) -> Option<Article> {
    let lines = unwrap::lines(text);
    let language = hint.or_else(|| language_of(&lines));
    let layer = Layer::for_lang(language);
    let lines = join_datelines(lines);
    let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (sheet, mut said) = Sheet::read(layer, language, &texts);
    let page = Page::read(&sheet);
    said.credits.extend(page.signature.map(|name| Credit { role: Role::Source, names: vec![name] }));
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
    news::state(&mut article, layer, said);
    Some(article)
}

/// A dateline on a line of its own (`Jakarta, CNN Indonesia --`) belongs to the paragraph below it.
fn join_datelines(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    for line in lines {
        match out.last_mut() {
            Some(above)
                if above.ends_with(['-', '–', '—'])
                    && news::width(above) <= 90
                    && news::read_dateline(&format!("{above} {line}")).is_some_and(|d| d.place.is_some()) =>
            {
                above.push(' ');
                above.push_str(&line);
            }
            _ => out.push(line),
        }
    }
    out
}

/// The language of the running text; of all of it, when little of it runs. Notes that a machine translated the
/// page are often in English whatever the page is in, and count for nothing.
fn language_of(lines: &[String]) -> Option<Lang> {
    let english = Layer::for_lang(Some(Lang::EN));
    let text = |long: &dyn Fn(&str) -> bool| {
        let lines: Vec<&str> = lines
            .iter()
            .map(String::as_str)
            .filter(|l| long(l) && !english.says_machine_translated(l))
            .collect();
        lines.join("\n")
    };
    let prose = text(&news::is_prose);
    let text = if prose.is_empty() { text(&|_| true) } else { prose };
    edisi_text::detect(&text).map(|(lang, _)| lang)
}

/// What a page says, by its lines' numbers.
#[derive(Default)]
struct Page {
    title: Option<usize>,
    standfirst: Option<usize>,
    byline: Vec<String>,
    site_name: Option<String>,
    published: Option<String>,
    modified: Option<String>,
    /// The agency's name below the story.
    signature: Option<String>,
    body: Vec<(usize, BlockKind)>,
}

impl Page {
    fn read(sheet: &Sheet<'_>) -> Page {
        let mut page = Page::default();
        let start = sheet.start();
        page.title = sheet.title(start);
        page.header(sheet, start);
        page.dates(sheet, start);
        if page.site_name.is_none() {
            page.site_name = sheet.lines.iter().find_map(|l| copyright_holder(l));
        }
        page.fill_body(sheet, start);
        page
    }

    /// Reads names of site and writer, and the stand-first, off the lines above the story.
    fn header(&mut self, sheet: &Sheet<'_>, start: usize) {
        let title = self.title;
        self.standfirst = title.and_then(|t| (t + 1..start).find(|i| sheet.runs(*i)));
        for i in (0..start).filter(|i| sheet.kept(*i) && !sheet.prose[*i]) {
            let line = sheet.lines[i];
            if title.is_some_and(|t| sheet.lines[t] == line) {
                continue;
            }
            let below_title = title.is_some_and(|t| i > t);
            if in_dateline(sheet, start, line) {
                self.site_name = Some(line.to_owned());
                continue;
            }
            let beside_date = (i > 0 && sheet.dated[i - 1]) || (i + 1 < start && sheet.dated[i + 1]);
            if !below_title && is_shouted_name(line) {
                self.site_name.get_or_insert_with(|| line.to_owned());
            } else {
                self.name_or_site(sheet, line, below_title && beside_date);
            }
        }
    }

    /// Publication dates, and what else stands on their lines: `Kompas.com - 08/01/2022, 06:31 WIB`.
    fn dates(&mut self, sheet: &Sheet<'_>, start: usize) {
        let below_title = self.title.map_or(0, |t| t + 1).min(start);
        for i in (below_title..start).chain(0..below_title).filter(|i| sheet.dated[*i]) {
            for part in split_dates(sheet.lines[i]) {
                if let Some(at) = date::parse(part, sheet.lang) {
                    let updated = sheet.layer.says_updated(part);
                    let field = if updated { &mut self.modified } else { &mut self.published };
                    field.get_or_insert(at);
                }
            }
            for part in beside_date(sheet.layer, sheet.lines[i]) {
                self.name_or_site(sheet, part, true);
            }
        }
    }

    /// Takes a line for the site's name, for `Ani Wijaya - detikNews`, or, where `person` says that one may
    /// stand there, for the writer's name.
    fn name_or_site(&mut self, sheet: &Sheet<'_>, line: &str, person: bool) {
        if news::is_outlet_like(line) {
            self.site_name.get_or_insert_with(|| line.to_owned());
        } else if let Some((name, site)) = name_and_site(sheet.layer, line) {
            self.byline.extend(name);
            self.site_name.get_or_insert(site);
        } else if person && self.byline.is_empty() && news::looks_like_person(line) && words(line) >= 2 {
            self.byline = sheet.layer.names(line);
        }
    }

    fn fill_body(&mut self, sheet: &Sheet<'_>, start: usize) {
        let count = sheet.lines.len();
        let title = self.title.map(|t| news::normalise(sheet.lines[t]));
        let Some(last) = (start..count).rfind(|i| sheet.runs(*i)) else { return };
        // Lines below the last paragraph, as long as nothing dropped stands between.
        let below = (last + 1..count).find(|i| !sheet.kept(*i)).unwrap_or(count);
        for i in start..count {
            let line = sheet.lines[i];
            if sheet.fates[i] == Fate::Caption {
                self.body.push((i, BlockKind::Caption));
            }
            if sheet.dates_heading(i, start) {
                self.body.push((i, BlockKind::Heading));
                continue;
            }
            let teaser = !sheet.prose[i] && sheet.repeats(i) && news::width(line) >= 24;
            if !sheet.kept(i) || teaser || title.as_deref() == Some(news::normalise(line).as_str()) {
                continue;
            }
            let opens_list = sheet.lines[last].ends_with([':', '：']);
            if i > last && !(i < below && (opens_list || is_item(line) || line.starts_with(QUOTES))) {
                continue;
            }
            let heading = !sheet.prose[i] && sheet.is_heading(i);
            self.body.push((i, if heading { BlockKind::Heading } else { BlockKind::Paragraph }));
        }
        // Pictures and headings below the last paragraph are another story's.
        while self.body.last().is_some_and(|(i, kind)| {
            *kind == BlockKind::Heading || (*kind == BlockKind::Caption && *i > last + 3)
        }) {
            self.body.pop();
        }
        // Right below the story stands its agency's name, or, in capitals, its writer's.
        let Some(line) = sheet.lines.get(last + 1).filter(|_| sheet.kept(last + 1)) else { return };
        if news::is_known_outlet(line) {
            self.signature = Some((*line).to_owned());
        } else if self.byline.is_empty()
            && (2..=4).contains(&words(line))
            && news::looks_like_person(line)
            && !line.chars().any(char::is_lowercase)
            && line.is_ascii()
        {
            self.byline = sheet.layer.names(line);
        }
    }
}

/// Whether the line is one of the parts of the story's dateline: `Kanal Nusa` of `Jakarta, Kanal Nusa -- …`.
fn in_dateline(sheet: &Sheet<'_>, start: usize, line: &str) -> bool {
    let Some(opening) = sheet.lines.get(start).filter(|_| words(line) <= 4) else { return false };
    let head = &opening[..opening.floor_char_boundary(90)];
    let Some(end) = head.find(['–', '—']).or_else(|| head.find(" -")) else { return false };
    let name = news::normalise(line);
    let mut parts = head[..end].split([',', '|', '(', ')']).map(news::normalise);
    !name.is_empty() && news::read_dateline(opening).is_some() && parts.any(|p| p == name)
}

const QUOTES: [char; 4] = ['"', '“', '「', '«'];

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
        && (4..=30).contains(&letters)
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
