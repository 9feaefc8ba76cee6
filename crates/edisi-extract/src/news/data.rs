//! The data files, as written.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The languages with a file of their own, and the files.
const FILES: &[(&str, &str)] = &[
    ("id", include_str!("../../data/news/id.toml")),
    ("en", include_str!("../../data/news/en.toml")),
    ("zh", include_str!("../../data/news/zh.toml")),
    ("ja", include_str!("../../data/news/ja.toml")),
    ("ar", include_str!("../../data/news/ar.toml")),
    ("fr", include_str!("../../data/news/fr.toml")),
    ("pt", include_str!("../../data/news/pt.toml")),
];

const OUTLETS: &str = include_str!("../../data/news/agencies.toml");

/// One language's file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Language {
    pub rule: Vec<Rule>,
    pub credits: Credits,
    pub attribution: Attribution,
    pub dateline: Dateline,
    pub dates: Dates,
    pub translation: Translation,
    pub languages: BTreeMap<String, Vec<String>>,
}

/// What a rule's lines are; the names of the data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// One link to another story: `Baca juga: …`.
    Related,
    /// Heading of a list of related stories; the story may go on after it.
    RelatedList,
    /// Heading of a list of the latest or most read stories; the story is over.
    LatestList,
    /// The readers' comments begin; the story is over.
    Comments,
    /// A share bar or one of its buttons.
    Share,
    /// Subscription, log-in.
    Subscribe,
    /// An advertisement's label.
    Advert,
    /// Channels, apps, newsletters, slogans.
    Promotion,
    /// Live-update widgets, reading times.
    Update,
    /// Spam left by a site's compromised template.
    Spam,
    /// Standing notices: copyright, standards, cookies.
    Notice,
    /// Menus, buttons, section labels, tags.
    Navigation,
    /// A picture's caption: part of the story, but no paragraph of it.
    Caption,
    /// A line that an agency in brackets ends: a caption, or the last paragraph of a story.
    Signed,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub class: Class,
    #[serde(default)]
    pub whole: Vec<String>,
    #[serde(default)]
    pub label: Vec<String>,
    #[serde(default)]
    pub lead: Vec<String>,
    #[serde(default)]
    pub starts: Vec<String>,
    #[serde(default)]
    pub with: Vec<String>,
    #[serde(default)]
    pub regex: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Credits {
    pub author: Vec<String>,
    pub reporter: Vec<String>,
    pub editor: Vec<String>,
    pub source: Vec<String>,
    pub other: Vec<String>,
    pub bare: Vec<String>,
    pub and: Vec<String>,
    pub place: Vec<String>,
    pub templates: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Attribution {
    pub relay: Vec<String>,
    pub relay_after: Vec<String>,
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub filler: Vec<String>,
    pub not_outlet: Vec<String>,
    pub calendar: Vec<String>,
    pub regex: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Translation {
    pub says: Vec<String>,
    pub main: Vec<String>,
    pub itself: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Dates {
    pub words: Vec<String>,
    pub published: Vec<String>,
    pub updated: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Dateline {
    pub regex: Vec<String>,
    pub places: Vec<String>,
}

/// The gazetteer of agencies, papers and broadcasters.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outlets {
    pub outlet: Vec<Outlet>,
    /// Last words that make a capitalised run an outlet's name: `Times`, `Post`.
    pub shape: Vec<String>,
    /// First words that do: `Harian`, `صحيفة`.
    #[serde(rename = "shape-first")]
    pub shape_first: Vec<String>,
    /// Endings that do in scripts without spaces: `新聞`.
    #[serde(rename = "shape-end")]
    pub shape_end: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outlet {
    pub name: String,
    #[serde(default)]
    pub also: Vec<String>,
}

/// Every language's file, merged in this order: the wanted one first, then English, or all of them.
pub(super) fn load(code: Option<&str>) -> Language {
    let wanted: Vec<&str> = match code {
        Some("en") => vec!["en"],
        Some(code) if FILES.iter().any(|(c, _)| *c == code) => vec![code, "en"],
        _ => FILES.iter().map(|(c, _)| *c).collect(),
    };
    let mut all = Language::default();
    for code in wanted {
        let (_, text) = FILES.iter().find(|(c, _)| *c == code).expect("a code of FILES");
        let file: Language = toml::from_str(text).unwrap_or_else(|e| panic!("data/news/{code}.toml: {e}"));
        all.merge(file);
    }
    all
}

/// Languages that have a file.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(code, _)| *code)
}

pub(super) fn outlets() -> Outlets {
    toml::from_str(OUTLETS).unwrap_or_else(|e| panic!("data/news/agencies.toml: {e}"))
}

impl Language {
    fn merge(&mut self, other: Language) {
        self.rule.extend(other.rule);
        let (c, o) = (&mut self.credits, other.credits);
        c.author.extend(o.author);
        c.reporter.extend(o.reporter);
        c.editor.extend(o.editor);
        c.source.extend(o.source);
        c.other.extend(o.other);
        c.bare.extend(o.bare);
        c.and.extend(o.and);
        c.place.extend(o.place);
        c.templates.extend(o.templates);
        let (a, o) = (&mut self.attribution, other.attribution);
        a.relay.extend(o.relay);
        a.relay_after.extend(o.relay_after);
        a.before.extend(o.before);
        a.after.extend(o.after);
        a.filler.extend(o.filler);
        a.not_outlet.extend(o.not_outlet);
        a.calendar.extend(o.calendar);
        a.regex.extend(o.regex);
        self.dates.words.extend(other.dates.words);
        self.dates.published.extend(other.dates.published);
        self.dates.updated.extend(other.dates.updated);
        self.dateline.regex.extend(other.dateline.regex);
        self.dateline.places.extend(other.dateline.places);
        self.translation.says.extend(other.translation.says);
        self.translation.main.extend(other.translation.main);
        self.translation.itself.extend(other.translation.itself);
        for (code, names) in other.languages {
            self.languages.entry(code).or_default().extend(names);
        }
    }
}
