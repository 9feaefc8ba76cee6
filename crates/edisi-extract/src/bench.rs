//! The measure of the article-extraction benchmark of Zyte (scrapinghub/article-extraction-benchmark).
//!
//! Tokens are `\w+`. A page's text and its ground truth are compared as multisets of runs of four tokens;
//! precision and recall are averaged over pages; F1 is taken of the two averages. As in the benchmark's own
//! script, a text of fewer than four tokens is one short run, precision is averaged over the pages with any
//! predicted text, and recall over the pages with any true text.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use regex::Regex;
use serde::{Deserialize, Serialize};

/// A page is read up to this size, decompressed.
const MAX_PAGE: u64 = 64 << 20;

/// Why a benchmark could not be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// A file cannot be read or written.
    #[error("{path}: {source}; the folder needs html/*.html.gz (or *.html) and ground-truth.json")]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// A file is not the JSON it should be.
    #[error("{path}: {source}; expected an object of page names to {{\"articleBody\": text}}")]
    Json {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: serde_json::Error,
    },
    /// The ground truth names no page.
    #[error("{0}: names no page; nothing to measure")]
    Empty(PathBuf),
}

/// One page's result.
#[derive(Debug, Clone, PartialEq)]
pub struct PageScore {
    /// The page's name in the ground truth.
    pub page: String,
    /// Share of the predicted shingles that are true; `None` when nothing was predicted.
    pub precision: Option<f64>,
    /// Share of the true shingles that were predicted; `None` when there is no true text.
    pub recall: Option<f64>,
}

/// What a run measured.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchReport {
    /// Harmonic mean of `precision` and `recall`.
    pub f1: f64,
    /// Mean over the pages with predicted text.
    pub precision: f64,
    /// Mean over the pages with true text.
    pub recall: f64,
    /// How many pages.
    pub pages: usize,
    /// Pages per second on one thread: parsing and extraction, without reading files.
    pub pages_per_s: f64,
    /// Pages per second of processor time, which other programs on the machine do not change; `None` where
    /// the system does not tell.
    pub pages_per_cpu_s: Option<f64>,
    /// Every page, in name order.
    pub scores: Vec<PageScore>,
}

impl BenchReport {
    /// The report over some of the pages; speed is that of the whole run.
    pub fn subset(&self, keep: impl Fn(&str) -> bool) -> BenchReport {
        let scores: Vec<PageScore> = self.scores.iter().filter(|s| keep(&s.page)).cloned().collect();
        let (precision, recall, f1) = averages(&scores);
        BenchReport {
            f1,
            precision,
            recall,
            pages: scores.len(),
            pages_per_s: self.pages_per_s,
            pages_per_cpu_s: self.pages_per_cpu_s,
            scores,
        }
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Page {
    #[serde(rename = "articleBody", default)]
    article_body: String,
}

/// Extracts every page of a benchmark folder (`ground-truth.json`, `html/<page>.html.gz` or `.html`) and
/// scores the body text. With `predictions` the texts are written there in the benchmark's own form.
///
/// # Errors
/// [`BenchError`] when a file is missing or malformed. A page without an article is no error: it scores as
/// an empty text.
pub fn bench_dir(dir: &Path, predictions: Option<&Path>) -> Result<BenchReport, BenchError> {
    bench_with(dir, predictions, |html| {
        crate::html::extract(html, None).map_or(String::new(), |a| a.body_text())
    })
}

/// [`bench_dir`] for any extractor from page to body text.
///
/// # Errors
/// As [`bench_dir`].
pub fn bench_with(
    dir: &Path,
    predictions: Option<&Path>,
    extract: impl Fn(&str) -> String,
) -> Result<BenchReport, BenchError> {
    let truth = dir.join("ground-truth.json");
    let text = std::fs::read(&truth).map_err(|source| BenchError::Io { path: truth.clone(), source })?;
    let pages: BTreeMap<String, Page> =
        serde_json::from_slice(&text).map_err(|source| BenchError::Json { path: truth.clone(), source })?;
    if pages.is_empty() {
        return Err(BenchError::Empty(truth));
    }
    let (mut spent, mut busy) = (Duration::ZERO, Some(Duration::ZERO));
    let mut scores = Vec::with_capacity(pages.len());
    let mut predicted: BTreeMap<&str, Page> = BTreeMap::new();
    for (name, page) in &pages {
        let html = read_page(dir, name)?;
        let (start, cpu) = (Instant::now(), thread_time());
        let body = extract(&html);
        spent += start.elapsed();
        busy = busy.zip(cpu).zip(thread_time()).map(|((busy, from), to)| busy + to.saturating_sub(from));
        scores.push(score(name, &page.article_body, &body));
        predicted.insert(name, Page { article_body: body });
    }
    if let Some(path) = predictions {
        let at = |source| BenchError::Io { path: path.to_owned(), source };
        let mut out = BufWriter::new(File::create(path).map_err(at)?);
        serde_json::to_writer(&mut out, &predicted)
            .map_err(|source| BenchError::Json { path: path.to_owned(), source })?;
        out.flush().map_err(at)?;
    }
    let (precision, recall, f1) = averages(&scores);
    let per = |spent: Duration| scores.len() as f64 / spent.as_secs_f64().max(1e-9);
    let (pages_per_s, pages_per_cpu_s) = (per(spent), busy.map(per));
    Ok(BenchReport { f1, precision, recall, pages: scores.len(), pages_per_s, pages_per_cpu_s, scores })
}

/// Processor time this thread has used.
fn thread_time() -> Option<Duration> {
    // On Linux the first field is nanoseconds on a processor.
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(stat.split_whitespace().next()?.parse().ok()?))
}

fn read_page(dir: &Path, name: &str) -> Result<String, BenchError> {
    let packed = dir.join("html").join(format!("{name}.html.gz"));
    let plain = dir.join("html").join(format!("{name}.html"));
    let mut bytes = Vec::new();
    let (path, read) = if packed.exists() {
        let read = File::open(&packed)
            .and_then(|f| flate2::read::MultiGzDecoder::new(f).take(MAX_PAGE).read_to_end(&mut bytes));
        (packed, read)
    } else {
        let read = File::open(&plain).and_then(|f| f.take(MAX_PAGE).read_to_end(&mut bytes));
        (plain, read)
    };
    read.map_err(|source| BenchError::Io { path, source })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn score(page: &str, truth: &str, predicted: &str) -> PageScore {
    let (truth, predicted) = (shingles(truth), shingles(predicted));
    let common: u64 =
        truth.iter().map(|(k, &n)| u64::from(n.min(predicted.get(k).copied().unwrap_or(0)))).sum();
    let total = |m: &HashMap<Shingle<'_>, u32>| m.values().map(|&n| u64::from(n)).sum::<u64>();
    let share = |of: u64| (of > 0).then(|| common as f64 / of as f64);
    PageScore { page: page.to_owned(), precision: share(total(&predicted)), recall: share(total(&truth)) }
}

/// Four tokens in a row; only the one shingle of a shorter text has empty places.
type Shingle<'a> = [&'a str; 4];

fn shingles(text: &str) -> HashMap<Shingle<'_>, u32> {
    // What Python's `\w` matches; Rust's also takes marks.
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("a valid pattern"));
    let tokens: Vec<&str> = TOKEN.find_iter(text).map(|m| m.as_str()).collect();
    let mut out = HashMap::new();
    if tokens.is_empty() {
        return out;
    }
    for start in 0..tokens.len().saturating_sub(3).max(1) {
        let mut shingle = [""; 4];
        for (place, token) in shingle.iter_mut().zip(&tokens[start..]) {
            *place = token;
        }
        *out.entry(shingle).or_insert(0) += 1;
    }
    out
}

/// Mean precision, mean recall, and F1 of the two.
fn averages(scores: &[PageScore]) -> (f64, f64, f64) {
    fn mean(values: impl Iterator<Item = f64>) -> f64 {
        let (n, sum) = values.fold((0u32, 0.0), |(n, sum), v| (n + 1, sum + v));
        if n == 0 { 0.0 } else { sum / f64::from(n) }
    }
    let precision = mean(scores.iter().filter_map(|s| s.precision));
    let recall = mean(scores.iter().filter_map(|s| s.recall));
    let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    (precision, recall, f1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shingles_are_counted_as_the_benchmark_counts_them() {
        let s = score("p", "a b c d e", "a b c d x");
        assert_eq!((s.precision, s.recall), (Some(0.5), Some(0.5)));
        // A repeated shingle counts as often as it stands in both.
        let s = score("p", "a b c d", "a b c d, a b c d");
        assert_eq!((s.precision, s.recall), (Some(0.2), Some(1.0)));
        // Fewer than four tokens are one run; underscores are letters, apostrophes are not.
        let s = score("p", "it's a_b", "it's a_b!");
        assert_eq!((s.precision, s.recall), (Some(1.0), Some(1.0)));
        assert_eq!(shingles("it's a_b").len(), 1);
        assert_eq!(shingles("…"), HashMap::new());
    }

    #[test]
    fn empty_texts_are_left_out_of_the_averages() {
        let scores = [score("a", "a b c d", "a b c d"), score("b", "a b c d", ""), score("c", "", "a b c d")];
        assert_eq!((scores[1].precision, scores[1].recall), (None, Some(0.0)));
        assert_eq!((scores[2].precision, scores[2].recall), (Some(0.0), None));
        assert_eq!(averages(&scores), (0.5, 0.5, 0.5));
    }

    #[test]
    fn a_folder_is_measured_and_predictions_written() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        std::fs::create_dir(at("html")).expect("a folder");
        let text =
            "The river rose by two metres in one night, and the old bridge had to be closed to traffic.";
        std::fs::write(at("html/a.html"), format!("<article><p>{text}</p></article>")).expect("a page");
        let packed = File::create(at("html/b.html.gz")).expect("a page");
        let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
        packed.write_all(b"<p>nothing</p>").and_then(|()| packed.finish()).expect("a page");
        let truth = serde_json::json!({"a": {"articleBody": text, "url": "x"}, "b": {"articleBody": text}});
        std::fs::write(at("ground-truth.json"), truth.to_string()).expect("the truth");
        let report = bench_dir(dir.path(), Some(&at("out.json"))).expect("a report");
        assert_eq!((report.pages, report.precision, report.recall), (2, 1.0, 0.5));
        let out: BTreeMap<String, Page> =
            serde_json::from_slice(&std::fs::read(at("out.json")).expect("predictions")).expect("JSON");
        assert_eq!((out["a"].article_body.as_str(), out["b"].article_body.as_str()), (text, ""));

        std::fs::remove_file(at("html/a.html")).expect("removed");
        assert!(matches!(bench_dir(dir.path(), None), Err(BenchError::Io { .. })));
        std::fs::write(at("ground-truth.json"), "{}").expect("the truth");
        assert!(matches!(bench_dir(dir.path(), None), Err(BenchError::Empty(_))));
        std::fs::write(at("ground-truth.json"), "[").expect("the truth");
        assert!(matches!(bench_dir(dir.path(), None), Err(BenchError::Json { .. })));
    }
}
