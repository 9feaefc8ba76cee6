//! Cutting a vocabulary down to the tokens a product's languages need.
//!
//! A row of the embedding that is never used costs memory and, since the model scores every token at every
//! step, most of the time. Kept tokens keep their order, text, score and type, and get new consecutive ids.

use edisi_gguf::{Array, Gguf, Metadata, TensorView, Value, Writer};

/// Tensors whose rows are vocabulary entries.
pub(crate) const TENSORS: [&str; 2] = ["token_embd.weight", "output.weight"];

const TOKENS: &str = "tokenizer.ggml.tokens";
const SCORES: &str = "tokenizer.ggml.scores";
const TYPES: &str = "tokenizer.ggml.token_type";

/// ggml's token types that are kept whether listed or not: without the unknown token and the byte tokens not
/// every text could be written.
const UNKNOWN: i32 = 2;
const BYTE: i32 = 6;

/// The old ids of the tokens that are kept, ascending.
#[derive(Debug, PartialEq)]
pub(crate) struct Kept(Vec<u32>);

impl Kept {
    /// Reads a list of ids: one id or `first-last` a line, `#` begins a comment. Special tokens that the
    /// metadata names and tokens of the types above are added.
    pub(crate) fn parse(list: &[u8], metadata: &Metadata) -> Result<Self, String> {
        let text = std::str::from_utf8(list).map_err(|e| e.to_string())?;
        let tokens = metadata.strings(TOKENS).map_err(|e| e.to_string())?.len();
        let types = metadata.i32s(TYPES).map_err(|e| e.to_string())?;
        let scores = metadata.f32s(SCORES).map_err(|e| e.to_string())?;
        if types.len() != tokens || scores.len() != tokens {
            return Err("the base's token, score and type lists differ in length".into());
        }
        if metadata.get("tokenizer.ggml.merges").is_some() {
            return Err("the base's vocabulary has merge rules; only scored vocabularies can be cut".into());
        }
        let mut keep: Vec<bool> = types.iter().map(|ty| matches!(*ty, UNKNOWN | BYTE)).collect();
        for (_, id) in special_ids(metadata) {
            *keep
                .get_mut(id as usize)
                .ok_or_else(|| format!("the base's special token {id} does not exist"))? = true;
        }
        for (number, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let (first, last) = line.split_once('-').unwrap_or((line, line));
            let range = match (first.parse::<usize>(), last.parse::<usize>()) {
                (Ok(first), Ok(last)) if first <= last && last < tokens => first..=last,
                _ => {
                    return Err(format!(
                        "line {}: `{line}` is not a token id below {tokens}, nor two",
                        number + 1
                    ));
                }
            };
            keep[range].fill(true);
        }
        Ok(Kept(keep.iter().zip(0u32..).filter_map(|(keep, id)| keep.then_some(id)).collect()))
    }

    /// Checks that the model has a row for every token.
    pub(crate) fn check<B: AsRef<[u8]>>(&self, base: &Gguf<B>) -> Result<(), String> {
        let tokens = base.metadata().strings(TOKENS).map_or(0, <[String]>::len);
        let wrong = base.tensors().find(|t| TENSORS.contains(&t.name()) && t.rows() != tokens);
        match wrong {
            Some(t) => Err(format!("the base's {} has {} rows for {tokens} tokens", t.name(), t.rows())),
            None => Ok(()),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The stored bytes of the kept rows of an embedding.
    pub(crate) fn rows(&self, embedding: TensorView<'_>) -> Vec<u8> {
        self.0.iter().flat_map(|id| embedding.row_bytes(*id as usize)).copied().collect()
    }

    /// The decoded kept rows of an embedding.
    pub(crate) fn decoded_rows(&self, embedding: TensorView<'_>) -> Vec<f32> {
        let mut out = vec![0.0; self.len() * embedding.row_len()];
        for (id, row) in self.0.iter().zip(out.chunks_exact_mut(embedding.row_len())) {
            embedding.row(*id as usize, row);
        }
        out
    }

    /// Overwrites the vocabulary and the ids of special tokens in `out` by the kept ones.
    pub(crate) fn write_metadata(&self, metadata: &Metadata, out: &mut Writer) {
        fn cut<T: Clone>(ids: &[u32], all: &[T]) -> Vec<T> {
            ids.iter().map(|id| all[*id as usize].clone()).collect()
        }
        let checked = "parse checked the lists";
        let tokens = cut(&self.0, metadata.strings(TOKENS).expect(checked));
        let scores = cut(&self.0, metadata.f32s(SCORES).expect(checked));
        let types = cut(&self.0, metadata.i32s(TYPES).expect(checked));
        out.metadata(TOKENS, Value::Array(Array::Str(tokens)));
        out.metadata(SCORES, Value::Array(Array::F32(scores)));
        out.metadata(TYPES, Value::Array(Array::I32(types)));
        for (key, id) in special_ids(metadata) {
            let new = self.0.binary_search(&id).expect("parse keeps special tokens");
            out.metadata(key, Value::U32(new as u32));
        }
    }
}

fn special_ids(metadata: &Metadata) -> impl Iterator<Item = (&str, u32)> {
    let is_id = |key: &str| key.starts_with("tokenizer.ggml.") && key.ends_with("_token_id");
    metadata
        .iter()
        .filter(move |(key, _)| is_id(key))
        .filter_map(|(key, _)| Some((key, metadata.u32(key).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_gguf::{TensorType, to_f32_bytes};

    /// Ten tokens: special, bytes, words; row i of the embedding is [i, i].
    fn base() -> Gguf<Vec<u8>> {
        let mut w = Writer::new();
        let tokens = (0..10).map(|i| format!("t{i}")).collect();
        w.metadata(TOKENS, Value::Array(Array::Str(tokens)));
        w.metadata(SCORES, Value::Array(Array::F32((0..10).map(|i| -i as f32).collect())));
        w.metadata(TYPES, Value::Array(Array::I32(vec![3, 3, 2, 3, 6, 6, 1, 1, 1, 1])));
        w.metadata("tokenizer.ggml.bos_token_id", Value::U32(3));
        let values: Vec<f32> = (0..20).map(|i| (i / 2) as f32).collect();
        w.tensor("token_embd.weight", &[2, 10], TensorType::F32, to_f32_bytes(&values)).unwrap();
        Gguf::parse(w.to_vec()).unwrap()
    }

    #[test]
    fn lists_ranges_and_comments_are_read_and_special_tokens_kept() {
        let kept = Kept::parse(b"# kept\n9\n 6-7 # words\n\n", base().metadata()).unwrap();
        assert_eq!(kept.0, [2, 3, 4, 5, 6, 7, 9]);
        for bad in ["10", "7-6", "-1", "seven", "1-2-3"] {
            let error = Kept::parse(format!("1\n{bad}").as_bytes(), base().metadata()).unwrap_err();
            assert!(error.contains("line 2") && error.contains(bad), "{error}");
        }
    }

    #[test]
    fn kept_tokens_keep_order_scores_and_rows_and_special_ids_follow() {
        let base = base();
        let kept = Kept::parse(b"7\n9", base.metadata()).unwrap();
        let mut w = Writer::new();
        kept.write_metadata(base.metadata(), &mut w);
        let rows = kept.rows(base.tensor("token_embd.weight").unwrap());
        w.tensor("token_embd.weight", &[2, kept.len()], TensorType::F32, rows).unwrap();
        let cut = Gguf::parse(w.to_vec()).unwrap();
        assert_eq!(cut.metadata().strings(TOKENS).unwrap(), ["t2", "t3", "t4", "t5", "t7", "t9"]);
        assert_eq!(cut.metadata().f32s(SCORES).unwrap(), [-2.0, -3.0, -4.0, -5.0, -7.0, -9.0]);
        assert_eq!(cut.metadata().i32s(TYPES).unwrap(), [2, 3, 6, 6, 1, 1]);
        assert_eq!(cut.metadata().u32("tokenizer.ggml.bos_token_id").unwrap(), 1);
        let rows = cut.tensor("token_embd.weight").unwrap().dequantize();
        assert_eq!(rows, [2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 5.0, 5.0, 7.0, 7.0, 9.0, 9.0]);
    }

    proptest::proptest! {
        #[test]
        fn any_list_is_read_or_refused(list in "[0-9 #\n-]{0,40}") {
            if let Ok(kept) = Kept::parse(list.as_bytes(), base().metadata()) {
                proptest::prop_assert!(kept.0.is_sorted() && kept.0.iter().all(|id| *id < 10));
            }
        }
    }
}
