//! The lines of a page, which of them run like a story, and where headline and story are.

use std::collections::HashMap;
use std::ops::Range;

use edisi_text::Lang;

use crate::date;
use crate::news::{self, Fate, Layer};

/// More lines than this above the story are no header.
const MAX_HEADER: usize = 60;

/// Longest run of lines inside a story that are no running text: buttons, related links, a picture's credits.
const GAP: usize = 6;

/// The lines of a page and what is known of each.
pub(super) struct Sheet<'l> {
    pub layer: &'l Layer,
    pub lang: Option<Lang>,
    pub lines: &'l [&'l str],
    pub fates: Vec<Fate>,
    /// Lines that give a date and little else.
    pub dated: Vec<bool>,
    /// Lines of running text.
    pub prose: Vec<bool>,
    /// How often each line stands on the page.
    times: HashMap<&'l str, usize>,
}

impl<'l> Sheet<'l> {
    pub fn read(layer: &'l Layer, lang: Option<Lang>, lines: &'l [&'l str]) -> (Sheet<'l>, news::Said) {
        let (fates, said) = news::sort(layer, lines);
        let dated = (0..lines.len())
            .map(|i| fates[i] != Fate::Caption && is_date_line(layer, lines[i], lang))
            .collect::<Vec<_>>();
        let mut times = HashMap::new();
        for line in lines {
            *times.entry(*line).or_insert(0) += 1;
        }
        let story = |i: &usize| fates[*i] == Fate::Keep && !dated[*i];
        let mut prose: Vec<bool> = lines.iter().map(|l| news::is_prose(l)).collect();
        if !(0..lines.len()).any(|i| story(&i) && prose[i]) {
            // Texts without full stops: what is too long for a headline runs.
            for i in (0..lines.len()).filter(story) {
                prose[i] = news::width(lines[i]) >= 60 && words(lines[i]) >= 8;
            }
        }
        let mut sheet = Sheet { layer, lang, lines, fates, dated, prose, times };
        sheet.drop_other_stories();
        (sheet, said)
    }

    /// Menus above a story and lists of teasers below it run here and there too. Where more than [`GAP`] lines
    /// in a row do not run, the text falls apart; the part that runs most is the story, and so is any other
    /// that has paragraphs in a row, as teasers, each under its headline, do not.
    fn drop_other_stories(&mut self) {
        struct Part {
            lines: Range<usize>,
            mass: usize,
            longest: usize,
        }
        let mut parts: Vec<Part> = Vec::new();
        let (mut gap, mut run) = (usize::MAX, 0);
        for i in 0..self.lines.len() {
            if !self.runs(i) {
                gap = gap.saturating_add(usize::from(!is_item(self.lines[i])));
                run = if self.kept(i) { 0 } else { run };
                continue;
            }
            if gap > GAP {
                parts.push(Part { lines: i..i, mass: 0, longest: 0 });
                run = 0;
            }
            let part = parts.last_mut().expect("the first running line opens a part");
            run += 1;
            part.lines.end = i + 1;
            part.mass += news::width(self.lines[i]);
            part.longest = part.longest.max(run);
            gap = 0;
        }
        let best = parts.iter().map(|p| p.mass).max().unwrap_or(0);
        for part in parts.iter().filter(|p| p.mass < best && (p.longest < 2 || p.mass * 20 < best)) {
            for i in part.lines.clone() {
                if self.prose[i] {
                    self.fates[i] = Fate::Drop;
                }
            }
        }
    }

    /// Whether the line may be of the story, by what it says.
    pub fn kept(&self, i: usize) -> bool {
        self.fates[i] == Fate::Keep && !self.dated[i]
    }

    /// Whether the line is running text of the story.
    pub fn runs(&self, i: usize) -> bool {
        self.kept(i) && self.prose[i]
    }

    /// Whether the line gives a date, or a name beside its label: what stands between headline and story.
    pub fn is_mark(&self, i: usize) -> bool {
        self.dated[i] || self.fates[i] == Fate::Name
    }

    pub fn repeats(&self, i: usize) -> bool {
        self.times.get(self.lines[i]).is_some_and(|n| *n > 1)
    }

    /// Where the story begins: its first line of running text, past slogans and stand-firsts. Those run too,
    /// but then a headline twice in a row, a date or a name follows within a few lines.
    pub fn start(&self) -> usize {
        let count = self.lines.len();
        let Some(first) = (0..count).find(|i| self.runs(*i)) else { return count };
        if (0..first).any(|i| self.is_mark(i)) {
            return first;
        }
        let twice =
            |i: usize| self.kept(i) && !self.prose[i] && i + 1 < count && self.lines[i] == self.lines[i + 1];
        let mark = (first..count.min(first + 8))
            .filter(|i| self.is_mark(*i) || twice(*i))
            .rfind(|m| (first..*m).filter(|i| self.runs(*i)).count() <= 1);
        mark.and_then(|mark| (mark + 1..count).find(|i| self.runs(*i)))
            .filter(|next| *next <= MAX_HEADER)
            .unwrap_or(first)
    }

    /// Picks the headline among the lines above the story.
    pub fn title(&self, start: usize) -> Option<usize> {
        let weight = |i: usize| news::width(self.lines[i]);
        let fits: Vec<usize> = (start.saturating_sub(MAX_HEADER)..start)
            .filter(|i| self.kept(*i) && !self.prose[*i])
            .filter(|i| {
                let line = self.lines[*i];
                (words(line) >= 3 || (weight(*i) >= 18 && !line.is_ascii()))
                    && weight(*i) <= 400
                    && !line.contains("://")
                    && !(news::is_outlet_like(line) && words(line) <= 4)
            })
            .collect();
        let twice = fits.iter().copied().filter(|i| self.repeats(*i));
        if let Some(found) = twice.max_by_key(|i| (weight(*i), std::cmp::Reverse(*i))) {
            return Some(found);
        }
        // Above the first date or credit that has a candidate above it: the nearest that is long enough.
        for mark in (0..start).filter(|i| self.is_mark(*i)) {
            let above = || fits.iter().copied().filter(|i| *i < mark).rev();
            let long = |i: &usize| {
                words(self.lines[*i]) >= 5 || (weight(*i) >= 30 && !news::looks_like_person(self.lines[*i]))
            };
            if let Some(found) = above().find(long).or_else(|| above().next()) {
                return Some(found);
            }
        }
        let long = |i: &usize| words(self.lines[*i]) >= 4 || weight(*i) >= 30;
        fits.iter().copied().find(long).or(fits.last().copied())
    }

    /// Whether a date inside the story is one of its headings, as timelines have them: no time of day, and
    /// running text above and below.
    pub fn dates_heading(&self, i: usize, start: usize) -> bool {
        self.dated[i]
            && i > start
            && self.fates[i] == Fate::Keep
            && (start..i).rev().take(3).any(|n| self.runs(n))
            && self.lines.get(i + 1).is_some_and(|_| self.runs(i + 1))
            && date::read(self.lines[i], self.lang).is_some_and(|d| d.time.is_none())
    }

    /// Whether a line without a full stop is a heading: running text follows it.
    pub fn is_heading(&self, i: usize) -> bool {
        let line = self.lines[i];
        let next = (i + 1..self.lines.len()).find(|n| self.fates[*n] == Fate::Keep);
        news::width(line) <= 120
            && !line.ends_with([':', '：', ';', ',', '.', '。', '"', '”', '»', '」'])
            && !is_item(line)
            && next.is_some_and(|n| self.prose[n])
    }
}

/// Whether a line is an item of a list: `- …`, `• …`, `2. …`.
pub(super) fn is_item(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with(['-', '•', '*', '–']) || (rest.len() < line.len() && rest.starts_with(['.', ')']))
}

pub(super) fn words(line: &str) -> usize {
    line.split_whitespace().count()
}

/// Whether a line gives the date of the story and little else.
fn is_date_line(layer: &Layer, line: &str, lang: Option<Lang>) -> bool {
    !news::is_prose(line)
        && news::width(line) <= 160
        && date::read(line, lang).is_some()
        && beside_date(layer, line).iter().map(|p| news::width(p)).sum::<usize>() <= 48
}

/// The parts of a date line that are no date: `Kompas.com` of `Kompas.com - 08/01/2022, 06:31 WIB`.
pub(super) fn beside_date<'l>(layer: &Layer, line: &'l str) -> Vec<&'l str> {
    line.split(['|', '–', '—', ',', '•', '·', '/', '(', ')', '，', '｜', ';'])
        .flat_map(|part| part.split(" - "))
        .map(|part| part.trim().trim_end_matches([':', '：']).trim())
        .filter(|part| {
            !part.is_empty() && !part.chars().any(char::is_numeric) && !layer.is_calendar_word(part)
        })
        .collect()
}
