//! The engine: texts in, translations out.

mod lanes;
#[cfg(test)]
mod tests;
mod typography;
mod unknown;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use edisi_text::Lang;

use crate::control::Control;
use crate::error::LoadError;
use crate::kernels::{self, Kernel};
use crate::model::{Bytes, Model};
use crate::network::{MAX_POSITIONS, Output, Positions, Space};
use crate::shortlist::Shortlist;
use crate::statistics::Statistics;
use crate::terms::Term;
use crate::translation::Translation;
use crate::vocabulary::Vocabulary;
use lanes::Worker;

/// The files of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// Marian's binary model, `.bin`.
    pub model: PathBuf,
    /// The vocabulary of the source, `.spm`.
    pub source_vocabulary: PathBuf,
    /// That of the target; often the same file.
    pub target_vocabulary: PathBuf,
    /// The lexical shortlist, `.bin`. Without one every token of the vocabulary is weighed at every step, which is
    /// several times slower.
    pub shortlist: Option<PathBuf>,
}

impl Files {
    /// Finds the files of the model in a folder by the names that publishers give them: `model*.bin`, `lex*.bin`,
    /// and one `*.spm`, or two of which one begins with `src` and the other with `trg`.
    ///
    /// # Errors
    /// When the folder cannot be read, or does not hold exactly one model.
    pub fn in_folder(folder: &Path) -> Result<Files, LoadError> {
        let io = |source| LoadError::Io { path: folder.to_owned(), source };
        let (mut models, mut lists, mut vocabularies) = (Vec::new(), Vec::new(), Vec::new());
        for entry in std::fs::read_dir(folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            match name.rsplit_once('.') {
                Some((stem, "bin")) if stem.starts_with("lex") => lists.push(path),
                Some((_, "bin")) => models.push(path),
                Some((_, "spm")) => vocabularies.push(path),
                _ => {}
            }
        }
        vocabularies.sort();
        let begins = |path: &Path, with: &str| {
            path.file_name().is_some_and(|n| n.to_string_lossy().to_lowercase().starts_with(with))
        };
        let (source_vocabulary, target_vocabulary) = match &vocabularies[..] {
            [one] => (one.clone(), one.clone()),
            [src, trg] if begins(src, "src") && begins(trg, "trg") => (src.clone(), trg.clone()),
            _ => {
                return Err(LoadError::Folder {
                    path: folder.to_owned(),
                    what: "vocabulary (.spm)",
                    found: vocabularies.len(),
                });
            }
        };
        if models.len() != 1 {
            return Err(LoadError::Folder {
                path: folder.to_owned(),
                what: "model (.bin)",
                found: models.len(),
            });
        }
        if lists.len() > 1 {
            return Err(LoadError::Folder {
                path: folder.to_owned(),
                what: "shortlist (lex*.bin)",
                found: lists.len(),
            });
        }
        Ok(Files { model: models.remove(0), source_vocabulary, target_vocabulary, shortlist: lists.pop() })
    }
}

/// How an engine works. What is here changes speed and limits; the words of a translation that stays within the
/// limits are always the same.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// Threads; the default is one for each processor.
    pub threads: usize,
    /// Sentences that a thread decodes side by side.
    pub lanes: usize,
    /// Source tokens that a thread encodes at a time, about.
    pub encode_tokens: usize,
    /// The source language: with it texts are cut into sentences, which is what the models are trained on, and put
    /// together again. Without it a text is taken to be a sentence.
    pub source: Option<Lang>,
    /// Longest sentence in tokens that is translated in one part, from 8 to 512; longer ones are cut at clauses
    /// or words.
    pub max_tokens: usize,
    /// A translation ends at this many times the source's tokens, and ten more.
    pub length_factor: f32,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            lanes: 32,
            encode_tokens: 192,
            source: None,
            max_tokens: 128,
            length_factor: 2.5,
        }
    }
}

/// A text and what must hold in its translation.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The text, usually a sentence.
    pub text: &'a str,
    /// Parts of it whose translation is given; they do not overlap.
    pub terms: &'a [Term],
}

/// What a sentence can be answered with.
enum Candidate {
    /// What the shortlist has for its tokens.
    Listed(Shortlist<Bytes>),
    /// Any token.
    All(Arc<Output>),
}

/// A model, ready to translate. Share one among threads: the weights exist once.
pub struct Engine {
    model: Model,
    kernel: Box<dyn Kernel>,
    positions: Positions,
    source: Arc<Vocabulary>,
    target: Arc<Vocabulary>,
    candidates: Candidate,
    options: Options,
    spaces: Mutex<Vec<Space>>,
    statistics: Mutex<Statistics>,
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Engine>();
};

impl Engine {
    /// Maps and packs a model.
    ///
    /// # Errors
    /// When a file cannot be read, is damaged, or does not belong to the others; when `EDISI_KERNEL` asks for
    /// instructions that the processor does not have.
    pub fn open(files: &Files, options: Options) -> Result<Engine, LoadError> {
        let kernel =
            kernels::choose().map_err(|(wanted, available)| LoadError::Kernel { wanted, available })?;
        let vocabulary = |path: &Path| -> Result<Arc<Vocabulary>, LoadError> {
            let read = Vocabulary::from_bytes(&Bytes::map(path)?);
            Ok(Arc::new(read.map_err(|source| LoadError::Vocabulary { path: path.to_owned(), source })?))
        };
        let source = vocabulary(&files.source_vocabulary)?;
        let same = files.source_vocabulary == files.target_vocabulary;
        let target = if same { source.clone() } else { vocabulary(&files.target_vocabulary)? };
        let model = Model::load(Bytes::map(&files.model)?, files.shortlist.is_some())
            .map_err(|source| LoadError::Model { path: files.model.clone(), source })?;
        let shortlist = match &files.shortlist {
            None => None,
            Some(path) => {
                let read = Shortlist::new(Bytes::map(path)?, source.len(), target.len(), model.config.shared);
                Some(read.map_err(|source| LoadError::Shortlist { path: path.to_owned(), source })?)
            }
        };
        Engine::assemble(model, kernel, (source, target), shortlist, options)
    }

    fn assemble(
        model: Model,
        kernel: Box<dyn Kernel>,
        (source, target): (Arc<Vocabulary>, Arc<Vocabulary>),
        shortlist: Option<Shortlist<Bytes>>,
        options: Options,
    ) -> Result<Engine, LoadError> {
        let sizes = [
            ("source", source.len(), model.config.source_vocabulary),
            ("target", target.len(), model.config.target_vocabulary),
        ];
        for (side, pieces, rows) in sizes {
            if pieces != rows {
                return Err(LoadError::Mismatch(format!(
                    "the {side} vocabulary has {pieces} pieces and the model {rows}"
                )));
            }
        }
        let candidates = match shortlist {
            Some(shortlist) => Candidate::Listed(shortlist),
            None => {
                let mut everything = Output::default();
                let all: Vec<u32> = (0..target.len() as u32).collect();
                everything.gather(&model, &all, target.unk());
                Candidate::All(Arc::new(everything))
            }
        };
        let options = Options {
            threads: options.threads.max(1),
            lanes: options.lanes.max(1),
            max_tokens: options.max_tokens.clamp(8, MAX_POSITIONS / 2),
            length_factor: options.length_factor.max(0.1),
            ..options
        };
        Ok(Engine {
            positions: Positions::new(model.config.dim),
            candidates,
            model,
            kernel,
            source,
            target,
            options,
            spaces: Mutex::new(Vec::new()),
            statistics: Mutex::new(Statistics::default()),
        })
    }

    /// Name of the instruction set in use.
    pub fn kernel(&self) -> &'static str {
        self.kernel.name()
    }

    /// The settings in use.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// What the engine did since it was opened.
    pub fn statistics(&self) -> Statistics {
        *self.statistics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Translates texts; the result has one translation for each, in order.
    ///
    /// A text is usually a sentence. All texts of a call are spread over the threads and decoded many at a time, so
    /// one call with the sentences of several articles is faster than one call for each. A translation does not
    /// depend on what else is translated, on the number of threads or on the processor.
    ///
    /// `done` hears of each as soon as it is finished, in any order, on the calling thread.
    pub fn translate(
        &self,
        texts: &[&str],
        control: &Control<'_>,
        done: &mut dyn FnMut(usize, &Translation),
    ) -> Vec<Translation> {
        let requests: Vec<Request<'_>> = texts.iter().map(|text| Request { text, terms: &[] }).collect();
        self.translate_with(&requests, control, done)
    }

    /// As [`translate`](Engine::translate), with terms that must stand in the translations.
    ///
    /// A term that cannot be put in is told in [`Translation::unmet`].
    pub fn translate_with(
        &self,
        texts: &[Request<'_>],
        control: &Control<'_>,
        done: &mut dyn FnMut(usize, &Translation),
    ) -> Vec<Translation> {
        let queue = Queue::new(texts, self.options.threads);
        let mut results: Vec<Option<Translation>> = vec![None; texts.len()];
        let mut take = |index: usize, translation: Translation| {
            done(index, &translation);
            results[index] = Some(translation);
        };
        let (sender, finished) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 1..queue.threads {
                let (sender, queue) = (sender.clone(), &queue);
                scope.spawn(move || {
                    // The receiver lives until all senders are gone.
                    self.work(texts, queue, control, &mut |index, t| drop(sender.send((index, t))));
                });
            }
            drop(sender);
            // This thread works too: one more would only take processor time from them.
            self.work(texts, &queue, control, &mut |index, translation| {
                take(index, translation);
                for (index, translation) in finished.try_iter() {
                    take(index, translation);
                }
            });
            for (index, translation) in &finished {
                take(index, translation);
            }
        });
        results.into_iter().map(|r| r.expect("every text is given back")).collect()
    }

    fn work(
        &self,
        texts: &[Request<'_>],
        queue: &Queue,
        control: &Control<'_>,
        done: &mut dyn FnMut(usize, Translation),
    ) {
        let space = self.spaces().pop().unwrap_or_else(Space::new);
        let mut worker = Worker::new(self, space);
        worker.run(texts, queue, control, done);
        let (space, statistics) = worker.finish();
        self.spaces().push(space);
        self.statistics.lock().unwrap_or_else(PoisonError::into_inner).add(&statistics);
    }

    fn spaces(&self) -> std::sync::MutexGuard<'_, Vec<Space>> {
        // A space is only scratch memory: whoever panicked left nothing behind that matters.
        self.spaces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The texts that no thread has taken yet: as they came, so that the first is done soon, but the last quarter longest
/// first. When the queue is empty what is still being decoded is then short, and no thread is alone for long.
struct Queue {
    order: Vec<usize>,
    next: AtomicUsize,
    threads: usize,
}

impl Queue {
    fn new(texts: &[Request<'_>], threads: usize) -> Queue {
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order[texts.len() / 4 * 3..].sort_by_key(|&text| std::cmp::Reverse(texts[text].text.len()));
        Queue { order, next: AtomicUsize::new(0), threads: threads.min(texts.len()) }
    }

    fn take(&self) -> Option<usize> {
        // Only the number matters, not what other memory looks like when it is taken.
        self.order.get(self.next.fetch_add(1, Ordering::Relaxed)).copied()
    }

    /// How many texts one thread may take at once, so that the others get their share.
    fn share(&self) -> usize {
        let left = self.order.len().saturating_sub(self.next.load(Ordering::Relaxed));
        left.div_ceil(self.threads.max(1)).max(1)
    }
}
