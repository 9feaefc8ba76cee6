//! Small synthetic models for tests.

/// Sizes of a synthetic model.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// Pieces of the one vocabulary that both languages share.
    pub vocabulary: usize,
    /// Width; a multiple of 64, and of 16 for each head.
    pub dim: usize,
    /// Width of the feed-forward layers; a multiple of 64.
    pub ffn: usize,
    /// Attention heads.
    pub heads: usize,
    /// Encoder and decoder layers.
    pub layers: (usize, usize),
}

impl Sizes {
    /// The smallest model that has all parts.
    pub fn tiny(vocabulary: usize) -> Sizes {
        Sizes { vocabulary, dim: 64, ffn: 128, heads: 4, layers: (2, 2) }
    }
}

/// A model with random weights: it says nonsense, always the same for the same seed.
pub fn model(sizes: Sizes, seed: u64) -> Vec<u8> {
    let Sizes { vocabulary, dim, ffn, heads, layers } = sizes;
    let mut writer = FileWriter::default();
    let mut random = Random(seed | 1);
    let yaml = format!(
        "dec-cell: ssru\ndec-depth: {}\ndim-emb: {dim}\nenc-depth: {}\ntransformer-decoder-autoreg: rnn\n\
         transformer-dim-ffn: {ffn}\ntransformer-ffn-activation: relu\ntransformer-ffn-depth: 2\n\
         transformer-heads: {heads}\ntransformer-postprocess: dan\ntransformer-preprocess: \"\"\ntype: transformer\n\0",
        layers.1, layers.0
    );
    writer.bytes("special:model.yml", yaml.as_bytes());
    let mut matrix = |writer: &mut FileWriter, name: &str, rows: usize, columns: usize| {
        let values: Vec<i8> = (0..rows * columns).map(|_| random.weight()).collect();
        writer.quantised(name, &[rows as i32, columns as i32], &values, 127.0 * (dim as f32).sqrt() / 4.0);
        writer.floats(&format!("{name}_QuantMultA"), &[1, 1], &[40.0]);
    };
    matrix(&mut writer, "Wemb", vocabulary, dim);
    for layer in 1..=layers.0 {
        for part in ["q", "k", "v", "o"] {
            matrix(&mut writer, &format!("encoder_l{layer}_self_W{part}"), dim, dim);
        }
        matrix(&mut writer, &format!("encoder_l{layer}_ffn_W1"), dim, ffn);
        matrix(&mut writer, &format!("encoder_l{layer}_ffn_W2"), ffn, dim);
    }
    for layer in 1..=layers.1 {
        for part in ["rnn_W", "rnn_Wf", "context_Wq", "context_Wk", "context_Wv", "context_Wo"] {
            matrix(&mut writer, &format!("decoder_l{layer}_{part}"), dim, dim);
        }
        matrix(&mut writer, &format!("decoder_l{layer}_ffn_W1"), dim, ffn);
        matrix(&mut writer, &format!("decoder_l{layer}_ffn_W2"), ffn, dim);
    }
    let mut random = Random(seed.wrapping_mul(3) | 1);
    let mut vector = |writer: &mut FileWriter, name: &str, len: usize, centre: f32| {
        let values: Vec<f32> = (0..len).map(|_| centre + f32::from(random.weight()) / 1270.0).collect();
        writer.floats(name, &[1, len as i32], &values);
    };
    vector(&mut writer, "decoder_ff_logit_out_b", vocabulary, 0.0);
    let mut sublayer = |writer: &mut FileWriter, name: &str, biases: &[(&str, usize)], norm: &str| {
        for (bias, len) in biases {
            vector(writer, &format!("{name}_{bias}"), *len, 0.0);
        }
        vector(writer, &format!("{name}_{norm}_ln_scale"), dim, 1.0);
        vector(writer, &format!("{name}_{norm}_ln_bias"), dim, 0.0);
    };
    let attention = [("bq", dim), ("bk", dim), ("bv", dim), ("bo", dim)];
    for layer in 1..=layers.0 {
        sublayer(&mut writer, &format!("encoder_l{layer}_self"), &attention, "Wo");
        sublayer(&mut writer, &format!("encoder_l{layer}_ffn"), &[("b1", ffn), ("b2", dim)], "ffn");
    }
    for layer in 1..=layers.1 {
        sublayer(&mut writer, &format!("decoder_l{layer}_rnn"), &[("bf", dim)], "ffn");
        sublayer(&mut writer, &format!("decoder_l{layer}_context"), &attention, "Wo");
        sublayer(&mut writer, &format!("decoder_l{layer}_ffn"), &[("b1", ffn), ("b2", dim)], "ffn");
    }
    writer.finish()
}

/// Xorshift: the same numbers in every run.
struct Random(u64);

impl Random {
    /// From −127 to 127.
    fn weight(&mut self) -> i8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (((self.0 >> 33) % 255) as i32 - 127) as i8
    }
}

/// Writes Marian's binary model format.
#[derive(Default)]
pub struct FileWriter {
    tensors: Vec<(String, u64, Vec<i32>, Vec<u8>)>,
}

impl FileWriter {
    /// Adds a float tensor.
    pub fn floats(&mut self, name: &str, shape: &[i32], values: &[f32]) {
        let data = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.push(name, 0x0404, shape, data);
    }

    /// Adds an int8 tensor with its multiplier.
    pub fn quantised(&mut self, name: &str, shape: &[i32], values: &[i8], multiplier: f32) {
        let mut data: Vec<u8> = values.iter().map(|&v| v as u8).collect();
        data.extend(multiplier.to_le_bytes());
        self.push(name, 0x4101, shape, data);
    }

    /// Adds plain bytes.
    pub fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.push(name, 0x0101, &[bytes.len() as i32], bytes.to_vec());
    }

    fn push(&mut self, name: &str, kind: u64, shape: &[i32], mut data: Vec<u8>) {
        data.resize(data.len().next_multiple_of(256), 0);
        self.tensors.push((name.to_owned(), kind, shape.to_vec(), data));
    }

    /// The file.
    pub fn finish(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(1u64.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        for (name, kind, shape, data) in &self.tensors {
            for field in [name.len() as u64 + 1, *kind, shape.len() as u64, data.len() as u64] {
                out.extend(field.to_le_bytes());
            }
        }
        for (name, ..) in &self.tensors {
            out.extend(name.as_bytes());
            out.push(0);
        }
        for (_, _, shape, _) in &self.tensors {
            out.extend(shape.iter().flat_map(|d| d.to_le_bytes()));
        }
        let start = ((out.len() + 8) / 256 + 1) * 256;
        let padding = start - out.len() - 8;
        out.extend((padding as u64).to_le_bytes());
        out.resize(start, 0);
        for (_, _, _, data) in &self.tensors {
            out.extend(data);
        }
        out
    }
}
