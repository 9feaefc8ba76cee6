//! What a backup has of each table, in an order in which the constraints hold.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Int,
}

pub(super) struct Table {
    pub(super) name: &'static str,
    /// In the order of the columns; see [`Table::columns`].
    layout: &'static str,
}

impl Table {
    /// The columns. In the layout, those with a `#` behind them hold numbers.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&'static str, Holds)> {
        self.layout.split_whitespace().map(|column| match column.strip_suffix('#') {
            Some(name) => (name, Holds::Int),
            None => (column, Holds::Text),
        })
    }
}

const fn table(name: &'static str, layout: &'static str) -> Table {
    Table { name, layout }
}

pub(super) const TABLES: &[Table] = &[
    table("counters", "name value#"),
    table("settings", "name value"),
    table("users", "id login name role password_hash disabled# created#"),
    table("sessions", "hash user_id csrf created# expires#"),
    table("tokens", "id name hash scopes user_id created# expires# used# revoked#"),
    table("articles", "id origin slug url title folded lang source_id revision_id created# updated#"),
    table("revisions", "id article_id number# hash content created#"),
    table("corrections", "id article_id revision_id note changes at#"),
    table(
        "editions",
        "id article_id lang revision_id state version# content_version# tier route counts urgency# approved \
         published_number# made# updated#",
    ),
    table(
        "segments",
        "id edition_id number# place idx# source text state findings decision machine changed_by version#",
    ),
    table("segment_history", "segment_id version# text state changed_by"),
    table(
        "publications",
        "id article_id lang edition_id number# revision_id title content approved first_published# published# \
         is_current#",
    ),
    table(
        "sources",
        "id kind location lang seconds# etag last_modified seen due# failures# error paused# created#",
    ),
    table("webhooks", "id url secret events created#"),
    table("terms", "book version# entries at#"),
    table("memory", "id unit"),
    table(
        "jobs",
        "id kind name payload state attempts# max_attempts# due# leased_until# error created# updated#",
    ),
    table("audit", "id at# actor action object details"),
];

pub(super) fn names(table: &Table) -> Vec<&'static str> {
    table.columns().map(|(name, _)| name).collect()
}
