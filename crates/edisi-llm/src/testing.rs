//! A tiny model with random weights, for tests that run the whole path.

use std::path::Path;

use edisi_gguf::{Array, TensorType, Value, Writer};

/// Gives `tokenizer.ggml.*` for a vocabulary of control pieces, bytes, ASCII letters and `extra`.
#[cfg(test)]
pub(crate) fn vocabulary(extra: &[&str]) -> edisi_gguf::Metadata {
    let mut writer = Writer::new();
    write_vocabulary(&mut writer, extra);
    edisi_gguf::Gguf::parse(writer.to_vec()).expect("a file just written").metadata().clone()
}

fn write_vocabulary(writer: &mut Writer, extra: &[&str]) -> usize {
    let mut pieces: Vec<(String, f32, i32)> =
        ["<pad>", "<eos>", "<bos>", "<unk>"].map(|p| (p.to_owned(), -1000.0, 3)).to_vec();
    pieces.push(("\n".into(), -1000.0, 4));
    pieces.extend((0..=255).map(|b| (format!("<0x{b:02X}>"), 0.0, 6)));
    // Merges count from -1 down, single characters come last.
    pieces.extend(extra.iter().enumerate().map(|(i, p)| (p.replace(' ', "\u{2581}"), -(i as f32) - 1.0, 1)));
    let single = (' '..='~').map(|c| c.to_string().replace(' ', "\u{2581}"));
    for piece in single {
        if !pieces.iter().any(|(p, ..)| *p == piece) {
            let score = -1e4 - pieces.len() as f32;
            pieces.push((piece, score, 1));
        }
    }
    let count = pieces.len();
    writer.metadata("tokenizer.ggml.model", Value::Str("llama".into()));
    let texts = pieces.iter().map(|p| p.0.clone()).collect();
    writer.metadata("tokenizer.ggml.tokens", Value::Array(Array::Str(texts)));
    writer.metadata("tokenizer.ggml.scores", Value::Array(Array::F32(pieces.iter().map(|p| p.1).collect())));
    writer.metadata(
        "tokenizer.ggml.token_type",
        Value::Array(Array::I32(pieces.iter().map(|p| p.2).collect())),
    );
    for (key, id) in [("padding", 0), ("eos", 1), ("bos", 2), ("unknown", 3)] {
        writer.metadata(&format!("tokenizer.ggml.{key}_token_id"), Value::U32(id));
    }
    count
}

/// Writes a GGUF file of the `gemma3` architecture with random weights: seven layers, so that one of them is
/// global, 64 wide. What it says is nonsense, the same nonsense every time.
///
/// # Errors
/// The file cannot be written.
pub fn tiny_model(path: &Path) -> std::io::Result<()> {
    let (dim, ffn, heads, head_dim, layers) = (64, 96, 2, 32, 7);
    let mut writer = Writer::new();
    writer.metadata("general.architecture", Value::Str("gemma3".into()));
    for (key, value) in [
        ("embedding_length", dim),
        ("block_count", layers),
        ("feed_forward_length", ffn),
        ("attention.head_count", heads),
        ("attention.head_count_kv", 1),
        ("attention.key_length", head_dim),
        ("attention.value_length", head_dim),
        ("attention.sliding_window", 24),
    ] {
        writer.metadata(&format!("gemma3.{key}"), Value::U32(value as u32));
    }
    writer.metadata("gemma3.attention.layer_norm_rms_epsilon", Value::F32(1e-6));
    writer.metadata("gemma3.rope.freq_base", Value::F32(1e6));
    let vocabulary = write_vocabulary(&mut writer, &[" a", "an", " the"]);

    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut random = move || {
        // xorshift64*, Marsaglia 2003
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40) as f32 / (1u64 << 24) as f32 - 0.5
    };
    let mut tensor = |name: String, dims: &[usize], offset: f32| {
        let values: Vec<f32> = (0..dims.iter().product()).map(|_| random() + offset).collect();
        let (ty, bytes) = if dims.len() == 1 {
            (TensorType::F32, edisi_gguf::to_f32_bytes(&values))
        } else {
            (TensorType::Q8_0, edisi_gguf::quantize_q8_0(&values))
        };
        writer.tensor(&name, dims, ty, bytes).map_err(std::io::Error::other)
    };
    tensor("token_embd.weight".into(), &[dim, vocabulary], 0.0)?;
    tensor("output_norm.weight".into(), &[dim], 1.0)?;
    for i in 0..layers {
        for (name, dims, offset) in [
            ("attn_norm", &[dim][..], 1.0),
            ("attn_q", &[dim, heads * head_dim], 0.0),
            ("attn_k", &[dim, head_dim], 0.0),
            ("attn_v", &[dim, head_dim], 0.0),
            ("attn_q_norm", &[head_dim], 1.0),
            ("attn_k_norm", &[head_dim], 1.0),
            ("attn_output", &[heads * head_dim, dim], 0.0),
            ("post_attention_norm", &[dim], 1.0),
            ("ffn_norm", &[dim], 1.0),
            ("ffn_gate", &[dim, ffn], 0.0),
            ("ffn_up", &[dim, ffn], 0.0),
            ("ffn_down", &[ffn, dim], 0.0),
            ("post_ffw_norm", &[dim], 1.0),
        ] {
            tensor(format!("blk.{i}.{name}.weight"), dims, offset)?;
        }
    }
    std::fs::write(path, writer.to_vec())
}
