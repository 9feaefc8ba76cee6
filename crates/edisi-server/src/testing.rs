//! An engine that knows a few sentences by heart, for tests of everything around the engine.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::time::Duration;

use edisi_edition::translator::{
    Batch, Control, Draft, EngineError, EngineId, FinishReason, Progress, TokenScore,
};
use edisi_edition::{Pair, Tier, Translator};

const PHRASES: &str = include_str!("../rehearsal/phrases.tsv");

/// What it does not know it gives back with the language in front. Each sentence takes so long, and is written into the
/// log before it is handed over.
#[derive(Debug)]
pub struct Parrot {
    id: EngineId,
    phrases: HashMap<(&'static str, &'static str), &'static str>,
    delay: Duration,
    log: Option<File>,
}

impl Parrot {
    /// A parrot that takes `delay` for each sentence.
    pub fn new(delay: Duration, log: Option<File>) -> Parrot {
        let mut lines = PHRASES.lines();
        let langs: Vec<&str> = lines.next().unwrap_or_default().split('\t').skip(1).collect();
        let mut phrases = HashMap::new();
        for line in lines {
            let mut cells = line.split('\t');
            let source = cells.next().unwrap_or_default();
            phrases.extend(langs.iter().zip(cells).map(|(lang, text)| ((source, *lang), text)));
        }
        let id = EngineId {
            engine: "rehearsal".into(),
            engine_version: "1".into(),
            model: "rehearsal".into(),
            model_hash: "rehearsal".into(),
            tier: Tier::Production,
            licence: "CC0-1.0".into(),
            settings: String::new(),
        };
        Parrot { id, phrases, delay, log }
    }

    fn draft(&self, text: &str, pair: Pair) -> Draft {
        let code = pair.target.code();
        let known = self.phrases.get(&(text, code)).map(|t| (*t).to_owned());
        let mut draft = Draft::copied(known.unwrap_or_else(|| format!("[{code}] {text}")));
        draft.finish = FinishReason::Stop;
        // Something for the desk to shade by: longer sentences are less sure.
        let sure = -(text.len() as f32) / 300.0;
        draft.tokens = vec![TokenScore::new(sure, 1.0), TokenScore::new(2.0 * sure, 0.5)];
        draft
    }
}

impl Translator for Parrot {
    fn id(&self) -> &EngineId {
        &self.id
    }

    fn supports(&self, _pair: Pair) -> bool {
        true
    }

    fn translate(
        &self,
        batch: &Batch,
        control: &Control<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<Draft>, EngineError> {
        let mut drafts = Vec::with_capacity(batch.items.len());
        for (index, item) in batch.items.iter().enumerate() {
            if control.is_cancelled() {
                return Err(EngineError::cancelled());
            }
            std::thread::sleep(self.delay);
            let draft = self.draft(&item.text, item.pair);
            if let Some(mut log) = self.log.as_ref() {
                writeln!(log, "{}\t{}", item.pair, item.text).expect("the log can be written");
            }
            progress(Progress::Done { index, draft: &draft });
            drafts.push(draft);
        }
        Ok(drafts)
    }
}
