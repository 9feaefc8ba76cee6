//! The pictures of the story.

use std::sync::LazyLock;

use edisi_article::Image;
use html5ever::local_name;
use regex::Regex;

use super::dom::{Dom, NodeId};
use super::inline::collapse;
use super::links::Base;
use super::story::Survey;

/// No story has more pictures; what follows is not looked at.
const MAX_IMAGES: usize = 500;

/// A wrapper of a picture and its caption is not searched beyond this many nodes.
const MAX_WRAPPER: usize = 300;

/// Finds the pictures between two nodes, in document order; `from` and `to` included.
pub(crate) fn images(dom: &Dom, survey: &Survey, base: &Base, from: NodeId, to: NodeId) -> Vec<Image> {
    let mut out: Vec<Image> = Vec::new();
    let mut inside = false;
    let mut walk = dom.subtree(Dom::ROOT);
    // The last node may be an element: what is below it counts.
    let mut ending = false;
    while let Some(n) = walk.next() {
        inside |= n == from;
        if ending && !dom.lineage(n).any(|a| a == to) {
            break;
        }
        ending |= n == to;
        // Lazy loaders put the real picture where scripts are off.
        let silent =
            dom.name(n).is_some_and(|name| super::chunk::is_silent(name) && *name != local_name!("noscript"));
        if silent || survey.is_furniture(dom, n) {
            walk.skip_children(n);
            continue;
        }
        if !inside || !dom.name(n).is_some_and(|name| matches!(&**name, "img" | "amp-img")) {
            continue;
        }
        let Some(url) = picture(dom, base, n) else { continue };
        if out.iter().any(|i| same_picture(&i.url, &url)) {
            continue;
        }
        let (caption, credit) = caption(dom, survey, n);
        let alt = dom.attr(n, "alt").map(collapse).filter(|a| !a.is_empty());
        out.push(Image { url, alt, caption, credit });
        if out.len() >= MAX_IMAGES {
            break;
        }
    }
    out
}

/// The address of a picture that belongs to a story: not an icon, a portrait, a counter.
fn picture(dom: &Dom, base: &Base, img: NodeId) -> Option<String> {
    let size =
        |name: &str| dom.attr(img, name).and_then(|v| v.trim_end_matches("px").trim().parse::<u32>().ok());
    if size("width").is_some_and(|w| w < 100) || size("height").is_some_and(|h| h < 60) {
        return None;
    }
    let named = |w: &[&str]| {
        dom.lineage(img).take(2).any(|n| {
            ["class", "id"].iter().filter_map(|a| dom.attr(n, a)).any(|v| {
                let v = v.to_ascii_lowercase();
                v.split(|c: char| !c.is_ascii_alphanumeric()).any(|p| w.contains(&p))
            })
        })
    };
    if named(&["avatar", "icon", "logo", "emoji", "pixel", "spinner", "badge"]) {
        return None;
    }
    source(dom, base, img)
}

/// The address of the picture that is shown once the page has loaded.
fn source(dom: &Dom, base: &Base, img: NodeId) -> Option<String> {
    const LAZY: [&str; 8] = [
        "data-src",
        "data-original",
        "data-lazy-src",
        "data-lazy",
        "data-url",
        "data-img",
        "data-hi-res-src",
        "data-image",
    ];
    let real = |url: &&str| {
        let url = url.trim();
        !url.is_empty() && !url.starts_with("data:") && !url.starts_with("blob:") && !is_blank(url)
    };
    let lazy = LAZY.iter().filter_map(|a| dom.attr(img, a)).find(real);
    if let Some(url) = lazy.or(dom.attr(img, "src").filter(real)) {
        return base.picture(url);
    }
    let picture = dom.parent(img).filter(|&p| dom.is(p, &local_name!("picture")));
    let sources =
        picture.into_iter().flat_map(|p| dom.children(p)).filter(|&c| dom.is(c, &local_name!("source")));
    std::iter::once(img)
        .chain(sources)
        .flat_map(|n| {
            ["data-srcset", "srcset", "data-lazy-srcset"].into_iter().filter_map(move |a| dom.attr(n, a))
        })
        .find_map(|set| base.picture(widest(set)?))
}

/// The widest candidate of a `srcset`.
fn widest(set: &str) -> Option<&str> {
    let mut best: Option<(f32, &str)> = None;
    // Addresses may hold commas; a candidate ends at a comma after white space or before it.
    for candidate in set.split(", ").flat_map(|c| c.split(",\n")) {
        let mut parts = candidate.trim().trim_end_matches(',').split_whitespace();
        let Some(url) = parts.next().filter(|u| !u.starts_with("data:")) else { continue };
        let size = parts.next().and_then(|s| s.trim_end_matches(['w', 'x', 'h']).parse().ok()).unwrap_or(1.0);
        if best.is_none_or(|(b, _)| size > b) {
            best = Some((size, url));
        }
    }
    best.map(|(_, url)| url)
}

/// Placeholders and counters.
fn is_blank(url: &str) -> bool {
    let name =
        url.split(['?', '#']).next().unwrap_or(url).rsplit('/').next().unwrap_or(url).to_ascii_lowercase();
    ["blank.", "spacer.", "pixel.", "1x1.", "transparent.", "placeholder.", "loading.", "lazy."]
        .iter()
        .any(|b| name.starts_with(b))
}

/// Whether two addresses are one picture in two sizes by their query.
fn same_picture(a: &str, b: &str) -> bool {
    let bare = |u: &str| u.split(['?', '#']).next().unwrap_or(u).to_owned();
    a == b
        || (bare(a) == bare(b)
            && bare(a).contains('.')
            && bare(a).rsplit('/').next().is_some_and(|n| n.contains('.') && !n.ends_with(".php")))
}

/// Caption and credit of a picture: from the figure around it, or from a small wrapper it shares with an
/// element that is called a caption.
fn caption(dom: &Dom, survey: &Survey, img: NodeId) -> (Option<String>, Option<String>) {
    for n in dom.lineage(img).skip(1).take(6) {
        let Some(name) = dom.name(n) else { break };
        if matches!(*name, local_name!("body") | local_name!("article") | local_name!("main"))
            || survey.mass(n) > 900
        {
            break;
        }
        let found = dom.subtree(n).take(MAX_WRAPPER).skip(1).find(|&c| {
            dom.is(c, &local_name!("figcaption"))
                || ((survey.hints(c).caption || survey.hints(c).credit) && survey.mass(c) > 0)
        });
        // A figure that holds nothing but the picture and a line.
        let plain = || {
            let pictures =
                dom.subtree(n).take(MAX_WRAPPER).filter(|&c| dom.is(c, &local_name!("img"))).count();
            (*name == local_name!("figure") && pictures == 1 && survey.mass(n) < 250).then_some(n)
        };
        if let Some(c) = found.or_else(plain) {
            return split_credit(dom, survey, c);
        }
    }
    (None, None)
}

fn split_credit(dom: &Dom, survey: &Survey, caption: NodeId) -> (Option<String>, Option<String>) {
    let marked = dom.subtree(caption).find(|&n| {
        n != caption
            && ["class", "itemprop"].iter().filter_map(|a| dom.attr(n, a)).any(|v| {
                let v = v.to_ascii_lowercase();
                ["credit", "copyright", "photographer", "source", "attribution", "author"]
                    .iter()
                    .any(|w| v.contains(w))
            })
            && survey.mass(n) > 0
    });
    let none_if_empty = |t: String| Some(t).filter(|t| !t.is_empty());
    if let Some(credit) = marked {
        let mut text = String::new();
        for n in dom.subtree(caption) {
            if let Some(t) = dom.text(n)
                && !dom.lineage(n).take_while(|&a| a != caption).any(|a| a == credit)
            {
                text.push_str(t);
                text.push(' ');
            }
        }
        let (_, named) = cut_credit(&dom.clean_text(credit));
        let credit = named.unwrap_or_else(|| dom.clean_text(credit));
        return (none_if_empty(collapse(&text)), none_if_empty(credit));
    }
    let (text, credit) = cut_credit(&dom.clean_text(caption));
    (none_if_empty(text), credit)
}

/// Takes the credit off the end of a caption: `… (Foto: Nama)`, `… (AFP/NAMA)`, `… © Nama`, `Photo: Name`.
fn cut_credit(text: &str) -> (String, Option<String>) {
    static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
        let labels = include_str!("../../data/credit-labels.txt")
            .lines()
            .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
            .map(|l| regex::escape(l.trim()))
            .collect::<Vec<_>>()
            .join("|");
        Regex::new(&format!(r"(?i)[\s(（\[|]*(?:^|[\s(（\[|.])(?:(?:{labels})\s*[:：/]\s*|©\s*)([^()（）\[\]]{{2,80}}?)[\])）.\s]*$"))
            .expect("a valid pattern")
    });
    // Agencies and photographers in brackets are written in capitals or with a slash.
    static BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s*[(（\[]([^()（）\[\]]{2,80})[\])）]\.?\s*$").expect("a valid pattern")
    });
    // The slash of `AFP/NAMA`, not that of a date.
    static BETWEEN_NAMES: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\p{L}\s*/\s*\p{L}").expect("a valid pattern"));
    if let Some(c) = LABELLED.captures(text) {
        let (all, name) = (c.get(0).expect("group 0"), c[1].trim().to_owned());
        return (text[..all.start()].trim().to_owned(), Some(name));
    }
    if let Some(c) = BRACKETS.captures(text)
        && (BETWEEN_NAMES.is_match(&c[1])
            || (c[1].chars().any(char::is_uppercase) && !c[1].chars().any(char::is_lowercase)))
        && c.get(0).is_some_and(|m| m.start() > 0)
    {
        let start = c.get(0).map_or(0, |m| m.start());
        return (text[..start].trim().to_owned(), Some(c[1].trim().to_owned()));
    }
    (text.to_owned(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_come_off_captions() {
        for (caption, text, credit) in [
            ("Pasar di Ambon. (Foto: Rina Latu)", "Pasar di Ambon.", Some("Rina Latu")),
            ("Pasar di Ambon (KOMPAS.com/RINA LATU)", "Pasar di Ambon", Some("KOMPAS.com/RINA LATU")),
            ("Pasar di Ambon (AFP)", "Pasar di Ambon", Some("AFP")),
            ("A market in Ambon. Photo: R. Latu", "A market in Ambon.", Some("R. Latu")),
            ("A market in Ambon © R. Latu", "A market in Ambon", Some("R. Latu")),
            ("Foto: Rina Latu/detikcom", "", Some("Rina Latu/detikcom")),
            ("アンボンの市場（写真：山田花子）", "アンボンの市場", Some("山田花子")),
            ("Rina (kiri) di pasar (Ambon, Maluku)", "Rina (kiri) di pasar (Ambon, Maluku)", None),
            ("Pasar di Ambon, Senin (9/3)", "Pasar di Ambon, Senin (9/3)", None),
            ("Pasar di Ambon (Senin, 9/3/2026).", "Pasar di Ambon (Senin, 9/3/2026).", None),
            ("Le marché (à gauche)", "Le marché (à gauche)", None),
        ] {
            assert_eq!(cut_credit(caption), (text.to_owned(), credit.map(str::to_owned)), "{caption}");
        }
    }

    #[test]
    fn the_widest_picture_of_a_set() {
        assert_eq!(widest("a.jpg 300w, b.jpg 1200w, c.jpg 600w"), Some("b.jpg"));
        assert_eq!(widest("https://x.example/w_300,h_200/a.jpg 1x, b.jpg 2x"), Some("b.jpg"));
        assert_eq!(widest(""), None);
    }
}
