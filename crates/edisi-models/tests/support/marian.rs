//! Marian files that hold together and say nothing, and a registry on a server that offers them.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::server::{Server, sha256};

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Bytes that no packing makes smaller, the same every time.
pub fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..len).map(|_| next()).collect()
}

/// A model file with an embedding of 256 columns, that of the family `tiny`, and `len` bytes of noise.
pub fn model(seed: u64, len: usize) -> Vec<u8> {
    let data = noise(seed, len);
    let name = b"Wemb\0";
    let mut out = Vec::new();
    let word = |out: &mut Vec<u8>, value: usize| out.extend((value as u64).to_le_bytes());
    for value in [1, 1, name.len(), 0x4101, 2, data.len()] {
        word(&mut out, value);
    }
    out.extend(name);
    for dim in [4i32, 256] {
        out.extend(dim.to_le_bytes());
    }
    let padding = 3;
    word(&mut out, padding);
    out.extend(vec![0; padding]);
    out.extend(data);
    out
}

/// A vocabulary of a few pieces, as SentencePiece writes them (`sentencepiece_model.proto`).
pub fn vocabulary(pieces: &[&str]) -> Vec<u8> {
    fn field(out: &mut Vec<u8>, number: u8, bytes: &[u8]) {
        out.extend([number << 3 | 2, u8::try_from(bytes.len()).unwrap()]);
        out.extend(bytes);
    }
    let mut out = Vec::new();
    let special = [("</s>", 3u8), ("<unk>", 2)];
    for (text, kind) in special.into_iter().chain(pieces.iter().map(|piece| (*piece, 1))) {
        let mut piece = Vec::new();
        field(&mut piece, 1, text.as_bytes());
        piece.extend([2 << 3 | 5, 0, 0, 0x80, 0xbf]); // score -1
        piece.extend([3 << 3, kind]);
        field(&mut out, 1, &piece);
    }
    out
}

/// A shortlist of `words` words with one translation each.
pub fn shortlist(words: u64) -> Vec<u8> {
    let mut content = Vec::new();
    for value in [2, 2, words + 1, words].into_iter().chain(0..=words) {
        content.extend(value.to_le_bytes());
    }
    (0..words as u32).for_each(|id| content.extend(id.to_le_bytes()));
    let sum = content.chunks_exact(8).fold(0u64, |sum, word| {
        let word = u64::from_le_bytes(word.try_into().unwrap());
        sum ^ word.wrapping_add(0x9e37_79b9).wrapping_add(sum << 6).wrapping_add(sum >> 2)
    });
    [0xF11A_48D5_0134_17F5u64.to_le_bytes(), sum.to_le_bytes()].concat().into_iter().chain(content).collect()
}

/// The files of a model as a publisher has them.
pub struct Published {
    pub model: Vec<u8>,
    pub vocabulary: Vec<u8>,
    pub shortlist: Vec<u8>,
}

impl Published {
    /// A toy whose model has about `len` bytes.
    pub fn toy(seed: u64, len: usize) -> Published {
        Published {
            model: model(seed, len),
            vocabulary: vocabulary(&["▁a", "b", "▁ab"]),
            shortlist: shortlist(5),
        }
    }
}

/// A registry in Mozilla's layout.
pub struct Site {
    pub server: Server,
    models: serde_json::Map<String, Value>,
}

/// Where a site's registry is.
pub const REGISTRY: &str = "/db/models.json";

impl Site {
    pub fn new() -> Site {
        Site { server: Server::start(), models: serde_json::Map::new() }
    }

    /// Offers a model as the released one of its pair.
    pub fn offer(&mut self, pair: &str, files: &Published) {
        self.offer_as(pair, "tiny", "Release", files);
    }

    pub fn offer_as(&mut self, pair: &str, architecture: &str, status: &str, files: &Published) {
        let path = |kind: &str| format!("models/{pair}/{architecture}/{kind}.gz");
        for (kind, bytes) in
            [("model", &files.model), ("vocab", &files.vocabulary), ("lex", &files.shortlist)]
        {
            self.server.put(&format!("/data/{}", path(kind)), gzip(bytes));
        }
        let entry = json!({
            "architecture": architecture,
            "releaseStatus": status,
            "files": {
                "model": {
                    "path": path("model"),
                    "uncompressedSize": files.model.len(),
                    "uncompressedHash": sha256(&files.model),
                },
                "lexicalShortlist": {"path": path("lex")},
                "vocab": {"path": path("vocab")},
            },
            "modelStatistics": {"parameters": 1000},
            "metrics": {"flores200-plus": {"bleu": 30.5, "chrf": 55.0}},
        });
        self.models.entry(pair).or_insert_with(|| json!([])).as_array_mut().unwrap().push(entry);
        self.publish();
    }

    /// Offers nothing for a pair any more.
    pub fn withdraw(&mut self, pair: &str) {
        self.models.remove(pair);
        self.publish();
    }

    fn publish(&self) {
        let registry = json!({
            "generated": "2026-11-01T00:00:00Z",
            "baseUrl": format!("{}/data", self.server.url),
            "models": self.models,
        });
        self.server.put(REGISTRY, registry.to_string());
    }

    /// Where the server has a file of a tiny model: `model`, `vocab` or `lex`.
    pub fn path(&self, pair: &str, kind: &str) -> String {
        format!("/data/models/{pair}/tiny/{kind}.gz")
    }

    /// The registry's address.
    pub fn url(&self) -> String {
        format!("{}{REGISTRY}", self.server.url)
    }
}
