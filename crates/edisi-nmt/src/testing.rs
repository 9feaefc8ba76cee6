//! Small synthetic models for tests.

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
