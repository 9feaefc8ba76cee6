//! What the names in a page's markup say: classes, ids, roles, microdata.
//!
//! Attribute values are cut into lower-case words at punctuation and at camel-case humps, so that
//! `relatedPosts`, `related-posts` and `c_related__posts` are one thing and `broadcast` holds no `ad`.

use std::collections::HashMap;

use html5ever::local_name;

use super::dom::{Dom, NodeId};

/// What an element's attributes say about its role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    /// The story or its text.
    pub(crate) body: bool,
    /// Navigation, sharing, promotion, related stories, advertisements.
    pub(crate) furniture: bool,
    /// Readers' comments.
    pub(crate) comments: bool,
    /// Caption or credit of a picture.
    pub(crate) caption: bool,
    /// Credit of a picture; without a picture nearby, of the story.
    pub(crate) credit: bool,
    /// Author line, date line, author box.
    pub(crate) byline: bool,
    /// Something from elsewhere shown inside the story: a post, a quotation.
    pub(crate) embed: bool,
    /// Not shown to readers.
    pub(crate) hidden: bool,
}

/// Words that make an element furniture wherever they stand. A trailing `*` matches any ending.
const FURNITURE: &[&str] = &[
    "ad",
    "ads",
    "adv",
    "advert*",
    "adsense",
    "adslot",
    "adunit",
    "adbox",
    "addtoany",
    "addthis",
    "sharethis",
    "banner*",
    "breadcrumb*",
    "carousel",
    "cookie*",
    "consent",
    "disqus",
    "dfp",
    "gpt",
    "footer*",
    "jp-relatedposts",
    "login",
    "masthead",
    "menu*",
    "modal*",
    "mostread",
    "nav*",
    "newsletter*",
    "outbrain",
    "pager",
    "pagination",
    "paginator",
    "paywall*",
    "popular*",
    "popup*",
    "print",
    "promo*",
    "recirc*",
    "recommend*",
    "related*",
    "share",
    "sharebar",
    "sharedaddy",
    "sharing",
    "sharebuttons",
    "shares",
    "sidebar*",
    "signup",
    "social*",
    "sponsor*",
    "subscribe*",
    "subscription*",
    "taboola*",
    "tags",
    "taglist",
    "toolbar*",
    "trending",
    "teaser*",
    "upsell",
    "skip",
    "terkait",
    "bacajuga",
    "readalso",
    "seealso",
    "readmore",
];

/// Pairs of neighbouring words that make an element furniture.
const FURNITURE_PAIRS: &[(&str, &str)] = &[
    ("read", "more"),
    ("read", "next"),
    ("read", "also"),
    ("see", "also"),
    ("more", "stories"),
    ("more", "from"),
    ("most", "read"),
    ("most", "viewed"),
    ("most", "popular"),
    ("up", "next"),
    ("latest", "news"),
    ("tag", "list"),
    ("post", "tags"),
    ("entry", "tags"),
    ("article", "tags"),
    ("topic", "list"),
    ("sign", "up"),
    ("call", "action"),
    ("baca", "juga"),
    ("lihat", "juga"),
    ("berita", "terkait"),
    ("author", "bio"),
    ("author", "box"),
    ("about", "author"),
    ("author", "info"),
];

const COMMENTS: &[&str] =
    &["comment", "comments", "commentlist", "commentform", "disqus*", "respond", "komentar", "fbcomments"];

const BYLINE: &[&str] =
    &["byline*", "author*", "dateline", "timestamp", "pubdate", "bio", "metadata", "postmeta", "dateposted"];

const CAPTION: &[&str] = &["caption*", "figcaption", "photocredit", "imagecaption"];

const CREDIT: &[&str] = &["credit*", "copyright", "photographer"];

const BODY: &[&str] = &[
    "articlebody",
    "storybody",
    "storytext",
    "articlecontent",
    "articletext",
    "postcontent",
    "postbody",
    "entrycontent",
    "articlebodycontent",
    "maincontent",
    "bodycopy",
    "bodytext",
];

const BODY_PAIRS: &[(&str, &str)] = &[
    ("article", "body"),
    ("article", "content"),
    ("article", "text"),
    ("article", "copy"),
    ("story", "body"),
    ("story", "content"),
    ("story", "text"),
    ("post", "content"),
    ("post", "body"),
    ("post", "text"),
    ("entry", "content"),
    ("entry", "body"),
    ("entry", "text"),
    ("news", "content"),
    ("news", "body"),
    ("news", "text"),
    ("detail", "text"),
    ("detail", "content"),
    ("body", "content"),
    ("body", "text"),
    ("body", "copy"),
    ("content", "body"),
    ("content", "text"),
    ("read", "content"),
    ("page", "content"),
    ("field", "body"),
    ("isi", "berita"),
    ("isi", "artikel"),
    ("konten", "berita"),
    ("artikel", "konten"),
    ("detail", "konten"),
    ("detail", "berita"),
];

/// What the names of a page were found to say; pages repeat the same few over and over.
pub(crate) type Known<'a> = HashMap<&'a str, Hints>;

impl Hints {
    /// Reads the attributes of an element.
    pub(crate) fn of<'a>(dom: &'a Dom, id: NodeId, known: &mut Known<'a>) -> Hints {
        let mut h = Hints::default();
        for attr in dom.attrs(id) {
            let value: &str = &attr.value;
            match &attr.name.local {
                &local_name!("class") | &local_name!("id") => {
                    h.add(*known.entry(value).or_insert_with(|| Hints::named(value)))
                }
                &local_name!("itemprop") => match value.trim() {
                    "articleBody" | "reviewBody" | "text" => h.body = true,
                    "author" | "datePublished" | "dateModified" => h.byline = true,
                    "comment" => h.comments = true,
                    "caption" => h.caption = true,
                    _ => {}
                },
                &local_name!("role") => match value {
                    "navigation" | "complementary" | "banner" | "contentinfo" | "search" | "dialog"
                    | "menu" | "menubar" | "alert" | "alertdialog" | "tablist" | "toolbar" => {
                        h.furniture = true
                    }
                    _ => {}
                },
                &local_name!("hidden") => h.hidden = value != "until-found",
                &local_name!("style") => h.hidden |= hides(value),
                &local_name!("aria-hidden") => h.hidden |= value == "true",
                name if &**name == "data-component"
                    || &**name == "data-testid"
                    || &**name == "data-module" =>
                {
                    h.read_names(value)
                }
                _ => {}
            }
        }
        h
    }

    fn add(&mut self, other: Hints) {
        self.body |= other.body;
        self.furniture |= other.furniture;
        self.comments |= other.comments;
        self.caption |= other.caption;
        self.credit |= other.credit;
        self.byline |= other.byline;
        self.embed |= other.embed;
        self.hidden |= other.hidden;
    }

    /// What a list of names says.
    fn named(value: &str) -> Hints {
        let mut h = Hints::default();
        h.read_names(value);
        h
    }

    fn read_names(&mut self, value: &str) {
        let mut word = String::new();
        let mut last = String::new();
        let mut lower = false;
        let mut names = value.chars().peekable();
        loop {
            let c = names.next();
            let ends = match c {
                None => true,
                Some(c) => !c.is_alphanumeric() || (c.is_uppercase() && lower),
            };
            if ends && !word.is_empty() {
                self.read_word(&last, &word);
                std::mem::swap(&mut last, &mut word);
                word.clear();
            }
            let Some(c) = c else { return };
            if c.is_whitespace() {
                last.clear();
            }
            lower = c.is_lowercase() || c.is_numeric();
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
        }
    }

    fn read_word(&mut self, last: &str, word: &str) {
        let pair = |pairs: &[(&str, &str)]| pairs.iter().any(|&(a, b)| a == last && b == word);
        self.furniture |= listed(FURNITURE, word) || pair(FURNITURE_PAIRS);
        self.embed |= word.starts_with("embed");
        self.comments |= listed(COMMENTS, word);
        self.byline |= listed(BYLINE, word);
        self.caption |= listed(CAPTION, word);
        self.credit |= listed(CREDIT, word);
        self.body |= listed(BODY, word) || pair(BODY_PAIRS);
    }
}

fn listed(list: &[&str], word: &str) -> bool {
    list.iter().any(|entry| match entry.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == *entry,
    })
}

/// Whether an inline style takes the element out of sight.
fn hides(style: &str) -> bool {
    style.split(';').filter_map(|rule| rule.split_once(':')).any(|(name, value)| {
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
        (name == "display" && value.starts_with("none"))
            || (name == "visibility" && value.starts_with("hidden"))
    })
}
