//! The index on disk: what is kept of a unit, and by what it is found.

use std::path::{Path, PathBuf};

use tantivy::columnar::Column;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::store::Compressor;
use tantivy::{
    DocAddress, Index, IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyDocument, TantivyError,
    Term,
};

use crate::error::MemoryError;
use crate::token::{Token, tokens};
use crate::unit::{Unit, plain, tag};

/// What the folder's schema is called when it changes in meaning but not in form.
const VERSION: &str = "units-1";
/// Bytes of a block of stored units: a look-up unpacks one for each match, so blocks are small.
const BLOCK: usize = 4096;

/// The fields of a unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// What the unit is called.
    pub id: Field,
    /// What units of the same source have in common.
    pub key: Field,
    pub pair: Field,
    pub origin: Field,
    /// When it was reviewed, in microseconds since 1970.
    at: Field,
    /// The words of the source, each behind the pair.
    pub words: Field,
    /// The tokens of the source, in order.
    tokens: Field,
    /// The unit as JSON.
    unit: Field,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let counted = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqs)
        .set_fieldnorms(true);
    let fields = Fields {
        id: schema.add_text_field("id", STRING),
        key: schema.add_text_field("key", STRING),
        pair: schema.add_text_field("pair", STRING),
        origin: schema.add_text_field("origin", STRING),
        at: schema.add_i64_field("at", FAST | INDEXED),
        words: schema.add_text_field("words", TextOptions::default().set_indexing_options(counted)),
        tokens: schema.add_u64_field("tokens", FAST),
        unit: schema.add_text_field(VERSION, STORED),
    };
    (schema.build(), fields)
}

/// The word `word` of a source in the first language of a pair, as the index has it.
pub(crate) fn word(pair: &str, word: &str) -> String {
    format!("{pair}:{word}")
}

/// An open index.
pub(crate) struct Store {
    pub dir: PathBuf,
    pub index: Index,
    pub fields: Fields,
    pub reader: IndexReader,
}

/// What the index holds at a moment.
pub(crate) struct Snapshot {
    pub searcher: Searcher,
    /// By segment.
    tokens: Vec<Column<u64>>,
    at: Vec<Column<i64>>,
}

impl Store {
    /// Opens the index in `dir`; `make` makes one where there is none.
    pub fn open(dir: &Path, make: bool) -> Result<Store, MemoryError> {
        let (schema, fields) = schema();
        let fail = |e| MemoryError::of(dir, e);
        let there = dir.join("meta.json").exists();
        if !there && !make {
            return Err(MemoryError::Missing { dir: dir.to_owned() });
        }
        let index = if there {
            Index::open_in_dir(dir).map_err(fail)?
        } else {
            std::fs::create_dir_all(dir).map_err(|e| MemoryError::io(dir, e))?;
            let settings = IndexSettings {
                docstore_compression: Compressor::Lz4,
                docstore_blocksize: BLOCK,
                docstore_compress_dedicated_thread: false,
                ..IndexSettings::default()
            };
            match Index::builder().schema(schema.clone()).settings(settings).create_in_dir(dir) {
                // Another program was faster.
                Err(TantivyError::IndexAlreadyExists) => Index::open_in_dir(dir).map_err(fail)?,
                made => made.map_err(fail)?,
            }
        };
        if index.schema() != schema {
            return Err(MemoryError::Format { dir: dir.to_owned() });
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(fail)?;
        Ok(Store { dir: dir.to_owned(), index, fields, reader })
    }

    /// What the index holds now.
    pub fn snapshot(&self) -> tantivy::Result<Snapshot> {
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let readers = searcher.segment_readers();
        let tokens = readers.iter().map(|s| s.fast_fields().u64("tokens")).collect::<Result<_, _>>()?;
        let at = readers.iter().map(|s| s.fast_fields().i64("at")).collect::<Result<_, _>>()?;
        Ok(Snapshot { searcher, tokens, at })
    }

    /// A unit as the index keeps it.
    pub fn document(&self, unit: &Unit) -> TantivyDocument {
        let fields = self.fields;
        let pair = tag(unit.pair);
        let parts = tokens(&plain(&unit.source), unit.pair.0);
        let words: Vec<String> = parts.terms.iter().map(|w| word(&pair, w)).collect();
        let mut out = TantivyDocument::default();
        out.add_text(fields.id, unit.id());
        out.add_text(fields.key, unit.key());
        out.add_text(fields.pair, &pair);
        out.add_text(fields.origin, &unit.origin);
        out.add_i64(fields.at, unit.review.at.as_microsecond());
        out.add_text(fields.words, words.join(" "));
        for token in parts.list {
            out.add_u64(fields.tokens, token.0);
        }
        out.add_text(fields.unit, serde_json::to_string(unit).expect("a unit has a JSON form"));
        out
    }

    pub fn term(&self, field: Field, text: &str) -> Term {
        Term::from_field_text(field, text)
    }

    /// The unit in a document.
    pub fn read(&self, document: &TantivyDocument) -> tantivy::Result<Unit> {
        let json = document.get_first(self.fields.unit).and_then(|v| v.as_str());
        let damaged =
            |what: String| TantivyError::InternalError(format!("a stored unit cannot be read: {what}"));
        let json = json.ok_or_else(|| damaged("it is not there".into()))?;
        serde_json::from_str(json).map_err(|e| damaged(e.to_string()))
    }
}

impl Snapshot {
    /// The tokens of a unit's source, into `out`.
    pub fn tokens(&self, at: DocAddress, out: &mut Vec<Token>) {
        out.clear();
        out.extend(self.tokens[at.segment_ord as usize].values_for_doc(at.doc_id).map(Token));
    }

    /// When a unit was reviewed, in microseconds since 1970.
    pub fn reviewed(&self, at: DocAddress) -> i64 {
        self.at[at.segment_ord as usize].first(at.doc_id).unwrap_or(i64::MIN)
    }
}
