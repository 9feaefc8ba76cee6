//! What has which address on the site.

use edisi_edition::publish::file_stem;
use edisi_edition::render::encode_path;
use edisi_text::Lang;
use jiff::Timestamp;

/// A form in which a version of a story can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// A page.
    Page,
    /// Markdown with front matter.
    Markdown,
    /// IPTC ninjs.
    Ninjs,
}

/// A form of feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedKind {
    /// RSS 2.0.
    Rss,
    /// Atom.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl FeedKind {
    /// All of them.
    pub const ALL: [FeedKind; 3] = [FeedKind::Rss, FeedKind::Atom, FeedKind::Json];

    /// What it is called in addresses.
    pub fn file(self) -> &'static str {
        match self {
            FeedKind::Rss => "feed.rss",
            FeedKind::Atom => "feed.atom",
            FeedKind::Json => "feed.json",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            FeedKind::Rss => "application/rss+xml",
            FeedKind::Atom => "application/atom+xml",
            FeedKind::Json => "application/feed+json",
        }
    }
}

/// What stands at an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// The list of languages, for readers whose language is not known.
    Languages,
    /// The front page of a language.
    Front(Lang),
    /// The stories first published before a moment.
    Older(Lang, Timestamp),
    /// A version of a story.
    Story {
        /// Its language.
        lang: Lang,
        /// The story's name.
        slug: String,
        /// Its form.
        form: Form,
    },
    /// How the editions are made.
    About(Lang),
    /// A feed of a language.
    Feed(Lang, FeedKind),
    /// The list of sitemaps.
    Sitemaps,
    /// A sitemap of a language, numbered from 1.
    Sitemap(Lang, usize),
    /// What search engines may look at.
    Robots,
    /// A style sheet, by the name it has.
    Style(String),
    /// What static servers show where there is nothing.
    Missing,
}

/// What a path asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// This.
    For(Address),
    /// What depends on the reader's language: the path to be put behind the language's.
    InReadersLanguage(Choice),
    /// What has another path.
    Moved(Address),
}

/// What there is in each language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The front page.
    Front,
    /// How the editions are made.
    About,
}

impl Choice {
    /// It in a language.
    pub fn in_lang(self, lang: Lang) -> Address {
        match self {
            Choice::Front => Address::Front(lang),
            Choice::About => Address::About(lang),
        }
    }
}

impl Address {
    /// What a path, percent-encoded and with its slash at the front, asks for; `None` where there can be nothing.
    pub fn read(path: &str) -> Option<Asked> {
        let path = decode(path.strip_prefix('/')?)?;
        let found = |address| Some(Asked::For(address));
        match path.as_str() {
            "" => return Some(Asked::InReadersLanguage(Choice::Front)),
            "about" | "about/" => return Some(Asked::InReadersLanguage(Choice::About)),
            "robots.txt" => return found(Address::Robots),
            "sitemap.xml" => return found(Address::Sitemaps),
            _ => {}
        }
        let (first, rest) = path.split_once('/').unwrap_or((&path, ""));
        if first == "assets" {
            return found(Address::Style(rest.to_owned()));
        }
        if first == "about" {
            let (lang, is_stem) = language(rest)?;
            return Some(asked(Address::About(lang), is_stem));
        }
        let (lang, is_stem) = language(first)?;
        if !path.contains('/') {
            return Some(Asked::Moved(Address::Front(lang)));
        }
        Some(asked(in_language(lang, rest)?, is_stem))
    }

    /// Its path from the root of the site, percent-encoded, without a slash at the front.
    pub fn path(&self) -> String {
        match self {
            Address::Languages => String::new(),
            Address::Front(lang) => format!("{}/", file_stem(*lang)),
            Address::Older(lang, before) => {
                format!("{}/before/{}", file_stem(*lang), before.as_millisecond())
            }
            Address::Story { lang, slug, form } => {
                format!("{}/{}{}", file_stem(*lang), encode_path(slug), form.ending())
            }
            Address::About(lang) => format!("about/{}", file_stem(*lang)),
            Address::Feed(lang, kind) => format!("{}/{}", file_stem(*lang), kind.file()),
            Address::Sitemaps => "sitemap.xml".into(),
            Address::Sitemap(lang, 1) => format!("{}/sitemap.xml", file_stem(*lang)),
            Address::Sitemap(lang, number) => format!("{}/sitemap-{number}.xml", file_stem(*lang)),
            Address::Robots => "robots.txt".into(),
            Address::Style(name) => format!("assets/{name}"),
            Address::Missing => "404.html".into(),
        }
    }

    /// The file it is in on a static site.
    pub fn file(&self) -> String {
        match self {
            Address::Languages => "index.html".into(),
            Address::Front(lang) => format!("{}/index.html", file_stem(*lang)),
            Address::Story { lang, slug, form: Form::Page } => format!("{}/{slug}.html", file_stem(*lang)),
            Address::Story { lang, slug, form } => {
                format!("{}/{slug}{}", file_stem(*lang), form.ending())
            }
            Address::Older(..) | Address::About(_) => format!("{}.html", self.path()),
            _ => self.path(),
        }
    }

    /// The language a reader of it reads, where it has one.
    pub fn lang(&self) -> Option<Lang> {
        match self {
            Address::Front(lang)
            | Address::Older(lang, _)
            | Address::Story { lang, .. }
            | Address::About(lang)
            | Address::Feed(lang, _)
            | Address::Sitemap(lang, _) => Some(*lang),
            _ => None,
        }
    }
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Form::Page => "",
            Form::Markdown => ".md",
            Form::Ninjs => ".ninjs.json",
        }
    }
}

fn asked(address: Address, is_stem: bool) -> Asked {
    if is_stem { Asked::For(address) } else { Asked::Moved(address) }
}

fn in_language(lang: Lang, rest: &str) -> Option<Address> {
    if rest.is_empty() {
        return Some(Address::Front(lang));
    }
    if let Some(kind) = FeedKind::ALL.into_iter().find(|k| k.file() == rest) {
        return Some(Address::Feed(lang, kind));
    }
    if rest == "sitemap.xml" {
        return Some(Address::Sitemap(lang, 1));
    }
    if let Some(number) = rest.strip_prefix("sitemap-").and_then(|r| r.strip_suffix(".xml")) {
        let number = number.parse().ok().filter(|n| *n > 1)?;
        return Some(Address::Sitemap(lang, number));
    }
    if let Some(before) = rest.strip_prefix("before/") {
        return Timestamp::from_millisecond(before.parse().ok()?).ok().map(|at| Address::Older(lang, at));
    }
    let (slug, form) = [Form::Ninjs, Form::Markdown]
        .into_iter()
        .find_map(|form| Some((rest.strip_suffix(form.ending())?, form)))
        .unwrap_or((rest, Form::Page));
    is_slug(slug).then(|| Address::Story { lang, slug: slug.to_owned(), form })
}

/// Whether a story may be called so: one step of a path, on any system.
pub(super) fn is_slug(slug: &str) -> bool {
    let fits = |c: char| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '.' | '?' | '#' | '%');
    !slug.is_empty() && slug.len() <= 300 && slug.chars().all(fits)
}

/// A language as addresses name it, and whether it was named in the way they do.
fn language(name: &str) -> Option<(Lang, bool)> {
    let lang: Lang = name.parse().ok()?;
    Some((lang, file_stem(lang) == name))
}

/// Percent-encoding undone; `None` where what comes out is no text.
fn decode(path: &str) -> Option<String> {
    if !path.contains('%') {
        return Some(path.to_owned());
    }
    let mut out = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
        let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
        out.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(slug: &str, form: Form) -> Address {
        Address::Story { lang: Lang::ZH, slug: slug.into(), form }
    }

    #[test]
    fn what_has_a_path_is_found_by_it() {
        let before = Timestamp::from_millisecond(1_764_000_000_123).unwrap();
        for address in [
            Address::Front(Lang::ZH),
            Address::Older(Lang::AR, before),
            story("harga-beras-2", Form::Page),
            story("日本語の題", Form::Markdown),
            story("a b", Form::Ninjs),
            Address::About(Lang::ZH),
            Address::Feed(Lang::EN, FeedKind::Rss),
            Address::Feed(Lang::EN, FeedKind::Atom),
            Address::Feed(Lang::EN, FeedKind::Json),
            Address::Sitemaps,
            Address::Sitemap(Lang::EN, 1),
            Address::Sitemap(Lang::EN, 7),
            Address::Robots,
            Address::Style("site-0.css".into()),
        ] {
            let path = format!("/{}", address.path());
            assert!(path.is_ascii() && !path.contains(' '), "{path}");
            assert_eq!(Address::read(&path), Some(Asked::For(address)), "{path}");
        }
        assert_eq!(story("x", Form::Page).path(), "zh/x");
        assert_eq!(story("日", Form::Page).file(), "zh/日.html");
        assert_eq!(Address::Older(Lang::AR, before).file(), "ar/before/1764000000123.html");
    }

    #[test]
    fn other_names_of_a_language_lead_to_the_one_it_has() {
        assert_eq!(Address::read("/zh-Hans/x"), Some(Asked::Moved(story("x", Form::Page))));
        assert_eq!(Address::read("/EN/"), Some(Asked::Moved(Address::Front(Lang::EN))));
        assert_eq!(Address::read("/ja"), Some(Asked::Moved(Address::Front(Lang::JA))));
        assert_eq!(Address::read("/about/id_ID"), Some(Asked::Moved(Address::About(Lang::ID))));
    }

    #[test]
    fn what_cannot_be_an_address_is_none() {
        for path in [
            "",
            "x",
            "/favicon.ico",
            "/en/../x",
            "/en/..",
            "/en/%2e%2e%2fx",
            "/en/%",
            "/en/%ff",
            "/en/a/b",
            "/en/a%2Fb",
            "/en/before/x",
            "/en/before/99999999999999999999",
            "/en/sitemap-1.xml",
            "/1/x",
            "/en/%00",
            "/about/x/y",
        ] {
            assert_eq!(Address::read(path), None, "{path}");
        }
    }
}
