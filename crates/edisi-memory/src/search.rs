//! Sentences like another one.

use serde::Serialize;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Searcher, Term};

use crate::Pair;
use crate::adapt::adapted;
use crate::distance::of_tokens;
use crate::error::MemoryError;
use crate::index::word;
use crate::memory::Memory;
use crate::token::tokens;
use crate::unit::{Unit, plain, tag};

/// Units whose edit distance is computed.
const CANDIDATES: usize = 300;
/// Words that candidates are looked up by, the rarest ones.
const WORDS: usize = 10;
/// Units that the words but the first may stand in, all in all: a look-up reads no more entries of the index.
const ENTRIES: u64 = 120_000;

/// A unit like the text that was looked up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Match {
    /// The unit.
    pub unit: Unit,
    /// How like its source is, 0 to 1; see [`score`](crate::score).
    pub score: f32,
    /// Its translation with the numbers of the text, where it differs in numbers only; see [`adapted`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adapted: Option<String>,
}

impl Memory {
    /// At most `limit` units of `pair` whose sources have a score of at least `least` to `text`, best first, the one
    /// reviewed later first among equals.
    ///
    /// Candidates are the units that share the rarest words of `text`; of those that share the same number of common
    /// words only, some may be passed over.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn fuzzy(&self, pair: Pair, text: &str, least: f32, limit: usize) -> Result<Vec<Match>, MemoryError> {
        let text = plain(text);
        let mut found: Vec<Match> = self
            .exact(pair, &text)?
            .into_iter()
            .map(|unit| Match { unit, score: 1.0, adapted: None })
            .collect();
        if found.len() < limit {
            let like = self.like(pair, &text, least, limit - found.len()).map_err(|e| self.fail(e))?;
            found.extend(like);
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Units like the plain `text`, without those that are equal to it.
    fn like(&self, pair: Pair, text: &str, least: f32, limit: usize) -> tantivy::Result<Vec<Match>> {
        let parts = tokens(text, pair.0);
        let seen = self.snapshot();
        let mut scored: Vec<(f32, i64, DocAddress)> = Vec::new();
        let mut theirs = Vec::new();
        for at in candidates(&seen.searcher, self.rarest(&seen.searcher, &tag(pair), parts.terms)?)? {
            seen.tokens(at, &mut theirs);
            if let Some(score) = of_tokens(&parts.list, &theirs, least) {
                scored.push((score, seen.reviewed(at), at));
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
        let mut out: Vec<Match> = Vec::new();
        for (score, _, at) in scored {
            if out.len() >= limit {
                break;
            }
            let unit = self.load(&seen, at)?;
            if plain(&unit.source) != text {
                out.push(Match { score, adapted: adapted(text, &unit), unit });
            }
        }
        Ok(out)
    }

    /// The words of a text that stand in the fewest units.
    fn rarest(&self, searcher: &Searcher, pair: &str, mut words: Vec<String>) -> tantivy::Result<Vec<Term>> {
        words.sort_unstable();
        words.dedup();
        let mut terms: Vec<(u64, Term)> = Vec::new();
        for text in words {
            let term = self.store.term(self.store.fields.words, &word(pair, &text));
            let units = searcher.doc_freq(&term)?;
            if units > 0 {
                terms.push((units, term));
            }
        }
        terms.sort();
        let mut entries = 0;
        let few = |(units, _): &(u64, Term)| {
            let first = entries == 0;
            entries += units;
            first || entries <= ENTRIES
        };
        Ok(terms.into_iter().take(WORDS).take_while(few).map(|(_, term)| term).collect())
    }
}

/// The units that have most of these words, weighed by how rare they are.
fn candidates(searcher: &Searcher, terms: Vec<Term>) -> tantivy::Result<Vec<DocAddress>> {
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let one = |term| -> (Occur, Box<dyn Query>) {
        (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
    };
    let query = BooleanQuery::new(terms.into_iter().map(one).collect());
    let top = searcher.search(&query, &TopDocs::with_limit(CANDIDATES).order_by_score())?;
    Ok(top.into_iter().map(|(_, at)| at).collect())
}
