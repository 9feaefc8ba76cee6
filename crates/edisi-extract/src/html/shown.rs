//! Dates and authors that stand in the page's text, in the places for them.

use edisi_text::Lang;
use html5ever::local_name;

use super::dom::{Dom, NodeId};
use super::inline::{collapse, collapse_into};
use super::meta::text;
use crate::date::{self, Stamp};
use crate::news::{Chrome, Layer, Role};

#[derive(Default)]
pub(super) struct ShownDates {
    pub(super) published: Vec<Stamp>,
    pub(super) modified: Vec<Stamp>,
    /// Those that do not say which they are, in page order.
    pub(super) loose: Vec<Stamp>,
}

/// The dates in the page's text that stand in places for dates: microdata, `<time>`, elements called so.
pub(super) fn dates(dom: &Dom, lang: Option<Lang>) -> ShownDates {
    let mut out = ShownDates::default();
    let mut left = 40;
    // Below the headline a date needs no name.
    let mut below = 0u32;
    for n in dom.subtree(Dom::ROOT) {
        below = below.saturating_sub(1);
        let Some(name) = dom.name(n) else {
            let line = dom.text(n).filter(|t| below > 0 && t.len() <= 80);
            out.loose.extend(line.and_then(|t| date::read(&collapse(t), lang)).filter(|s| s.time.is_some()));
            continue;
        };
        if *name == local_name!("h1") {
            below = 80;
        }
        let prop = dom.attr(n, "itemprop").unwrap_or_default();
        let is_time = *name == local_name!("time");
        let named = ["class", "id"].iter().any(|a| dom.attr(n, a).is_some_and(is_date_name));
        if !(is_time || prop.starts_with("date") || named) || *name == local_name!("meta") {
            continue;
        }
        left -= 1;
        if left == 0 {
            break;
        }
        let shown = short_text(dom, n).and_then(|t| date::read(&t, lang));
        let attr = ["datetime", "content", "data-datetime"]
            .iter()
            .find_map(|a| dom.attr(n, a))
            .and_then(|t| date::read(t, lang));
        let list = match prop {
            "datePublished" | "dateCreated" => &mut out.published,
            "dateModified" => &mut out.modified,
            _ => &mut out.loose,
        };
        list.extend(attr);
        list.extend(shown);
    }
    out
}

fn is_date_name(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    value.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| {
        matches!(
            w,
            "date"
                | "time"
                | "timestamp"
                | "tanggal"
                | "tgl"
                | "waktu"
                | "published"
                | "pubdate"
                | "datetime"
                | "dateline"
        ) || w.ends_with("date")
            || w.ends_with("time")
    })
}

/// Authors that microdata, `rel=author` or a line such as `Oleh: …` names.
pub(super) fn authors(dom: &Dom, layer: &Layer) -> Vec<String> {
    let mut stated = Vec::new();
    let mut lines = Vec::new();
    for n in dom.subtree(Dom::ROOT) {
        let Some(name) = dom.name(n) else { continue };
        let by = dom.attr(n, "itemprop") == Some("author")
            || dom.attr(n, "rel").is_some_and(|r| r.split_whitespace().any(|r| r == "author"));
        if by && *name != local_name!("meta") && *name != local_name!("link") {
            let inner = dom.subtree(n).find(|&c| dom.attr(c, "itemprop") == Some("name")).unwrap_or(n);
            let named = dom.attr(inner, "content").map(text).or_else(|| short_text(dom, inner));
            stated.extend(named.filter(|t| !t.is_empty() && !stated.contains(t)));
        } else if ["class", "id"].iter().any(|a| dom.attr(n, a).is_some_and(is_author_name)) {
            lines.extend(short_text(dom, n).map(|line| (n, line)));
        }
        if stated.len() + lines.len() > 40 {
            break;
        }
    }
    if !stated.is_empty() {
        return stated;
    }
    for (n, line) in lines {
        let linked = linked_names(dom, n);
        if !linked.is_empty() {
            return linked;
        }
        if let Some(Chrome::Credit(credits)) = layer.classify(&line) {
            let names: Vec<String> = credits
                .into_iter()
                .filter(|c| matches!(c.role, Role::Author | Role::Reporter))
                .flat_map(|c| c.names)
                .collect();
            if !names.is_empty() {
                return names;
            }
        }
    }
    Vec::new()
}

/// The names that an author line links to its authors' pages: two to five words, each with a capital.
fn linked_names(dom: &Dom, line: NodeId) -> Vec<String> {
    let links = dom.subtree(line).take(200).filter(|&n| dom.is(n, &local_name!("a")) && n != line);
    let names: Vec<String> = links.filter_map(|n| short_text(dom, n)).collect();
    let is_name = |name: &String| {
        let words = name.split_whitespace();
        (2..=5).contains(&words.clone().count())
            && words.into_iter().all(|w| w.starts_with(char::is_uppercase))
            && !name.contains(|c: char| c.is_numeric() || matches!(c, ':' | '@' | '/'))
    };
    if names.len() <= 6 && names.iter().all(is_name) { names } else { Vec::new() }
}

fn is_author_name(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    ["author", "byline", "penulis", "reporter", "writer", "contributor"].iter().any(|w| value.contains(w))
}

/// The text of an element, when it is no more than a line.
fn short_text(dom: &Dom, id: NodeId) -> Option<String> {
    let mut out = String::new();
    for (count, n) in dom.subtree(id).enumerate() {
        if count > 200 {
            return None;
        }
        if let Some(t) = dom.text(n) {
            collapse_into(&mut out, t);
            out.push(' ');
            if out.len() > 300 {
                return None;
            }
        }
    }
    Some(collapse(&out)).filter(|t| !t.is_empty())
}
