//! Takes what is not the story out of a list of lines or blocks, and keeps what it says about the story.

use edisi_article::{Article, BlockKind};
use edisi_text::Lang;

use super::credits::{Credit, Role, looks_like_person};
use super::layer::{Chrome, Layer};
use super::outlets;
use super::phrase::{is_prose, normalise, width};
use super::{Class, dateline};

/// What becomes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is the story.
    Keep,
    /// It is a picture's caption.
    Caption,
    /// It goes.
    Drop,
    /// It is the name that belongs to a label on the line beside it.
    Name,
}

/// What the dropped lines said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub credits: Vec<Credit>,
    /// A label newsrooms give their own writers stood on the page.
    pub own_writer: bool,
    /// `Some` when the page says a machine translated it; in it the main language it names.
    pub translation: Option<Option<Lang>>,
}

/// Decides what becomes of each line, in reading order.
pub(crate) fn sort(layer: &Layer, lines: &[&str]) -> (Vec<Fate>, Said) {
    let chrome: Vec<Option<Chrome>> = lines.iter().map(|l| layer.classify(l)).collect();
    let mut fates: Vec<Fate> = chrome
        .iter()
        .map(|c| match c {
            None => Fate::Keep,
            Some(c) if c.is_caption() => Fate::Caption,
            Some(_) => Fate::Drop,
        })
        .collect();
    let mut said = Said::default();
    read_credits(lines, &chrome, &mut fates, &mut said, layer);
    drop_lists(lines, &chrome, &mut fates);
    // What an agency signs is a caption as long as the story goes on after it.
    let last = (0..lines.len()).rfind(|i| fates[*i] == Fate::Keep && is_prose(lines[*i])).unwrap_or(0);
    for i in last..lines.len() {
        if chrome[i] == Some(Chrome::Furniture(Class::Signed)) && fates[i] == Fate::Caption && i > 0 {
            fates[i] = Fate::Keep;
            break;
        }
    }
    for (line, c) in chrome.iter().enumerate() {
        match c {
            Some(Chrome::Credit(credits)) => {
                said.own_writer |= credits.iter().any(|c| c.role == Role::Author);
                said.credits.extend(credits.iter().filter(|c| !c.names.is_empty()).cloned());
                fates[line] = Fate::Drop;
            }
            Some(Chrome::Translation { main_language }) => {
                let known = said.translation.flatten().or(*main_language);
                said.translation = Some(known);
            }
            _ => {}
        }
    }
    (fates, said)
}

/// Labels on a line of their own (`Penulis`) take their names from the line above or below, whichever way the
/// page has it.
fn read_credits(
    lines: &[&str],
    chrome: &[Option<Chrome>],
    fates: &mut [Fate],
    said: &mut Said,
    layer: &Layer,
) {
    let label = |i: usize| match chrome.get(i) {
        Some(Some(Chrome::Credit(c))) if c.len() == 1 && c[0].names.is_empty() => Some(c[0].role),
        _ => None,
    };
    let person = |i: Option<usize>| {
        i.is_some_and(|i| i < lines.len() && chrome[i].is_none() && looks_like_person(lines[i]))
    };
    let mut i = 0;
    while i < lines.len() {
        if label(i).is_none() {
            i += 1;
            continue;
        }
        // The labels of one block, at most one line apart.
        let mut labels = vec![i];
        let mut last = i;
        while let Some(next) = (last + 1..=last + 2).find(|n| label(*n).is_some()) {
            labels.push(next);
            last = next;
        }
        let below = person(Some(last + 1));
        for at in &labels {
            let beside = if below { Some(at + 1) } else { at.checked_sub(1) };
            let Some(name) = beside.filter(|b| person(Some(*b))) else { continue };
            let role = label(*at).expect("labels holds labels only");
            // Names on lines of their own, each but the last with a comma behind it.
            let mut first = name;
            while !below && first > 0 && lines[first - 1].ends_with(',') && person(Some(first - 1)) {
                first -= 1;
            }
            for line in first..=name {
                let names = layer.credits.names(lines[line], role);
                if !names.is_empty() {
                    said.credits.push(Credit { role, names });
                    fates[line] = Fate::Name;
                }
            }
        }
        i = last + 1;
    }
}

/// Drops the lists of other stories that headings such as `Terkini Lainnya` begin.
fn drop_lists(lines: &[&str], chrome: &[Option<Chrome>], fates: &mut [Fate]) {
    let count = lines.len();
    let prose: Vec<bool> = (0..count).map(|i| chrome[i].is_none() && is_prose(lines[i])).collect();
    // How much running text stands before each line.
    let mut before = vec![0];
    for i in 0..count {
        before.push(before[i] + if prose[i] { width(lines[i]) } else { 0 });
    }
    let mut i = 0;
    while i < count {
        let Some(heading) = chrome[i].as_ref().filter(|c| c.starts_list()) else {
            i += 1;
            continue;
        };
        let told = before[i] >= 200;
        let resumes = if *heading == Chrome::Furniture(Class::Comments) && told {
            None
        } else if heading.ends_story() && told {
            // A list alternates headlines and teasers; only paragraphs in a row, and a lot of them, are a
            // story again.
            (i + 1..count)
                .find(|n| prose[*n] && prose.get(n + 1) == Some(&true) && width(lines[*n]) >= 80)
                .filter(|n| (before[count] - before[*n]) * 2 > before[i])
        } else if before[i] == 0 {
            // Above the story: a menu, whose other lines may hold the headline.
            i += 1;
            continue;
        } else {
            // The next list's heading may say that the story is over.
            let ends = |n: usize| chrome[n].as_ref().is_some_and(Chrome::ends_story);
            (i + 1..count).find(|n| prose[*n] || ends(*n))
        };
        let end = resumes.unwrap_or(count);
        fates[i..end].fill(Fate::Drop);
        i = end.max(i + 1);
    }
}

/// Takes furniture out of an article's blocks, and fills from it the fields that are still empty: byline,
/// editors, credited sources, dateline, `machine_translated`, `main_language`.
///
/// `lang` is the language of the page, when it is known better than from `article.language`.
pub fn filter_blocks(article: &mut Article, lang: Option<Lang>) {
    let layer = Layer::for_lang(lang.or(article.language));
    let lines: Vec<&str> = article.blocks.iter().map(|b| b.text.as_str()).collect();
    let (mut fates, said) = sort(layer, &lines);
    if let Some(title) = article.title.as_deref().map(normalise) {
        // The headline again, above the story.
        let story = article.blocks.iter().position(|b| is_prose(&b.text)).unwrap_or(article.blocks.len());
        for (fate, block) in fates.iter_mut().zip(&article.blocks).take(story) {
            if normalise(&block.text) == title {
                *fate = Fate::Drop;
            }
        }
    }
    for (block, fate) in article.blocks.iter_mut().zip(&fates) {
        if *fate == Fate::Caption && block.kind == BlockKind::Paragraph {
            block.kind = BlockKind::Caption;
        }
    }
    let mut fates = fates.into_iter().zip(article.blocks.iter().map(|b| b.kind).collect::<Vec<_>>());
    article.blocks.retain(|_| {
        let (fate, kind) = fates.next().expect("one fate a block");
        kind == BlockKind::Caption || !matches!(fate, Fate::Drop | Fate::Name)
    });
    state(article, layer, said);
}

/// Writes what the page says into the fields that are still empty.
pub(crate) fn state(article: &mut Article, layer: &Layer, said: Said) {
    // Wire copy relays others in the agency's voice, not in the newsroom's.
    let mut wire = said.credits.iter().any(|c| c.role == Role::Reporter);
    let mut sources: Vec<String> = std::mem::take(&mut article.credited_sources);
    let (no_byline, no_editors) = (article.byline.is_empty(), article.editors.is_empty());
    for credit in said.credits {
        let (list, wanted) = match credit.role {
            Role::Author | Role::Reporter => (&mut article.byline, no_byline),
            Role::Editor => (&mut article.editors, no_editors),
            Role::Source => (&mut sources, true),
            Role::Other => continue,
        };
        for name in credit.names {
            if wanted && !list.contains(&name) {
                list.push(name);
            }
        }
    }
    let first = article.blocks.iter().find(|b| b.kind == BlockKind::Paragraph);
    if let Some(line) = first.and_then(|b| dateline::read_for(&b.text, article.site_name.as_deref())) {
        if article.dateline.is_none() {
            article.dateline = line.place;
        }
        if article.site_name.is_none() {
            article.site_name = line.site;
        }
        wire |= !line.sources.is_empty();
        sources.extend(line.sources);
    }
    let mut relayed = false;
    for block in article.blocks.iter().filter(|b| !matches!(b.kind, BlockKind::Caption | BlockKind::Heading))
    {
        for source in layer.attributions.find(&block.text) {
            relayed |= source.relayed;
            sources.push(source.name);
        }
    }
    let last = article.blocks.iter().rev().find(|b| b.kind == BlockKind::Paragraph);
    sources.extend(last.and_then(|b| signed(&b.text)).map(str::to_owned));
    let own = article.site_name.as_deref().map(outlets::key);
    let mut seen = Vec::new();
    for source in sources {
        let key = outlets::key(&source);
        if Some(&key) != own.as_ref() && !seen.contains(&key) {
            seen.push(key);
            article.credited_sources.push(source);
        }
    }
    match said.translation {
        Some(main) => {
            article.machine_translated = Some(true);
            article.main_language = main.or(article.main_language);
        }
        None if said.own_writer || (relayed && !wire) => {
            article.machine_translated.get_or_insert(false);
        }
        None => {}
    }
    if article.main_language.is_none() {
        article.main_language = article.language;
    }
}

/// The agency a story is signed with: `… kata dia. (Antara)`, `… said. – Reuters`.
fn signed(text: &str) -> Option<&str> {
    let text =
        text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | '）' | '】' | '.'));
    let (at, open) = text
        .char_indices()
        .rev()
        .take(40)
        .find(|(_, c)| matches!(c, '(' | '[' | '–' | '—' | '-' | '/' | '（' | '【'))?;
    let name = text[at + open.len_utf8()..].trim();
    let before = text[..at].trim_end();
    (before.ends_with(['.', '"', '”', '»', '。', '」', '!', '?', '/'])
        && outlets::is_known(name)
        && !outlets::is_domain(name))
    .then_some(name)
}
