//! Any bytes as a GGUF file.
#![no_main]

use edisi_gguf::Gguf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(file) = Gguf::parse(data) else { return };
    let _ = file.metadata().str("general.architecture");
    for tensor in file.tensors() {
        let _ = file.tensor(tensor.name());
        let _ = tensor.dequantize();
    }
});
