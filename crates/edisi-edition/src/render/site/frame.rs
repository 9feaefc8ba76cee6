//! What a site tells its pages.

use std::borrow::Cow;

use edisi_text::Lang;

/// A site, as far as its pages show it.
#[derive(Debug, Clone, Copy)]
pub struct SiteFrame<'a> {
    /// The publication's name.
    pub name: &'a str,
    /// The language it writes in.
    pub lang: Lang,
    /// The languages that have a front page, in the order in which they are to be listed.
    pub langs: &'a [Lang],
    /// Where the site is reached, without a slash at the end. While that is not known it is empty, and no address on
    /// the pages names a host.
    pub base: &'a str,
    /// The path of the style sheet, from the root of the site: `assets/site-0123.css`.
    pub style: &'a str,
    /// Whom readers write to about mistakes: an address of the web or of mail.
    pub contact: Option<&'a str>,
    /// Goes over all markup of a story before it becomes part of a page.
    pub clean: fn(&str) -> String,
}

impl SiteFrame<'_> {
    /// The path under which the site is reached, without a slash at the end: empty for one that has a host of its own.
    pub fn root(&self) -> &str {
        let after_host = self.base.split_once("://").map_or("", |(_, rest)| rest);
        after_host.find('/').map_or("", |at| after_host[at..].trim_end_matches('/'))
    }

    /// The path from the host's root to a page of the site.
    pub fn path(&self, page: &str) -> String {
        format!("{}/{page}", self.root())
    }

    /// The address of a page for readers elsewhere: absolute where that is known.
    pub fn address(&self, page: &str) -> String {
        format!("{}/{page}", self.base.trim_end_matches('/'))
    }

    /// An address on this site as a path: pages link to each other wherever they are read.
    pub(super) fn local(&self, href: &str) -> String {
        let base = self.base.trim_end_matches('/');
        match href.strip_prefix(base) {
            Some(path) if path.starts_with('/') => format!("{}{path}", self.root()),
            _ => href.to_owned(),
        }
    }
}

/// How a version of a story stands on a site. Times are RFC 3339.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnSite<'a> {
    /// The path of its page, from the root of the site.
    pub path: &'a str,
    /// When the story first stood there in this language.
    pub first_published: &'a str,
    /// When this state of it was published.
    pub published: &'a str,
    /// When an editor took responsibility for it; without that it is never called reviewed.
    pub approved: Option<&'a str>,
    /// When the original was changed, where this version does not have the change.
    pub behind: Option<&'a str>,
    /// What readers are told about changes of the original, the latest first.
    pub corrections: &'a [Correction],
    /// Other forms of the version: what they are called, and their path.
    pub downloads: &'a [(&'a str, String)],
}

/// What readers are told about a change of the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// When it was made.
    pub at: String,
    /// What the newsroom says about it, in the language of the original; may be empty.
    pub note: String,
    /// Sentences before and after; one of them empty where a sentence is new or gone.
    pub changes: Vec<(String, String)>,
    /// Whether the version shown does not have it yet.
    pub pending: bool,
}

/// Where a text is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was written in its language.
    Original,
    /// A machine translated it, and no editor has taken responsibility for it.
    Machine,
    /// An editor has.
    Reviewed,
}

/// A story on a front page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The path of its page, from the root of the site.
    pub path: String,
    /// Its headline.
    pub title: Option<String>,
    /// Its stand-first.
    pub summary: Option<String>,
    /// The address of its picture.
    pub image: Option<String>,
    /// When it first stood on the site in this language: RFC 3339 or a date.
    pub published: String,
    /// Where its text is from.
    pub origin: Origin,
    /// Whether the original was corrected.
    pub corrected: bool,
}

/// A front page, or one of the pages of older stories behind it.
#[derive(Debug, Clone, Copy)]
pub struct Front<'a> {
    /// Its language.
    pub lang: Lang,
    /// Its path, from the root of the site.
    pub path: &'a str,
    /// Its stories.
    pub entries: &'a [Entry],
    /// The path of the page of older ones.
    pub older: Option<&'a str>,
    /// Whether this is one of the pages of older stories.
    pub is_old: bool,
}

/// Why there is no page at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// There never was one.
    NotFound,
    /// There was one.
    Gone,
    /// It cannot be made at the moment.
    Failed,
}

/// Letters that an address cannot have as they are, percent-encoded.
pub fn encode_path(name: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    if name.bytes().all(plain) {
        return Cow::Borrowed(name);
    }
    let one = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    Cow::Owned(name.bytes().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(base: &str) -> SiteFrame<'_> {
        SiteFrame {
            name: "Kabar",
            lang: Lang::ID,
            langs: &[Lang::ID],
            base,
            style: "assets/site.css",
            contact: None,
            clean: str::to_owned,
        }
    }

    #[test]
    fn addresses_are_whole_where_they_leave_the_site_and_paths_where_they_do_not() {
        for (base, root, path, address) in [
            ("", "", "/en/x", "/en/x"),
            ("https://kabar.example", "", "/en/x", "https://kabar.example/en/x"),
            ("https://kabar.example/", "", "/en/x", "https://kabar.example/en/x"),
            ("https://media.example/kabar", "/kabar", "/kabar/en/x", "https://media.example/kabar/en/x"),
        ] {
            let frame = frame(base);
            assert_eq!((frame.root(), frame.path("en/x")), (root, path.to_owned()), "{base}");
            assert_eq!(frame.address("en/x"), address);
            assert_eq!(frame.local(address), path);
        }
        let frame = frame("https://kabar.example");
        for other in ["https://cms.example/x", "https://kabar.example.evil/x"] {
            assert_eq!(frame.local(other), other);
        }
    }

    #[test]
    fn names_are_encoded_for_addresses() {
        assert_eq!(encode_path("harga-beras-2"), "harga-beras-2");
        assert_eq!(encode_path("日 a/b"), "%E6%97%A5%20a%2Fb");
    }
}
