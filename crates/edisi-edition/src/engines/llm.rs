//! Small language models through `edisi-llm`.

use std::collections::HashMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use edisi_llm::{Completion, Finish, Generator, GeneratorOptions, Mask, Model, Request};
use edisi_models::{Manifest, Prompt};
use edisi_text::Lang;
use edisi_text::script::{Script, expected_scripts, script_of};

use super::files::{damaged, unchanged};
use super::prompt;
use crate::cache::hex;
use crate::clauses;
use crate::translator::{
    Alternative, Batch, Control, Draft, EngineError, EngineErrorKind, EngineId, Failure, FailureReason,
    FinishReason, Item, Pair, Progress, Terms, TokenScore, Translator,
};

/// Raised whenever the same model and prompt can give another draft than before.
const REVISION: u32 = 7;

/// A translation has at most `TOKENS_PER_TOKEN` times the tokens of its source, and `TOKENS_MORE`.
const TOKENS_PER_TOKEN: usize = 2;
const TOKENS_MORE: usize = 24;

/// Hypotheses followed for each segment. Measured on 300 lines of FLORES dev and NTREX kept from training, id→en, fr, zh,
/// ja, ar: with 3 beams chrF 55.2, 43.3, 16.4, 16.3, 30.6, with 4 beams 55.1, 43.7, 16.3, 16.5, 30.3 and a quarter fewer
/// tokens a second.
const BEAMS: usize = 3;

/// From how many words on a sentence is translated clause by clause: in one go a small model leaves parts of a long one
/// out. Measured with the built-in model on 300 lines each, BLEU / chrF whole → cut from 16 words on, from 24. From
/// Indonesian: zh 18.1 / 17.9 → 18.5 / 18.1, 18.4 / 18.1, ja 20.0 / 18.2 → 21.0 / 18.9, 20.5 / 18.5, fr 16.2 / 44.5 → 16.7 /
/// 44.9, 16.6 / 44.8, ar 6.7 / 32.5 → 6.2 / 33.1, 6.6 / 33.2, en 30.2 / 55.8 → 29.2 / 55.3, 29.9 / 55.8. From English: zh
/// 21.1 / 20.2 → 20.9 / 20.2, 21.2 / 20.4, ja 23.2 / 20.7 → 23.4 / 20.8, 23.3 / 20.7, fr 26.2 / 53.2 → 24.9 / 52.5, 26.0 /
/// 53.2, ar 6.9 / 33.1 → 6.8 / 33.9, 6.8 / 33.6. From 24, French: zh 16.7 / 16.5 → 16.8 / 16.7, ja 19.9 / 18.0 → 20.7 / 18.5,
/// id 16.8 / 47.3 → 16.5 / 47.2; Arabic: zh 11.5 / 11.9 → 11.9 / 12.2, id 10.3 / 40.6 → 10.0 / 40.8.
fn clause_words(pair: Pair) -> usize {
    match (pair.source.code(), pair.target.code()) {
        ("id", "zh" | "ja" | "fr") => 16,
        (_, "zh" | "ja" | "ar") => 24,
        _ => usize::MAX,
    }
}

/// How to run; nothing here changes what comes out.
#[derive(Debug, Clone)]
pub struct LlmOptions {
    /// Threads to compute with; 0 for one a core.
    pub threads: usize,
    /// Segments decoded side by side.
    pub max_batch: usize,
}

impl Default for LlmOptions {
    fn default() -> LlmOptions {
        LlmOptions { threads: 0, max_batch: 64 }
    }
}

/// An installed language model. Its file is read when the first segment comes.
pub struct LlmEngine {
    id: EngineId,
    manifest: Manifest,
    prompt: Prompt,
    path: PathBuf,
    options: LlmOptions,
    model: Mutex<Option<Arc<Loaded>>>,
}

/// A model and, per target language asked for so far, the pieces it may say.
struct Loaded {
    model: Model,
    masks: Mutex<HashMap<Lang, Mask>>,
}

impl Loaded {
    fn mask(&self, target: Lang) -> Mask {
        let mut masks = self.masks.lock().unwrap_or_else(PoisonError::into_inner);
        masks.entry(target).or_insert_with(|| self.model.mask(|piece| belongs(piece, target))).clone()
    }
}

/// Longest piece of lower-case Latin letters that may still be the rest of a name (`Metro`+`Rail`).
const REST_OF_A_NAME: usize = 4;

/// Whether a piece may be part of a text in `target`: what is in its scripts, digits and marks. Where those are
/// not Latin, names and abbreviations in Latin letters still are, but no lower-case words: they would be the
/// source's, left standing.
fn belongs(piece: &str, target: Lang) -> bool {
    let scripts = expected_scripts(target);
    let neutral = [Script::Common, Script::Inherited, Script::Latin];
    if !piece.chars().map(script_of).all(|s| neutral.contains(&s) || scripts.contains(&s)) {
        return false;
    }
    let latin = piece.chars().filter(|c| script_of(*c) == Script::Latin);
    let lower = latin.clone().filter(|c| c.is_lowercase()).count();
    scripts.contains(&Script::Latin)
        || lower == 0
        || latin.clone().any(char::is_uppercase)
        || (lower <= REST_OF_A_NAME && !piece.starts_with(' '))
}

/// The words of `item` that the search is to prefer. In a language with articles only those that an earlier draft lost:
/// the search, which sees one token at a time, prefers the word to the article before it (*in Middle East*). Measured with
/// those of `edisi_text::established` on 300 lines: id→en 30.3 / 55.9 without and 29.9 / 55.7 with, fr 16.3 / 44.5 and 16.1 /
/// 44.5.
fn given(item: &Item) -> Vec<String> {
    let mut words = item.constraints.lost.clone();
    if ![Lang::EN, Lang::FR, Lang::PT].contains(&item.pair.target) {
        words.extend(item.constraints.terms.iter().map(|term| term.target.clone()));
    }
    words
}

impl LlmEngine {
    /// The model that `manifest` describes, its weights in the file `path`.
    pub fn new(manifest: Manifest, path: PathBuf, options: LlmOptions) -> LlmEngine {
        // What is no language model fails when its file is read.
        let prompt = manifest.engine.prompt().unwrap_or(Prompt::Plain);
        let asked = match prompt {
            Prompt::FewShot => format!("few-shot-{}", &hex(&prompt::fingerprint())[..8]),
            _ => "plain".to_owned(),
        };
        let id = EngineId {
            engine: "edisi-llm".into(),
            engine_version: format!("{}-{REVISION}", env!("CARGO_PKG_VERSION")),
            model: manifest.name.clone(),
            model_hash: manifest.model_sha256().unwrap_or_default().to_owned(),
            tier: manifest.tier.into(),
            licence: manifest.licence.name.clone(),
            settings: format!(
                "{BEAMS} beams; long sentences clause by clause, as the pair needs; words of the target's scripts; prompt {asked}; at most {TOKENS_PER_TOKEN}n+{TOKENS_MORE} tokens"
            ),
        };
        LlmEngine { id, manifest, prompt, path, options, model: Mutex::default() }
    }

    /// The model, loaded and checked once.
    fn model(&self, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Arc<Loaded>, EngineError> {
        let mut slot = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = &*slot {
            return Ok(Arc::clone(model));
        }
        progress(Progress::Loading);
        unchanged(&self.manifest, std::iter::once(self.path.as_path()))?;
        let model =
            Model::load(&self.path).map_err(|e| damaged(&self.id.model, &e.to_string()).with_source(e))?;
        let model = Arc::new(Loaded { model, masks: Mutex::default() });
        progress(Progress::Loaded);
        *slot = Some(Arc::clone(&model));
        Ok(model)
    }

    /// What to ask the model, and which of it makes up each item.
    fn requests(&self, batch: &Batch, loaded: &Loaded) -> (Vec<Request>, Vec<Range<usize>>) {
        let mut prefixes: HashMap<Pair, Arc<str>> = HashMap::new();
        let (mut requests, mut parts) = (Vec::new(), Vec::new());
        for item in &batch.items {
            let prefix = prefixes.entry(item.pair).or_insert_with(|| match self.prompt {
                Prompt::FewShot => prompt::examples(item.pair),
                _ => "".into(),
            });
            let most = match self.prompt {
                Prompt::Plain => clause_words(item.pair),
                _ => usize::MAX,
            };
            let (text, given, first) = (item.with_terms(), given(item), requests.len());
            requests.extend(clauses::pieces(&text, most).into_iter().map(|piece| Request {
                prefix: Arc::clone(prefix),
                prompt: prompt::ask(item.pair, piece),
                max_tokens: TOKENS_PER_TOKEN * loaded.model.count_tokens(piece) + TOKENS_MORE,
                beams: BEAMS,
                mask: Some(loaded.mask(item.pair.target)),
                given: given.iter().filter(|word| piece.contains(word.as_str())).cloned().collect(),
            }));
            parts.push(first..requests.len());
        }
        (requests, parts)
    }
}

impl Translator for LlmEngine {
    fn id(&self) -> &EngineId {
        &self.id
    }

    fn supports(&self, pair: Pair) -> bool {
        self.manifest.coverage.covers(pair.source, pair.target)
    }

    fn better_through_english(&self, pair: Pair) -> bool {
        self.manifest.through_english.contains(&(pair.source, pair.target))
    }

    fn terms(&self) -> Terms {
        match self.prompt {
            Prompt::Plain => Terms::Read,
            // A model that only knows the task from examples has not learned to leave words as they are.
            _ => Terms::Unheard,
        }
    }

    fn translate(
        &self,
        batch: &Batch,
        control: &Control<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<Draft>, EngineError> {
        batch.check_supported(self)?;
        let loaded = self.model(progress)?;
        let (requests, parts) = self.requests(batch, &loaded);
        let options = GeneratorOptions { threads: self.options.threads, max_batch: self.options.max_batch };
        let generator = Generator::new(&loaded.model, &options)
            .map_err(|e| EngineError::new(EngineErrorKind::Internal, e.to_string()).with_source(e))?;
        let control = edisi_llm::Control { deadline: control.deadline, cancel: control.cancel };
        let (send, receive) = mpsc::channel();
        let whole = |index: usize, pieces: &[Draft]| clauses::joined(pieces, batch.items[index].pair.target);
        let mut done: Vec<Option<Draft>> = vec![None; requests.len()];
        let completions = std::thread::scope(|scope| {
            let work = scope.spawn(|| {
                let send = send;
                generator.generate(&requests, &control, &mut |request, completion| {
                    if completion.finish != Finish::Cancelled {
                        let _ = send.send((request, draft(completion)));
                    }
                })
            });
            for (request, draft) in receive {
                done[request] = Some(draft);
                let index = parts.partition_point(|part| part.end <= request);
                let pieces: Option<Vec<Draft>> = done[parts[index].clone()].iter().cloned().collect();
                if let Some(pieces) = pieces {
                    progress(Progress::Done { index, draft: &whole(index, &pieces) });
                }
            }
            work.join()
        });
        let completions = completions
            .map_err(|_| EngineError::new(EngineErrorKind::Internal, "the language model engine broke"))?;
        if completions.iter().any(|c| c.finish == Finish::Cancelled) {
            return Err(EngineError::cancelled());
        }
        let drafts: Vec<Draft> = completions.iter().map(draft).collect();
        Ok(parts.into_iter().enumerate().map(|(index, part)| whole(index, &drafts[part])).collect())
    }
}

fn draft(completion: &Completion) -> Draft {
    let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let scores = |tokens: &[edisi_llm::TokenScore]| {
        tokens.iter().map(|t| TokenScore::new(t.logprob, t.margin)).collect::<Vec<_>>()
    };
    let text = spaced(&completion.text);
    let fail = |reason, message: &str| Some(Failure { reason, message: message.to_owned() });
    let (finish, failed) = match completion.finish {
        Finish::Stop if text.is_empty() => {
            (FinishReason::Stop, fail(FailureReason::Empty, "the model said nothing"))
        }
        Finish::Stop => (FinishReason::Stop, None),
        Finish::Length => {
            let message = "the translation grew far longer than the sentence and was cut off";
            (FinishReason::Length, fail(FailureReason::Length, message))
        }
        Finish::Loop => {
            (FinishReason::Loop, fail(FailureReason::Loop, "the model repeated itself without end"))
        }
        Finish::TooLong => (
            FinishReason::Length,
            fail(FailureReason::TooLong, "the sentence is longer than the model can take in"),
        ),
        Finish::Deadline | Finish::Cancelled => return Draft::out_of_time(),
    };
    let alternative =
        |a: &edisi_llm::Alternative| Alternative { text: spaced(&a.text), tokens: scores(&a.tokens) };
    let alternatives =
        completion.alternatives.iter().map(alternative).filter(|a| !a.text.is_empty()).collect();
    Draft { tokens: scores(&completion.tokens), finish, failed, alternatives, ..Draft::copied(text) }
}

#[cfg(test)]
mod tests;
