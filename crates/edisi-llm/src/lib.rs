//! Runs small language models on the CPU: Gemma 3 in GGUF files, int8 arithmetic, many requests side by side.
//!
//! ```no_run
//! use edisi_llm::{Control, Generator, GeneratorOptions, Model, Request};
//!
//! let model = Model::load("model.gguf".as_ref())?;
//! let generator = Generator::new(&model, &GeneratorOptions::default())?;
//! let request = Request {
//!     prefix: "".into(),
//!     prompt: "Indonesian: Harga beras naik.\nEnglish:".into(),
//!     max_tokens: 64,
//!     beams: 1,
//!     mask: None,
//!     given: Vec::new(),
//! };
//! let done = generator.generate(&[request], &Control::default(), &mut |_, _| {});
//! println!("{}", done[0].text);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Rooms: [`Model`] (`model`, `config`, `weights`, `tokenizer`) is what the file holds, packed for `kernels`;
//! [`Generator`] (`generate`, `run`) keeps a batch of requests going, evaluates beginnings that requests have
//! in common once (`sharing`), keeps what was seen in pages (`kv`) and follows the most probable hypotheses
//! (`search`); `forward` is the network itself.
//!
//! Weights and activations are quantised in groups of 32 to int8 with a scale each (GGUF's Q8_0); sums are
//! exact integers within a group. A completion is the same bytes whatever the batch,
//! the number of threads or the instruction set.

mod config;
mod error;
mod forward;
mod generate;
mod given;
mod kernels;
mod kv;
mod model;
mod order;
mod pack;
mod run;
mod search;
mod sharing;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tokenizer;
mod weights;

pub use error::{GenerateError, ModelError};
pub use generate::{
    Alternative, Completion, Control, Finish, Generator, GeneratorOptions, Request, TokenScore,
};
pub use model::{Mask, Model};
