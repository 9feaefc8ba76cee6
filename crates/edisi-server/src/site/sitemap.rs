//! Sitemaps and `robots.txt`.

use std::collections::BTreeMap;

use edisi_article::escape_html;
use edisi_store::Id;
use edisi_text::Lang;
use jiff::Timestamp;

use super::{Address, Form, Shown};

/// Stories in a sitemap; with seven languages each it stays below a quarter of the 50 MB that search engines read.
pub const PER_SITEMAP: usize = 5_000;

/// A row of [`edisi_store::Store::published_index`].
pub type Row = (Id, String, Lang, Timestamp);

/// The list of sitemaps.
pub fn list(rows: &[Row], shown: &Shown) -> String {
    let mut counts: BTreeMap<(usize, Lang), usize> = BTreeMap::new();
    for (_, _, lang, _) in rows {
        *counts.entry(shown.rank(*lang)).or_default() += 1;
    }
    let mut out = head("sitemapindex", "");
    for ((_, lang), count) in counts {
        for number in 1..=count.div_ceil(PER_SITEMAP) {
            let address = shown.whole(&Address::Sitemap(lang, number));
            out += &format!("<sitemap><loc>{}</loc></sitemap>\n", escape_html(&address));
        }
    }
    out + "</sitemapindex>\n"
}

/// A sitemap of a language, numbered from 1; `None` when there are not so many.
pub fn of_language(rows: &[Row], lang: Lang, number: usize, shown: &Shown) -> Option<String> {
    let first = number.checked_sub(1)?.checked_mul(PER_SITEMAP)?;
    let own: Vec<&Row> =
        rows.iter().filter(|(_, _, l, _)| *l == lang).skip(first).take(PER_SITEMAP).collect();
    if own.is_empty() {
        return None;
    }
    let mut versions: BTreeMap<Id, Vec<&Row>> = own.iter().map(|row| (row.0, Vec::new())).collect();
    for row in rows {
        if let Some(versions) = versions.get_mut(&row.0) {
            versions.push(row);
        }
    }
    let mut out = head("urlset", " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\"");
    for (id, slug, lang, published) in own {
        let page = |lang: Lang, slug: &str| {
            let address = Address::Story { lang, slug: slug.to_owned(), form: Form::Page };
            escape_html(&shown.whole(&address))
        };
        out += &format!("<url><loc>{}</loc><lastmod>{}</lastmod>\n", page(*lang, slug), seconds(*published));
        let alternates = &versions[id];
        let mut link = |lang: &str, href: &str| {
            out += &format!("<xhtml:link rel=\"alternate\" hreflang=\"{lang}\" href=\"{href}\"/>\n");
        };
        for (_, slug, lang, _) in alternates {
            link(&lang.to_string(), &page(*lang, slug));
        }
        if let Some(lang) = shown.default_lang(alternates.iter().map(|row| row.2)) {
            link("x-default", &page(lang, slug));
        }
        out += "</url>\n";
    }
    Some(out + "</urlset>\n")
}

/// What search engines may look at.
pub fn robots(shown: &Shown) -> String {
    let sitemap = shown.whole(&Address::Sitemaps);
    format!("User-agent: *\nDisallow: /desk/\nDisallow: /api/\n\nSitemap: {sitemap}\n")
}

fn head(root: &str, more: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"{more}>\n"
    )
}

pub(super) fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
