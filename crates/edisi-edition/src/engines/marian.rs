//! Firefox-class models through `edisi-nmt`.

use std::sync::{Arc, Mutex, PoisonError};

use edisi_article::Span;
use edisi_models::{Coverage, Installed, MarianFiles};
use edisi_nmt::{Engine, Files, Finish, LoadError, Options, Request, Term, Translation};

use super::files::unchanged;
use crate::translator::{
    Alignment, Batch, Control, Draft, EngineError, EngineErrorKind, EngineId, Failure, FailureReason,
    FinishReason, Item, Pair, Progress, Terms, TokenScore, Translator, WordScore,
};

/// Raised whenever the same model can give another draft than before.
const REVISION: u32 = 2;

/// An installed Marian model. Its files are read when the first segment comes.
pub struct MarianEngine {
    id: EngineId,
    installed: Installed,
    files: MarianFiles,
    threads: usize,
    engine: Mutex<Option<Arc<Engine>>>,
}

impl MarianEngine {
    /// The engine for an installed model, computing on `threads` threads (0 for one a core); `None` when it is no
    /// Marian model.
    pub fn new(installed: Installed, threads: usize) -> Option<MarianEngine> {
        let files = installed.marian()?;
        let manifest = &installed.manifest;
        let id = EngineId {
            engine: "edisi-nmt".into(),
            engine_version: format!("{}-{REVISION}", env!("CARGO_PKG_VERSION")),
            model: manifest.name.clone(),
            model_hash: manifest.fingerprint(),
            tier: manifest.tier.into(),
            licence: manifest.licence.name.clone(),
            settings: "greedy".into(),
        };
        Some(MarianEngine { id, installed, files, threads, engine: Mutex::default() })
    }

    /// The engine, loaded and checked once.
    fn engine(&self, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Arc<Engine>, EngineError> {
        let mut slot = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = &*slot {
            return Ok(Arc::clone(engine));
        }
        progress(Progress::Loading);
        let MarianFiles { model, source_vocabulary, target_vocabulary, shortlist } = &self.files;
        let mut paths = vec![model, source_vocabulary];
        paths.extend((target_vocabulary != source_vocabulary).then_some(target_vocabulary));
        paths.extend(shortlist);
        unchanged(&self.installed.manifest, paths.into_iter().map(|p| p.as_path()))?;
        let mut options = Options::default();
        if self.threads > 0 {
            options.threads = self.threads;
        }
        if let Coverage::Pairs(pairs) = &self.installed.manifest.coverage {
            options.source = pairs.first().map(|(source, _)| *source);
        }
        let files = Files {
            model: model.clone(),
            source_vocabulary: source_vocabulary.clone(),
            target_vocabulary: target_vocabulary.clone(),
            shortlist: shortlist.clone(),
        };
        let engine = Engine::open(&files, options).map_err(|e| match e {
            LoadError::Kernel { .. } => {
                EngineError::new(EngineErrorKind::Internal, e.to_string()).with_source(e)
            }
            e => super::files::damaged(&self.id.model, &e.to_string()).with_source(e),
        })?;
        let engine = Arc::new(engine);
        progress(Progress::Loaded);
        *slot = Some(Arc::clone(&engine));
        Ok(engine)
    }
}

impl Translator for MarianEngine {
    fn id(&self) -> &EngineId {
        &self.id
    }

    fn supports(&self, pair: Pair) -> bool {
        self.installed.manifest.coverage.covers(pair.source, pair.target)
    }

    fn terms(&self) -> Terms {
        Terms::Placed
    }

    fn translate(
        &self,
        batch: &Batch,
        control: &Control<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<Draft>, EngineError> {
        batch.check_supported(self)?;
        let engine = self.engine(progress)?;
        let terms: Vec<Vec<Term>> = batch.items.iter().map(terms).collect();
        let requests: Vec<Request<'_>> =
            batch.items.iter().zip(&terms).map(|(item, terms)| Request { text: &item.text, terms }).collect();
        let control = edisi_nmt::Control { deadline: control.deadline, cancel: control.cancel };
        let mut drafts: Vec<Option<Draft>> = vec![None; requests.len()];
        let translations = engine.translate_with(&requests, &control, &mut |index, translation| {
            if translation.finish != Finish::Cancelled {
                let made = draft(requests[index].text, translation);
                progress(Progress::Done { index, draft: &made });
                drafts[index] = Some(made);
            }
        });
        if translations.iter().any(|t| t.finish == Finish::Cancelled) {
            return Err(EngineError::cancelled());
        }
        Ok(drafts.into_iter().map(|d| d.expect("all are done but cancelled ones")).collect())
    }
}

/// The terms of an item as the engine takes them.
fn terms(item: &Item) -> Vec<Term> {
    let wanted = item.constraints.terms.iter();
    wanted.map(|t| Term { source: t.source.start..t.source.end, target: t.target.clone() }).collect()
}

fn draft(source: &str, translation: &Translation) -> Draft {
    let fail = |reason, message: &str| Some(Failure { reason, message: message.to_owned() });
    let (finish, failed) = match translation.finish {
        Finish::Stop if translation.text.trim().is_empty() => {
            (FinishReason::Stop, fail(FailureReason::Empty, "the model said nothing"))
        }
        Finish::Stop => (FinishReason::Stop, None),
        Finish::Length => {
            let message = "the translation grew far longer than the sentence and was cut off";
            (FinishReason::Length, fail(FailureReason::Length, message))
        }
        _ => return Draft::out_of_time(),
    };
    let span = |range: std::ops::Range<usize>| Span { start: range.start, end: range.end };
    Draft {
        tokens: translation.tokens.iter().map(|t| TokenScore::new(t.logprob, t.margin)).collect(),
        words: Some(
            translation
                .words()
                .into_iter()
                .map(|w| WordScore { target: span(w.span), logprob: w.logprob })
                .collect(),
        ),
        alignment: Some(
            translation
                .alignment(source)
                .into_iter()
                .map(|l| Alignment { target: span(l.target), source: span(l.source), weight: l.weight })
                .collect(),
        ),
        finish,
        failed,
        ..Draft::copied(translation.text.clone())
    }
}
