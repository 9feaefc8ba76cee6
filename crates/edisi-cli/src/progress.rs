//! Progress on standard error: bars on a terminal, lines elsewhere, JSON lines, or nothing.

use std::io::{IsTerminal, Write, stderr};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use edisi_edition::Event;
use edisi_edition::publish::file_stem;
use edisi_models::{Licence, Step};
use edisi_text::Lang;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::interrupt;

/// How often a line is printed where there are no bars.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// One line on standard error. Nobody is left to tell when it is closed.
pub fn say(line: &str) {
    let _ = writeln!(stderr(), "{line}");
}

/// Something the user should know that stops nothing.
pub fn warn(message: &str) {
    say(&format!("edisi: warning: {message}"));
}

/// Whether to use colour and bars on standard error.
pub fn fancy() -> bool {
    stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
}

/// Progress of one article.
pub enum Progress {
    Quiet,
    Json,
    Lines(Lines),
    Bars(Bars),
}

impl Progress {
    pub fn new(quiet: bool, json: bool, title: &str) -> Progress {
        if quiet {
            Progress::Quiet
        } else if json {
            Progress::Json
        } else if fancy() {
            say(title);
            Progress::Bars(Bars {
                all: MultiProgress::with_draw_target(ProgressDrawTarget::stderr()),
                bars: Vec::new(),
            })
        } else {
            say(title);
            Progress::Lines(Lines::default())
        }
    }

    pub fn event(&mut self, event: Event<'_>) {
        match self {
            Progress::Quiet => {}
            Progress::Json => json_event(event),
            Progress::Lines(lines) => lines.event(event),
            Progress::Bars(bars) => bars.event(event),
        }
    }

    /// Takes the bars away.
    pub fn finish(&mut self) {
        if let Progress::Bars(bars) = self {
            bars.bars.iter().for_each(|(_, bar)| bar.finish_and_clear());
        }
    }
}

fn json_event(event: Event<'_>) {
    let line = match event {
        Event::Planned { lang, steps } => json!({"event": "planned", "lang": lang, "steps": steps}),
        Event::Loading { model } => json!({"event": "loading", "model": model}),
        Event::Loaded { model } => json!({"event": "loaded", "model": model}),
        Event::Step { lang, done, steps } => {
            json!({"event": "step", "lang": lang, "done": done, "steps": steps})
        }
        _ => return,
    };
    say(&line.to_string());
}

/// A line now and then: every ten seconds, and for each edition that is done.
#[derive(Default)]
pub struct Lines {
    editions: Vec<(Lang, usize, usize)>,
    started: Option<Instant>,
    /// Steps that were done when the model was ready: the cache's.
    before: usize,
    spoke: Option<Instant>,
}

impl Lines {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Planned { lang, steps } => self.editions.push((lang, 0, steps)),
            Event::Loading { model } => say(&format!("  loading {model}")),
            Event::Loaded { .. } => {
                self.started = Some(Instant::now());
                self.spoke = self.started;
                self.before = self.done();
            }
            Event::Step { lang, done, steps } => {
                if let Some(edition) = self.editions.iter_mut().find(|e| e.0 == lang) {
                    edition.1 = done;
                }
                if done == steps {
                    say(&format!("  {} {done}/{steps} done", file_stem(lang)));
                } else if self.spoke.is_some_and(|t| t.elapsed() >= LINE_EVERY) {
                    self.spoke = Some(Instant::now());
                    say(&self.line());
                }
            }
            _ => {}
        }
    }

    fn done(&self) -> usize {
        self.editions.iter().map(|e| e.1).sum()
    }

    fn line(&self) -> String {
        let counts: Vec<String> = self
            .editions
            .iter()
            .map(|(lang, done, steps)| format!("{} {done}/{steps}", file_stem(*lang)))
            .collect();
        let total: usize = self.editions.iter().map(|e| e.2).sum();
        let (done, spent) =
            (self.done() - self.before, self.started.map_or(0.0, |s| s.elapsed().as_secs_f64()));
        let left = spent / done.max(1) as f64 * (total - self.done()) as f64;
        format!("  {}; about {left:.0} s left", counts.join(", "))
    }
}

/// A bar an edition.
pub struct Bars {
    all: MultiProgress,
    bars: Vec<(Lang, ProgressBar)>,
}

impl Bars {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Planned { lang, steps } => {
                let style =
                    ProgressStyle::with_template("  {prefix:4} {bar:30} {pos:>4}/{len} {eta:>4} left {msg}");
                let bar = self.all.add(ProgressBar::new(steps as u64).with_prefix(file_stem(lang)));
                bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
                bar.tick();
                self.bars.push((lang, bar));
            }
            Event::Loading { model } => self.message(&format!("loading {model}")),
            Event::Loaded { .. } => {
                self.message("");
                self.bars.iter().for_each(|(_, bar)| bar.reset_eta());
            }
            Event::Step { lang, done, .. } => {
                if let Some((_, bar)) = self.bars.iter().find(|(l, _)| *l == lang) {
                    bar.set_position(done as u64);
                }
            }
            _ => {}
        }
    }

    fn message(&self, text: &str) {
        if let Some((_, bar)) = self.bars.first() {
            bar.set_message(text.to_owned());
        }
    }
}

/// Progress of an installation.
pub struct Installing {
    quiet: bool,
    bar: Option<ProgressBar>,
    step: Option<Step>,
    /// Which model, of how many.
    title: String,
    /// The licence that was shown last.
    licence: Option<Licence>,
    began: Instant,
    spoke: Instant,
}

impl Installing {
    pub fn new(quiet: bool) -> Installing {
        let now = Instant::now();
        Installing {
            quiet,
            bar: None,
            step: None,
            title: String::new(),
            licence: None,
            began: now,
            spoke: now,
        }
    }

    /// What is installed from now on, and as which of how many.
    pub fn model(&mut self, name: &str, of: Option<(usize, usize)>) {
        self.finish();
        self.step = None;
        self.title = match of {
            Some((at, all)) => format!("{at}/{all} {name} "),
            None => format!("{name} "),
        };
    }

    fn begin(&mut self, step: Step, total: u64) {
        self.finish();
        self.step = Some(step);
        (self.began, self.spoke) = (Instant::now(), Instant::now());
        let title = format!("{}{}", self.title, what(step));
        if !fancy() {
            return say(&format!("  {title}"));
        }
        let template = match step {
            Step::Merge => "  {prefix:24} {bar:30} {pos}/{len} {eta:>4} left",
            Step::Download => "  {prefix:24} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta:>4} left",
            _ => "  {prefix:24} {bar:30} {bytes}/{total_bytes} {eta:>4} left",
        };
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()).with_prefix(title);
        bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        self.bar = Some(bar);
    }

    /// A line now and then where there is no bar.
    fn line(&mut self, done: u64, total: u64) {
        if self.spoke.elapsed() < LINE_EVERY || done == 0 {
            return;
        }
        self.spoke = Instant::now();
        let left = self.began.elapsed().as_secs_f64() * total.saturating_sub(done) as f64 / done as f64;
        let share = 100 * done / total.max(1);
        say(&format!("  {}{share} %; about {left:.0} s left", self.title));
    }

    /// Takes the bar away.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl edisi_models::Progress for Installing {
    fn licence(&mut self, model: &str, licence: &Licence) {
        if self.quiet || self.licence.replace(licence.clone()).as_ref() == Some(licence) {
            return;
        }
        say(&format!("{model}: licence {} ({})", licence.name, licence.url));
        if let Some(notice) = &licence.notice {
            say(notice);
        }
    }

    fn notice(&mut self, text: &str) {
        if !self.quiet {
            match &self.bar {
                Some(bar) => bar.suspend(|| say(text)),
                None => say(text),
            }
        }
    }

    fn advance(&mut self, step: Step, done: u64, total: u64) {
        if self.quiet {
            return;
        }
        if self.step != Some(step) {
            self.begin(step, total);
        }
        if let Some(bar) = &self.bar {
            bar.set_length(total.max(done));
            bar.set_position(done);
        } else {
            self.line(done, total);
        }
    }

    fn cancelled(&mut self) -> bool {
        interrupt::flag().load(Ordering::Relaxed)
    }
}

fn what(step: Step) -> &'static str {
    match step {
        Step::Download => "downloading",
        Step::Join => "joining",
        Step::Merge => "merging",
        Step::Verify => "checking",
        Step::Unpack => "unpacking",
        _ => "working",
    }
}
