//! A translation engine for tests: it marks what it was given, and misbehaves on request.

use std::sync::atomic::{AtomicUsize, Ordering};

use edisi_text::Lang;

use crate::translator::{
    Alternative, Batch, Control, Draft, EngineError, EngineId, Failure, FailureReason, FinishReason, Pair,
    Progress, Terms, Tier, TokenScore, Translator,
};

/// Turns `teks` into `[en] teks`, with the terms it is given in place. Segments with `GAGAL` fail, and those with `SULIT`
/// into any language but English, where those with `SALAH` lose their digits; with `PANJANG` and a comma they do so into
/// any language, and with `LUPA` unless they are given terms. There is a second hypothesis, better than the first, with
/// `RAGU`, where the first loses its digits, and with `TAMBAH`, where a number is added to it.
pub struct FakeEngine {
    id: EngineId,
    pairs: Vec<Pair>,
    /// Pairs better done through English.
    pub through_english: Vec<Pair>,
    /// What it does with terms; [`Terms::Placed`] if nothing else is said.
    pub terms: Terms,
    /// Segments translated so far.
    pub calls: AtomicUsize,
    /// Cancels itself after so many segments.
    pub patience: usize,
}

impl FakeEngine {
    /// An engine for these pairs; for all pairs when there are none.
    pub fn new(model: &str, tier: Tier, pairs: &[(Lang, Lang)]) -> FakeEngine {
        let id = EngineId {
            engine: "fake".into(),
            engine_version: "1".into(),
            model: model.into(),
            model_hash: format!("hash-of-{model}"),
            tier,
            licence: "CC0-1.0".into(),
            settings: String::new(),
        };
        let pairs = pairs.iter().map(|&(a, b)| Pair::new(a, b)).collect();
        FakeEngine {
            id,
            pairs,
            through_english: Vec::new(),
            terms: Terms::Placed,
            calls: AtomicUsize::new(0),
            patience: usize::MAX,
        }
    }
}

impl Translator for FakeEngine {
    fn id(&self) -> &EngineId {
        &self.id
    }

    fn supports(&self, pair: Pair) -> bool {
        self.pairs.is_empty() || self.pairs.contains(&pair)
    }

    fn better_through_english(&self, pair: Pair) -> bool {
        self.through_english.contains(&pair)
    }

    fn terms(&self) -> Terms {
        self.terms
    }

    fn translate(
        &self,
        batch: &Batch,
        control: &Control<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<Draft>, EngineError> {
        let mut drafts = Vec::new();
        for (index, item) in batch.items.iter().enumerate() {
            if control.is_cancelled() || index >= self.patience {
                return Err(EngineError::cancelled());
            }
            if control.is_past_deadline() {
                drafts.push(Draft::out_of_time());
                continue;
            }
            self.calls.fetch_add(1, Ordering::Relaxed);
            let text = item.with_terms();
            let mut draft = Draft::copied(format!("[{}] {text}", item.pair.target.code()));
            let foreign = item.pair.source == Lang::ID && item.pair.target != Lang::EN;
            let long = item.text.contains("PANJANG") && item.text.contains(',');
            let forgetful = item.text.contains("LUPA") && item.constraints.terms.is_empty();
            let torn = item.text.contains("RAGU");
            let adds = item.text.contains("TAMBAH");
            if torn || adds {
                draft.alternatives = vec![Alternative { text: draft.text.clone(), tokens: Vec::new() }];
            }
            if adds {
                draft.text.push_str(" 777");
            }
            if item.text.contains("SALAH") && foreign || long || forgetful || torn {
                draft.text.retain(|c| !c.is_ascii_digit());
            }
            draft.finish = FinishReason::Stop;
            draft.tokens = vec![TokenScore::new(-0.25, 1.0), TokenScore::new(-0.75, 0.5)];
            if item.text.contains("GAGAL") || item.text.contains("SULIT") && foreign {
                draft.failed =
                    Some(Failure { reason: FailureReason::Loop, message: "it repeats itself".into() });
            }
            progress(Progress::Done { index, draft: &draft });
            drafts.push(draft);
        }
        Ok(drafts)
    }
}
